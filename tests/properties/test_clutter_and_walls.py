"""What P.2108 must keep between its rows, and P.2108 and P.676 against the Recommendations' formulae in 40 digits."""

from decimal import Decimal as D
from decimal import getcontext
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.propagation import p676, p2108
from comity.propagation._p676_lines import OXYGEN, WATER_VAPOUR

getcontext().prec = 40
TEN = D(10)

clutters = st.sampled_from(list(p2108.Clutter))
percents = st.floats(0.1, 99.0)


def _log10(x: D) -> D:
    return x.log10()


@given(st.floats(30.0, 3_000.0), st.floats(0.5, 40.0), clutters)
def test_a_lower_antenna_never_loses_less_in_a_town(f, height, clutter) -> None:
    low, high = p2108.height_gain_correction(f, [height, height + 1.0], clutter)
    if clutter >= p2108.Clutter.SUBURBAN:
        # the knife edge costs 6.03 dB less than it adds at grazing incidence, down to -0.2 dB close below the top
        assert low >= high - 0.25
    else:
        assert low >= high


@given(st.floats(30.0, 3_000.0), st.floats(20.0, 100.0), clutters)
def test_an_antenna_above_the_clutter_loses_nothing(f, height, clutter) -> None:
    assert p2108.height_gain_correction(f, height, clutter) == 0.0


def test_the_default_heights_are_those_of_the_recommendation() -> None:
    clutters = np.array([1, 2, 3, 4, 5, 6])
    given_heights = p2108.height_gain_correction(
        900.0, 1.5, clutters, representative_height_m=[10.0, 10.0, 10.0, 15.0, 15.0, 20.0]
    )
    np.testing.assert_array_equal(p2108.height_gain_correction(900.0, 1.5, clutters), given_heights)


@given(st.floats(500.0, 67_000.0), st.floats(0.25, 100.0), percents)
def test_the_terrestrial_loss_follows_the_formula_in_forty_digits(f_mhz, distance_km, percent) -> None:
    def unbounded(d: D) -> D:
        log_f = _log10(D(f_mhz) * D("1e-3"))
        l_l = -2 * _log10(TEN ** (-5 * log_f - D("12.5")) + TEN ** D("-16.5"))
        l_s = D("32.98") + D("23.9") * _log10(d) + 3 * log_f
        p_l, p_s = TEN ** (D("-0.2") * l_l), TEN ** (D("-0.2") * l_s)
        sigma = ((16 * p_l + 36 * p_s) / (p_l + p_s)).sqrt()
        return -5 * _log10(p_l + p_s) + sigma * D(NormalDist().inv_cdf(percent / 100))

    expected = min(unbounded(D(distance_km)), unbounded(D(2)))
    assert p2108.terrestrial_clutter_loss(f_mhz, distance_km, percent) == pytest.approx(
        float(expected), abs=2e-8
    )


@given(st.floats(500.0, 67_000.0), st.floats(0.25, 100.0), percents, st.floats(0.01, 0.9))
def test_the_terrestrial_loss_rises_with_the_share_of_locations(f, distance, percent, more) -> None:
    loss = p2108.terrestrial_clutter_loss(f, distance, [percent, percent + more])
    assert loss[1] > loss[0]


@given(st.floats(10_000.0, 100_000.0), st.floats(0.0, 89.0), percents, st.floats(0.01, 0.9))
def test_the_loss_towards_the_sky_rises_with_the_share_of_locations(f, elevation, percent, more) -> None:
    loss = p2108.earth_space_clutter_loss(f, elevation, [percent, percent + more])
    assert loss[1] > loss[0]


@settings(max_examples=15)
@given(st.floats(1.0, 1000.0), st.floats(500.0, 1050.0), st.floats(0.0, 20.0), st.floats(230.0, 310.0))
def test_gaseous_attenuation_follows_the_formulae_in_forty_digits(
    f_ghz, pressure, vapour, temperature
) -> None:
    f, p, t = D(f_ghz * 1e3) * D("1e-3"), D(pressure), D(temperature)
    theta, e = 300 / t, D(vapour) * t / D("216.7")
    dry = wet = D(0)
    for f0, a1, a2, a3, a4, a5, a6 in ([D(str(x)) for x in row] for row in OXYGEN):
        s = a1 * D("1e-7") * p * theta**3 * (a2 * (1 - theta)).exp()
        width = a3 * D("1e-4") * (p * theta ** (D("0.8") - a4) + D("1.1") * e * theta)
        width = (width**2 + D("2.25e-6")).sqrt()
        delta = (a5 + a6 * theta) * D("1e-4") * (p + e) * theta ** D("0.8")
        below, above = f0 - f, f0 + f
        shape = (width - delta * below) / (below**2 + width**2) + (width - delta * above) / (
            above**2 + width**2
        )
        dry += s * f / f0 * shape
    for f0, b1, b2, b3, b4, b5, b6 in ([D(str(x)) for x in row] for row in WATER_VAPOUR):
        s = b1 * D("1e-1") * e * theta ** D("3.5") * (b2 * (1 - theta)).exp()
        width = b3 * D("1e-4") * (p * theta**b4 + b5 * e * theta**b6)
        width = D("0.535") * width + (D("0.217") * width**2 + D("2.1316e-12") * f0**2 / theta).sqrt()
        below, above = f0 - f, f0 + f
        wet += s * f / f0 * (width / (below**2 + width**2) + width / (above**2 + width**2))
    d = D("5.6e-4") * (p + e) * theta ** D("0.8")
    debye = D("6.14e-5") / (d * (1 + (f / d) ** 2))
    nitrogen = D("1.4e-12") * p * theta ** D("1.5") / (1 + D("1.9e-5") * f ** D("1.5"))
    dry += f * p * theta**2 * (debye + nitrogen)
    found = p676.specific_attenuation(
        f_ghz * 1e3, pressure_hpa=pressure, water_vapour_gm3=vapour, temperature_k=temperature
    )
    assert found.dry_air_db_per_km == pytest.approx(float(D("0.1820") * f * dry), rel=1e-11)
    assert found.water_vapour_db_per_km == pytest.approx(float(D("0.1820") * f * wet), rel=1e-11, abs=1e-300)


@given(st.floats(1_000.0, 350_000.0), st.floats(1.0, 20.0))
def test_more_water_vapour_never_attenuates_less(f, vapour) -> None:
    less, more = p676.specific_attenuation(f, water_vapour_gm3=[vapour, vapour * 1.1]).water_vapour_db_per_km
    assert more > less
