"""A decision as a JSON document, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from pydantic import JsonValue

from comity.casework.canonical import canonical_bytes, decimals_of_unit, normalise, rounded, sha256_of
from comity.casework.decision import (
    FORM,
    Alternative,
    Assumption,
    Decision,
    DecisionOutcome,
    Option,
    Provenance,
)
from comity.errors import ComityError, Problem
from comity.rules.fact import Evidence
from comity.rules.finding import Finding, Outcome
from comity.rules.text import Text

Document = dict[str, JsonValue]

#: The parts of a document that are inputs of the decision; ``seal`` holds a hash of each of their fields.
INPUTS = ("application", "settings", "provenance")
_PLAIN_INPUTS = ("form", "programme", "regime", "reference", "decided_on")


def to_document(decision: Decision) -> Document:
    """Return ``decision`` as normalised JSON data.

    ``seal`` carries the SHA-256 of every input, so that a change of an input, which recomputing alone would
    take for another case, is found and named.
    """
    document: Document = {
        "form": FORM,
        "programme": decision.programme,
        "regime": decision.regime,
        "reference": decision.reference,
        "decided_on": decision.decided_on.isoformat(),
        "application": normalise(decision.application),
        "outcome": decision.outcome.value,
        "award": normalise(decision.award),
        "findings": [finding_document(f) for f in decision.findings],
        "considered": [_option_document(o) for o in decision.considered],
        "reasons": normalise(decision.reasons),
        "alternatives": [_alternative_document(a) for a in decision.alternatives],
        "assumptions": normalise(decision.assumptions),
        "settings": normalise(decision.settings),
        "provenance": normalise(decision.provenance),
    }
    document["seal"] = cast(JsonValue, seal_of(document))
    return document


def to_bytes(decision: Decision) -> bytes:
    """Return the canonical JSON whose SHA-256 is the decision's identity."""
    return canonical_bytes(to_document(decision))


def seal_of(document: Mapping[str, JsonValue]) -> dict[str, str]:
    """Return the SHA-256 of each input field of ``document`` by its path."""
    seal = {name: sha256_of(document[name]) for name in _PLAIN_INPUTS}
    for part in INPUTS:
        fields = document[part]
        if isinstance(fields, dict):
            seal |= {f"{part}.{name}": sha256_of(value) for name, value in fields.items()}
    return seal


def from_bytes(content: bytes, place: str = "decision") -> Decision:
    """Read a decision back; ``place`` names the file in errors."""
    return from_document(document_from_bytes(content, place), place)


def document_from_bytes(content: bytes, place: str = "decision") -> Document:
    """Return the JSON document in ``content`` or say why it is none."""
    accepted = f"the {FORM} file that `comity decide --out` wrote"
    try:
        document = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        problem = Problem(place, f"not a JSON document ({error})", accepted)
        raise ComityError("this is not a decision file", [problem]) from None
    if not isinstance(document, dict) or document.get("form") != FORM:
        found = document.get("form") if isinstance(document, dict) else type(document).__name__
        raise ComityError("this is not a decision file", [Problem(f"{place}: form", repr(found), accepted)])
    return document


def from_document(document: Mapping[str, Any], place: str = "decision") -> Decision:
    """Return the decision that :func:`to_document` wrote."""
    try:
        return Decision(
            programme=document["programme"],
            regime=document["regime"],
            reference=document["reference"],
            decided_on=date.fromisoformat(document["decided_on"]),
            application=document["application"],
            outcome=DecisionOutcome(document["outcome"]),
            award=document["award"],
            findings=_findings(document["findings"]),
            considered=tuple(_option(o) for o in document["considered"]),
            reasons=tuple(_text(t) for t in document["reasons"]),
            alternatives=tuple(_alternative(a) for a in document["alternatives"]),
            assumptions=tuple(
                Assumption(**(a | {"evidence": Evidence(a["evidence"])})) for a in document["assumptions"]
            ),
            settings=document["settings"],
            provenance=Provenance(**document["provenance"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        problem = Problem(place, f"a part is missing or has another form ({error})", f"a {FORM} document")
        raise ComityError("this decision file was changed or cut", [problem]) from error


def finding_document(finding: Finding) -> Document:
    """Return one finding as JSON data, its numbers rounded as its unit asks."""
    document = cast(Document, normalise(finding))
    decimals = decimals_of_unit(finding.unit)
    for name in ("measured", "limit", "margin"):
        value = document[name]
        if isinstance(value, float):
            document[name] = rounded(value, decimals)
    return document


def _option_document(option: Option) -> Document:
    return cast(Document, normalise(option)) | {"findings": [finding_document(f) for f in option.findings]}


def _alternative_document(alternative: Alternative) -> Document:
    document = cast(Document, normalise(alternative))
    return document | {"findings": [finding_document(f) for f in alternative.findings]}


def _text(document: Mapping[str, str]) -> Text:
    return Text(en=document["en"], zh=document["zh-Hant"])


def _findings(documents: list[dict[str, Any]]) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            **(
                d
                | {
                    "outcome": Outcome(d["outcome"]),
                    "evidence": Evidence(d["evidence"]),
                    "text": _text(d["text"]),
                    "assumptions": tuple(d["assumptions"]),
                }
            )
        )
        for d in documents
    )


def _option(document: dict[str, Any]) -> Option:
    return Option(**(document | {"findings": _findings(document["findings"])}))


def _alternative(document: dict[str, Any]) -> Alternative:
    return Alternative(
        **(
            document
            | {
                "title": _text(document["title"]),
                "outcome": DecisionOutcome(document["outcome"]),
                "findings": _findings(document["findings"]),
            }
        )
    )
