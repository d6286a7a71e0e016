"""A real database for the office: SQLite files by default, PostgreSQL where DATABASE_URL says so."""

from __future__ import annotations

import atexit
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
