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
from comity.register.note import Checkpoint, Signer, Verifier, read_signer
from comity.register.receipt import Receipt
from comity.register.tiles import TileReader

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
    try:
        return read_signer(settings.LOG_ORIGIN, Path(settings.LOG_SEED))
    except MissingError as error:
        raise MissingError(f"{error.message}; `comity office init` makes one") from None


def log() -> Log:
    """Return the published log."""
    return Log(Path(settings.LOG_FOLDER), signer())


def publish() -> Checkpoint:
    """Copy what is not yet published into the tiled log and sign it; harmless to repeat or to interrupt.

    Raises
    ------
    ComityError
        If the published log is not the beginning of what the database holds, as after restoring an old backup;
        the first entry that differs is named and nothing is published.
    """
    target = log()
    if not (target.folder / "checkpoint").exists():
        target.create()
    checkpoint = target.checkpoint()
    _check_same(target, checkpoint)
    while True:
        rows = Entry.objects.filter(index__gte=checkpoint.size).order_by("index")[:_BATCH]
        entries = [bytes(data) for data in rows.values_list("data", flat=True)]
        if not entries:
            return checkpoint
        checkpoint = target.append(entries, at=checkpoint.size)


def _check_same(published: Log, checkpoint: Checkpoint) -> None:
    """Compare the last published entry with the database; where it differs, look for the first that does."""
    last = checkpoint.size - 1
    if last < 0 or _stored(last) == TileReader(published.folder, checkpoint.size).entry(last):
        return
    reader = TileReader(published.folder, checkpoint.size)
    for index in range(checkpoint.size):
        if _stored(index) != reader.entry(index):
            raise ComityError(
                f"the published log in {published.folder} is not that of this database: entry {index} differs. "
                "Nothing was published. Was an old backup restored?"
            )


def _stored(index: int) -> bytes | None:
    data = Entry.objects.filter(index=index).values_list("data", flat=True).first()
    return None if data is None else bytes(data)


def witnesses() -> list[Verifier]:
    """Return the keys of the witnesses that the office knows, from ``COMITY_WITNESSES``."""
    return [Verifier.decode(line) for line in settings.WITNESSES]


def accept_cosignatures(note: str) -> Checkpoint:
    """Add the cosignature lines in ``note`` (lines alone, or a cosigned checkpoint) to the published checkpoint.

    Raises
    ------
    ComityError
        If there is none, or one is not by a known witness, or for another checkpoint.
    """
    published = log()
    lines = [f"{line}\n" for line in note.splitlines() if line.startswith("\u2014 ")]
    foreign = [line for line in lines if not line.startswith(f"\u2014 {published.signer.name} ")]
    if not foreign:
        raise ComityError("there is no cosignature here; a witness makes one with `comity register cosign`")
    return published.cosign(foreign, witnesses())


def receipts(case: str) -> list[Receipt]:
    """Return the receipts of every entry of ``case``; what was not yet published is published first.

    Raises
    ------
    MissingError
        If the register has no entry of that case.
    """
    indexes = list(Entry.objects.filter(case=case).order_by("index").values_list("index", flat=True))
    if not indexes:
        raise MissingError(f"the register has no entry of a case {case!r}")
    published = log()
    if not (published.folder / "checkpoint").exists() or published.checkpoint().size <= indexes[-1]:
        publish()
    return [published.receipt(index) for index in indexes]


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
