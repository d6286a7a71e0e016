"""What a draft rule would change: the same applications decided under the law and under the draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from comity.casework.application import Application
from comity.casework.decide import decide
from comity.casework.decision import Decision
from comity.casework.document import to_document
from comity.casework.programme import Programme
from comity.casework.replay import Difference, differences_between
from comity.casework.world import World


@dataclass(frozen=True, slots=True)
class Impact:
    """One application under both.

    Parameters
    ----------
    reference : of the application
    law, draft : the two decisions
    award : leaves of the award that differ, by path
    findings : rules whose answer differs: ``(rule, subject, law, draft)``; ``""`` where one has no such finding
    """

    reference: str
    law: Decision
    draft: Decision
    award: tuple[Difference, ...]
    findings: tuple[tuple[str, str, str, str], ...]

    @property
    def is_changed(self) -> bool:
        """Whether anything that the applicant would notice differs."""
        return self.law.outcome is not self.draft.outcome or bool(self.award or self.findings)


def impact_of(application: Application, law: World, draft: World, programme: Programme[Any]) -> Impact:
    """Decide ``application`` in both worlds, alternatives off, and compare."""
    decisions = [decide(application, world, programme, alternatives=False) for world in (law, draft)]
    documents = [to_document(decision) for decision in decisions]
    answers = [{(f.rule, f.subject): f.outcome.value for f in decision.findings} for decision in decisions]
    differing = sorted(
        key for key in answers[0].keys() | answers[1].keys() if answers[0].get(key) != answers[1].get(key)
    )
    return Impact(
        application.reference,
        decisions[0],
        decisions[1],
        tuple(differences_between(documents[0]["award"], documents[1]["award"])),
        tuple((*key, answers[0].get(key, ""), answers[1].get(key, "")) for key in differing),
    )
