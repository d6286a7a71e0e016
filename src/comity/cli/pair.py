"""``comity pair``: run a round of partner cities and write its decision, report and evidence sheets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

HELP = "Pair cities of two countries: the optimal set, why each pair, and how firm it is."


def command(
    folder: Annotated[
        Path, typer.Argument(help="the round: round.toml, places, participants, framework, values, wishes")
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="folder for decision.json, report.html, sheets/, stages/ and scores.csv"),
    ] = None,
    on: Annotated[str | None, typer.Option(help="day whose rules apply; else the day of receipt")] = None,
    readings: Annotated[
        list[str] | None, typer.Option("--set", help="a reading of the rule pack, as population.least=50000")
    ] = None,
    language: Annotated[str, typer.Option(help="en or zh-Hant")] = "en",
    everything: Annotated[bool, typer.Option("--all", help="show every check that passed")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print the decision as canonical JSON")] = False,
) -> None:
    """Run a round of city pairing; ``comity pair examples/uk-tw-cities --out out`` writes everything.

    Exit codes: 0 pairs found, 1 the constraints contradict each other (they are named, with what would pass), 2 the
    files cannot be used, 3 a file or an extra is missing, 4 referred to an officer.
    """
    from comity.casework.decide import decide
    from comity.casework.document import to_bytes
    from comity.cli import _options
    from comity.cli._decision import print_decision
    from comity.cli._output import write_decision
    from comity.cli._working import working
    from comity.cli.decide import EXIT_CODES
    from comity.programmes.cities.files import read_round, read_round_application
    from comity.programmes.cities.programme import PROGRAMME
    from comity.programmes.cities.view import award_rows
    from comity.programmes.cities.world import world_of

    tongue = _options.spoken(language)
    application = read_round_application(folder)
    data = read_round(folder, application.treatment.latest_year)
    today = application.received_on if on is None else _options.day(on)
    world = world_of(data, application.regime, today=today, settings=_options.readings(readings))
    with working("pairing"):
        decision = decide(application, world, PROGRAMME)
    if as_json:
        print(to_bytes(decision).decode())
    else:
        print_decision(decision, award_rows(decision), tongue, everything=everything)
    if out is not None:
        written = write_decision(decision, world, out, None)
        if not as_json:
            print("\n" + "\n".join(f"wrote {path}" for path in written))
    raise typer.Exit(EXIT_CODES[decision.outcome])
