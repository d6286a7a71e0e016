"""``comity terrain``: the ground that decisions stand on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from comity.terrain.edition import Edition, Kind

HELP = "Add, list, show and remove the ground: heights, clutter, coastlines."

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
_Json = Annotated[bool, typer.Option("--json", help="print JSON")]
_Store = Annotated[
    Path | None, typer.Option(help="folder of the store; default: $COMITY_HOME, else the user's data")
]


@app.command(help="Add GeoTIFF, OS Terrain 50 .asc, SRTM .hgt, or zips of them; tiles that touch are joined.")
def add(
    files: Annotated[list[Path], typer.Argument(help="files, in any coordinate reference system")],
    kind: Annotated[
        str, typer.Option(help="height, clutter (degree-of-urbanisation codes) or coastline")
    ] = "height",
    crs: Annotated[str | None, typer.Option(help="EPSG:CODE, where a file does not tell")] = None,
    title: Annotated[str, typer.Option(help="name for people")] = "",
    licence: Annotated[str, typer.Option(help="licence of the data")] = "",
    attribution: Annotated[str, typer.Option(help="line that must travel with the data")] = "",
    accuracy_m: Annotated[
        float, typer.Option(help="how far a coastline may lie from the real shore [m]")
    ] = 3000.0,
    bounds: Annotated[
        str | None, typer.Option(help="west,south,east,north [deg] where a coastline is complete")
    ] = None,
    store: _Store = None,
    as_json: _Json = False,
) -> None:
    """Add files to the store, all of them or none.

    Exit codes: 0 done (also where an edition was there already), 2 a file cannot be used, 3 a file is missing.
    """
    from comity.cli._progress import progress
    from comity.terrain import open_ground
    from comity.terrain.read import read_files
    from comity.terrain.store import add_all

    what = _kind(kind)
    sources = read_files(files, what, crs=crs, accuracy_m=accuracy_m, bounds=_bounds(bounds))
    coastlines = open_ground(store).of_kind("coastline") if what == "height" else ()
    with progress("adding") as report:
        results = add_all(
            sources,
            what,
            store=store,
            coastlines=coastlines,
            title=title,
            licence=licence,
            attribution=attribution,
            progress=lambda step, share: report(round(share * 1000), 1000),
        )
    if as_json:
        print(json.dumps([{**e.as_dict(), "new": new} for e, new in results], ensure_ascii=False))
        return
    for edition, new in results:
        print(f"{'added' if new else 'already there:'} {_line(edition)}")
        if new and edition.licence == "not stated":
            print("  its licence is not stated: --licence and --attribution tell it")


@app.command("list", help="List every edition in reach, the samples included.")
def list_(store: _Store = None, as_json: _Json = False) -> None:
    """List editions, finest first."""
    from comity.terrain.samples import sample_editions
    from comity.terrain.store import editions

    found = [*editions(store), *sample_editions()]
    if as_json:
        print(json.dumps([e.as_dict() for e in found], ensure_ascii=False))
        return
    for edition in sorted(found, key=lambda e: (e.kind != "height", e.resolution_m)):
        print(f"{_line(edition)}; {edition.licence}")
    print("\nAttribution that travels with them:")
    for line in dict.fromkeys(e.attribution for e in found if e.attribution):
        print(f"  {line}")


@app.command(
    # A western longitude begins with a minus sign and is no option.
    context_settings={"ignore_unknown_options": True},
    help="Show the ground at a place: height, clutter, zone, and the editions that say so.",
)
def show(
    latitude: Annotated[float, typer.Argument(help="latitude [deg], WGS 84")],
    longitude: Annotated[float, typer.Argument(help="longitude [deg], WGS 84")],
    store: _Store = None,
    as_json: _Json = False,
) -> None:
    """Show one place."""
    from comity.terrain import open_ground
    from comity.terrain.cover import CLASSES

    ground = open_ground(store)
    height_m = float(ground.height_m(latitude, longitude)[0])
    zone = int(ground.zone(latitude, longitude)[0])
    code = int(ground.clutter_class(latitude, longitude)[0])
    used = ground.editions_used(latitude, longitude)
    name, category, clutter_m = CLASSES.get(code, CLASSES[0])
    if as_json:
        record = {
            "latitude_deg": latitude,
            "longitude_deg": longitude,
            "height_m": round(height_m, 3),
            "zone": zone,
            "clutter_class": code,
            "editions": [e.as_dict() for e in used],
        }
        print(json.dumps(record, ensure_ascii=False))
        return
    zones = {1: "coastal land", 2: "inland", 3: "sea"}
    print(f"height   {height_m:.1f} m")
    print(f"zone     {zone} {zones[zone]}")
    print(f"clutter  {code} {name}; as ITU category {category}, {clutter_m:g} m (assumption)")
    for edition in used:
        print(f"from     {_line(edition)}")


@app.command(help="Remove an edition that was added.")
def remove(
    edition: Annotated[str, typer.Argument(help="id as listed, or the beginning of its hash")],
    store: _Store = None,
    as_json: _Json = False,
) -> None:
    """Remove one edition; samples stay."""
    from comity.terrain.store import remove as remove_edition

    gone = remove_edition(edition, store)
    print(json.dumps(gone.as_dict(), ensure_ascii=False) if as_json else f"removed {_line(gone)}")


def _line(edition: Edition) -> str:
    west, south, east, north = edition.bounds_wgs84
    where = f"{south:.2f}..{north:.2f} N, {west:.2f}..{east:.2f} E"
    sample = ", sample" if edition.sample else ""
    return f"{edition.id}  {edition.kind}, {edition.resolution_m:g} m, {edition.crs[:12]}, {where}{sample}"


def _kind(text: str) -> Kind:
    from comity.errors import ComityError, Problem
    from comity.terrain.edition import KINDS

    for kind in KINDS:
        if kind == text:
            return kind
    raise ComityError("no such kind of ground", [Problem("--kind", repr(text), ", ".join(KINDS))])


def _bounds(text: str | None) -> tuple[float, float, float, float] | None:
    from comity.errors import ComityError, Problem

    if text is None:
        return None
    try:
        west, south, east, north = (float(word) for word in text.split(","))
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise ValueError
    except ValueError:
        raise ComityError(
            "bounds cannot be read",
            [Problem("--bounds", repr(text), "west,south,east,north as -11,49.5,2.5,61")],
        ) from None
    return west, south, east, north
