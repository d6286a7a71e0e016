"""Tables for a terminal, and lists where a terminal is too narrow for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

_GAP = 2


def print_table(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows as a table whose first column, the names, is never broken.

    Where the names and the longest words of the other columns do not fit beside each other, every row becomes an
    entry of its own: its name, and below it what the other columns hold.
    """
    from rich.console import Console

    console, cells = Console(), [tuple(row) for row in rows]
    if _fits(console.width, headings, cells):
        _as_table(console, title, headings, cells)
    else:
        _as_entries(console, title, headings, cells)


def _fits(width: int, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    from rich.cells import cell_len

    names = max((cell_len(row[0]) for row in rows), default=0)
    words = [
        max((cell_len(word) for row in (headings, *rows) for word in row[k].split()), default=0)
        for k in range(1, len(headings))
    ]
    # Text without spaces, as Chinese is, may be broken anywhere.
    return names + sum(min(w, width // 3) + _GAP for w in words) <= width


def _as_table(console: Console, title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", box=box.SIMPLE, pad_edge=False)
    for k, heading in enumerate(headings):
        table.add_column(heading, overflow="fold", no_wrap=k == 0)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)


def _as_entries(console: Console, title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.padding import Padding
    from rich.text import Text

    if title:
        console.print(Text(f"\n{title}", style="italic"))
    for row in rows:
        console.print(Text(row[0], style="bold"))
        rest = [f"{heading} {cell}" for heading, cell in zip(headings[1:], row[1:], strict=True) if cell]
        if rest:
            console.print(Padding(Text("; ".join(rest)), (0, 0, 0, 4)))
