"""Results that are worse than what the published procedure gives, and look all right otherwise, are refused."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import numpy as np

from comity.matching import Instance, student_optimal, verify
from comity.matching.couples import Couple, CouplesMarket, blocking_choices
from comity.matching.exchange import balanced_exchange
from comity.matching.guarantees import MECHANISMS, Guarantee
from comity.matching.lottery import Lottery, commit, host_optimal_by_lottery, student_optimal_by_lottery
from comity.matching.outcome import Matching
from comity.matching.seating import HostGroup, Reserve, Seating, SeatRules, match_with_rules
from comity.matching.stable import host_optimal
from comity.matching.verifier import Verdict
from comity.matching.verifier_couples import blocking_with_couples
from comity.matching.verifier_rules import verify_balance, verify_rules

#: Both students get their first choice, or both hosts do.
CROSSED = Instance.from_lists(
    {"a": ["X", "Y"], "b": ["Y", "X"]}, {"X": ["b", "a"], "Y": ["a", "b"]}, {"X": 1, "Y": 1}
)
SEED = "a-seed-of-a-test-0123456789abcdef0123"


def broken(verdict: Verdict) -> set[Guarantee]:
    return {c.claim for c in verdict.checks if c.holds is False}


def test_after_a_draw_a_stable_result_that_is_worse_for_students_is_refused() -> None:
    forged = replace(host_optimal(CROSSED), mechanism=MECHANISMS["student-optimal-lottery"])
    assert broken(verify(forged)) == {Guarantee.STUDENT_OPTIMAL_DRAWN}
    right = replace(student_optimal(CROSSED), mechanism=MECHANISMS["student-optimal-lottery"])
    assert verify(right).sound
    other_side = replace(student_optimal(CROSSED), mechanism=MECHANISMS["host-optimal-lottery"])
    assert broken(verify(other_side)) == {Guarantee.HOST_OPTIMAL_DRAWN}


def test_under_seat_rules_a_result_that_is_worse_for_students_is_refused() -> None:
    forged = Matching(CROSSED, MECHANISMS["caps-and-reserves"], host_optimal(CROSSED).host_of)
    assert broken(verify_rules(forged, SeatRules())) == {Guarantee.AS_PUBLISHED}


def test_an_exchange_in_which_nobody_goes_anywhere_is_refused() -> None:
    nobody = Matching(CROSSED, MECHANISMS["balanced-exchange"], np.array([-1, -1], dtype=np.int32))
    sending, receiving = {"a": "P", "b": "Q"}, {"X": "P", "Y": "Q"}
    verdict = verify_balance(nobody, sending, receiving, {"P": ["a"], "Q": ["b"]})
    assert broken(verdict) == {Guarantee.AS_PUBLISHED}


def test_rankings_that_a_lottery_completed_claim_nothing_of_the_rankings_as_they_were() -> None:
    ties = Instance.from_lists(
        {"a": ["X", "Y"], "b": ["X"]}, {"X": [["a", "b"]], "Y": ["a"]}, {"X": 1, "Y": 1}
    )
    lottery = Lottery(SEED, commit(SEED), "beacon")
    for match in (student_optimal_by_lottery, host_optimal_by_lottery):
        mechanism = match(ties, lottery).mechanism
        assert verify(match(ties, lottery)).sound
        assert not mechanism.guarantees & {
            Guarantee.STABLE,
            Guarantee.STUDENT_OPTIMAL,
            Guarantee.HOST_OPTIMAL,
            Guarantee.RURAL_HOSPITALS,
        }


def random_rules(rng: random.Random, seats: dict[str, int], students: list[str]) -> SeatRules:
    """A group of two hosts or none, and reserves or caps at the others."""
    members = {g: frozenset(rng.sample(students, 2)) for g in ("g", "k")}
    seating: dict[str, Seating] = {}
    groups: tuple[HostGroup, ...] = ()
    alone = list(seats)
    if rng.random() < 0.5:
        cap = rng.randint(0, 3)
        groups = (HostGroup("G", ("A", "B"), cap, {"A": rng.randint(0, min(cap, seats["A"]))}),)
        alone = ["C"]
    for host in alone:
        if rng.random() < 0.4:
            seating[host] = Seating("open-first", (), {"g": rng.randint(0, 2)})
        else:
            reserve = Reserve("k", rng.randint(0, seats[host]), rng.random() < 0.5)
            seating[host] = Seating(rng.choice(["open-first", "reserved-first"]), (reserve,))
    return SeatRules(seating, groups, members)


def test_every_other_placement_of_one_student_is_refused_under_rules_and_in_an_exchange() -> None:
    """The engine's result passes; moving any one student anywhere else does not."""
    rng = random.Random(11)
    students = [f"s{i}" for i in range(5)]
    moved = 0
    for _ in range(80):
        seats = {h: rng.randint(0, 2) for h in "ABC"}
        lists = Instance.from_lists(
            {s: rng.sample("ABC", rng.randint(0, 3)) for s in students},
            {h: rng.sample(students, rng.randint(2, 5)) for h in seats},
            seats,
        )
        rules = random_rules(rng, seats, students)
        sending = {s: rng.choice("PQ") for s in students}
        receiving = {h: rng.choice("PQ") for h in seats}
        priority = {c: [s for s in students if sending[s] == c] for c in "PQ"}
        ruled = match_with_rules(lists, rules)
        traded = balanced_exchange(lists, sending, receiving, priority)
        assert verify_rules(ruled, rules).sound
        assert verify_balance(traded, sending, receiving, priority).sound
        for s in range(5):
            for h in range(-1, 3):
                for result in (ruled, traded):
                    host_of = result.host_of.copy()
                    if host_of[s] == h:
                        continue
                    host_of[s] = h
                    other = replace(result, host_of=host_of)
                    verdict = (
                        verify_rules(other, rules)
                        if result is ruled
                        else verify_balance(other, sending, receiving, priority)
                    )
                    assert not verdict.sound
                    moved += 1
    assert moved > 1000


def test_the_verifier_finds_the_blocking_choices_of_couples_without_the_engine() -> None:
    """Two implementations, read off the same definition, agree on any result; the verifier's imports no engine."""
    rng = random.Random(5)
    people, pairs = list("abcde"), [("a", "b"), ("c", "d")]
    blocked = 0
    for _ in range(300):
        couples = {
            pair: tuple(rng.sample([p for p in itertools.product([*"XYZ", None], repeat=2) if any(p)], 4))
            for pair in pairs[: rng.randint(1, 2)]
        }
        singles = {s: rng.sample("XYZ", 2) for s in people[2 * len(couples) :]}
        hosts = {h: rng.sample(people, rng.randint(2, 5)) for h in "XYZ"}
        seats = {h: rng.randint(0, 2) for h in "XYZ"}
        placed: dict[str, str | None] = dict.fromkeys(people)
        for s in people:
            free = [h for h in "XYZ" if s in hosts[h] and list(placed.values()).count(h) < seats[h]]
            placed[s] = rng.choice([*free, None])
        market = CouplesMarket(singles, tuple(Couple(*p, c) for p, c in couples.items()), hosts, seats)
        places = {h: {s: k for k, s in enumerate(ranked, 1)} for h, ranked in hosts.items()}
        found = blocking_with_couples(singles, couples, places, seats, placed)
        assert found == blocking_choices(market, placed)
        blocked += len(found)
    assert blocked > 100
