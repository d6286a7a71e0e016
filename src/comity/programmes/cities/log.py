"""The entry of a round in the public register: which pairs, under which data, law and policy; no person is in it."""

from __future__ import annotations

from datetime import datetime

from comity.casework.decision import Decision
from comity.casework.document import to_bytes
from comity.register.event import Event, EventKind, commitment


def round_event(decision: Decision, at: datetime, salt: bytes) -> Event:
    """Return the entry of a decided round; its record commits to the whole decision."""
    award = decision.award or {}
    public = {
        "decision": decision.identity,
        "outcome": decision.outcome.value,
        "data": decision.provenance.register,
        "pairs": [[p["first"], p["second"]] for p in award.get("pairs", [])],  # type: ignore[union-attr, index, call-overload]
        "example": bool(decision.application.get("example")),
    }
    return Event(
        EventKind.DECIDED, "cities", decision.reference, at, commitment(salt, to_bytes(decision)), public
    )
