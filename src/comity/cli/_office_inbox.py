"""``comity office inbox`` and ``comity office case list``: what waits for whom, what is due first at the top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from comity.cli._office import AsJson, Spoken, now, print_json, said, start_office

if TYPE_CHECKING:
    from comity.rules.text import Language

HELP = "What waits for whom, what is due first at the top; whatever is overdue is there."

ROLES = ("applicant", "officer", "panel")


def command(
    by: Annotated[
        str, typer.Option("--by", help="only what this officer may do something about; else everything")
    ] = "",
    role: Annotated[str, typer.Option("--for", help="only what waits for: applicant, officer or panel")] = "",
    ahead_days: Annotated[
        int, typer.Option(min=0, help="duties of awards in force: those due within so many days")
    ] = 30,
    language: Spoken = "en",
    as_json: AsJson = False,
) -> None:
    """List every case that waits for somebody, and every duty that falls due, by day."""
    from comity.casework.people import known_as
    from comity.cli._options import spoken
    from comity.errors import ComityError, Problem

    if role and role not in ROLES:
        raise ComityError("nobody like that is waited for", [Problem("--for", repr(role), ", ".join(ROLES))])
    tongue = spoken(language)
    start_office()
    from comity.office.cases.services.inbox import Wanted, inbox

    rows = inbox(Wanted(known_as(by, "--by") if by else "", role, ahead_days), at=now())
    if as_json:
        print_json(rows)
        return
    print_rows(rows, tongue)


def print_rows(rows: list[dict[str, Any]], language: Language) -> None:
    """Print cases with whose move it is, what is due and what can be done."""
    from comity.cli._office_words import days_left, word
    from comity.cli._shown import shown
    from comity.cli._table import print_table

    if not rows:
        print(word("empty", language))
        return
    headings = [word(key, language) for key in ("case", "due", "waits_for", "state", "what")]
    cells = []
    for row in rows:
        due = row["deadline"]
        what = [
            *([said(due["title"], language)] if due else []),
            *([", ".join(row["steps"])] if row["steps"] else []),
        ]
        cells.append(
            (
                row["case"],
                f"{due['due']} {days_left(due, language)}" if due else "",
                word(row["waits_for"] or "nobody", language),
                said(row["state_name"], language),
                ": ".join(what),
            )
        )
    print_table("", headings, [tuple(map(shown, row)) for row in cells])
