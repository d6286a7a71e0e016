"""An entry of the register: one event of one case, with commitments instead of personal data.

The log is for ever, personal data is not. An event names its record by a salted commitment,
``HMAC-SHA256(salt, canonical bytes)``. Salt and record are kept apart; destroying both erases the data while every
proof stays valid.
"""

from __future__ import annotations

import hmac
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import rfc8785

from comity.errors import ComityError

SALT_SIZE = 32


class EventKind(StrEnum):
    """What can happen to a case, in the words of the register."""

    SUBMITTED = "submitted"
    FINDING = "finding"
    DECIDED = "decided"
    COUNTERSIGNED = "countersigned"
    GRANTED = "granted"
    VARIED = "varied"
    SURRENDERED = "surrendered"
    REVOKED = "revoked"
    EXPIRED = "expired"
    APPEALED = "appealed"
    PUBLISHED = "published"


def new_salt() -> bytes:
    """Return a fresh salt from the operating system."""
    return secrets.token_bytes(SALT_SIZE)


def commitment(salt: bytes, record: bytes) -> str:
    """Return the hexadecimal commitment to ``record`` under ``salt`` (32 bytes)."""
    if len(salt) != SALT_SIZE:
        raise ValueError(f"a salt has {SALT_SIZE} bytes, not {len(salt)}")
    return hmac.digest(salt, record, "sha256").hex()


@dataclass(frozen=True, slots=True)
class Event:
    """One entry.

    Parameters
    ----------
    kind : what happened
    programme : ``spectrum``, ``cities``, ``talent``
    case : public case number
    at : time with zone; written in UTC to the second
    record : commitment to the record that the event is about, hexadecimal
    public : what everybody may read (JSON values; no personal data)
    """

    kind: EventKind
    programme: str
    case: str
    at: datetime
    record: str
    public: dict[str, Any] = field(default_factory=dict)

    def encode(self) -> bytes:
        """Return the canonical JSON (RFC 8785) that the log hashes.

        Raises
        ------
        ComityError
            If the time has no zone.
        """
        if self.at.tzinfo is None:
            raise ComityError(f"event of case {self.case}: its time has no time zone")
        utc = (self.at - self.at.utcoffset()).replace(tzinfo=None)  # type: ignore[operator]
        return rfc8785.dumps(
            {
                "at": utc.isoformat(timespec="seconds") + "Z",
                "case": self.case,
                "kind": self.kind.value,
                "programme": self.programme,
                "public": self.public,
                "record": self.record,
            }
        )

    @classmethod
    def decode(cls, entry: bytes) -> Event:
        """Read an entry back.

        Raises
        ------
        ComityError
            If the entry is no event.
        """
        try:
            data = json.loads(entry)
            at = datetime.fromisoformat(data["at"])
            return cls(
                EventKind(data["kind"]), data["programme"], data["case"], at, data["record"], data["public"]
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ComityError(f"not an event of the register: {error!r}") from None
