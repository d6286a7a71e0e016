"""The public report says of a mechanism what is true of it, and nothing that is true of another one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from comity.matching.cutoffs import own_result
from comity.programmes.talent.call_report import call_page
from comity.programmes.talent.confirmation import Confirmation, confirmed
from comity.programmes.talent.files import read_call
from comity.programmes.talent.log import run_record
from comity.programmes.talent.output import write_run
from comity.programmes.talent.run import CallRun, run_call
from comity.programmes.talent.statistics import statistics_of
from comity.programmes.talent.world import world_of
from comity.report.page import render_page
from comity.rules.text import Text

DAY = date(2026, 5, 4)
DRY = (False, Text("Dry run", "試行"))
CHECK_YOUR_OWN = "Your result is the first position"
RESERVED = """
[[seating]]
position = "PX"
order = "reserved-first"
[[seating.reserves]]
group = "first_generation"
seats = 1
strict = true
"""


def put(folder: Path, name: str, *changes: tuple[str, str]) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def report_of(folder: Path) -> tuple[CallRun, str]:
    call = read_call(folder)
    world = world_of(call, "tw-talent", today=DAY)
    run = run_call(call, world.pack("tw-talent"), DAY)
    return run, render_page(call_page(run, world, DRY, "0" * 64))


def own(run: CallRun, student: str) -> str | None:
    """What the public cut-offs and the student's own letter would tell her."""
    lists = run.matching.instance
    s = run.number_of(student)
    places = {lists.host_id(h): lists.places_of(h).get(s) for h in range(lists.n_hosts)}
    return own_result([lists.host_id(h) for h in lists.choices_of(s)], places, run.cutoffs)


def test_cutoffs_are_offered_as_a_check_only_where_they_decide(call_folder: Path) -> None:
    run, html = report_of(call_folder)
    assert all(own(run, s) == p for s, p in run.placed.items())
    assert CHECK_YOUR_OWN in html


def test_with_a_reserved_seat_cutoffs_mislead_and_are_not_offered(call_folder: Path) -> None:
    """PX keeps its one seat for a group without members: S2, ranked first, sees a free seat and has no place."""
    put(call_folder, "call.toml", ("student-optimal-lottery", "caps-and-reserves"))
    with (call_folder / "call.toml").open("a", encoding="utf-8") as stream:
        stream.write(RESERVED)
    (call_folder / "choices.csv").write_text("student,choice,position\nS2,1,PX\n", encoding="utf-8")
    run, html = report_of(call_folder)
    assert run.placed["S2"] is None
    assert own(run, "S2") == "PX"
    assert CHECK_YOUR_OWN not in html
    assert "the last admitted place alone does not decide" in html


def test_what_blocks_is_shown_only_where_somebody_looked(call_folder: Path) -> None:
    """In an exchange the order of hosts is not used: S2 and PX block, and nobody may say that nothing does."""
    assert "Blocking pairs" in report_of(call_folder)[1]
    put(call_folder, "call.toml", ("student-optimal-lottery", "balanced-exchange"))
    run, html = report_of(call_folder)
    assert run.matching.n_placed == 0
    assert "Blocking" not in html


def test_with_couples_blocking_choices_are_counted(call_folder: Path) -> None:
    """The couple S1, S2 wants PX and PY, S3 wants PX, else PY; PX ranks S1, S3; PY ranks S3, S2: nothing is stable."""
    put(call_folder, "call.toml", ("student-optimal-lottery", "couples"))
    put(call_folder, "students.csv", ("D1;D2;D4", "D1;D2;D3;D4"))
    put(call_folder, "positions.csv", ("en:B2", "en:B1"))
    (call_folder / "couples.csv").write_text(
        "first,second,choice,first_position,second_position\nS1,S2,1,PX,PY\n", encoding="utf-8"
    )
    (call_folder / "choices.csv").write_text("student,choice,position\nS3,1,PX\nS3,2,PY\n", encoding="utf-8")
    (call_folder / "rankings.csv").write_text(
        "position,rank,student\nPX,1,S1\nPX,2,S3\nPY,1,S3\nPY,2,S2\n", encoding="utf-8"
    )
    run, html = report_of(call_folder)
    assert run.matching.proof is not None
    assert run.matching.proof.value == 1
    figure = html[html.index("Blocking choices") :][:400]
    assert "<dd>1 " in figure
    write_run(run, world_of(run.call, "tw-talent", today=DAY), call_folder / "out", DRY)
    public = (call_folder / "out" / "public" / "check.json").read_text(encoding="utf-8")
    private = (call_folder / "out" / "private" / "check.json").read_text(encoding="utf-8")
    assert any(code in private for code in ("S1 and S2", '"S3"'))
    assert not any(s in public for s in ("S1", "S2", "S3", "S4"))


