"""Monitoring of a partnership by the ten G20 principles, 1 to 5, beside the means that were published.

Reference: OECD and European Commission, City-to-City Partnerships to Localise the Sustainable Development Goals (2023),
chapter 4: 27 of 57 partnerships, October and November 2022. Three means are published there in words; the other seven
are not, and stay without a comparison.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from comity.errors import ComityError, Problem
from comity.rules.pack import RulePack
from comity.rules.text import Text

LOWEST, HIGHEST = 1, 5


@dataclass(frozen=True, slots=True)
class Principle:
    """One principle; ``fact`` names its published mean in the rule pack, ``""`` for none.

    ``named`` says whether its name was read in the report; the others follow the wording of its questionnaire's
    fields and are to be checked against it.
    """

    id: str
    title: Text
    fact: str = ""
    named: bool = True


PRINCIPLES: tuple[Principle, ...] = (
    Principle(
        "territorial_approach",
        Text("Territorial approach", "地域取向"),
        "principles.territorial_approach_mean",
    ),
    Principle("multi_level_governance", Text("Multi-level governance", "多層次治理")),
    Principle("rural_urban_continuum", Text("Rural-urban continuum", "城鄉連續體"), named=False),
    Principle("financing", Text("Financing", "財務")),
    Principle(
        "stakeholder_engagement",
        Text("Stakeholder engagement", "利害關係人參與"),
        "principles.stakeholder_engagement_mean",
    ),
    Principle("peer_learning", Text("Peer-to-peer learning", "同儕學習"), "principles.peer_learning_mean"),
    Principle("capacity_development", Text("Capacity development", "能力建構")),
    Principle("digitalisation", Text("Digitalisation", "數位化"), named=False),
    Principle("data", Text("Data and indicators", "資料與指標"), named=False),
    Principle("evaluation", Text("Monitoring and evaluation", "監測與評估"), named=False),
)


@dataclass(frozen=True, slots=True)
class Assessment:
    """One self-assessment: which partnership, when, by which side, its scores by principle (missing: not answered)."""

    first: str
    second: str
    day: date
    by: str
    scores: Mapping[str, int]

    def __post_init__(self) -> None:
        """Refuse unknown principles and scores off the scale, all at once."""
        known = {p.id for p in PRINCIPLES}
        problems = [
            Problem(f"scores.{name}", "no such principle", ", ".join(sorted(known)))
            for name in self.scores
            if name not in known
        ]
        problems += [
            Problem(f"scores.{name}", repr(score), f"a whole number from {LOWEST} to {HIGHEST}")
            for name, score in self.scores.items()
            if name in known
            and (isinstance(score, bool) or not isinstance(score, int) or not LOWEST <= score <= HIGHEST)
        ]
        if problems:
            raise ComityError("this self-assessment cannot be used", problems)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One principle: the mean of the answers, how many there are, the published mean, and the difference."""

    principle: Principle
    mean: float | None
    answers: int
    published: float | None

    @property
    def difference(self) -> float | None:
        """Own mean less the published one, ``None`` where either is missing."""
        if self.mean is None or self.published is None:
            return None
        return round(self.mean - self.published, 2)


def compare_with_published(
    assessments: Sequence[Assessment], pack: RulePack, on: date
) -> tuple[Comparison, ...]:
    """Return, by principle, the mean of the assessments to two decimals beside what was published."""
    found = []
    for principle in PRINCIPLES:
        given = [a.scores[principle.id] for a in assessments if principle.id in a.scores]
        mean = round(math.fsum(given) / len(given), 2) if given else None
        published = pack.number(principle.fact, on=on) if principle.fact else None
        found.append(Comparison(principle, mean, len(given), published))
    return tuple(found)
