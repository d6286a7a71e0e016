"""Every other step of a case: take, ask, countersign, appeal, surrender, revoke, expire."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from comity.casework.canonical import canonical_bytes, normalise
from comity.casework.replay import ERASED
from comity.casework.workflow import Actor, CaseView, State, Step, StepRefused, step_for
from comity.errors import ComityError
from comity.office.cases.cells import locked, snapshot, touch
from comity.office.cases.models import Award, Case, Deadline
from comity.office.cases.services.deadlines import start_clock
from comity.office.cases.services.find import find_case
from comity.office.desks import desk_for
from comity.office.ledger.services import Happening, record
from comity.register.event import EventKind
from comity.rules.text import Text

_GIVES_UP = ("surrender", "revoke", "expire")


def act(number: str, action: str, *, actor: Actor, at: datetime, reason: str = "") -> Case:
    """Take one step of the workflow table; all of it happens, or nothing.

    Raises
    ------
    StepRefused
        If the table or a guard does not allow it; the message says why.
    """
    case = find_case(number)
    home = sorted(case.cells.values_list("key", flat=True))
    seen, _ = snapshot(case, home)
    with locked(seen):
        case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        step = step_for(_view(case), action, actor, at)
        case.state = step.next
        case.save(update_fields=["state"])
        public = _apply(case, step, home, at)
        if step.event:
            content = canonical_bytes(normalise({"action": action, "by": actor.role, "reason": reason}))
            record(case.programme, case.number, at, [Happening(EventKind(step.event), content, public)])
        desk = desk_for(case.programme)
        document = case.submissions.order_by("-sequence")[0].document
        if ERASED in document:
            raise ComityError(f"case {number}: erased by policy: {document[ERASED]}")
        application = desk.programme.schema.model_validate_json(canonical_bytes(document))
        start_clock(desk, case, application, step.clock, at)
    return case


def _view(case: Case) -> CaseView:
    decision = case.decisions.order_by("-pk").first()
    award = Award.objects.filter(case=case).first()
    appeal = Deadline.objects.filter(case=case, clock="appeal", met_at=None).first()
    return CaseView(
        State(case.state),
        case.applicant,
        decided_by=case.decided_by or None,
        outcome=decision.outcome if decision else None,
        award_ends=award.ends if award else None,
        appeal_until=appeal.due if appeal else None,
    )


def _apply(case: Case, step: Step, home: list[str], at: datetime) -> dict[str, Any]:
    """Change what the step changes beside the state; return what the register says of it in public."""
    award = Award.objects.filter(case=case).first()
    if award is None:
        return {}
    if step.action == "grant":
        award.status = Award.Status.IN_FORCE
        award.save(update_fields=["status"])
        if case.varies is not None:
            _replace(case.varies, case, at)
        touch(home)
        return {
            "award": award.document,
            "holder": award.holder,
            "place": award.place,
            "starts": award.starts.isoformat(),
            "ends": award.ends.isoformat() if award.ends else None,
            "decision": award.decision.identity,
        }
    if step.action == "reopen":
        award.delete()
        touch(home)
    elif step.action in _GIVES_UP:
        award.status = Award.Status.ENDED
        award.save(update_fields=["status"])
        touch(home)
    return {}


def _replace(old: Case, new: Case, at: datetime) -> None:
    """End the award that the one just granted takes the place of."""
    if Case.objects.select_for_update(of=("self",)).get(pk=old.pk).state != State.IN_FORCE:
        raise StepRefused(
            Text(
                f"case {old.number}, which this one would change, is no longer in force",
                f"本案所變更之案件 {old.number} 已非有效",
            )
        )
    Award.objects.filter(case=old).update(status=Award.Status.ENDED)
    Case.objects.filter(pk=old.pk).update(state=State.VARIED)
    Deadline.objects.filter(case=old, met_at=None).update(met_at=at)
    content = canonical_bytes({"action": "vary", "replaced_by": new.number})
    record(old.programme, old.number, at, [Happening(EventKind.VARIED, content, {"replaced_by": new.number})])
