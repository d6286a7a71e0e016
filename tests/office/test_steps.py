"""Steps that were once a way round the table: bare decisions, one officer alone, an officer's own application."""

from __future__ import annotations

import pytest
from race_worker import PANEL
from slots import application
from test_cases import APPLICANT, AT, FIRST, OTHER, SECOND, decided, submitted

from comity.casework.machine import StepRefused
from comity.casework.workflow import WITH_SOMETHING, Actor, Role


def acted(case, *steps: tuple[str, Actor], at=AT):
    from comity.office.cases.services.act import act

    for action, actor in steps:
        case = act(case.number, action, actor=actor, at=at)
    return case


def granted(*more: object, **fields: object):
    case = submitted(*more, **fields)
    assert decided(case).outcome == "granted"
    return acted(case, ("grant", SECOND))


REVOKED = (("propose_revocation", FIRST), ("revoke", SECOND))


@pytest.mark.parametrize("action", sorted(WITH_SOMETHING))
def test_a_step_that_brings_something_with_it_is_never_taken_bare(action: str) -> None:
    case = submitted()
    acted(case, ("take", FIRST))
    for actor in (FIRST, SECOND, APPLICANT):
        with pytest.raises(StepRefused, match="a service of its own"):
            acted(case, (action, actor))


def test_a_remitted_case_is_not_put_into_force_on_its_old_decision() -> None:
    """The place was given to another in the meantime."""
    from comity.office.cases.models import Award

    first = acted(granted("S", "a"), *REVOKED)
    second = granted("S", "b", OTHER)
    acted(first, ("appeal", APPLICANT), ("remit", PANEL))
    for action, actor in (("decide", FIRST), ("grant", SECOND)):
        with pytest.raises(StepRefused):
            acted(first, (action, actor))
    in_force = Award.objects.filter(status="in_force")
    assert list(in_force.values_list("case__number", flat=True)) == [second.number]
    assert decide_again(first).outcome == "refused"
    with pytest.raises(StepRefused, match="no decision that grants"):
        acted(first, ("grant", SECOND))


def decide_again(case, officer: Actor = FIRST):
    from comity.office.cases.services.decide import decide_case

    return decide_case(case.number, officer=officer, at=AT)


def test_nothing_is_put_into_force_whose_reservation_is_gone_or_another_decisions() -> None:
    from comity.office.cases.models import Award, StoredDecision

    case, other = submitted(), submitted("B1", "k2", OTHER)
    decided(case), decided(other)
    award = Award.objects.get(case=case)
    Award.objects.filter(pk=award.pk).update(decision=StoredDecision.objects.get(case=other))
    with pytest.raises(StepRefused, match="not reserved"):
        acted(case, ("grant", SECOND))
    Award.objects.filter(pk=award.pk).update(decision=award.decision, status="ended")
    with pytest.raises(StepRefused, match="not reserved"):
        acted(case, ("grant", SECOND))


def test_a_reopened_case_forgets_who_decided_and_what() -> None:
    from comity.office.cases.models import Award

    case = submitted()
    decided(case)
    acted(case, ("reopen", SECOND))
    assert not Award.objects.exists()
    decide_again(case, SECOND)
    with pytest.raises(StepRefused, match="second officer"):
        acted(case, ("grant", SECOND))
    assert acted(case, ("grant", FIRST)).state == "in_force"


def test_nobody_decides_or_signs_an_application_of_their_own() -> None:
    from comity.office.cases.services.submit import submit

    own = Actor(FIRST.id, Role.APPLICANT)
    case = submitted(applicant=own)
    with pytest.raises(StepRefused, match="of their own"):
        acted(case, ("take", FIRST))
    acted(case, ("take", SECOND))
    with pytest.raises(StepRefused, match="of their own"):
        decide_again(case, FIRST)
    decide_again(case, SECOND)
    with pytest.raises(StepRefused, match="of their own"):
        acted(case, ("grant", FIRST))
    with pytest.raises(StepRefused, match="for the applicant"):
        submit("slots", application("X", "Z9"), applicant=FIRST, client_key="o", at=AT)


