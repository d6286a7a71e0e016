"""Everything beside the peers in one run: ``python -m benchmarks [--quick] [--peer NAME=COMMAND] ...``.

Writes ``docs/benchmarks.md``, ``docs/benchmarks-areas.md`` and their drawings, and prints both pages. Peers from PyPI
and SPLAT! run where they are installed; a peer that takes no part is named with the reason. ``--quick`` measures less
of everything, in two minutes, and writes into a folder of its own.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import (
    areas,
    chart,
    coordination,
    coverage,
    machine,
    memory,
    page_areas,
    page_points,
    peers,
    point_batch,
    splat,
)
from benchmarks.area_plan import task
from benchmarks.links import cut_from_terrain, equal_length
from benchmarks.race import Contender, Row, Say, race

DOCS = Path(__file__).parent.parent / "docs"
CRC = "crc-covlib (C++)"
Programs = Sequence[tuple[str, str]]
NOT_GIVEN = "no program given (see *Repeat it*)"


@dataclass(frozen=True, slots=True)
class Scale:
    """How much of everything is measured."""

    links: int = 100_000
    rounds: int = 5
    points: tuple[int, ...] = (11, 51, 101, 201, 401, 801, 1601)
    calls: tuple[int, ...] = (1, 10, 100, 1_000, 10_000)
    area_km: float = 10.0
    radii_km: tuple[float, ...] = coverage.RADII_KM
    radius_rounds: int = 3
    memory: tuple[tuple[str, float], ...] = (
        ("radial", 10.0),
        ("radial", 50.0),
        ("radial", 100.0),
        ("exact", 10.0),
    )
    threads_km: float = 20.0
    licences: tuple[int, int, int] = (1000, 100, 9)


QUICK = Scale(
    links=10_000,
    rounds=1,
    points=(51, 201, 801),
    calls=(1, 100, 10_000),
    area_km=3.0,
    radii_km=(1.0, 3.0, 10.0),
    radius_rounds=1,
    memory=(("radial", 10.0), ("exact", 10.0)),
    threads_km=5.0,
    licences=(200, 20, 3),
)


def main() -> None:
    """Run everything."""
    given = options()
    scale = QUICK if given.quick else Scale()
    folder = given.docs or (Path(tempfile.mkdtemp(prefix="comity-benchmark-")) if given.quick else DOCS)
    folder.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - begun:6.0f} s  {what}", file=sys.stderr, flush=True)

    of_links = points(scale, given.peer, say)
    of_areas = rasters(scale, given.area_peer, say)
    decided = coordination.figures(*scale.licences, say)
    heading = (
        f"Written by `python -m benchmarks{' --quick' if given.quick else ''}` on {datetime.now(UTC).date()}, in "
        f"{(time.monotonic() - begun) / 60.0:.0f} minutes: {machine.line()}."
    )
    write(folder / "benchmarks.md", page_points.page(of_links, decided, heading))
    write(folder / "benchmarks-areas.md", page_areas.page(of_areas, heading))
    draw(folder, of_links, of_areas)
    say(f"written to {folder}")


def options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="two minutes of less of everything")
    parser.add_argument("--docs", type=Path, help="folder that gets the pages")
    for name, what in (("--peer", "links"), ("--area-peer", "areas")):
        parser.add_argument(
            name,
            action="append",
            default=[],
            type=program,
            metavar="NAME=COMMAND",
            help=f"a program that computes {what}",
        )
    return parser.parse_args()


def program(text: str) -> tuple[str, str]:
    """Return name and command of a program that takes part."""
    name, _, command = text.partition("=")
    if not (name and command):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=COMMAND")
    return name, command


def points(scale: Scale, programs: Programs, say: Say) -> page_points.Points:
    """Measure links."""
    say(f"cutting {scale.links:,} links from the terrain")
    links = cut_from_terrain(scale.links)
    contenders = peers.ours(links)
    for name, command in programs:
        contenders += peers.external(name, command, links)
    if not programs:
        contenders += absent({"P.452": (peers.P452,), "P.1812": (peers.P1812,)})
    contenders += [peers.pycraf(links), peers.itmlogic(links)]
    rows = race(contenders, scale.rounds, lambda what: say(f"links: {what}"))
    over = point_batch.over_points(scale.points, say), point_batch.over_links(scale.calls, say)
    with machine.Others() as load:
        threads = point_batch.over_threads(links, machine.thread_counts(), say)
    fewer = point_batch.over_instructions(equal_length(20_000, 201), say)
    return page_points.Points(links, rows, scale.rounds, *over, threads, fewer, load)


def rasters(scale: Scale, programs: Programs, say: Say) -> page_areas.Areas:
    """Measure areas."""
    area = task(scale.area_km)
    contenders = areas.ours(area)
    for name, command in programs:
        contenders += areas.external(name, command, area)
    if not programs:
        like = {"P.1812": areas.EXACT, "P.452": areas.EXACT_P452, "ITM": areas.PROFILES_ITM}
        contenders += absent({model: (ours, areas.RADIAL) for model, ours in like.items()})
    say("terrain for SPLAT!")
    contenders += splat.contenders(area, (areas.PROFILES_ITM, areas.RADIAL))
    rows = race(contenders, scale.rounds, lambda what: say(f"areas: {what}"))
    radii = {
        place: coverage.over_radius(place, scale.radii_km, scale.radius_rounds, say)
        for place in coverage.PLACES
    }
    kept = memory.peaks(scale.memory, say)
    with machine.Others() as load:
        threads = coverage.over_threads(machine.thread_counts(), scale.threads_km, say)
    return page_areas.Areas(area, rows, scale.rounds, radii, kept, threads, scale.threads_km, load)


def absent(beside: dict[str, tuple[str, ...]]) -> list[Contender]:
    """Return the peer that counts as one that takes no part."""
    return [Contender(f"{CRC} {model}", None, ours, absent=NOT_GIVEN) for model, ours in beside.items()]


def draw(folder: Path, links: page_points.Points, of_areas: page_areas.Areas) -> None:
    """Write the drawings."""
    write(folder / "benchmarks.svg", _bars(links.rows, page_points.TITLE))
    write(folder / "benchmarks-areas.svg", _bars(of_areas.rows, page_areas.TITLE))
    for name, title, across, curve in (
        ("points", page_points.POINTS, "points of a profile", links.points),
        ("calls", page_points.CALLS, "links in one call", links.calls),
        ("threads", page_points.THREADS, "threads", links.threads),
    ):
        both = [
            (model, [(row[0], row[i]) for row in curve]) for i, model in ((1, "P.452-18"), (2, "P.1812-8"))
        ]
        write(folder / f"benchmarks-{name}.svg", chart.curves(both, title, across))
    ways = [
        (f"{place}, {way}", [(f.radius_km, getattr(f, way)) for f in figures])
        for way in ("radial", "exact")
        for place, figures in of_areas.radii.items()
    ]
    write(folder / "benchmarks-radius.svg", chart.curves(ways, page_areas.RADIUS, "radius [km]"))


def _bars(rows: dict[str, Row], title: str) -> str:
    drawn = [(row.name, row.rate, row.name.startswith("comity")) for row in rows.values() if row.per_second]
    return chart.bars(sorted(drawn, key=lambda r: -r[1]), title)


def write(path: Path, text: str) -> None:
    """Write a file; a page is printed too."""
    path.write_text(text)
    if path.suffix == ".md":
        print(text)


if __name__ == "__main__":
    main()
