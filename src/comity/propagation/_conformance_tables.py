"""Tables of reference cases: reader that names file, line and column of everything that is wrong."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from comity.errors import ComityError, MissingError, Problem

Float = NDArray[np.float64]


def read_text(path: Path) -> str:
    """Return the text of a file; a missing or binary one is an error that names it."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ComityError("not a text file", [Problem(str(path), "not UTF-8 text", "a text file")]) from None
    except OSError as error:
        raise MissingError(f"cannot read {path}: {error.strerror}") from None


def files_in(folder: Path, pattern: str = "*.csv") -> list[Path]:
    """Return the files of a folder by name; a missing or empty folder is an error that names it."""
    if not folder.is_dir():
        raise MissingError(f"{folder} is not a folder")
    found = sorted(folder.glob(pattern))
    if not found:
        raise MissingError(f"no {pattern} in {folder}")
    return found


def number(text: str, place: str, problems: list[Problem]) -> float:
    """Return a finite number, or note a problem and return NaN."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        problems.append(Problem(place, f"{text.strip()!r} is not a number", "a number"))
    return value


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one CSV file: header, cells, and the line of each row."""

    path: Path
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def places(self) -> list[str]:
        """Return ``file, line`` of each row."""
        return [f"{self.path.name}, line {line}" for line in self.lines]

    def text(self, column: str) -> list[str]:
        """Return the cells of a column."""
        index = self.header.index(column)
        return [row[index].strip() for row in self.rows]

    def numbers(self, *columns: str) -> dict[str, Float]:
        """Return columns as numbers; every cell that is none is listed in one error."""
        problems: list[Problem] = []
        found = {}
        for column in columns:
            index = self.header.index(column)
            found[column] = np.array(
                [
                    number(row[index], f"{self.path}, line {line}, column {column}", problems)
                    for row, line in zip(self.rows, self.lines, strict=True)
                ]
            )
        raise_all(self.path, problems)
        return found


def read_table(path: Path, columns: Sequence[str]) -> Table:
    """Read a CSV file with a header that holds ``columns``; rows of another length are listed in one error."""
    rows = list(csv.reader(read_text(path).splitlines()))
    header = tuple(cell.strip() for cell in rows[0]) if rows else ()
    problems = [
        Problem(f"{path}, line 1, column {column}", "no such column", ", ".join(columns))
        for column in columns
        if column not in header
    ]
    raise_all(path, problems)
    kept = [
        (line, tuple(row)) for line, row in enumerate(rows[1:], start=2) if any(cell.strip() for cell in row)
    ]
    for line, row in kept:
        if len(row) != len(header):
            column = header[min(len(row), len(header) - 1)]
            problems.append(
                Problem(f"{path}, line {line}, column {column}", f"{len(row)} cells", f"{len(header)} cells")
            )
    raise_all(path, problems)
    return Table(path, header, tuple(row for _, row in kept), tuple(line for line, _ in kept))


def raise_all(path: Path, problems: list[Problem]) -> None:
    """Raise when there are problems."""
    if problems:
        raise ComityError(f"{path} cannot be used as reference cases", problems)
