"""Reading an application from a file: TOML, JSON or CSV, every problem at once, each with its place."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from comity.casework.application import Application
from comity.casework.complaints import hidden_in, problems_of
from comity.casework.files import read_text
from comity.casework.lines import Lines, csv_lines, toml_lines
from comity.casework.table import rows_to_document
from comity.errors import ComityError, Problem

A = TypeVar("A", bound=Application)

#: Larger files are no applications: 500 stations with patterns are about 200 kB.
MAX_BYTES = 4 * 1024 * 1024
#: Brackets nested deeper than this are no application but an attack.
MAX_DEPTH = 50
_FORMS = "an application as .toml, .json or .csv"


def read_application(path: Path, schema: type[A]) -> A:
    """Return the application in ``path``.

    Parameters
    ----------
    path : file whose name ends in ``.toml``, ``.json`` or ``.csv``
    schema : the programme's schema

    Raises
    ------
    ComityError
        with every problem of the file, its place (file, line, field) and the accepted form
    """
    document, lines = read_document(path)
    return validated(document, schema, str(path), lines)


def read_document(path: Path) -> tuple[Mapping[str, Any], Lines]:
    """Return the data in ``path`` and where in it each field stands."""
    readers = {".toml": _from_toml, ".json": _from_json, ".csv": _from_csv}
    if path.suffix.lower() not in readers:
        raise ComityError("this is not an application", [Problem(str(path), "unknown kind of file", _FORMS)])
    text = read_text(path, MAX_BYTES)
    _refuse_deep_nesting(text, str(path))
    document, lines = readers[path.suffix.lower()](text, str(path))
    if not isinstance(document, dict):
        found = Problem(str(path), f"holds a {type(document).__name__}", "one table of named fields")
        raise ComityError("this is not an application", [found])
    return document, lines


def validated(document: Mapping[str, Any], schema: type[A], place: str, lines: Lines) -> A:
    """Return ``document`` as a record of ``schema``, or raise with everything that is wrong with it."""
    problems = hidden_in(document, place, lines)
    try:
        record = schema.model_validate_json(json.dumps(document, default=str))
    except ValidationError as error:
        problems += problems_of(error, schema, document, place, lines)
    else:
        if not problems:
            return record
    count = f"{len(problems)} problem" + ("s" if len(problems) > 1 else "")
    raise ComityError(f"{place} cannot be used: {count}", problems)


def _refuse_deep_nesting(text: str, place: str) -> None:
    depth = deepest = 0
    for character in text:
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth = max(0, depth - 1)
    if deepest > MAX_DEPTH:
        found = Problem(place, f"brackets nested {deepest} deep", f"at most {MAX_DEPTH} deep")
        raise ComityError("this is not an application", [found])


def _from_toml(text: str, place: str) -> tuple[Any, Lines]:
    try:
        return tomllib.loads(text), toml_lines(text)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        problem = Problem(place, str(error) or "nested too deep", "TOML 1.0 in UTF-8, each key once")
        raise ComityError("this TOML file cannot be read", [problem]) from None


def _from_json(text: str, place: str) -> tuple[Any, Lines]:
    double: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        double.extend(sorted({n for n in names if names.count(n) > 1}))
        return dict(pairs)

    def refuse(constant: str) -> float:
        raise ValueError(f"{constant} is not JSON")

    try:
        document = json.loads(text, object_pairs_hook=once, parse_constant=refuse)
    except json.JSONDecodeError as error:
        problem = Problem(f"{place}:{error.lineno}", f"{error.msg} (column {error.colno})", "JSON in UTF-8")
        raise ComityError("this JSON file cannot be read", [problem]) from None
    except (ValueError, RecursionError) as error:
        problem = Problem(place, str(error) or "nested too deep", "JSON in UTF-8")
        raise ComityError("this JSON file cannot be read", [problem]) from None
    if double:
        problems = [Problem(f"{place}: {n}", "given more than once", "each name once") for n in double]
        raise ComityError("this JSON file says some things twice", problems)
    return document, {}


def _from_csv(text: str, place: str) -> tuple[Any, Lines]:
    document, row_of = rows_to_document(text, place)
    return document, csv_lines(row_of)
