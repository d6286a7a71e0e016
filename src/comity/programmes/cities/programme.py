"""City pairing as casework sees it: one decision for a round, with every pair, its reasons and what was near."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, cast

from pydantic import JsonValue

from comity.casework.canonical import normalise
from comity.casework.decision import Assumption, Option, Provenance
from comity.casework.programme import Assessment, Candidate
from comity.casework.world import World
from comity.errors import MissingError, Problem
from comity.matching.cities.evidence import best_partners, contributions
from comity.matching.cities.problem import Constraint, Pair
from comity.matching.cities.scores import COMPONENT_NAMES, COMPONENTS
from comity.programmes.cities.application import RoundApplication
from comity.programmes.cities.round import Round
from comity.programmes.cities.run import REVISION, RoundRun, run_round
from comity.rules.evaluate import evaluate
from comity.rules.fact import Evidence
from comity.rules.finding import Finding, Outcome
from comity.rules.pack import RulePack
from comity.rules.text import Text

#: Partners shown for each place of the first country, the chosen one included.
SHOWN_PARTNERS = 3


class Cities:
    """Rounds of city pairing; ``world.register`` is the :class:`~comity.programmes.cities.round.Round`."""

    id = "cities"
    schema = RoundApplication
    unrecorded_fields = ()

    def assess(self, application: RoundApplication, world: World) -> Assessment:
        """Run the round and say which pairs it gives and why, or which constraints contradict each other."""
        pack = cast(RulePack, world.pack(application.regime))
        run = run_round(application, round_of(world), pack, world.today)
        findings = round_findings(run, pack)
        return Assessment(
            findings=findings,
            award=_award(run) if run.pairs else None,
            provenance=_provenance(run, pack),
            considered=(*_options(run), *_left_out(run)),
            reasons=tuple(pair_reason(run, pair) for pair in run.pairs),
            assumptions=_assumptions(pack, findings, world),
        )

    def candidates(
        self, application: RoundApplication, world: World, assessment: Assessment
    ) -> Iterable[Candidate]:
        """Offer the round without one of the constraints that contradict each other, one at a time."""
        run = run_round(
            application, round_of(world), cast(RulePack, world.pack(application.regime)), world.today
        )
        for constraint in run.conflict:
            changes = _without(constraint, application)
            if changes is not None:
                said = Text(f"without “{constraint.title.en}”", f"除去「{constraint.title.zh}」")
                yield Candidate(said, changes)

    def recorded_world(self, world: World, provenance: Mapping[str, JsonValue]) -> World:
        """Return the world as it is: the data's hash in the provenance shows whether they are the same."""
        return world


PROGRAMME = Cities()


def round_of(world: World) -> Round:
    """Return the round's data, or say that they are missing."""
    if not isinstance(world.register, Round):
        problem = Problem("register", "no round", "the round's folder, as --register examples/uk-tw-cities")
        raise MissingError("pairs are decided on a round's data", [problem])
    return world.register


#: What stands instead of a share for a pair that the round fixed.
SET_BY_ROUND = Text("set by the round", "由本輪次指定")


def round_findings(run: RoundRun, pack: RulePack) -> tuple[Finding, ...]:
    """Return what the rules say about the round as a whole."""
    words = {p.id: p.name for p in run.data.places}
    words |= {c.id: Text(f"“{c.title.en}”", f"「{c.title.zh}」") for c in run.conflict}
    words |= {pair_id(pair): pair_name(run, pair) for pair in run.pairs}
    survival = _survival(run)
    weakest = min(survival, key=lambda p: (survival[p], p)) if survival else None
    country, missing = _most_missing(run)
    derived: dict[str, Any] = {
        "conflict": tuple(c.id for c in run.conflict),
        "pairs": len(run.pairs),
        "policy_dated": run.application.policy.dated,
        "survival_least_percent": None if weakest is None else round(100 * survival[weakest], 1),
        "weakest_pair": None if weakest is None else pair_id(weakest),
        "text_changes": tuple(pair_id(p) for p in run.text_changes),
        "text_method": run.texts.method,
        "missing_most_percent": missing,
        "missing_country": country,
        "unpaired": run.unpaired if run.pairs else (),
    }
    named = replace(pack, words={**pack.words, **words})
    found = evaluate(named, run.application.model_dump(), derived, run.on, ("procedure",))
    unsaid = set() if survival else {"CR-W1"}
    return tuple(f for f in found if f.rule not in unsaid)


def pair_id(pair: Pair) -> str:
    """Return the name of a pair in ids and file names."""
    return f"{pair[0]}--{pair[1]}"


def pair_name(run: RoundRun, pair: Pair) -> Text:
    """Return a pair in words."""
    a, b = (run.data.places[p].name for p in pair)
    return Text(f"{a.en} and {b.en}", f"{a.zh}與{b.zh}")


def score_of(run: RoundRun, pair: Pair) -> float:
    """Return a pair's score in points of 100."""
    i, j = run.problem.left.index(pair[0]), run.problem.right.index(pair[1])
    return int(run.problem.scores[i, j]) / 100


