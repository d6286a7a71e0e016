"""Couples in a call, interviews before it, and the register after it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from comity.casework.decide import decide
from comity.casework.document import to_bytes
from comity.errors import ComityError
from comity.programmes.talent.check import check_results
from comity.programmes.talent.confirmation import confirmed
from comity.programmes.talent.files import read_call
from comity.programmes.talent.log import decision_events, run_event
from comity.programmes.talent.output import adopt
from comity.programmes.talent.programme import PROGRAMME
from comity.programmes.talent.run import run_call
from comity.programmes.talent.shortlist import Interview, rankings_from, read_interviews, remarks
from comity.programmes.talent.world import world_of
from comity.register.event import Event, commitment

DAY = date(2026, 5, 4)
COUPLES = """\
first,second,choice,first_position,second_position
S1,S3,1,PX,PY
S1,S3,2,,PY
"""


def with_couple(folder: Path, couples: str = COUPLES) -> Path:
    (folder / "couples.csv").write_text(couples, encoding="utf-8")
    settings = (folder / "call.toml").read_text(encoding="utf-8")
    (folder / "call.toml").write_text(
        settings.replace("student-optimal-lottery", "couples"), encoding="utf-8"
    )
    choices = (folder / "choices.csv").read_text(encoding="utf-8").splitlines()
    kept = [row for row in choices if not row.startswith(("S1", "S3"))]
    (folder / "choices.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    return folder


def test_a_couple_is_placed_by_its_pairs_and_the_check_counts_blocking_choices(call_folder: Path) -> None:
    """S2 takes PX, ranked first there; the couple's first pair is closed, its second gives S3 the place PY."""
    call = read_call(with_couple(call_folder))
    world = world_of(call, "tw-talent", today=DAY)
    run = run_call(call, world.pack("tw-talent"), DAY)
    assert run.placed == {"S1": None, "S2": "PX", "S3": "PY", "S4": None}
    assert run.verdict.sound
    assert run.matching.proof is not None
    assert (run.matching.proof.value, run.matching.proof.complete) == (0, True)
    reasons = " ".join(r.en for r in decide(call.students["S1"], world, PROGRAMME).reasons)
    assert "No other list" not in reasons  # not guaranteed with couples, so not claimed


def test_cycles_of_couples_and_double_lists_are_named(call_folder: Path) -> None:
    couples = COUPLES + "S3,S2,1,PY,PX\nS4,S4,1,PX,PX\nS1,S3,3,PX,PQ\nS1,S3,x,PX,PX\n"
    folder = with_couple(call_folder, couples)
    with (folder / "choices.csv").open("a", encoding="utf-8") as stream:
        stream.write("S1,1,PX\n")
    with pytest.raises(ComityError) as error:
        read_call(folder)
    found = [(p.place, p.message) for p in error.value.problems]
    assert ("couples.csv:4", "S3 is in a couple with S1 already") in found
    assert ("couples.csv:5", "S4 twice") in found
    assert ("couples.csv:6, column second_position", "unknown 'PQ'") in found
    assert ("couples.csv:7, column choice", "'x'") in found
    assert any("S1 stands in choices.csv, too" in m for _, m in found)


def test_grades_of_interviews_become_a_ranking_with_ties() -> None:
    day = date(2026, 4, 10)
    seen = [
        Interview("PX", "S1", "r1", "interviewed", day, 70),
        Interview("PX", "S1", "r2", "interviewed", day, 80),
        Interview("PX", "S2", "r1", "interviewed", day, 75),
        Interview("PX", "S3", "r1", "interviewed", day, 90),
        Interview("PX", "S3", "r1", "declined", day),
        Interview("PX", "S4", "r1", "shortlisted", day),
    ]
    assert rankings_from(seen) == {"PX": (("S1", "S2"),)}


