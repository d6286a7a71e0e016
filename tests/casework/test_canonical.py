"""Canonical JSON: rounding and RFC 8785."""

from __future__ import annotations

import json
import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.casework.canonical import canonical_bytes, normalise, rounded, sha256_of
from comity.errors import ComityError
from comity.rules.text import Text

_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(-1e12, 1e12, allow_nan=False)
    | st.text(max_size=8)
)
_VALUES = st.recursive(
    _LEAVES, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=6), v, max_size=3)
)


def test_the_example_of_rfc_8785_section_3_2_2():
    value = {
        "numbers": [1e30, 4.50, 6, 2e-3],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    assert canonical_bytes(value).decode() == (
        '{"literals":[null,true,false],"numbers":[1e+30,4.5,6,0.002],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


@pytest.mark.parametrize(
    ("key", "value", "written"),
    [
        ("eirp_dbm", 24.005000001, b"24.01"),
        ("loss_db", -0.001, b"0"),
        ("height_m", 1.23456, b"1.235"),
        ("distance_km", 1.2345678, b"1.234568"),
        ("latitude", 24.1234567894, b"24.123456789"),
        ("low_mhz", 4800.0, b"4800"),
    ],
)
def test_a_float_is_rounded_as_the_unit_in_its_key_asks(key, value, written):
    assert canonical_bytes({key: value}) == b'{"%s":%s}' % (key.encode(), written)


def test_a_list_is_rounded_by_the_key_that_holds_it():
    assert normalise({"levels_dbm": [1.234, -0.001], "levels": [1.23456]}) == {
        "levels_dbm": [1.23, 0.0],
        "levels": [1.23456],
    }


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_what_is_no_number_cannot_be_decided_on(value):
    with pytest.raises(ComityError):
        canonical_bytes({"loss_db": value})


def test_negative_zero_is_zero():
    assert math.copysign(1.0, rounded(-0.0, 2)) == 1.0
    assert math.copysign(1.0, rounded(-0.004, 2)) == 1.0


def test_dates_and_texts_have_one_form():
    assert canonical_bytes({"d": date(2026, 3, 2), "t": Text("a", "甲")}) == (
        '{"d":"2026-03-02","t":{"en":"a","zh-Hant":"甲"}}'.encode()
    )


@given(_VALUES)
def test_writing_is_idempotent(value):
    once = canonical_bytes(value)
    assert canonical_bytes(json.loads(once)) == once


@given(st.dictionaries(st.text(max_size=6), _VALUES, max_size=5))
def test_the_order_of_keys_does_not_matter(value):
    assert sha256_of(dict(reversed(value.items()))) == sha256_of(value)
