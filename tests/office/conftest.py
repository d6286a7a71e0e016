"""A real database for the office: SQLite files by default, PostgreSQL where DATABASE_URL says so."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

_FOLDER = tempfile.mkdtemp(prefix="comity-office-")
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
os.environ.setdefault("COMITY_OFFICE_DATA", _FOLDER)
os.environ["DJANGO_SETTINGS_MODULE"] = "comity.office.settings"
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session", autouse=True)
def _office() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    import slots  # noqa: F401


@pytest.fixture(autouse=True)
def _empty_office() -> None:
    empty_office()


def empty_office() -> None:
    """Empty all tables of the office and forget the published log."""
    from django.apps import apps
    from django.conf import settings
    from django.core.management.color import no_style
    from django.db import connection

    tables = [
        m._meta.db_table for label in ("cases", "ledger") for m in apps.get_app_config(label).get_models()
    ]
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), tables, allow_cascade=True))
    shutil.rmtree(settings.LOG_FOLDER, ignore_errors=True)
    Path(settings.LOG_SEED).write_text("11" * 32)


@pytest.fixture
def comity(monkeypatch, capsys):
    """Run ``comity office ...``; return exit code, standard output and standard error."""

    from comity.cli import main

    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["comity", "office", *map(str, arguments)])
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code or 0
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err + captured.out
        return code, captured.out, captured.err

    return run


@pytest.fixture
def papers(tmp_path: Path):
    """Write an application to a file and return its path."""

    def write(reference: str = "X-1", slot: str = "A1", **fields: object) -> Path:
        import slots

        file = tmp_path / f"{reference}-{slot}-{len(list(tmp_path.iterdir()))}.json"
        file.write_text(slots.application(reference, slot, **fields).model_dump_json(), encoding="utf-8")
        return file

    return write


@pytest.fixture
def filed(comity, papers):
    """Take an application in and have it taken into review; return its number."""

    def run(
        reference: str = "X-1", slot: str = "A1", applicant: str = "firm-1", *more, **fields: object
    ) -> str:
        file = papers(reference, slot, **fields)
        code, out, _ = comity(
            "case", "submit", file, "--applicant", applicant, "--by", "lin", "--json", *more
        )
        assert code == 0
        number = json.loads(out)["case"]
        assert comity("case", "step", number, "take", "--by", "lin")[0] == 0
        return number

    return run
