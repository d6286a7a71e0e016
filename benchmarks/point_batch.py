"""The point batch: links a second over the points of a profile, over threads and over the links of one call."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from types import ModuleType

from benchmarks import machine
from benchmarks.links import Links, equal_length
from benchmarks.race import Say
from comity.propagation import p452, p1812

Curve = list[tuple[float, float, float]]


def rate(model: ModuleType, links: Links, threads: int | None = None, rounds: int = 5) -> float:
    """Links a second, best of some rounds: of processor time; by the wall clock where threads are given."""
    clock = time.process_time if threads is None else time.perf_counter
    best, percent, site = 0.0, links.time_percent, links.site()
    for turn in range(rounds + 1):
        begun = clock()
        model.basic_transmission_loss(links.paths, 3900.0, percent, threads=threads or 1, **site)
        if turn:
            best = max(best, len(links.paths) / (clock() - begun))
    return best


def over_points(points: tuple[int, ...], say: Say) -> Curve:
    """Links a second of P.452 and P.1812 over the number of points of a profile."""
    return [_row(m, equal_length(max(800, 4_000_000 // m // 8 * 8), m), f"{m} points", say) for m in points]


def over_threads(links: Links, threads: list[int], say: Say) -> Curve:
    """Links a second over the number of threads."""
    return [_row(k, links, f"{k} threads", say, threads=k) for k in threads]


def over_links(counts: tuple[int, ...], say: Say) -> Curve:
    """Links a second over the number of links in one call."""
    return [_row(n, equal_length(n, 201), f"{n} links a call", say, rounds=20) for n in counts]


#: What to compile for, and the name of a processor that has no more.
INSTRUCTIONS = {"AVX2 (x86-64-v3)": "x86-64-v3", "SSE4.2 (x86-64-v2)": "x86-64-v2"}


def over_instructions(links: Links, say: Say) -> list[tuple[str, float, float]]:
    """Links a second of the same profiles with the instructions of this processor, and with fewer."""
    say(f"instructions: {machine.instructions()}")
    found = [(f"{machine.instructions()} (this processor)", rate(p452, links), rate(p1812, links))]
    for label, name in INSTRUCTIONS.items():
        say(f"instructions: {label} (compiled anew)")
        run = subprocess.run(
            [sys.executable, "-m", "benchmarks.point_batch"],
            env=os.environ | {"NUMBA_CPU_NAME": name, "NUMBA_CPU_FEATURES": ""},
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        found.append((label, *map(float, run.stdout.split())))
    return found


def _row(
    x: float, links: Links, what: str, say: Say, threads: int | None = None, rounds: int = 5
) -> tuple[float, float, float]:
    say(what)
    return x, rate(p452, links, threads, rounds), rate(p1812, links, threads, rounds)


if __name__ == "__main__":
    same = equal_length(20_000, 201)
    print(rate(p452, same), rate(p1812, same))
