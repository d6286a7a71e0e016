"""The page of links and of coordination."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks import coordination, machine, tables
from benchmarks.links import Links
from benchmarks.point_batch import Curve
from benchmarks.race import Row, median_difference

TITLE = "Links a second on one core (logarithmic)"
POINTS = "Links a second over the points of a profile"
THREADS = "Links a second over the number of threads, by the wall clock"
CALLS = "Links a second over the links of one call"


@dataclass(frozen=True, slots=True)
class Points:
    """What was measured of links."""

    links: Links
    rows: dict[str, Row]
    rounds: int
    points: Curve
    calls: Curve
    threads: Curve
    instructions: list[tuple[str, float, float]]
    load: machine.Others


def page(found: Points, decided: coordination.Figures, heading: str) -> str:
    """Return the page."""
    models = ("P.452-18 links/s", "P.1812-8 links/s")
    return PAGE.format(
        heading=heading,
        about=about(found.links),
        rounds=found.rounds,
        table=tables.table(HEAD, "lrrlll", [line(row, found.rows) for row in found.rows.values()]),
        points=tables.table(("points of a profile", *models), "rrr", tables.scaling(found.points)),
        calls=tables.table(("links in one call (201 points)", *models), "rrr", tables.scaling(found.calls)),
        threads=tables.table(("threads", *models), "rrr", tables.scaling(found.threads)),
        instructions=tables.table(
            ("compiled for", *models),
            "lrr",
            [[name, *(tables.short(rate) for rate in rates)] for name, *rates in found.instructions],
        ),
        load=found.load,
        coordination=_coordination(decided),
        channels=len(coordination.CHANNELS),
        licences=f"{decided.licences:,}",
        protected=f"{decided.protected:,}",
        paths=f"{decided.paths:,}",
    )


def about(links: Links) -> str:
    """Return what the links are."""
    sizes = np.diff(links.paths.offsets)
    zones = np.bincount(links.paths.zone, minlength=4) / len(links.paths.zone)
    return (
        f"{len(links.paths):,} distinct links of 2 to 18 km cut from the shipped terrain of Taiwan, {sizes.min()} to "
        f"{sizes.max()} points each (mean {sizes.mean():.0f}), {zones[3]:.0%} of the points at sea, {zones[1]:.0%} on "
        f"the coast, {zones[2]:.0%} inland, clutter from the degree of urbanisation, four frequencies, six "
        "percentages."
    )


def line(row: Row, rows: dict[str, Row]) -> list[str]:
    """Return a contender's line of the table."""
    ours = row.contender.beside[0] if row.contender.beside else None
    if ours is None:
        return [tables.name(row), *tables.rate(row), "", ""]
    apart = tables.decibel(median_difference(rows[ours].last, row.last))
    return [tables.name(row), *tables.rate(row), tables.ratio(row.ratios[ours]), apart]


def _coordination(decided: coordination.Figures) -> str:
    cells = [[what, f"{wall:.3f}", f"{cpu:.3f}"] for what, (wall, cpu) in decided.seconds.items()]
    return tables.table(("", "wall clock [s]", "processor time [s]"), "lrr", cells)


HEAD = (
    "contender",
    "links a round",
    "links a second",
    "spread",
    "comity is faster by",
    "median difference [dB]",
)

PAGE = """# Benchmarks: links

{heading}

{about} Arrays in, arrays out through the public Python functions: checks and conversion of inputs are included,
compilation is not. The processor time of one core counts, so other work on the machine disturbs little; contenders
take turns, {rounds} rounds, ratios are taken within a round, medians and extremes are given (k: thousand, M: million).
Coverage rasters have [a page of their own](benchmarks-areas.md).

{table}

![Links a second on one core](benchmarks.svg)

With eight percentages, a link counts once though it yields eight losses. pycraf computes P.452-16, whose free-space
term is 0.1 dB higher, and takes no clutter profile. What each peer computes for one link is in `benchmarks/peers.py`.

## Scaling

Best of five rounds, processor time of one core, 10 km links, inland, 30 % of the points with clutter.

{points}

![Links a second over the points of a profile](benchmarks-points.svg)

A call checks its inputs and starts its kernel once, however many links it takes:

{calls}

![Links a second over the links of one call](benchmarks-calls.svg)

The links of the first table on threads, by the wall clock, which says little on a busy machine: {load}.

{threads}

![Links a second over the number of threads](benchmarks-threads.svg)

Ours is compiled for the processor at hand, the peers as their names say. The same kernels for processors with fewer
instructions, 20 000 links of 201 points, the same bits:

{instructions}

## One application decided

One application of six cells against {licences} licences and {protected} protected receivers of an invented register
around Hsinchu, {channels} channels, both directions, single entries and aggregates; one process on all cores,
compilation excluded, medians of several runs (`python -m benchmarks.coordination`). The next application stands at
another site and pays for its own row and column; {paths} paths were kept.

{coordination}

## Repeat it

`make bench` installs the peers from PyPI and writes these pages. `python -m benchmarks --quick` takes two minutes and
writes elsewhere. A peer that is a program takes part so:

```console
$ make bench WITH='--peer "crc-covlib (C++)=COMMAND" --area-peer "crc-covlib (C++)=COMMAND"'
```

The command of `--peer` gets a folder of little-endian arrays and `p452` or `p1812`, prints the number of links and its
processor seconds, and writes its losses; the layout stands in `benchmarks/links.py`. crc-covlib (github
`ic-crc/crc-covlib`, MIT) was measured so: its own classes for P.452-18 and P.1812-7, compiled with its own flags
(`g++ -O2`; where its name says so, for this processor), called in a loop of C++ over the same arrays, with profile,
zones, clutter heights, DN, N0, pressure and
temperature given. How it computes areas stands on [their page](benchmarks-areas.md).

A contender is one entry in `ours` of `benchmarks/peers.py` or `benchmarks/areas.py`.
"""