def pair_reason(run: RoundRun, pair: Pair) -> Text:
    """Return why a pair is in the set, in one sentence with numbers."""
    name = pair_name(run, pair)
    if run.ranked is not None:
        ranks = [run.data.rankings[a].index(b) + 1 for a, b in (pair, pair[::-1])]
        return Text(
            f"{name.en}: each other's choice {ranks[0]} and {ranks[1]}, in the stable set.",
            f"{name.zh}：互列第 {ranks[0]} 及第 {ranks[1]} 志願，屬穩定配對。",
        )
    parts = [c for c in contributions(pair, run.scores, run.weights) if c.value is not None]
    en = ", ".join(f"{COMPONENT_NAMES[c.component].en.lower()} {c.points:.1f}" for c in parts)
    zh = "、".join(f"{COMPONENT_NAMES[c.component].zh} {c.points:.1f}" for c in parts)
    stays, score = run.stays(pair), score_of(run, pair)
    how = (
        SET_BY_ROUND
        if stays is None
        else Text(
            f"in {100 * stays:.0f} % of the sets under other weights",
            f"於其他權重下 {100 * stays:.0f} % 之組合中留存",
        )
    )
    return Text(
        f"{name.en}: {score:.2f} points ({en}); {how.en}.",
        f"{name.zh}：{score:.2f} 分（{zh}）；{how.zh}。",
    )


def _survival(run: RoundRun) -> dict[Pair, float]:
    """Return how often each pair stays that the weights chose."""
    return {pair: share for pair in run.pairs if (share := run.stays(pair)) is not None}


def _award(run: RoundRun) -> Mapping[str, JsonValue]:
    survival = _survival(run)
    pairs: list[dict[str, JsonValue]] = []
    for pair in run.pairs:
        entry: dict[str, JsonValue] = {"first": pair[0], "second": pair[1], "score": score_of(run, pair)}
        entry |= {c: run.scores.at(*pair, c) for c in COMPONENTS}
        if pair in survival:
            entry["survival"] = survival[pair]
        if pair in run.set_by_round:
            entry["fixed"] = True
        pairs.append(entry)
    return cast(
        Mapping[str, JsonValue],
        {
            "round": run.application.reference,
            "pairs": pairs,
            "total": sum(score_of(run, p) for p in run.pairs),
            "unpaired": list(run.unpaired),
        },
    )


def _options(run: RoundRun) -> tuple[Option, ...]:
    options = []
    for left in run.problem.left:
        shown = [name for name, _ in best_partners(run.problem, run.problem.scores, left, SHOWN_PARTNERS)]
        chosen = [b for a, b in run.pairs if a == left]
        for right in dict.fromkeys((*chosen, *shown)):
            pair = (left, right)
            details: dict[str, JsonValue] = {"score": score_of(run, pair)}
            details |= {c: run.scores.at(*pair, c) for c in COMPONENTS}
            if (stays := run.stays(pair)) is not None:
                details["survival"] = stays
            options.append(Option(pair_id(pair), True, pair in run.pairs, (), details))
    return tuple(options)


def _left_out(run: RoundRun) -> tuple[Option, ...]:
    def against(place: str) -> tuple[Finding, ...]:
        return tuple(f for f in run.screening[place] if f.outcome in (Outcome.FAIL, Outcome.UNKNOWN))

    return tuple(Option(place, False, False, against(place), {}) for place in run.left_out)


def _most_missing(run: RoundRun) -> tuple[str, float]:
    """Return the country with the larger share of missing raw values, and that share [%]."""
    shares = []
    for country in run.application.countries:
        places = set(run.data.of_country(country)) - set(run.left_out)
        missing = sum(p in places for p, _ in run.data.table.missing)
        cells = len(places) * len(run.data.table.indicators)
        shares.append((round(100 * missing / cells, 1) if cells else 0.0, country))
    share, country = max(shares)
    return country, share


def _without(constraint: Constraint, application: RoundApplication) -> dict[str, JsonValue] | None:
    kind, _, rest = constraint.id.partition(":")
    if kind == "pairs":
        return {f"pairs.at_{rest}": 0 if rest == "least" else None}
    if kind == "quota":
        name, _, side = rest.rpartition(":")
        changed = [
            q.model_copy(update={f"at_{side}": 0 if side == "least" else None}) if q.id == name else q
            for q in application.quotas
        ]
        kept = [q.model_dump(mode="json") for q in changed if q.at_least or q.at_most is not None]
        return {"quotas": normalise(kept)}
    if kind in ("fixed", "forbidden"):
        links = [
            x.model_dump(mode="json") for x in getattr(application, kind) if f"{x.first}:{x.second}" != rest
        ]
        return {kind: normalise(links)}
    return None


def _provenance(run: RoundRun, pack: RulePack) -> Provenance:
    return Provenance(
        packs={pack.id: {"revision": str(pack.revision), "sha256": pack.sha256}},
        models={"matching/city-pairs": REVISION, f"text/{run.texts.method}": REVISION},
        data={"framework": f"{run.data.framework.id} {run.data.framework.version}".strip()},
        register=run.data.sha256,
    )


def _assumptions(pack: RulePack, findings: tuple[Finding, ...], world: World) -> tuple[Assumption, ...]:
    found: list[Assumption] = []
    for name in sorted({name for finding in findings for name in finding.assumptions}):
        fact = pack.find_fact(name, world.today)
        if fact is not None:
            value = cast(JsonValue, list(fact.value) if isinstance(fact.value, tuple) else fact.value)
            found.append(Assumption(name, value, fact.unit, fact.citation, fact.evidence, fact.note))
        else:
            rule = pack.rule(name)
            found.append(Assumption(name, rule.title.en, "1", rule.dated.citation, Evidence.ASSUMPTION))
    return tuple(found)
