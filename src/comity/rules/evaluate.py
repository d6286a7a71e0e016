"""Rules applied to one application: every answer with its numbers, its citation and what it rests on."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from comity.errors import ComityError, Problem, ValidityError
from comity.rules.expression import Expression
from comity.rules.fact import Evidence, Fact
from comity.rules.finding import Finding, Outcome, Scalar
from comity.rules.kleene import Value, descend, evaluate_expression, is_number
from comity.rules.pack import Rule, RulePack
from comity.rules.sentence import fill, generic_unknown
from comity.rules.text import Text
from comity.rules.vocabulary import label

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MAX_FORMULA_DEPTH = 8
_NAMED_ITEMS = 5
_DECIMALS = {"dB": 2, "m": 3, "km": 6, "km2": 6, "W": 6, "GBP": 2, "EUR": 2, "TWD": 2, "MHz": 6}


def rounded(value: Value, unit: str) -> Value:
    """Round as comity compares: 0.01 dB, 1 mm, 0.01 of a currency; anything else to 9 decimals."""
    if not isinstance(value, float):
        return value
    key = "dB" if unit.startswith("dB") else unit
    return round(value, _DECIMALS.get(key, 9)) + 0.0


@dataclass
class Reading:
    """Everything one rule reads, remembered so that its finding can say what it rests on."""

    pack: RulePack
    on: date
    values: Mapping[str, Any]
    facts: dict[str, Fact] = field(default_factory=dict)
    grades: dict[str, Evidence] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    depth: int = 0

    def read(self, path: str) -> Value:
        """Return the value at a dotted path; a missing one is noted and unknown."""
        value = descend(self.values, path)
        if value is None and path not in self.missing:
            self.missing.append(path)
        return value

    def peek(self, path: str) -> Value:
        """Return the value at a dotted path, missing or not, without noting it."""
        return descend(self.values, path)

    def fact(self, fact_id: str) -> Value:
        """Return a fact's value and remember the fact."""
        fact = self.pack.find_fact(fact_id, self.on)
        if fact is None or fact.value is None:
            place = f"facts.{fact_id}"
            if place not in self.missing:
                self.missing.append(place)
        if fact is None:
            return None
        self.facts[fact_id] = fact
        return fact.value

    def formula(self, formula_id: str) -> Value:
        """Return a formula's value, unrounded; the formula's own evidence counts too."""
        formula = self.pack.formula(formula_id, self.on)
        if formula is None:
            self.missing.append(f"formulas.{formula_id}")
            return None
        if self.depth >= _MAX_FORMULA_DEPTH:
            raise ComityError(f"formula {formula_id} of {self.pack.id} calls itself")
        self.depth += 1
        self.grades[formula_id] = formula.dated.evidence
        value = evaluate_expression(formula.expression, self)
        self.depth -= 1
        return value

    def unknown(self, title: Text) -> Text:
        """Return the sentence that names what is missing and what of the law is pending."""
        stated = [label(path) for path in self.missing if not path.startswith(("facts.", "formulas."))]
        ids = [path.removeprefix("facts.") for path in self.missing if path.startswith("facts.")]
        pending = [self.facts[i].title if i in self.facts else Text(i, i) for i in ids]
        return generic_unknown(title, stated, pending)

    def evidence(self, own: Evidence) -> Evidence:
        """Return the weakest grade among ``own`` and everything read."""
        grades = [own, *(f.evidence for f in self.facts.values()), *self.grades.values()]
        return max(grades, key=lambda grade: grade.rank)

    def assumptions(self, rule_id: str, own: Evidence) -> tuple[str, ...]:
        """Return the ids of facts, formulas and the rule itself that are assumptions or pending."""
        doubtful = {name for name, fact in self.facts.items() if fact.evidence.is_doubtful}
        doubtful |= {name for name, grade in self.grades.items() if grade.is_doubtful}
        return tuple(sorted(doubtful | ({rule_id} if own.is_doubtful else set())))