def test_what_is_published_names_no_confirmer_and_confirms_no_guess_at_a_list(
    call_folder: Path, tmp_path: Path
) -> None:
    """Whoever knows all lists but one must not find it by hashing: hashes of the call stay private or salted."""
    call = read_call(call_folder)
    world = world_of(call, "tw-talent", today=DAY)
    run = run_call(call, world.pack("tw-talent"), DAY)
    names = {"programme_officer": "Ann Wu", "observer": "Bo Li"}
    status = confirmed(run, [Confirmation(role, name, DAY, run.identity) for role, name in names.items()])
    assert status[0]
    write_run(run, world, tmp_path / "out", status)
    published = {p.name: p.read_text(encoding="utf-8") for p in (tmp_path / "out" / "public").iterdir()}
    assert "register-entries.jsonl" in published
    for name, text in published.items():
        for secret in (*names.values(), call.sha256, run.identity):
            assert secret not in text, name
    salt = bytes.fromhex(json.loads((tmp_path / "out" / "private" / "salts.json").read_text())["run"])
    record = run_record(run, salt)
    assert json.loads(published["check.json"])["run"] == record
    assert record in published["report.html"]
    assert record in published["register-entries.jsonl"]


@pytest.mark.parametrize(
    ("by_choice", "published"),
    [
        ({"1": 69, "2": 30, "3": 5, "4": 0, "5": 6}, {"1": 69, "2": 30, "3": 5, "4": 0, "5": 6}),
        ({"1": 69, "2": 30, "3": 4, "4": 2, "5": 3}, {"1": 69, "2": 30, "3-5": 9}),
        ({"1": 69, "2": 4, "3": 0, "4": 6, "5": 1}, {"1": 69, "2-5": 11}),
        ({"1": 3, "2": 9}, {"1-2": 12}),
        ({"1": 9, "2": 3}, {"1-2": 12}),
        ({"1": 2}, {"1": 2}),  # the whole call, which is published as "placed" anyhow
        ({}, {}),
    ],
)
def test_choices_that_a_handful_got_are_put_together(
    call_folder: Path, by_choice: dict[str, int], published: dict[str, int]
) -> None:
    figures = statistics_of(report_of(call_folder)[0])
    shown = replace(figures, by_choice=by_choice).for_public()
    assert shown.by_choice == published
    assert shown.first_choice == published.get("1")


def test_of_a_group_no_handful_is_told_apart(call_folder: Path) -> None:
    """Six belong to the group and two of them have a place: neither the two nor the four others are counted out."""
    rows = "".join(
        f"T{i},TW,U,yes,6,4,0613,python,en:C1,2026-06-15,2026-09-30,yes,no,D1;D2;D3;D4,young,yes,2026-03-05,,\n"
        for i in range(6)
    )
    with (call_folder / "students.csv").open("a", encoding="utf-8") as stream:
        stream.write(rows)
    (call_folder / "choices.csv").write_text(
        "student,choice,position\nT0,1,PX\nT1,1,PY\n" + "".join(f"T{i},1,PX\n" for i in range(2, 6)),
        encoding="utf-8",
    )
    (call_folder / "rankings.csv").write_text("position,rank,student\nPX,1,T0\nPY,1,T1\n", encoding="utf-8")
    run, _ = report_of(call_folder)
    assert sum(run.placed[f"T{i}"] is not None for i in range(6)) == 2
    share = statistics_of(run).by_group["young"]
    assert (share.applied, share.placed) == (6, None)
