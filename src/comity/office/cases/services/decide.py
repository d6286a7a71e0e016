"""Deciding a case so that two conflicting ones are never both granted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from comity.casework.application import Application
from comity.casework.canonical import canonical_bytes
from comity.casework.decide import decide
from comity.casework.decision import Decision
from comity.casework.document import to_bytes
from comity.casework.workflow import Actor, CaseView, State, step_for
from comity.errors import ComityError
from comity.office.cases.cells import locked, snapshot, touch
from comity.office.cases.models import Award, Case, StoredDecision, Submission
from comity.office.cases.search import index_award
from comity.office.cases.services.deadlines import start_clock
from comity.office.cases.services.find import find_case
from comity.office.cases.services.steps import note_step
from comity.office.desks import Ahead, Desk, desk_for
from comity.office.ledger.services import Happening, record
from comity.register.event import EventKind

#: After so many lost races the decision is computed with the cells held, so that it cannot lose again.
_PATIENCE = 4


def decide_case(number: str, *, officer: Actor, at: datetime) -> StoredDecision:
    """Decide a case under review, store the decision, and reserve what it would grant.

    Raises
    ------
    StepRefused
        If the case is not under review, or the actor may not decide it.
    """
    case, desk, submission, application = _papers(number)
    reach = desk.reach_cells(application)
    for _ in range(_PATIENCE):
        seen, ahead = snapshot(case, reach)
        decision = _decide(desk, case, application, ahead, at)
        with locked(seen) as unchanged:
            if unchanged:
                return _store(desk, case, submission, application, decision, seen, ahead, officer, at)
    versions, _ = snapshot(case, reach)
    with locked(versions):
        seen, ahead = snapshot(case, reach)
        decision = _decide(desk, case, application, ahead, at)
        return _store(desk, case, submission, application, decision, seen, ahead, officer, at)


def decision_now(number: str, *, at: datetime) -> Decision:
    """Return the decision that the case would get now; nothing is stored, reserved or held locked."""
    case, desk, _, application = _papers(number)
    _, ahead = snapshot(case, desk.reach_cells(application))
    return _decide(desk, case, application, ahead, at)


def _papers(number: str) -> tuple[Case, Desk, Submission, Application]:
    case = find_case(number)
    desk = desk_for(case.programme)
    submission = case.submissions.order_by("-sequence")[0]
    application = desk.programme.schema.model_validate_json(canonical_bytes(submission.document))
    return case, desk, submission, application


def _decide(desk: Desk, case: Case, application: Application, ahead: list[Case], at: datetime) -> Decision:
    world = desk.world([_ahead(other) for other in ahead], at.date())
    # what an officer settled goes before the books: a paper may have come before it was entered
    world = replace(world, settings={**world.settings, **desk.known(case.received_at), **case.settled})
    return decide(application, world, desk.programme)


def _ahead(case: Case) -> Ahead:
    award = getattr(case, "award", None)
    submission = max(case.submissions.all(), key=lambda s: s.sequence)
    return Ahead(
        number=case.number,
        received_at=case.received_at,
        application=submission.document,
        award=award.document if award else None,
        in_force=award is not None and award.status == Award.Status.IN_FORCE,
        submission=submission.sequence,
        decision=award.decision.identity if award else None,
        # an award says itself what was given, whatever it rested on
        settled={} if award else dict(case.settled),
    )


def _respected(case: Case) -> dict[str, Any]:
    """Return by what a replay finds again what ``case`` held or asked for."""
    ahead = _ahead(case)
    return {
        "number": ahead.number,
        "submission": ahead.submission,
        "decision": ahead.decision,
        "in_force": ahead.in_force,
        "settled": dict(ahead.settled),
    }


def _store(
    desk: Desk,
    case: Case,
    submission: Submission,
    application: Application,
    decision: Decision,
    seen: dict[str, int],
    ahead: list[Case],
    officer: Actor,
    at: datetime,
) -> StoredDecision:
    decided, case = case, Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    newest = case.submissions.order_by("-sequence")[0]
    if (newest.pk, case.settled) != (submission.pk, decided.settled):
        raise ComityError(f"case {case.number} was changed while it was decided; decide it again")
    outcome = decision.outcome.value
    action = "refer" if outcome == "referred" else "decide"
    view = CaseView(State(case.state), case.applicant, outcome=outcome)
    private = desk.private(application)
    step = step_for(view, action, officer, at)
    content = to_bytes(decision)
    stored = StoredDecision.objects.create(
        case=case,
        submission=submission,
        identity=decision.identity,
        outcome=outcome,
        document=content,
        cells=seen,
        ahead=[_respected(other) for other in ahead],
        made_at=at,
        made_by=officer.id,
    )
    case.state, case.decision = step.next, stored
    case.save(update_fields=["state", "decision"])
    note_step(case, action, officer, at)
    if decision.outcome.is_grant:
        _reserve(desk, case, stored, decision, private=private)
        touch(desk.home_cells(application))
    # the plain hash would let anybody test a guess of where a person lives; the salted commitment does not
    public = {"outcome": outcome} | ({} if private else {"decision": decision.identity})
    (entry,) = record(case.programme, case.number, at, [Happening(EventKind(step.event), content, public)])
    StoredDecision.objects.filter(pk=stored.pk).update(entry=entry)
    start_clock(desk, case, application, step.clock, at)
    return stored


def _reserve(desk: Desk, case: Case, stored: StoredDecision, decision: Decision, *, private: bool) -> None:
    Award.objects.filter(
        case=case, status=Award.Status.ENDED
    ).delete()  # of a revocation that an appeal undid
    columns = desk.columns(decision)
    award = Award.objects.create(
        case=case,
        decision=stored,
        programme=case.programme,
        regime=case.regime,
        status=Award.Status.PENDING,
        private=private,
        document=decision.award,
        **{name: getattr(columns, name) for name in columns.__dataclass_fields__},
    )
    index_award(award)
