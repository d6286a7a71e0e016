"""Pixels a second of coverage rasters, radial beside exact: ``python -m benchmarks.coverage [--rounds 5]``.

Terrain extraction is included, compilation is not. Exact is timed on 4 000 pixels spread over the same circle. Times
are those of the processor, the best of the rounds, on one core; the difference in decibels is over the same pixels.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np

from comity.coordination.coverage import Plan, Transmitter, coverage, difference_from_exact
from comity.coordination.coverage_exact import pixel_loss_db
from comity.terrain import Ground, open_ground

PLACES = (("Hsinchu", 24.80, 120.97), ("Skye", 57.25, -6.25))
RADII_KM = (5.0, 10.0, 20.0, 40.0)
SAMPLE = 4_000


def best(run: Callable[[], object], rounds: int) -> float:
    """Return the least processor time of some rounds [s]."""
    run()
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        run()
        times.append(time.process_time() - begun)
    return min(times)


def row(ground: Ground, transmitter: Transmitter, plan: Plan, rounds: int) -> str:
    """Return the figures of one place and radius."""
    found = coverage(ground, transmitter, plan, mode="radial")
    known = np.flatnonzero(np.isfinite(found.loss_db))
    radial = best(lambda: coverage(ground, transmitter, plan, mode="radial"), rounds) / known.size
    chosen = known[np.linspace(0, known.size - 1, SAMPLE).astype(np.int64)]
    rows, columns = np.divmod(chosen, found.frame.side)
    distance_km = np.hypot(*found.frame.offsets_m(rows, columns)) / 1e3
    places = found.frame.places(rows, columns)
    exact = best(lambda: pixel_loss_db(ground, transmitter, plan, *places, distance_km), rounds) / SAMPLE
    d = difference_from_exact(ground, found, SAMPLE)
    return (
        f"{1e-6 / radial:.2f} M px/s | {1e-3 / exact:.0f} k px/s | {exact / radial:.1f}"
        f" | {d.mean_db:+.2f}, {d.median_db:.2f}, {d.p90_db:.2f}, {d.p99_db:.2f} dB"
    )


def main() -> None:
    """Print one line a place and radius."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--rounds", type=int, default=5)
    rounds = options.parse_args().rounds
    ground = open_ground()
    print(
        "| place | radius | radial | exact | ratio | difference: mean; magnitude at 50, 90, 99 % |\n"
        + "|---" * 6
        + "|"
    )
    for name, latitude, longitude in PLACES:
        for radius_km in RADII_KM:
            figures = row(
                ground, Transmitter(latitude, longitude, 30.0, 3500.0), Plan(radius_km, 50.0), rounds
            )
            print(f"| {name} | {radius_km:g} km | {figures} |", flush=True)


if __name__ == "__main__":
    main()
