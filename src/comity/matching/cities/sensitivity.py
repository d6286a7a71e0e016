"""How much a set of pairs hangs on its weights and indicators: Monte Carlo, leave one out, rank intervals.

References
----------
OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 7; R. Lahdelma, P. Salminen, SMAA-2, Operations
Research 49 (2001), for rank acceptability under uncertain weights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from comity.matching.cities.pairing import optimal_pairs
from comity.matching.cities.problem import Pair, PairingProblem
from comity.matching.cities.scores import COMPONENTS, Scores, Whole

_RESOLUTION = 1 << 53


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a value lay in the draws: 5 %, 50 % and 95 %."""

    low: int
    middle: int
    high: int


@dataclass(frozen=True)
class Sensitivity:
    """What became of the pairs under other weights.

    Parameters
    ----------
    draws, seed, spread : how many weights were drawn, from which seed, how far around the policy's own
    survival : by pair, the share of draws whose optimal set holds it; every pair that was ever in one
    ranks : by pair of the published set, the rank of the right place in the left one's list of scores (1 best)
    """

    draws: int
    seed: int
    spread: float
    survival: Mapping[Pair, float]
    ranks: Mapping[Pair, Interval]

    def challengers(self, left: str, published: Pair) -> list[tuple[Pair, float]]:
        """Return the other pairs of a left place that came up, most often first."""
        others = [(p, s) for p, s in self.survival.items() if p[0] == left and p != published]
        return sorted(others, key=lambda e: (-e[1], e[0]))


def weight_draws(
    weights: Mapping[str, float], draws: int, seed: int, spread: float
) -> Iterator[dict[str, float]]:
    """Yield weights drawn evenly from ``weight * (1 - spread)`` to ``weight * (1 + spread)``, each by itself.

    Plain arithmetic on the raw output of PCG64: the same draws on every machine.
    """
    generator = np.random.PCG64(seed)
    used = [name for name in COMPONENTS if weights.get(name, 0.0) > 0]
    for _ in range(draws):
        numbers = [int(generator.random_raw()) >> 11 for _ in used]
        yield {
            name: weights[name] * (1.0 + spread * (2.0 * (number / _RESOLUTION) - 1.0))
            for name, number in zip(used, numbers, strict=True)
        }


def weight_sensitivity(
    problem: PairingProblem,
    scores: Scores,
    weights: Mapping[str, float],
    published: Sequence[Pair],
    *,
    draws: int = 200,
    seed: int = 1,
    spread: float = 0.5,
) -> Sensitivity:
    """Pair again under many weights around the policy's own and count what stays."""
    counts: dict[Pair, int] = {}
    ranks: dict[Pair, list[int]] = {pair: [] for pair in published}
    for drawn in weight_draws(weights, draws, seed, spread):
        total = scores.total(drawn)
        for pair in optimal_pairs(replace(problem, scores=total)).pairs:
            counts[pair] = counts.get(pair, 0) + 1
        for pair in published:
            ranks[pair].append(rank_of(pair, problem, total))
    survival = {pair: counts[pair] / draws for pair in sorted(counts)}
    return Sensitivity(draws, seed, spread, survival, {pair: _interval(r) for pair, r in ranks.items()})


def leave_one_out(
    problem: PairingProblem,
    names: Sequence[str],
    scores_without: Callable[[str], Scores],
    weights: Mapping[str, float],
    published: Sequence[Pair],
) -> dict[str, tuple[Pair, ...]]:
    """Return, for each indicator that is left out, the published pairs that are then no longer in the set."""
    lost = {}
    for name in names:
        total = scores_without(name).total(weights)
        now = set(optimal_pairs(replace(problem, scores=total)).pairs)
        lost[name] = tuple(p for p in published if p not in now)
    return lost


def rank_of(pair: Pair, problem: PairingProblem, total: Whole) -> int:
    """Return the rank of the right place among all that the left one may be paired with; equal scores share a rank."""
    i, j = problem.left.index(pair[0]), problem.right.index(pair[1])
    row = total[i][problem.allowed()[i]]
    return int((row > total[i, j]).sum()) + 1


def _interval(values: Sequence[int]) -> Interval:
    ordered = sorted(values)
    last = len(ordered) - 1
    low, middle, high = (ordered[round(share * last)] for share in (0.05, 0.5, 0.95))
    return Interval(low, middle, high)
