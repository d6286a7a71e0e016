"""A call as a folder of files, read in one pass; every problem of every file at once, with row and column.

``call.toml``; ``hosts.csv``; ``positions.csv``; ``students.csv``; ``choices.csv`` (student, choice, position);
``rankings.csv`` (position, rank, student; equal ranks are a tie); with the mechanism ``couples`` also ``couples.csv``
(first, second, choice, first_position, second_position; an empty position leaves that one without a place). Nothing
runs while a problem is left.
"""

from __future__ import annotations

import csv
from array import array
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from comity.casework.application import Record
from comity.casework.complaints import problems_of
from comity.casework.intake import read_document
from comity.errors import ComityError, MissingError, Problem
from comity.programmes.talent.application import StudentApplication
from comity.programmes.talent.call import Adopted, Call, CallSettings, Host, Pair, Position, Ranking
from comity.programmes.talent.rows import read_couples, read_rows

R = TypeVar("R", bound=Record)
Row = dict[str, str]

HOST_COLUMNS = ("id", "name_en", "name_zh", "country", "vetted")
POSITION_COLUMNS = (
    "id", "host", "title_en", "title_zh", "field", "skills", "seats", "mode", "starts", "ends", "languages",
    "eqf_min", "pay_per_month", "currency", "visa_support", "about_en", "about_zh",
)  # fmt: skip
STUDENT_COLUMNS = (
    "id", "country", "institution", "enrolled", "eqf_level", "study_year", "isced_f", "skills", "languages",
    "available_from", "available_to", "adult", "needs_visa_support", "documents", "groups", "consent",
    "received_on", "statement_en", "statement_zh",
)  # fmt: skip
_TRUTH = {"yes": True, "no": False, "true": True, "false": False}


def read_call(folder: Path) -> Call:
    """Return the call in ``folder``.

    Raises
    ------
    ComityError
        with every problem of all files
    """
    if not (folder / "call.toml").is_file():
        accepted = (
            "a folder with call.toml, hosts.csv, positions.csv, students.csv, choices.csv, rankings.csv"
        )
        raise MissingError("there is no call here", [Problem(str(folder), "holds no call.toml", accepted)])
    problems: list[Problem] = []
    settings = _settings(folder / "call.toml", problems)
    hosts = _records(folder / "hosts.csv", HOST_COLUMNS, Host, _host, problems)
    positions = _records(folder / "positions.csv", POSITION_COLUMNS, Position, _position, problems)
    problems += _position_problems(hosts, positions)
    known, places = _known_ids(folder / "students.csv"), _known_ids(folder / "positions.csv")
    choices = read_lists(folder / "choices.csv", ("student", "choice", "position"), known, places, problems)
    ranks = ("position", "rank", "student")
    ranked = read_lists(folder / "rankings.csv", ranks, places, known, problems, ties=True)
    couples = read_couples(folder / "couples.csv", known, places, problems)
    listed = _lists_of_students(choices, couples, problems)
    if couples and settings is not None and settings.mechanism != "couples":
        problems.append(
            Problem("call.toml: mechanism", settings.mechanism, "couples, since couples.csv is there")
        )
    adopted = _adopted(folder / "adopted.json", problems)
    regime, example = (settings.regime, settings.example) if settings else ("tw-talent", False)

    def student(row: Row) -> dict[str, Any]:
        return _student(row, regime, example, listed.get(row["id"], ()))

    students = _records(folder / "students.csv", STUDENT_COLUMNS, StudentApplication, student, problems)
    if problems or settings is None:
        count = f"{len(problems)} problem" + ("s" if len(problems) != 1 else "")
        raise ComityError(f"the call in {folder} cannot be used: {count}", problems)
    return Call(settings, _plain(hosts), _plain(positions), _plain(students), ranked, couples, adopted)


def _plain(records: dict[str, tuple[str, R]]) -> dict[str, R]:
    return {name: record for name, (_, record) in records.items()}


def _position_problems(
    hosts: dict[str, tuple[str, Host]], positions: dict[str, tuple[str, Position]]
) -> Iterator[Problem]:
    for place, position in positions.values():
        if position.host not in hosts:
            yield Problem(f"{place}, column host", f"unknown host {position.host!r}", "an id of hosts.csv")
        if position.ends < position.starts:
            yield Problem(f"{place}, column ends", f"{position.ends} is before {position.starts}")


