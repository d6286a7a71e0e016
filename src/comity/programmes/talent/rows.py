"""Rows of a CSV file with a known header, and the couples' lists that are written in such rows."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from comity.errors import Problem
from comity.programmes.talent.call import Pair

COUPLE_COLUMNS = ("first", "second", "choice", "first_position", "second_position")


def read_rows(
    path: Path, columns: tuple[str, ...], problems: list[Problem]
) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells in the order of ``columns``); a bad header is a problem and yields nothing."""
    if not path.is_file():
        problems.append(Problem(path.name, "is missing", f"a file with columns {', '.join(columns)}"))
        return
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream)
        try:
            header = [name.strip() for name in next(reader, [])]
            wrong = [f"column {n!r} is missing" for n in columns if n not in header]
            wrong += [f"column {n!r} stands there twice" for n in sorted(set(header)) if header.count(n) > 1]
            wrong += [f"column {n!r} is not known" for n in header if n not in columns]
            problems += [Problem(f"{path.name}:1", message, ", ".join(columns)) for message in wrong]
            if wrong:
                return
            at = [header.index(name) for name in columns]
            width = len(header)
            for row in reader:
                if len(row) == width:
                    yield reader.line_num, [row[i].strip() for i in at]
                elif row:
                    problems.append(
                        Problem(f"{path.name}:{reader.line_num}", f"{len(row)} cells", f"{width} cells")
                    )
        except UnicodeDecodeError as error:
            message = f"byte 0x{error.object[error.start]:02x} is not UTF-8"
            problems.append(Problem(path.name, message, "text saved as UTF-8"))
        except csv.Error as error:
            problems.append(Problem(f"{path.name}:{reader.line_num + 1}", str(error), "CSV"))


def read_couples(
    path: Path, students: list[str], positions: list[str], problems: list[Problem]
) -> tuple[Pair, ...]:
    """Return the couples of a file; a person in two couples and pairs listed twice are problems."""
    if not path.is_file():
        return ()
    lists: dict[tuple[str, str], dict[int, tuple[str | None, str | None]]] = {}
    partner: dict[str, str] = {}
    known = set(students), {*positions, ""}
    for line, (first, second, choice, at, then) in read_rows(path, COUPLE_COLUMNS, problems):
        place = f"{path.name}:{line}"
        for column, value, valid in zip(
            COUPLE_COLUMNS,
            (first, second, choice, at, then),
            (known[0], known[0], None, *[known[1]] * 2),
            strict=True,
        ):
            if valid is not None and value not in valid:
                problems.append(Problem(f"{place}, column {column}", f"unknown {value!r}"))
        for one, other in ((first, second), (second, first)):
            if partner.setdefault(one, other) != other or one == other:
                message = (
                    f"{one} is in a couple with {partner[one]} already" if one != other else f"{one} twice"
                )
                problems.append(Problem(place, message, "two different people, each in one couple"))
        if not (choice.isascii() and choice.isdigit() and len(choice) <= 9 and int(choice) > 0):
            problems.append(Problem(f"{place}, column choice", repr(choice), "a whole number from 1"))
        elif int(choice) in lists.setdefault((first, second), {}):
            problems.append(
                Problem(f"{place}, column choice", f"{choice} is given a second time", "each once")
            )
        elif (at or None, then or None) in lists[first, second].values() or not (at or then):
            problems.append(Problem(place, "this pair is listed already, or names no position"))
        else:
            lists[first, second][int(choice)] = (at or None, then or None)
    return tuple(
        Pair(a, b, tuple(c for _, c in sorted(choices.items()))) for (a, b), choices in lists.items()
    )
