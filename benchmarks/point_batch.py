"""The point batch: links a second of one core, ours beside the peers, in one run."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from benchmarks.links import Float, Links, equal_length
from benchmarks.peers import Contender
from comity.propagation import p452, p1812


@dataclass(frozen=True, slots=True)
class Row:
    """One contender's result: links a second of processor time, and how often ours is faster, per round."""

    name: str
    model: str
    count: int
    per_second: list[float]
    ratios: list[float]
    difference_db: float | None

    @property
    def rate(self) -> float:
        """Median links a second."""
        return statistics.median(self.per_second)


def race(contenders: list[Contender], rounds: int) -> list[Row]:
    """Let all run in turn, ``rounds`` times after one round for compilation; ratios are taken within a round."""
    rates: dict[str, list[float]] = {c.name: [] for c in contenders}
    losses: dict[str, Float] = {}
    for turn in range(rounds + 1):
        for contender in contenders:
            seconds, losses[contender.name] = contender.run()
            if turn:
                rates[contender.name].append(contender.count / seconds)
    best = {c.model: c.name for c in reversed(contenders) if c.name.startswith("comity")}
    rows = []
    for c in contenders:
        mine = best[c.model]
        ratios = [] if mine == c.name else [a / b for a, b in zip(rates[mine], rates[c.name], strict=True)]
        apart = None if mine == c.name else median_difference(losses[mine], losses[c.name])
        rows.append(Row(c.name, c.model, c.count, rates[c.name], ratios, apart))
    return rows


def median_difference(a: Float, b: Float) -> float:
    """Median absolute difference of the losses both computed [dB]."""
    n = min(len(a), len(b))
    return float(np.nanmedian(np.abs(a[:n] - b[:n])))


def rate(model: ModuleType, links: Links, threads: int = 1, rounds: int = 5) -> float:
    """Links a second, best of some rounds: of processor time for one thread, by the wall clock for several."""
    clock = time.process_time if threads == 1 else time.perf_counter
    best, percent, site = 0.0, links.time_percent, links.site()
    for turn in range(rounds + 1):
        begun = clock()
        model.basic_transmission_loss(links.paths, 3900.0, percent, threads=threads, **site)
        if turn:
            best = max(best, len(links.paths) / (clock() - begun))
    return best


def over_points(
    points: tuple[int, ...] = (11, 51, 101, 201, 401, 801, 1601),
) -> list[tuple[int, float, float]]:
    """Links a second of P.452 and P.1812 over the number of points of a profile."""
    sizes = [(m, equal_length(max(800, 4_000_000 // m // 8 * 8), m)) for m in points]
    return [(m, rate(p452, links), rate(p1812, links)) for m, links in sizes]


def over_threads(links: Links, threads: list[int]) -> list[tuple[int, float, float]]:
    """Links a second over the number of threads."""
    return [(k, rate(p452, links, k), rate(p1812, links, k)) for k in threads]


def over_links(counts: tuple[int, ...] = (1, 10, 100, 1_000, 10_000)) -> list[tuple[int, float, float]]:
    """Links a second over the number of links in one call."""
    sizes = [(n, equal_length(n, 201)) for n in counts]
    return [(n, rate(p452, links, rounds=20), rate(p1812, links, rounds=20)) for n, links in sizes]
