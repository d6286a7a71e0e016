"""One run of a round: who takes part, treatment, scores, the set of pairs, sensitivity. A pure function."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from comity.casework.canonical import sha256_of
from comity.errors import ComityError, Problem
from comity.matching.cities.indicators import Table
from comity.matching.cities.pairing import NoSuchSet, optimal_pairs
from comity.matching.cities.problem import Constraint, Pair, PairingProblem, Quota, Side
from comity.matching.cities.ranked import RankedPairs, stable_pairs
from comity.matching.cities.scores import (
    Scores,
    complementarity,
    feasibility,
    similarity,
)
from comity.matching.cities.sensitivity import Sensitivity, leave_one_out, weight_sensitivity
from comity.matching.cities.text import TextComparison, compare_challenges
from comity.matching.cities.treatment import Method, Treated, treat
from comity.programmes.cities.application import PairLink, QuotaRecord, RoundApplication
from comity.programmes.cities.round import Round
from comity.rules.evaluate import evaluate
from comity.rules.finding import Finding, Outcome
from comity.rules.pack import RulePack

#: Revision of the way a round is run; a change that can change a result gets a new number.
REVISION = "1"


@dataclass(frozen=True, eq=False)
class RoundRun:
    """What one run found.

    Parameters
    ----------
    application, data, on : what was run, under the law of which day
    screening : findings about each participant; those without a pass are left out
    treated : every stage of the indicators, both countries together
    scores, texts : components of every pair, and how the texts were compared
    problem : the pairing problem under the policy's weights
    pairs : the set; empty where ``conflict`` says why there is none
    conflict : constraints that cannot be kept together
    ranked : the stable set and its check, where the cities rank each other
    sensitivity : survival and ranks under other weights, ``None`` without a set
    lost_without : by indicator, the pairs that are lost when it is left out
    text_changes : pairs that are there only because of the texts
    """

    application: RoundApplication
    data: Round
    on: date
    screening: dict[str, tuple[Finding, ...]]
    treated: Treated
    scores: Scores
    texts: TextComparison
    problem: PairingProblem
    pairs: tuple[Pair, ...]
    conflict: tuple[Constraint, ...]
    ranked: RankedPairs | None
    sensitivity: Sensitivity | None
    lost_without: dict[str, tuple[Pair, ...]]
    text_changes: tuple[Pair, ...]

    @property
    def left_out(self) -> tuple[str, ...]:
        """Participants that the rules do not let in, or not yet."""
        return tuple(sorted(p for p in self.data.participants if not _takes_part(self.screening[p])))

    @property
    def unpaired(self) -> tuple[str, ...]:
        """Places that take part and have no partner."""
        paired = {p for pair in self.pairs for p in pair}
        return tuple(p for p in (*self.problem.left, *self.problem.right) if p not in paired)

    @property
    def weights(self) -> dict[str, float]:
        """The policy's component weights."""
        return self.application.policy.weights.as_dict()

    @property
    def set_by_round(self) -> frozenset[Pair]:
        """Pairs that the round itself fixed: every draw holds them, which says nothing about the weights."""
        return frozenset((f.first, f.second) for f in self.application.fixed)

    def stays(self, pair: Pair) -> float | None:
        """Return the share of draws whose set holds a pair; ``None`` where nothing was drawn or the pair is fixed."""
        if self.sensitivity is None or pair in self.set_by_round:
            return None
        return self.sensitivity.survival.get(pair, 0.0)

    def side(self, side: Side) -> Table:
        """Return the normalised values of one side, in the order of the problem."""
        return self.treated.normalised.rows(getattr(self.problem, side))


@dataclass(frozen=True, eq=False, slots=True)
class _Request:
    """Round, data, law and day, compared by content."""

    application: RoundApplication
    data: Round
    pack: RulePack
    on: date

    def _key(self) -> tuple[str, str, str, date]:
        return sha256_of(self.application), self.data.sha256, self.pack.sha256, self.on

    def __hash__(self) -> int:
        return hash(self._key())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Request) and self._key() == other._key()


def run_round(application: RoundApplication, data: Round, pack: RulePack, on: date) -> RoundRun:
    """Run a round; the same arguments give the same bytes.

    Raises
    ------
    ComityError
        where a place is fixed that takes no part, where indicators cannot be used, or where a side is empty
    """
    return _run(_Request(application, data, pack, on))


