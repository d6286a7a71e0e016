"""Cells and tables of the pages."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence

from benchmarks.chart import number
from benchmarks.race import Row


def table(head: Sequence[str], right: str, rows: Iterable[Sequence[str]]) -> str:
    """Return a table; ``right`` has an ``r`` for each column of numbers, else an ``l``."""
    lines = [
        "| " + " | ".join(head) + " |",
        "|" + "|".join("---:" if c == "r" else "---" for c in right) + "|",
    ]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def name(row: Row) -> str:
    """Return a contender's name, ours in bold."""
    return f"**{row.name}**" if row.name.startswith("comity") else row.name


def short(value: float) -> str:
    """Return a rate as a cell shows it."""
    return number(value, ("M", "k"))


def rate(row: Row) -> list[str]:
    """Return count, median a second and spread of a contender; why, if it takes no part."""
    if row.last is None:
        return ["", f"no part: {row.contender.absent}", ""]
    spread = f"{short(min(row.per_second))} to {short(max(row.per_second))}"
    return [f"{row.last.count:,}", short(row.rate), spread]


def ratio(values: Sequence[float]) -> str:
    """Return median and extremes of ratios."""
    if not values:
        return ""
    return f"{_whole(statistics.median(values))} ({_whole(min(values))} to {_whole(max(values))})"


def _whole(value: float) -> str:
    return f"{value:,.0f}" if value >= 100.0 else f"{value:.3g}"


def decibel(value: float | None) -> str:
    """Return a difference, an exact one as such."""
    if value is None:
        return ""
    return "0" if value == 0.0 else f"{value:.1e}" if value < 0.01 else f"{value:.2f}"


def scaling(rows: Iterable[tuple[float, ...]]) -> list[list[str]]:
    """Return rows of a table of rates."""
    return [[f"{x:,g}", *(short(v) for v in values)] for x, *values in rows]