def test_interviews_are_checked_and_what_looks_odd_is_pointed_out(call_folder: Path) -> None:
    call = read_call(call_folder)
    path = call_folder / "interviews.csv"
    head = "position,student,reader,step,day,grade\n"
    path.write_text(
        head + "PX,S1,r1,interviewed,2026-04-10,80\nPX,S1,r1,stood_aside,2026-04-09,\n", encoding="utf-8"
    )
    said = [f"{p.place}: {p.message}" for p in remarks(call, read_interviews(path, call))]
    assert "interview of S1 for PX: r1 stood aside and graded" in said
    assert "ranking of PX: S2 is ranked and was not interviewed" in said
    path.write_text(head + "PQ,S9,r,met,soon,1\nPZ,S1,r,interviewed,2026-04-10,\n", encoding="utf-8")
    with pytest.raises(ComityError) as error:
        read_interviews(path, call)
    assert [p.place for p in error.value.problems] == [
        "interviews.csv:2, column position",
        "interviews.csv:2, column student",
        "interviews.csv:2, column step",
        "interviews.csv:2, column grade",
        "interviews.csv:2, column day",
        "interviews.csv:3, column student",
        "interviews.csv:3, column grade",
    ]


def test_the_register_gets_the_run_in_the_open_and_decisions_as_commitments(call_folder: Path) -> None:
    call = read_call(call_folder)
    world = world_of(call, "tw-talent", today=DAY)
    run = run_call(call, world.pack("tw-talent"), DAY)
    decisions = {s: decide(a, world, PROGRAMME) for s, a in call.students.items()}
    at = datetime(2026, 5, 4, tzinfo=UTC)
    events, salts = decision_events(run, decisions, at)
    mine = commitment(bytes.fromhex(salts["S2"]), to_bytes(decisions["S2"]))
    assert mine in {e.record for e in events}
    assert [e.record for e in events] == sorted(e.record for e in events)
    entries = b"".join(e.encode() for e in (run_event(run, at, bytes(32)), *events))
    assert not any(s.encode() in entries for s in call.students)
    assert Event.decode(events[0].encode()) == events[0]


@pytest.mark.parametrize("mechanism", ["maximum-size", "couples"])
def test_a_result_that_is_not_unique_is_adopted_and_then_checked_instead_of_searched(
    call_folder: Path, mechanism: str
) -> None:
    if mechanism == "couples":
        with_couple(call_folder)
    else:
        settings = (call_folder / "call.toml").read_text(encoding="utf-8")
        (call_folder / "call.toml").write_text(
            settings.replace("student-optimal-lottery", mechanism), encoding="utf-8"
        )
    pack = world_of(None, "tw-talent", today=DAY).pack("tw-talent")
    first = run_call(read_call(call_folder), pack, DAY)
    allowed, why = confirmed(first, [])
    assert not allowed
    assert "adopt" in why.en
    adopt(first, call_folder)
    again = run_call(read_call(call_folder), pack, DAY)
    assert again.placed == first.placed
    assert again.matching.proof == first.matching.proof
    assert "Not confirmed by" in confirmed(again, [])[1].en
    path = call_folder / "adopted.json"
    path.write_text(path.read_text().replace('"S2":"PX"', '"S2":null'))
    with pytest.raises(ComityError, match="refuses this result"):
        run_call(read_call(call_folder), pack, DAY)


def test_somebodys_results_with_a_couple_are_checked_without_a_proof(
    call_folder: Path, tmp_path: Path
) -> None:
    call = read_call(with_couple(call_folder))
    pack = world_of(call, "tw-talent", today=DAY).pack("tw-talent")
    results = tmp_path / "results.csv"
    results.write_text("student,position\nS1,\nS2,PX\nS3,PY\nS4,\n", encoding="utf-8")
    assert [c.holds for c in check_results(call, pack, DAY, results).checks] == [True, True]
    results.write_text("student,position\nS1,\nS2,\nS3,PY\nS4,\n", encoding="utf-8")
    allowed, fewest = check_results(call, pack, DAY, results).checks
    assert (allowed.holds, fewest.holds) == (True, None)
    assert ("S2", "PX") in fewest.witnesses