@lru_cache(maxsize=8)
def _run(request: _Request) -> RoundRun:
    application, data = request.application, request.data
    screening = {p: screen(p, data, request.pack, request.on) for p in sorted(data.participants)}
    left, right = (
        tuple(p for p in data.of_country(c) if _takes_part(screening[p])) for c in application.countries
    )
    _refuse_unusable(application, data, left, right)
    treated = treat(
        data.table.rows((*left, *right)), data.framework, method_of(application), _countries(data)
    )
    texts = compare_challenges(
        {p: data.challenges.get(p, ()) for p in left},
        {p: data.challenges.get(p, ()) for p in right},
        application.text_method,
    )
    scores = scores_of(application, data, treated.normalised, left, right, texts)
    weights = application.policy.weights.as_dict()
    problem = problem_of(application, data, scores, left, right)
    pairs, conflict, ranked = _pair(application, data, problem)
    sensitivity, lost = None, {}
    text_changes: tuple[Pair, ...] = ()
    if pairs and ranked is None:
        plan = application.sensitivity
        sensitivity = weight_sensitivity(
            problem, scores, weights, pairs, draws=plan.draws, seed=plan.seed, spread=plan.spread
        )
        table = treated.normalised

        def without(name: str) -> Scores:
            return scores_of(application, data, table.without(name), left, right, texts)

        lost = leave_one_out(problem, table.indicators, without, weights, pairs)
        text_changes = _only_by_text(problem, scores, weights, pairs)
    return RoundRun(
        application, data, request.on, screening, treated, scores, texts, problem, pairs, conflict, ranked,
        sensitivity, lost, text_changes,
    )  # fmt: skip


def screen(place: str, data: Round, pack: RulePack, on: date) -> tuple[Finding, ...]:
    """Return what the rules say about one participant; ``subject`` names it."""
    participant = data.participants[place]
    derived: dict[str, Any] = {
        "population": data.places[place].population,
        "consent": participant.consent,
        "months": participant.months,
    }
    found = evaluate(pack, {}, derived, on, ("eligibility",))
    return tuple(replace(finding, subject=place) for finding in found)


def method_of(application: RoundApplication) -> Method:
    """Return the treatment that a round names."""
    named = application.treatment
    return Method(
        impute=named.impute,
        winsorise_most=named.winsorise_most,
        transform=named.transform,
        normalise=named.normalise,
    )


def scores_of(
    application: RoundApplication,
    data: Round,
    normalised: Table,
    left: tuple[str, ...],
    right: tuple[str, ...],
    texts: TextComparison,
) -> Scores:
    """Return the four components of every pair."""
    weights = application.policy.feasibility
    named = {p: [w.field for w in data.offers.get(p, ())] for p in (*left, *right)}
    asked = {p: [w.field for w in data.asks.get(p, ())] for p in (*left, *right)}
    ties = frozenset((t.first, t.second) for t in application.ties)
    return Scores(
        left,
        right,
        {
            "similarity": similarity(
                normalised.rows(left), normalised.rows(right), application.policy.indicators or None
            ),
            "complementarity": complementarity(left, right, named, asked),
            "challenges": texts.values,
            "feasibility": feasibility(
                [data.places[p] for p in left],
                [data.places[p] for p in right],
                (weights.distance, weights.working_hours, weights.ties),
                ties,
            ),
        },
    )


def problem_of(
    application: RoundApplication, data: Round, scores: Scores, left: tuple[str, ...], right: tuple[str, ...]
) -> PairingProblem:
    """Return the pairing problem of a round."""
    nested = np.array([[data.places.nested(a, b) for b in right] for a in left], dtype=np.bool_)
    taking_part = {*left, *right}
    return PairingProblem(
        left,
        right,
        scores.total(application.policy.weights.as_dict()),
        limits={p: n for p, n in application.limits.items() if p in taking_part},
        fixed=tuple((f.first, f.second) for f in application.fixed),
        forbidden=tuple(_known(application.forbidden, taking_part)),
        quotas=tuple(_quota(q, application, data, left, right) for q in application.quotas),
        least_pairs=application.pairs.at_least,
        most_pairs=application.pairs.at_most,
        barred=nested.reshape(len(left), len(right)),
        titles={p: data.places[p].name for p in taking_part},
    )


def _pair(
    application: RoundApplication, data: Round, problem: PairingProblem
) -> tuple[tuple[Pair, ...], tuple[Constraint, ...], RankedPairs | None]:
    if application.mechanism == "ranked":
        _refuse_constraints(application)
        ranked = stable_pairs(*_allowed_lists(data, problem), dict(problem.limits))
        return ranked.pairs, (), ranked
    try:
        return optimal_pairs(problem).pairs, (), None
    except NoSuchSet as error:
        return (), error.conflict, None


