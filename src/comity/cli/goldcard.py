"""``comity goldcard``: which criteria of the Employment Gold Card's digital field a person meets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

HELP = "Employment Gold Card, digital field: criteria met, what proves each, what is missing."

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Check a person against the criteria; the authority decides the card."""


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="what the person states, as .toml, .json or .csv")],
    on: Annotated[str | None, typer.Option(help="day whose rules apply; else the day of receipt")] = None,
    language: Annotated[str, typer.Option(help="en or zh-Hant")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="print the check as canonical JSON")] = False,
) -> None:
    """Say which criteria are met, what proves each, what is missing, the fee and the periods.

    Exit codes: 0 a criterion is met and proved, 1 none can be, 2 the file cannot be used, 4 something is missing.
    """
    from comity.casework.decide import decide
    from comity.casework.document import to_bytes
    from comity.casework.intake import read_application
    from comity.cli._options import day, spoken
    from comity.cli.decide import EXIT_CODES
    from comity.programmes.goldcard.application import GoldCardApplication
    from comity.programmes.goldcard.programme import PROGRAMME, check_criteria
    from comity.programmes.goldcard.view import check_lines
    from comity.programmes.goldcard.world import open_world

    tongue = spoken(language)
    application = read_application(file, GoldCardApplication)
    today = application.received_on if on is None else day(on)
    world = open_world(application.regime, today=today, register=None, settings={})
    decision = decide(application, world, PROGRAMME)
    if as_json:
        print(to_bytes(decision).decode())
    else:
        lines = check_lines(application, decision, check_criteria(application, world), world)
        print("\n".join(line.in_language(tongue) for line in lines))
    raise typer.Exit(EXIT_CODES[decision.outcome])
