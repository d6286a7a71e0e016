"""On which line of a file each field stands."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: Line numbers, counted from 1, by field path.
Lines = Mapping[tuple[str | int, ...], int]

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]#]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"))*)\s*=""")


def toml_lines(text: str) -> Lines:
    """Return the line of every table header and key of a TOML text that is known to be valid.

    Keys inside inline tables have the line of their table; text inside a multi-line string may be taken for a
    key, which can only add lines that nobody asks for.
    """
    lines: dict[tuple[str | int, ...], int] = {}
    table: tuple[str | int, ...] = ()
    counts: dict[tuple[str | int, ...], int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        if header:
            table = _resolved(_keys(header[2]), counts)
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            lines.setdefault(table, number)
            continue
        key = _KEY.match(line)
        if key:
            lines.setdefault((*table, *_keys(key[1])), number)
    return lines


def csv_lines(rows: Lines) -> Lines:
    """Return the lines of a table: those of its cells, and for every item of a list its row."""
    lines = dict(rows)
    for path, number in rows.items():
        for length in range(1, len(path)):
            lines.setdefault(path[:length], number)
    return lines


def line_of(lines: Lines, path: tuple[str | int, ...]) -> int | None:
    """Return the line of ``path``, or of the nearest field that contains it."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None


def _keys(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def _resolved(keys: tuple[str, ...], counts: Mapping[tuple[str | int, ...], int]) -> tuple[str | int, ...]:
    """Return a header's path with the current index of every array of tables above it."""
    path: tuple[str | int, ...] = ()
    for position, key in enumerate(keys):
        path = (*path, key)
        if path in counts and position < len(keys) - 1:
            path = (*path, counts[path])
    return path
