"""Coverage rasters over the radius, radial beside exact: ``python -m benchmarks.coverage [--rounds 5]``.

Terrain extraction is included, compilation is not. Times are those of the processor, the least of the rounds, on one
core. Beyond 10 km exact is timed on 4 000 pixels spread over the same circle. The difference in decibels is radial less
exact over 2 000 pixels spread over the circle.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.area_plan import AreaTask, task
from benchmarks.race import Say
from comity.compute.executors import Threads
from comity.coordination.coverage import Coverage, Difference, coverage, difference_from_exact
from comity.coordination.coverage_exact import pixel_loss_db

PLACES = {"Hsinchu": (24.80, 120.97), "Skye": (57.25, -6.25)}
RADII_KM = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
WHOLE_KM, SAMPLE = 10.0, 4_000
_ENOUGH_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Figures:
    """Both ways at one place and radius: pixels a second, and what the difference is."""

    radius_km: float
    pixels: int
    radial: float
    exact: float
    difference: Difference


def least_seconds(
    run: Callable[[], object], rounds: int, clock: Callable[[], float] = time.process_time
) -> float:
    """Return the least time of some rounds [s], fewer of them where one takes long."""
    times: list[float] = []
    while len(times) < rounds and sum(times) < _ENOUGH_SECONDS:
        begun = clock()
        run()
        times.append(clock() - begun)
    return min(times)


def figures(area: AreaTask, rounds: int) -> Figures:
    """Measure one place and radius."""
    found = coverage(area.ground, area.transmitter, area.plan, mode="radial")
    known = np.flatnonzero(np.isfinite(found.loss_db))
    radial_s = least_seconds(
        lambda: coverage(area.ground, area.transmitter, area.plan, mode="radial"), rounds
    )
    return Figures(
        area.plan.radius_km,
        known.size,
        known.size / radial_s,
        _exact_rate(area, found, rounds),
        difference_from_exact(area.ground, found),
    )


def _exact_rate(area: AreaTask, found: Coverage, rounds: int) -> float:
    known = np.flatnonzero(np.isfinite(found.loss_db))
    if area.plan.radius_km <= WHOLE_KM:
        run: Callable[[], object] = lambda: coverage(area.ground, area.transmitter, area.plan, mode="exact")  # noqa: E731
        count = known.size
    else:
        chosen = known[np.linspace(0, known.size - 1, SAMPLE).astype(np.int64)]
        rows, columns = np.divmod(chosen, found.frame.side)
        distance_km = np.hypot(*found.frame.offsets_m(rows, columns)) / 1e3
        places, count = found.frame.places(rows, columns), SAMPLE
        run = lambda: pixel_loss_db(area.ground, area.transmitter, area.plan, *places, distance_km)  # noqa: E731
    run()
    return count / least_seconds(run, rounds)


def over_radius(place: str, radii_km: tuple[float, ...], rounds: int, say: Say) -> list[Figures]:
    """Return the figures of one place over radii, with pixels of 50 m."""
    found = []
    for radius_km in radii_km:
        say(f"{place}, {radius_km:g} km")
        found.append(figures(task(radius_km, place=PLACES[place]), rounds))
    return found


def over_threads(threads: list[int], radius_km: float, say: Say) -> list[tuple[float, float]]:
    """Return pixels a second of the wall clock of exact, over the number of threads."""
    area = task(radius_km)
    found: list[tuple[float, float]] = []
    for count in threads:
        say(f"exact, {count} threads")
        pixels = 0

        def run(workers: int = count) -> None:
            nonlocal pixels
            with Threads(workers) as executor:
                raster = coverage(area.ground, area.transmitter, area.plan, executor=executor)
            pixels = int(np.isfinite(raster.loss_db).sum())

        seconds = least_seconds(run, 2, time.perf_counter)
        found.append((count, pixels / seconds))
    return found


def line(row: Figures) -> str:
    """Return the figures as cells of a table."""
    d = row.difference
    exact = f"{1e-3 * row.exact:.0f} k px/s"
    return (
        f"{row.radius_km:g} km | {row.pixels:,} | {1e-6 * row.radial:.2f} M px/s | {exact} | "
        f"{row.radial / row.exact:.1f} | {d.mean_db:+.2f}; {d.median_db:.2f}, {d.p90_db:.2f}, {d.p99_db:.2f} dB"
    )


HEAD = (
    "| place | radius | pixels | radial | exact | ratio | difference: mean; magnitude at 50, 90, 99 % |\n"
    "|---|---:|---:|---:|---:|---:|---|"
)


def main() -> None:
    """Print one line a place and radius."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--rounds", type=int, default=5)
    rounds = options.parse_args().rounds
    print(HEAD)
    for place in PLACES:
        for row in over_radius(place, RADII_KM, rounds, lambda _: None):
            print(f"| {place} | {line(row)} |", flush=True)


if __name__ == "__main__":
    main()
