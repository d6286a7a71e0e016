"""A call worked by hand: who is eligible, who goes where, why, and that it can be computed again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from comity.casework.decide import decide
from comity.casework.document import to_bytes, to_document
from comity.casework.replay import ReplayVerdict, replay
from comity.casework.world import World
from comity.errors import ComityError
from comity.matching.guarantees import Guarantee
from comity.programmes.talent.call import Call, CallSettings
from comity.programmes.talent.confirmation import Confirmation, confirmed
from comity.programmes.talent.files import read_call
from comity.programmes.talent.programme import PROGRAMME
from comity.programmes.talent.run import CallRun, run_call
from comity.programmes.talent.statistics import statistics_of
from comity.programmes.talent.world import world_of
from comity.rules.finding import Outcome

DAY = date(2026, 5, 4)


def changed(call: Call, **settings: object) -> Call:
    """The same call under other settings."""
    document = {**call.settings.model_dump(), **settings}
    return replace(call, settings=CallSettings.model_validate(document))


def world_and_run(folder: Path, **settings: object) -> tuple[World, CallRun]:
    call = changed(read_call(folder), **settings)
    world = world_of(call, "tw-talent", today=DAY)
    return world, run_call(call, world.pack("tw-talent"), DAY)


def test_the_call_worked_by_hand(call_folder: Path) -> None:
    """S2 takes PX (ranked first). S3's B1 is below PX's B2, so he starts at PY, where the lottery puts him and S1."""
    _, run = world_and_run(call_folder)
    assert run.screening.standing("S4") is Outcome.UNKNOWN  # the language paper is missing
    assert not run.screening.fits("S3", "PX")
    assert run.placed["S2"] == "PX"
    assert run.placed["S4"] is None
    assert sorted(s for s, p in run.placed.items() if p == "PY") in (["S1"], ["S3"])
    assert run.placed["S1"] == "PY" or run.placed["S3"] == "PY"
    assert run.verdict.sound


def test_each_student_gets_a_decision_with_reasons_that_replays(call_folder: Path) -> None:
    world, run = world_and_run(call_folder)
    outcomes = {}
    for reference, application in run.call.students.items():
        decision = decide(application, world, PROGRAMME)
        outcomes[reference] = decision.outcome.value
        assert replay(to_document(decision), world, PROGRAMME).verdict is ReplayVerdict.REPRODUCED
        assert decision.reasons
        assert decision.assumptions
    assert outcomes["S2"] == "granted"
    assert outcomes["S4"] == "referred"
    assert sorted(outcomes.values()) == ["granted", "granted", "referred", "refused"]


def test_a_changed_ranking_shows_in_every_replay(call_folder: Path) -> None:
    world, run = world_and_run(call_folder)
    document = to_document(decide(run.call.students["S2"], world, PROGRAMME))
    other = replace(run.call, rankings={**run.call.rankings, "PX": (("S1",), ("S2",))})
    verdict = replay(document, replace(world, register=other), PROGRAMME).verdict
    assert verdict is not ReplayVerdict.REPRODUCED


def test_contact_and_statement_change_no_decision(call_folder: Path) -> None:
    world, run = world_and_run(call_folder)
    mine = run.call.students["S1"]
    other = mine.model_copy(update={"statement": mine.statement.model_copy(update={"en": "something else"})})
    call = replace(run.call, students={**run.call.students, "S1": other})
    assert call.sha256 == run.call.sha256
    assert to_bytes(decide(mine, world, PROGRAMME)) == to_bytes(decide(other, world, PROGRAMME))


def test_the_order_of_rows_changes_nothing(call_folder: Path) -> None:
    _, run = world_and_run(call_folder)
    for name in ("students.csv", "choices.csv", "rankings.csv", "positions.csv"):
        header, *rows = (call_folder / name).read_text(encoding="utf-8").splitlines()
        (call_folder / name).write_text("\n".join([header, *reversed(rows)]) + "\n", encoding="utf-8")
    _, again = world_and_run(call_folder)
    assert again.call.sha256 == run.call.sha256
    assert again.identity == run.identity


def test_a_call_that_stops_on_open_papers_names_them(call_folder: Path) -> None:
    with pytest.raises(ComityError) as error:
        world_and_run(call_folder, unresolved="stop")
    assert [p.place for p in error.value.problems] == ["student S4"]
    assert "D3" in error.value.problems[0].message


def test_a_lottery_that_is_not_revealed_stops_the_run(call_folder: Path) -> None:
    notice = read_call(call_folder).settings.lottery
    assert notice is not None
    with pytest.raises(ComityError, match="cannot be used yet"):
        world_and_run(call_folder, lottery={"commitment": notice.commitment})


@pytest.mark.parametrize(
    "settings",
    [
        {"mechanism": "student-optimal"},
        {"mechanism": "host-optimal"},
        {"mechanism": "maximum-size"},
        {
            "mechanism": "caps-and-reserves",
            "groups": [{"name": "GB", "positions": ["PX", "PY"], "cap": 1, "targets": {"PX": 1}}],
        },
        {"mechanism": "balanced-exchange"},
    ],
    ids=lambda s: s["mechanism"],
)
def test_every_mechanism_of_a_call_passes_its_own_check(
    call_folder: Path, settings: dict[str, object]
) -> None:
    _, run = world_and_run(call_folder, **settings)
    assert run.verdict.sound
    checked = {c.claim for c in run.verdict.checks if c.holds}
    unseen = {Guarantee.STRATEGY_PROOF, Guarantee.EFFICIENT_WHEN_BALANCED}
    assert checked == run.matching.mechanism.guarantees - unseen
    assert {c.claim for c in run.verdict.checks} == run.matching.mechanism.guarantees
    drawn = settings["mechanism"] in ("student-optimal", "host-optimal")  # S1 and S3 are equal at PY
    assert run.matching.mechanism.id == f"{settings['mechanism']}{'-lottery' if drawn else ''}"
    if settings["mechanism"] == "caps-and-reserves":
        assert sum(p in ("PX", "PY") for p in run.placed.values()) == 1
    if settings["mechanism"] == "balanced-exchange":
        assert run.matching.n_placed == 0  # nobody comes to Taiwan, so nobody can be sent one for one


def test_a_reading_that_the_call_announces_is_used_and_listed(call_folder: Path) -> None:
    world, run = world_and_run(call_folder, readings={"eligibility.eqf_min": 7})
    assert run.screening.standing("S1") is Outcome.UNKNOWN
    decision = decide(run.call.students["S1"], world, PROGRAMME)
    assert decision.outcome.value == "referred"
    assert any(a.fact == "eligibility.eqf_min" and a.value == 7 for a in decision.assumptions)


def test_a_run_counts_only_when_two_people_in_two_roles_confirmed_this_very_run(call_folder: Path) -> None:
    _, run = world_and_run(call_folder)
    officer = Confirmation("programme_officer", "Ann", DAY, run.identity)
    observer = Confirmation("observer", "Bo", DAY, run.identity)
    assert confirmed(run, [officer, observer])[0]
    assert not confirmed(run, [officer])[0]
    for same in ("ann", " Ann ", "Ann\u3000", "\uff21\uff4e\uff4e"):
        assert not confirmed(run, [officer, replace(observer, name=same)])[0]
    spaced = replace(officer, name="Ann  Wu")
    assert not confirmed(run, [spaced, replace(observer, name="ANN WU")])[0]
    assert not confirmed(run, [officer, replace(observer, run="0" * 64)])[0]
    assert not confirmed(run, [officer, replace(observer, role="visitor")])[0]


def test_statistics_count_what_happened(call_folder: Path) -> None:
    _, run = world_and_run(call_folder)
    figures = statistics_of(run)
    assert (figures.students, figures.eligible, figures.waiting) == (4, 3, 1)
    assert (figures.placed, figures.seats, figures.filled) == (2, 4, 2)
    assert figures.by_field["data_science"] == (2, 0)
    assert figures.by_group == {}  # no group of five
