"""``comity office``: set the office up, publish its register, keep its time, back it up."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from comity.cli import _office_case, _office_inbox
from comity.cli._office import now, start_office

HELP = (
    "The office: set up, inbox, cases, publish, receipts, clock, replay, back up, restore, export, "
    "Django's own commands."
)

app = typer.Typer(no_args_is_help=True)
app.add_typer(_office_case.app, name="case", help=_office_case.HELP)
app.command(name="inbox", help=_office_inbox.HELP)(_office_inbox.command)


@app.command()
def init() -> None:
    """Make the data folder, the log's key and the database; harmless to repeat."""
    import secrets

    start_office()
    from django.conf import settings
    from django.core.management import call_command

    from comity.office.ledger.services import publish, signer

    Path(settings.DATA).mkdir(mode=0o700, parents=True, exist_ok=True)
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        file = Path(database["NAME"])
        file.touch(0o600)  # SQLite gives its journals the mode of the database
        file.chmod(0o600)
    seed = Path(settings.LOG_SEED)
    if not seed.exists():
        descriptor = os.open(seed, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_hex(32) + "\n")
    call_command("migrate", verbosity=0)
    publish()
    print(f"office in {settings.DATA}")
    from comity.office.desks import DESKS

    for remark in (remark for desk in DESKS.values() for remark in desk.remarks()):
        print(remark.en)
    print(f"public key of the register, to be printed and pinned: {signer().verifier.encode()}")


@app.command()
def publish() -> None:
    """Publish what is not yet in the tiled log and sign the new checkpoint."""
    start_office()
    from comity.office.ledger import services

    checkpoint = services.publish()
    print(f"{checkpoint.size} entries published in {services.log().folder}")


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="file to write, as office.jsonl.gz")]) -> None:
    """Write the whole office to one file."""
    start_office()
    from comity.office.backup import backup as write

    size, root = write(file)
    print(f"{file}: {size} register entries, root {root}")


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="a file that `comity office backup` wrote")]) -> None:
    """Load a backup into an empty office, SQLite or PostgreSQL; the register keeps its root."""
    start_office()
    from comity.office.backup import restore as load

    size, root = load(file)
    print(f"restored {size} register entries, root {root}")


@app.command()
def export(folder: Annotated[Path, typer.Argument(help="folder to write")]) -> None:
    """Write the public register as CSV, GeoJSON and GeoParquet, with field descriptions and licence."""
    start_office()
    from comity.cli._progress import progress
    from comity.office.exports import export as write

    with progress("exporting the register") as report:
        for path in write(folder, report):
            print(path)


@app.command()
def clock(
    on: Annotated[
        str | None, typer.Option(help="day that has come, today or before, as 2026-03-02; else today (UTC)")
    ] = None,
    ahead_days: Annotated[int, typer.Option(min=0, help="remind of what falls due within so many days")] = 30,
) -> None:
    """Expire awards whose last day is over; say which duties fall due and which windows open. Harmless to repeat."""
    from datetime import UTC, datetime, time

    start_office()
    from comity.cli._options import day
    from comity.cli._shown import shown
    from comity.errors import ComityError, Problem
    from comity.office.cases.services.keep_time import keep_time

    today = now().date()
    come = day(on) if on else today
    if come > today:
        problem = Problem("--on", str(come), f"a day up to {today}: what expires does not come back")
        raise ComityError("that day has not come yet", [problem])
    passed = keep_time(datetime.combine(come, time(), UTC), ahead_days=ahead_days)
    for number in passed.expired:
        print(f"expired  {number}")
    for row in passed.reminders:
        print(shown(f"{row.role:<7}  {row.due}  {row.case.number}  {row.clock}  {row.who}  {row.citation}"))
    print(f"{len(passed.expired)} expired, {len(passed.reminders)} reminders")


@app.command()
def replay(
    case: Annotated[str, typer.Argument(help="case number, as spectrum/2026/000001")],
    as_json: Annotated[bool, typer.Option("--json", help="print JSON, one line a decision")] = False,
) -> None:
    """Compute the decisions of a case again on the register as it then was; exit 1 when one differs."""
    import json

    start_office()
    from comity.cli._working import working
    from comity.office.cases.services.replay import replay_case

    with working("computing again"):
        replayed = replay_case(case)
    for row in replayed:
        differences = [
            {"path": d.path, "recorded": d.recorded, "found": d.found} for d in row.found.differences
        ]
        if as_json:
            line = {"decision": row.identity, "verdict": row.found.verdict.value, "differences": differences}
            print(json.dumps(line, ensure_ascii=False))
            continue
        print(f"{row.identity[:16]} {row.outcome}: {row.found.verdict.value}")
        for difference in differences:
            print(
                f"  {difference['path']}: recorded {difference['recorded']!r}, found {difference['found']!r}"
            )
    if not replayed and not as_json:
        print(f"case {case} has no decision yet")
    raise typer.Exit(0 if all(row.found.verdict.value == "reproduced" for row in replayed) else 1)


@app.command()
def receipt(
    case: Annotated[str, typer.Argument(help="case number, as spectrum/2026/000001")],
    out: Annotated[Path, typer.Argument(help="folder to write the receipts to, one a register entry")],
) -> None:
    """Write what the holder of a case keeps: every entry with its inclusion proof and the signed checkpoint."""
    import json

    start_office()
    from comity.casework.files import write_whole
    from comity.office.ledger.services import receipts

    for found in receipts(case):
        file = out / f"receipt-{found.index}.json"
        write_whole(file, (json.dumps(found.as_dict(), indent=1) + "\n").encode())
        print(file)


@app.command()
def witness(
    file: Annotated[Path, typer.Argument(help="cosignature that `comity register cosign` wrote")],
) -> None:
    """Add a known witness's cosignature to the published checkpoint (COMITY_WITNESSES names their keys)."""
    start_office()
    from comity.casework.files import read_whole
    from comity.office.ledger.services import accept_cosignatures, witnesses

    checkpoint = accept_cosignatures(read_whole(file).decode("utf-8", "replace"))
    print(f"{checkpoint.size} entries, cosigned by {', '.join(checkpoint.signed_by(*witnesses()))}")


@app.command()
def erase(
    case: Annotated[str, typer.Argument(help="number of a closed case")],
    policy: Annotated[
        str, typer.Option(help="the retention policy that demands it, named in the register's records")
    ],
) -> None:
    """Destroy what is kept of a closed case; the register's proofs stay valid. This cannot be undone."""
    from datetime import UTC, datetime

    start_office()
    from comity.office.cases.services.erase import erase_case

    count = erase_case(case, policy=policy, at=datetime.now(UTC))
    print(f"{case}: {count} records erased under {policy}")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def manage(context: typer.Context) -> None:
    """Run one of Django's own commands, as `comity office manage createsuperuser`."""
    start_office()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["comity office manage", *context.args])
