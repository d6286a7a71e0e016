"""Runs the worked examples in ``tests/rules/examples``: files that a lawyer can read and check by hand."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from comity.rules.changes import needed_for
from comity.rules.clocks import deadlines
from comity.rules.compute import compute
from comity.rules.evaluate import evaluate
from comity.rules.finding import Outcome
from comity.rules.load import load_pack

FOLDER = Path(__file__).parent / "examples"
EXAMPLES = [
    pytest.param(example, id=f"{file.stem}: {example['name']}")
    for file in sorted(FOLDER.glob("*.toml"))
    for example in tomllib.loads(file.read_text(encoding="utf-8"))["example"]
]
#: Where several items of a list answer, the gravest answer is the rule's.
GRAVITY = [Outcome.PASS, Outcome.WARN, Outcome.UNKNOWN, Outcome.FAIL]


FIELDS = {"name", "question", "citation", "regime", "on", "application", "derived", "events", "expect"}
ANSWERS = {
    "findings",
    "limits",
    "needed",
    "facts",
    "formulas",
    "formulas_to_one_decimal",
    "deadlines",
    "change",
}


def plain(value):
    return [plain(part) for part in value] if isinstance(value, tuple) else value


@pytest.mark.parametrize("example", EXAMPLES)
def test_worked_example(example):
    pack, on, expect = load_pack(example["regime"]), example["on"], example["expect"]
    application, derived = example.get("application", {}), example.get("derived", {})
    found = evaluate(pack, application, derived, on)

    for rule, outcome in expect.get("findings", {}).items():
        answers = [finding.outcome for finding in found if finding.rule == rule]
        worst = max(answers, key=GRAVITY.index).value if answers else "none"
        assert worst == outcome, f"{rule}: {[f.text.en for f in found if f.rule == rule]}"
    for rule, limit in expect.get("limits", {}).items():
        assert {finding.limit for finding in found if finding.rule == rule} == {limit}
    if "needed" in expect:
        kinds = {finding.rule for finding in found if finding.details["kind"] == "document"}
        assert sorted(kinds) == expect["needed"]
    for fact_id, value in expect.get("facts", {}).items():
        assert plain(pack.value(fact_id, on=on)) == value

    events = example.get("events", {})
    for formula, value in expect.get("formulas", {}).items():
        result = compute(pack, formula, application, derived, on, events)
        assert (result.value if result.is_computable else "not computable yet") == value
    for formula, value in expect.get("formulas_to_one_decimal", {}).items():
        assert round(compute(pack, formula, application, derived, on).value, 1) == value
    dates = {deadline.clock: deadline.day for deadline in deadlines(pack, events, on)}
    for clock, day in expect.get("deadlines", {}).items():
        assert dates[clock] == day
    if "change" in expect:
        change = expect["change"]
        needs = needed_for(
            pack,
            change["items"],
            on,
            outdoor_stations_touched=change["outdoor"],
            within_certificate=change["within_certificate"],
        )
        assert list(needs) == change["needs"]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_says_what_it_asks_and_where_the_answer_stands(example):
    assert example["question"] and example["citation"]
    assert set(example) <= FIELDS
    assert set(example["expect"]) <= ANSWERS
    assert any(example["expect"].values())
