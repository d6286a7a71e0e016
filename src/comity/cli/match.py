"""``comity match``: run a call of students and hosts, check a result, confirm a run, commit to a lottery."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from comity.cli._run_first import RunFirst

if TYPE_CHECKING:
    from datetime import date

    from comity.casework.world import World
    from comity.programmes.talent.run import CallRun

HELP = "Match students and hosts of a call; check, confirm and explain the result."


app = typer.Typer(no_args_is_help=True, cls=RunFirst)

Folder = Annotated[
    Path, typer.Argument(help="the call: call.toml, hosts, positions, students, choices, rankings")
]
Day = Annotated[
    str | None, typer.Option("--on", help="day whose rules apply; else the call's day of results")
]


@app.command()
def run(
    folder: Folder,
    out: Annotated[Path | None, typer.Option(help="folder for public/ and private/ results")] = None,
    on: Day = None,
    language: Annotated[str, typer.Option(help="en or zh-Hant")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="print the check as JSON")] = False,
) -> None:
    """Run a call: a dry run until the call's two roles have confirmed it; ``comity match FOLDER`` is enough.

    Exit codes: 0 done, 2 the files cannot be used (nothing ran), 3 a file is missing.
    """
    import json

    from comity.cli._options import spoken
    from comity.programmes.talent.confirmation import confirmed, read_confirmations
    from comity.programmes.talent.output import check_document, write_run
    from comity.programmes.talent.shortlist import read_interviews, remarks
    from comity.programmes.talent.view import run_lines

    tongue = spoken(language)
    found, world = _run(folder, on)
    status = confirmed(found, read_confirmations(folder / "confirmations.csv"))
    written = write_run(found, world, out, status) if out is not None else []
    if as_json:
        print(json.dumps(check_document(found, status), ensure_ascii=False, sort_keys=True))
        return
    print("\n".join(line.in_language(tongue) for line in run_lines(found, status)))
    for remark in remarks(found.call, read_interviews(folder / "interviews.csv", found.call)):
        print(f"look at  {remark.place}: {remark.message}")
    decisions = [p for p in written if p.parent.name == "decisions"]
    for path in (p for p in written if p not in decisions):
        print(f"wrote {path}")
    if decisions:
        print(f"wrote {decisions[0].parent}: {len(decisions)} decisions")


@app.command()
def verify(
    folder: Folder,
    results: Annotated[
        Path, typer.Argument(help="results.csv: columns student and position, one row a student")
    ],
    on: Day = None,
    language: Annotated[str, typer.Option(help="en or zh-Hant")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Check somebody's results of a call with the independent verifier; exit 1 where a claim is false.

    Reads the full lists: for an accredited verifier. Every blocking pair is named.
    """
    import json

    from comity.cli._options import spoken
    from comity.programmes.talent.check import check_results, check_rows

    tongue = spoken(language)
    world = _world(folder, on)
    verdict = check_results(world.register, world.pack(world.register.settings.regime), world.today, results)
    if as_json:
        print(json.dumps({"sound": verdict.sound, "checks": check_rows(verdict)}, ensure_ascii=False))
        raise typer.Exit(0 if verdict.sound else 1)
    signs = {True: "holds ", False: "BROKEN", None: "  -   "}
    for check in verdict.checks:
        print(f"{signs[check.holds]}  {check.claim.value}: {check.text.in_language(tongue)}")
        for pair in check.witnesses:
            print("          " + "  ".join(pair))
    raise typer.Exit(0 if verdict.sound else 1)


@app.command()
def confirm(
    folder: Folder,
    role: Annotated[str, typer.Option(help="one of the call's two confirming roles")],
    name: Annotated[str, typer.Option(help="who confirms")],
    run_id: Annotated[str, typer.Option("--run", help="identity of the run that was looked at")],
    on: Day = None,
) -> None:
    """Confirm a run in a named role; the run is computed again and must be the one that was looked at.

    Exit codes: 0 noted; 1 another run, one person in two roles, or somebody else confirmed it: nothing is noted.
    """
    from comity.cli._options import day
    from comity.errors import ComityError, Problem
    from comity.programmes.talent.confirmation import (
        Confirmation,
        add_confirmation,
        confirmed,
        read_confirmations,
    )

    found, _ = _run(folder, on)
    if run_id != found.identity:
        problem = Problem("--run", run_id, f"the run of these files is {found.identity}")
        raise ComityError("this is not the run of these files", [problem], exit_code=1)
    path = folder / "confirmations.csv"
    add_confirmation(path, found, Confirmation(role, name, day(None), found.identity))
    print(confirmed(found, read_confirmations(path))[1].en)


