"""Links a second beside the peers: ``python -m benchmarks [--links 100000] [--rounds 5] [--peer NAME=COMMAND]``.

Prints the table and writes ``docs/benchmarks.md`` and its drawings. Peers from PyPI run where they are installed.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks import chart
from benchmarks.links import Links, cut_from_terrain
from benchmarks.peers import external, itmlogic, ours, pycraf
from benchmarks.point_batch import Row, over_links, over_points, over_threads, race

DOCS = Path(__file__).parent.parent / "docs"


def main() -> None:
    """Run the point batch."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--links", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--peer", action="append", default=[], metavar="NAME=COMMAND")
    options.add_argument("--docs", type=Path, default=DOCS, help="folder that gets benchmarks.md")
    given = options.parse_args()
    given.docs.mkdir(parents=True, exist_ok=True)
    links = cut_from_terrain(given.links)
    contenders = ours(links)
    for name, command in (peer.split("=", 1) for peer in given.peer):
        contenders += external(name, command, links)
    for name, peer in (("pycraf", pycraf), ("itmlogic", itmlogic)):
        found = peer(links)
        contenders += found
        if not found:
            print(f"{name} is not installed and takes no part")
    rows = race(contenders, given.rounds)
    cores = sorted({1, *(2**k for k in range(1, 8) if 2**k <= (os.cpu_count() or 1))})
    points, threads, calls = over_points(), over_threads(links, cores), over_links()
    text = page(links, rows, given.rounds, points, threads, calls)
    print(text)
    (given.docs / "benchmarks.md").write_text(text)
    drawn = [(row.name, row.rate, row.name.startswith("comity")) for row in rows]
    title = "Links a second on one core (logarithmic)"
    (given.docs / "benchmarks.svg").write_text(chart.bars(sorted(drawn, key=lambda r: -r[1]), title))
    over = chart.curves(points, "Links a second over the points of a profile", "points of a profile")
    (given.docs / "benchmarks-points.svg").write_text(over)


def page(
    links: Links,
    rows: list[Row],
    rounds: int,
    points: list[tuple[int, float, float]],
    threads: list[tuple[int, float, float]],
    calls: list[tuple[int, float, float]],
) -> str:
    """Return the page of the documentation."""
    sizes, zones = (
        np.diff(links.paths.offsets),
        np.bincount(links.paths.zone, minlength=4) / len(links.paths.zone),
    )
    about = (
        f"{len(links.paths):,} distinct links of 2 to 18 km cut from the shipped terrain of Taiwan, {sizes.min()} to "
        f"{sizes.max()} points each (mean {sizes.mean():.0f}), {zones[3]:.0%} of the points at sea, {zones[1]:.0%} on "
        f"the coast, {zones[2]:.0%} inland, clutter from the degree of urbanisation, four "
        "frequencies, six percentages."
    )
    return PAGE.format(
        about=about,
        machine=f"{os.cpu_count()} cores {processor()}, Python {platform.python_version()}, no GPU",
        day=datetime.now(UTC).date(),
        rounds=rounds,
        table="\n".join(line(row) for row in rows),
        points=scaling(points),
        threads=scaling(threads),
        load=f"{os.getloadavg()[0]:.1f}",
        calls=scaling(calls),
    )


def processor() -> str:
    """Return the processor's name."""
    info = Path("/proc/cpuinfo")
    names = (
        [x.split(":")[1].strip() for x in info.read_text().splitlines() if x.startswith("model name")]
        if info.exists()
        else []
    )
    return names[0] if names else platform.processor()


def line(row: Row) -> str:
    """Return a contender's line of the table."""
    spread = f"{chart.number(min(row.per_second))} to {chart.number(max(row.per_second))}"
    if not row.ratios:
        return f"| **{row.name}** | {row.count:,} | **{chart.number(row.rate)}** | {spread} | | |"
    ratio = f"{statistics.median(row.ratios):.3g} ({min(row.ratios):.3g} to {max(row.ratios):.3g})"
    return f"| {row.name} | {row.count:,} | {chart.number(row.rate)} | {spread} | {ratio} | {row.difference_db:.1e} |"


def scaling(rows: list[tuple[int, float, float]]) -> str:
    """Return the body of a scaling table."""
    return "\n".join(f"| {x:,} | {chart.number(a)} | {chart.number(b)} |" for x, a, b in rows)


PAGE = """# Benchmarks

Written by `python -m benchmarks` (`make bench`) on {day}: {machine}.

{about} Arrays in, arrays out through the public Python functions: checks and conversion of inputs are included,
compilation is not. The processor time of one core counts, so other work on the machine disturbs little; contenders
take turns, {rounds} rounds, ratios are taken within a round, medians and extremes are given.

| contender | links a round | links a second | spread | comity is faster by | median difference [dB] |
| --- | ---: | ---: | --- | --- | ---: |
{table}

![Links a second on one core](benchmarks.svg)

With eight percentages, a link counts once though it yields eight losses. pycraf computes P.452-16, whose free-space
term is 0.1 dB higher, and takes no clutter profile. What each peer computes for one link is in `benchmarks/peers.py`.

## Scaling

Best of five rounds, processor time of one core (several threads: the wall clock), 10 km links, inland, 30 % of the
points with clutter.

| points of a profile | P.452-18 links/s | P.1812-8 links/s |
| ---: | ---: | ---: |
{points}

![Links a second over the points of a profile](benchmarks-points.svg)

One thread in processor time, more by the wall clock; {load} processes wanted the machine's cores at the end of the
run, so read more than one thread only where that is no more than the cores.

| threads (100 000 links of the terrain) | P.452-18 links/s | P.1812-8 links/s |
| ---: | ---: | ---: |
{threads}

| links in one call (201 points) | P.452-18 links/s | P.1812-8 links/s |
| ---: | ---: | ---: |
{calls}

## Repeat it

`make bench` installs the peers from PyPI and writes this page. A peer that is a program takes part by
`--peer NAME=COMMAND`: the command gets a folder of little-endian arrays and `p452` or `p1812`, prints the number of
links and its processor seconds, and writes its losses. The layout stands in `benchmarks/links.py`. crc-covlib (github
`ic-crc/crc-covlib`, MIT) was measured so: its own classes for P.452-18 and P.1812, compiled with its own flags
(`g++ -O2`), called in a loop of C++ over the same arrays, with profile, zones, clutter heights, DN, N0, pressure and
temperature given.
"""


if __name__ == "__main__":
    main()
