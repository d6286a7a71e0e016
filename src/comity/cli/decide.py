"""``comity decide``: one application in, one decision out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from comity.cli._kept import CACHE_HELP, share

HELP = "Decide an application; exit 0 granted, 1 refused, 4 referred to an officer."


def command(
    file: Annotated[Path, typer.Argument(help="application as .toml, .json or .csv")],
    register: Annotated[
        Path | None,
        typer.Option(help="register of what is already there; else the one that the application names"),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="folder for decision.json and the report")] = None,
    on: Annotated[str | None, typer.Option(help="day whose rules apply, as 2026-03-02; else today")] = None,
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="another reading of a rule, as name=value (repeatable)")
    ] = None,
    pack: Annotated[
        Path | None, typer.Option(help="folder of a draft rule pack, in place of the regime's own")
    ] = None,
    alternatives: Annotated[bool, typer.Option(help="look for what would pass instead")] = True,
    cache: Annotated[bool, typer.Option(help=CACHE_HELP)] = True,
    everything: Annotated[bool, typer.Option("--all", help="show the checks that passed, too")] = False,
    language: Annotated[str, typer.Option(help="en or zh-Hant")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="print the decision as canonical JSON")] = False,
) -> None:
    """Decide an application on rules, register and terrain, and say why.

    Exit codes: 0 granted or granted with conditions, 1 refused, 2 the input cannot be used, 3 something
    needed is missing (terrain, a file), 4 referred to an officer.
    """
    from comity.casework.decide import decide
    from comity.casework.document import to_bytes
    from comity.casework.intake import read_document, validated
    from comity.cli._options import day, readings, spoken
    from comity.cli._working import working
    from comity.programmes import load_programme, optional_part, part

    tongue, today, settings = spoken(language), day(on), readings(setting)
    document, lines = read_document(file)
    programme = load_programme(str(document.get("programme", "spectrum")))
    application = validated(document, programme.schema, str(file), lines)
    _check_received(application.received_on, today)
    beside = getattr(application, "register_file", None)
    register = register or (file.parent / beside if beside else None)
    with working("opening rules, register and ground"):
        world = part(programme.id, "world").open_world(
            application.regime, today=today, register=register, settings=settings
        )
    if cache:
        share(programme.id, world)
    if pack is not None:
        from comity.rules.load import load_folder

        world = replace(world, packs={**world.packs, application.regime: load_folder(pack)})
    with working("deciding"):
        decision = decide(application, world, programme, alternatives=alternatives)
    written: list[Path] = []
    if out is not None:
        from comity.cli._output import write_decision

        with working("writing the report"):
            written = write_decision(decision, world, out, register)
    if as_json:
        print(to_bytes(decision).decode())
    else:
        from comity.cli._decision import print_decision

        view = optional_part(programme.id, "view")
        rows = view.award_rows(decision) if view is not None else ()
        print_decision(decision, rows, tongue, everything=everything)
        if written:
            print("\n" + "\n".join(f"wrote {path}" for path in written))
    raise typer.Exit(EXIT_CODES[decision.outcome])


def _check_received(received_on: date, today: date) -> None:
    """Raise where an application says that it was received after the day on which it is decided."""
    from comity.errors import ComityError, Problem

    if received_on > today:
        problem = Problem(
            "received_on", f"{received_on} lies after {today}", "a day up to the decision, or --on"
        )
        raise ComityError("this application was not received yet", [problem])


#: Exit code by outcome, as documented in :mod:`comity.errors`.
EXIT_CODES = {"granted": 0, "granted_with_conditions": 0, "refused": 1, "referred": 4}
