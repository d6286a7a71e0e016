"""How the partnerships of a programme stand on a day: assessments, terms that end, steps that may follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from comity.errors import ComityError, Problem
from comity.programmes.cities.lifecycle import PARTNERSHIPS, STAGE_NAMES, Alert, Partnership, alerts
from comity.programmes.cities.monitoring import Assessment, Comparison, compare_with_published
from comity.rules.pack import RulePack
from comity.rules.text import Text


@dataclass(frozen=True, slots=True)
class Standing:
    """One partnership: its stage, and each step that its table has there, whether it may be taken, and if not why."""

    first: str
    second: str
    stage: Text
    steps: tuple[tuple[str, bool, Text], ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """What a day's look at the partnerships found.

    Parameters
    ----------
    on : the day
    assessments : how many self-assessments were counted
    principles : mean of each principle beside the published one
    partnerships : where each stands
    alerts : instruments whose term ends within the pack's notice or has ended
    """

    on: date
    assessments: int
    principles: tuple[Comparison, ...]
    partnerships: tuple[Standing, ...]
    alerts: tuple[Alert, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return everything for JSON."""
        return {
            "on": self.on.isoformat(),
            "assessments": self.assessments,
            "principles": [
                {
                    "id": c.principle.id,
                    "title": c.principle.title.as_dict(),
                    "name_verified": c.principle.named,
                    "mean": c.mean,
                    "answers": c.answers,
                    "published": c.published,
                    "difference": c.difference,
                }
                for c in self.principles
            ],
            "partnerships": [
                {
                    "first": p.first,
                    "second": p.second,
                    "stage": p.stage.as_dict(),
                    "steps": [
                        {"step": step, "allowed": allowed, "reason": None if allowed else why.as_dict()}
                        for step, allowed, why in p.steps
                    ],
                }
                for p in self.partnerships
            ],
            "alerts": [
                {
                    "partnership": list(a.partnership),
                    "instrument": a.instrument,
                    "ends": a.ends.isoformat(),
                    "days_left": a.days_left,
                    "text": a.text.as_dict(),
                }
                for a in self.alerts
            ],
        }


def watch(
    assessments: Sequence[Assessment],
    partnerships: Sequence[Partnership],
    pack: RulePack,
    on: date,
    *,
    pair: str = "",
) -> Watch:
    """Return how partnerships stand on a day.

    Parameters
    ----------
    assessments : self-assessments; those of a later day are left out
    pair : one partnership only, as ``first--second``; ``""`` for all

    Raises
    ------
    ComityError
        If nothing is known of that partnership.
    """
    known = sorted({*map(_id, assessments), *map(_id, partnerships)})
    if pair and pair not in known:
        raise ComityError("there is no such partnership", [Problem("--pair", repr(pair), ", ".join(known))])
    counted = [a for a in assessments if a.day <= on and pair in ("", _id(a))]
    chosen = [p for p in partnerships if pair in ("", _id(p))]
    return Watch(
        on,
        len(counted),
        compare_with_published(counted, pack, on),
        tuple(_standing(p, on) for p in chosen),
        tuple(alerts(chosen, on, pack)),
    )


def _standing(partnership: Partnership, on: date) -> Standing:
    rows = PARTNERSHIPS.rows(partnership.stage)
    steps = tuple((row.action, *PARTNERSHIPS.answer(row, partnership, on)) for row in rows)
    return Standing(partnership.first, partnership.second, STAGE_NAMES[partnership.stage], steps)


def _id(what: Assessment | Partnership) -> str:
    return f"{what.first}--{what.second}"
