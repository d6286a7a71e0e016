"""A rule pack: the law of one regime as dated, cited data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches

from comity.errors import MissingError, Problem, ValidityError
from comity.rules.expression import Expression
from comity.rules.fact import Evidence, Fact, FactValue
from comity.rules.text import Text


@dataclass(frozen=True, slots=True)
class Source:
    """An instrument or page that citations of a pack name by its id, as ``MBD`` in ``"MBD Art. 18(2)"``."""

    id: str
    short: str
    title: Text
    url: str
    edition: str


@dataclass(frozen=True, slots=True)
class Dated:
    """What every rule, formula and clock carries: where it stands, since when, how sure."""

    citation: str
    evidence: Evidence
    checked: date
    valid_from: date | None
    valid_to: date | None
    source: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on ``day`` (both ends included)."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: when it applies, what it requires, and the sentences that explain the answer.

    Parameters
    ----------
    id : as printed in the law table (``"TW-R2"``)
    kind : eligibility, document, plan, review, cyber, radio, siting, coordination, fee, term or procedure
    severity : block (a "no" refuses), refer (a "no" goes to a person), warn, info
    when : applies only where this is true; ``None``: always
    require : what must be true; ``None`` with ``measured``, ``sense`` and ``limit``: their comparison
    each : dotted list the rule runs over, one item at a time, named ``item``
    measured, limit, unit, sense : the compared values; ``sense`` is one of ``<= < >= >``
    values : further named values for the sentences
    passed, failed, unknown : sentences; ``{measured}``, ``{limit}``, ``{unit}``, ``{subject}`` and the
        names of ``values`` are filled in
    """

    id: str
    kind: str
    severity: str
    title: Text
    dated: Dated
    when: Expression | None
    require: Expression | None
    each: str
    measured: Expression | None
    limit: Expression | None
    unit: str
    sense: str
    values: tuple[tuple[str, Expression], ...]
    passed: Text
    failed: Text
    unknown: Text | None


@dataclass(frozen=True, slots=True)
class Formula:
    """A named calculation of the pack: a fee, a limit that depends on bandwidth."""

    id: str
    title: Text
    unit: str
    expression: Expression
    when: Expression | None
    dated: Dated


@dataclass(frozen=True, slots=True)
class Clock:
    """One deadline: an event (or another clock), a period, and the way days are counted.

    Parameters
    ----------
    start : event name, or id of another clock
    direction : ``after`` or ``before`` the start, or ``lasting`` from it: the start is the first day, and a use that
        may last so long ends on the last one, be it a Sunday
    period : id of the fact that holds the length; its unit is day, week, month or year
    role : ``opens`` (first day of a window) or ``due`` (last day)
    not_after : events or clocks that cut the deadline short
    reading : language of the text this reading follows; only readings of the authoritative text bind
    who : applicant or authority
    """

    id: str
    title: Text
    start: str
    direction: str
    period: str
    role: str
    not_after: tuple[str, ...]
    reading: str
    who: str
    dated: Dated


