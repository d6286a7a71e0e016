"""Replaying the decisions of a case on the register as it then was, as the office kept it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from comity.casework.canonical import sha256_of
from comity.casework.document import document_from_bytes
from comity.casework.replay import (
    ERASED,
    Difference,
    Replay,
    ReplayVerdict,
    check_bytes,
    check_inputs,
    differences_between,
    replay,
)
from comity.errors import ComityError
from comity.office.cases.models import Case, StoredDecision, Submission
from comity.office.cases.services.find import find_case
from comity.office.desks import Ahead, desk_for
from comity.office.ledger.models import Entry, Record
from comity.office.ledger.services import opened
from comity.register.event import Event


@dataclass(frozen=True, slots=True)
class Replayed:
    """One stored decision and what its replay found."""

    identity: str
    outcome: str
    found: Replay


def replay_case(number: str) -> list[Replayed]:
    """Replay every decision of a case, oldest first."""
    rows = StoredDecision.objects.filter(case=find_case(number)).select_related("case").order_by("pk")
    return [Replayed(row.identity, row.outcome, _replay(row)) for row in rows]


def _replay(stored: StoredDecision) -> Replay:
    content = bytes(stored.document)
    document = document_from_bytes(content, str(stored))
    erased = check_inputs(document)
    if erased is not None and erased.verdict is ReplayVerdict.ERASED_BY_POLICY:
        return erased
    changed = _unlike_the_register(stored, content)
    if changed is not None:
        return changed
    if erased is not None:
        return erased
    desk = desk_for(stored.case.programme)
    ahead = [_ahead(row) for row in stored.ahead]
    gone = [row["number"] for row, found in zip(stored.ahead, ahead, strict=True) if found is None]
    if gone:
        difference = Difference("provenance.register", "complete", f"erased by policy: {', '.join(gone)}")
        return Replay(ReplayVerdict.ERASED_BY_POLICY, (difference,))
    day = date.fromisoformat(str(document["decided_on"]))
    world = desk.world([a for a in ahead if a is not None], day, afresh=True)
    return check_bytes(content, document, replay(document, world, desk.programme))


def _unlike_the_register(stored: StoredDecision, content: bytes) -> Replay | None:
    """Compare with what the register committed to when the decision was made."""
    entry = Entry.objects.filter(
        case=stored.case.number, index=-1 if stored.entry is None else stored.entry
    ).first()
    event = None if entry is None else Event.decode(bytes(entry.data))
    # of a private individual's decision the public entry holds no plain hash, only the salted commitment
    if event is None or event.public.get("decision", stored.identity) != stored.identity:
        missing = Difference("identity", stored.identity, "no entry of the register names it")
        return Replay(ReplayVerdict.ALTERED, (missing,))
    if Record.objects.filter(commitment=event.record).exclude(erased_at=None).exists():
        gone = Difference("record", event.record, "erased by policy")
        return Replay(ReplayVerdict.ERASED_BY_POLICY, (gone,))
    try:
        recorded = opened(event.record)
    except ComityError as error:
        return Replay(ReplayVerdict.ALTERED, (Difference("record", event.record, error.message),))
    if recorded == content:
        found = hashlib.sha256(content).hexdigest()
        other = Difference("identity", stored.identity, found)
        return None if found == stored.identity else Replay(ReplayVerdict.ALTERED, (other,))
    differences = differences_between(json.loads(recorded), json.loads(content))
    whole_file = Difference("(form of the document)", sha256_of(json.loads(recorded)), stored.identity)
    return Replay(ReplayVerdict.ALTERED, tuple(differences) or (whole_file,))


def _ahead(row: Mapping[str, Any]) -> Ahead | None:
    """Return a case that was respected as it then was; ``None`` where it has been erased."""
    case = Case.objects.get(number=row["number"])
    application = Submission.objects.get(case=case, sequence=row["submission"]).document
    if ERASED in application:
        return None
    award = None
    if row["decision"] is not None:
        held = StoredDecision.objects.filter(case=case, identity=row["decision"]).order_by("-pk")[0]
        award = json.loads(bytes(held.document))["award"]
    return Ahead(
        number=case.number,
        received_at=case.received_at,
        application=application,
        award=award,
        in_force=row["in_force"],
        submission=row["submission"],
        decision=row["decision"],
        settled=row.get("settled", {}),  # rows of before say none: it was not looked at
    )
