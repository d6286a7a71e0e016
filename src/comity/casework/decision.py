"""The decision: what was asked, what is given, and every reason for it, as one value with an identity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from pydantic import JsonValue

from comity.casework.canonical import sha256_of
from comity.rules.fact import Evidence
from comity.rules.finding import Finding
from comity.rules.text import Text

#: Form of the JSON document; a new form gets a new number, and old decisions keep theirs.
FORM = "comity-decision/1"


class DecisionOutcome(StrEnum):
    """The four ways a decision can end.

    ``referred`` goes to a person: something needed is unknown, a consent is missing, or a no rests on an
    assumption.
    """

    GRANTED = "granted"
    GRANTED_WITH_CONDITIONS = "granted_with_conditions"
    REFUSED = "refused"
    REFERRED = "referred"

    @property
    def is_grant(self) -> bool:
        """Whether the award may be used."""
        return self in (DecisionOutcome.GRANTED, DecisionOutcome.GRANTED_WITH_CONDITIONS)


@dataclass(frozen=True, slots=True)
class Assumption:
    """A fact that the decision rests on although it is not confirmed, or not yet published.

    ``value`` is ``None`` exactly when ``evidence`` is ``pending``.
    """

    fact: str
    value: JsonValue
    unit: str
    citation: str
    evidence: Evidence
    note: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that could be given within the application as it stands: a channel, a host, a pair.

    Parameters
    ----------
    id : stable name (``"3820-3860 MHz"``)
    passes : whether every check passed
    chosen : whether the award gives it
    findings : the findings that decided it, worst first
    details : further values for tables (flat, JSON scalars)
    """

    id: str
    passes: bool
    chosen: bool
    findings: tuple[Finding, ...] = ()
    details: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alternative:
    """A changed application that was decided, with alternatives off, and would be granted.

    Parameters
    ----------
    title : what is different, in one sentence
    changes : new values by dotted field path (``{"stations.0.eirp_dbm": 21.5}``); applied to the
        application they give the one that was decided
    outcome, award, findings : of that decision; ``findings`` are those with a limit, smallest margin first
    """

    title: Text
    changes: Mapping[str, JsonValue]
    outcome: DecisionOutcome
    award: Mapping[str, JsonValue]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Under what the decision was computed. The version of the package is left out on purpose.

    Parameters
    ----------
    packs : revision and content hash of each rule pack used, by regime
    models : revision of each model, by name (``{"P.1812-8": "1"}``)
    data : edition hash of each data set used, by name
    register : content hash of the register, the same whatever the order of its rows
    """

    packs: Mapping[str, Mapping[str, str]]
    models: Mapping[str, str]
    data: Mapping[str, str]
    register: str


@dataclass(frozen=True)
class Decision:
    """What was decided, why, and under what.

    Parameters
    ----------
    programme, regime, reference : which programme, rule pack and case
    decided_on : the day whose rules were applied
    application : what was decided, without personal contact data
    outcome : granted, granted_with_conditions, refused or referred
    award : what is given; under ``referred`` what would be given if the open points were cleared; ``None``
        when refused
    findings : every rule's answer
    considered : the options within the application, in the order in which they were tried
    reasons : why this outcome, in sentences with numbers and citations
    alternatives : changed applications that pass; empty unless the application did not
    assumptions : the unconfirmed facts that were used
    settings : interpretations and overrides in force
    provenance : revisions and editions
    """

    programme: str
    regime: str
    reference: str
    decided_on: date
    application: Mapping[str, JsonValue]
    outcome: DecisionOutcome
    award: Mapping[str, JsonValue] | None
    findings: tuple[Finding, ...]
    considered: tuple[Option, ...]
    reasons: tuple[Text, ...]
    alternatives: tuple[Alternative, ...]
    assumptions: tuple[Assumption, ...]
    settings: Mapping[str, JsonValue]
    provenance: Provenance

    @cached_property
    def identity(self) -> str:
        """SHA-256 of the canonical JSON: ``sha256sum decision.json`` prints the same."""
        from comity.casework.document import to_document

        return sha256_of(to_document(self))
