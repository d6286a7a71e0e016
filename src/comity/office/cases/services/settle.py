"""Settling what an application alone leaves unknown: an officer records what was found out, and who found it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pydantic import JsonValue

from comity.casework.canonical import canonical_bytes, normalise
from comity.casework.workflow import Actor, step_for
from comity.errors import ComityError
from comity.office.cases.cells import locked, snapshot, touch
from comity.office.cases.models import Case
from comity.office.cases.services.act import view_of
from comity.office.cases.services.find import find_case
from comity.office.cases.services.receipt import days_of_receipt
from comity.office.cases.services.steps import note_step
from comity.office.desks import desk_for
from comity.office.ledger.services import Happening, record
from comity.register.event import EventKind

#: What is known of one case; readings of the law are not settled case by case.
PREFIX = "case."


def settle(
    number: str, settings: Mapping[str, JsonValue], *, officer: Actor, at: datetime, reason: str
) -> Case:
    """Record what the authority knows of a case under review; the next decision rests on it and says so.

    Parameters
    ----------
    settings : by name, each ``case.NAME`` as the programme knows it; they become settings of the decision
    reason : where it is known from; sealed in the register with the officer's id

    Raises
    ------
    StepRefused
        If the case is not under review, or the actor may not settle anything in it.
    ComityError
        If the programme knows no such setting of a case, or no reason is given.
    """
    foreign = sorted(name for name in settings if not name.startswith(PREFIX))
    if foreign or not settings:
        raise ComityError(f"accepted are settings {PREFIX}NAME, not {', '.join(foreign) or 'none at all'}")
    if not reason.strip():
        raise ComityError("say from where it is known")
    case = find_case(number)
    home = sorted(case.cells.values_list("key", flat=True))
    seen, _ = snapshot(case, home)
    with locked(seen):
        case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        step = step_for(view_of(case), "settle", officer, at)
        first, _ = days_of_receipt(case.received_at.date(), None)
        desk_for(case.programme).check_settled(settings, (first, at.date()))
        case.state, case.settled = step.next, {**case.settled, **settings}
        case.save(update_fields=["state", "settled"])
        touch(home)  # what later cases are given depends on what this one would be
        note_step(case, step.action, officer, at, reason)
        sealed = {
            "action": step.action,
            "actor": officer.id,
            "through": officer.through,
            "reason": reason,
            "settings": dict(settings),
        }
        content = canonical_bytes(normalise(sealed))
        public = {"settled": sorted(settings)}
        record(case.programme, case.number, at, [Happening(EventKind(step.event), content, public)])
    return case