def normalised(value: Any) -> Any:
    """Return nested input with ISO date strings as dates and sequences as tuples."""
    if isinstance(value, Mapping):
        return {str(key): normalised(part) for key, part in value.items()}
    if isinstance(value, list | tuple | frozenset | set):
        return tuple(
            normalised(part) for part in (sorted(value) if isinstance(value, set | frozenset) else value)
        )
    if isinstance(value, str) and _ISO_DATE.fullmatch(value):
        with contextlib.suppress(ValueError):
            return date.fromisoformat(value)
    return value


def evaluate(
    pack: RulePack,
    application: Mapping[str, Any],
    derived: Mapping[str, Any],
    on: date,
    kinds: Sequence[str] = (),
) -> list[Finding]:
    """Apply every rule in force and return one finding per rule, or per failing item of a list.

    Parameters
    ----------
    pack : the regime's rules
    application : the application as a nested mapping (``model_dump()``); a missing field is unknown
    derived : values the programme computed, named in :mod:`comity.rules.vocabulary`; missing is unknown
    on : the day whose law applies
    kinds : only rules of these kinds; all if empty

    Returns
    -------
    Findings in the pack's order. A rule whose ``when`` is false gives none. A day on which the pack holds no
    rule at all is an error, for no finding must never be read as no objection.
    """
    if not pack.is_in_force(on):
        since = min(str(rule.dated.valid_from) for rule in pack.rules) if pack.rules else "no day"
        problem = Problem(pack.id, f"holds no rule for {on}", f"a day from {since} on")
        raise ValidityError("nothing can be decided without law in force", (problem,))
    values = {"application": normalised(application), "derived": normalised(derived)}
    findings: list[Finding] = []
    for rule in pack.rules:
        if rule.dated.holds_on(on) and (not kinds or rule.kind in kinds):
            findings.extend(apply_rule(pack, rule, values, on))
    return findings


def apply_rule(pack: RulePack, rule: Rule, values: Mapping[str, Any], on: date) -> list[Finding]:
    """Apply one rule.

    A rule over a list answers once where every item passes, with the item nearest to the limit. Otherwise it
    answers for every item that does not pass; items that lack the same statements share one answer.
    """
    items = descend(values, rule.each) if rule.each else None
    if not isinstance(items, tuple):
        finding = _answer(Reading(pack, on, values), rule, "")
        return [] if finding is None else [finding]
    answered = []
    for index, item in enumerate(items):
        name = str(item.get("id", index + 1)) if isinstance(item, Mapping) else str(item)
        answer = _answer(Reading(pack, on, {**values, "item": item}), rule, name)
        if answer is not None:
            answered.append((item, answer))
    others = [(item, answer) for item, answer in answered if answer.outcome is not Outcome.PASS]
    if answered and not others:
        return [min((a for _, a in answered), key=lambda a: (a.margin is None, a.margin or 0.0))]
    alike: dict[str, list[tuple[Any, Finding]]] = {}
    for item, answer in others:
        alike.setdefault(str(answer.details.get("missing", answer.subject)), []).append((item, answer))
    return [
        _shared(Reading(pack, on, {**values, "item": group[0][0]}), rule, group) for group in alike.values()
    ]


def _shared(reading: Reading, rule: Rule, group: list[tuple[Any, Finding]]) -> Finding:
    first = group[0][1]
    if len(group) == 1 or "missing" not in first.details:
        return first
    names = ", ".join(answer.subject for _, answer in group[:_NAMED_ITEMS])
    rest = len(group) - _NAMED_ITEMS
    return _answer(reading, rule, names + (f" + {rest}" if rest > 0 else "")) or first


