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
