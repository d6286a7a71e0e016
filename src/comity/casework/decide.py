"""Deciding: from one application in one world to one decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pydantic import JsonValue, ValidationError

from comity.casework.application import Application
from comity.casework.canonical import canonical_bytes, normalise
from comity.casework.changes import with_changes
from comity.casework.decision import Alternative, Decision, DecisionOutcome
from comity.casework.document import Document
from comity.casework.programme import Assessment, Candidate, Programme
from comity.casework.reasons import reasons_of
from comity.casework.world import World
from comity.rules.finding import Finding, Outcome

A = TypeVar("A", bound=Application)

#: Alternatives offered at most; a person can weigh three.
MOST_ALTERNATIVES = 3
#: Findings shown with an alternative: those nearest to their limit.
_FINDINGS_SHOWN = 3


def decide(application: A, world: World, programme: Programme[A], *, alternatives: bool = True) -> Decision:
    """Decide ``application`` in ``world``.

    A pure function: no clock, no file, no network, no randomness; the same arguments give the same bytes.

    Parameters
    ----------
    application : a valid record of the programme's schema
    world : rules, register, ground and day
    programme : the declaration that the application belongs to
    alternatives : whether to look for changed applications that would pass when this one does not; each is
        decided by this same function, with ``alternatives=False``, before it is offered

    Returns
    -------
    decision : what was decided, on the application with its numbers rounded as the decision records them
    """
    document = application_document(application, programme)
    application = programme.schema.model_validate_json(canonical_bytes(document))
    assessment = programme.assess(application, world)
    outcome = outcome_of(assessment)
    offered = (
        _alternatives(document, application, world, programme, assessment)
        if alternatives and not outcome.is_grant
        else ()
    )
    return Decision(
        programme=programme.id,
        regime=application.regime,
        reference=application.reference,
        decided_on=world.today,
        application=document,
        outcome=outcome,
        award=_award(outcome, assessment),
        findings=assessment.findings,
        considered=assessment.considered,
        reasons=reasons_of(outcome, assessment, offered),
        alternatives=offered,
        assumptions=assessment.assumptions,
        settings=dict(world.settings),
        provenance=assessment.provenance,
    )


def application_document(application: A, programme: Programme[A]) -> Document:
    """Return what a decision records of ``application``: numbers rounded, contact data left out."""
    document = normalise(application.model_dump(mode="json", exclude=set(programme.unrecorded_fields)))
    assert isinstance(document, dict)
    return document


def outcome_of(assessment: Assessment) -> DecisionOutcome:
    """Return the outcome that the findings of ``assessment`` command.

    Only law refuses: a no that rests on a value or a reading that nobody has confirmed goes to a person.
    """
    fails = [f for f in assessment.findings if f.outcome is Outcome.FAIL]
    if any(not f.evidence.is_doubtful for f in fails):
        return DecisionOutcome.REFUSED
    if fails or any(f.outcome is Outcome.UNKNOWN for f in assessment.findings):
        return DecisionOutcome.REFERRED
    if assessment.award is None:
        return DecisionOutcome.REFUSED
    if assessment.conditions:
        return DecisionOutcome.GRANTED_WITH_CONDITIONS
    return DecisionOutcome.GRANTED


def _award(outcome: DecisionOutcome, assessment: Assessment) -> Mapping[str, JsonValue] | None:
    if outcome is DecisionOutcome.REFUSED or assessment.award is None:
        return None
    return {**assessment.award, "conditions": normalise(assessment.conditions)}


def _alternatives(
    document: Document, application: A, world: World, programme: Programme[A], assessment: Assessment
) -> tuple[Alternative, ...]:
    kept: list[Alternative] = []
    for candidate in programme.candidates(application, world, assessment):
        decided = _decide_candidate(document, candidate, world, programme)
        if decided is not None and decided.outcome.is_grant and decided.award is not None:
            kept.append(
                Alternative(
                    title=candidate.title,
                    changes=candidate.changes,
                    outcome=decided.outcome,
                    award=decided.award,
                    findings=_tightest(decided.findings),
                )
            )
        if len(kept) == MOST_ALTERNATIVES:
            break
    return tuple(kept)


def _decide_candidate(
    document: Document, candidate: Candidate, world: World, programme: Programme[A]
) -> Decision | None:
    try:
        changed = programme.schema.model_validate_json(
            canonical_bytes(with_changes(document, candidate.changes))
        )
    except ValidationError:  # a proposal outside the schema is no proposal
        return None
    return decide(changed, world, programme, alternatives=False)


def _tightest(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    limited = [f for f in findings if f.margin is not None and f.outcome is Outcome.PASS]
    return tuple(sorted(limited, key=lambda f: (f.margin, f.rule, f.subject))[:_FINDINGS_SHOWN])
