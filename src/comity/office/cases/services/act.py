"""Every other step of a case: take, ask, countersign, appeal, surrender, revoke, expire."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from comity.casework.canonical import canonical_bytes, normalise
from comity.casework.machine import STEPS, StepRefused
from comity.casework.replay import ERASED
from comity.casework.workflow import (
    TAKING_PART,
    WITH_SOMETHING,
    WORKFLOW,
    Actor,
    CaseView,
    State,
    Step,
    step_for,
)
from comity.errors import ComityError
from comity.office.cases.cells import locked, snapshot, touch
from comity.office.cases.models import Award, Case, Deadline
from comity.office.cases.services.deadlines import start_clock
from comity.office.cases.services.find import find_case
from comity.office.cases.services.steps import note_step
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
    if action in WITH_SOMETHING:
        raise StepRefused(
            Text(
                f"'{action}' brings something with it and has a service of its own",
                f"「{action}」須附文件或決定，不得單獨執行",
            ),
            [row.label for row in WORKFLOW.rows(State(case.state)) if row.action not in WITH_SOMETHING],
            STEPS,
        )
    home = sorted(case.cells.values_list("key", flat=True))
    seen, _ = snapshot(case, home)
    with locked(seen):
        case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        view = view_of(case)
        step = step_for(view, action, actor, at)
        public = _apply(case, step, actor, home, at)
        case.state = step.next
        if step.next is State.IN_REVIEW:
            case.decision = None
        case.proposed_by = actor.id if action == "propose_revocation" else ""
        case.save(update_fields=["state", "decision", "proposed_by"])
        note_step(case, action, actor, at, reason)
        if step.event:
            sealed = {
                "action": action,
                "by": actor.role,
                "actor": actor.id,
                "through": actor.through,
                "account": actor.account,
                "decided_by": view.decided_by,
                "proposed_by": view.proposed_by,
                "reason": reason,
            }
            content = canonical_bytes(normalise(sealed))
            record(case.programme, case.number, at, [Happening(EventKind(step.event), content, public)])
        desk = desk_for(case.programme)
        document = case.submissions.order_by("-sequence")[0].document
        if ERASED in document:
            raise ComityError(f"case {number}: erased by policy: {document[ERASED]}")
        application = desk.programme.schema.model_validate_json(canonical_bytes(document))
        start_clock(desk, case, application, step.clock, at)
    return case


def view_of(case: Case) -> CaseView:
    """Return what guards may look at."""
    decision, award = case.decision, getattr(case, "award", None)
    appeal = next((d for d in case.deadlines.all() if d.clock == "appeal" and d.met_at is None), None)
    return CaseView(
        State(case.state),
        case.applicant,
        decided_by=decision.made_by if decision else None,
        outcome=decision.outcome if decision else None,
        reserved=award is not None
        and award.status == Award.Status.PENDING
        and award.decision_id == case.decision_id,
        proposed_by=case.proposed_by or None,
        took_part=_took_part(case),
        award_ends=award.ends if award else None,
        appeal_until=appeal.due if appeal else None,
    )


def _took_part(case: Case) -> frozenset[str]:
    """Return who made or signed what is under appeal; nobody where nothing is."""
    if case.state not in (State.APPEALED, State.REVOCATION_APPEALED):
        return frozenset()
    return frozenset(step.actor for step in case.steps.all() if step.action in TAKING_PART)


def _apply(case: Case, step: Step, actor: Actor, home: list[str], at: datetime) -> dict[str, Any]:
    """Change what the step changes beside the state; return what the register says of it in public."""
    award = Award.objects.filter(case=case).first()
    if award is None:
        return {}
    if step.action == "grant":
        award.status = Award.Status.IN_FORCE
        award.save(update_fields=["status"])
        if case.varies is not None:
            _replace(case.varies, case, actor, at)
        touch(home)
        return _granted(award)
    if step.action == "reopen" and award.status == Award.Status.PENDING:
        award.delete()
        touch(home)
    elif step.action in _GIVES_UP:
        award.status = Award.Status.ENDED
        award.save(update_fields=["status"])
        touch(home)
    return {}


def _granted(award: Award) -> dict[str, Any]:
    """Return what the register says of a grant: every column of the exports, and the award itself.

    Of a private individual it says neither the award, which tells where the stations stand, nor the plain hash of the
    decision, against which a guess could be tested.
    """
    public: dict[str, Any] = {
        "regime": award.regime,
        "holder": award.holder,
        "place": award.place,
        "latitude": award.latitude,
        "longitude": award.longitude,
        "band_low_mhz": award.band_low_mhz,
        "band_high_mhz": award.band_high_mhz,
        "starts": award.starts.isoformat(),
        "ends": award.ends.isoformat() if award.ends else None,
    }
    return (
        public if award.private else public | {"award": award.document, "decision": award.decision.identity}
    )


def _replace(old: Case, new: Case, actor: Actor, at: datetime) -> None:
    """End the award that the one just granted takes the place of."""
    old = Case.objects.select_for_update(of=("self",)).get(pk=old.pk)
    if old.state != State.IN_FORCE:
        raise StepRefused(
            Text(
                f"case {old.number}, which this one would change, is no longer in force",
                f"本案所變更之案件 {old.number} 已非有效",
            ),
            WORKFLOW.accepted(State.DECIDED),
            STEPS,
        )
    step = step_for(view_of(old), "vary", actor, at)
    Award.objects.filter(case=old).update(status=Award.Status.ENDED)
    Case.objects.filter(pk=old.pk).update(state=step.next)
    Deadline.objects.filter(case=old, met_at=None).update(met_at=at)
    note_step(old, "vary", actor, at)
    content = canonical_bytes({"action": "vary", "actor": actor.id, "replaced_by": new.number})
    record(
        old.programme,
        old.number,
        at,
        [Happening(EventKind(step.event), content, {"replaced_by": new.number})],
    )
