"""Offers, answers, the second round, appeals, agreements, certificates, erasure."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from comity.casework.canonical import sha256_of
from comity.casework.decide import decide
from comity.casework.document import to_document
from comity.casework.machine import StepRefused
from comity.casework.replay import ReplayVerdict, replay
from comity.errors import ComityError
from comity.matching.rounds import Reply
from comity.programmes.talent.after_run import Appeal, Ground, admissible, impact, offers, second_round
from comity.programmes.talent.call import CallSettings
from comity.programmes.talent.certificate import certificate_page
from comity.programmes.talent.files import read_call
from comity.programmes.talent.placement import TABLE, Placement, Side, Stage, report, take
from comity.programmes.talent.programme import PROGRAMME
from comity.programmes.talent.retention import PERSONAL, erase_on, erased, remainder
from comity.programmes.talent.run import run_call
from comity.programmes.talent.world import world_of
from comity.report.page import render_page
from comity.rules.text import Text

DAY = date(2026, 5, 4)
CONFIRMED = (True, Text("Confirmed.", "已確認。"))


def opened(folder: Path):  # type: ignore[no-untyped-def]
    call = read_call(folder)
    world = world_of(call, "tw-talent", today=DAY)
    pack = world.pack("tw-talent")
    return world, pack, run_call(call, pack, DAY)


def placement(**changes: object) -> Placement:
    base = Placement("S2", "PX", date(2026, 7, 1), date(2026, 8, 31), date(2026, 5, 11))
    return replace(base, **changes)  # type: ignore[arg-type]


def test_a_run_that_is_not_confirmed_makes_no_offer(call_folder: Path) -> None:
    _, pack, run = opened(call_folder)
    with pytest.raises(ComityError, match="not confirmed"):
        offers(run, pack, (False, Text("Dry run", "試行")))
    made = offers(run, pack, CONFIRMED)
    assert {o.student for o in made} == {s for s, p in run.placed.items() if p}
    assert all(o.answer_by == date(2026, 5, 11) for o in made)


def test_the_whole_life_of_a_placement() -> None:
    p = take(placement(), "accept", Side.STUDENT, "S2", date(2026, 5, 11))
    with pytest.raises(StepRefused, match="signatures are missing: sending"):
        take(replace(p, signed=frozenset({"student", "receiving"})), "agree", Side.PROGRAMME, "o", DAY)
    p = take(
        replace(p, signed=frozenset({"student", "sending", "receiving"})), "agree", Side.PROGRAMME, "o", DAY
    )
    with pytest.raises(StepRefused, match="starts on 2026-07-01"):
        take(p, "start", Side.HOST, "HA", date(2026, 6, 30))
    p = take(p, "start", Side.HOST, "HA", date(2026, 7, 1))
    p = take(p, "complete", Side.HOST, "HA", date(2026, 8, 31))
    with pytest.raises(StepRefused, match="reports are missing: student, host"):
        take(p, "certify", Side.PROGRAMME, "o", date(2026, 9, 1))
    for side in (Side.STUDENT, Side.HOST):
        p = report(p, side, "x", date(2026, 9, 5))
    p = take(p, "certify", Side.PROGRAMME, "o", date(2026, 9, 6))
    assert p.stage is Stage.CERTIFIED
    assert [e.action for e in p.events] == [
        "accept",
        "agree",
        "start",
        "complete",
        "report",
        "report",
        "certify",
    ]


def test_a_late_answer_is_refused_and_only_then_the_offer_expires() -> None:
    with pytest.raises(StepRefused, match="lapsed after 2026-05-11"):
        take(placement(), "accept", Side.STUDENT, "S2", date(2026, 5, 12))
    with pytest.raises(StepRefused, match="stands until 2026-05-11"):
        take(placement(), "expire", Side.CLOCK, "clock", date(2026, 5, 11))
    assert take(placement(), "expire", Side.CLOCK, "clock", date(2026, 5, 12)).stage is Stage.EXPIRED


def test_no_step_is_possible_that_is_not_in_the_table() -> None:
    allowed = {(s.state, s.action, s.role) for s in TABLE}
    actions = {s.action for s in TABLE}
    late = date(2027, 1, 1)
    for stage, action, side in itertools.product(Stage, actions, Side):
        if (stage, action, side) not in allowed:
            with pytest.raises(StepRefused):
                take(placement(stage=stage), action, side, "x", late)


def test_the_second_round_offers_what_is_left_to_those_without_a_place(call_folder: Path) -> None:
    _, pack, run = opened(call_folder)
    made = offers(run, pack, CONFIRMED)
    at_py = next(o for o in made if o.position == "PY")
    after = [take(o, "decline", Side.STUDENT, o.student, DAY) if o is at_py else o for o in made]
    loser = next(s for s in ("S1", "S3") if run.placed[s] is None)
    start = second_round(run, after, {"PY": [loser]}, pack)
    assert start.seats["PY"] == 1
    assert "PX" not in start.seats
    noon = datetime(2026, 5, 13, 12, tzinfo=UTC)
    closed = start.open(noon).close([Reply(loser, "PY", noon - timedelta(hours=1))])
    assert closed.placed == {loser: "PY"}
    with pytest.raises(ComityError) as error:
        second_round(run, after, {"PY": [at_py.student, "S4", "S2"], "PQ": []}, pack)
    assert len(error.value.problems) == 4  # gave up, waits for a paper, is placed, unknown position


def test_a_place_that_did_not_fit_in_the_first_round_fits_in_no_second_one(call_folder: Path) -> None:
    """PZ asks for a master's degree (EQF 7), and neither S1 nor S3 has one."""
    _, pack, run = opened(call_folder)
    loser = next(s for s in ("S1", "S3") if run.placed[s] is None)
    with pytest.raises(ComityError) as error:
        second_round(run, offers(run, pack, CONFIRMED), {"PZ": [loser]}, pack)
    assert [p.place for p in error.value.problems] == ["list of PZ"]
    assert "7" in error.value.problems[0].message


