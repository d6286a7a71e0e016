"""Deciding: outcome, alternatives, identity."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date

import pytest

from comity.casework.changes import with_changes
from comity.casework.decide import decide
from comity.casework.decision import DecisionOutcome
from comity.casework.document import from_bytes, to_bytes, to_document
from comity.errors import ComityError, MissingError


@pytest.mark.parametrize(
    ("seats_asked", "consent", "expected"),
    [
        (5, True, "granted"),
        (5, False, "granted_with_conditions"),
        (5, None, "referred"),
        (6, True, "refused"),
        (6, None, "refused"),
    ],
)
def test_the_outcome_follows_from_the_findings(ask, world, seats, seats_asked, consent, expected):
    assert decide(ask(seats=seats_asked, consent=consent), world, seats).outcome == expected


def test_only_law_refuses_and_a_no_that_rests_on_an_assumption_goes_to_a_person(ask, world, seats):
    decision = decide(ask(seats=6, sure=False), world, seats)
    assert decision.outcome == "referred"
    assert any("unconfirmed" in r.en for r in decision.reasons)
    assert decision.alternatives


def test_a_refusal_awards_nothing_and_a_referral_shows_what_could_be_given(ask, world, seats):
    assert decide(ask(seats=6), world, seats).award is None
    assert decide(ask(consent=None), world, seats).award["seats"] == 4


def test_every_alternative_passes_when_it_is_decided_by_itself(ask, world, seats):
    decision = decide(ask(seats=9), world, seats)
    assert [a.changes for a in decision.alternatives] == [{"seats": 5}, {"seats": 4}, {"seats": 3}]
    for alternative in decision.alternatives:
        changed = with_changes(decision.application, alternative.changes)
        again = decide(seats.schema.model_validate(changed), world, seats, alternatives=False)
        assert again.outcome is alternative.outcome
        assert again.award == alternative.award


def test_no_alternative_is_offered_where_none_passes(ask, world, seats):
    crowded = replace(world, register=[10])
    assert decide(ask(seats=2), crowded, seats).alternatives == ()


def test_a_granted_application_needs_no_alternative(ask, world, seats):
    assert decide(ask(), world, seats).alternatives == ()


def test_reasons_name_rule_and_citation_in_both_languages(ask, world, seats):
    reasons = decide(ask(seats=9), world, seats).reasons
    assert any("[S1; House rule 1]" in r.en and "9 of 5 seats" in r.en for r in reasons)
    assert any("〔S1；House rule 1〕" in r.zh and "5 席中之 9 席" in r.zh for r in reasons)
    assert reasons[-1].en == "What would pass: 3 seats"


def test_deciding_twice_gives_the_same_bytes_whatever_the_order_of_the_register(ask, world, seats):
    first = to_bytes(decide(ask(), world, seats))
    assert to_bytes(decide(ask(), replace(world, register=[2, 3]), seats)) == first


def test_the_identity_is_the_hash_of_the_file(ask, world, seats):
    decision = decide(ask(), world, seats)
    assert hashlib.sha256(to_bytes(decision)).hexdigest() == decision.identity


def test_contact_data_never_enters_a_decision(ask, world, seats):
    decision = decide(ask(contact="somebody@example.org"), world, seats)
    assert b"somebody" not in to_bytes(decision)
    assert decision.identity == decide(ask(), world, seats).identity


def test_the_decision_is_made_on_the_rounded_numbers_that_it_records(ask, world, seats):
    decision = decide(ask(gain_dbi=3.004999), world, seats)
    assert decision.application["gain_dbi"] == decision.award["gain_dbi"] == 3.0


def test_a_decision_survives_its_own_json(ask, world, seats):
    for application in (ask(), ask(seats=9), ask(consent=None)):
        decision = decide(application, world, seats)
        assert to_bytes(from_bytes(to_bytes(decision))) == to_bytes(decision)
        assert from_bytes(to_bytes(decision)).outcome is DecisionOutcome(decision.outcome)


def test_the_day_is_the_one_of_the_world(ask, world, seats):
    assert decide(ask(), replace(world, today=date(2031, 1, 1)), seats).decided_on == date(2031, 1, 1)


def test_an_unknown_regime_is_refused_with_those_there_are(ask, world, seats):
    with pytest.raises(MissingError) as caught:
        decide(ask(regime="nowhere"), world, seats)
    assert "one of hall" in caught.value.render()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"form": "other/1"}',
        b"[" * 200_000,
        b'{"form": "comity-decision/1"}',
    ],
)
def test_what_is_no_decision_file_is_refused_with_the_accepted_form(content):
    with pytest.raises(ComityError) as caught:
        from_bytes(content, "decision.json")
    assert "decision.json" in caught.value.render()
    assert "comity-decision/1" in caught.value.render()


def test_the_document_is_plain_json(ask, world, seats):
    decision = decide(ask(seats=9), world, seats)
    assert json.loads(to_bytes(decision)) == to_document(decision)
