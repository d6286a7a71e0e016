"""``comity coverage``: what a transmitter gives to the ground around it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from comity.antennas.pattern import Pattern

HELP = "Compute the level around a transmitter as GeoTIFF and picture."


def command(
    latitude: Annotated[float, typer.Option(help="latitude [deg], WGS 84")],
    longitude: Annotated[float, typer.Option(help="longitude [deg], WGS 84")],
    height: Annotated[float, typer.Option(help="antenna above ground [m]")] = 30.0,
    frequency: Annotated[float, typer.Option(help="frequency [MHz]")] = 3500.0,
    eirp: Annotated[float, typer.Option(help="greatest EIRP [dBm]")] = 60.0,
    antenna: Annotated[
        Path | None,
        typer.Option(help="pattern: MSI Planet file, or TOML as in an application; else the same all round"),
    ] = None,
    azimuth: Annotated[float, typer.Option(help="bearing of the antenna [deg]")] = 0.0,
    tilt: Annotated[float, typer.Option(help="mechanical tilt of the antenna, down [deg]")] = 0.0,
    polarisation: Annotated[str, typer.Option(help="vertical or horizontal")] = "vertical",
    radius: Annotated[float, typer.Option(help="radius [km]")] = 10.0,
    pixel: Annotated[float, typer.Option(help="side of a pixel [m]")] = 50.0,
    receiver_height: Annotated[float, typer.Option(help="receiving antenna above ground [m], 0 dBi")] = 1.5,
    model: Annotated[str, typer.Option(help="p1812 or p452")] = "p1812",
    mode: Annotated[
        str, typer.Option(help="exact (one profile a pixel) or radial (P.1812, several times as fast)")
    ] = "exact",
    time_percent: Annotated[float, typer.Option(help="share of time [%]")] = 50.0,
    location_percent: Annotated[float, typer.Option(help="share of locations [%], P.1812")] = 50.0,
    dn: Annotated[float, typer.Option(help="refractivity lapse rate DN [N-units/km]")] = 45.0,
    n0: Annotated[float, typer.Option(help="sea-level surface refractivity N0 [N-units]")] = 325.0,
    cover: Annotated[str, typer.Option(help="clutter heights: degurba or none")] = "degurba",
    executor: Annotated[str, typer.Option(help="serial or threads, for exact")] = "threads",
    out: Annotated[Path, typer.Option(help="folder for coverage.tif, coverage.png, coverage.json")] = Path(
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

    Exit codes: 0 done, 2 the input cannot be used, 3 something needed is missing. Pixels behind land without
    terrain stay blank, and their share is told.
    """
    from dataclasses import asdict

    from comity.casework.files import whole_folder
    from comity.cli._progress import progress
    from comity.compute.executors import Serial, Threads
    from comity.coordination import coverage as engine
    from comity.coordination import coverage_files as files
    from comity.terrain import open_ground

    ground = open_ground(store)
    transmitter = engine.Transmitter(
        latitude,
        longitude,
        height,
        frequency,
        eirp,
        _mounted(antenna, azimuth, tilt, frequency),
        _chosen("--polarisation", polarisation, ("vertical", "horizontal")),
    )
    plan = engine.Plan(
        radius,
        pixel,
        receiver_height,
        _chosen("--model", model, ("p1812", "p452")),
        time_percent,
        location_percent,
        dn,
        n0,
        cover=_chosen("--cover", cover, ("degurba", "none")),
    )
    way = _chosen("--mode", mode, ("exact", "radial"))
    pool = Serial() if _chosen("--executor", executor, ("serial", "threads")) == "serial" else Threads()
    ground.height_m(latitude, longitude)  # a transmitter on unknown ground is an error, not a blank picture
    with progress("coverage") as report, pool as running:
        found = engine.coverage(
            ground, transmitter, plan, mode=way, executor=running, folder=resume, progress=report
        )
    level = engine.level_dbm(ground, found)
    record = files.record(ground, found, level)
    if way == "radial":
        record["difference_from_exact"] = asdict(engine.difference_from_exact(ground, found))
    with whole_folder(out) as new:
        files.write_geotiff(new / "coverage.tif", found, level)
        files.write_picture(new / "coverage.png", ground, found, level)
        (new / "coverage.json").write_text(
            json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
    print(json.dumps(record, ensure_ascii=False) if as_json else _words(record, out))


def _chosen(option: str, value: str, accepted: tuple[str, ...]) -> Any:
    from comity.errors import ComityError, Problem

    if value not in accepted:
        raise ComityError("no such choice", [Problem(option, repr(value), " or ".join(accepted))])
    return value


def _mounted(path: Path | None, azimuth_deg: float, tilt_deg: float, frequency_mhz: float) -> Pattern | None:
    """Return the pattern in a file, turned and tilted."""
    if path is None:
        return None
    import tomllib

    from comity.antennas import Mounted, from_spec, read_msi
    from comity.casework.files import read_whole
    from comity.errors import ComityError, Problem

    if path.suffix.lower() != ".toml":
        return Mounted(read_msi(path), azimuth_deg, tilt_deg)
    try:
        spec = tomllib.loads(read_whole(path).decode("utf-8"))
    except ValueError as error:
        raise ComityError("the antenna file is no TOML", [Problem(str(path), str(error))]) from None
    return Mounted(from_spec(spec, frequency_mhz=frequency_mhz, folder=path.parent), azimuth_deg, tilt_deg)


def _words(record: dict[str, Any], out: Path) -> str:
    """Return what a person wants to know."""
    frame = record["frame"]
    lines = [f"{record['pixels']} pixels of {frame['pixel_m']:g} m, {record['mode']}; written to {out}/"]
    if record["blank_share"] > 0.02:
        lines.append(
            f"{record['blank_share']:.0%} of the circle is blank: terrain is missing there or before it"
        )
    lines += [
        f"  at least {edge:>5} dBm: {area:10.2f} km2" for edge, area in record["area_km2_at_or_above"].items()
    ]
    if "difference_from_exact" in record:
        d = record["difference_from_exact"]
        lines.append(
            f"radial differs from exact on {d['pixels']} sampled pixels: mean {d['mean_db']:+.2f} dB, median of the"
            f" magnitude {d['median_db']:.2f}, 90 % {d['p90_db']:.2f}, 99 % {d['p99_db']:.2f} dB"
        )
    return "\n".join([*lines, *record["attribution"]])
