"""What an officer settled of a case holds its place before later ones, and lasts as long as what it was said of."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from test_cases import APPLICANT, AT, FIRST, OTHER
from test_time import fab

JAPANESE = {"country": "JP"}
APPROVED = {"case.special_approval": True}


def taken(key: str, applicant=APPLICANT, **changes: object) -> str:
    from comity.office.cases.services.act import act
    from comity.office.cases.services.submit import submit
    from comity.office.desk_spectrum import SpectrumDesk
    from comity.office.desks import DESKS

    DESKS["spectrum"] = SpectrumDesk()
    case = submit("spectrum", fab(**changes), applicant=applicant, client_key=key, at=AT)
    return act(case.number, "take", actor=FIRST, at=AT).number


def approve(number: str) -> None:
    from comity.office.cases.services.settle import settle

    settle(number, APPROVED, officer=FIRST, at=AT, reason="letter of the ministry")


def outcome(number: str) -> str:
    from comity.office.cases.services.decide import decide_case

    return decide_case(number, officer=FIRST, at=AT).outcome


@pytest.fixture
def two() -> tuple[str, str]:
    """Return two cases that ask for the same place; the earlier one rests on what an officer settles."""
    from comity.office.cases.services.decide import decision_now

    first = taken("first", party=fab().party.model_dump(mode="json") | JAPANESE)
    assert not decision_now(first, at=AT).outcome.is_grant
    return first, taken("second", OTHER)


def test_what_was_settled_keeps_the_place_of_an_earlier_case(two) -> None:
    from comity.office.cases.models import StoredDecision
    from comity.office.cases.services.decide import decision_now
    from comity.office.cases.services.replay import replay_case
    from comity.office.cases.services.settle import settle

    first, second = two
    approve(first)
    assert decision_now(first, at=AT).outcome.is_grant
    assert not outcome(second).startswith("granted")
    (respected,) = StoredDecision.objects.get(case__number=second).ahead
    assert respected["settled"] == APPROVED
    settle(first, {"case.special_approval": False}, officer=FIRST, at=AT, reason="the letter was withdrawn")
    assert [row.found.verdict.value for row in replay_case(second)] == ["reproduced"]
    assert outcome(second).startswith("granted")


def test_what_is_settled_is_seen_by_a_decision_that_was_computed_before(two, monkeypatch) -> None:
    from comity.office.cases.services import decide as service

    first, second = two
    compute: Callable[..., object] = service._decide
    done: list[str] = []

    def slow(*arguments: object) -> object:
        found = compute(*arguments)
        if not done:
            done.append(first)
            approve(first)
        return found

    monkeypatch.setattr(service, "_decide", slow)
    assert not outcome(second).startswith("granted")


def test_what_was_settled_of_an_erased_case_stays_in_no_decision_on_another(two) -> None:
    from comity.office.cases.models import StoredDecision
    from comity.office.cases.services.act import act
    from comity.office.cases.services.erase import erase_case

    first, second = two
    approve(first)
    outcome(second)
    act(first, "withdraw", actor=APPLICANT, at=AT)
    erase_case(first, policy="TEST-RETENTION", at=AT)
    (respected,) = StoredDecision.objects.get(case__number=second).ahead
    assert (respected["number"], respected["settled"]) == (first, {})


def answer_with(number: str, **changes: object):
    from comity.office.cases.services.act import act
    from comity.office.cases.services.answer import answer
    from comity.office.cases.services.find import find_case

    if find_case(number).state == "in_review":
        act(number, "ask", actor=FIRST, at=AT, reason="please correct")
    return answer(number, fab(**changes), applicant=APPLICANT, at=AT)


def test_what_was_settled_of_one_party_does_not_hold_of_what_it_says_next() -> None:
    import json

    from comity.office.cases.services.settle import settle
    from comity.office.ledger.models import Entry

    party = fab().party.model_dump(mode="json")
    number = taken("first", party=party | JAPANESE)
    approve(number)
    settle(number, {"case.received_on": "2026-02-20"}, officer=FIRST, at=AT, reason="stamp")
    # what it was said of is as it was: it still holds
    case = answer_with(number, party=party | JAPANESE, documents=["letter"])
    assert case.settled == APPROVED | {"case.received_on": "2026-02-20"}
    case = answer_with(number, party=party | {"country": "CN"})
    assert case.settled == {"case.received_on": "2026-02-20"}
    public = json.loads(bytes(Entry.objects.order_by("-index")[0].data))["public"]
    assert public["no_longer_settled"] == ["case.special_approval"]
    assert not outcome(number).startswith("granted")


def test_another_party_place_or_band_is_no_answer() -> None:
    from comity.errors import ComityError
    from comity.office.cases.models import Submission

    number = taken("first")
    whole = fab().model_dump(mode="json")
    stranger = whole["party"] | {"name": {"en": "Another Company"}, "registration_number": "12345675"}
    moved = [s | {"latitude": s["latitude"] + 0.5} for s in whole["stations"]]
    for changes, places in (
        ({"party": stranger}, ["party"]),
        ({"stations": moved}, [f"stations {s['id']}" for s in moved]),
        ({"radio": whole["radio"] | {"band": "other"}}, ["radio.band"]),
    ):
        with pytest.raises(ComityError, match="file a new application") as refused:
            answer_with(number, **changes)
        assert [p.place for p in refused.value.problems] == places
    assert Submission.objects.count() == 1
    lower = [s | {"eirp_dbm": s["eirp_dbm"] - 1} for s in whole["stations"]]
    assert answer_with(number, stations=lower).state == "in_review"
