"""What the office promises for every case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from slots import application

from comity.casework.machine import StepRefused
from comity.casework.workflow import Actor, Role
from comity.errors import ComityError
from comity.register.verify import verify_log

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
APPLICANT, OTHER = Actor("firm-1", Role.APPLICANT), Actor("firm-2", Role.APPLICANT)
FIRST, SECOND = Actor("officer-1", Role.OFFICER), Actor("officer-2", Role.OFFICER)


def submitted(slot: str = "A1", key: str = "k1", applicant: Actor = APPLICANT, **more: object):
    from comity.office.cases.services.submit import submit

    return submit("slots", application("X-1", slot, **more), applicant=applicant, client_key=key, at=AT)


def decided(case):
    from comity.office.cases.services.act import act
    from comity.office.cases.services.decide import decide_case

    act(case.number, "take", actor=FIRST, at=AT)
    return decide_case(case.number, officer=FIRST, at=AT)


def test_a_submission_sent_twice_is_one_case() -> None:
    from comity.office.cases.models import Case
    from comity.office.ledger.models import Entry

    assert submitted().number == submitted().number
    assert Case.objects.count() == Entry.objects.count() == 1


def test_a_key_reused_for_another_application_is_refused() -> None:
    submitted("A1")
    with pytest.raises(ComityError, match="was used for another application"):
        submitted("A2")


def test_two_people_make_a_decision() -> None:
    from comity.office.cases.services.act import act

    case = submitted()
    assert decided(case).outcome == "granted"
    with pytest.raises(StepRefused, match="second officer"):
        act(case.number, "grant", actor=FIRST, at=AT)
    assert act(case.number, "grant", actor=SECOND, at=AT).state == "in_force"


def test_a_refused_step_changes_nothing() -> None:
    from comity.office.cases.models import Case
    from comity.office.cases.services.act import act
    from comity.office.ledger.models import Entry

    case = submitted()
    before = Entry.objects.count()
    for action, actor in [("grant", SECOND), ("withdraw", OTHER), ("fly", FIRST), ("take", APPLICANT)]:
        with pytest.raises(StepRefused):
            act(case.number, action, actor=actor, at=AT)
    assert Case.objects.get().state == "submitted"
    assert Entry.objects.count() == before


def test_the_second_applicant_for_the_last_place_is_refused_and_gets_it_after_surrender() -> None:
    from comity.office.cases.services.act import act
    from comity.office.cases.services.decide import decide_case

    first, second = submitted(key="k1"), submitted(key="k2", applicant=OTHER)
    assert decided(first).outcome == "granted"
    assert decided(second).outcome == "refused"
    act(first.number, "grant", actor=SECOND, at=AT)
    act(first.number, "surrender", actor=APPLICANT, at=AT)
    act(second.number, "reopen", actor=FIRST, at=AT)
    assert decide_case(second.number, officer=FIRST, at=AT).outcome == "granted"


def test_an_earlier_application_that_still_waits_is_respected() -> None:
    submitted(key="k1")
    later = submitted(key="k2", applicant=OTHER)
    assert decided(later).outcome == "refused"


def test_a_case_with_something_unknown_is_referred_and_stays_under_review() -> None:
    from comity.office.cases.models import Award, Case

    case = submitted(unknown=True)
    assert decided(case).outcome == "referred"
    assert Case.objects.get().state == "in_review"
    assert not Award.objects.exists()


def test_a_variation_replaces_the_award_it_changes() -> None:
    from comity.office.cases.models import Award, Case
    from comity.office.cases.services.act import act
    from comity.office.cases.services.submit import submit

    case = submitted(load=0.9)
    decided(case)
    act(case.number, "grant", actor=SECOND, at=AT)
    changed = submit("slots", application("X-2", "A1", 1.0), applicant=APPLICANT, client_key="k9", at=AT,
                     varies=case.number)  # fmt: skip
    assert decided(changed).outcome == "granted"
    act(changed.number, "grant", actor=SECOND, at=AT)
    assert Case.objects.get(number=case.number).state == "varied"
    assert Award.objects.filter(status="in_force").count() == 1


def test_an_appeal_after_its_time_is_refused() -> None:
    from comity.office.cases.services.act import act

    submitted(key="k1")
    second = submitted(key="k2", applicant=OTHER)
    decided(second)
    act(second.number, "refuse", actor=SECOND, at=AT)
    with pytest.raises(StepRefused, match="ended on"):
        act(second.number, "appeal", actor=OTHER, at=AT + timedelta(days=61))
    assert act(second.number, "appeal", actor=OTHER, at=AT + timedelta(days=60)).state == "appealed"


def test_everything_that_happened_is_in_the_published_log_and_has_a_receipt() -> None:
    from comity.office.cases.services.act import act
    from comity.office.ledger import services as ledger

    case = submitted()
    decided(case)
    act(case.number, "grant", actor=SECOND, at=AT)
    checkpoint = ledger.publish()
    assert checkpoint.size == 3
    assert ledger.publish() == checkpoint
    log = ledger.log()
    assert verify_log(log.folder, log.signer.verifier).sound
    assert log.receipt(2).holds(log.signer.verifier)[0]


def test_erased_data_is_gone_and_the_log_still_verifies() -> None:
    from comity.office.ledger import services as ledger
    from comity.office.ledger.models import Entry, Record
    from comity.register.event import Event

    case = submitted(contact="secret@example.org")
    sealed = Event.decode(bytes(Entry.objects.get(index=0).data)).record
    assert b"secret@example.org" in ledger.opened(sealed)
    before = ledger.publish()
    assert ledger.erase(case.number, policy="TEST-RETENTION", at=AT) == 1
    with pytest.raises(ComityError, match="erased by policy: TEST-RETENTION"):
        ledger.opened(sealed)
    assert Record.objects.get(commitment=sealed).data is None
    log = ledger.log()
    assert verify_log(log.folder, log.signer.verifier, since=[before]).sound


def test_a_changed_record_does_not_fit_its_commitment() -> None:
    from comity.office.ledger import services as ledger
    from comity.office.ledger.models import Entry, Record
    from comity.register.event import Event

    submitted()
    sealed = Event.decode(bytes(Entry.objects.get(index=0).data)).record
    Record.objects.filter(commitment=sealed).update(data=b"forged")
    with pytest.raises(ComityError, match="altered"):
        ledger.opened(sealed)


def test_personal_fields_stay_out_of_submission_and_decision() -> None:
    from comity.office.cases.models import StoredDecision, Submission

    case = submitted(contact="secret@example.org")
    decided(case)
    assert "contact" not in Submission.objects.get().document
    assert b"secret@example.org" not in bytes(StoredDecision.objects.get().document)


def test_what_is_written_once_is_never_changed_through_the_orm() -> None:
    from comity.office.ledger.models import Entry

    submitted()
    entry = Entry.objects.get()
    for change in (entry.save, entry.delete):
        with pytest.raises(TypeError, match="never"):
            change()


def test_deadlines_are_set_met_and_reminded_once() -> None:
    from comity.office.cases.models import Deadline
    from comity.office.cases.services.deadlines import remind

    case = submitted()
    assert [d.clock for d in Deadline.objects.filter(met_at=None)] == ["review"]
    decided(case)
    assert [d.clock for d in Deadline.objects.filter(met_at=None)] == ["review"]
    second = submitted("B1", "k5")
    today = (AT + timedelta(days=55)).date()
    later = AT + timedelta(days=55)
    assert [(d.case.number, d.clock) for d in remind(today, ahead_days=7, at=later)] == [
        (case.number, "review"),
        (second.number, "review"),
    ]
    assert remind(today, ahead_days=7, at=later) == []
    decided(second)
    from comity.office.cases.services.act import act

    act(second.number, "grant", actor=SECOND, at=AT)
    assert [d.clock for d in remind(today, ahead_days=7, at=later)] == ["build"]
    assert remind(today, ahead_days=7, at=later) == []
