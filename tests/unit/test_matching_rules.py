"""Caps, reserves, country balance, second rounds, couples: examples worked by hand, and enumeration."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, datetime, timedelta

import pytest

from comity.errors import ComityError
from comity.matching import Instance
from comity.matching.couples import Couple, CouplesMarket, blocking_choices, match_couples
from comity.matching.exchange import balance, balanced_exchange
from comity.matching.rounds import Answer, Reply, SecondRound
from comity.matching.seating import HostGroup, Reserve, Seating, SeatRules, match_with_rules
from comity.matching.verifier_rules import verify_balance, verify_rules

MEMBERS = {"new": frozenset({"a", "c"})}


@pytest.mark.parametrize(
    ("order", "seated"),
    [
        # open seat first: a (best of all) takes it, the reserved seat goes to the next member, c
        ("open-first", {"a", "c"}),
        # reserved seat first: a (best member) takes it, the open seat goes to the best of the rest, b
        ("reserved-first", {"a", "b"}),
    ],
)
def test_the_order_of_open_and_reserved_seats_decides_who_sits(order: str, seated: set[str]) -> None:
    instance = Instance.from_lists({s: ["H"] for s in "abcd"}, {"H": ["a", "b", "c", "d"]}, {"H": 2})
    rules = SeatRules({"H": Seating(order, (Reserve("new", 1),))}, members=MEMBERS)  # type: ignore[arg-type]
    matching = match_with_rules(instance, rules)
    assert {s for s, h in matching.as_names().items() if h} == seated
    assert verify_rules(matching, rules).sound


@pytest.mark.parametrize(("strict", "seated"), [(False, {"b", "d"}), (True, {"b"})])
def test_an_unclaimed_reserved_seat_opens_unless_it_is_strict(strict: bool, seated: set[str]) -> None:
    instance = Instance.from_lists({"b": ["H"], "d": ["H"]}, {"H": ["b", "d"]}, {"H": 2})
    rules = SeatRules({"H": Seating("open-first", (Reserve("new", 1, strict),))}, members=MEMBERS)
    matching = match_with_rules(instance, rules)
    assert {s for s, h in matching.as_names().items() if h} == seated
    assert verify_rules(matching, rules).sound


def test_a_cap_of_a_group_at_one_host() -> None:
    instance = Instance.from_lists({s: ["H"] for s in "abcd"}, {"H": ["a", "c", "b", "d"]}, {"H": 3})
    rules = SeatRules({"H": Seating("open-first", caps={"new": 1})}, members=MEMBERS)
    assert {s for s, h in match_with_rules(instance, rules).as_names().items() if h} == {"a", "b", "d"}


def test_a_cap_over_hosts_keeps_targets_and_moves_unused_seats() -> None:
    """Kamada and Kojima's point: cutting every host to its target would leave the second seat of Q empty."""
    instance = Instance.from_lists({"a": ["Q"], "b": ["Q"]}, {"P": [], "Q": ["a", "b"]}, {"P": 2, "Q": 2})
    rules = SeatRules(host_groups=(HostGroup("north", ("P", "Q"), 2, {"P": 1, "Q": 1}),))
    assert match_with_rules(instance, rules).as_names() == {"a": "Q", "b": "Q"}
    tight = SeatRules(host_groups=(HostGroup("north", ("P", "Q"), 1, {"P": 1}),))
    assert match_with_rules(instance, tight).as_names() == {"a": "Q", "b": None}


def random_rules(rng: random.Random) -> tuple[Instance, SeatRules]:
    students, hosts = [f"s{i}" for i in range(rng.randint(1, 5))], ["P", "Q", "R"]
    wishes = {s: rng.sample(hosts, rng.randint(0, 3)) for s in students}
    ranked = {h: rng.sample(students, rng.randint(0, len(students))) for h in hosts}
    seats = {h: rng.randint(1, 3) for h in hosts}
    members = {g: frozenset(s for s in students if rng.random() < 0.5) for g in ("x", "y")}
    members["z"] = frozenset(students) - members["x"]
    order = rng.choice(["open-first", "reserved-first"])
    if rng.random() < 0.5:
        seating = Seating(order, (Reserve(rng.choice("xyz"), 1, rng.random() < 0.5),))  # type: ignore[arg-type]
    else:
        seating = Seating("open-first", caps={"x": rng.randint(0, 2), "z": rng.randint(0, 2)})
    targets = {"P": rng.randint(0, 1), "Q": rng.randint(0, 1)}
    group = HostGroup("both", ("P", "Q"), rng.randint(sum(targets.values()), 4), targets)
    return Instance.from_lists(wishes, ranked, seats), SeatRules({"R": seating}, (group,), members)


