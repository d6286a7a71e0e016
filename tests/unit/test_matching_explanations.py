"""Explanations say what happened, claim only what is guaranteed, and prove what they claim."""

from __future__ import annotations

import dataclasses
import random
import re

import pytest

from comity.errors import ComityError
from comity.matching import (
    MECHANISMS,
    Guarantee,
    Instance,
    Lottery,
    commit,
    host_optimal,
    student_optimal,
    verify,
)
from comity.matching.explain import Explainer, Why
from comity.matching.lottery import student_optimal_by_lottery
from comity.matching.verifier import Market, blocking_pairs, check_market, market_of

STUDENTS = {"Ann": ["X", "Y", "Z"], "Bo": ["X"], "Cy": ["Y"], "Di": ["X", "W"]}
HOSTS = {"X": ["Bo", "Ann"], "Y": ["Cy", "Ann"], "Z": ["Ann"], "W": []}
INSTANCE = Instance.from_lists(STUDENTS, HOSTS, {"X": 1, "Y": 1, "Z": 2, "W": 1})


def test_a_student_reads_why_each_better_host_was_closed() -> None:
    explained = Explainer(student_optimal(INSTANCE), student_optimal).student(0)
    assert explained.host == "Z"
    assert [(r.host, r.why, r.place, r.last_place) for r in explained.reasons] == [
        ("X", Why.FULL, 2, 1),
        ("Y", Why.FULL, 2, 1),
        ("Z", Why.PLACED, 1, 1),
    ]
    assert explained.proved is True
    assert "choice 3: Z" in explained.text.en
    assert "第 3 志願：Z" in explained.text.zh
    assert "No other list of yours" in explained.text.en


def test_a_student_whom_nobody_ranks_reads_so() -> None:
    explained = Explainer(student_optimal(INSTANCE), student_optimal).student(3)
    assert [r.why for r in explained.reasons] == [Why.NOT_RANKED, Why.NOT_RANKED]
    assert explained.host is None


def test_an_empty_host_reads_the_rural_hospitals_answer() -> None:
    explained = Explainer(student_optimal(INSTANCE)).host(2)
    assert explained.students == ("Ann",)
    assert "seats filled: 1 of 2" in explained.text.en
    assert "exactly the same students" in explained.text.en
    assert "完全相同" in explained.text.zh


def test_host_proposing_promises_no_student_that_her_list_could_not_be_better() -> None:
    explained = Explainer(host_optimal(INSTANCE), host_optimal).student(0)
    assert explained.proved is None
    assert "No other list" not in explained.text.en


def test_a_tie_that_the_lottery_decided_is_named() -> None:
    tied = Instance.from_lists({"Ann": ["X"], "Bo": ["X"]}, {"X": [["Ann", "Bo"]]}, {"X": 1})
    seed = "f" * 64
    matching = student_optimal_by_lottery(tied, Lottery(seed, commit(seed)))
    loser = next(s for s in range(2) if matching.host(s) is None)
    assert "public lottery decided" in Explainer(matching, untied=tied).student(loser).text.en


def test_numbers_are_the_same_in_both_languages() -> None:
    rng = random.Random(8)
    names = [f"S{c}" for c in "abcdefgh"]
    hosts = [f"H{c}" for c in "pqrs"]
    for _ in range(30):
        instance = Instance.from_lists(
            {s: rng.sample(hosts, rng.randint(0, 4)) for s in names},
            {h: rng.sample(names, rng.randint(0, 8)) for h in hosts},
            {h: rng.randint(0, 3) for h in hosts},
        )
        explainer = Explainer(student_optimal(instance), student_optimal)
        texts = [explainer.student(s).text for s in range(8)] + [explainer.host(h).text for h in range(4)]
        for text in texts:
            assert sorted(re.findall(r"\d+", text.en)) == sorted(re.findall(r"\d+", text.zh)), text


def test_the_verifier_names_the_blocking_pairs_of_a_doctored_result() -> None:
    market = market_of(student_optimal(INSTANCE))
    doctored = dataclasses.replace(market, placed={**market.placed, "Bo": None, "Ann": "X"})
    assert blocking_pairs(doctored) == [("Bo", "X")]
    verdict = check_market(doctored, MECHANISMS["student-optimal"].guarantees)
    assert not verdict.sound
    assert {c.claim for c in verdict.checks if c.holds is False} == {
        Guarantee.STABLE,
        Guarantee.STUDENT_OPTIMAL,
        Guarantee.RURAL_HOSPITALS,
    }


def test_the_verifier_refuses_the_wrong_optimum_and_too_many_students() -> None:
    men = {"a": ["A", "B"], "b": ["B", "A"]}
    women = {"A": ["b", "a"], "B": ["a", "b"]}
    instance = Instance.from_lists(men, women, {"A": 1, "B": 1})
    assert verify(student_optimal(instance), [Guarantee.STUDENT_OPTIMAL]).sound
    assert not verify(host_optimal(instance), [Guarantee.STUDENT_OPTIMAL]).sound
    assert not verify(student_optimal(instance), [Guarantee.HOST_OPTIMAL]).sound
    crowded = Market(
        men, {h: dict.fromkeys(("a", "b"), 1) for h in "AB"}, {"A": 1, "B": 1}, {"a": "A", "b": "A"}
    )
    assert not check_market(crowded, [Guarantee.FEASIBLE]).sound


def test_a_seed_other_than_the_committed_one_is_refused() -> None:
    with pytest.raises(ComityError, match="not the lottery"):
        Lottery("e" * 64, commit("d" * 64))
    with pytest.raises(ComityError, match="guessed"):
        commit("1234")


def test_a_ticket_can_be_recomputed_with_any_sha256_tool() -> None:
    """Value from ``printf 'comity lottery ticket v1\\n<64 a>\\n2026-07-01\\nAnn' | sha256sum``."""
    seed = "a" * 64
    ticket = Lottery(seed, commit(seed), "2026-07-01").ticket("Ann")
    assert ticket == "8dd80fd3bbbc6138c710b39ed230e8cdb3e52782ee161fd1b8f17766cb472ed3"


@pytest.mark.parametrize("mechanism", MECHANISMS.values(), ids=lambda m: m.id)
def test_every_mechanism_declares_at_least_that_its_result_is_feasible(mechanism: object) -> None:
    assert mechanism.claims(Guarantee.FEASIBLE)  # type: ignore[attr-defined]
