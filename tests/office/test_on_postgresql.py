"""The whole office suite once more, on a real PostgreSQL server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif("postgres" in os.environ.get("DATABASE_URL", ""), reason="this is that run")


@pytest.fixture(scope="module")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    pgserver = pytest.importorskip("pgserver")
    server = pgserver.get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


def test_the_same_suite_passes_on_postgresql(server_url: str, tmp_path: Path) -> None:
    folder = Path(__file__).parent
    environment = os.environ | {"DATABASE_URL": server_url, "COMITY_OFFICE_DATA": str(tmp_path)}
    environment.pop("PYTEST_XDIST_WORKER", None)
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)],
        env=environment, capture_output=True, text=True, check=False, cwd=folder.parents[1],
    )  # fmt: skip
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-2000:]
