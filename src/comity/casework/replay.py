"""Replay: compute a decision again under its own revisions and editions, and say what differs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import zip_longest
from typing import Any

from pydantic import JsonValue, ValidationError

from comity.casework.canonical import canonical_bytes, normalise, sha256_of
from comity.casework.decide import decide
from comity.casework.document import Document, seal_of, to_document
from comity.casework.programme import Programme
from comity.casework.world import World
from comity.errors import ComityError, MissingError

#: Key that stands in the place of a field whose content was destroyed under a retention policy.
ERASED = "erased_by_policy"
_ABSENT: Any = object()


class ReplayVerdict(StrEnum):
    """What a replay can find."""

    REPRODUCED = "reproduced"
    ALTERED = "altered"
    REVISION_UNAVAILABLE = "revision unavailable"
    DATA_EDITION_UNAVAILABLE = "data edition unavailable"
    ERASED_BY_POLICY = "erased by policy"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs: its path, the value in the file, the value found now (``None``: absent)."""

    path: str
    recorded: JsonValue
    found: JsonValue


@dataclass(frozen=True, slots=True)
class Replay:
    """Verdict and the fields behind it, empty when reproduced."""

    verdict: ReplayVerdict
    differences: tuple[Difference, ...] = ()


def replay(document: Document, world: World, programme: Programme[Any]) -> Replay:
    """Recompute the decision in ``document``.

    Parameters
    ----------
    document : a decision's JSON document
    world : the packs, register and ground of today; the day and the settings are taken from the decision
    programme : the programme that the decision names
    """
    unusable = check_inputs(document)
    if unusable is not None:
        return unusable
    if document["regime"] not in world.packs:
        here = ", ".join(sorted(world.packs))
        return Replay(ReplayVerdict.REVISION_UNAVAILABLE, (Difference("regime", document["regime"], here),))
    try:
        return _recompute(document, world, programme)
    except MissingError as error:
        missing = Difference("provenance.data", document["provenance"], f"missing here: {error.render()}")
        return Replay(ReplayVerdict.DATA_EDITION_UNAVAILABLE, (missing,))
    except (ValidationError, ValueError, ComityError) as error:
        message = error.message if isinstance(error, ComityError) else str(error)
        return Replay(ReplayVerdict.ALTERED, (Difference("application", "decided", f"unusable: {message}"),))


def check_inputs(document: Document) -> Replay | None:
    """Return why the inputs in ``document`` cannot be replayed: erased, or not what was sealed; else ``None``."""
    erased = tuple(_erasures(document.get("application"), "application"))
    if erased:
        return Replay(ReplayVerdict.ERASED_BY_POLICY, erased)
    broken = _broken_seals(document)
    return Replay(ReplayVerdict.ALTERED, broken) if broken else None


def check_bytes(content: bytes, document: Document, found: Replay) -> Replay:
    """Return ``found``, or "altered" where a reproduced ``document`` was not stored as its canonical bytes.

    A space that was added changes no field, yet the file no longer has the decision's identity.
    """
    if found.verdict is not ReplayVerdict.REPRODUCED or content == canonical_bytes(document):
        return found
    recorded = hashlib.sha256(content).hexdigest()
    difference = Difference("(form of the file)", recorded, sha256_of(document))
    return Replay(ReplayVerdict.ALTERED, (difference,))


def _recompute(document: Document, world: World, programme: Programme[Any]) -> Replay:
    application = programme.schema.model_validate_json(canonical_bytes(document["application"]))
    decided_on = date.fromisoformat(str(document["decided_on"]))
    world = replace(world, today=decided_on, settings=_fields(document, "settings"))
    world = programme.recorded_world(world, _fields(document, "provenance"))
    recomputed = to_document(decide(application, world, programme))
    unavailable = _unavailable(document["provenance"], recomputed["provenance"])
    if unavailable is not None:
        return unavailable
    differences = tuple(differences_between(normalise(document), recomputed))
    return Replay(ReplayVerdict.ALTERED if differences else ReplayVerdict.REPRODUCED, differences)


def differences_between(recorded: Any, found: Any, path: str = "") -> list[Difference]:
    """Return every leaf at which two JSON values differ, with its path; what is absent shows as ``None``."""
    if isinstance(recorded, dict) and isinstance(found, dict):
        names: list[Any] = sorted(recorded.keys() | found.keys())
        pairs = [(n, recorded.get(n, _ABSENT), found.get(n, _ABSENT)) for n in names]
    elif isinstance(recorded, list) and isinstance(found, list):
        pairs = [(i, a, b) for i, (a, b) in enumerate(zip_longest(recorded, found, fillvalue=_ABSENT))]
    else:
        same = recorded == found and isinstance(recorded, bool) == isinstance(found, bool)
        return [] if same else [Difference(path, _shown(recorded), _shown(found))]
    return [
        difference
        for name, a, b in pairs
        for difference in differences_between(a, b, f"{path}.{name}" if path else str(name))
    ]


def _shown(value: Any) -> JsonValue:
    return None if value is _ABSENT else value


def _fields(document: Document, part: str) -> Mapping[str, JsonValue]:
    fields = document.get(part)
    if not isinstance(fields, dict):
        raise ComityError(f"the decision's {part} is no table")
    return fields


def _broken_seals(document: Document) -> tuple[Difference, ...]:
    try:
        found = seal_of(document)
    except KeyError as error:
        return (Difference(str(error.args[0]), None, "this field is missing"),)
    return tuple(differences_between(document.get("seal") or {}, found))


def _unavailable(recorded: JsonValue, here: JsonValue) -> Replay | None:
    differences = tuple(differences_between(recorded, here, "provenance"))
    rules = tuple(d for d in differences if d.path.startswith(("provenance.packs", "provenance.models")))
    if rules:
        return Replay(ReplayVerdict.REVISION_UNAVAILABLE, rules)
    return Replay(ReplayVerdict.DATA_EDITION_UNAVAILABLE, differences) if differences else None


def _erasures(value: JsonValue, path: str) -> list[Difference]:
    if isinstance(value, list):
        return [e for i, v in enumerate(value) for e in _erasures(v, f"{path}.{i}")]
    if not isinstance(value, dict):
        return []
    if ERASED in value:
        return [Difference(path, value[ERASED], None)]
    return [e for name, v in value.items() for e in _erasures(v, f"{path}.{name}")]
