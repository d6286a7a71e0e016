"""``comity pair``: run a round of partner cities; watch the partnerships that came of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comity.cli._run_first import RunFirst

if TYPE_CHECKING:
    from comity.programmes.cities.watch import Watch
    from comity.rules.text import Language

HELP = "Pair cities of two countries: the optimal set, why each pair, how firm it is; watch partnerships."

app = typer.Typer(no_args_is_help=True, cls=RunFirst)


@app.command()
def run(
    folder: Annotated[
        Path, typer.Argument(help="the round: round.toml, places, participants, framework, values, wishes")
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            help="folder for decision.json, report.html, sheets/, stages/, scores.csv and pairs.graphml"
        ),
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


@app.command()
def monitor(
    folder: Annotated[
        Path, typer.Argument(help="partnerships under way: assessments.csv, partnerships.toml, or both")
    ],
    on: Annotated[
        str | None, typer.Option(help="day on which it is asked, as 2026-03-02; else today")
    ] = None,
    pair: Annotated[str, typer.Option(help="one partnership only, as belfast--sejong")] = "",
    language: Annotated[str, typer.Option(help="en or zh-Hant")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Show how partnerships stand: self-assessments beside the published means, what ends soon, what may follow.

    Exit codes: 0 done, 2 the files cannot be used (every problem is named), 3 there are none.
    """
    import json

    from comity.cli._options import day, spoken
    from comity.programmes.cities.monitoring_files import read_monitoring
    from comity.programmes.cities.watch import watch
    from comity.rules.load import load_pack

    tongue, today = spoken(language), day(on)
    found = watch(*read_monitoring(folder), load_pack("city-round"), today, pair=pair)
    if as_json:
        print(json.dumps(found.as_dict(), ensure_ascii=False, indent=2))
    else:
        _print_watch(found, tongue)


def _print_watch(found: Watch, language: Language) -> None:
    from comity.cli._table import print_table
    from comity.rules.text import Text

    def say(en: str, zh: str) -> str:
        return Text(en, zh).in_language(language)

    if found.assessments:
        print(say(f"Self-assessments: {found.assessments}", f"自評份數：{found.assessments}"))
        rows = [
            (
                c.principle.title.in_language(language) + ("" if c.principle.named else " *"),
                *(_number(x) for x in (c.mean, c.answers, c.published, c.difference)),
            )
            for c in found.principles
        ]
        headings = (
            say("Principle", "原則"),
            say("Mean", "平均"),
            say("Answers", "份數"),
            say("Published", "公布值"),
            say("Difference", "差"),
        )
        print_table("", headings, rows)
        if any(not c.principle.named for c in found.principles):
            print(say("* name to be checked against the report", "* 名稱尚待與報告原文核對"))
    for standing in found.partnerships:
        print(f"\n{standing.first} – {standing.second}: {standing.stage.in_language(language)}")
        for label, allowed, why in standing.steps:
            print(f"  {label}" if allowed else f"  ({label}: {why.in_language(language)})")
    if found.alerts:
        print(say("\nTerms that end", "\n效期屆滿"))
        for alert in found.alerts:
            print(f"  {alert.partnership[0]} – {alert.partnership[1]}: {alert.text.in_language(language)}")


def _number(value: Any) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{value:.2f}".replace("-", "\u2212")
