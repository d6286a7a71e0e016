"""What others wrote cannot act on an officer's terminal, and what is shown is in words, of all that is touched."""

from __future__ import annotations

import json
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_time import granted_fab
from verbs import LETTER, state, step

from comity.cli._shown import shown

FORGED = "ok\n  2026-03-02T09:00:00Z  grant  officer chen: \x1b[2J\u202eforged\u2028more\x9b1m"


@given(st.text())
def test_what_is_shown_is_one_line_without_anything_that_cannot_be_seen(text: str) -> None:
    found = shown(text)
    assert len(found.splitlines()) <= 1
    assert not [c for c in found if unicodedata.category(c)[0] == "C"]
    if text.isprintable():
        assert found == text


def test_hostile_text_neither_acts_on_the_terminal_nor_forges_a_line(comity, filed) -> None:
    from comity.office.cases.models import Award, Case, Deadline

    number = filed()
    assert step(comity, number, "ask", "--reason", FORGED)[0] == 0
    Case.objects.filter(number=number).update(applicant="fab\x1b]0;title\x07", settled={"case.x": "\u202e"})
    Deadline.objects.update(citation="Art. 1\x1b[1A")
    for given_ in (("case", "show", number), ("inbox",), ("case", "list")):
        _, out, _ = comity(*given_)
        assert number in out
        assert not [c for c in out if unicodedata.category(c)[0] == "C" and c != "\n"]
        assert not [line for line in out.splitlines() if line.strip().startswith("2026-03-02T09:00:00Z")]
    assert "\\x1b[2J\\u202eforged" in comity("case", "show", number)[1]
    other = filed("X-2", "B1")
    step(comity, other, "decide")
    step(comity, other, "grant", "--yes", by="chen")
    Award.objects.update(holder="Fab\x1b[2J", place="\u202ehere\nthere")
    _, out, _ = comity("case", "show", other)
    assert "Fab\\x1b[2J, \\u202ehere\\nthere" in out


def test_a_look_at_a_variation_shows_what_becomes_of_the_case_that_it_varies(comity, filed) -> None:
    held = filed(load=0.9)
    step(comity, held, "decide")
    step(comity, held, "grant", "--yes", by="chen")
    changed = filed("X-2", "A1", "firm-1", "--varies", held)
    step(comity, changed, "decide")
    found = json.loads(step(comity, changed, "grant", "--dry-run", by="chen")[1])
    assert found["replaced"] == {
        "case": held, "state": ["in_force", "varied"], "award": ["in_force", "ended"],
    }  # fmt: skip
    assert {(d["case"], d["clock"]) for d in found["deadlines_met"]} == {(held, "build"), (changed, "review")}
    assert [(d["case"], d["clock"]) for d in found["deadlines_set"]] == [(changed, "build")]
    _, out, _ = comity("case", "step", changed, "grant", "--by", "chen", "--dry-run")
    assert f"{held}: in force -> replaced by a variation; award: in force -> ended" in out
    assert state(held) == "in_force"
    plain = filed("X-3", "B1")
    step(comity, plain, "decide")
    assert json.loads(step(comity, plain, "grant", "--dry-run", by="chen")[1])["replaced"] is None


@pytest.mark.parametrize(
    ("language", "built"), [("en", "Base stations built and registered"), ("zh-Hant", "完成基地臺設置及登錄")]
)
def test_deadlines_and_states_are_said_in_words(language: str, built: str, comity) -> None:
    from comity.office.cases.models import Deadline

    case = granted_fab()
    Deadline.objects.filter(case=case, clock="build_ends").update(due=date(2020, 1, 1))
    _, out, _ = comity("inbox", "--language", language)
    assert built in out and "build_ends" not in out
    _, out, _ = comity("case", "show", case.number, "--language", language)
    assert f"{built} [build_ends]" in out  # the clock is what `meet` is given
    lines = [line for line in out.splitlines() if "->" in line]
    assert lines
    assert not [line for line in lines if "_" in line.split("->")[1]]


def test_a_refused_step_says_that_a_guard_may_still_refuse_what_the_table_has(comity, filed) -> None:
    number = filed()
    code, _, err = step(comity, number, "grant", "--yes", by="chen")
    assert (code, "the table has here: ask (officer)" in err, "accepted" in err) == (1, True, False)
    assert step(comity, number, "withdraw", "--yes", *LETTER)[0] == 0
