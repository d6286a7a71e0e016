"""Replaying what the office decided, on the register as it then was; and what erasure leaves of it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from test_cases import APPLICANT, AT, FIRST, OTHER, SECOND, decided, submitted
from test_spectrum_desk import settled, taken

from comity.casework.workflow import Actor, Role
from comity.errors import ComityError


def verdicts(number: str) -> list[str]:
    from comity.office.cases.services.replay import replay_case

    return [row.found.verdict.value for row in replay_case(number)]


def two_sites() -> tuple[str, str]:
    from sites import open_desk

    open_desk()
    first, second = taken(0, "a"), taken(1, "b")
    assert [settled(first), settled(second)] == ["granted", "referred"]
    return first, second


def test_a_decision_is_reproduced_on_the_register_of_its_day_whatever_came_after() -> None:
    from race_worker import FIRM

    from comity.office.cases.services.act import act

    first, second = two_sites()
    assert verdicts(first) == verdicts(second) == ["reproduced"]
    act(first, "surrender", actor=FIRM[0], at=AT)  # the second would be granted now
    assert verdicts(second) == ["reproduced"]
    assert settled(second) == "granted"
    assert verdicts(second) == ["reproduced", "reproduced"]


def test_a_replay_uses_nothing_that_decisions_left_behind() -> None:
    from sites import open_desk

    from comity.coordination.cache import PathLosses

    class Untouchable(PathLosses):
        def get(self, *_: object) -> object:
            raise AssertionError("a replay asked what an earlier decision had computed")

    _, second = two_sites()
    desk = open_desk()
    desk.world([], AT.date()).memory["path losses"] = Untouchable()
    assert verdicts(second) == ["reproduced"]


def test_a_decision_is_the_same_with_a_database_and_without() -> None:
    """What is decided from plain values, with no database at hand, has the identity that either database stores."""
    from dataclasses import replace

    from sites import open_desk, site

    from comity.casework.decide import decide
    from comity.office.cases.models import StoredDecision
    from comity.office.desks import Ahead

    two_sites()
    desk = open_desk()
    first, second = StoredDecision.objects.order_by("pk")
    books = {"case.received_on": "2026-03-02"}
    alone = decide(site(0), replace(desk.world([], AT.date()), settings=books), desk.programme)
    assert alone.identity == first.identity
    held = Ahead(f"spectrum/2026/{first.case_id:06d}", AT, alone.application, alone.award, True)
    beside = decide(site(1), replace(desk.world([held], AT.date()), settings=books), desk.programme)
    assert beside.identity == second.identity


def test_a_changed_decision_is_altered_and_the_field_is_named() -> None:
    from comity.office.cases.models import StoredDecision
    from comity.office.cases.services.replay import replay_case

    first, _ = two_sites()
    stored = StoredDecision.objects.get(case__number=first)
    forged = json.loads(bytes(stored.document))
    forged["award"]["stations"][0]["eirp_dbm"] = 60
    StoredDecision.objects.filter(pk=stored.pk).update(document=json.dumps(forged).encode())
    (found,) = (row.found for row in replay_case(first))
    assert found.verdict == "altered"
    (difference,) = found.differences
    assert (difference.path, difference.found) == ("award.stations.0.eirp_dbm", 60)
    assert difference.recorded < 42


def test_a_decision_with_one_more_space_or_another_identity_is_altered() -> None:
    from comity.office.cases.models import StoredDecision

    first, second = two_sites()
    stored = StoredDecision.objects.get(case__number=first)
    StoredDecision.objects.filter(pk=stored.pk).update(document=b" " + bytes(stored.document))
    StoredDecision.objects.filter(case__number=second).update(identity="0" * 64)
    assert verdicts(first) == verdicts(second) == ["altered"]


def test_another_revision_of_a_model_is_not_taken_for_a_forgery(monkeypatch: pytest.MonkeyPatch) -> None:
    import slots

    from comity.casework.decision import Provenance

    case = submitted()
    decided(case)
    assert verdicts(case.number) == ["reproduced"]
    monkeypatch.setattr(slots, "NOTHING", Provenance({}, {"slots": "2"}, {}, ""))
    assert verdicts(case.number) == ["revision unavailable"]


def closed(key: str = "k1", slot: str = "A1"):
    from comity.office.cases.services.act import act

    case = submitted(slot, key, contact="secret@example.org")
    decided(case)
    act(case.number, "grant", actor=SECOND, at=AT)
    return act(case.number, "surrender", actor=APPLICANT, at=AT)


def test_an_erased_case_replays_as_erased_by_policy_and_every_proof_stays() -> None:
    from comity.office.cases.models import StoredDecision, Submission
    from comity.office.cases.services.erase import erase_case
    from comity.office.ledger import services as ledger
    from comity.office.ledger.models import Record
    from comity.register.verify import verify_log

    case = closed()
    kept = ledger.publish()
    receipts = ledger.receipts(case.number)
    assert erase_case(case.number, policy="TEST-RETENTION", at=AT) == len(receipts) + 1 == 5
    assert verdicts(case.number) == ["erased by policy"]
    assert not Record.objects.filter(case=case.number).exclude(data=None, salt=None).exists()
    left = (
        bytes(StoredDecision.objects.get().document) + json.dumps(Submission.objects.get().document).encode()
    )
    assert b"A1" not in left
    assert b"seal" not in left
    log = ledger.log()
    assert verify_log(log.folder, log.signer.verifier, since=[kept]).sound
    assert all(r.holds(log.signer.verifier)[0] for r in receipts)


def test_an_erased_case_leaves_no_word_of_the_party_anywhere_in_the_office(tmp_path: Path) -> None:
    """Whatever was said of the applicant, in whatever table: the backup holds every row of all of them."""
    import gzip

    from comity.office.backup import backup
    from comity.office.cases.models import Award
    from comity.office.cases.services.act import act
    from comity.office.cases.services.erase import erase_case
    from comity.office.exports import export
    from comity.register.export import check_tables

    jane = Actor("jane-doe", Role.APPLICANT)
    words = (b"jane-doe", b"Home-of-Doe", b"canary-contact", b"canary-reason", b"canary-key")
    case = submitted("Home-of-Doe", "canary-key", jane, contact="canary-contact", private=True)
    decided(case)
    act(case.number, "grant", actor=SECOND, at=AT, reason="canary-reason")
    act(case.number, "surrender", actor=jane, at=AT)
    for erased in (False, True):
        if erased:
            erase_case(case.number, policy="TEST-RETENTION", at=AT)
        backup(tmp_path / "b.gz")
        lines = gzip.decompress((tmp_path / "b.gz").read_bytes()).splitlines()
        rows = b"".join(
            line for line in lines if b'"cases.cell"' not in line
        )  # squares of land, not of a case
        assert [word in rows for word in words[:2]] == [not erased] * 2
        assert not erased or not any(word in rows for word in words)
    assert not Award.objects.get().terms.exists()
    export(tmp_path)
    assert check_tables(tmp_path, 5) == []


def test_what_rested_on_an_erased_case_says_so() -> None:
    from comity.office.cases.services.act import act
    from comity.office.cases.services.erase import erase_case

    case = submitted()
    decided(case)
    act(case.number, "grant", actor=SECOND, at=AT)
    later = submitted(key="k2", applicant=OTHER)
    decided(later)
    act(case.number, "surrender", actor=APPLICANT, at=AT)
    assert verdicts(later.number) == ["reproduced"]
    erase_case(case.number, policy="TEST-RETENTION", at=AT)
    assert verdicts(later.number) == ["erased by policy"]


def test_records_erased_in_the_register_alone_are_erased_by_policy_too() -> None:
    from comity.office.ledger import services as ledger

    case = closed()
    ledger.erase(case.number, policy="TEST-RETENTION", at=AT)
    assert verdicts(case.number) == ["erased by policy"]


def test_a_living_case_is_not_erased_and_an_erased_one_not_revived() -> None:
    from comity.office.cases.services.act import act
    from comity.office.cases.services.erase import erase_case

    case = submitted()
    with pytest.raises(ComityError, match="only a closed case"):
        erase_case(case.number, policy="TEST-RETENTION", at=AT)
    assert decided(case).outcome == "granted"
    refused = submitted(key="k2", applicant=OTHER)
    decided(refused)
    act(refused.number, "refuse", actor=SECOND, at=AT)
    last = AT + timedelta(days=60)
    for at in (AT, last):
        with pytest.raises(ComityError, match="'appeal' runs until 2026-05-01; erase it later"):
            erase_case(refused.number, policy="TEST-RETENTION", at=at)
    erase_case(refused.number, policy="TEST-RETENTION", at=last + timedelta(days=1))
    with pytest.raises(ComityError, match="erased by policy"):
        act(refused.number, "admit_appeal", actor=FIRST, at=last)
    with pytest.raises(ComityError, match="there is no case"):
        act("slots/2026/999999", "take", actor=FIRST, at=AT)
