"""The point batch: links a second over the points of a profile, over threads and over the links of one call."""

from __future__ import annotations

import time
from types import ModuleType

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


def _row(
    x: float, links: Links, what: str, say: Say, threads: int | None = None, rounds: int = 5
) -> tuple[float, float, float]:
    say(what)
    return x, rate(p452, links, threads, rounds), rate(p1812, links, threads, rounds)
