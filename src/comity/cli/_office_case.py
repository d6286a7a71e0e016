"""``comity office case``: work a case from its receipt to the register."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comity.cli._office import (
    AsJson,
    By,
    Spoken,
    now,
    officer,
    print_json,
    refusals_in,
    start_office,
)

if TYPE_CHECKING:
    from datetime import datetime

    from comity.casework.application import Application
    from comity.casework.decision import Decision
    from comity.office.cases.services.enter import Papers
    from comity.rules.text import Language

HELP = "Cases: take one in, list, show, take a step; the table of steps is the only gate."

app = typer.Typer(no_args_is_help=True)

Number = Annotated[str, typer.Argument(metavar="CASE", help="case number, as spectrum/2026/000001")]
File = Annotated[Path, typer.Argument(help="application as .toml, .json or .csv")]
Reason = Annotated[str, typer.Option(help="why, or the paper that it rests on; kept with the step")]


@app.command()
def submit(
    file: File,
    applicant: Annotated[str, typer.Option(help="id of the applicant's account, as the office keeps it")],
    by: By = "",
    key: Annotated[
        str, typer.Option(help="makes sending twice harmless; else the application's own reference")
    ] = "",
    varies: Annotated[
        str | None, typer.Option(help="number of the applicant's case in force that this one would change")
    ] = None,
    received: Annotated[
        str | None, typer.Option(help="day on which the paper came, if before today; the clocks run from it")
    ] = None,
    reason: Reason = "",
    language: Spoken = "en",
    as_json: AsJson = False,
) -> None:
    """Take an application in as a new case; sent again, it finds the first. Its place in the queue is now."""
    from comity.casework.people import known_as, same
    from comity.cli._options import day, spoken

    tongue, applicant = spoken(language), known_as(applicant, "--applicant")
    received_on = day(received, "--received") if received else None
    start_office()
    by = officer(by)
    from comity.casework.workflow import Actor, Role
    from comity.office.cases.services.enter import account
    from comity.office.cases.services.submit import submit as take_in

    programme, application = _application(file)
    case = take_in(
        programme,
        application,
        applicant=Actor(applicant, Role.APPLICANT, "" if same(by, applicant) else by, account()),
        client_key=key or application.reference,
        at=now(),
        received_on=received_on,
        varies=varies,
        reason=reason or f"entered from {file.name}",
    )
    _print(case.number, by, now(), tongue, as_json)


@app.command(name="list")
def list_cases(
    state: Annotated[str, typer.Option(help="only cases in this state, as in_review")] = "",
    applicant: Annotated[str, typer.Option(help="only cases of this applicant")] = "",
    most: Annotated[int, typer.Option(min=1, help="so many at most, the newest first")] = 100,
    language: Spoken = "en",
    as_json: AsJson = False,
) -> None:
    """List cases, the newest first: state, whose move it is, what is due next."""
    from comity.casework.workflow import State
    from comity.cli._office_inbox import print_rows
    from comity.cli._options import spoken
    from comity.errors import ComityError, Problem

    if state and state not in list(State):
        raise ComityError("no such state", [Problem("--state", repr(state), ", ".join(State))])
    tongue = spoken(language)
    start_office()
    from comity.office.cases.services.inbox import listed

    rows = listed(state, applicant, most, at=now())
    if as_json:
        print_json(rows)
    else:
        print_rows(rows, tongue)


@app.command()
def show(number: Number, by: By = "", language: Spoken = "en", as_json: AsJson = False) -> None:
    """Show a case: whose move it is, deadlines, what the officer may do and why not more, what happened."""
    from comity.cli._options import spoken

    tongue = spoken(language)
    start_office()
    by = officer(by)
    _print(number, by, now(), tongue, as_json)


@app.command()
def step(
    number: Number,
    action: Annotated[
        str, typer.Argument(help="a step of the table, as `comity office case show` lists them")
    ],
    by: By = "",
    reason: Reason = "",
    application: Annotated[
        Path | None, typer.Option(help="for 'answer': the whole corrected application")
    ] = None,
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="for 'settle': case.NAME=value (repeatable)")
    ] = None,
    clock: Annotated[str, typer.Option(help="for 'meet': the duty that was met, as build_ends")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="show what would be done, and do nothing")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="take a step that no other takes back, without asking")
    ] = False,
    language: Spoken = "en",
    as_json: AsJson = False,
) -> None:
    """Take one step of a case, in the officer's name; a step of the applicant's is entered from a paper.

    Exit codes: 0 done, 1 the step is refused (what is accepted is named) or the decision refuses, 2 something is
    missing that the step must bring, 4 the decision refers the case to an officer.
    """
    from comity.cli._options import readings, spoken

    tongue, settings = spoken(language), readings(setting)
    start_office()
    by = officer(by)
    from comity.office.cases.services.enter import Papers, enter

    papers = Papers(reason, _application(application)[1] if application else None, settings, clock)
    at = now()
    with refusals_in(tongue):
        if action == "decide":
            _decide(number, by, at, papers, tongue, dry_run=dry_run, as_json=as_json)
            return
        if not _looked_at(number, action, by, at, papers, tongue, dry_run=dry_run, yes=yes, as_json=as_json):
            return
        enter(number, action, by=by, at=at, papers=papers)
    _print(number, by, at, tongue, as_json)


def _looked_at(
    number: str,
    action: str,
    by: str,
    at: datetime,
    papers: Papers,
    language: Language,
    *,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> bool:
    """Show what a step would do where that is asked for or wise; return whether it is to be taken."""
    from comity.cli._office_show import look_document, print_look
    from comity.cli._office_words import state_name
    from comity.errors import ComityError, Problem
    from comity.office.cases.services.enter import closes, look

    if not dry_run and (yes or not closes(number, action)):
        return True
    found = look(number, action, by=by, at=at, papers=papers)
    if dry_run and as_json:
        print_json(look_document(found))
    elif not as_json:
        print_look(found, language)
    if dry_run:
        return False
    if not sys.stdin.isatty():
        accepted = "--yes to take it, --dry-run to look at it only"
        raise ComityError(
            f"'{action}' is taken back by no other step; nothing was done",
            [
                Problem(
                    number, f"{state_name(found.before, 'en')} -> {state_name(found.after, 'en')}", accepted
                )
            ],
        )
    return typer.confirm(f"{action}?")


def _decide(
    number: str, by: str, at: datetime, papers: Papers, language: Language, *, dry_run: bool, as_json: bool
) -> None:
    """Compute the decision, store it unless it is only looked at, and print it."""
    from comity.casework.document import from_bytes, to_bytes
    from comity.cli._working import working
    from comity.cli.decide import EXIT_CODES
    from comity.office.cases.services.enter import enter, look_at_decision

    with working("deciding"):
        if dry_run:
            decision = look_at_decision(number, by=by, at=at)
        else:
            stored = enter(number, "decide", by=by, at=at, papers=papers).decision
            assert stored is not None
            decision = from_bytes(bytes(stored.document))
    if as_json and dry_run:
        print(to_bytes(decision).decode())
    elif as_json:
        _print(number, by, at, language, as_json)
    else:
        _print_decision(decision, language)
        _print_whereabouts(number, language, dry_run=dry_run)
    raise typer.Exit(EXIT_CODES[decision.outcome])


def _print_decision(decision: Decision, language: Language) -> None:
    from comity.cli._decision import print_decision
    from comity.programmes import optional_part

    view = optional_part(decision.programme, "view")
    print_decision(decision, view.award_rows(decision) if view is not None else (), language)


def _print_whereabouts(number: str, language: Language, *, dry_run: bool) -> None:
    from comity.cli._office_words import state_of, word
    from comity.office.cases.services.find import find_case
    from comity.office.cases.services.overview import summary
    from comity.office.desks import desk_for

    case = find_case(number)
    looked = f"; {word('would', language)}" if dry_run else ""
    print(f"\n{number}: {state_of(summary(case), language)}{looked}")
    for remark in desk_for(case.programme).remarks():
        print(f"{word('note', language)}: {remark.in_language(language)}")


def _application(file: Path) -> tuple[str, Application]:
    """Return the programme that a file names, and the application in it."""
    from comity.casework.intake import read_document, validated
    from comity.office.desks import desk_for

    document, lines = read_document(file)
    programme = desk_for(str(document.get("programme", "spectrum"))).programme
    return programme.id, validated(document, programme.schema, str(file), lines)


def _print(number: str, by: str, at: datetime, language: Language, as_json: bool) -> None:
    from comity.cli._office_show import print_case
    from comity.office.cases.services.overview import overview

    found: dict[str, Any] = overview(number, by=by, at=at)
    if as_json:
        print_json(found)
    else:
        print_case(found, language)