@dataclass(frozen=True, slots=True)
class RulePack:
    """The rules of one regime at one revision.

    Parameters
    ----------
    id, revision : identity; a correction is a new revision beside the old one
    sha256 : hash of the pack's canonical content (RFC 8785), switched interpretations included
    authoritative_language : language whose text prevails
    words : how codes read in a sentence
    scope : ``full``, or ``brief`` for a regime held for comparison only
    switched : interpretations that differ from the pack's defaults, ``{fact id: value}``
    """

    id: str
    revision: int
    title: Text
    country: str
    authoritative_language: str
    programme: str
    counting: str
    read_as_of: date
    sources: Mapping[str, Source]
    facts: Mapping[str, tuple[Fact, ...]]
    rules: tuple[Rule, ...]
    formulas: tuple[Formula, ...]
    clocks: tuple[Clock, ...]
    words: Mapping[str, Text]
    sha256: str
    switched: Mapping[str, FactValue] = field(default_factory=dict)
    scope: str = "full"

    def find_fact(self, fact_id: str, on: date) -> Fact | None:
        """Return the fact in force on ``on``, or ``None`` where the pack has none."""
        return next((fact for fact in self.facts.get(fact_id, ()) if fact.holds_on(on)), None)

    def fact(self, fact_id: str, *, on: date) -> Fact:
        """Return the fact in force on ``on``; raise :class:`~comity.errors.MissingError` where none is."""
        fact = self.find_fact(fact_id, on)
        if fact is None:
            series = self.facts.get(fact_id, ())
            known = ", ".join(f"{f.valid_from} to {f.valid_to or 'open'}" for f in series)
            hint = f"valid {known}" if known else f"see: comity rules show {self.id}"
            problem = Problem(fact_id, f"no value on {on}", hint)
            raise MissingError(f"rule pack {self.id} has no such fact", (problem,))
        return fact

    def value(self, fact_id: str, *, on: date) -> FactValue:
        """Return a fact's value; a pending fact is an error here, never zero."""
        fact = self.fact(fact_id, on=on)
        if fact.value is None:
            problem = Problem(
                fact_id, f"pending: {fact.note or 'value not obtained'}", "a pack with the value"
            )
            raise MissingError(f"not computable yet under {self.id}", (problem,))
        return fact.value

    def number(self, fact_id: str, *, on: date) -> float:
        """Return a fact's value as a float."""
        value = self.value(fact_id, on=on)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValidityError(f"fact {fact_id} of {self.id} is not a number: {value!r}")
        return float(value)

    def rule(self, rule_id: str) -> Rule:
        """Return the rule with this id."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise MissingError(f"rule pack {self.id} has no rule {rule_id}")

    def formula(self, formula_id: str, on: date) -> Formula | None:
        """Return the formula in force on ``on``, or ``None``."""
        found = (f for f in self.formulas if f.id == formula_id and f.dated.holds_on(on))
        return next(found, None)

    def is_in_force(self, on: date) -> bool:
        """Whether the pack holds any rule for that day; without one nothing may be decided."""
        return any(rule.dated.holds_on(on) for rule in self.rules)

    def interpretations(self, on: date) -> tuple[Fact, ...]:
        """Return the named, switchable readings in force on ``on``."""
        found = (self.find_fact(fact_id, on) for fact_id in self.facts)
        return tuple(fact for fact in found if fact is not None and fact.is_switchable)


def switch(pack: RulePack, readings: Mapping[str, FactValue]) -> RulePack:
    """Return ``pack`` under other readings of the law: ``{"interpretation.boundary_metric": "total_power"}``.

    Only facts that declare ``choices`` or a ``range`` may be switched, within them. The switched pack has its own
    hash, so that a decision names the reading it was made under.
    """
    from comity.rules.canonical import content_hash

    problems = []
    facts = dict(pack.facts)
    for fact_id, value in readings.items():
        series = facts.get(fact_id, ())
        if problem := _unfit(pack, fact_id, value):
            problems.append(problem)
            continue
        facts[fact_id] = tuple(replace(f, value=value, evidence=Evidence.ASSUMPTION) for f in series)
    if problems:
        raise ValidityError(f"rule pack {pack.id} does not know these readings", problems)
    switched = {**pack.switched, **readings}
    return replace(pack, facts=facts, switched=switched, sha256=content_hash([pack.sha256, switched]))


def _unfit(pack: RulePack, fact_id: str, value: FactValue) -> Problem | None:
    """Return why a fact cannot be read as ``value``."""
    series = pack.facts.get(fact_id, ())
    if series and all(fact.accepts(value) for fact in series):
        return None
    if not series:
        switchable = [name for name, facts in pack.facts.items() if any(f.is_switchable for f in facts)]
        near = get_close_matches(fact_id, switchable, n=3, cutoff=0.4) or switchable[:3]
        return Problem(
            fact_id, "no such fact", f"{', '.join(near)}; all of them: comity rules show {pack.id}"
        )
    accepted = next((fact.accepted() for fact in series if not fact.accepts(value)), "")
    if not accepted:
        return Problem(
            fact_id,
            "is fixed by the pack",
            f"another pack, or a fact that comity rules show {pack.id} lists with readings",
        )
    return Problem(fact_id, f"cannot be read as {value!r}", accepted)
