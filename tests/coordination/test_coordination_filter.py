"""Net filter discrimination against numerical integration, and worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.coordination.filtering import coupling
from comity.coordination.mask import BASE_MASK, MaskSegment, SelectivitySegment

ACS = (SelectivitySegment(0.0, 400.0, 46.0),)


def nfd(low, high, eirp, mask, rx_low, rx_high, width, selectivity):
    return float(coupling(low, high, eirp, mask, rx_low, rx_high, width, selectivity)) / 100.0


def by_quadrature(low, high, eirp, mask, rx_low, rx_high, width, selectivity, step=0.01):
    """Sum thin slices of emission times response, the window tried at every place of the tuning range."""
    f = np.arange(low - 130.0, high + 130.0, step) + step / 2
    density = np.where((f > low) & (f < high), 1.0 / (high - low), 0.0)
    offset = np.maximum(low - f, f - high)
    for part in mask:
        relative = part.relative_db if part.cap_dbm is None else min(part.relative_db, part.cap_dbm - eirp)
        inside = (offset > part.from_mhz) & (offset <= part.to_mhz)
        density = np.where(inside, 10.0 ** (relative / 10.0) / part.reference_mhz, density)
    best = 0.0
    for start in np.linspace(rx_low, rx_high - width, round(2 * (rx_high - width - rx_low)) + 1):
        away = np.maximum(start - f, f - start - width)
        response = np.where(away <= 0.0, 1.0, 0.0)
        for part in selectivity:
            inside = (away > part.from_mhz) & (away <= part.to_mhz)
            response = np.where(inside, 10.0 ** (-part.rejection_db / 10.0), response)
        best = max(best, float((density * response).sum()) * step)
    return 10.0 * math.log10(best) if best else None


def test_the_same_channel_lets_everything_through():
    assert nfd(3800, 3840, 30, BASE_MASK, 3800, 3840, 40, ()) == 0.0


def test_half_a_channel_is_three_decibels():
    assert nfd(3800, 3840, 30, (), 3820, 3860, 40, ()) == pytest.approx(-3.01)


def test_a_neighbouring_channel_gets_the_mask_and_lets_in_by_its_selectivity():
    # 30 dBm over 40 MHz; the mask gives min(30-40, 21) = -10 dBm, then twice min(30-43, ..) = -13 dBm per 5 MHz.
    leaked = 10.0 ** (-4.0) + 7 * 10.0 ** (-4.3)
    let_in = 10.0 ** (-4.6)
    expected = 10.0 * math.log10(leaked + let_in)
    # what leaks on the far side of the emission and is let in by the filter as well adds less than 0.01 dB
    assert nfd(3800, 3840, 30, BASE_MASK, 3840, 3880, 40, ACS) == pytest.approx(expected, abs=0.02)


def test_absolute_caps_bind_strong_stations():
    # 80 dBm: 40 dB down would be 40 dBm per 5 MHz; the cap says 21, 15 and 13 dBm.
    leaked = sum(10.0 ** ((cap - 80.0) / 10.0) for cap in (21.0, 15.0, *[13.0] * 6))
    assert nfd(3800, 3840, 80, BASE_MASK, 3840, 3880, 40, ()) == pytest.approx(
        10.0 * math.log10(leaked), abs=0.01
    )


def test_a_narrow_carrier_is_placed_where_it_hears_most():
    wide = nfd(3800, 3840, 30, (), 3700, 4200, 1.0, ())
    assert wide == pytest.approx(-10.0 * math.log10(40.0), abs=0.01)
    edge = nfd(3800, 3840, 30, (), 3839.5, 4200, 1.0, ())
    assert edge == pytest.approx(wide - 3.01, abs=0.011)


def test_beyond_the_last_step_there_is_nothing():
    mask = (MaskSegment(0.0, 5.0, -40.0),)
    assert nfd(3800, 3840, 30, mask, 3845, 3885, 40, ()) == -1000.0


@given(
    width=st.sampled_from([5.0, 10.0, 40.0, 100.0]),
    shift=st.integers(-60, 120),
    own=st.sampled_from([1.0, 10.0, 40.0]),
    room=st.sampled_from([0.0, 7.0, 60.0]),
    eirp=st.sampled_from([10.0, 30.0, 58.0]),
)
def test_the_closed_sum_is_the_integral_at_the_worst_place_of_the_window(width, shift, own, room, eirp):
    rx_low = 3800.0 + shift
    mask = (*BASE_MASK[:2], MaskSegment(10.0, 120.0, -43.0, 13.0))
    selectivity = (SelectivitySegment(0.0, 10.0, 30.0), SelectivitySegment(10.0, 120.0, 50.0))
    arguments = (3800.0, 3800.0 + width, eirp, mask, rx_low, rx_low + own + room, own, selectivity)
    expected = by_quadrature(*arguments)
    assert expected is not None
    assert nfd(*arguments) == pytest.approx(expected, abs=0.02)
