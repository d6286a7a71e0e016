"""How the command line behaves towards pipes, tracebacks and people who wait."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from comity import _notices
from comity.errors import Problem, ValidityError

EXAMPLES = Path(__file__).parents[2] / "examples"
COMITY = [sys.executable, "-c", "from comity.cli import main; main()"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("rules", "show", "tw-mbd"),
        ("rules", "show", "tw-mbd", "--json"),
        ("compare", str(EXAMPLES / "tw-hsinchu-fab.toml")),
        ("--help",),
    ],
)
def test_a_reader_that_leaves_early_ends_the_command_quietly_with_141(arguments) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.run([*COMITY, *arguments], stdout=writer, stderr=subprocess.PIPE, check=False)
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
    assert first.stderr.count("compiling the models") == 1
    assert second.stderr == ""


def test_kernels_run_where_nothing_can_be_cached() -> None:
    program = "import comity.terrain.geodesy as g; print(g.distance_km(25.0, 121.0, 25.1, 121.0) > 0)"
    refuse = "from numba.core import caching; caching.CacheImpl._locator_classes = []; "
    ended = subprocess.run(
        [sys.executable, "-c", refuse + program], capture_output=True, text=True, check=True
    )
    assert "True" in ended.stdout


def _comity(*arguments: str, width: int = 80) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": str(width)}
    return subprocess.run([*COMITY, *arguments], env=environment, capture_output=True, text=True, check=False)


def test_no_fact_name_is_broken_on_a_narrow_terminal_and_what_it_accepts_is_shown() -> None:
    shown = _comity("rules", "show", "uk-sal").stdout
    assert "\ncoordination.mobile_base_aggregate.time_percent" in shown
    assert "accepts 0.001 to 50 %" in shown


def test_an_event_that_no_deadline_counts_from_is_told_with_those_there_are() -> None:
    ended = _comity("rules", "deadlines", "tw-mbd", "--event", "foo=2026-01-01")
    assert ended.returncode == 2
    assert "certificate_issued" in ended.stderr


def test_a_bad_date_is_blamed_on_the_option_that_gave_it() -> None:
    ended = _comity("rules", "deadlines", "tw-mbd", "--event", "certificate_issued=x")
    assert "--event certificate_issued: 'x'" in ended.stderr
    assert "--on" not in ended.stderr


def test_terrain_show_takes_a_western_longitude_as_it_is() -> None:
    ended = _comity("terrain", "show", "57.2066", "-6.2236")
    assert "height" in ended.stdout, ended.stderr


@pytest.mark.parametrize("latitude", ["nan", "200"])
def test_check_site_says_that_a_latitude_is_none(latitude: str) -> None:
    ended = _comity("check-site", latitude, "-6.36")
    assert ended.returncode == 2
    assert f"{float(latitude)} is no latitude" in ended.stderr


@pytest.mark.parametrize(
    ("content", "words", "lines"),
    [
        (b"kind,id\n" + b"network,N,1,2,3\n" * 27, "row 2, 3, 4 and 24 more: more cells than the header", 3),
        (b"\xff\xfe\x00", "is no text in UTF-8", 3),
    ],
)
def test_a_file_that_is_no_register_is_told_in_a_few_words(tmp_path, content, words, lines) -> None:
    (tmp_path / "register.csv").write_bytes(content)
    ended = _comity("check-site", "57.30", "-6.36", "--register", str(tmp_path / "register.csv"))
    assert ended.returncode == 2
    assert words in ended.stderr
    assert len(ended.stderr.splitlines()) == lines


def test_a_register_that_is_not_there_is_told_with_the_form_it_may_have(tmp_path) -> None:
    ended = _comity("check-site", "57.30", "-6.36", "--register", str(tmp_path / "none.csv"))
    assert ended.returncode == 3
    assert ".csv or .toml" in ended.stderr


def test_what_cannot_be_verified_is_told_together_key_and_folder(tmp_path) -> None:
    ended = _comity("register", "verify", str(tmp_path / "none"), "--key", "KEY")
    assert ended.returncode == 2
    assert "holds no register" in ended.stderr
    assert "--key" in ended.stderr


def test_a_ranking_without_interviews_says_that_they_are_missing() -> None:
    ended = _comity("match", "rank", str(EXAMPLES / "talent-call"))
    assert (ended.returncode, ended.stdout) == (3, "")
    assert "interviews.csv" in ended.stderr


def test_every_check_of_a_match_names_its_property() -> None:
    lines = _comity("match", "run", str(EXAMPLES / "talent-call")).stdout.splitlines()
    checks = [line.split(": ") for line in lines if line.startswith(("  holds", "  see mechanism"))]
    assert checks
    assert all(len(parts) >= 3 for parts in checks)
    assert len({parts[1] for parts in checks}) == len(checks)


def test_a_narrow_comparison_still_lays_every_regime_beside_the_others() -> None:
    arguments = ("compare", str(EXAMPLES / "tw-kaohsiung-port.toml"), "--on", "2026-03-02")
    narrow, wide = (_comity(*arguments, width=width).stdout for width in (80, 300))
    asked = narrow.split("allowed by the rules\n")[1].split("\n\n")[0]
    regimes = [line.split()[0] for line in asked.splitlines()]
    assert regimes[:2] == ["tw-mbd", "uk-sal"]
    assert all(f"({regime})" in wide for regime in regimes)
    assert narrow.splitlines()[0].strip() == "TW-2026-KAOHSIUNG-PORT"
    assert "because\n  tw-mbd" in narrow
    assert "\n  uk-sal" not in narrow.split("because\n")[1].split("\n\n")[0]
