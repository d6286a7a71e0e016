"""Nobody can choose the draw: its source is named before, and the lists and codes are committed to before it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from comity.cli import match
from comity.errors import ComityError
from comity.programmes.talent.call_report import call_page
from comity.programmes.talent.files import read_call
from comity.programmes.talent.log import closing_event, closing_record
from comity.programmes.talent.run import run_call
from comity.programmes.talent.world import world_of
from comity.register.event import Event
from comity.report.page import render_page
from comity.rules.text import Text

DAY = date(2026, 5, 4)
NAMED = """beacon_source = { en = "First draw of a public lottery", zh = "某彩券第一次開獎" }
beacon_on = 2026-04-21
beacon = "draw"
"""
FORESEEN, CHOSEN = "whoever knew the seed could foresee this draw", "could try values until the draw suited"


def with_lottery(folder: Path, lines: str) -> Path:
    path = folder / "call.toml"
    text = path.read_text(encoding="utf-8")
    assert 'beacon = "draw"\n' in text
    path.write_text(text.replace('beacon = "draw"\n', lines), encoding="utf-8")
    return folder


def before_the_draw(folder: Path) -> Path:
    path = folder / "call.toml"
    kept = [
        x for x in path.read_text(encoding="utf-8").splitlines() if not x.startswith(("seed", "beacon ="))
    ]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return folder


def report_of(folder: Path) -> str:
    call = read_call(folder)
    world = world_of(call, "tw-talent", today=DAY)
    run = run_call(call, world.pack("tw-talent"), DAY)
    return render_page(call_page(run, world, (False, Text("Dry run", "試行")), "0" * 64))


@pytest.mark.parametrize(
    ("lines", "warnings"),
    [("", {FORESEEN}), ('beacon = "draw"\n', {CHOSEN}), (NAMED, set())],
    ids=["no beacon", "no source", "named before"],
)
def test_a_draw_that_somebody_could_have_chosen_carries_a_warning(
    call_folder: Path, lines: str, warnings: set[str]
) -> None:
    html = report_of(with_lottery(call_folder, lines))
    assert {w for w in (FORESEEN, CHOSEN) if w in html} == warnings
    assert ("First draw of a public lottery" in html) == (lines == NAMED)


def test_a_beacon_of_a_day_on_which_lists_still_changed_is_refused(call_folder: Path) -> None:
    """Rankings are due on 2026-04-20: a value of that day may have been known to somebody who ranked."""
    with pytest.raises(ComityError) as error:
        read_call(with_lottery(call_folder, NAMED.replace("04-21", "04-20")))
    assert "2026-04-20" in error.value.problems[0].message


def test_lists_and_codes_are_committed_to_before_the_draw(call_folder: Path, tmp_path: Path) -> None:
    with_lottery(call_folder, NAMED)
    drawn = read_call(call_folder)
    arguments = ["close", str(call_folder), "--out", str(tmp_path)]
    assert isinstance(CliRunner().invoke(match.app, arguments).exception, ComityError)  # revealed already
    before_the_draw(call_folder)
    assert CliRunner().invoke(match.app, arguments).exit_code == 0
    event = Event.decode((tmp_path / "closing-entry.jsonl").read_bytes().strip())
    salt = bytes.fromhex((tmp_path / "closing-salt.txt").read_text().strip())
    assert event.public["beacon_on"] == "2026-04-21"
    assert not any(s in json.dumps(event.public) for s in drawn.students)
    assert closing_record(drawn, salt) == event.record  # seed, beacon and what was adopted came later
    renamed = {("S5" if s == "S1" else s): a for s, a in drawn.students.items()}
    reranked = {**drawn.rankings, "PX": (("S1",), ("S2",))}
    for other in (replace(drawn, students=renamed), replace(drawn, rankings=reranked)):
        assert closing_record(other, salt) != event.record


def test_a_call_without_a_lottery_has_nothing_to_close(call_folder: Path) -> None:
    call = read_call(call_folder)
    plain = replace(call, settings=call.settings.model_copy(update={"lottery": None}))
    with pytest.raises(ComityError, match="before the lottery is drawn"):
        closing_event(plain, datetime(2026, 4, 20, tzinfo=UTC), bytes(32))
