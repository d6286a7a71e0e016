"""Cities rank each other: the stable variant, by deferred acceptance of the matching engine, checked independently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from comity.errors import ComityError, Problem
from comity.matching.cities.problem import Pair
from comity.matching.guarantees import Guarantee
from comity.matching.instance import Instance
from comity.matching.outcome import Matching
from comity.matching.stable import host_optimal, student_optimal
from comity.matching.verifier import Verdict, verify


@dataclass(frozen=True, eq=False)
class RankedPairs:
    """A stable set of pairs, in the order of the proposing side, and the independent check of it."""

    pairs: tuple[Pair, ...]
    matching: Matching
    verdict: Verdict

    @property
    def blocking(self) -> tuple[Pair, ...]:
        """Pairs of places that would rather have each other: none in a stable set."""
        found = [c.witnesses for c in self.verdict.checks if c.claim is Guarantee.STABLE]
        return tuple((a, b) for witnesses in found for a, b in witnesses)


def stable_pairs(
    left: Mapping[str, Sequence[str]],
    right: Mapping[str, Sequence[str]],
    limits: Mapping[str, int] | None = None,
    *,
    best_for: str = "left",
) -> RankedPairs:
    """Return the stable set of pairs that is best for every place of one side.

    Parameters
    ----------
    left, right : each place's partners, best first; who is not listed is not wanted
    limits : most pairs of places of the right side; 1 where not named
    best_for : ``left`` or ``right``; both sides cannot be served best at once

    Raises
    ------
    ComityError
        for unknown places and lists that repeat, and where a place of the left side may have more than one pair
    """
    limits = dict(limits or {})
    several = [p for p in left if limits.get(p, 1) != 1]
    if several:
        problem = Problem(
            ", ".join(several), "more than one pair on the side that proposes", "1, or change sides"
        )
        raise ComityError("cities that rank each other take one partner on the first side", [problem])
    instance = Instance.from_lists(
        left, {h: list(r) for h, r in right.items()}, {h: limits.get(h, 1) for h in right}
    )
    matching = student_optimal(instance) if best_for == "left" else host_optimal(instance)
    pairs = tuple((a, b) for a, b in matching.as_names().items() if b is not None)
    return RankedPairs(pairs, matching, verify(matching))
