"""Packs and their parts as plain data: for ``--json``, for the API, for anybody's own table."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from comity.rules.canonical import plain
from comity.rules.clocks import Deadline
from comity.rules.compute import Computed
from comity.rules.fact import Fact
from comity.rules.finding import Finding
from comity.rules.pack import Dated, Formula, Rule, RulePack


def describe_pack(pack: RulePack) -> dict[str, Any]:
    """Return identity and size of a pack."""
    return {
        "id": pack.id,
        "revision": pack.revision,
        "title": pack.title.as_dict(),
        "country": pack.country,
        "authoritative_language": pack.authoritative_language,
        "scope": pack.scope,
        "read_as_of": pack.read_as_of.isoformat(),
        "sha256": pack.sha256,
        "switched": plain(pack.switched),
        "facts": sum(len(series) for series in pack.facts.values()),
        "rules": len(pack.rules),
        "formulas": len(pack.formulas),
        "clocks": len(pack.clocks),
        "evidence": count_evidence(pack),
    }


def count_evidence(pack: RulePack) -> dict[str, int]:
    """Return how many facts stand at each grade, strongest grade first."""
    grades = [fact.evidence for series in pack.facts.values() for fact in series]
    return {grade.value: grades.count(grade) for grade in sorted(set(grades), key=lambda grade: grade.rank)}


def describe_fact(fact: Fact) -> dict[str, Any]:
    """Return a fact with everything that it carries."""
    return {
        "id": fact.id,
        "title": fact.title.as_dict(),
        "value": plain(fact.value),
        "unit": fact.unit,
        **_dates(fact.valid_from, fact.valid_to),
        "citation": fact.citation,
        "checked": fact.checked.isoformat(),
        "evidence": fact.evidence.value,
        "note": fact.note,
        "choices": plain(fact.choices),
        "range": None if fact.span is None else list(fact.span),
    }


def describe_rule(rule: Rule) -> dict[str, Any]:
    """Return a rule with its conditions as they are written."""
    parts = {"when": rule.when, "require": rule.require, "measured": rule.measured, "limit": rule.limit}
    return {
        "id": rule.id,
        "kind": rule.kind,
        "severity": rule.severity,
        "title": rule.title.as_dict(),
        **{name: None if part is None else part.source for name, part in parts.items()},
        "sense": rule.sense,
        "unit": rule.unit,
        "each": rule.each,
        "sentences": {
            name: text.as_dict()
            for name, text in (("pass", rule.passed), ("fail", rule.failed), ("unknown", rule.unknown))
            if text is not None and text.en
        },
        **_dated(rule.dated),
    }


def describe_formula(formula: Formula) -> dict[str, Any]:
    """Return a formula as it is written."""
    return {
        "id": formula.id,
        "title": formula.title.as_dict(),
        "unit": formula.unit,
        "expression": formula.expression.source,
        **_dated(formula.dated),
    }


def describe_deadline(deadline: Deadline) -> dict[str, Any]:
    """Return a deadline with ISO dates."""
    found: dict[str, Any] = plain(asdict(deadline))
    return {**found, "title": deadline.title.as_dict(), "evidence": deadline.evidence.value}


def describe_computed(computed: Computed) -> dict[str, Any]:
    """Return a computed value, or why there is none."""
    return {
        "formula": computed.formula,
        "value": plain(computed.value),
        "unit": computed.unit,
        "text": computed.text.as_dict(),
        "citation": computed.citation,
        "evidence": computed.evidence.value,
        "assumptions": list(computed.assumptions),
        "missing": list(computed.missing),
    }


def describe_finding(finding: Finding) -> dict[str, Any]:
    """Return a finding as JSON data."""
    found: dict[str, Any] = plain(asdict(finding))
    return {
        **found,
        "text": finding.text.as_dict(),
        "outcome": finding.outcome.value,
        "evidence": finding.evidence.value,
    }


def _dates(valid_from: date | None, valid_to: date | None) -> dict[str, str | None]:
    return {
        "valid_from": None if valid_from is None else valid_from.isoformat(),
        "valid_to": None if valid_to is None else valid_to.isoformat(),
    }


def _dated(dated: Dated) -> dict[str, Any]:
    return {
        **_dates(dated.valid_from, dated.valid_to),
        "citation": dated.citation,
        "checked": dated.checked.isoformat(),
        "evidence": dated.evidence.value,
    }
