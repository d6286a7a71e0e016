"""What a student reads is true: of a list that was left out, of an application not admitted, of a couple's pairs."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from comity.casework.decide import decide
from comity.programmes.talent.files import read_call
from comity.programmes.talent.joint import explained
from comity.programmes.talent.output import result_rows, write_run
from comity.programmes.talent.programme import PROGRAMME
from comity.programmes.talent.report import letter
from comity.programmes.talent.run import CallRun, run_call
from comity.programmes.talent.statistics import statistics_of
from comity.programmes.talent.world import world_of
from comity.report.page import render_page
from comity.rules.text import Text

DAY = date(2026, 5, 4)
NONE_LISTED = "You listed no place"


def run_of(folder: Path) -> CallRun:
    call = read_call(folder)
    return run_call(call, world_of(call, "tw-talent", today=DAY).pack("tw-talent"), DAY)


def put(folder: Path, name: str, *changes: tuple[str, str]) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def test_nobody_who_listed_places_is_told_that_she_listed_none(call_folder: Path, tmp_path: Path) -> None:
    """S3 lists PX and PZ, both closed to him; S4 waits for a paper."""
    (call_folder / "choices.csv").write_text(
        "student,choice,position\nS3,1,PX\nS3,2,PZ\nS4,1,PY\nS2,1,PX\n", encoding="utf-8"
    )
    run = run_of(call_folder)
    world = world_of(run.call, "tw-talent", today=DAY)
    write_run(run, world, tmp_path / "out", (False, Text("Dry run", "試行")))
    said = json.loads((tmp_path / "out" / "private" / "explanations.json").read_text(encoding="utf-8"))
    texts = {s: e["text"]["en"] for s, e in said["students"].items()}
    assert "Every place you listed was left out" in texts["S3"]
    assert "not admitted to the matching" in texts["S4"]
    assert not any(NONE_LISTED in texts[s] for s in ("S2", "S3", "S4"))
    reasons = " ".join(r.en for r in decide(run.call.students["S3"], world, PROGRAMME).reasons)
    assert NONE_LISTED not in reasons


def couple_at_its_third_pair(folder: Path) -> CallRun:
    """PY is full with S3, so the pairs PX+PY and PY+PZ are out of reach; PX and PZ take S1 and S2."""
    put(folder, "call.toml", ("student-optimal-lottery", "couples"))
    put(folder, "students.csv", ("D1;D2;D4", "D1;D2;D3;D4"))
    put(folder, "positions.csv", ("en:B2", "en:B1"), ("en:B1,7,", "en:B1,6,"))
    (folder / "couples.csv").write_text(
        "first,second,choice,first_position,second_position\nS1,S2,1,PX,PY\nS1,S2,2,PY,PZ\nS1,S2,3,PX,PZ\n",
        encoding="utf-8",
    )
    (folder / "choices.csv").write_text("student,choice,position\nS3,1,PY\n", encoding="utf-8")
    (folder / "rankings.csv").write_text(
        "position,rank,student\nPX,1,S1\nPY,1,S3\nPY,2,S1\nPY,3,S2\nPZ,1,S2\n", encoding="utf-8"
    )
    return run_of(folder)


def test_a_couple_reads_which_of_its_pairs_it_got(call_folder: Path) -> None:
    run = couple_at_its_third_pair(call_folder)
    assert run.placed == {"S1": "PX", "S2": "PZ", "S3": "PY", "S4": None}
    world = world_of(run.call, "tw-talent", today=DAY)
    for student in ("S1", "S2"):
        explanation = explained(run, student)
        assert explanation.text.en.startswith("Your choice 3 as a couple was given to you: S1 at ")
        assert "第 3 志願" in explanation.text.zh
        assert [(r.choice, r.host, r.why.value) for r in explanation.reasons] == [
            (1, "PX + PY", "not_together"),
            (2, "PY + PZ", "not_together"),
            (3, "PX + PZ", "placed"),
        ]
        decision = decide(run.call.students[student], world, PROGRAMME)
        assert decision.award is not None
        assert decision.award["choice"] == 3
        assert [o.id for o in decision.considered if o.chosen] == ["PX + PZ"]
        assert "AI at Alpha (PX) + Data at Beta (PZ)" in render_page(letter(decision, run.call))
    assert {row[0]: row[2] for row in result_rows(run)} == {"S1": 3, "S2": 3, "S3": 1, "S4": ""}
    assert statistics_of(run).first_choice == 1


def test_a_pair_that_was_left_out_and_one_that_still_blocks_are_told_apart(call_folder: Path) -> None:
    """Roth 1984: S1 and S2 want PX and PY; S3 wants PX, else PY; PX ranks S1, S3 and PY ranks S3, S2."""
    put(call_folder, "call.toml", ("student-optimal-lottery", "couples"))
    put(call_folder, "students.csv", ("D1;D2;D4", "D1;D2;D3;D4"))
    put(call_folder, "positions.csv", ("en:B2", "en:B1"))
    (call_folder / "couples.csv").write_text(
        "first,second,choice,first_position,second_position\nS1,S2,1,PZ,PY\nS1,S2,2,PX,PY\n", encoding="utf-8"
    )
    (call_folder / "choices.csv").write_text("student,choice,position\nS3,1,PX\nS3,2,PY\n", encoding="utf-8")
    (call_folder / "rankings.csv").write_text(
        "position,rank,student\nPX,1,S1\nPX,2,S3\nPY,1,S3\nPY,2,S2\n", encoding="utf-8"
    )
    run = run_of(call_folder)
    assert run.matching.proof is not None
    assert run.matching.proof.value == 1
    whys = [r.why.value for r in explained(run, "S1").reasons]
    assert whys[0] == "left_out"  # PZ asks for a master's degree
    blocked = {s: [r.why.value for r in explained(run, s).reasons] for s in ("S1", "S3")}
    assert sum(ws.count("still_blocks") for ws in blocked.values()) == 1
