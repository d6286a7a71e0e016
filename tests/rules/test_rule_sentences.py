"""Numbers and words in the sentences of findings."""

from __future__ import annotations

import pytest

from comity.rules.sentence import fill, quantity, shown
from comity.rules.text import Text


@pytest.mark.parametrize(
    ("value", "en", "zh"),
    [
        (42, "42", "42"),
        (42.0, "42", "42"),
        (30.03, "30.03", "30.03"),
        (30.5, "30.5", "30.5"),
        (-125.0, "−125", "−125"),
        (0.25, "0.25", "0.25"),
        (0.000043, "0.000043", "0.000043"),
        (0.0, "0", "0"),
        (100.0, "100", "100"),
        (True, "yes", "是"),
        (None, "unknown", "未知"),
        ((10.0, 20.0), "10, 20", "10、20"),
        ((), "none", "無"),
        ("E1", "E1", "E1"),
    ],
)
def test_a_value_reads_as_people_write_it(value, en, zh):
    assert shown(value) == Text(en, zh)


def test_both_languages_carry_the_same_numbers():
    filled = fill(Text("{a} of {b} MHz", "{b} MHz 中之 {a}"), {"a": 3, "b": 40.0}, {})
    assert filled == Text("3 of 40 MHz", "40 MHz 中之 3")


def test_a_slot_takes_a_value_and_never_an_attribute():
    text = Text("{a.__class__} {a}", "{a.__class__} {a}")
    assert fill(text, {"a": "x"}, {}).en == "{a.__class__} x"


def test_codes_are_said_in_words():
    words = {"low_power": Text("low power", "低功率")}
    assert fill(Text("{p}", "{p}"), {"p": "low_power"}, words) == Text("low power", "低功率")


@pytest.mark.parametrize(
    ("value", "unit", "en", "zh"),
    [
        (1, "year", "1 year", "1 年"),
        (6, "month", "6 months", "6 個月"),
        (2.5, "km", "2.5 km", "2.5 km"),
        (True, "1", "yes", "是"),
        (None, "week", "not obtained", "尚未取得"),
    ],
)
def test_a_quantity_has_its_unit_in_words(value, unit, en, zh):
    assert quantity(value, unit) == Text(en, zh)