@pytest.mark.parametrize(
    ("mechanism", "rules", "place"),
    [
        (
            "caps-and-reserves",
            {"groups": [{"name": "GB", "positions": ["PX", "PY"], "cap": 1}]},
            "list of PY",
        ),
        ("balanced-exchange", {}, "mechanism"),
    ],
)
def test_a_second_round_that_would_break_caps_or_balance_does_not_start(
    call_folder: Path, mechanism: str, rules: dict[str, object], place: str
) -> None:
    _, pack, run = opened(call_folder)
    document = {**run.call.settings.model_dump(), "mechanism": mechanism, **rules}
    again = run_call(replace(run.call, settings=CallSettings.model_validate(document)), pack, DAY)
    free = next(s for s in ("S1", "S3") if again.placed[s] is None)
    with pytest.raises(ComityError) as error:
        second_round(again, (), {"PY": [free]}, pack)
    assert [p.place for p in error.value.problems] == [place]


def test_appeals_are_on_procedure_and_in_time_and_the_panel_sees_whom_it_touches(call_folder: Path) -> None:
    _, pack, run = opened(call_folder)
    appeal = Appeal("S1", Ground.RANKING_NOT_AS_SUBMITTED, date(2026, 5, 18), "PX ranked me first")
    assert admissible(appeal, run, pack)[0]
    assert not admissible(replace(appeal, filed_on=date(2026, 5, 19)), run, pack)[0]
    assert not admissible(replace(appeal, student="S9"), run, pack)[0]
    corrected = replace(run.call, rankings={**run.call.rankings, "PX": (("S1",), ("S2",), ("S3",))})
    changes = {c.student: (c.before, c.after) for c in impact(run, corrected, pack)}
    assert changes["S2"] == ("PX", "PZ")
    assert changes["S1"][1] == "PX"


def test_a_certificate_needs_a_certified_placement_and_names_both_languages(call_folder: Path) -> None:
    _, _, run = opened(call_folder)
    with pytest.raises(ComityError, match="no certificate yet"):
        certificate_page(run.call, placement(), "Ann Example")
    html = render_page(certificate_page(run.call, placement(stage=Stage.CERTIFIED), "Ann Example"))
    assert "62 days" in html
    assert "共 62 日" in html


def test_erased_data_is_told_from_altered_data(call_folder: Path) -> None:
    world, pack, run = opened(call_folder)
    document = to_document(decide(run.call.students["S2"], world, PROGRAMME))
    day = erase_on(date(2026, 8, 31), pack, DAY)
    assert day == date(2031, 8, 31)
    gone = erased(document, day, pack)
    assert replay(gone, world, PROGRAMME).verdict is ReplayVerdict.ERASED_BY_POLICY
    assert "seal" not in gone


def test_what_was_erased_cannot_be_guessed_from_what_is_left(call_folder: Path) -> None:
    """Short answers are guessed by hashing every possible one: neither they nor their hashes may be left."""
    world, pack, run = opened(call_folder)
    document = to_document(decide(run.call.students["S2"], world, PROGRAMME))
    application = document["application"]
    left = json.dumps(erased(document, DAY, pack))
    for name in PERSONAL:
        assert sha256_of(application[name]) in json.dumps(document)
        assert sha256_of(application[name]) not in left
    for said in ("5g", "sql", "PX", "PZ", "0613", "C1"):
        assert said in json.dumps(document)
        assert said not in left


def test_the_remainder_merges_cells_that_could_name_somebody(call_folder: Path) -> None:
    _, _, run = opened(call_folder)
    assert remainder(run) == [{"field": "", "country": "", "eqf_level": 0, "placed": 2}]
