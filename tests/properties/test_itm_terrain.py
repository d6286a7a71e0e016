"""What ITM reads from a profile, against the algorithm one point after the other."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import ValidityError
from comity.propagation import itm
from comity.propagation.paths import Paths

RNG = np.random.default_rng(20261122)

# few different heights make many equal samples; far outliers make the deciles hard to guess
any_heights = st.lists(
    st.one_of(st.integers(0, 900), st.sampled_from([0, 0, 0, 5, 8000]), st.floats(-400, 4000)),
    min_size=2,
    max_size=290,
)


def _walk(seed, size, rough, step):
    """A random walk over hills, its heights in whole steps, so that many are equal."""
    rng = np.random.default_rng(seed)
    heights = 400 + rough * np.cumsum(rng.normal(size=size)) + 5 * rough * np.sin(np.arange(size) / 9)
    return (step * np.round(np.clip(heights, -400, 4000) / step)).tolist()


walks = st.builds(
    _walk,
    st.integers(0, 2**32 - 1),
    st.integers(2, 290),
    st.sampled_from([0.1, 3.0, 30.0]),
    st.sampled_from([1e-6, 1.0, 40.0]),
)
spacings = st.one_of(st.sampled_from([25.0, 50.0, 100.0]), st.floats(1.0, 3000.0))


def fitted_line(z, first_m, last_m, xi):
    """Hufford's least-squares line between two distances: its heights at both ends of the profile."""
    n = len(z) - 1
    first, last = int(max(first_m / xi, 0.0)), n - int(max(n - last_m / xi, 0.0))
    if last <= first:
        first, last = int(max(first - 1.0, 0.0)), n - int(max(n - (last + 1.0), 0.0))
    length = last - first
    weights = np.ones(length + 1)
    weights[[0, -1]] = 0.5
    shifted = np.arange(length + 1) - length / 2
    chosen = np.asarray(z[first : last + 1])
    mean = (weights * chosen).sum() / length
    slope = (weights * chosen * shifted).sum() * 12.0 / ((length**2 + 2) * length)
    return mean - slope * (first + length / 2), mean + slope * (n - first - length / 2)


def horizons(z, xi, a_e, h):
    """Angles and distances of both horizons, and the terminals' heights."""
    n = len(z) - 1
    d, z_tx, z_rx = n * xi, z[0] + h[0], z[n] + h[1]
    theta = [(z_rx - z_tx) / d - d / (2 * a_e), (z_tx - z_rx) / d - d / (2 * a_e)]
    reach = [d, d]
    x, y = 0.0, d
    for height in z[1:n]:
        x, y = x + xi, y - xi
        for end, (away, foot) in enumerate(((x, z_tx), (y, z_rx))):
            angle = (height - foot) / away - away / (2 * a_e)
            if angle > theta[end]:
                theta[end], reach[end] = angle, away
    return theta, reach


def irregularity(z, xi, begin, end):
    """Interdecile range of the heights about their line, by sorting."""
    x, x_end = begin / xi, end / xi
    if x_end - x < 2.0:
        return 0.0
    tenth = min(max(4, int(0.1 * (x_end - x + 8.0))), 25)
    places = np.linspace(x, x_end, 10 * tenth - 5)
    samples = np.interp(places, np.arange(len(z)), z)
    left, right = fitted_line(samples, 0.0, len(samples) - 1.0, 1.0)
    ordered = np.sort(samples - np.linspace(left, right, len(samples)))
    return (ordered[-tenth] - ordered[tenth - 1]) / (1.0 - 0.8 * math.exp((begin - end) / 50e3))


