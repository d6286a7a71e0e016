"""Properties that every result must have, with independent oracles."""

from __future__ import annotations

import dataclasses
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.matching import (
    Guarantee,
    Instance,
    Lottery,
    break_ties,
    commit,
    host_optimal,
    student_optimal,
    verify,
)
from comity.matching.counterexamples import lowest_rank_sum, serial_dictatorship
from comity.matching.cutoffs import cutoffs, own_result
from comity.matching.lottery import student_optimal_by_lottery
from comity.matching.maximum import maximum_size
from comity.matching.verifier import Market, blocking_pairs, infeasible_pairs, market_of

SEED = "0123456789abcdef" * 4


@st.composite
def instances(draw: st.DrawFn, students: int = 7, hosts: int = 4, *, ties: bool = False) -> Instance:
    names = [f"s{i}" for i in range(draw(st.integers(1, students)))]
    places = [f"h{i}" for i in range(draw(st.integers(1, hosts)))]
    wishes = {s: draw(st.permutations(places))[: draw(st.integers(0, len(places)))] for s in names}
    ranked: dict[str, list[list[str]]] = {}
    for h in places:
        order = draw(st.permutations(names))[: draw(st.integers(0, len(names)))]
        groups: list[list[str]] = []
        for s in order:
            if ties and groups and draw(st.booleans()):
                groups[-1].append(s)
            else:
                groups.append([s])
        ranked[h] = groups
    return Instance.from_lists(wishes, ranked, {h: draw(st.integers(0, 3)) for h in places})


@given(instances())
def test_both_optima_pass_the_independent_verifier(instance: Instance) -> None:
    for matching in (student_optimal(instance), host_optimal(instance)):
        verdict = verify(matching)
        assert verdict.sound, verdict


@given(instances())
def test_plain_python_and_compiled_code_give_the_same_bytes(instance: Instance) -> None:
    for solve in (student_optimal, host_optimal):
        assert solve(instance, "python").host_of.tobytes() == solve(instance, "numba").host_of.tobytes()


@settings(max_examples=40, deadline=None)
@given(instances(students=5, hosts=3), st.data())
def test_no_untrue_list_brings_a_student_a_place_that_she_prefers(
    instance: Instance, data: st.DataObject
) -> None:
    student = data.draw(st.integers(0, instance.n_students - 1))
    truth = instance.choices_of(student)
    honest = student_optimal(instance).host(student)
    reached = truth.index(honest) if honest is not None else len(truth)
    hosts = range(instance.n_hosts)
    for lie in itertools.chain.from_iterable(
        itertools.permutations(hosts, k) for k in range(instance.n_hosts + 1)
    ):
        got = student_optimal(instance.with_student_list(student, lie)).host(student)
        assert got is None or got not in truth[:reached]


@given(instances())
def test_each_student_finds_her_own_result_from_the_public_cutoffs(instance: Instance) -> None:
    matching = student_optimal(instance)
    published = cutoffs(matching)
    for s in range(instance.n_students):
        choices = [instance.host_id(h) for h in instance.choices_of(s)]
        places = {instance.host_id(h): instance.places_of(h).get(s) for h in instance.choices_of(s)}
        assert own_result(choices, places, published) == matching.as_names()[instance.student_id(s)]


@given(instances(ties=True), st.text(min_size=0, max_size=5).filter(lambda t: "\n" not in t))
def test_a_lottery_is_the_same_for_all_hosts_and_leaves_no_blocking_pair(
    instance: Instance, beacon: str
) -> None:
    lottery = Lottery(SEED, commit(SEED), beacon)
    broken = break_ties(instance, lottery)
    tickets = {s: lottery.ticket(instance.student_id(s)) for s in range(instance.n_students)}
    for h in range(instance.n_hosts):
        before, after = instance.places_of(h), broken.ranking_of(h)
        assert after == sorted(before, key=lambda s: (before[s], tickets[s]))
    drawn = student_optimal_by_lottery(instance, lottery)
    market = market_of(dataclasses.replace(drawn, instance=instance))
    assert infeasible_pairs(market) == []
    assert blocking_pairs(market) == []


@settings(max_examples=60, deadline=None)
@given(instances(students=5, hosts=3, ties=True))
def test_maximum_size_is_the_largest_of_all_weakly_stable_matchings(instance: Instance) -> None:
    matching = maximum_size(instance)
    assert matching.proof is not None
    assert matching.proof.complete
    assert verify(matching).sound
    market = market_of(matching)
    largest = 0
    for pick in itertools.product(*[[None, *v] for v in market.students.values()]):
        other = Market(market.students, market.places, market.seats, dict(zip(market.students, pick)))
        if not infeasible_pairs(other) and not blocking_pairs(other):
            largest = max(largest, sum(h is not None for h in pick))
    assert matching.n_placed == largest == matching.proof.bound


@given(instances())
def test_counterexamples_are_feasible_and_claim_no_stability(instance: Instance) -> None:
    for matching in (serial_dictatorship(instance, range(instance.n_students)), lowest_rank_sum(instance)):
        assert verify(matching, [Guarantee.FEASIBLE]).sound
        assert not matching.mechanism.claims(Guarantee.STABLE)
        assert not matching.mechanism.for_decisions


@pytest.mark.parametrize("unfair", ["serial", "sum"])
def test_counterexamples_do_leave_blocking_pairs(unfair: str) -> None:
    students = {"Ann": ["X", "Y"], "Bo": ["X", "Y"], "Cy": ["Y", "X"]}
    hosts = {"X": ["Cy", "Bo", "Ann"], "Y": ["Ann", "Bo", "Cy"]}
    instance = Instance.from_lists(students, hosts, {"X": 1, "Y": 1})
    matching = serial_dictatorship(instance, [0, 2, 1]) if unfair == "serial" else None
    if matching is None:
        # Bo is X's second and X is his first: sum 3; Cy and X also 3, but Cy is earlier by name only at X
        lists = {"Ann": ["Y", "X"], "Bo": ["X", "Y"], "Cy": ["Z", "X"]}
        ranked = {"X": ["Cy", "Bo"], "Y": ["Ann"], "Z": []}
        matching = lowest_rank_sum(Instance.from_lists(lists, ranked, {"X": 1, "Y": 1, "Z": 1}))
    assert blocking_pairs(market_of(matching)) != []
