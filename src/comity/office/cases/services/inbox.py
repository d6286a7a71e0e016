"""What waits for whom, what is due first at the top."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from comity.casework.workflow import TAKING_PART, WAITS_FOR, Role, State
from comity.office.cases.models import Case, Deadline, StepTaken
from comity.office.cases.services.overview import deadline, open_deadlines, possible, summary, waits_for

#: Whom the clocks of a rule pack name, and whose move that is.
_PARTIES = {"applicant": Role.APPLICANT.value, "authority": Role.OFFICER.value}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of the inbox is asked for.

    Parameters
    ----------
    by : only what this officer may do something about; ``""``: everything
    role : only what waits for ``applicant``, ``officer`` or ``panel``; ``""``: for anybody
    ahead_days : duties of awards in force fall in when due within so many days; what is overdue always does
    """

    by: str = ""
    role: str = ""
    ahead_days: int = 30


def inbox(wanted: Wanted, *, at: datetime) -> list[dict[str, Any]]:
    """Return every case that waits for somebody and every duty that falls due, by day; undated ones last."""
    rows = [*_waiting(wanted, at), *_duties(wanted, at.date())]
    rows = [row for row in rows if wanted.role in ("", row["waits_for"])]
    return sorted(rows, key=_order)


def _waiting(wanted: Wanted, at: datetime) -> Iterator[dict[str, Any]]:
    proposed = Q(state=State.IN_FORCE) & ~Q(proposed_by="")
    for case in _with_what_guards_need().filter(Q(state__in=list(WAITS_FOR)) | proposed).order_by("pk"):
        role = waits_for(case)
        steps = [s for s in possible(case, by=wanted.by, at=at) if s["role"] == role and s["allowed"]]
        if case.state == State.IN_FORCE:  # it waits for one thing only: that somebody else revokes it
            steps = [s for s in steps if s["action"] == "revoke"]
        if wanted.by and (not steps or role == Role.APPLICANT):
            continue
        due = [d for d in open_deadlines(case) if d.role == "due" and _PARTIES.get(d.who, role) == role]
        if case.state == State.IN_FORCE:  # the duties of the award are rows of their own
            due = []
        yield {
            **summary(case),
            "deadline": deadline(due[0], at.date()) if due else None,
            "steps": [s["action"] for s in steps],
        }


def _duties(wanted: Wanted, today: date) -> Iterator[dict[str, Any]]:
    """Return the duties that a case has in which nobody has to take a step."""
    rows = Deadline.objects.filter(met_at=None, role="due").exclude(case__state__in=list(WAITS_FOR))
    for row in rows.select_related("case").order_by("due", "pk"):
        role = _PARTIES.get(row.who, Role.APPLICANT.value)
        if (row.due - today).days > wanted.ahead_days or (wanted.by and role == Role.APPLICANT):
            continue
        yield {
            **summary(row.case),
            "waits_for": role,
            "deadline": deadline(row, today),
            "steps": [],
        }


def _with_what_guards_need() -> QuerySet[Case]:
    """Return cases with all that is asked of each, in three queries; of a decision not the document, which is long."""
    long = ("decision__document", "decision__ahead", "decision__cells", "award__document")
    taken = Prefetch("steps", StepTaken.objects.filter(action__in=TAKING_PART).defer("reason"))
    return Case.objects.select_related("decision", "award").prefetch_related("deadlines", taken).defer(*long)


def _order(row: dict[str, Any]) -> tuple[str, str]:
    due = row["deadline"]
    return (due["due"] if due else "9999-12-31"), row["case"]


def listed(state: str, applicant: str, most: int, *, at: datetime) -> list[dict[str, Any]]:
    """Return cases, the newest first, with whose move it is, what is due next and what can be done."""
    named = {"state": state, "applicant": applicant}
    rows = _with_what_guards_need().filter(**{name: value for name, value in named.items() if value})
    found = []
    for case in rows.order_by("-pk")[:most]:
        due = [d for d in open_deadlines(case) if d.role == "due"]
        steps = [s["action"] for s in possible(case, by="", at=at) if s["allowed"]]
        found.append(
            {**summary(case), "deadline": deadline(due[0], at.date()) if due else None, "steps": steps}
        )
    return found
