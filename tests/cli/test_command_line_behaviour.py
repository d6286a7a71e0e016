"""How the command line behaves towards pipes, tracebacks and people who wait."""

from __future__ import annotations

import os
import subprocess
import sys

from comity import _notices
from comity.errors import Problem, ValidityError

COMITY = [sys.executable, "-c", "from comity.cli import main; main()"]


def test_a_reader_that_leaves_early_ends_the_command_quietly_with_141() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.run(
        [*COMITY, "rules", "show", "tw-mbd"], stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert (process.returncode, process.stderr) == (141, b"")


def test_a_traceback_shows_every_problem_of_an_error() -> None:
    error = ValidityError("two things", [Problem("a", "is wrong", "b"), Problem("c", "is odd")])
    assert str(error) == "two things\n  a: is wrong\n    accepted: b\n  c: is odd"


def test_a_notice_is_told_once_and_only_to_a_listener(monkeypatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(_notices, "_told", set())
    monkeypatch.setattr(_notices, "listener", None)
    _notices.tell_once("said to nobody")
    monkeypatch.setattr(_notices, "listener", heard.append)
    _notices.tell_once("wait")
    _notices.tell_once("wait")
    assert heard == ["wait"]


def test_the_first_run_says_that_it_compiles_and_the_next_is_silent(tmp_path) -> None:
    program = (
        "from comity import _notices; from comity.cli import _tell; _notices.listener = _tell\n"
        "import comity.terrain.geodesy as g; g.distance_km(25.0, 121.0, 25.1, 121.0)"
    )
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    first, second = (
        subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
        )
        for _ in range(2)
    )
    assert first.stderr.count("compiles the models") == 1
    assert second.stderr == ""


def test_kernels_run_where_nothing_can_be_cached() -> None:
    program = "import comity.terrain.geodesy as g; print(g.distance_km(25.0, 121.0, 25.1, 121.0) > 0)"
    refuse = "from numba.core import caching; caching.CacheImpl._locator_classes = []; "
    ended = subprocess.run(
        [sys.executable, "-c", refuse + program], capture_output=True, text=True, check=True
    )
    assert "True" in ended.stdout
