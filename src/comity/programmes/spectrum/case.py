"""What the authority itself knows of a case: its acts, its day of receipt, the papers an officer has seen.

These stand in the world's settings as ``case.NAME``, are recorded in the decision, and never come from the
application: what an applicant says of the authority's acts proves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import JsonValue

from comity.casework.world import World
from comity.errors import ComityError, Problem
from comity.programmes.spectrum.application import SpectrumApplication
from comity.rules.fact import FactValue

_PREFIX = "case."
#: Acts of the authority, read by rules as ``application.declarations.NAME``.
ACTS = (
    "exception_granted",
    "defence_clearance",
    "special_review_ordered",
    "special_review_passed",
    "further_documents_requested",
)
#: Whether the authority knows of nobody beside its own awards.
OWN_AWARDS_ONLY = "own_awards_only"
#: Further statements that only an officer makes, or the office of itself.
_FLAGS = (*ACTS, "special_approval", "urban", "consents_verified", OWN_AWARDS_ONLY)
#: On equal days everybody who is already listed goes before the candidate.
LAST_OF_THE_DAY = 10**9 + 1


@dataclass(frozen=True, slots=True)
class Case:
    """The authority's own part of a case.

    Parameters
    ----------
    flags : acts and statements by name
    received_on : day of receipt by the authority's own books; ``None``: as the application says
    received_order : rank among those received on that day
    """

    flags: Mapping[str, bool]
    received_on: date | None = None
    received_order: int = LAST_OF_THE_DAY

    def rank(self, application: SpectrumApplication) -> tuple[date, int]:
        """Return the day and order by which earlier applications are told from later ones."""
        return self.received_on or application.received_on, self.received_order

    def document(self, application: SpectrumApplication) -> dict[str, Any]:
        """Return the application as rules read it: with the authority's acts in place of words about them.

        An act that the applicant names and no officer confirms is unknown, not done.
        """
        document = application.model_dump()
        named = dict(application.declarations)
        claimed = {act: None for act in ACTS if named.pop(act, None) is not None}
        acts = {act: self.flags[act] for act in ACTS if act in self.flags}
        document["declarations"] = {**named, **claimed, **acts}
        approval = self.flags.get("special_approval")
        stated = document["party"]["special_approval"]
        document["party"]["special_approval"] = (None if stated else False) if approval is None else approval
        # A denial of the urban rules decides nothing; to admit them does.
        document["urban"] = self.flags.get("urban", True if application.urban else None)
        return document


def case_of(world: World) -> Case:
    """Return what the world's settings say of the case, or say which of them cannot be read."""
    flags: dict[str, bool] = {}
    received_on: date | None = None
    order, problems = LAST_OF_THE_DAY, []
    for key, value in world.settings.items():
        name = key.removeprefix(_PREFIX)
        if name == key:
            continue
        if name in _FLAGS and isinstance(value, bool):
            flags[name] = value
        elif name == "received_on" and (day := _day(value)) is not None:
            received_on = day
        elif name == "received_order" and (place := _place(value)) is not None:
            order = place
        else:
            accepted = (
                f"one of {', '.join(_FLAGS)} as true or false; received_on as 2026-03-02; "
                f"received_order as a whole number from 0 to {LAST_OF_THE_DAY}"
            )
            problems.append(Problem(key, repr(value), accepted))
    if problems:
        raise ComityError("the case cannot be read", problems)
    return Case(flags, received_on, order)


def readings_of(world: World) -> dict[str, FactValue]:
    """Return the settings that are readings of the law."""
    return {k: v for k, v in world.settings.items() if not k.startswith(_PREFIX)}  # type: ignore[misc]


def _place(value: JsonValue) -> int | None:
    """Return a whole number within the range, also where it was written as 3.0; NaN lies in no range."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LAST_OF_THE_DAY:
        return None
    return int(value) if value == int(value) else None


def _day(value: JsonValue) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
