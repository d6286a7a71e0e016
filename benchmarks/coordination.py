"""One application against 1 000 licences and 100 protected receivers, every 40 MHz channel of 400 MHz.

    python -m benchmarks.coordination [--licences 1000] [--protected 100] [--runs 9] [--disk]

The register is invented, dense (all within about 20 km of Hsinchu, on the 20 m terrain that ships) and the same in
every run. Three figures: the first application of a process (nothing known, compilation excluded), the same
application again, and the next application at another site, which pays for its own row and column. Wall and CPU
time of one process on all cores; both directions, single entries and aggregates.
"""

from __future__ import annotations

import argparse
import statistics
import time
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.race import Say
from comity.coordination.assessment import Channel
from comity.coordination.cache import PathLosses
from comity.coordination.coordinate import coordinate
from comity.coordination.incumbents import EarthStation, FixedLink, Incumbents, LinkEnd
from comity.coordination.network import Area, Network, TddFrame, Terminals, Transmitter
from comity.coordination.policy import Criterion, Policy
from comity.terrain.ground import Ground, open_ground

CRITERIA = (
    Criterion("base", "base", 20.0, aggregate=False, i_over_n_db=-6.0),
    Criterion("terminal", "terminal", 20.0, aggregate=False, i_over_n_db=-6.0),
    Criterion("earth-station-long", "earth_station", 20.0, aggregate=True, i_over_n_db=-12.2),
    Criterion("earth-station-short", "earth_station", 0.005, aggregate=False, i_over_n_db=-2.0),
    Criterion("fixed-link", "fixed_link", 20.0, aggregate=True, i_over_n_db=-10.0),
)
POLICY = Policy(frequency_mhz=4000.0, criteria=CRITERIA)
CHANNELS: list[Channel] = [(low, low + 40.0) for low in np.arange(3800.0, 4161.0, 10.0).tolist()]
SECTOR = {"pattern": "f1336-sector", "gain_dbi": 15.0, "beamwidth_deg": 65.0}
FRAME = TddFrame("DDDSU", 30, "10:2:2", "gnss")
DEAF_FRAME = TddFrame("DDSUU", 30, "10:2:2", "gnss")


def register(licences: int, protected: int) -> Incumbents:
    """Return an invented register around Hsinchu."""
    rng = np.random.default_rng(1)

    def place() -> tuple[float, float]:
        return float(24.70 + 0.15 * rng.random()), float(120.90 + 0.20 * rng.random())

    def licence(i: int) -> Network:
        lat, lon = place()
        width = float(rng.choice([10, 20, 40, 100]))
        low = 3800.0 + 10.0 * int(rng.integers(0, (400 - width) // 10 + 1))
        mast = Transmitter(
            id="1",
            latitude_deg=lat,
            longitude_deg=lon,
            height_m=float(rng.integers(3, 25)),
            eirp_dbm=float(rng.choice([24.0, 30.0, 42.0])),
            azimuth_deg=float(rng.integers(0, 360)),
            tilt_deg=3.0,
            indoor=bool(rng.random() < 0.4),
            antenna=SECTOR if rng.random() < 0.7 else None,
        )
        frame = FRAME if rng.random() < 0.7 else DEAF_FRAME
        site = Area(lat, lon, 50.0)
        return Network(f"L{i:04d}", "h", "in_force", low, low + width, (mast,), (), Terminals(), frame, site)

    half = protected // 2
    dishes = tuple(
        EarthStation(f"E{i}", "h", *place(), 5.0, 3800.0, 4200.0, float(rng.integers(120, 240)), 30.0)
        for i in range(half)
    )
    links = tuple(
        FixedLink(
            f"F{i}", "h", LinkEnd(*place(), 30.0, 38.0), LinkEnd(*place(), 30.0, 38.0), 3900.0 + 30.0 * (i % 9),
            3930.0 + 30.0 * (i % 9), 60.0,
        )
        for i in range(protected - half)
    )  # fmt: skip
    return Incumbents(tuple(licence(i) for i in range(licences)), dishes, links)


def application(number: int) -> Network:
    """Return an application of six cells at one of many sites."""
    lat, lon = 24.76 + 0.003 * number, 120.98 + 0.002 * number
    cells = tuple(
        Transmitter(
            str(k), lat + 0.0006 * k, lon, 10.0, 30.0, azimuth_deg=60.0 * k, tilt_deg=4.0, antenna=SECTOR
        )
        for k in range(6)
    )
    plain = Network(f"A{number}", "h", "applied", 3800.0, 3840.0, cells, (), Terminals(), FRAME)
    return replace(plain, area=Area(lat, lon, 300.0))


def measured(ground: Ground, incumbents: Incumbents, number: int, cache: PathLosses) -> tuple[float, float]:
    """Return wall and CPU time of one coordination [s]."""
    wall, cpu = time.perf_counter(), time.process_time()
    coordinate(application(number), incumbents, ground, POLICY, channels=CHANNELS, cache=cache)
    return time.perf_counter() - wall, time.process_time() - cpu


@dataclass(frozen=True, slots=True)
class Figures:
    """Wall and processor time [s] of each of the three figures, by its name, and the paths kept."""

    licences: int
    protected: int
    seconds: dict[str, tuple[float, float]]
    paths: int


def figures(licences: int, protected: int, runs: int, say: Say) -> Figures:
    """Measure; of several runs the medians."""
    say(f"{licences} licences, {protected} protected receivers")
    ground, incumbents = open_ground(), register(licences, protected)
    measured(ground, register(20, 10), 0, PathLosses())
    cache = PathLosses()
    first = measured(ground, incumbents, 0, cache)
    again = [measured(ground, incumbents, 0, cache) for _ in range(runs)]
    after = [measured(ground, incumbents, 1 + i, cache) for i in range(runs)]
    seconds = {
        "first application, nothing known": first,
        "the same application again": _medians(again),
        "the next application": _medians(after),
    }
    return Figures(licences, protected, seconds, len(cache))


def _medians(times: list[tuple[float, float]]) -> tuple[float, float]:
    wall, cpu = (statistics.median(column) for column in zip(*times, strict=True))
    return wall, cpu


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--licences", type=int, default=1000)
    parser.add_argument("--protected", type=int, default=100)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--disk", action="store_true", help="measure comity decide and what is kept on disk")
    options = parser.parse_args()
    if options.disk:
        from benchmarks.coordination_disk import measure

        measure(options.licences, options.protected)
        return
    found = figures(options.licences, options.protected, options.runs, lambda _: None)
    print(f"{found.licences} licences, {found.protected} protected receivers, {len(CHANNELS)} channels")
    print(f"{'':34}{'wall s':>10}{'CPU s':>10}")
    for name, (wall, cpu) in found.seconds.items():
        print(f"{name:34}{wall:10.3f}{cpu:10.3f}")
    print(f"paths kept: {found.paths:,}")


if __name__ == "__main__":
    main()
