"""What speaks for a pair: its contributions, what is missing, the runner-up, and what would change the choice."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from comity.matching.cities.indicators import Table
from comity.matching.cities.pairing import NoSuchSet, optimal_pairs
from comity.matching.cities.problem import Pair, PairingProblem
from comity.matching.cities.scores import COMPONENTS, Scores, Whole


@dataclass(frozen=True, slots=True)
class Contribution:
    """One component of a score: its value, its share of the weight, and the points that it gives (of 100)."""

    component: str
    value: float | None
    weight: float
    points: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """One indicator of a pair: both values as normalised, and how far apart they are."""

    indicator: str
    left: float
    right: float
    gap: float


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """The best set that does without a pair: who then takes its places, and what it costs in points of 100."""

    left: str | None
    right: str | None
    cost: float


@dataclass(frozen=True, slots=True)
class Turning:
    """The weight of one component at which another partner would score as high for the left place."""

    component: str
    weight: float
    to_weight: float
    rival: str


@dataclass(frozen=True)
class Evidence:
    """Everything on one pair's sheet.

    Parameters
    ----------
    pair, score : the two codes; points of 100
    contributions : by component, largest first
    alike, apart : indicators, nearest first and farthest first
    gaps : indicators that one side or both lack: ``(indicator, left has it, right has it)``
    runner_up : the best set without this pair, ``None`` where there is none
    turning : nearest change of one weight that would prefer another partner, ``None`` where none does
    """

    pair: Pair
    score: float
    contributions: tuple[Contribution, ...]
    alike: tuple[Likeness, ...]
    apart: tuple[Likeness, ...]
    gaps: tuple[tuple[str, bool, bool], ...]
    runner_up: RunnerUp | None
    turning: Turning | None


def evidence_of(
    pair: Pair,
    problem: PairingProblem,
    scores: Scores,
    weights: Mapping[str, float],
    left: Table,
    right: Table,
) -> Evidence:
    """Return the evidence for one pair of a set.

    Parameters
    ----------
    left, right : normalised tables of the two sides
    """
    total = scores.total(weights)
    i, j = problem.left.index(pair[0]), problem.right.index(pair[1])
    compared = likeness(left, right, i, j)
    return Evidence(
        pair,
        int(total[i, j]) / 100,
        contributions(pair, scores, weights),
        tuple(sorted(compared, key=lambda c: (c.gap, c.indicator))),
        tuple(sorted(compared, key=lambda c: (-c.gap, c.indicator))),
        _gaps(left, right, i, j),
        _runner_up(pair, problem),
        turning_point(pair, problem, scores, weights),
    )


def contributions(pair: Pair, scores: Scores, weights: Mapping[str, float]) -> tuple[Contribution, ...]:
    """Return what each component gives to a pair's score; the weights are those of the components that are known."""
    values = {c: scores.at(*pair, c) for c in COMPONENTS if weights.get(c, 0.0) > 0}
    whole = math.fsum(weights[c] for c, v in values.items() if v is not None)
    found = [
        Contribution(c, v, weights[c], 0.0 if v is None or not whole else 100 * v * weights[c] / whole)
        for c, v in values.items()
    ]
    return tuple(sorted(found, key=lambda c: (-c.points, c.component)))


def likeness(left: Table, right: Table, i: int, j: int) -> list[Likeness]:
    """Return the indicators that both places of a pair have."""
    found = []
    for k, name in enumerate(left.indicators):
        a, b = float(left.values[i, k]), float(right.values[j, k])
        if not (math.isnan(a) or math.isnan(b)):
            found.append(Likeness(name, a, b, round(abs(a - b), 6)))
    return found


def turning_point(
    pair: Pair, problem: PairingProblem, scores: Scores, weights: Mapping[str, float]
) -> Turning | None:
    """Return the smallest change of one weight, relative to the policy, at which a rival overtakes for the left place.

    Only rivals whose components are all known where the pair's are can be compared.
    """
    i = problem.left.index(pair[0])
    used = [c for c in COMPONENTS if weights.get(c, 0.0) > 0]
    own = {c: scores.at(*pair, c) for c in used}
    best: tuple[float, Turning] | None = None
    for k in np.flatnonzero(problem.allowed()[i]).tolist():
        rival = problem.right[k]
        theirs = {c: scores.at(pair[0], rival, c) for c in used}
        if rival == pair[1] or any((own[c] is None) != (theirs[c] is None) for c in used):
            continue
        leads = {c: (own[c] or 0.0) - (theirs[c] or 0.0) for c in used}
        lead = math.fsum(weights[c] * leads[c] for c in used)
        for c in used:
            if lead < 0 or abs(leads[c]) < 1e-9:
                continue
            needed = weights[c] - lead / leads[c]
            if needed < 0:
                continue
            change = abs(needed - weights[c]) / weights[c]
            if best is None or (change, c, rival) < (best[0], best[1].component, best[1].rival):
                best = (change, Turning(c, weights[c], needed, rival))
    return None if best is None else best[1]


def _gaps(left: Table, right: Table, i: int, j: int) -> tuple[tuple[str, bool, bool], ...]:
    has = [
        (name, not math.isnan(left.values[i, k]), not math.isnan(right.values[j, k]))
        for k, name in enumerate(left.indicators)
    ]
    return tuple(entry for entry in has if not (entry[1] and entry[2]))


def _runner_up(pair: Pair, problem: PairingProblem) -> RunnerUp | None:
    own = optimal_pairs(problem)
    try:
        other = optimal_pairs(replace(problem, forbidden=(*problem.forbidden, pair)))
    except NoSuchSet:
        return None
    left = next((b for a, b in other.pairs if a == pair[0]), None)
    right = next((a for a, b in other.pairs if b == pair[1]), None)
    return RunnerUp(left, right, (own.total - other.total) / 100)


def best_partners(
    problem: PairingProblem, total: Whole, left: str, most: int = 3
) -> Sequence[tuple[str, float]]:
    """Return the partners with the highest scores of a left place, in points of 100, best first."""
    i = problem.left.index(left)
    listed = [(-int(total[i, j]), problem.right[j]) for j in np.flatnonzero(problem.allowed()[i]).tolist()]
    return [(name, -score / 100) for score, name in sorted(listed)[:most]]
