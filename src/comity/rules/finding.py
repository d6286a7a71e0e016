"""A finding: what one rule says of one application, in words and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from comity.rules.fact import Evidence
from comity.rules.text import Text

Scalar = str | int | float | bool | None


class Outcome(StrEnum):
    """The four answers a rule can give."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    WARN = "warn"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule applied to one subject.

    Parameters
    ----------
    rule : rule id as printed in the law table (``"TW-R2"``)
    outcome : pass, fail, warn or unknown
    text : one sentence that carries the numbers, in both languages
    citation : where the rule stands
    evidence : evidence of the weakest fact used
    subject : what was tested: a station, a victim, a document, ``""`` for the whole application
    measured, limit : compared values in ``unit``; already rounded (0.01 dB, 1 mm) as they were compared
    unit : unit symbol of ``measured``, ``limit`` and ``margin``
    margin : distance to the limit in ``unit``, positive where the rule is kept
    location_spread_db : location spread, one standard deviation (P.1812 4.7) [dB], if stated; no error of prediction
    assumptions : ids of facts with evidence ``assumption`` or ``pending`` that this finding rests on
    details : further values for tables and pictures (flat, JSON scalars only)
    """

    rule: str
    outcome: Outcome
    text: Text
    citation: str
    evidence: Evidence
    subject: str = ""
    measured: float | str | None = None
    limit: float | str | None = None
    unit: str = ""
    margin: float | None = None
    location_spread_db: float | None = None
    assumptions: tuple[str, ...] = ()
    details: Mapping[str, Scalar] = field(default_factory=dict)