def test_one_officer_alone_does_not_revoke() -> None:
    case = granted()
    for actor in (FIRST, SECOND):
        with pytest.raises(StepRefused, match="a second officer revokes"):
            acted(case, ("revoke", actor))
    acted(case, ("propose_revocation", SECOND))
    with pytest.raises(StepRefused, match="a second officer revokes"):
        acted(case, ("revoke", SECOND))
    assert acted(case, ("revoke", FIRST)).state == "revoked"


def test_a_proposal_to_revoke_leaves_the_deadlines_of_the_award_running() -> None:
    from comity.office.cases.models import Deadline

    case = acted(granted(), ("propose_revocation", FIRST))
    assert list(Deadline.objects.filter(case=case, met_at=None).values_list("clock", flat=True)) == ["build"]


def test_who_took_each_step_is_kept_and_sealed_and_not_public() -> None:
    import json

    from comity.office.cases.models import StepTaken
    from comity.office.ledger import services as ledger
    from comity.office.ledger.models import Entry
    from comity.register.event import Event

    case = granted()
    taken = list(StepTaken.objects.filter(case=case).values_list("action", "actor"))
    assert taken == [
        ("submit", APPLICANT.id), ("take", FIRST.id), ("decide", FIRST.id), ("grant", SECOND.id),
    ]  # fmt: skip
    entry = bytes(Entry.objects.get(kind="granted").data)
    sealed = json.loads(ledger.opened(Event.decode(entry).record))
    assert (sealed["decided_by"], sealed["actor"]) == (FIRST.id, SECOND.id)
    assert b"officer" not in entry


@pytest.mark.parametrize("closed", ["refused", "revoked"])
def test_what_is_upheld_is_appealed_once_and_stays_what_it_was(closed: str) -> None:
    if closed == "revoked":
        case, by = acted(granted(), *REVOKED), APPLICANT
    else:
        granted("A1", "k0")
        case, by = submitted(key="k2", applicant=OTHER), OTHER
        decided(case)
        acted(case, ("refuse", SECOND))
    assert acted(case, ("appeal", by), ("uphold", PANEL)).state == closed
    for at in (AT, AT.replace(year=2040)):
        with pytest.raises(StepRefused, match="an officer decides"):
            acted(case, ("appeal", by), at=at)
    assert acted(case, ("admit_appeal", FIRST), ("uphold", PANEL)).state == closed


def test_a_regime_without_a_time_for_appeals_leaves_the_appeal_to_an_officer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import slots

    monkeypatch.setattr(slots.SlotDesk, "deadlines", lambda *_: ())
    granted("A1", "k0")
    case = submitted(key="k2", applicant=OTHER)
    decided(case)
    acted(case, ("refuse", SECOND))
    with pytest.raises(StepRefused, match="an officer decides"):
        acted(case, ("appeal", OTHER))
    assert acted(case, ("admit_appeal", FIRST)).state == "appealed"


def asked(slot: str = "Q", key: str = "q", **fields: object):
    case = submitted(slot, key, **fields)
    return acted(case, ("take", FIRST), ("ask", FIRST))


def answered(case, slot: str, by: Actor = APPLICANT, reference: str = "X-1", **fields: object):
    from comity.office.cases.services.answer import answer

    changed = application(reference, slot, **fields)
    return answer(case.number, changed, applicant=by, at=AT)


def test_an_answer_brings_a_document_that_is_decided_in_place_of_the_first() -> None:
    from comity.office.cases.models import CaseCell, Deadline, Submission
    from comity.office.ledger.models import Entry

    case = asked(unknown=True)
    assert list(Deadline.objects.filter(met_at=None).values_list("clock", flat=True)) == ["correction"]
    assert answered(case, "R").state == "in_review"
    assert list(CaseCell.objects.filter(case=case).values_list("key", flat=True)) == ["slots/R"]
    assert list(Deadline.objects.filter(met_at=None).values_list("clock", flat=True)) == ["review"]
    assert list(Entry.objects.filter(case=case.number).values_list("kind", flat=True)) == ["submitted"] * 2
    assert answered(case, "R").state == "in_review"  # sent again
    assert Submission.objects.filter(case=case).count() == 2
    decision = decide_again(case)
    assert (decision.outcome, decision.submission.sequence) == ("granted", 2)
    assert acted(case, ("grant", SECOND)).award.place == "R"


