"""``comity register``: verify a log, an export or a receipt without trusting whoever published it; be a witness."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from comity.register.note import Verifier

HELP = "Verify the public register: a whole log, an export, a receipt; cosign it as a witness."

app = typer.Typer(no_args_is_help=True)

Key = Annotated[str, typer.Option("--key", help="the log's public key: name+id+base64")]
Witnesses = Annotated[list[str] | None, typer.Option(help="a witness's public key (repeatable)")]
AsJson = Annotated[bool, typer.Option("--json", help="print JSON")]


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(help="the log's folder, or a downloaded export with log/ in it")],
    key: Key,
    since: Annotated[list[Path] | None, typer.Option(help="a checkpoint that you kept (repeatable)")] = None,
    witness: Witnesses = None,
    as_json: AsJson = False,
) -> None:
    """Check every entry, every hash and the signed checkpoint; of an export its tables, too; exit 1 if any is bad."""
    from comity.cli._progress import progress
    from comity.register.export import check_tables, log_of, tables_of
    from comity.register.note import Verifier, read_checkpoint
    from comity.register.verify import verify_log

    log = log_of(folder)
    verifier = _key_and_log(Verifier.decode, key, log)
    kept = [read_checkpoint(path) for path in since or ()]
    with progress("verifying entries") as report:
        result = verify_log(log, verifier, since=kept, witnesses=_keys(witness), progress=report)
    problems = list(result.problems)
    if result.sound and log != folder:
        problems = check_tables(folder, result.size)
    sound = not problems
    if as_json:
        print(
            json.dumps(
                {
                    "sound": sound,
                    "size": result.size,
                    "root": result.root.hex(),
                    "problems": problems,
                    "statement": result.statement if sound else None,
                }
            )
        )
    else:
        for problem in problems:
            print(f"BAD  {problem}")
        tables = _compared(*tables_of(folder)) if log != folder else ""
        print(f"{result.size} entries: {result.statement + tables if sound else 'NOT sound'}")
    raise typer.Exit(0 if sound else 1)


def _compared(compared: list[str], unread: list[str]) -> str:
    """Name the tables that agree with the log, and those that were not compared."""
    agree = f"; agree with the log: {', '.join(compared)}" if compared else "; no table in it"
    return agree + (f"; NOT compared, for want of pyarrow: {', '.join(unread)}" if unread else "")


def _key_and_log(decode: Callable[[str], Verifier], key: str, log: Path) -> Verifier:
    """Return the key; what is wrong with it and with the log's folder is told together."""
    from comity.errors import ComityError, MissingError, Problem

    problems = []
    if not (log / "checkpoint").is_file():
        problems.append(Problem(str(log), "holds no register", "a folder with the file checkpoint in it"))
    try:
        verifier = decode(key)
    except ComityError as error:
        raise ComityError("nothing can be verified", [*problems, Problem("--key", error.message)]) from None
    if problems:
        raise MissingError("nothing can be verified", problems)
    return verifier


@app.command()
def receipt(
    file: Annotated[Path, typer.Argument(help="a receipt (JSON)")],
    key: Key,
    witness: Witnesses = None,
    as_json: AsJson = False,
) -> None:
    """Check that a receipt proves its entry; exit 1 where it does not."""
    from comity.casework.files import read_whole
    from comity.errors import ComityError
    from comity.register.note import Verifier
    from comity.register.receipt import Receipt

    try:
        kept = Receipt.from_dict(json.loads(read_whole(file)))
    except ValueError:
        raise ComityError(f"{file} is not a receipt: no JSON") from None
    good, reason = kept.holds(Verifier.decode(key))
    cosigned = kept.checkpoint.signed_by(*_keys(witness))
    if good and cosigned:
        reason += f"; cosigned by {', '.join(cosigned)}"
    if as_json:
        print(json.dumps({"sound": good, "reason": reason, "entry": kept.index, "cosigned": list(cosigned)}))
    else:
        print(reason)
        if good:
            print(kept.entry.decode("utf-8", "backslashreplace"))
    raise typer.Exit(0 if good else 1)


@app.command()
def witness_key(
    name: Annotated[str, typer.Argument(help="the witness's name, as witness.example/alice")],
    seed: Annotated[Path, typer.Argument(help="file to write the private key to")],
) -> None:
    """Make a witness's key; prints the public half, for whoever runs the register and for whoever reads it."""
    import os
    import secrets

    from comity.errors import ComityError
    from comity.register.note import COSIGNATURE, Signer

    secret = secrets.token_bytes(32)
    public = Signer(name, secret, COSIGNATURE).verifier.encode()
    try:
        descriptor = os.open(seed, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise ComityError(f"{seed} cannot be made ({error.strerror})") from None
    with os.fdopen(descriptor, "w") as handle:
        handle.write(secret.hex() + "\n")
    print(public)


@app.command()
def cosign(
    folder: Annotated[Path, typer.Argument(help="the log, as published or downloaded, or an export")],
    key: Key,
    name: Annotated[str, typer.Option(help="the witness's name")],
    seed: Annotated[Path, typer.Option(help="the witness's private key")],
    state: Annotated[Path, typer.Option(help="the witness's memory: the last checkpoint it cosigned")],
    out: Annotated[
        Path | None, typer.Option(help="write the cosignature here instead of printing it")
    ] = None,
) -> None:
    """As a witness: check that the log extends what was cosigned before, then sign its checkpoint."""
    import time

    from comity.casework.files import write_whole
    from comity.register.export import log_of
    from comity.register.note import COSIGNATURE, Verifier, read_signer
    from comity.register.witness import cosign as sign

    signer = read_signer(name, seed, COSIGNATURE)
    line = sign(log_of(folder), Verifier.decode(key), signer, state, int(time.time()))
    if out is None:
        print(line, end="")
    else:
        write_whole(out, line.encode())
        print(f"wrote {out}")


def _keys(lines: list[str] | None) -> list[Verifier]:
    from comity.register.note import Verifier

    return [Verifier.decode(line) for line in lines or ()]