def _refuse_constraints(application: RoundApplication) -> None:
    """Refuse what a stable set cannot keep: whoever ranks each other decides the set and its size."""
    numbers = application.pairs
    asked = {
        "fixed": bool(application.fixed),
        "quotas": bool(application.quotas),
        "pairs": bool(numbers.at_least) or numbers.at_most is not None,
    }
    accepted = 'none of these; or mechanism = "optimal"'
    problems = [
        Problem(name, "cannot be kept by cities that rank each other", accepted)
        for name, is_asked in asked.items()
        if is_asked
    ]
    if problems:
        raise ComityError("a ranked round keeps limits and forbidden pairs alone", problems)


def _allowed_lists(data: Round, problem: PairingProblem) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return both sides' lists without pairs that are forbidden, and without a place and one that lies in it."""
    barred = problem.barred
    closed = {
        (a, b)
        for i, a in enumerate(problem.left)
        for j, b in enumerate(problem.right)
        if barred is not None and barred[i, j]
    } | set(problem.forbidden)
    left = {a: [b for b in data.rankings.get(a, ()) if b in problem.right] for a in problem.left}
    right = {b: [a for a in data.rankings.get(b, ()) if a in problem.left] for b in problem.right}
    return (
        {a: [b for b in wanted if (a, b) not in closed] for a, wanted in left.items()},
        {b: [a for a in wanted if (a, b) not in closed] for b, wanted in right.items()},
    )


def _only_by_text(
    problem: PairingProblem, scores: Scores, weights: dict[str, float], pairs: tuple[Pair, ...]
) -> tuple[Pair, ...]:
    others = {c: w for c, w in weights.items() if c != "challenges"}
    if not weights.get("challenges") or not any(others.values()):
        return pairs if weights.get("challenges") else ()
    now = set(optimal_pairs(replace(problem, scores=scores.total(others))).pairs)
    return tuple(p for p in pairs if p not in now)


def _quota(
    quota: QuotaRecord,
    application: RoundApplication,
    data: Round,
    left: tuple[str, ...],
    right: tuple[str, ...],
) -> Quota:
    side: Side = "left" if quota.country == application.countries[0] else "right"
    members = frozenset(p for p in (left if side == "left" else right) if _counts(quota, data, p))
    return Quota(quota.id, quota.title.text, side, members, quota.at_least, quota.at_most)


def _counts(quota: QuotaRecord, data: Round, place_id: str) -> bool:
    place = data.places[place_id]
    people = place.population
    return (
        (not quota.places or place_id in quota.places)
        and (not quota.regions or place.region in quota.regions)
        and (quota.population_from is None or (people is not None and people >= quota.population_from))
        and (quota.population_below is None or (people is not None and people < quota.population_below))
    )


def _refuse_unusable(
    application: RoundApplication, data: Round, left: tuple[str, ...], right: tuple[str, ...]
) -> None:
    problems = [
        Problem(
            f"countries[{k}]",
            f"no place of {application.countries[k]} takes part",
            "one place that is let in",
        )
        for k, side in enumerate((left, right))
        if not side
    ]
    lists = {"fixed": application.fixed, "forbidden": application.forbidden, "ties": application.ties}
    for kind, links in lists.items():
        for k, link in enumerate(links):
            for end, place, side, country in (
                ("first", link.first, left, application.countries[0]),
                ("second", link.second, right, application.countries[1]),
            ):
                spot = f"{kind}[{k}].{end}"
                if place not in data.participants or data.places[place].country != country:
                    problems.append(Problem(spot, f"unknown participant {place!r}", f"a place of {country}"))
                elif kind == "fixed" and place not in side:
                    problems.append(
                        Problem(spot, f"{place} is not let into the round", "see the findings about it")
                    )
    for q in application.quotas:
        strangers = [p for p in q.places if p not in data.participants]
        problems += [
            Problem(f"quota {q.id}", f"unknown participant {p!r}", "participants.csv") for p in strangers
        ]
    problems += [
        Problem(f"limits.{p}", "unknown participant", "participants.csv")
        for p in application.limits
        if p not in data.participants
    ]
    problems += [
        Problem(f"policy.indicators.{i}", "unknown indicator", ", ".join(data.table.indicators))
        for i in application.policy.indicators
        if i not in data.table.indicators
    ]
    if problems:
        raise ComityError("this round cannot be run", problems)


def _known(links: tuple[PairLink, ...], places: set[str]) -> list[Pair]:
    return [(f.first, f.second) for f in links if f.first in places and f.second in places]


def _countries(data: Round) -> dict[str, str]:
    return {p.id: p.country for p in data.places}


def _takes_part(findings: tuple[Finding, ...]) -> bool:
    return all(f.outcome in (Outcome.PASS, Outcome.WARN) for f in findings)
