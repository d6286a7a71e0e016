"""Which students may take part, which places fit whom, which places may be offered: findings by the rule pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from comity.programmes.talent.application import CEFR_LEVELS, StudentApplication
from comity.programmes.talent.call import Call, Position
from comity.rules.evaluate import evaluate
from comity.rules.finding import Finding, Outcome
from comity.rules.pack import RulePack

STUDENT_KINDS = ("eligibility", "document")
PLACE_KINDS = ("plan", "term")


@dataclass(frozen=True, slots=True)
class Screening:
    """What the rules say before any matching.

    Parameters
    ----------
    students : findings about each student
    places : findings about each student and place she listed
    positions : findings about each position
    """

    students: Mapping[str, tuple[Finding, ...]]
    places: Mapping[tuple[str, str], tuple[Finding, ...]]
    positions: Mapping[str, tuple[Finding, ...]]

    def standing(self, student: str) -> Outcome:
        """Return whether a student takes part: pass, fail, or unknown where a person must look.

        A no that rests on an unconfirmed parameter does not refuse; it waits for a person, like a missing paper.
        """
        against = [f for f in self.students[student] if f.outcome in (Outcome.FAIL, Outcome.UNKNOWN)]
        if any(f.outcome is Outcome.FAIL and not f.evidence.is_doubtful for f in against):
            return Outcome.FAIL
        return Outcome.UNKNOWN if against else Outcome.PASS

    def fits(self, student: str, position: str) -> bool:
        """Whether a place is open to a student; what is not known to fit does not."""
        findings = (*self.places[student, position], *self.positions[position])
        return all(f.outcome in (Outcome.PASS, Outcome.WARN) for f in findings)


def screen(call: Call, pack: RulePack, on: date) -> Screening:
    """Apply the rule pack to every student, place and position of a call."""
    positions = {p: check_position(position, pack, on) for p, position in call.positions.items()}
    students = {s: check_student(a, call, pack, on) for s, a in call.students.items()}
    places = {
        (s, p): check_place(a, call, call.positions[p], pack, on)
        for s, a in call.students.items()
        for p in a.choices
        if p in call.positions
    }
    return Screening(students, places, positions)


def check_student(
    application: StudentApplication, call: Call, pack: RulePack, on: date
) -> tuple[Finding, ...]:
    """Return what the rules say about a student as such."""
    derived = {
        "sending_countries": call.settings.sending_countries,
        "choice_count": len(application.choices),
    }
    return tuple(evaluate(pack, _document(application), derived, on, STUDENT_KINDS))


def check_place(
    application: StudentApplication, call: Call, position: Position, pack: RulePack, on: date
) -> tuple[Finding, ...]:
    """Return what the rules say about one student at one place; ``subject`` names the place."""
    derived = {
        "languages_asked": tuple(f"{k} {v}" for k, v in sorted(position.languages.items())),
        "languages_short": languages_short(application.languages, position.languages),
        "starts": position.starts,
        "ends": position.ends,
        "eqf_min": position.eqf_min,
        "visa_support": position.visa_support,
        "country": call.hosts[position.host].country,
        "receiving_countries": call.settings.receiving_countries,
        "skills_shared": len({*application.skills} & {*position.skills}),
    }
    found = evaluate(pack, _document(application), derived, on, PLACE_KINDS)
    return tuple(replace(finding, subject=position.id) for finding in found)


def check_position(position: Position, pack: RulePack, on: date) -> tuple[Finding, ...]:
    """Return what the rules say about a position."""
    derived = {
        "field": position.field,
        "days": (position.ends - position.starts).days + 1,
        "pay_stated": position.pay_per_month is not None,
    }
    return tuple(evaluate(pack, {}, derived, on, ("review",)))


def languages_short(spoken: Mapping[str, str], asked: Mapping[str, str]) -> tuple[str, ...]:
    """Return the languages whose level is not reached, with the level asked (``"en B2"``)."""
    order: dict[str, int] = {level: i for i, level in enumerate(CEFR_LEVELS)}
    return tuple(
        f"{language} {level}"
        for language, level in sorted(asked.items())
        if order.get(spoken.get(language, ""), -1) < order[level]
    )


def result_finding(position: str | None, pack: RulePack, on: date) -> tuple[Finding, ...]:
    """Return the finding that carries the result of the matching: the id of the place, ``None`` for none."""
    derived: dict[str, Any] = {"placed": position is not None, "position": position}
    return tuple(evaluate(pack, {}, derived, on, ("procedure",)))


def _document(application: StudentApplication) -> dict[str, Any]:
    return application.model_dump(exclude={"statement", "contact"})
