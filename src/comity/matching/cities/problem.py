"""One pairing problem: who may be paired with whom, the scores, and every constraint by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from comity.errors import ComityError, Problem
from comity.matching.cities.scores import Whole
from comity.rules.text import Text

Side = Literal["left", "right"]
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Quota:
    """How many pairs touch a set of places of one side: a region, a size class."""

    id: str
    title: Text
    side: Side
    places: frozenset[str]
    at_least: int = 0
    at_most: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Constraint:
    """One named constraint: ``low <= pairs counted <= high``.

    Parameters
    ----------
    left, right : which rows or columns are counted (``None``: all), as masks
    pair : the one pair that is counted, where it is only one
    each : counted for each place by itself (the limits); then ``limits`` holds the two sides' limits
    """

    id: str
    title: Text
    low: int = 0
    high: int | None = None
    left: NDArray[np.bool_] | None = None
    right: NDArray[np.bool_] | None = None
    pair: tuple[int, int] | None = None
    limits: tuple[Whole, Whole] | None = None


@dataclass(frozen=True, eq=False)
class PairingProblem:
    """Two sides, whole scores and what is asked of the set of pairs.

    Parameters
    ----------
    left, right : codes
    scores : int64 (n, m), 0 or more
    limits : most pairs of single places; 1 where not named
    fixed, forbidden : pairs that must and that must not be in the set
    quotas : how many pairs touch sets of places
    least_pairs, most_pairs : size of the set
    barred : pairs that cannot be formed at all (bool (n, m)), besides the forbidden ones
    titles : names of the places, for the constraints' titles
    """

    left: tuple[str, ...]
    right: tuple[str, ...]
    scores: Whole
    limits: Mapping[str, int] = field(default_factory=dict)
    fixed: tuple[Pair, ...] = ()
    forbidden: tuple[Pair, ...] = ()
    quotas: tuple[Quota, ...] = ()
    least_pairs: int = 0
    most_pairs: int | None = None
    barred: NDArray[np.bool_] | None = None
    titles: Mapping[str, Text] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse names that lead nowhere and numbers that cannot be."""
        problems = list(self._problems())
        if problems:
            raise ComityError("these pairs cannot be formed", problems)

    def title(self, place: str) -> Text:
        """Return the name of a place."""
        return self.titles.get(place, Text(place, place))

    def allowed(self) -> NDArray[np.bool_]:
        """Return which pairs may be formed at all."""
        shape = (len(self.left), len(self.right))
        return np.ones(shape, dtype=np.bool_) if self.barred is None else ~self.barred

    def limits_of(self, side: Side) -> Whole:
        """Return the limit of each place of a side."""
        return np.array([self.limits.get(p, 1) for p in getattr(self, side)], dtype=np.int64)

    def constraints(self) -> tuple[Constraint, ...]:
        """Return every constraint by name, in the order in which they are dropped when looking for a conflict."""
        return tuple(self._constraints())

    def _constraints(self) -> Iterator[Constraint]:
        yield Constraint(
            "limits",
            Text("no place has more pairs than its limit", "各地不得超過其配對上限"),
            limits=(self.limits_of("left"), self.limits_of("right")),
        )
        at = {side: {p: k for k, p in enumerate(getattr(self, side))} for side in ("left", "right")}
        for kind, pairs in (("forbidden", self.forbidden), ("fixed", self.fixed)):
            for a, b in pairs:
                left, right = self.title(a), self.title(b)
                said = (
                    Text(f"{left.en} and {right.en} are fixed", f"{left.zh}與{right.zh}為指定配對")
                    if kind == "fixed"
                    else Text(f"{left.en} and {right.en} are forbidden", f"{left.zh}與{right.zh}不得配對")
                )
                low, high = (1, None) if kind == "fixed" else (0, 0)
                yield Constraint(f"{kind}:{a}:{b}", said, low, high, pair=(at["left"][a], at["right"][b]))
        for quota in self.quotas:
            mask = np.array([p in quota.places for p in getattr(self, quota.side)], dtype=np.bool_)
            left_mask, right_mask = (mask, None) if quota.side == "left" else (None, mask)
            if quota.at_least > 0:
                n = quota.at_least
                said = Text(f"{quota.title.en}: at least {n}", f"{quota.title.zh}：至少 {n} 組")
                yield Constraint(f"quota:{quota.id}:least", said, n, None, left_mask, right_mask)
            if quota.at_most is not None:
                n = quota.at_most
                said = Text(f"{quota.title.en}: at most {n}", f"{quota.title.zh}：至多 {n} 組")
                yield Constraint(f"quota:{quota.id}:most", said, 0, n, left_mask, right_mask)
        if self.least_pairs > 0:
            n = self.least_pairs
            yield Constraint("pairs:least", Text(f"at least {n} pairs in all", f"全部至少 {n} 組"), n)
        if self.most_pairs is not None:
            n = self.most_pairs
            yield Constraint("pairs:most", Text(f"at most {n} pairs in all", f"全部至多 {n} 組"), 0, n)

    def _problems(self) -> Iterator[Problem]:
        known = {"left": set(self.left), "right": set(self.right)}
        shape = (len(self.left), len(self.right))
        for side in ("left", "right"):
            if len(known[side]) != len(getattr(self, side)):
                yield Problem(side, "a place stands there twice", "each once")
        if self.scores.shape != shape or self.scores.dtype != np.int64 or (self.scores < 0).any():
            yield Problem("scores", f"{self.scores.dtype} {self.scores.shape}", f"int64 {shape}, 0 or more")
        for kind, pairs in (("fixed", self.fixed), ("forbidden", self.forbidden)):
            for k, (a, b) in enumerate(pairs):
                if a not in known["left"]:
                    yield Problem(f"{kind}[{k}]", f"unknown place {a!r}", "a place of the first country")
                if b not in known["right"]:
                    yield Problem(f"{kind}[{k}]", f"unknown place {b!r}", "a place of the second country")
        for quota in self.quotas:
            strangers = sorted(quota.places - known[quota.side])
            if strangers:
                yield Problem(
                    f"quota {quota.id}", f"unknown places {', '.join(strangers)}", f"places of {quota.side}"
                )
            if quota.at_least < 0 or (quota.at_most is not None and quota.at_most < 0):
                yield Problem(f"quota {quota.id}", "a number below 0", "0 or more")
        for place, limit in self.limits.items():
            if place not in known["left"] | known["right"]:
                yield Problem(f"limits.{place}", "unknown place", "a place of either country")
            if limit < 0:
                yield Problem(f"limits.{place}", str(limit), "0 or more")


def tickets(left: Sequence[str], right: Sequence[str]) -> Whole:
    """Return each pair's lot from 1 to 9999, from the two codes alone: it breaks ties between equal totals.

    SHA-256 of each code gives 64 bits; both are mixed (splitmix64) to one number.
    """
    import hashlib

    def bits(places: Sequence[str]) -> NDArray[np.uint64]:
        heads = [hashlib.sha256(f"comity pair lot v1\n{p}".encode()).digest()[:8] for p in places]
        return np.array([int.from_bytes(h, "big") for h in heads], dtype=np.uint64)

    a, b = bits(left), bits(right)
    with np.errstate(over="ignore"):
        mixed = a[:, None] + np.uint64(0x9E3779B97F4A7C15) * b[None, :]
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed = mixed ^ (mixed >> np.uint64(31))
    lots: Whole = (mixed % np.uint64(9999)).astype(np.int64) + 1
    return lots
