"""What ITM must keep between its reference cases."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import ValidityError
from comity.propagation import itm
from comity.propagation.paths import Paths

heights = st.lists(st.integers(0, 800), min_size=3, max_size=40)
HEIGHTS = {"tx_height_m": 30.0, "rx_height_m": 10.0}


def _profile(z, spacing_m=500.0):
    return itm.Profiles.from_rows([(spacing_m, np.array(z, float))])


def _paths(z, distance_km):
    n = len(z)
    one = np.zeros(1)
    zones = np.full(n, 2, np.int8)
    return Paths(
        np.array([0, n]), np.asarray(distance_km), np.array(z, float), np.zeros(n), zones, *[one] * 4
    )


@settings(max_examples=40)
@given(heights, st.floats(40.0, 10_000.0), st.floats(1.0, 94.0))
def test_the_loss_does_not_fall_with_the_percentage(z, frequency, percent) -> None:
    def loss(p):
        quantile = itm.ConfidenceReliability(50.0, p)
        return itm.point_to_point(_profile(z), frequency, quantile=quantile, **HEIGHTS).loss_db[0]

    assert loss(percent + 5.0) >= loss(percent) - 1e-9


@settings(max_examples=40)
@given(heights, st.floats(40.0, 10_000.0))
def test_a_path_and_its_reverse_have_the_same_free_space_and_horizons(z, frequency) -> None:
    there = itm.point_to_point(_profile(z), frequency, **HEIGHTS)
    swapped = {"tx_height_m": HEIGHTS["rx_height_m"], "rx_height_m": HEIGHTS["tx_height_m"]}
    back = itm.point_to_point(_profile(z[::-1]), frequency, **swapped)
    assert there.free_space_loss_db == back.free_space_loss_db
    assert there.tx_effective_height_m == pytest.approx(back.rx_effective_height_m, rel=1e-9, abs=1e-6)


@given(heights)
def test_even_paths_are_used_as_they_are(z) -> None:
    paths = _paths(z, np.arange(len(z)) * 0.5)
    np.testing.assert_array_equal(itm.profiles(paths).height_m, np.array(z, float))
    direct = itm.point_to_point(_profile(z), 900.0, **HEIGHTS)
    assert itm.point_to_point(paths, 900.0, **HEIGHTS).loss_db == pytest.approx(direct.loss_db, abs=1e-6)


def test_uneven_paths_are_interpolated_to_even_steps() -> None:
    ground = itm.profiles(_paths([0.0, 10.0, 40.0, 40.0], [0.0, 1.0, 4.0, 9.0]))
    np.testing.assert_allclose(ground.height_m, [0.0, 30.0, 40.0, 40.0])
    assert ground.spacing_m == 3000.0


def test_only_uneven_paths_are_interpolated_and_none_is_changed() -> None:
    heights = np.array([7.0, 9.0, 3.0, 0.0, 10.0, 40.0, 40.0, 5.0, 6.0, 8.0])
    distance = np.array([0.0, 2.0, 4.0, 0.0, 1.0, 4.0, 9.0, 0.0, 0.3, 0.6])
    ends = [np.zeros(3)] * 4
    paths = Paths(np.array([0, 3, 7, 10]), distance, heights, np.zeros(10), np.full(10, 2, np.int8), *ends)
    ground = itm.profiles(paths)
    np.testing.assert_allclose(ground.height_m, [7, 9, 3, 0, 30, 40, 40, 5, 6, 8])
    np.testing.assert_allclose(ground.spacing_m, [2000.0, 3000.0, 300.0])
    np.testing.assert_array_equal(paths.height_m, [7, 9, 3, 0, 10, 40, 40, 5, 6, 8])


@pytest.mark.parametrize("step", [1e-5, 1e-7])
def test_a_step_counts_as_even_within_a_millionth_of_the_path(step) -> None:
    d = np.linspace(0.0, 1.0, 41)
    d[33] += step
    z = np.where(np.arange(41) == 33, 100.0, 0.0)
    kept = (itm.profiles(_paths(z, d)).height_m == z).all()
    assert kept == (step < 1e-6)


def test_links_do_not_influence_each_other() -> None:
    rows = [(500.0, np.linspace(0, 300, n)) for n in (2, 3, 30, 200)]
    together = itm.point_to_point(itm.Profiles.from_rows(rows), [100.0, 900.0, 3500.0, 8000.0], **HEIGHTS)
    for i, frequency in enumerate((100.0, 900.0, 3500.0, 8000.0)):
        alone = itm.point_to_point(itm.Profiles.from_rows(rows[i : i + 1]), frequency, **HEIGHTS)
        assert alone.loss_db == together.loss_db[i]


def test_an_undefined_prediction_says_so() -> None:
    # 10 m from a mast whose foot is 179 m below: the formulae of diffraction have no value
    found = itm.point_to_point(_profile([278, 282, 103], 5.0), 900.0, tx_height_m=30.0, rx_height_m=150.0)
    assert found.warnings[0] & itm.Flag.UNDEFINED
    assert found.warnings[0] & itm.Flag.TX_HORIZON_ANGLE
    assert found.reference_attenuation_db == 0.0
    assert found.loss_db == pytest.approx(found.free_space_loss_db, abs=0.01)


def test_all_faults_of_a_call_are_named() -> None:
    with pytest.raises(ValidityError, match="ITM") as caught:
        itm.area(
            [10.0, 0.0],
            90.0,
            [900.0, 30_000.0],
            tx_height_m=[1.0, 2.0, 3.0],
            rx_height_m=0.1,
            climate=8,
            n0=500.0,
            polarisation="circular",
            variability=7,
            quantile=itm.TimeLocationSituation(0.0, 50.0, 100.0),
        )
    places = [problem.place.rsplit(", ", 1)[1] for problem in caught.value.problems]
    assert places == [
        "distance_km",
        "frequency_mhz",
        "rx_height_m",
        "climate",
        "n0",
        "polarisation",
        "variability",
        "time_percent",
        "situation_percent",
        "frequency_mhz",
        "distance_km",
    ]
    assert "2 values for 3 links" in caught.value.problems[-1].message


def test_a_missing_height_is_a_fault() -> None:
    with pytest.raises(ValidityError) as caught:
        itm.area(10.0, 90.0, 900.0, tx_height_m=10.0)
    assert "rx_height_m" in caught.value.problems[0].place


@pytest.mark.parametrize("mode", [0, 1, 2, 3])
def test_eliminating_variabilities_narrows_the_spread(mode) -> None:
    def spread(variability):
        low, high = (
            itm.area(
                50.0,
                90.0,
                900.0,
                variability=variability,
                quantile=itm.TimeLocationSituation(p, p, p),
                **HEIGHTS,
            )
            for p in (10.0, 90.0)
        )
        return float(high.loss_db[0] - low.loss_db[0])

    assert spread(mode) > spread(mode + 10)
    assert spread(mode) > spread(mode + 20) > spread(mode + 30)
