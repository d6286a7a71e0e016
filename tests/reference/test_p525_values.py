"""P.525 free space: worked values and the relations between its formulae."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import ValidityError
from comity.propagation import p525

SPEED_OF_LIGHT_M_S = 299_792_458.0
frequencies = st.floats(30.0, 1e5)
distances = st.floats(0.001, 1e4)


def test_the_constant_is_that_of_the_recommendation() -> None:
    assert p525.free_space_loss(1.0, 1.0) == 32.4
    assert p525.free_space_loss(1000.0, 10.0) == pytest.approx(112.4, abs=1e-9)


@given(frequencies, distances)
def test_the_loss_is_four_pi_d_over_lambda_but_for_the_rounded_constant(f: float, d: float) -> None:
    exact = 20 * np.log10(4 * np.pi * d * 1e3 * f * 1e6 / SPEED_OF_LIGHT_M_S)
    assert p525.free_space_loss(f, d) == pytest.approx(exact, abs=0.05)


@given(frequencies, distances, st.floats(-50.0, 60.0))
def test_field_strength_and_loss_describe_the_same_link(f: float, d: float, eirp: float) -> None:
    field = p525.field_strength(eirp, d)
    # each constant of the Recommendation is rounded to a tenth of a decibel
    assert p525.loss_from_field_strength(eirp, field, f) == pytest.approx(
        p525.free_space_loss(f, d), abs=0.15
    )
    assert eirp - p525.isotropic_power(field, f) == pytest.approx(
        p525.loss_from_field_strength(eirp, field, f)
    )


def test_a_kilowatt_at_one_kilometre() -> None:
    # equation (2): 173 mV/m for 1 kW at 1 km
    assert p525.field_strength(30.0, 1.0) == pytest.approx(20 * np.log10(173e3), abs=0.05)


def test_power_flux_density_is_field_squared_over_377_ohm() -> None:
    assert p525.power_flux_density(120.0) == pytest.approx(-10 * np.log10(120 * np.pi), abs=0.05)


def test_zero_distance_is_refused_by_name() -> None:
    with pytest.raises(ValidityError, match=r"P\.525") as caught:
        p525.free_space_loss(4000.0, [1.0, 0.0])
    assert "distance_km" in caught.value.problems[0].place