def _lists_of_students(
    choices: dict[str, Ranking], couples: tuple[Pair, ...], problems: list[Problem]
) -> dict[str, tuple[str, ...]]:
    """Return every student's list; a member of a couple lists the places of its pairs, in their order."""
    # a repeat is a problem of choices.csv already; the student's own record must not complain again
    listed = {s: tuple(dict.fromkeys(p for group in groups for p in group)) for s, groups in choices.items()}
    for couple in couples:
        for member, at in ((couple.first, 0), (couple.second, 1)):
            if member in listed:
                problems.append(
                    Problem("couples.csv", f"{member} stands in choices.csv, too", "one list a person")
                )
            listed[member] = tuple(dict.fromkeys(p for c in couple.choices if (p := c[at]) is not None))
    return listed


def read_lists(
    path: Path,
    columns: tuple[str, str, str],
    owners: list[str],
    items: list[str],
    problems: list[Problem],
    *,
    ties: bool = False,
) -> dict[str, Ranking]:
    """Return each owner's list from rows (owner, number, item), in time and memory linear in the file.

    Parameters
    ----------
    columns : names of the three columns: whose list, the number in it, who is listed
    owners, items : ids that may stand in the first and third column
    ties : whether one owner may give the same number twice
    """
    owner_of, item_of = ({name: i for i, name in enumerate(ids)} for ids in (owners, items))
    kept = (array("q"), array("q"), array("q"), array("q"))
    add_owner, add_number, add_item, add_line = (column.append for column in kept)
    numbers: dict[str, int] = {}
    for line, (owner_id, text, item_id) in read_rows(path, columns, problems):
        owner, item, number = owner_of.get(owner_id), item_of.get(item_id), numbers.get(text)
        if number is None:
            number = numbers[text] = _whole(text)
        if owner is not None and item is not None and number > 0:
            add_owner(owner)
            add_number(number)
            add_item(item)
            add_line(line)
            continue
        if owner is None:
            problems.append(_unknown(path, line, columns[0], owner_id))
        if item is None:
            problems.append(_unknown(path, line, columns[2], item_id))
        if number <= 0:
            place = f"{path.name}:{line}, column {columns[1]}"
            problems.append(Problem(place, repr(text), "a whole number from 1"))
    table = [np.frombuffer(column, dtype=np.int64) if column else np.zeros(0, np.int64) for column in kept]
    _find_repeats(path, columns, table, owners, items, problems, ties=ties)
    return _grouped(table, owners, items)


def _find_repeats(
    path: Path,
    columns: tuple[str, str, str],
    table: list[NDArray[np.int64]],
    owners: list[str],
    items: list[str],
    problems: list[Problem],
    *,
    ties: bool,
) -> None:
    owner, number, item, line = table
    keys = [(owner * max(len(items), 1) + item, columns[2])]
    if not ties:
        keys.append((owner * (int(number.max(initial=0)) + 1) + number, columns[1]))
    for key, column in keys:
        order = np.lexsort((line, key))
        again = order[1:][key[order[1:]] == key[order[:-1]]]
        for i in np.sort(again).tolist():
            shown = items[item[i]] if column == columns[2] else str(number[i])
            place = f"{path.name}:{line[i]}, column {column}"
            problems.append(Problem(place, f"{owners[owner[i]]} gives {shown} a second time", "each once"))


def _grouped(table: list[NDArray[np.int64]], owners: list[str], items: list[str]) -> dict[str, Ranking]:
    owner, number, item, line = table
    order = np.lexsort((line, number, owner))
    lists: dict[str, list[list[str]]] = {}
    last = (-1, -1)
    for o, n, i in zip(owner[order].tolist(), number[order].tolist(), item[order].tolist(), strict=True):
        groups = lists.setdefault(owners[o], [])
        if (o, n) == last:
            groups[-1].append(items[i])
        else:
            groups.append([items[i]])
        last = (o, n)
    return {name: tuple(tuple(g) for g in groups) for name, groups in lists.items()}