def read_profile(z, xi, a_e, h):
    """Angles and distances of horizons, effective heights, delta h."""
    n = len(z) - 1
    d = n * xi
    theta, reach = horizons(z, xi, a_e, h)
    begin, end = min(15.0 * h[0], 0.1 * reach[0]), d - min(15.0 * h[1], 0.1 * reach[1])
    delta_h = irregularity(z, xi, begin, end)
    if sum(reach) <= 1.5 * d:
        feet = fitted_line(z, begin, 0.9 * reach[0], xi)[0], fitted_line(z, d - 0.9 * reach[1], end, xi)[1]
        return theta, reach, [h[i] + max(z[-i] - feet[i], 0.0) for i in range(2)], delta_h
    feet = fitted_line(z, begin, end, xi)
    h_e = [h[i] + max(z[-i] - feet[i], 0.0) for i in range(2)]

    def over_rough_ground(height):
        return math.sqrt(2 * height * a_e) * math.exp(-0.07 * math.sqrt(delta_h / max(height, 5.0)))

    reach = [over_rough_ground(height) for height in h_e]
    if sum(reach) <= d:
        h_e = [height * (d / sum(reach)) ** 2 for height in h_e]
        reach = [over_rough_ground(height) for height in h_e]
    for i in range(2):
        smooth = math.sqrt(2 * h_e[i] * a_e)
        theta[i] = (0.65 * delta_h * (smooth / reach[i] - 1) - 2 * h_e[i]) / smooth
    return theta, reach, h_e, delta_h


@settings(max_examples=300)
@given(any_heights | walks, spacings, st.floats(0.5, 300.0), st.floats(0.5, 300.0))
def test_a_profile_is_read_as_the_algorithm_reads_it(z, xi, h_tx, h_rx) -> None:
    profile = itm.Profiles.from_rows([(xi, np.array(z, float))])
    found = itm.point_to_point(profile, 900.0, tx_height_m=h_tx, rx_height_m=h_rx, n0=350.0)
    tenth = int(0.1 * (len(z) - 1))
    n_s = 350.0 * math.exp(-np.mean(z[tenth : len(z) - tenth]) / 9460.0)
    a_e = 1.0 / (157e-9 * (1.0 - 0.04665 * math.exp(n_s / 179.3)))
    theta, reach, h_e, delta_h = read_profile(z, xi, a_e, (h_tx, h_rx))
    assert found.surface_refractivity[0] == pytest.approx(n_s, rel=1e-12)
    assert found.terrain_irregularity_m[0] == pytest.approx(delta_h, rel=1e-9, abs=1e-8)
    for i, end in enumerate(("tx", "rx")):
        for name, expected in (
            ("horizon_angle_rad", theta),
            ("horizon_distance_m", reach),
            ("effective_height_m", h_e),
        ):
            value = getattr(found, f"{end}_{name}")[0]
            assert value == pytest.approx(expected[i], rel=1e-9, abs=1e-9), f"{end}_{name}"


def test_horizon_distances_are_the_sums_of_steps_to_the_last_bit() -> None:
    # nine tenths of one, in steps, is truncated: its last bit can decide where a fit ends
    rows = [
        (spacing, np.array(_walk(i, 150, 30.0, 1.0))) for i, spacing in enumerate(RNG.uniform(9, 900, 60))
    ]
    heights = {"tx_height_m": 5.0, "rx_height_m": 5.0}
    found = itm.point_to_point(itm.Profiles.from_rows(rows), 900.0, n0=301.0, **heights)
    a_e = 1.0 / (157e-9 * (1.0 - 0.04665 * np.exp(found.surface_refractivity / 179.3)))
    compared = 0
    for i, (spacing, z) in enumerate(rows):
        _, reach = horizons(z, spacing, a_e[i], (5.0, 5.0))
        if sum(reach) <= 1.5 * 149 * spacing:
            assert [found.tx_horizon_distance_m[i], found.rx_horizon_distance_m[i]] == reach
            compared += 1
    assert compared > 40


