"""The page of coverage rasters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks import areas, coverage, machine, tables
from benchmarks.area_plan import AreaTask
from benchmarks.memory import Peak
from benchmarks.race import Outcome, Row

TITLE = "Pixels a second on one core (logarithmic)"
RADIUS = "Pixels a second over the radius"


@dataclass(frozen=True, slots=True)
class Areas:
    """What was measured of areas."""

    area: AreaTask
    rows: dict[str, Row]
    rounds: int
    radii: dict[str, list[coverage.Figures]]
    memory: list[Peak]
    threads: list[tuple[float, float]]
    threads_km: float
    load: machine.Others


def page(found: Areas, heading: str) -> str:
    """Return the page."""
    plan, sent = found.area.plan, found.rows.values()
    body = [f"| {place} | {coverage.line(row)} |" for place, rows in found.radii.items() for row in rows]
    memory = [
        [p.mode, f"{p.radius_km:g} km", f"{p.side} x {p.side}", f"{p.mib:.0f} MiB"] for p in found.memory
    ]
    return PAGE.format(
        heading=heading,
        rounds=found.rounds,
        radius=f"{plan.radius_km:g}",
        pixel=f"{plan.pixel_m:g}",
        table=tables.table(HEAD, "lrrlllrr", [line(found, row) for row in sent]),
        does="\n".join(f"- {row.name}: {_does(row)}." for row in sent if row.last),
        radii="\n".join([coverage.HEAD, *body]),
        memory=tables.table(("way", "radius", "pixels", "peak"), "lrrr", memory),
        threads=tables.table(("threads", "exact pixels/s"), "rr", tables.scaling(found.threads)),
        threads_km=f"{found.threads_km:g}",
        load=found.load,
    )


def line(found: Areas, row: Row) -> list[str]:
    """Return a contender's line of the table."""
    like = next((ours for ours in row.contender.beside if ours != areas.RADIAL), None)
    cells = [tables.name(row), *tables.rate(row)]
    cells += [tables.ratio(row.ratios.get(ours, [])) if ours else "" for ours in (like, areas.RADIAL)]
    if row.last is None:
        return [*cells, "", ""]
    apart = None
    if like is not None:
        apart = areas.median_difference_db(found.area, _model(like), row.last)
    return [*cells, f"{mean_points(found.area, row.last):.0f}", tables.decibel(apart)]


def _does(row: Row) -> str:
    if row.last is None or not row.last.besides_s:
        return row.contender.does
    return f"{row.contender.does}; {row.last.besides_s:.1f} s a run besides, which is taken off"


def _model(name: str) -> str:
    return next(model for model, ours in areas.SAME_MODEL.items() if ours == name)


def mean_points(area: AreaTask, outcome: Outcome) -> float:
    """Return the mean number of profile points to a pixel: of a peer's own pixels, else of the circle."""
    if outcome.places is None:
        return 2.0 / 3.0 * area.plan.radius_km * 1e3 / area.plan.step_m + 1.0
    step_m = area.plan.step_m if outcome.step_m is None else outcome.step_m
    return float(np.mean(np.maximum(3.0, areas.distances_km(area, outcome) * 1e3 / step_m + 1.0)))


HEAD = (
    "contender",
    "pixels",
    "pixels a second",
    "spread",
    "ours of the same model is faster by",
    "radial is faster by",
    "points to a pixel",
    "median difference [dB]",
)

PAGE = """# Benchmarks: areas

{heading}

The loss from one mast of 30 m at Hsinchu (24.80 N, 120.97 E; plain, city, hills and sea) to receivers at 1.5 m around
it, 3.5 GHz, medians, {radius} km, pixels and profile steps of {pixel} m where the program lets one choose. Extraction
of the terrain is included; compilation, reading of the terrain and writing of files are not. The processor time of
one core counts; contenders take turns, {rounds} rounds, ratios are taken within a round, medians and extremes are
given (k: thousand, M: million). Below 1, ours is slower.

{table}

![Pixels a second on one core](benchmarks-areas.svg)

What each computes for a pixel:

{does}

crc-covlib computes a square of as many pixels as our circle has (its mean distance is 1.7 % longer); SPLAT! covers
the circle with pixels of its own. Like radial it shares a profile among the pixels of a radial, but its model is ITM,
and it computes it anew at each pixel over the profile so far. Radial walks P.1812 only, so beside another model its
ratio compares what a user waits for, not the same work. The difference is over 2 000 of a peer's own pixels, 250 m
away and more, against our point functions of the same model at the same places; a peer's resampled terrain is in it.

## Over the radius

Processor time of one core, the least of some rounds, pixels of 50 m, clutter heights on. Up to 10 km the whole exact
raster is timed, beyond it 4 000 pixels spread over the circle. The difference is radial less exact at 2 000 pixels.

{radii}

![Pixels a second over the radius](benchmarks-radius.svg)

## Memory

Peak resident memory of a fresh process that computes the raster of 50 m pixels at Hsinchu on one thread: interpreter,
libraries, compiled kernels and the raster itself included.

{memory}

## Threads

Exact, {threads_km} km, by the wall clock, which says little on a busy machine: {load}.

{threads}

## Repeat it

`make bench`; these figures alone: `python -m benchmarks.coverage`, `python -m benchmarks.memory radial 100`.

SPLAT! takes part where the Debian package `splat` is installed. It reads a whole degree of terrain as text and draws
a map of it; the time of a run that does that and one path is taken off. It also walks its radials to the rim of the
degree whatever the radius; its model alone is the whole run less one of 0.2 km radius. The place is moved east or west
to the middle of its degree, so that every run reads one degree.

`--area-peer "NAME=COMMAND"` is a program that gets a folder of little-endian arrays and `p1812`, `p452` or `itm`; the
layout stands in `benchmarks/area_plan.py`, what comes back in `benchmarks/areas.py`. crc-covlib (github
`ic-crc/crc-covlib`, MIT, at `bc72be0`: P.452-18, P.1812-7, ITM 1.4) was measured so. Build its static library with its
own Makefile (`g++ -O2`; it needs libtiff and GeographicLib). A program of fifty lines on its public interface

- sets transmitter, receiver, model, percentages, DN and N0;
- gives terrain by `AddCustomTerrainElevData`, bilinear, and clutter by `AddCustomLandCoverData`, each class mapped to
  itself as a height in metres;
- sets the step by `SetTerrainElevDataSamplingResolution`, and the reception area;
- times `GenerateReceptionAreaResults` with `clock()`.

Its terrain lies in memory, which is faster for it than reading tiles. No map of climatic zones is given, so that all is
inland to it and it has no file to read while it is timed.
"""
