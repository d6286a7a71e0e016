"""P.2109-2 against 3 000 rows of CRC Canada and the medians quoted by regulators (data/p2109/README.md)."""

from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import ValidityError
from comity.propagation import p2109
from comity.propagation._normal import _inverse_normal

ROWS = np.loadtxt(Path(__file__).parent / "data/p2109/validation.csv", delimiter=",", skiprows=1)


def test_all_rows_match_to_a_millionth_of_a_decibel() -> None:
    assert len(ROWS) == 3000
    f, percent, building, elevation, expected = ROWS.T
    loss = p2109.building_entry_loss(f * 1e3, percent, building, elevation_deg=elevation)
    np.testing.assert_allclose(loss, expected, rtol=0, atol=1e-6)


def test_the_median_of_a_traditional_house_at_4_ghz_worked_by_hand() -> None:
    # log f = 0.60206; mu1 = 12.64 + 3.72 x 0.60206 + 0.96 x 0.36248 = 15.2276
    # mu2 = 9.1 - 3.0 x 0.60206 = 7.2938
    # 10 log (10^1.52276 + 10^0.72938 + 10^-0.3) = 10 log (33.325 + 5.3627 + 0.5012) = 15.9317
    assert p2109.building_entry_loss(4_000.0, 50.0) == pytest.approx(15.9317, abs=1e-3)


@pytest.mark.parametrize(
    ("frequency_mhz", "traditional_10", "traditional_50", "efficient_10", "efficient_50"),
    [
        (1830.0, 5.8, 14.9, 16.7, 30.6),
        (2395.0, 5.8, 15.2, 16.6, 30.6),
        (4000.0, 5.9, 15.9, 16.6, 31.1),
        (25_400.0, 6.8, 19.9, 19.1, 40.8),
    ],
)
def test_losses_in_bands_that_regulators_license(
    frequency_mhz, traditional_10, traditional_50, efficient_10, efficient_50
) -> None:
    loss = p2109.building_entry_loss(frequency_mhz, [10.0, 50.0], [[1], [2]])
    expected = [[traditional_10, traditional_50], [efficient_10, efficient_50]]
    np.testing.assert_allclose(loss, expected, rtol=0, atol=0.051)


def test_the_loss_is_the_same_above_and_below_the_horizon() -> None:
    above = p2109.building_entry_loss(4_000.0, 50.0, elevation_deg=[10.0, 60.0, 90.0])
    below = p2109.building_entry_loss(4_000.0, 50.0, elevation_deg=[-10.0, -60.0, -90.0])
    np.testing.assert_array_equal(above, below)


def test_every_range_is_enforced_and_named() -> None:
    with pytest.raises(ValidityError, match=r"P\.2109-2") as caught:
        p2109.building_entry_loss(79.0, 100.0, 3, elevation_deg=91.0)
    assert len(caught.value.problems) == 4


@given(st.floats(1e-9, 1 - 1e-9))
def test_the_normal_deviate_agrees_with_the_exact_inverse(q: float) -> None:
    assert _inverse_normal(q) == pytest.approx(NormalDist().inv_cdf(q), rel=2e-9, abs=1e-9)


@given(
    st.floats(80.0, 1e5),
    st.floats(0.01, 99.0),
    st.floats(0.001, 0.9),
    st.sampled_from(list(p2109.Building)),
    st.floats(-90.0, 90.0),
)
def test_the_loss_rises_with_probability(f, percent, more, building, elevation) -> None:
    loss = p2109.building_entry_loss(f, [percent, percent + more], building, elevation_deg=elevation)
    assert loss[1] > loss[0]