def _links(n):
    """Links of 2 to 300 points, from flat to rough."""
    sizes = RNG.integers(2, 300, n)
    heights = (100 + np.abs(np.cumsum(RNG.normal(0, RNG.choice([0, 1, 20]), size))) for size in sizes)
    rows = [(spacing, z) for spacing, z in zip(RNG.uniform(5, 900, n), heights, strict=True)]
    f, h_tx, h_rx = RNG.uniform(100, 9000, n), RNG.uniform(2, 90, n), RNG.uniform(2, 90, n)
    quantile = itm.TimeLocationSituation(RNG.uniform(1, 99, n), 50.0, 50.0)
    inputs = {"tx_height_m": h_tx, "rx_height_m": h_rx, "climate": RNG.integers(1, 8, n)}
    return rows, f, inputs | {"variability": RNG.integers(0, 4, n)}, quantile


def test_neither_neighbours_nor_threads_change_a_bit() -> None:
    rows, f, inputs, q = _links(203)
    together = itm.point_to_point(itm.Profiles.from_rows(rows), f, quantile=q, **inputs)
    shares = itm.point_to_point(itm.Profiles.from_rows(rows), f, quantile=q, threads=3, **inputs)
    order = RNG.permutation(203)[:190]
    shuffled = itm.point_to_point(
        itm.Profiles.from_rows([rows[i] for i in order]),
        f[order],
        quantile=itm.TimeLocationSituation(q.time_percent[order], 50.0, 50.0),
        **{name: values[order] for name, values in inputs.items()},
    )
    for name in itm.Prediction.__slots__:
        expected = getattr(together, name)
        np.testing.assert_array_equal(getattr(shares, name), expected)
        np.testing.assert_array_equal(getattr(shuffled, name), expected[order])


def test_threads_do_not_change_a_bit_in_area_mode() -> None:
    d = RNG.uniform(1, 900, 101)
    one, three = (
        itm.area(d, 90.0, 900.0, tx_height_m=30.0, rx_height_m=2.0, threads=threads) for threads in (1, 3)
    )
    np.testing.assert_array_equal(one.loss_db, three.loss_db)
    alone = itm.area(d[57], 90.0, 900.0, tx_height_m=30.0, rx_height_m=2.0)
    assert alone.loss_db[0] == one.loss_db[57]


@pytest.mark.parametrize("place", [0, 1, 9, 14, 19])
@pytest.mark.parametrize("height", [np.nan, np.inf, 9_001.0, -501.0])
def test_a_height_that_cannot_be_is_named_wherever_it_stands(place, height) -> None:
    z = np.full(20, 100.0)
    z[place] = height
    ground = itm.Profiles.from_rows([(50.0, np.full(30, 10.0)), (50.0, z)])
    for frequency, others in ((900.0, []), (90_000.0, ["frequency_mhz"])):
        with pytest.raises(ValidityError) as caught:
            itm.point_to_point(ground, frequency, tx_height_m=10.0, rx_height_m=10.0)
        named = [problem.place.rsplit(", ", 1)[1] for problem in caught.value.problems]
        assert named == [*others, "height_m"]


@pytest.mark.parametrize("length_m", [1.0, 10.0, 20.0, 30.0, 200.0, 3e3, 1e5])
def test_no_height_ends_the_process(length_m) -> None:
    heights = (np.nan, np.inf, -np.inf, 1e308, -1e308)
    for count in (3, 4, 11, 300):
        for place, height in itertools.product((0, count // 2, count - 1), heights):
            z = 10.0 + 0.5 * np.arange(count)
            z[place] = height
            none = np.zeros(1)
            distance_km = np.linspace(0.0, length_m / 1e3, count)
            zone, offsets = np.full(count, 2, np.int8), np.array([0, count])
            paths = Paths(offsets, distance_km, z, np.zeros(count), zone, none, none, none, none)
            with pytest.raises(ValidityError, match="height_m"):
                itm.point_to_point(paths, 4000.0, tx_height_m=10.0, rx_height_m=1.5)


def test_profiles_that_do_not_hold_together_are_refused() -> None:
    ground = itm.Profiles(np.array([0, 10, 30]), np.zeros(25), np.array([50.0, 50.0]))
    with pytest.raises(ValidityError, match="do not fit each other"):
        itm.point_to_point(ground, 900.0, tx_height_m=10.0, rx_height_m=10.0)
