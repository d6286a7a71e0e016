"""What can be done with the register: record, publish, open, erase."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from comity.errors import ComityError, MissingError
from comity.office.ledger.models import Entry, Head, Record
from comity.register.event import Event, EventKind, commitment, new_salt
from comity.register.log import Log
from comity.register.note import Checkpoint, Signer

_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to a case, with the record that it is about.

    ``record`` is committed to and kept apart; ``public`` is what everybody may read.
    """

    kind: EventKind
    record: bytes
    public: dict[str, Any] = field(default_factory=dict)
    keep_until: date | None = None


def record(programme: str, case: str, at: datetime, happenings: Sequence[Happening]) -> list[int]:
    """Append ``happenings`` to the register inside the caller's transaction and return their indexes.

    The head row is the last lock that a transaction takes, so that writers wait for one another only while
    they commit.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("the register is written in the transaction of what it records")
    head = Head.objects.select_for_update().get_or_create(pk=1)[0]
    entries, records = [], []
    for index, happening in enumerate(happenings, start=head.size):
        salt = new_salt()
        sealed = commitment(salt, happening.record)
        event = Event(happening.kind, programme, case, at, sealed, happening.public)
        entries.append(
            Entry(index=index, data=event.encode(), programme=programme, case=case, kind=event.kind, at=at)
        )
        records.append(
            Record(
                commitment=sealed,
                case=case,
                salt=salt,
                data=happening.record,
                keep_until=happening.keep_until,
            )
        )
    Record.objects.bulk_create(records)
    Entry.objects.bulk_create(entries)
    head.size += len(entries)
    head.save(update_fields=["size"])
    return [entry.index for entry in entries]


def signer() -> Signer:
    """Return the log's key from the file that ``COMITY_LOG_SEED`` names.

    Raises
    ------
    MissingError
        If there is no key yet; ``comity office init`` makes one.
    """
    path = Path(settings.LOG_SEED)
    try:
        seed = bytes.fromhex(path.read_text().strip())
    except FileNotFoundError:
        raise MissingError(f"the log has no key at {path}; `comity office init` makes one") from None
    except ValueError:
        raise ComityError(f"{path} does not hold 64 hexadecimal digits") from None
    if len(seed) != 32:
        raise ComityError(f"{path} holds {len(seed)} bytes, not 32")
    return Signer(settings.LOG_ORIGIN, seed)


def log() -> Log:
    """Return the published log."""
    return Log(Path(settings.LOG_FOLDER), signer())


def publish() -> Checkpoint:
    """Copy what is not yet published into the tiled log and sign it; harmless to repeat or to interrupt."""
    target = log()
    if not (target.folder / "checkpoint").exists():
        target.create()
    checkpoint = target.checkpoint()
    while True:
        rows = Entry.objects.filter(index__gte=checkpoint.size).order_by("index")[:_BATCH]
        entries = [bytes(data) for data in rows.values_list("data", flat=True)]
        if not entries:
            return checkpoint
        checkpoint = target.append(entries, at=checkpoint.size)


def opened(sealed: str) -> bytes:
    """Return the record behind a commitment, checked against it.

    Raises
    ------
    ComityError
        If it was erased (the message names the policy), or does not fit its commitment.
    """
    row = Record.objects.get(commitment=sealed)
    if row.erased_at is not None or row.salt is None or row.data is None:
        raise ComityError(f"erased by policy: {row.erased_under}")
    data = bytes(row.data)
    if commitment(bytes(row.salt), data) != sealed:
        raise ComityError(f"altered: the record of case {row.case} does not fit its commitment")
    return data


@transaction.atomic
def erase(case: str, *, policy: str, at: datetime) -> int:
    """Destroy salts and records of ``case``; every proof stays valid. Returns how many records were erased."""
    return Record.objects.filter(case=case, erased_at=None).update(
        salt=None, data=None, erased_at=at, erased_under=policy
    )