def test_only_the_applicant_answers_what_was_asked_in_the_same_matter() -> None:
    from comity.errors import ComityError

    case = asked()
    with pytest.raises(StepRefused, match="only the applicant"):
        answered(case, "R", OTHER)
    with pytest.raises(ComityError, match="is about X-1"):
        answered(case, "R", reference="X-2")
    answered(case, "R")
    with pytest.raises(StepRefused, match="cannot be changed by 'answer'"):
        answered(case, "T")


def test_what_an_answer_moves_is_seen_by_a_decision_that_was_computed_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The earlier case moves to the place of the later one while the later one is being decided."""
    from comity.office.cases.services import decide as service

    earlier, later = asked("P", "p"), submitted("R", "r", OTHER)
    acted(later, ("take", FIRST))
    compute, moved = service._decide, []

    def slow(*arguments: object):
        found = compute(*arguments)
        if not moved:
            moved.append(answered(earlier, "R"))
        return found

    monkeypatch.setattr(service, "_decide", slow)
    assert decide_again(later).outcome == "refused"


def test_what_an_officer_settled_lets_the_case_be_decided_and_stands_in_the_decision() -> None:
    import json

    from comity.errors import ComityError
    from comity.office.cases.models import StepTaken
    from comity.office.cases.services.replay import replay_case
    from comity.office.cases.services.settle import settle

    case = submitted(unknown=True)
    known = {"case.known": True}
    with pytest.raises(StepRefused, match="cannot be changed by 'settle'"):
        settle(case.number, known, officer=FIRST, at=AT, reason="letter of 1 March")
    assert decided(case).outcome == "referred"
    for settings, reason in ((known, " "), ({"reading": 1}, "letter"), ({}, "letter")):
        with pytest.raises(ComityError):
            settle(case.number, settings, officer=FIRST, at=AT, reason=reason)
    with pytest.raises(StepRefused, match="of their own"):
        settle(case.number, known, officer=Actor(APPLICANT.id, Role.OFFICER), at=AT, reason="letter")
    settle(case.number, known, officer=SECOND, at=AT, reason="letter of 1 March")
    stored = decide_again(case)
    assert (stored.outcome, json.loads(bytes(stored.document))["settings"]) == ("granted", known)
    assert StepTaken.objects.get(action="settle").actor == SECOND.id
    assert [r.found.verdict.value for r in replay_case(case.number)] == ["reproduced"] * 2


def test_a_decision_on_what_was_changed_meanwhile_is_not_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    from comity.errors import ComityError
    from comity.office.cases.models import StoredDecision
    from comity.office.cases.services import decide as service
    from comity.office.cases.services.settle import settle

    case, compute = acted(submitted(unknown=True), ("take", FIRST)), service._decide

    def slow(*arguments: object):
        settle(case.number, {"case.known": True}, officer=SECOND, at=AT, reason="letter")
        return compute(*arguments)

    monkeypatch.setattr(service, "_decide", slow)
    with pytest.raises(ComityError, match="was changed while it was decided"):
        decide_again(case)
    assert not StoredDecision.objects.exists()


def test_the_time_for_the_review_runs_from_the_submission_until_the_decision() -> None:
    from comity.office.cases.models import Deadline

    case = submitted(unknown=True)
    acted(case, ("take", FIRST))
    assert decide_again(case).outcome == "referred"
    (due,) = Deadline.objects.filter(case=case, met_at=None)
    assert (due.clock, (due.due - AT.date()).days) == ("review", 60)
