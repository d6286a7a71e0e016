"""Evidence and sensitivity against a second computation: contributions, runner-up, turning point, survival, ranks."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.matching.cities.evidence import contributions, evidence_of, turning_point
from comity.matching.cities.indicators import Table
from comity.matching.cities.pairing import optimal_pairs
from comity.matching.cities.problem import PairingProblem
from comity.matching.cities.scores import Scores
from comity.matching.cities.sensitivity import leave_one_out, weight_draws, weight_sensitivity

WEIGHTS = {"similarity": 2.0, "complementarity": 1.0, "feasibility": 1.0}
LEFT, RIGHT = ("A", "B", "C"), ("x", "y", "z")


@st.composite
def scored(draw: st.DrawFn) -> tuple[Scores, PairingProblem]:
    share = st.integers(0, 1000).map(lambda k: k / 1000)
    parts = {c: np.array([[draw(share) for _ in RIGHT] for _ in LEFT]) for c in WEIGHTS}
    scores = Scores(LEFT, RIGHT, parts)
    return scores, PairingProblem(LEFT, RIGHT, scores.total(WEIGHTS))


def plain_score(scores: Scores, pair: tuple[str, str], weights: dict[str, float]) -> float:
    whole = sum(weights.values())
    return 100 * sum(w * (scores.at(*pair, c) or 0.0) for c, w in weights.items()) / whole


@given(scored())
@settings(deadline=None, max_examples=40)
def test_contributions_add_up_to_the_score(given_):
    scores, problem = given_
    for i, j in itertools.product(range(3), range(3)):
        pair = (LEFT[i], RIGHT[j])
        assert sum(c.points for c in contributions(pair, scores, WEIGHTS)) == pytest.approx(
            plain_score(scores, pair, WEIGHTS)
        )
        assert int(problem.scores[i, j]) / 100 == pytest.approx(
            plain_score(scores, pair, WEIGHTS), abs=0.0051
        )


@given(scored())
@settings(deadline=None, max_examples=40)
def test_at_the_turning_point_the_rival_scores_the_same_and_no_smaller_change_does_it(given_):
    scores, problem = given_
    for left in LEFT:
        best = max(RIGHT, key=lambda r: plain_score(scores, (left, r), WEIGHTS))
        turn = turning_point((left, best), problem, scores, WEIGHTS)
        if turn is None:
            continue
        changed = {**WEIGHTS, turn.component: turn.to_weight}
        if sum(changed.values()) == 0:
            continue
        own, rival = (plain_score(scores, (left, r), changed) for r in (best, turn.rival))
        assert own == pytest.approx(rival, abs=1e-6)
        change = abs(turn.to_weight - turn.weight) / turn.weight
        for component, share in itertools.product(WEIGHTS, (-0.98, -0.5, 0.5, 0.98)):
            nearer = {**WEIGHTS, component: max(WEIGHTS[component] * (1 + share * change), 1e-9)}
            lead = plain_score(scores, (left, best), nearer)
            assert all(plain_score(scores, (left, r), nearer) <= lead + 1e-6 for r in RIGHT)


@given(scored())
@settings(deadline=None, max_examples=25)
def test_the_runner_up_is_the_best_of_all_sets_without_the_pair(given_):
    scores, problem = given_
    table = Table(LEFT, ("i",), np.arange(3.0)[:, None])
    sets = [list(zip(range(3), p, strict=True)) for p in itertools.permutations(range(3))]
    totals = [sum(int(problem.scores[i, j]) for i, j in s) for s in sets]
    # Leaving a place alone can only help where what it blocks is worth nothing: scores are 0 or more.
    for pair in optimal_pairs(problem).pairs:
        i, j = LEFT.index(pair[0]), RIGHT.index(pair[1])
        free = [sum(int(problem.scores[a, b]) for a, b in s if (a, b) != (i, j)) for s in sets]
        found = evidence_of(pair, problem, scores, WEIGHTS, table, Table(RIGHT, ("i",), table.values))
        assert found.runner_up is not None
        assert found.runner_up.cost == pytest.approx((max(totals) - max(free)) / 100)


@given(scored(), st.integers(0, 5))
@settings(deadline=None, max_examples=15)
def test_survival_is_the_share_of_draws_whose_best_set_holds_the_pair(given_, seed):
    scores, problem = given_
    published = optimal_pairs(problem).pairs
    found = weight_sensitivity(problem, scores, WEIGHTS, published, draws=10, seed=seed, spread=0.5)
    counts: dict[tuple[str, str], int] = {}
    ranks: dict[tuple[str, str], list[int]] = {p: [] for p in published}
    for weights in weight_draws(WEIGHTS, 10, seed, 0.5):
        total = scores.total(weights)
        for pair in optimal_pairs(PairingProblem(LEFT, RIGHT, total)).pairs:
            counts[pair] = counts.get(pair, 0) + 1
        for a, b in published:
            row = total[LEFT.index(a)].tolist()
            ranks[a, b].append(1 + sorted(row, reverse=True).index(row[RIGHT.index(b)]))
    assert found.survival == {p: n / 10 for p, n in counts.items()}
    for pair in published:
        interval = found.ranks[pair]
        assert min(ranks[pair]) <= interval.low <= interval.middle <= interval.high <= max(ranks[pair])


def test_leaving_out_the_indicator_that_carries_a_pair_loses_it():
    def with_(values: list[list[float]]) -> Scores:
        return Scores(("A", "B"), ("x", "y"), {"similarity": np.array(values)})

    straight, crossed = [[0.9, 0.1], [0.1, 0.9]], [[0.1, 0.9], [0.9, 0.1]]
    scores = with_(straight)
    problem = PairingProblem(("A", "B"), ("x", "y"), scores.total({"similarity": 1}))
    lost = leave_one_out(
        problem,
        ("carries", "idle"),
        lambda name: with_(crossed if name == "carries" else straight),
        {"similarity": 1},
        (("A", "x"), ("B", "y")),
    )
    assert lost == {"carries": (("A", "x"), ("B", "y")), "idle": ()}
