"""A case as an officer needs it before her: where it stands, whose move it is, what is possible, what happened."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from comity.casework.workflow import WAITS_FOR, WORKFLOW, CaseView, Role, State, Step, settles
from comity.office.cases.models import Case, Deadline, StoredDecision
from comity.office.cases.services.act import view_of
from comity.office.cases.services.deadlines import title_of
from comity.office.cases.services.enter import BY_THEMSELVES, actor_for
from comity.office.cases.services.find import find_case
from comity.office.desks import desk_for
from comity.office.ledger.models import Entry

_AWARD = ("status", "holder", "place", "starts", "ends", "band_low_mhz", "band_high_mhz")


def overview(number: str, *, by: str, at: datetime) -> dict[str, Any]:
    """Return the whole case for JSON.

    Parameters
    ----------
    by : officer whose possible steps are asked for
    at : time for which deadlines are counted

    Raises
    ------
    MissingError
        If there is no such case.
    """
    case = find_case(number)
    newest = case.submissions.order_by("-sequence")[0]
    award = getattr(case, "award", None)
    return {
        **summary(case),
        "reference": newest.document.get("reference"),
        "submissions": case.submissions.count(),
        "varies": case.varies.number if case.varies else None,
        "changes": case.changes,
        "varied_by": list(case.variations.order_by("pk").values_list("number", flat=True)),
        "settled": case.settled,
        "decision": None if case.decision is None else _decision(case.decision),
        "last_decision": _last_decision(case),
        "award": None if award is None else {name: _plain(getattr(award, name)) for name in _AWARD},
        "proposed_by": case.proposed_by,
        "deadlines": [deadline(row, at.date()) for row in open_deadlines(case)],
        "remarks": [remark.as_dict() for remark in desk_for(case.programme).remarks()],
        "possible": possible(case, by=by, at=at),
        "steps": [
            {
                "at": step.at.isoformat(),
                "action": step.action,
                "role": step.role,
                "actor": step.actor,
                "through": step.through,
                "account": step.account,
                "reason": step.reason,
            }
            for step in case.steps.all()
        ],
        "register": [
            {"entry": entry.index, "kind": entry.kind, "at": entry.at.isoformat()}
            for entry in Entry.objects.filter(case=number).order_by("index")
        ],
    }


def summary(case: Case) -> dict[str, Any]:
    """Return what a list says of a case."""
    state = State(case.state)
    return {
        "case": case.number,
        "programme": case.programme,
        "regime": case.regime,
        "state": state.value,
        "state_name": WORKFLOW.names[state].as_dict(),
        "waits_for": waits_for(case),
        "applicant": case.applicant,
        "received_at": case.received_at.isoformat(),
    }


def waits_for(case: Case) -> str | None:
    """Return whose move it is, ``None`` where nobody has to do anything; a proposed revocation waits for an officer."""
    if case.state == State.IN_FORCE and case.proposed_by:
        return Role.OFFICER.value
    role = WAITS_FOR.get(State(case.state))
    return None if role is None else role.value


def possible(case: Case, *, by: str, at: datetime) -> list[dict[str, Any]]:
    """Return every step that the table has for the case, whether ``by`` may enter it now, and if not why not."""
    view = view_of(case)
    return [_answered(row, case, view, by, at) for row in WORKFLOW.rows(view.state)]


def _answered(row: Step, case: Case, view: CaseView, by: str, at: datetime) -> dict[str, Any]:
    if row.action in BY_THEMSELVES:
        allowed, reason = False, BY_THEMSELVES[row.action]
    else:
        # what a decision would find is not known before it is computed
        asked = replace(view, outcome="granted") if row.action == "decide" else view
        allowed, reason = WORKFLOW.answer(row, asked, actor_for(row, case.applicant, by), at)
    return {
        "action": row.action,
        "role": row.role.value if row.role else None,
        "next": row.next.value,
        "allowed": allowed,
        "reason": None if allowed else reason.as_dict(),
        "closes": settles(row),
    }


def open_deadlines(case: Case) -> list[Deadline]:
    """Return the deadlines and windows that run, soonest first."""
    return sorted((d for d in case.deadlines.all() if d.met_at is None), key=lambda d: (d.due, d.pk))


def deadline(row: Deadline, today: date) -> dict[str, Any]:
    """Return a deadline with the days that are left, below 0 where it is over."""
    return {
        "clock": row.clock,
        "title": title_of(row).as_dict(),
        "due": row.due.isoformat(),
        "days_left": (row.due - today).days,
        "role": row.role,
        "who": row.who,
        "citation": row.citation,
    }


def _decision(stored: StoredDecision) -> dict[str, Any]:
    document: Mapping[str, Any] = json.loads(bytes(stored.document))
    return {
        "identity": stored.identity,
        "outcome": stored.outcome,
        "made_by": stored.made_by,
        "made_at": stored.made_at.isoformat(),
        "reasons": document.get("reasons", []),
    }


def _last_decision(case: Case) -> dict[str, Any] | None:
    """Return the newest decision where it is not on the table: the case came back into review."""
    stored = case.decisions.order_by("-pk").first()
    return None if stored is None or stored == case.decision else _decision(stored)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
