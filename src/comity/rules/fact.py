"""A fact: one constant of law or practice, with its unit, dates, source and evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from comity.rules.text import NO_TEXT, Text

FactValue = int | float | str | bool | date | tuple["FactValue", ...]


class Evidence(StrEnum):
    """How far a fact may be trusted.

    ``verified``   read in the law or on the authority's own page
    ``secondary``  read in press, a law firm's note, a trade body's page
    ``computed``   follows by arithmetic or logic from verified or secondary facts
    ``assumption`` not confirmed: it computes, and every decision that uses it lists it
    ``pending``    known to exist, value not obtained: results that need it are "not computable yet"
    """

    VERIFIED = "verified"
    SECONDARY = "secondary"
    COMPUTED = "computed"
    ASSUMPTION = "assumption"
    PENDING = "pending"

    @property
    def rank(self) -> int:
        """0 for the strongest grade, growing with doubt."""
        return list(Evidence).index(self)

    @property
    def is_doubtful(self) -> bool:
        """Whether a result that rests on this grade must say so."""
        return self in (Evidence.ASSUMPTION, Evidence.PENDING)


@dataclass(frozen=True, slots=True)
class Fact:
    """One dated, cited constant.

    Parameters
    ----------
    id : stable name inside its pack, dotted (``"limits.boundary_power_dbm"``)
    value : the constant; ``None`` exactly when ``evidence`` is ``pending``
    unit : unit symbol, ``"1"`` for a pure number or a list of codes
    valid_from, valid_to : first and last day of validity (``None``: open)
    citation : instrument and article, or the name of the page
    checked : day on which somebody last compared the value with its source
    evidence : see :class:`Evidence`
    note : what a reader must know (an interpretation, a conflict between sources)
    title : what the constant is, in both languages
    choices : the values an interpretation may be switched to; empty where there is nothing to switch
    span : least and greatest number that a setting may give it, both included, in ``unit``; ``None`` where it
        has choices or is fixed
    source : id of the source that the citation names first
    """

    id: str
    value: FactValue | None
    unit: str
    valid_from: date | None
    valid_to: date | None
    citation: str
    checked: date
    evidence: Evidence
    note: str = ""
    title: Text = NO_TEXT
    choices: tuple[FactValue, ...] = ()
    span: tuple[float, float] | None = None
    source: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether the fact is valid on ``day`` (both ends included)."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    @property
    def is_switchable(self) -> bool:
        """Whether the fact may be read otherwise without another pack."""
        return bool(self.choices) or self.span is not None

    def accepts(self, value: object) -> bool:
        """Whether a setting may give the fact this value; NaN is in no range."""
        if self.span is None:
            return any(
                value == choice and isinstance(value, bool) is isinstance(choice, bool)
                for choice in self.choices
            )
        return (
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and self.span[0] <= value <= self.span[1]
        )

    def accepted(self) -> str:
        """Return in words which values a setting may give it; empty where the fact is fixed."""
        if self.span is not None:
            unit = "" if self.unit == "1" else f" {self.unit}"
            return f"{self.span[0]:g} to {self.span[1]:g}{unit}"
        return ", ".join(str(choice) for choice in self.choices)