@app.command()
def adopt(folder: Folder, on: Day = None) -> None:
    """Keep the result of a mechanism whose best is not unique (maximum-size, couples), before it is confirmed."""
    from comity.programmes.talent.output import adopt as keep

    found, _ = _run(folder, on)
    print(f"wrote {keep(found, folder)}")


@app.command()
def commit() -> None:
    """Make a fresh lottery seed and its commitment; publish the commitment, keep the seed until lists are closed."""
    from comity.matching.lottery import commit as commitment_of
    from comity.matching.lottery import new_seed

    seed = new_seed()
    print(f"seed        {seed}\ncommitment  {commitment_of(seed)}")


@app.command()
def close(
    folder: Folder,
    out: Annotated[Path, typer.Option(help="folder for the register's entry and its salt")],
) -> None:
    """Write the register's entry of a call whose lists are closed: do it before seed and beacon are known.

    The entry commits to all lists and to the students' codes, which decide the tickets.
    """
    from datetime import UTC, datetime

    from comity.casework.files import write_whole
    from comity.programmes.talent.files import read_call
    from comity.programmes.talent.log import closing_event
    from comity.register.event import new_salt

    salt = new_salt()
    event = closing_event(read_call(folder), datetime.now(UTC).replace(microsecond=0), salt)
    out.mkdir(parents=True, exist_ok=True)
    for name, content in (("closing-entry.jsonl", event.encode()), ("closing-salt.txt", salt.hex().encode())):
        write_whole(out / name, content + b"\n")
        print(f"wrote {out / name}")


@app.command()
def rank(folder: Folder) -> None:
    """Print rankings.csv as it follows from interviews.csv: by mean grade, equal means as ties."""
    from comity.errors import MissingError, Problem
    from comity.programmes.talent.shortlist import COLUMNS, rankings_from, read_interviews

    call = _world(folder, None).register
    if not (folder / "interviews.csv").is_file():
        problem = Problem(str(folder / "interviews.csv"), "is not there", f"columns {', '.join(COLUMNS)}")
        raise MissingError("there are no interviews to rank by", [problem])
    print("position,rank,student")
    for position, groups in rankings_from(read_interviews(folder / "interviews.csv", call)).items():
        place = 1
        for group in groups:
            print("\n".join(f"{position},{place},{student}" for student in group))
            place += len(group)


@app.command()
def suggest(
    folder: Folder,
    student: Annotated[str, typer.Argument(help="the student's code")],
    most: Annotated[int, typer.Option(help="suggestions at most")] = 8,
    text: Annotated[bool, typer.Option(help="compare texts, too (extra 'semantic')")] = False,
    language: Annotated[str, typer.Option(help="en or zh-Hant")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Suggest places to a student and show what matched; suggestions never enter a decision."""
    import json

    from comity.cli._options import spoken
    from comity.programmes.talent.run import labels_of
    from comity.programmes.talent.suggest import suggestions

    tongue = spoken(language)
    call = _world(folder, None).register
    found, labels = suggestions(call, student, most=most, with_text=text), labels_of(call)
    if as_json:
        rows = [{"position": s.position, "score": s.score, "text": s.text.as_dict()} for s in found]
        print(json.dumps(rows, ensure_ascii=False))
        return
    for s in found:
        print(f"{s.score:.2f}  {labels[s.position].in_language(tongue)}\n      {s.text.in_language(tongue)}")


def _world(folder: Path, on: str | None) -> World:
    from comity.cli._options import day
    from comity.cli._working import working
    from comity.programmes.talent.files import read_call
    from comity.programmes.talent.world import world_of

    with working("reading the call"):
        call = read_call(folder)
    today: date = call.settings.dates.results if on is None else day(on)
    return world_of(call, call.settings.regime, today=today)


def _run(folder: Path, on: str | None) -> tuple[CallRun, World]:
    from comity.cli._working import working
    from comity.programmes.talent.run import run_call

    world = _world(folder, on)
    with working("matching"):
        return run_call(world.register, world.pack(world.register.settings.regime), world.today), world