def _records(
    path: Path,
    columns: tuple[str, ...],
    schema: type[R],
    build: Callable[[Row], Mapping[str, Any]],
    problems: list[Problem],
) -> dict[str, tuple[str, R]]:
    """Return the records of a file by id, each with its place."""
    found: dict[str, tuple[str, R]] = {}
    for line, cells in read_rows(path, columns, problems):
        place = f"{path.name}:{line}"
        row = dict(zip(columns, cells, strict=True))
        if row["id"] in found:
            problems.append(
                Problem(f"{place}, column id", f"{row['id']!r} stands there a second time", "each once")
            )
            continue
        document = {k: v for k, v in build(row).items() if v is not None}
        try:
            found[row["id"]] = (place, schema.model_validate(document))
        except ValidationError as error:
            problems += problems_of(error, schema, document, place, {})
    return found


def _whole(text: str) -> int:
    """Return a whole number of at most nine digits, 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0


def _known_ids(path: Path) -> list[str]:
    """Return the ids of a file, first mention only; its own problems are noted when its records are read."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        try:
            return list(dict.fromkeys((row.get("id") or "").strip() for row in csv.DictReader(stream)))
        except csv.Error:
            return []


def _settings(path: Path, problems: list[Problem]) -> CallSettings | None:
    try:
        document, lines = read_document(path)
        return CallSettings.model_validate(document)
    except ValidationError as error:
        problems += problems_of(error, CallSettings, document, path.name, lines)
    except ComityError as error:
        problems += error.problems
    return None


def _adopted(path: Path, problems: list[Problem]) -> Adopted | None:
    if not path.is_file():
        return None
    try:
        return Adopted.model_validate_json(path.read_bytes())
    except ValidationError as error:
        problems += problems_of(error, Adopted, {}, path.name, {})
    return None


def _host(row: Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "name": {"en": row["name_en"], "zh": row["name_zh"]},
        "country": row["country"],
        "vetted": _truth(row["vetted"]),
    }


def _position(row: Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "host": row["host"],
        "title": {"en": row["title_en"], "zh": row["title_zh"]},
        "field": row["field"],
        "skills": _codes(row["skills"]),
        "seats": row["seats"],
        "mode": row["mode"] or None,
        "starts": row["starts"],
        "ends": row["ends"],
        "languages": _levels(row["languages"]),
        "eqf_min": row["eqf_min"] or None,
        "pay_per_month": row["pay_per_month"] or None,
        "currency": row["currency"],
        "visa_support": _truth(row["visa_support"]),
        "about": {"en": row["about_en"], "zh": row["about_zh"]},
    }


def _student(row: Row, regime: str, example: bool, choices: tuple[str, ...]) -> dict[str, Any]:
    enrolment = {
        "enrolled": _truth(row["enrolled"]),
        "institution": row["institution"],
        "eqf_level": row["eqf_level"] or None,
        "study_year": row["study_year"] or None,
        "isced_f": row["isced_f"],
    }
    return {
        "reference": row["id"],
        "example": example,
        "regime": regime,
        "received_on": row["received_on"],
        "country": row["country"],
        "enrolment": enrolment,
        "skills": _codes(row["skills"]),
        "languages": _levels(row["languages"]),
        "available_from": row["available_from"] or None,
        "available_to": row["available_to"] or None,
        "adult": _truth(row["adult"]),
        "needs_visa_support": _truth(row["needs_visa_support"]),
        "documents": _codes(row["documents"]),
        "groups": _codes(row["groups"]),
        "consent": _truth(row["consent"]),
        "choices": choices,
        "statement": {"en": row["statement_en"], "zh": row["statement_zh"]},
    }


def _truth(cell: str) -> bool | str | None:
    return _TRUTH.get(cell.lower(), cell or None)


def _codes(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _levels(cell: str) -> dict[str, str]:
    """Read ``"en:B2;zh:A2"``."""
    return {
        language.strip(): level.strip()
        for language, _, level in (part.partition(":") for part in _codes(cell))
    }


def _unknown(path: Path, line: int, column: str, name: str) -> Problem:
    return Problem(
        f"{path.name}:{line}, column {column}", f"unknown {column} {name!r}", f"an id of {column}s.csv"
    )
