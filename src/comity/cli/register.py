"""``comity register``: verify a log, or one receipt, without trusting whoever published it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

HELP = "Verify the public register: a whole log, or one receipt."

app = typer.Typer(no_args_is_help=True)

Key = Annotated[str, typer.Option("--key", help="the log's public key: name+id+base64")]


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(help="the log's folder, as published or exported")],
    key: Key,
    since: Annotated[list[Path] | None, typer.Option(help="a checkpoint that you kept (repeatable)")] = None,
    witness: Annotated[list[str] | None, typer.Option(help="a witness's public key (repeatable)")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Check every entry, every hash and the signed checkpoint; exit 1 where anything does not fit."""
    from comity.cli._progress import progress
    from comity.register.note import Checkpoint, Verifier
    from comity.register.verify import verify_log

    kept = [Checkpoint.decode(path.read_text(encoding="utf-8")) for path in since or ()]
    with progress("verifying entries") as report:
        result = verify_log(
            folder,
            Verifier.decode(key),
            since=kept,
            witnesses=[Verifier.decode(line) for line in witness or ()],
            progress=report,
        )
    if as_json:
        print(
            json.dumps(
                {
                    "sound": result.sound,
                    "size": result.size,
                    "root": result.root.hex(),
                    "problems": list(result.problems),
                    "statement": result.statement if result.sound else None,
                }
            )
        )
    else:
        for problem in result.problems:
            print(f"BAD  {problem}")
        print(f"{result.size} entries: {result.statement if result.sound else 'NOT sound'}")
    raise typer.Exit(0 if result.sound else 1)


@app.command()
def receipt(
    file: Annotated[Path, typer.Argument(help="a receipt (JSON)")],
    key: Key,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Check that a receipt proves its entry; exit 1 where it does not."""
    from comity.register.note import Verifier
    from comity.register.receipt import Receipt

    kept = Receipt.from_dict(json.loads(file.read_text(encoding="utf-8")))
    good, reason = kept.holds(Verifier.decode(key))
    print(json.dumps({"sound": good, "reason": reason, "entry": kept.index}) if as_json else reason)
    raise typer.Exit(0 if good else 1)
