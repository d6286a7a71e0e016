"""Formulas of a pack computed for an application: fees, limits that depend on bandwidth, day counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from comity.errors import MissingError
from comity.rules.evaluate import Reading, normalised, rounded
from comity.rules.fact import Evidence
from comity.rules.kleene import Value
from comity.rules.pack import RulePack
from comity.rules.text import Text


@dataclass(frozen=True, slots=True)
class Computed:
    """The value of one formula.

    Parameters
    ----------
    formula, title, unit, citation : from the pack
    value : the result, rounded by its unit; ``None`` where it is not computable yet
    evidence : weakest grade used
    assumptions : ids of facts and formulas that are assumptions or pending
    missing : paths of what kept it from being computed
    text : the result, or why there is none, as one sentence
    """

    formula: str
    title: Text
    value: Value
    unit: str
    citation: str
    evidence: Evidence
    assumptions: tuple[str, ...]
    missing: tuple[str, ...]
    text: Text

    @property
    def is_computable(self) -> bool:
        """Whether there is a value; an unknown fee is not a fee of zero."""
        return self.value is not None


def compute(
    pack: RulePack,
    formula_id: str,
    application: Mapping[str, Any],
    derived: Mapping[str, Any],
    on: date,
    events: Mapping[str, date] | None = None,
) -> Computed:
    """Compute one formula of the pack as it is in force on ``on``.

    Parameters
    ----------
    application, derived : as for :func:`comity.rules.evaluate.evaluate`
    events : dates of procedural events by name, for day counts
    """
    formula = pack.formula(formula_id, on)
    if formula is None:
        raise MissingError(f"rule pack {pack.id} has no formula {formula_id} on {on}")
    values = {
        "application": normalised(application),
        "derived": normalised(derived),
        "events": dict(events or {}),
    }
    reading = Reading(pack, on, values)
    value = rounded(reading.formula(formula_id), formula.unit)
    return Computed(
        formula=formula_id,
        title=formula.title,
        value=value,
        unit=formula.unit,
        citation=formula.dated.citation,
        evidence=reading.evidence(formula.dated.evidence),
        assumptions=reading.assumptions(formula_id, formula.dated.evidence),
        missing=() if value is not None else tuple(reading.missing),
        text=reading.unknown(formula.title) if value is None else _said(formula.title, value, formula.unit),
    )


def _said(title: Text, value: Value, unit: str) -> Text:
    amount = f"{value:,.2f}".removesuffix(".00") if isinstance(value, float) else str(value)
    suffix = "" if unit == "1" else f" {unit}"
    return Text(f"{title.en}: {amount}{suffix}", f"{title.zh}：{amount}{suffix}")
