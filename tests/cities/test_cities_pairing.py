"""Optimal sets of pairs against brute force; conflicts that cannot be made smaller; stable variant."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import ComityError
from comity.matching.cities import pairing
from comity.matching.cities.conflict import conflict
from comity.matching.cities.pairing import NoSuchSet, feasible, optimal_pairs
from comity.matching.cities.problem import Constraint, PairingProblem, Quota, tickets
from comity.matching.cities.ranked import stable_pairs
from comity.rules.text import Text


def named(n: int, letter: str) -> tuple[str, ...]:
    return tuple(f"{letter}{k}" for k in range(n))


@st.composite
def problems(draw: st.DrawFn, *, plain: bool = False) -> PairingProblem:
    n, m = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    left, right = named(n, "L"), named(m, "R")
    score = st.integers(0, 4) if draw(st.booleans()) else st.integers(0, 10_000)
    scores = np.array([[draw(score) for _ in right] for _ in left], dtype=np.int64)
    barred = np.array([[draw(st.integers(0, 5)) == 0 for _ in right] for _ in left])
    if plain:
        return PairingProblem(left, right, scores, barred=barred)
    some = st.lists(st.sampled_from([(a, b) for a in left for b in right]), max_size=1, unique=True)
    quotas = []
    for k, side in enumerate(draw(st.lists(st.sampled_from(["left", "right"]), max_size=2))):
        places = draw(st.sets(st.sampled_from(left if side == "left" else right)))
        low, high = draw(st.integers(0, 2)), draw(st.one_of(st.none(), st.integers(0, 3)))
        quotas.append(Quota(f"q{k}", Text(f"q{k}", f"q{k}"), side, frozenset(places), low, high))  # type: ignore[arg-type]
    return PairingProblem(
        left, right, scores,
        limits={p: draw(st.integers(0, 2)) for p in draw(st.sets(st.sampled_from([*left, *right]), max_size=2))},
        fixed=tuple(draw(some)), forbidden=tuple(draw(some)), quotas=tuple(quotas),
        least_pairs=draw(st.integers(0, 2)), most_pairs=draw(st.one_of(st.none(), st.integers(0, 3))), barred=barred,
    )  # fmt: skip


def keeps(problem: PairingProblem, pairs: set[tuple[str, str]]) -> bool:
    """The constraints, written down a second time."""
    for place in (*problem.left, *problem.right):
        if sum(place in pair for pair in pairs) > problem.limits.get(place, 1):
            return False
    if not set(problem.fixed) <= pairs or set(problem.forbidden) & pairs:
        return False
    for quota in problem.quotas:
        side = 0 if quota.side == "left" else 1
        touching = sum(pair[side] in quota.places for pair in pairs)
        if touching < quota.at_least or (quota.at_most is not None and touching > quota.at_most):
            return False
    most = len(pairs) if problem.most_pairs is None else problem.most_pairs
    return problem.least_pairs <= len(pairs) <= most


def brute_force(problem: PairingProblem) -> tuple[int, int, set[tuple[str, str]]] | None:
    """The best set by total, then by lots, among all subsets."""
    lots = tickets(problem.left, problem.right)
    value = {
        (a, b): (int(problem.scores[i, j]), int(lots[i, j]))
        for (i, a), (j, b) in itertools.product(enumerate(problem.left), enumerate(problem.right))
        if problem.barred is None or not problem.barred[i, j]
    }
    best = None
    for size in range(len(value) + 1):
        for chosen in itertools.combinations(value, size):
            if keeps(problem, set(chosen)):
                found = (sum(value[p][0] for p in chosen), sum(value[p][1] for p in chosen))
                if best is None or found > best[:2]:
                    best = (*found, set(chosen))
    return best


@given(problems(plain=True))
@settings(max_examples=60, deadline=None)
def test_without_side_constraints_the_set_is_the_best_of_all(problem):
    best = brute_force(problem)
    found = optimal_pairs(problem)
    assert best is not None
    assert (found.total, set(found.pairs)) == (best[0], best[2])


@given(problems())
@settings(max_examples=80, deadline=None)
def test_under_constraints_the_set_is_the_best_of_all_or_the_conflict_is_real(problem):
    best = brute_force(problem)
    if best is not None:
        found = optimal_pairs(problem)
        assert (found.total, set(found.pairs)) == (best[0], best[2])
        assert conflict(problem) == ()
        return
    with pytest.raises(NoSuchSet) as caught:
        optimal_pairs(problem)
    named = caught.value.conflict
    assert named
    assert not feasible(problem, named)
    for one in named:
        assert feasible(problem, [c for c in named if c is not one]), one.id


@given(problems())
@settings(max_examples=40, deadline=None)
def test_pricing_pairs_out_never_changes_the_set(problem):
    whole: object
    try:
        whole = optimal_pairs(problem).pairs
    except NoSuchSet:
        whole = None
    small, pairing.SMALL = pairing.SMALL, 0
    try:
        priced: object = optimal_pairs(problem).pairs
    except NoSuchSet:
        priced = None
    finally:
        pairing.SMALL = small
    assert priced == whole


def test_the_order_in_which_places_are_given_changes_nothing():
    rng = np.random.default_rng(7)
    scores = rng.integers(0, 5, size=(6, 7))
    left, right = named(6, "L"), named(7, "R")
    quota = Quota("q", Text("q", "q"), "left", frozenset(left[:3]), at_most=2)
    straight = optimal_pairs(PairingProblem(left, right, scores, quotas=(quota,)))
    p, q = rng.permutation(6), rng.permutation(7)
    turned = optimal_pairs(
        PairingProblem(
            tuple(left[k] for k in p), tuple(right[k] for k in q), scores[np.ix_(p, q)], quotas=(quota,)
        )
    )
    assert set(turned.pairs) == set(straight.pairs)


def test_one_place_may_have_several_partners_within_its_limit():
    scores = np.array([[9, 8, 7], [1, 1, 1]], dtype=np.int64)
    found = optimal_pairs(PairingProblem(("A", "B"), ("x", "y", "z"), scores, limits={"A": 2}))
    assert found.pairs == (("A", "x"), ("A", "y"), ("B", "z"))
    assert found.total == 18


def test_contradictory_quotas_are_named_both():
    north = frozenset({"A", "B"})
    quotas = (
        Quota("north", Text("North", "北部"), "left", north, at_least=2),
        Quota("north-cap", Text("North, cap", "北部上限"), "left", north, at_most=1),
        Quota("free", Text("Free", "其他"), "left", frozenset({"A"}), at_most=3),
    )
    problem = PairingProblem(("A", "B"), ("x", "y"), np.ones((2, 2), dtype=np.int64), quotas=quotas)
    with pytest.raises(NoSuchSet) as caught:
        optimal_pairs(problem)
    assert [c.id for c in caught.value.conflict] == ["quota:north:least", "quota:north-cap:most"]
    assert "北部：至少 2 組" in [c.title.zh for c in caught.value.conflict]


def test_a_fixed_pair_that_is_forbidden_is_named_as_such():
    problem = PairingProblem(
        ("A",), ("x", "y"), np.ones((1, 2), dtype=np.int64), fixed=(("A", "x"),), forbidden=(("A", "x"),)
    )
    with pytest.raises(NoSuchSet) as caught:
        optimal_pairs(problem)
    assert {c.id for c in caught.value.conflict} == {"fixed:A:x", "forbidden:A:x"}


def test_names_that_lead_nowhere_are_all_reported():
    with pytest.raises(ComityError) as caught:
        PairingProblem(
            ("A",), ("x",), np.ones((1, 1), dtype=np.int64), limits={"q": 1, "A": -1}, fixed=(("Z", "w"),),
            quotas=(Quota("k", Text("k", "k"), "right", frozenset({"A"}), -1),),
        )  # fmt: skip
    assert [p.place for p in caught.value.problems] == [
        "fixed[0]", "fixed[0]", "quota k", "quota k", "limits.q", "limits.A",
    ]  # fmt: skip


def test_hundreds_of_cities_with_quotas_equal_the_relaxations_bound():
    rng = np.random.default_rng(1)
    n = 400
    left, right = named(n, "L"), named(n, "R")
    scores = rng.integers(0, 10_001, size=(n, n))
    quotas = tuple(
        Quota(f"r{k}", Text("r", "r"), "left", frozenset(left[k::8]), at_least=10, at_most=30)
        for k in range(8)
    )
    problem = PairingProblem(
        left, right, scores, quotas=quotas, most_pairs=200, fixed=((left[0], right[-1]),)
    )
    found = optimal_pairs(problem)
    assert len(found.pairs) == 200
    assert keeps(problem, set(found.pairs))
    from comity.matching.cities.relaxation import relax

    bound = relax(problem, problem.constraints(), scores, problem.allowed()).bound
    assert found.total <= bound + 1e-6
    assert bound - found.total < 1


def test_cities_that_rank_each_other_get_a_stable_set():
    left = {"A": ["x", "y"], "B": ["x"], "C": ["y", "x"]}
    right = {"x": ["B", "A", "C"], "y": ["A", "C"]}
    found = stable_pairs(left, right)
    assert found.pairs == (("A", "y"), ("B", "x"))
    assert found.verdict.sound
    assert found.blocking == ()
    assert stable_pairs(left, right, {"y": 2}).pairs == (("A", "y"), ("B", "x"), ("C", "y"))
    with pytest.raises(ComityError, match="one partner"):
        stable_pairs(left, right, {"A": 2})


def test_a_constraint_says_what_it_asks_in_both_languages():
    problem = PairingProblem(
        ("A",), ("x",), np.ones((1, 1), dtype=np.int64), least_pairs=1, most_pairs=1,
        titles={"A": Text("Bristol", "布里斯托"), "x": Text("Hsinchu", "新竹")}, fixed=(("A", "x"),),
    )  # fmt: skip
    said: list[Constraint] = list(problem.constraints())
    assert [c.title.en for c in said] == [
        "no place has more pairs than its limit",
        "Bristol and Hsinchu are fixed",
        "at least 1 pairs in all",
        "at most 1 pairs in all",
    ]
    assert said[1].title.zh == "布里斯托與新竹為指定配對"
