"""The talent programme as casework sees it: a decision for each student of a call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from pydantic import JsonValue

from comity.casework.decision import Assumption, Option, Provenance
from comity.casework.programme import Assessment, Candidate
from comity.casework.world import World
from comity.errors import MissingError, Problem
from comity.matching.explain import StudentExplanation, Why
from comity.programmes.talent.application import StudentApplication
from comity.programmes.talent.call import Call, Pair
from comity.programmes.talent.eligibility import result_finding
from comity.programmes.talent.joint import explained, is_open
from comity.programmes.talent.run import REVISION, CallRun, run_call
from comity.rules.fact import Evidence
from comity.rules.finding import Finding, Outcome
from comity.rules.pack import RulePack
from comity.rules.text import Text


class Talent:
    """Students of a call; ``world.register`` is the :class:`~comity.programmes.talent.call.Call`."""

    id = "talent"
    schema = StudentApplication
    unrecorded_fields = ("contact", "statement")

    def assess(self, application: StudentApplication, world: World) -> Assessment:
        """Screen one student, run the whole call, and say what she gets and why."""
        pack = cast(RulePack, world.pack(application.regime))
        call = _call_of(world).with_student(application)
        run = run_call(call, pack, world.today)
        reference = application.reference
        given = run.placed[reference]
        findings = run.screening.students[reference]
        standing = run.screening.standing(reference)
        if standing is Outcome.PASS:
            findings = (*findings, *result_finding(given, pack, world.today))
        why = explained(run, reference)
        return Assessment(
            findings=findings,
            award=_award(run, reference, given),
            provenance=_provenance(call, pack, run),
            considered=_options(application, run, why, given),
            reasons=_reasons(application, run, standing, why),
            assumptions=_assumptions(pack, findings, world),
        )

    def candidates(
        self, application: StudentApplication, world: World, assessment: Assessment
    ) -> Iterable[Candidate]:
        """Offer nothing: where the mechanism rewards truth, no other list would have helped, and it is shown."""
        return ()

    def recorded_world(self, world: World, provenance: Mapping[str, JsonValue]) -> World:
        """Return the world as it is: the call's hash in the provenance shows whether its lists are the same."""
        return world


PROGRAMME = Talent()


def _call_of(world: World) -> Call:
    if not isinstance(world.register, Call):
        problem = Problem("register", "no call", "the call's folder, as --register examples/talent-call")
        raise MissingError("a student is decided within a call", [problem])
    return world.register


def _award(run: CallRun, reference: str, given: str | None) -> Mapping[str, JsonValue] | None:
    if given is None:
        return None
    position = run.call.positions[given]
    return {
        "call": run.call.settings.id,
        "position": given,
        "host": position.host,
        "field": position.field,
        "starts": position.starts.isoformat(),
        "ends": position.ends.isoformat(),
        "choice": run.choice_number(reference),
        "run": run.identity,
    }


def _options(
    application: StudentApplication, run: CallRun, explanation: StudentExplanation, given: str | None
) -> tuple[Option, ...]:
    pair = run.call.couple_of(application.reference)
    if pair is not None:
        return _joint_options(application.reference, pair, run, explanation)
    reasons = {r.host: r for r in explanation.reasons}
    options = []
    for number, p in enumerate(application.choices, 1):
        findings = (
            *run.screening.places.get((application.reference, p), ()),
            *run.screening.positions.get(p, ()),
        )
        details: dict[str, JsonValue] = {"choice": number}
        if p in reasons:
            reason, cut = reasons[p], run.cutoffs[p]
            details |= {
                "why": reason.why.value,
                "place": reason.place,
                "last_place": reason.last_place,
                "seats": cut.seats,
                "filled": cut.filled,
            }
        options.append(Option(p, run.screening.fits(application.reference, p), p == given, findings, details))
    return tuple(options)


def _joint_options(
    student: str, pair: Pair, run: CallRun, explanation: StudentExplanation
) -> tuple[Option, ...]:
    """Return the pairs that a couple listed; findings are those of this student's own places alone."""
    options = []
    for reason, choice in zip(explanation.reasons, pair.choices, strict=True):
        own = choice[0] if student == pair.first else choice[1]
        findings = (*run.screening.places[student, own], *run.screening.positions[own]) if own else ()
        details: dict[str, JsonValue] = {"choice": reason.choice, "why": reason.why.value}
        chosen = reason.why is Why.PLACED
        options.append(Option(reason.host, is_open(run, pair, choice), chosen, findings, details))
    return tuple(options)


def _reasons(
    application: StudentApplication, run: CallRun, standing: Outcome, explanation: StudentExplanation
) -> tuple[Text, ...]:
    if standing is not Outcome.PASS:
        return ()
    closed = [
        finding
        for p in application.choices
        if not run.screening.fits(application.reference, p)
        for finding in (*run.screening.places[application.reference, p], *run.screening.positions[p])
        if finding.outcome in (Outcome.FAIL, Outcome.UNKNOWN)
    ]
    left_out = [
        Text(
            f"{f.subject or f.rule}: left out of your list. {f.text.en}",
            f"{f.subject or f.rule}：未列入媒合。{f.text.zh}",
        )
        for f in closed
    ]
    return (*left_out, *explanation.sentences)


def _provenance(call: Call, pack: RulePack, run: CallRun) -> Provenance:
    return Provenance(
        packs={pack.id: {"revision": str(pack.revision), "sha256": pack.sha256}},
        models={f"matching/{run.matching.mechanism.id}": REVISION},
        data={},
        register=call.sha256,
    )


def _assumptions(pack: RulePack, findings: tuple[Finding, ...], world: World) -> tuple[Assumption, ...]:
    used = sorted({name for finding in findings for name in finding.assumptions})
    found: list[Assumption] = []
    for name in used:
        fact = pack.find_fact(name, world.today)
        if fact is not None:
            value = cast(JsonValue, list(fact.value) if isinstance(fact.value, tuple) else fact.value)
            found.append(Assumption(name, value, fact.unit, fact.citation, fact.evidence, fact.note))
        else:
            rule = pack.rule(name)
            found.append(Assumption(name, rule.title.en, "1", rule.dated.citation, Evidence.ASSUMPTION))
    return tuple(found)