def test_caps_and_reserves_leave_nobody_with_a_claim_and_reward_no_untrue_list() -> None:
    rng = random.Random(11)
    for _ in range(150):
        instance, rules = random_rules(rng)
        matching = match_with_rules(instance, rules)
        assert verify_rules(matching, rules).sound, (rules, matching.as_names())
        student = rng.randrange(instance.n_students)
        truth = instance.choices_of(student)
        mine = matching.host(student)
        better = truth[: truth.index(mine)] if mine is not None else truth
        for lie in itertools.chain.from_iterable(itertools.permutations(range(3), k) for k in range(4)):
            assert (
                match_with_rules(instance.with_student_list(student, lie), rules).host(student) not in better
            )


def test_contradicting_rules_are_all_named() -> None:
    instance = Instance.from_lists({"a": ["H"]}, {"H": ["a"], "J": []}, {"H": 1, "J": 1})
    rules = SeatRules(
        {"H": Seating("open-first", (Reserve("new", 2),), {"old": -1}), "K": Seating("open-first")},
        (HostGroup("g", ("H", "J"), 1, {"J": 2}), HostGroup("k", ("J",), 1)),
        {"new": frozenset({"a"})},
    )
    with pytest.raises(ComityError) as error:
        match_with_rules(instance, rules)
    assert [(p.place, p.message) for p in error.value.problems] == [
        ("seating of H", "cap -1 for old"),
        ("seating of H", "unknown student group 'old'"),
        ("seating of H", "more reserved seats than seats"),
        ("seating of H", "caps and reserves at one host"),
        ("seating of K", "unknown host"),
        ("group g", "target 2 of J"),
        ("group g", "targets together above the cap"),
        ("group g", "H has its own caps or reserves"),
        ("group k", "J is in g too"),
    ]


def random_exchange(
    rng: random.Random,
) -> tuple[Instance, dict[str, str], dict[str, str], dict[str, list[str]]]:
    countries = ["TW", "UK", "CZ"][: rng.randint(2, 3)]
    of_student = {f"s{i}": rng.choice(countries) for i in range(rng.randint(1, 5))}
    of_host = {f"h{i}": rng.choice(countries) for i in range(rng.randint(1, 3))}
    wishes = {s: rng.sample(list(of_host), rng.randint(0, len(of_host))) for s in of_student}
    ranked = {h: rng.sample(list(of_student), rng.randint(0, len(of_student))) for h in of_host}
    priority = {
        c: rng.sample(own, len(own))
        for c in countries
        if (own := [s for s, x in of_student.items() if x == c])
    }
    seats = {h: rng.randint(0, 2) for h in of_host}
    return Instance.from_lists(wishes, ranked, seats), of_student, of_host, priority


def rank(instance: Instance, student: int, host: int | None) -> int:
    choices = instance.choices_of(student)
    return choices.index(host) if host is not None else len(choices)


def test_an_exchange_is_balanced_efficient_and_rewards_no_untrue_list() -> None:
    rng = random.Random(3)
    for _ in range(120):
        instance, of_student, of_host, priority = random_exchange(rng)
        matching = balanced_exchange(instance, of_student, of_host, priority)
        assert verify_balance(matching, of_student, of_host, priority).sound
        assert all(sent == received for sent, received in balance(matching, of_student, of_host).values())
        mine = [rank(instance, s, matching.host(s)) for s in range(instance.n_students)]
        accepts = [set(instance.ranking_of(h)) for h in range(instance.n_hosts)]
        options = [
            [None, *(h for h in instance.choices_of(s) if s in accepts[h])]
            for s in range(instance.n_students)
        ]
        for pick in itertools.product(*options):
            if any(pick.count(h) > instance.seats[h] for h in range(instance.n_hosts)):
                continue
            net: dict[str, int] = {}
            for s, h in enumerate(pick):
                if h is not None:
                    for country, step in ((of_student[f"s{s}"], 1), (of_host[f"h{h}"], -1)):
                        net[country] = net.get(country, 0) + step
            if not any(net.values()):
                theirs = [rank(instance, s, h) for s, h in enumerate(pick)]
                assert theirs == mine or any(a > b for a, b in zip(theirs, mine))
        student = rng.randrange(instance.n_students)
        for k in range(instance.n_hosts + 1):
            for lie in itertools.permutations(range(instance.n_hosts), k):
                other = balanced_exchange(
                    instance.with_student_list(student, lie), of_student, of_host, priority
                )
                host = other.host(student)
                assert host is None or host not in instance.choices_of(student)[: mine[student]]


