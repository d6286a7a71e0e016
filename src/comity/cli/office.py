"""``comity office``: set the office up, publish its register, back it up."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

HELP = "The office: set up, publish, back up, restore, export, and Django's own commands."

app = typer.Typer(no_args_is_help=True)


def _start() -> None:
    from comity.errors import MissingError

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.office.settings")
    try:
        import django
    except ImportError:
        raise MissingError("the office needs Django: pip install 'comity[office]'") from None
    django.setup()
    from comity.office.programmes import open_desks

    open_desks()


@app.command()
def init() -> None:
    """Make the data folder, the log's key and the database; harmless to repeat."""
    import secrets

    _start()
    from django.conf import settings
    from django.core.management import call_command

    from comity.office.ledger.services import publish, signer

    Path(settings.DATA).mkdir(parents=True, exist_ok=True)
    seed = Path(settings.LOG_SEED)
    if not seed.exists():
        descriptor = os.open(seed, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_hex(32) + "\n")
    call_command("migrate", verbosity=0)
    publish()
    print(f"office in {settings.DATA}")
    print(f"public key of the register, to be printed and pinned: {signer().verifier.encode()}")


@app.command()
def publish() -> None:
    """Publish what is not yet in the tiled log and sign the new checkpoint."""
    _start()
    from comity.office.ledger import services

    checkpoint = services.publish()
    print(f"{checkpoint.size} entries published in {services.log().folder}")


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="file to write, as office.jsonl.gz")]) -> None:
    """Write the whole office to one file."""
    _start()
    from comity.office.backup import backup as write

    size, root = write(file)
    print(f"{file}: {size} register entries, root {root}")


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="a file that `comity office backup` wrote")]) -> None:
    """Load a backup into an empty office, SQLite or PostgreSQL; the register keeps its root."""
    _start()
    from comity.office.backup import restore as load

    size, root = load(file)
    print(f"restored {size} register entries, root {root}")


@app.command()
def export(folder: Annotated[Path, typer.Argument(help="folder to write")]) -> None:
    """Write the public register as CSV, GeoJSON and GeoParquet, with field descriptions and licence."""
    _start()
    from comity.cli._progress import progress
    from comity.office.exports import export as write

    with progress("exporting the register") as report:
        for path in write(folder, report):
            print(path)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def manage(context: typer.Context) -> None:
    """Run one of Django's own commands, as `comity office manage createsuperuser`."""
    _start()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["comity office manage", *context.args])
