"""``comity coverage``: what a network or a transmitter gives to the ground around it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

HELP = "Compute the level around an application's stations, or a transmitter, as GeoTIFF, picture and page."


def command(
    application: Annotated[
        Path | None,
        typer.Argument(help="application as .toml, .json or .csv: its stations; else give a transmitter"),
    ] = None,
    latitude: Annotated[float | None, typer.Option(help="transmitter: latitude [deg], WGS 84")] = None,
    longitude: Annotated[float | None, typer.Option(help="transmitter: longitude [deg], WGS 84")] = None,
    height: Annotated[
        float | None, typer.Option(help="transmitter: antenna above ground [m], 30 unless told")
    ] = None,
    frequency: Annotated[
        float | None, typer.Option(help="transmitter: frequency [MHz], 3500 unless told")
    ] = None,
    eirp: Annotated[
        float | None, typer.Option(help="transmitter: greatest EIRP [dBm], 60 unless told")
    ] = None,
    antenna: Annotated[
        Path | None,
        typer.Option(
            help="transmitter: pattern, as MSI Planet file, or TOML as in an application; else the same all round"
        ),
    ] = None,
    azimuth: Annotated[
        float | None, typer.Option(help="transmitter: bearing of the antenna [deg], 0 unless told")
    ] = None,
    tilt: Annotated[
        float | None, typer.Option(help="transmitter: mechanical tilt, down [deg], 0 unless told")
    ] = None,
    polarisation: Annotated[
        str | None, typer.Option(help="transmitter: vertical (unless told) or horizontal")
    ] = None,
    radius: Annotated[
        float, typer.Option(help="radius [km] about the transmitter or the middle of the site")
    ] = 10.0,
    pixel: Annotated[float, typer.Option(help="side of a pixel [m]")] = 50.0,
    receiver_height: Annotated[float, typer.Option(help="receiving antenna above ground [m], 0 dBi")] = 1.5,
    model: Annotated[
        str | None, typer.Option(help="p1812 or p452; unless told p1812, above 6 GHz p452 for an application")
    ] = None,
    mode: Annotated[
        str,
        typer.Option(
            help="exact (one profile a pixel) or radial (profiles along radials, P.1812, many times as fast)"
        ),
    ] = "exact",
    time_percent: Annotated[float, typer.Option(help="share of time [%]")] = 50.0,
    location_percent: Annotated[float, typer.Option(help="share of locations [%], P.1812")] = 50.0,
    dn: Annotated[
        float | None,
        typer.Option(help="refractivity lapse rate DN [N-units/km]; unless told the regime's, or 45"),
    ] = None,
    n0: Annotated[
        float | None,
        typer.Option(help="sea-level surface refractivity N0 [N-units]; unless told the regime's, or 325"),
    ] = None,
    cover: Annotated[str, typer.Option(help="clutter heights: degurba or none")] = "degurba",
    executor: Annotated[str | None, typer.Option(help="serial, threads (unless told) or dask")] = None,
    address: Annotated[
        str | None,
        typer.Option(help="running Dask scheduler, as tcp://host:8786; else processes of this machine"),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="threads or processes; one per core unless told")
    ] = None,
    device: Annotated[
        str, typer.Option(help="where an exact run is computed: cpu or cuda (an NVIDIA GPU)")
    ] = "cpu",
    out: Annotated[Path, typer.Option(help="folder for coverage.html, .tif, .png and .json")] = Path(
        "coverage"
    ),
    resume: Annotated[
        Path | None,
        typer.Option(help="folder in which an exact run keeps finished tiles; the same command goes on"),
    ] = None,
    store: Annotated[Path | None, typer.Option(help="terrain store")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Compute coverage.

    The stations of an application are summed in power, each with its antenna, indoor ones through the P.2109 entry
    loss of their building. Exit codes: 0 done, 2 the input cannot be used, 3 something needed is missing. Pixels
    behind land without terrain stay blank, and their share is told.
    """
    import json

    from comity.casework.files import whole_folder
    from comity.cli import _coverage as parts
    from comity.coordination import coverage_files as files
    from comity.coordination.coverage_page import coverage_page
    from comity.terrain import open_ground

    own = {
        "--latitude": latitude, "--longitude": longitude, "--height": height, "--frequency": frequency,
        "--eirp": eirp, "--antenna": antenna, "--azimuth": azimuth, "--tilt": tilt, "--polarisation": polarisation,
    }  # fmt: skip
    parts.one_source(application, own, mode)
    ground = open_ground(store)
    source = parts.transmitter_of(own) if application is None else parts.stations_of(application)
    plan = parts.plan_of(
        source, radius, pixel, receiver_height, model, time_percent, location_percent, dn, n0, cover
    )
    drawn = parts.drawn(
        ground,
        source,
        plan,
        mode,
        lambda: parts.pool(executor, address, workers, mode, resume, device),
        resume,
        parts.chosen("--device", device, ("cpu", "cuda")),
    )
    with whole_folder(out) as new:
        tags = files.tags_of(mode, drawn.record["device"], plan, drawn.editions)
        files.write_geotiff(new / "coverage.tif", drawn.frame, drawn.bands, tags)
        files.write_picture(new / "coverage.png", ground, drawn.frame, drawn.bands["level_dbm"])
        page = coverage_page(
            ground, drawn.frame, drawn.bands["level_dbm"], plan, drawn.antennas, drawn.record, drawn.editions
        )
        (new / "coverage.html").write_text(page, encoding="utf-8")
        (new / "coverage.json").write_text(
            json.dumps(drawn.record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
    print(json.dumps(drawn.record, ensure_ascii=False) if as_json else parts.words(drawn.record, out))
