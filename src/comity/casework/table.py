"""An application as a table: one column per field, one row per item of its lists.

Columns are dotted field paths (``party.name.en``); a column such as ``stations[].height_m`` fills one field of
one list item, and every row adds an item. Fields that belong to the whole application stand in the first
row; further rows leave them empty or repeat them. A cell that begins with ``[`` or ``{`` is read as JSON.
"""

from __future__ import annotations

import csv
import io
import json
from itertools import pairwise
from typing import Any

from comity.errors import ComityError, Problem

Path = tuple[str | int, ...]
_ACCEPTED = "a header row of field paths as party.name.en or stations[].height_m, then rows"


def rows_to_document(text: str, place: str) -> tuple[dict[str, Any], dict[Path, int]]:
    """Return the nested data of a CSV text and the line on which each field stands."""
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        numbered = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise ComityError("this CSV file cannot be read", [Problem(place, str(error), _ACCEPTED)]) from None
    if len(numbered) < 2:
        problem = Problem(place, "holds no row below the header", _ACCEPTED)
        raise ComityError("this CSV file is empty", [problem])
    header = [name.strip() for name in numbered[0][1]]
    problems = _header_problems(header, place)
    document: dict[str, Any] = {}
    lines: dict[Path, int] = {}
    for item, (line, row) in enumerate(numbered[1:]):
        if len(row) > len(header):
            problems.append(
                Problem(f"{place}:{line}", f"{len(row)} cells", f"{len(header)} as in the header")
            )
            continue
        for name, cell in zip(header, row):
            if cell.strip() and name:
                problems.extend(_place_cell(document, lines, name, cell.strip(), item, line, place))
    if problems:
        raise ComityError("this CSV file cannot be used", problems)
    return document, lines


def _header_problems(header: list[str], place: str) -> list[Problem]:
    problems = [
        Problem(f"{place}:1", f"column {name!r} stands there more than once", "each column once")
        for name in sorted({n for n in header if n and header.count(n) > 1})
    ]
    for name in header:
        if name.count("[]") > 1 or any(not part for part in name.replace("[]", "").split(".") if name):
            problems.append(Problem(f"{place}:1", f"column {name!r} is no field path", _ACCEPTED))
    return problems


def _place_cell(
    document: dict[str, Any], lines: dict[Path, int], name: str, cell: str, item: int, line: int, place: str
) -> list[Problem]:
    """Put one cell where its column says; a field given twice with different content is a problem."""
    value: Any = cell
    if cell[0] in "[{":
        try:
            value = json.loads(cell)
        except ValueError as error:
            return [Problem(f"{place}:{line}: {name}", f"not JSON ({error})", '["a", "b"]')]
    path = _path(name, item)
    known = _lookup(document, path)
    if known is not None and known != value:
        return [Problem(f"{place}:{line}: {name}", f"{cell!r} here, {known!r} above", "one value")]
    if not _store(document, path, value):
        return [Problem(f"{place}:{line}: {name}", "another column stands in its way", _ACCEPTED)]
    lines.setdefault(path, line)
    return []


def _path(name: str, item: int) -> Path:
    steps: list[str | int] = []
    for part in name.split("."):
        steps.append(part.removesuffix("[]"))
        if part.endswith("[]"):
            steps.append(item)
    return tuple(steps)


def _lookup(document: Any, path: Path) -> Any:
    for step in path:
        try:
            document = document[step]
        except (KeyError, IndexError, TypeError):
            return None
    return document


def _store(document: dict[str, Any], path: Path, value: Any) -> bool:
    """Put ``value`` at ``path``; False where another column has put something else in the way."""
    place: Any = document
    for step, following in pairwise(path):
        if isinstance(step, int):
            if not isinstance(place, list):
                return False
            place.extend({} for _ in range(step + 1 - len(place)))
            place = place[step]
        elif isinstance(place, dict):
            place = place.setdefault(step, [] if isinstance(following, int) else {})
        else:
            return False
    if isinstance(place, dict):
        place[path[-1]] = value
    elif isinstance(place, list) and isinstance(path[-1], int):
        place.append(value)
    else:
        return False
    return True
