"""``comity match`` and ``comity goldcard`` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from comity.cli import goldcard, match
from comity.errors import ComityError

RUNNER = CliRunner()
EXAMPLES = Path(__file__).parents[2] / "examples"


def run(*arguments: object, app: object = match.app) -> tuple[int, str]:
    result = RUNNER.invoke(app, [str(a) for a in arguments])  # type: ignore[arg-type]
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def test_a_folder_is_enough_to_run_a_call(call_folder: Path) -> None:
    code, output = run(call_folder)
    assert code == 0
    assert "Not confirmed by" in output
    assert "Placed 2" in output


def test_public_files_name_nobody_and_private_ones_hold_the_decisions(
    call_folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    code, _ = run(call_folder, "--out", out)
    assert code == 0
    assert sorted(p.name for p in (out / "public").iterdir()) == [
        "check.json",
        "cutoffs.csv",
        "report.html",
        "statistics.json",
    ]
    for path in (out / "public").iterdir():
        text = path.read_text(encoding="utf-8")
        assert not any(s in text for s in ("S1", "S2", "S3", "S4")), path
    assert len(list((out / "private" / "decisions").iterdir())) == 4
    assert json.loads((out / "public" / "check.json").read_text())["sound"] is True


def test_results_are_checked_and_a_doctored_one_names_the_pair(call_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(call_folder, "--out", out)
    results = out / "private" / "results.csv"
    assert run("verify", call_folder, results)[0] == 0
    doctored = results.read_text().replace("S2,PX,1", "S2,PZ,2")
    results.write_text(doctored)
    code, output = run("verify", call_folder, results)
    assert code == 1
    assert "BROKEN  weakly_stable" in output
    assert "S2  PX" in output


def test_results_that_are_not_of_this_call_are_refused_with_rows(call_folder: Path, tmp_path: Path) -> None:
    bad = tmp_path / "results.csv"
    bad.write_text("student,position\nS1,PX\nS1,PY\nS9,PX\nS2,PQ\n")
    with pytest.raises(ComityError) as error:
        run("verify", call_folder, bad)
    assert [p.place for p in error.value.problems] == [
        "results.csv:3, column student",
        "results.csv:4, column student",
        "results.csv:5, column position",
        "results.csv",
        "results.csv",
    ]


def test_two_roles_confirm_a_run_and_then_it_is_no_dry_run(call_folder: Path) -> None:
    identity = json.loads(run(call_folder, "--json")[1])["run"]
    with pytest.raises(ComityError, match="not the run"):
        run("confirm", call_folder, "--role", "observer", "--name", "Bo", "--run", "0" * 64)
    with pytest.raises(ComityError, match="does not confirm"):
        run("confirm", call_folder, "--role", "visitor", "--name", "Bo", "--run", identity)
    assert (
        "Not confirmed by: observer"
        in run(
            "confirm", call_folder, "--role", "programme_officer", "--name", "Ann, officer", "--run", identity
        )[1]
    )
    run("confirm", call_folder, "--role", "observer", "--name", "Bo", "--run", identity)
    document = json.loads(run(call_folder, "--json")[1])
    assert document["confirmed"] is True
    assert document["status"]["en"] == "Confirmed by programme officer, observer."


def test_a_confirmation_that_cannot_count_is_refused_and_never_written(call_folder: Path) -> None:
    """One person in both roles, and another person over a confirmation that stands: no, with exit code 1."""
    identity = json.loads(run(call_folder, "--json")[1])["run"]

    def confirm(role: str, name: str) -> int:
        return run("confirm", call_folder, "--role", role, "--name", name, "--run", identity)[0]

    assert confirm("programme_officer", "A. Officer") == 0
    stands = (call_folder / "confirmations.csv").read_text()
    for role, name in (("observer", "A. OFFICER"), ("programme_officer", "Another")):
        with pytest.raises(ComityError) as refused:
            confirm(role, name)
        assert refused.value.exit_code == 1
        assert (call_folder / "confirmations.csv").read_text() == stands
    assert confirm("programme_officer", "a. officer") == 0
    assert confirm("observer", "Bo") == 0
    assert json.loads(run(call_folder, "--json")[1])["confirmed"] is True


@pytest.mark.parametrize("name", ["students", "positions", "hosts", "choices", "rankings"])
@pytest.mark.parametrize("tail", [b"\xff\xfe,\n", b'"' + b"a" * 140_000 + b'"\n'], ids=["bytes", "no end"])
def test_a_hostile_file_of_a_call_is_a_problem_with_its_name_and_no_defect(call_folder, name, tail) -> None:
    path = call_folder / f"{name}.csv"
    path.write_bytes(path.read_bytes() + tail)
    with pytest.raises(ComityError) as caught:
        run(call_folder)
    assert any(p.place.startswith(path.name) for p in caught.value.problems)


def test_a_fresh_seed_hashes_to_its_commitment() -> None:
    from comity.matching.lottery import commit

    words = run("commit")[1].split()
    assert commit(words[1]) == words[3]


def test_suggestions_show_what_matched(call_folder: Path) -> None:
    assert "Skills in common, 1 of 1: sql." in run("suggest", call_folder, "S2")[1]


def test_the_example_call_runs_and_is_marked_as_invented() -> None:
    code, output = run(EXAMPLES / "talent-call", "--language", "zh-Hant")
    assert code == 0
    assert "虛構範例" in output
    assert "學生 200 名" in output


def test_a_gold_card_check_says_what_is_met_and_what_proves_it() -> None:
    code, output = run("check", EXAMPLES / "goldcard" / "engineer.toml", app=goldcard.app)
    assert code == 0
    assert "GC-D1  met" in output
    assert "NT$155000, at least NT$160000" in output
    assert "NT$5,700" in output