def test_an_exchange_with_a_forgotten_student_is_refused() -> None:
    instance = Instance.from_lists({"a": ["H"]}, {"H": ["a"]}, {"H": 1})
    with pytest.raises(ComityError) as error:
        balanced_exchange(instance, {"a": "TW"}, {}, {"TW": ["b"]})
    assert [p.place for p in error.value.problems] == ["host H", "priority of TW", "priority"]


def random_couples(rng: random.Random) -> CouplesMarket:
    hosts = ["A", "B", "C"][: rng.randint(2, 3)]
    singles = [f"s{i}" for i in range(rng.randint(0, 3))]
    pairs = [(f"a{i}", f"b{i}") for i in range(rng.randint(1, 2))]
    people = [*singles, *itertools.chain.from_iterable(pairs)]
    options = [p for p in itertools.product([*hosts, None], repeat=2) if p != (None, None)]
    return CouplesMarket(
        {s: rng.sample(hosts, rng.randint(0, len(hosts))) for s in singles},
        tuple(Couple(a, b, tuple(rng.sample(options, rng.randint(1, 4)))) for a, b in pairs),
        {h: [s for s in rng.sample(people, len(people)) if rng.random() < 0.9] for h in hosts},
        {h: rng.randint(0, 2) for h in hosts},
    )


def test_no_matching_with_couples_has_fewer_blocking_choices_or_as_few_and_more_people() -> None:
    rng = random.Random(2)
    unstable = 0
    for _ in range(120):
        market = random_couples(rng)
        outcome = match_couples(market, most_people=True)
        assert outcome.proof.complete
        best = None
        for pick in itertools.product(*[[None, *choices] for _, choices in market.agents()]):
            placed: dict[str, str | None] = {}
            for (people, _), choice in zip(market.agents(), pick):
                placed.update(zip(people, choice or (None,) * len(people)))
            fits = all(list(placed.values()).count(h) <= n for h, n in market.seats.items())
            if fits and all(h is None or s in market.hosts[h] for s, h in placed.items()):
                key = (len(blocking_choices(market, placed)), -sum(h is not None for h in placed.values()))
                best = key if best is None else min(best, key)
        assert (len(outcome.blocking), -sum(h is not None for h in outcome.placed.values())) == best
        quick = match_couples(market)
        assert (len(quick.blocking), quick.proof.complete) == (len(outcome.blocking), True)
        unstable += len(outcome.blocking) > 0
    assert unstable > 0


def test_proposals_find_stable_matchings_of_markets_too_large_to_search() -> None:
    rng = random.Random(4)
    hosts = [f"h{i}" for i in range(12)]
    singles = {f"s{i}": rng.sample(hosts, 5) for i in range(80)}
    options = list(itertools.product(hosts, repeat=2))
    couples = tuple(Couple(f"a{i}", f"b{i}", tuple(rng.sample(options, 8))) for i in range(10))
    people = [*singles, *(p for c in couples for p in (c.first, c.second))]
    ranked = {h: rng.sample(people, len(people)) for h in hosts}
    market = CouplesMarket(singles, couples, ranked, dict.fromkeys(hosts, 9))
    outcome = match_couples(market, 1.0)
    assert blocking_choices(market, outcome.placed) == []
    taken = [h for h in outcome.placed.values() if h is not None]
    assert all(taken.count(h) <= 9 for h in hosts)


def test_second_round_silence_is_refusal_and_late_is_silence() -> None:
    noon = datetime(2026, 8, 3, 12, tzinfo=UTC)
    start = SecondRound({"H": ["a", "b", "c"], "J": ["a"]}, {"H": 1, "J": 1}, frozenset("abc"))
    first = start.open(noon)
    assert {(o.host, o.student) for o in first.open_offers} == {("H", "a"), ("J", "a")}
    after = first.close([Reply("a", "J", noon)])
    assert after.placed == {"a": "J"}
    assert {o.host: o.answer for o in after.offers} == {"H": Answer.DECLINED, "J": Answer.ACCEPTED}
    second = after.open(noon + timedelta(hours=2))
    assert [o.student for o in second.open_offers] == ["b"]
    third = second.close([Reply("b", "H", noon + timedelta(hours=3))])
    assert third.placed == {"a": "J"}
    assert third.open(noon + timedelta(hours=4)).open_offers[0].student == "c"
    assert not third.exhausted


def test_a_reply_to_an_offer_never_made_stops_the_round() -> None:
    noon = datetime(2026, 8, 3, 12, tzinfo=UTC)
    opened = SecondRound({"H": ["a"], "J": ["a"]}, {"H": 1, "J": 1}, frozenset("a")).open(noon)
    with pytest.raises(ComityError) as error:
        opened.close([Reply("z", "H", noon), Reply("a", "H", noon), Reply("a", "J", noon)])
    assert [p.place for p in error.value.problems] == ["reply 1", "reply 3"]
