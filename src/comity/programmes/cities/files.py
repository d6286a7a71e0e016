"""A round as a folder of files, read in one pass; every problem of every file at once, with row and column.

``round.toml`` (the application); ``places.csv``; ``participants.csv``; ``framework.toml``; ``values.csv`` or
``values.json``;
``wishes.csv`` (place, kind, field, text_en, text_zh; kind is offer, ask or challenge); ``rankings.csv`` (place, rank,
partner) where the cities rank each other.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from comity.casework.files import read_text
from comity.casework.intake import read_application
from comity.errors import ComityError, MissingError, Problem
from comity.matching.cities.indicators import (
    Framework,
    Group,
    Indicator,
    Observation,
    latest_table,
    read_observations,
)
from comity.matching.cities.places import PlaceRegister, read_places
from comity.programmes.cities.application import RoundApplication
from comity.programmes.cities.round import Participant, Round, Wish
from comity.rules.text import Text

T = TypeVar("T")
PARTICIPANT_COLUMNS = ("place", "consent", "months", "contact_role")
WISH_COLUMNS = ("place", "kind", "field", "text_en", "text_zh")
RANKING_COLUMNS = ("place", "rank", "partner")
_TRUTH = {"yes": True, "no": False, "": None}


def read_round_application(folder: Path) -> RoundApplication:
    """Return what ``round.toml`` of a folder says."""
    path = folder / "round.toml"
    if not path.is_file():
        accepted = (
            "a folder with round.toml, places.csv, participants.csv, framework.toml, values.csv, wishes.csv"
        )
        raise MissingError("there is no round here", [Problem(str(folder), "holds no round.toml", accepted)])
    return read_application(path, RoundApplication)


def read_round(folder: Path, latest_year: int | None = None) -> Round:
    """Return the data of the round in ``folder``.

    Parameters
    ----------
    latest_year : newest year whose values are read

    Raises
    ------
    ComityError
        with every problem of all files
    """
    problems: list[Problem] = []
    places = _collect(problems, lambda: read_places(folder / "places.csv")) or PlaceRegister({})
    participants = _participants(folder / "participants.csv", places, problems)
    framework = _collect(problems, lambda: read_framework(folder / "framework.toml"))
    observations: list[Observation] = []
    if framework is not None:
        known = framework
        path = next((p for p in (folder / "values.json", folder / "values.csv") if p.is_file()), None)
        if path is None:
            problems.append(Problem("values.csv", "is missing", "a file with the indicators' values"))
        else:
            found = _collect(
                problems, lambda: read_observations(read_text(path), path.name, known, places.places)
            )
            observations = found or []
    wishes = _wishes(folder / "wishes.csv", participants, problems)
    rankings = _rankings(folder / "rankings.csv", participants, places, problems)
    if problems or framework is None:
        count = f"{len(problems)} problem" + ("s" if len(problems) != 1 else "")
        raise ComityError(f"the round in {folder} cannot be used: {count}", problems)
    table, years = latest_table(observations, framework, tuple(sorted(participants)), until=latest_year)
    kept = {cell: year for cell, year in years.items() if cell[0] in participants}
    return Round(places, participants, framework, table, kept, *wishes, rankings)


def read_framework(path: Path) -> Framework:
    """Return the indicator framework of a TOML file; every problem at once, by indicator."""
    if not path.is_file():
        raise MissingError(
            "there is no indicator framework", [Problem(path.name, "is missing", "framework.toml")]
        )
    try:
        data = tomllib.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        problem = Problem(path.name, str(error) or "nested too deep", "TOML")
        raise ComityError("this framework cannot be read", [problem]) from None
    problems: list[Problem] = []
    indicators = [
        _entry(i, f"{path.name}, indicator {k + 1}", Indicator, problems)
        for k, i in enumerate(data.get("indicator", []))
    ]
    groups = [
        _entry(g, f"{path.name}, group {k + 1}", Group, problems) for k, g in enumerate(data.get("group", []))
    ]
    if problems:
        raise ComityError("this framework cannot be used", problems)
    return Framework(
        str(data.get("id", path.stem)),
        str(data.get("version", "")),
        tuple(i for i in indicators if i is not None),
        tuple(g for g in groups if g is not None),
    )


def _entry(raw: Mapping[str, Any], place: str, kind: Callable[..., T], problems: list[Problem]) -> T | None:
    fields: tuple[str, ...] = tuple(kind.__dataclass_fields__)  # type: ignore[attr-defined]
    needed = ("id", "title", "unit") if "unit" in fields else ("id", "title")
    wrong = [f"{n} is missing" for n in needed if n not in raw] + [
        f"{n} is not known" for n in raw if n not in fields
    ]
    title = raw.get("title")
    if title is not None and (not isinstance(title, dict) or set(title) != {"en", "zh"}):
        wrong.append("title is not in both languages")
    problems += [Problem(place, w, ", ".join(fields)) for w in wrong]
    if wrong or not isinstance(title, dict):
        return None
    return kind(**{**raw, "title": Text(title["en"], title["zh"])})


def _participants(path: Path, places: PlaceRegister, problems: list[Problem]) -> dict[str, Participant]:
    found: dict[str, Participant] = {}
    for where, row in table_rows(path, PARTICIPANT_COLUMNS, problems):
        place = row["place"]
        if place not in places.places:
            problems.append(
                Problem(f"{where}, column place", f"unknown place {place!r}", "a code of places.csv")
            )
        if place in found:
            problems.append(Problem(f"{where}, column place", f"{place} stands there twice", "each once"))
        if row["consent"] not in _TRUTH:
            problems.append(Problem(f"{where}, column consent", repr(row["consent"]), "yes, no, or nothing"))
        months = row["months"]
        if months and whole_number(months) is None:
            problems.append(Problem(f"{where}, column months", repr(months), "a whole number of months"))
            months = ""
        found[place] = Participant(
            place, _TRUTH.get(row["consent"]), whole_number(months), row["contact_role"]
        )
    return {p: x for p, x in found.items() if p in places.places}


def _wishes(
    path: Path, participants: Mapping[str, Participant], problems: list[Problem]
) -> tuple[dict[str, tuple[Wish, ...]], dict[str, tuple[Wish, ...]], dict[str, tuple[Text, ...]]]:
    kinds: dict[str, dict[str, list[Wish]]] = {"offer": {}, "ask": {}, "challenge": {}}
    for where, row in table_rows(path, WISH_COLUMNS, problems):
        if row["place"] not in participants:
            problems.append(
                Problem(f"{where}, column place", f"unknown participant {row['place']!r}", "participants.csv")
            )
        if row["kind"] not in kinds:
            problems.append(Problem(f"{where}, column kind", repr(row["kind"]), ", ".join(kinds)))
            continue
        if row["kind"] != "challenge" and not row["field"]:
            problems.append(Problem(f"{where}, column field", "is empty", "the field offered or asked for"))
        for column in ("text_en", "text_zh"):
            if not row[column]:
                problems.append(
                    Problem(f"{where}, column {column}", "is empty", "the text in both languages")
                )
        listed = kinds[row["kind"]].setdefault(row["place"], [])
        listed.append(Wish(row["field"], Text(row["text_en"], row["text_zh"])))
    fixed = {kind: {p: tuple(w) for p, w in listed.items()} for kind, listed in kinds.items()}
    challenges = {p: tuple(w.text for w in listed) for p, listed in fixed["challenge"].items()}
    return fixed["offer"], fixed["ask"], challenges


def _rankings(
    path: Path, participants: Mapping[str, Participant], places: PlaceRegister, problems: list[Problem]
) -> dict[str, tuple[str, ...]]:
    if not path.is_file():
        return {}
    listed: dict[str, dict[int, str]] = {}
    for where, row in table_rows(path, RANKING_COLUMNS, problems):
        wrong = [c for c in ("place", "partner") if row[c] not in participants]
        problems += [
            Problem(f"{where}, column {c}", f"unknown participant {row[c]!r}", "participants.csv")
            for c in wrong
        ]
        rank = whole_number(row["rank"])
        if not rank:
            problems.append(Problem(f"{where}, column rank", repr(row["rank"]), "a whole number from 1"))
            continue
        if wrong:
            continue
        if places[row["place"]].country == places[row["partner"]].country:
            problems.append(Problem(f"{where}, column partner", "is of the same country", "a place abroad"))
        own = listed.setdefault(row["place"], {})
        if rank in own or row["partner"] in own.values():
            problems.append(Problem(where, f"{row['place']} gives this rank or partner twice", "each once"))
        own[rank] = row["partner"]
    return {p: tuple(name for _, name in sorted(own.items())) for p, own in listed.items()}


def whole_number(text: str) -> int | None:
    """Return a whole number from 0 of at most nine digits, ``None`` for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def table_rows(
    path: Path, columns: tuple[str, ...], problems: list[Problem]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the place and the cells of every row of a CSV file with exactly these columns; add what is wrong."""
    if not path.is_file():
        problems.append(Problem(path.name, "is missing", f"a file with columns {', '.join(columns)}"))
        return
    text = _collect(problems, lambda: read_text(path))
    reader = csv.DictReader(io.StringIO(text or "", newline=""))
    try:
        header = [c.strip() for c in reader.fieldnames or ()]
        wrong = [f"column {c!r} is missing" for c in columns if c not in header]
        wrong += [f"column {c!r} is not known" for c in header if c not in columns]
        wrong += [f"column {c!r} is given more than once" for c in columns if header.count(c) > 1]
        if text is not None:
            problems += [Problem(f"{path.name}:1", w, ", ".join(columns)) for w in wrong]
        if wrong:
            return
        reader.fieldnames = header
        for row in reader:
            where = f"{path.name}:{reader.line_num}"
            if None in row or None in row.values():
                problems.append(Problem(where, "has not one cell for each column", ", ".join(columns)))
                continue
            yield where, {k: v.strip() for k, v in row.items()}
    except csv.Error as error:
        problems.append(Problem(f"{path.name}:{reader.line_num + 1}", str(error), "CSV"))


def _collect(problems: list[Problem], read: Callable[[], T]) -> T | None:
    try:
        return read()
    except ComityError as error:
        problems += error.problems or (Problem("", error.message),)
        return None
