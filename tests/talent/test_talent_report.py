"""The public report says of a mechanism what is true of it, and nothing that is true of another one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from comity.matching.cutoffs import own_result
from comity.programmes.talent.call_report import call_page
from comity.programmes.talent.files import read_call
from comity.programmes.talent.run import CallRun, run_call
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
    return run, render_page(call_page(run, world, DRY))


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
