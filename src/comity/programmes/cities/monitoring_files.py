"""Partnerships under way as a folder of files, read in one pass; every problem at once, with its place.

``assessments.csv``: first, second, day, by, and one column for each of the ten principles, empty where not answered;
``partnerships.toml``: one ``[[partnership]]`` each, with its ``stage`` and its ``[[partnership.instrument]]``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from comity.casework.application import Record
from comity.casework.complaints import problems_of
from comity.casework.intake import read_document
from comity.casework.machine import StepRefused
from comity.errors import ComityError, MissingError, Problem
from comity.programmes.cities.files import table_rows, whole_number
from comity.programmes.cities.lifecycle import (
    Instrument,
    InstrumentKind,
    Partnership,
    Side,
    Signature,
    Stage,
    sign,
)
from comity.programmes.cities.monitoring import PRINCIPLES, Assessment
from comity.rules.text import Text

ASSESSMENTS, PARTNERSHIPS = "assessments.csv", "partnerships.toml"
COLUMNS = ("first", "second", "day", "by", *(p.id for p in PRINCIPLES))
_Name = Annotated[str, Field(min_length=1)]


class _Office(Record):
    en: _Name
    zh: _Name


class _Signature(Record):
    party: _Name
    office: _Office
    day: date


class _Instrument(Record):
    id: _Name
    kind: InstrumentKind
    parties: Annotated[tuple[_Name, ...], Field(min_length=1)]
    binding: bool = False
    valid_from: date
    valid_to: date | None = None
    documents: Mapping[str, str]
    signature: tuple[_Signature, ...] = ()
    renews: str = ""


class _Partnership(Record):
    first: _Name
    second: _Name
    stage: Stage = Stage.INTEREST
    agreed: tuple[Side, ...] = ()
    instrument: tuple[_Instrument, ...] = ()


class _File(Record):
    partnership: tuple[_Partnership, ...] = ()


def read_monitoring(folder: Path) -> tuple[tuple[Assessment, ...], tuple[Partnership, ...]]:
    """Return the self-assessments and the partnerships of a folder; one of both files may be missing.

    Raises
    ------
    MissingError
        If the folder has neither file.
    ComityError
        With every problem of both files.
    """
    there = [name for name in (ASSESSMENTS, PARTNERSHIPS) if (folder / name).is_file()]
    if not there:
        accepted = f"a folder with {ASSESSMENTS}, {PARTNERSHIPS}, or both"
        raise MissingError(
            "there is nothing to monitor", [Problem(str(folder), "holds neither file", accepted)]
        )
    problems: list[Problem] = []
    assessments = _assessments(folder / ASSESSMENTS, problems) if ASSESSMENTS in there else ()
    partnerships = _partnerships(folder / PARTNERSHIPS, problems) if PARTNERSHIPS in there else ()
    if problems:
        count = f"{len(problems)} problem" + ("s" if len(problems) != 1 else "")
        raise ComityError(f"the partnerships in {folder} cannot be used: {count}", problems)
    return assessments, partnerships


def _assessments(path: Path, problems: list[Problem]) -> tuple[Assessment, ...]:
    found = []
    seen: set[tuple[str, ...]] = set()
    for where, row in table_rows(path, COLUMNS, problems):
        key = tuple(row[column] for column in ("first", "second", "day", "by"))
        if key in seen:
            problems.append(Problem(where, "the same side on the same day a second time", "each once"))
        seen.add(key)
        for column in ("first", "second", "by"):
            if not row[column]:
                problems.append(Problem(f"{where}, column {column}", "is empty", "a name"))
        day = date.min
        try:
            day = date.fromisoformat(row["day"])
        except ValueError:
            problems.append(Problem(f"{where}, column day", repr(row["day"]), "a day as 2026-03-02"))
        scores = {p.id: _score(row[p.id]) for p in PRINCIPLES if row[p.id]}
        try:
            found.append(Assessment(row["first"], row["second"], day, row["by"], scores))
        except ComityError as error:
            problems += [
                Problem(f"{where}, column {p.place.removeprefix('scores.')}", row[p.place[7:]], p.accepted)
                for p in error.problems
            ]
    return tuple(found)


def _score(text: str) -> int:
    """Return a score; what is no whole number is off every scale."""
    number = whole_number(text)
    return -1 if number is None else number


def _partnerships(path: Path, problems: list[Problem]) -> tuple[Partnership, ...]:
    try:
        document, lines = read_document(path)
    except ComityError as error:
        problems += error.problems or (Problem(path.name, error.message),)
        return ()
    try:
        rows = _File.model_validate(document).partnership
    except ValidationError as error:
        problems += problems_of(error, _File, document, path.name, lines)
        return ()
    pairs = [frozenset((row.first, row.second)) for row in rows]
    for k, row in enumerate(rows):
        where = f"{path.name}: {row.first}--{row.second}"
        if row.first == row.second:
            problems.append(Problem(where, "is one place with itself", "two places"))
        if pairs[k] in pairs[:k]:
            problems.append(Problem(where, "stands there twice", "each partnership once"))
        if Side.PROGRAMME in row.agreed:
            said = "only the two places decide for themselves"
            problems.append(Problem(f"{where}, agreed", said, f"{Side.FIRST}, {Side.SECOND}"))
    return tuple(_partnership(row, path.name, problems) for row in rows)


def _partnership(row: _Partnership, file: str, problems: list[Problem]) -> Partnership:
    partnership = Partnership(row.first, row.second, row.stage, frozenset(row.agreed))
    for entry in row.instrument:
        instrument = Instrument(
            entry.id,
            entry.kind,
            entry.parties,
            entry.binding,
            entry.valid_from,
            entry.valid_to,
            entry.documents,
            tuple(Signature(s.party, Text(s.office.en, s.office.zh), s.day) for s in entry.signature),
            entry.renews,
        )
        where = f"{file}: {row.first}--{row.second}, instrument {entry.id}"
        if entry.id in {i.id for i in partnership.instruments}:
            problems.append(Problem(where, "stands there twice", "each instrument once"))
            continue
        try:
            partnership = sign(partnership, instrument, entry.valid_from)
        except StepRefused as refused:
            problems.append(Problem(where, refused.message, ", ".join(refused.accepted)))
    _check_renewals(partnership, file, problems)
    return partnership


def _check_renewals(partnership: Partnership, file: str, problems: list[Problem]) -> None:
    """Note each instrument that renews one that is not there, itself, or one that it cannot stand in for."""
    by_id = {i.id: i for i in partnership.instruments}
    for new in partnership.instruments:
        where = f"{file}: {partnership.first}--{partnership.second}, instrument {new.id}, renews"
        others = [id_ for id_ in by_id if id_ != new.id]
        if new.renews and new.renews not in others:
            accepted = ", ".join(others) or "nothing: there is no other instrument"
            problems.append(Problem(where, f"there is no other instrument {new.renews!r}", accepted))
        elif new.renews:
            allowed, reason = new.may_renew(by_id[new.renews])
            if not allowed:
                problems.append(Problem(where, reason.en, "an instrument of the same kind and parties"))