def _answer(reading: Reading, rule: Rule, subject: str) -> Finding | None:
    applies = _value(reading, rule.when, default=True)
    if applies is False:
        return None
    unasked = list(reading.missing)
    measured = rounded(_value(reading, rule.measured), rule.unit)
    before = set(reading.facts)
    limit = rounded(_value(reading, rule.limit), rule.unit)
    behind = [fact for name, fact in reading.facts.items() if name not in before]
    kept = _kept(reading, rule, measured, limit)
    required = [fact for name, fact in reading.facts.items() if name not in before and fact not in behind]
    if applies is None and kept is not True:
        # Whether the rule applies comes first: nothing else is asked of the applicant yet.
        kept, reading.missing = None, unasked
    if kept is not None:
        reading.missing.clear()
    outcome = _outcome(rule, kept)
    asked = list(reading.missing)
    numbers = {name: _value(reading, expression) for name, expression in rule.values}
    reading.missing = asked  # what only the sentence shows does not keep the rule from being decided
    numbers |= {"measured": measured, "limit": limit, "unit": rule.unit, "subject": subject}
    margin = _margin(rule, measured, limit)
    numbers["margin"] = None if margin is None else abs(margin)
    own = rule.dated.evidence
    details: dict[str, Scalar] = {"kind": rule.kind, "severity": rule.severity}
    if kept is None and reading.missing:
        details["missing"] = ", ".join(reading.missing)
    return Finding(
        rule=rule.id,
        outcome=outcome,
        text=_sentence(rule, kept, numbers, reading),
        citation=_citation(rule, behind, required),
        evidence=reading.evidence(own),
        subject=subject,
        measured=_scalar(measured),
        limit=_scalar(limit),
        unit=rule.unit,
        margin=margin,
        assumptions=reading.assumptions(rule.id, own),
        details=details,
    )


def _citation(rule: Rule, behind: Sequence[Fact], required: Sequence[Fact]) -> str:
    """Return where the limit stands, then the rule, then what else its condition reads: each source once.

    What a limit is chosen by is read before the limit itself, which is cited first.
    """
    named = [fact.citation for fact in reversed(behind)]
    named += [rule.dated.citation, *(fact.citation for fact in required)]
    return "; ".join(dict.fromkeys(part for citation in named for part in citation.split("; ")))


def _value(reading: Reading, expression: Expression | None, default: Value = None) -> Value:
    return default if expression is None else evaluate_expression(expression, reading)


def _kept(reading: Reading, rule: Rule, measured: Value, limit: Value) -> bool | None:
    """Whether the rule is kept: its condition, or the comparison of the rounded values, or both."""
    kept = _value(reading, rule.require, default=True)
    if not (rule.sense and rule.measured and rule.limit):
        return bool(kept) if kept is not None else None
    compared: bool | None = None
    if is_number(measured) and is_number(limit):
        compared = {
            "<=": measured <= limit,
            "<": measured < limit,
            ">=": measured >= limit,
            ">": measured > limit,
        }[rule.sense]
    if kept is False or compared is False:
        return False
    return None if kept is None or compared is None else True


def _outcome(rule: Rule, kept: bool | None) -> Outcome:
    """``block`` refuses; ``refer`` hands what fails to a person; ``warn`` and ``info`` never stop a case."""
    if kept is True:
        return Outcome.PASS
    if rule.severity in ("warn", "info"):
        return Outcome.WARN
    if kept is None or rule.severity == "refer":
        return Outcome.UNKNOWN
    return Outcome.FAIL


def _margin(rule: Rule, measured: Value, limit: Value) -> float | None:
    if not (rule.sense and is_number(measured) and is_number(limit)):
        return None
    difference = limit - measured if rule.sense.startswith("<") else measured - limit
    return float(rounded(float(difference), rule.unit))


def _sentence(rule: Rule, kept: bool | None, numbers: Mapping[str, Value], reading: Reading) -> Text:
    words = reading.pack.words
    if kept is None:
        if rule.unknown:
            return fill(rule.unknown, numbers, words)
        subject = numbers["subject"]
        named = (
            Text(f"{rule.title.en}, {subject}", f"{rule.title.zh}（{subject}）") if subject else rule.title
        )
        return reading.unknown(named)
    return fill(rule.passed if kept else rule.failed, numbers, words)


def _scalar(value: Value) -> float | str | None:
    if value is None or isinstance(value, str):
        return value
    if is_number(value):
        return float(value)
    return ", ".join(str(part) for part in value) if isinstance(value, tuple) else str(value)
