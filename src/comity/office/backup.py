"""Backup and restore, between SQLite and PostgreSQL as well; the register keeps its root.

A backup is one gzip file of JSON lines: a header with number and root of the register's entries, then every row.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core import serializers
from django.core.management.color import no_style
from django.db import connection, models, transaction

from comity.errors import ComityError, MissingError
from comity.office.cases.database import one_moment
from comity.office.ledger.models import Entry
from comity.register.merkle import leaf_hash
from comity.register.verify import Frontier

FORM = "comity-backup/1"
_ORDER = (
    "auth.Group",
    "auth.User",
    "ledger.Head",
    "ledger.Entry",
    "ledger.Record",
    "cases.Cell",
    "cases.Case",
    "cases.CaseCell",
    "cases.Submission",
    "cases.StoredDecision",
    "cases.StepTaken",
    "cases.Award",
    "cases.AwardTerm",
    "cases.Deadline",
)
_BATCH = 2_000


def root() -> tuple[int, str]:
    """Return number and Merkle root of the entries in the database."""
    frontier = Frontier()
    for index, data in Entry.objects.order_by("index").values_list("index", "data").iterator(_BATCH):
        if index != frontier.size:
            raise ComityError(f"register entry {frontier.size} is missing in the database")
        frontier.push(leaf_hash(bytes(data)))
    return frontier.size, frontier.root().hex()


def backup(file: Path) -> tuple[int, str]:
    """Write the whole office to ``file``, whole or not at all; returns entries and root."""
    temporary = file.with_name(file.name + ".part")
    try:
        with one_moment():
            size, digest = root()
            with (
                open(temporary, "wb", opener=_for_the_owner) as raw,
                gzip.open(raw, "wt", encoding="utf-8", compresslevel=6) as out,
            ):
                out.write(json.dumps({"form": FORM, "entries": size, "root": digest}) + "\n")
                for line in _rows():
                    out.write(line)
        temporary.replace(file)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise ComityError(
            f"the backup {file} could not be written: {os.strerror(error.errno or 0)}"
        ) from error
    return size, digest


def _for_the_owner(path: str, flags: int) -> int:
    """Open a new file that nobody but its owner can read: a backup holds personal data."""
    return os.open(path, flags, 0o600)


def restore(file: Path) -> tuple[int, str]:
    """Load a backup into an empty office and check that the register has the same root.

    Raises
    ------
    ComityError
        If the office is not empty, the file is no whole backup, or the root differs; nothing is changed then.
    """
    filled = [name for name in _ORDER if name != "auth.Group" and _model(name).objects.exists()]
    if filled:
        raise ComityError(f"restore needs an empty office; there are rows in {', '.join(filled)}")
    try:
        with gzip.open(file, "rt", encoding="utf-8") as lines, transaction.atomic():
            header = json.loads(next(lines, "{}"))
            if header.get("form") != FORM:
                raise ComityError(f"{file} is not a {FORM} file")
            _load(lines)
            found = root()
            if found != (header["entries"], header["root"]):
                raise ComityError(f"{file}: the register would have root {found[1]}, not {header['root']}")
    except FileNotFoundError:
        raise MissingError(f"there is no file {file}; `comity office backup FILE` writes one") from None
    except (OSError, EOFError, ValueError, serializers.base.DeserializationError) as error:
        raise ComityError(f"{file} is not a whole backup ({error}); nothing was changed") from error
    return found


def _rows() -> Iterator[str]:
    for name in _ORDER:
        rows = _model(name).objects.order_by("pk").iterator(_BATCH)
        while part := list(islice(rows, _BATCH)):
            yield str(serializers.serialize("jsonl", part, use_natural_foreign_keys=True))


def _load(lines: Iterator[str]) -> None:
    """Insert rows in batches of one model; foreign keys are checked when the transaction ends."""
    batch: list[models.Model] = []
    for line in lines:
        for row in serializers.deserialize("jsonl", line):
            if batch and (type(batch[0]) is not type(row.object) or len(batch) >= _BATCH):
                _insert(batch)
                batch = []
            batch.append(row.object)
    if batch:
        _insert(batch)
    sequences = connection.ops.sequence_reset_sql(no_style(), [_model(name) for name in _ORDER])
    with connection.cursor() as cursor:
        for statement in sequences:
            cursor.execute(statement)


def _insert(batch: list[models.Model]) -> None:
    type(batch[0])._default_manager.bulk_create(batch)


def _model(name: str) -> Any:
    return apps.get_model(name)
