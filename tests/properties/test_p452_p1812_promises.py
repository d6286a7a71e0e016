"""What P.452-18 and P.1812-8 promise as array functions, over random terrain."""

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import ValidityError
from comity.propagation import p452, p1812
from comity.propagation.paths import INLAND, SEA, Paths

MODELS = pytest.mark.parametrize("model", [p452, p1812], ids=["p452", "p1812"])
SEEDS = st.integers(0, 10**9)


def some_paths(seed: int, n: int = 13, length: tuple[float, float] = (1.0, 200.0)) -> Paths:
    """Profiles of different lengths, zones and covers whose ends lie where their lengths say."""
    rng = np.random.default_rng(seed)
    points = rng.integers(3, 70, n)
    offsets = np.concatenate([[0], np.cumsum(points)])
    total = np.exp(rng.uniform(*np.log(length), n))
    d = np.concatenate([np.linspace(0, r, m) for r, m in zip(total, points)])
    h = np.concatenate([np.abs(np.cumsum(rng.normal(0, 8, m)) + 60) for m in points])
    zone = np.concatenate(
        [np.sort(rng.integers(1, 4, m)) if rng.random() < 0.5 else np.full(m, 2) for m in points]
    )
    cover = np.where(zone == SEA, 0.0, rng.choice([0.0, 12.0], len(d)))
    latitude = rng.uniform(-60, 60, n)
    north = latitude + np.degrees(total / 6371)
    return Paths(offsets, d, np.where(zone == SEA, 0.0, h), cover, zone.astype(np.int8), latitude, np.full(n, 20.0),
                 north, np.full(n, 20.0))  # fmt: skip


def arguments(seed: int, n: int = 13) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed + 1)
    return {
        "tx_height_m": rng.uniform(5, 100, n),
        "rx_height_m": rng.uniform(2, 60, n),
        "dn": rng.uniform(30, 90, n),
        "n0": rng.uniform(300, 370, n),
        "polarisation": rng.integers(1, 3, n),
        "tx_coast_km": rng.uniform(0, 20, n),
        "rx_coast_km": rng.uniform(0, 20, n),
    }


def reverse(paths: Paths) -> Paths:
    """The same paths from the other end."""
    turned = [slice(b - 1, a - 1 if a else None, -1) for a, b in zip(paths.offsets, paths.offsets[1:])]
    flat = lambda values: np.concatenate([values[s] for s in turned])  # noqa: E731
    d = np.concatenate(
        [paths.distance_km[b - 1] - paths.distance_km[s] for s, b in zip(turned, paths.offsets[1:])]
    )
    return Paths(
        *(paths.offsets, d, flat(paths.height_m), flat(paths.cover_m), flat(paths.zone)),
        *(paths.rx_latitude_deg, paths.rx_longitude_deg, paths.tx_latitude_deg, paths.tx_longitude_deg),
    )


def pick(paths: Paths, links: np.ndarray) -> Paths:
    """Some of the links, in the order given."""
    ranges = [np.arange(paths.offsets[i], paths.offsets[i + 1]) for i in links]
    at = np.concatenate(ranges)
    return Paths(
        np.concatenate([[0], np.cumsum([len(r) for r in ranges])]),
        *(values[at] for values in (paths.distance_km, paths.height_m, paths.cover_m, paths.zone)),
        *(values[links] for values in (paths.tx_latitude_deg, paths.tx_longitude_deg)),
        *(values[links] for values in (paths.rx_latitude_deg, paths.rx_longitude_deg)),
    )


@MODELS
@given(SEEDS)
def test_a_link_has_the_same_bits_alone_and_in_any_company(model: ModuleType, seed: int) -> None:
    paths, inputs = some_paths(seed), arguments(seed)
    together = model.basic_transmission_loss(paths, 3900.0, 7.0, **inputs)
    order = np.random.default_rng(seed).permutation(13)
    shuffled = {name: values[order] for name, values in inputs.items()}
    np.testing.assert_array_equal(
        model.basic_transmission_loss(pick(paths, order), 3900.0, 7.0, **shuffled), together[order]
    )
    alone = {name: values[5] for name, values in inputs.items()}
    one = model.basic_transmission_loss(pick(paths, np.array([5])), 3900.0, 7.0, **alone)
    np.testing.assert_array_equal(one, together[5:6])


@MODELS
@settings(max_examples=20)
@given(SEEDS, st.integers(2, 5))
def test_threads_and_intermediates_do_not_change_a_bit(model: ModuleType, seed: int, threads: int) -> None:
    paths, inputs = some_paths(seed, 40), arguments(seed, 40)
    serial = model.basic_transmission_loss(paths, 2600.0, 3.0, **inputs)
    np.testing.assert_array_equal(
        model.basic_transmission_loss(paths, 2600.0, 3.0, threads=threads, **inputs), serial
    )
    explained, found = model.basic_transmission_loss(paths, 2600.0, 3.0, intermediates=True, **inputs)
    np.testing.assert_array_equal(explained, serial)
    assert all(values.shape == (40,) for values in found.values())


@MODELS
@given(SEEDS)
def test_percentages_share_a_path_and_each_is_as_if_asked_alone(model: ModuleType, seed: int) -> None:
    paths, inputs = some_paths(seed), arguments(seed)
    percent = np.array([[1.0, 3.3, 10.0, 50.0]])
    table, found = model.basic_transmission_loss(paths, 900.0, percent, intermediates=True, **inputs)
    assert table.shape == found["Lbs"].shape == (13, 4)
    assert found["Ld50"].shape == (13,)
    for j, p in enumerate(percent[0]):
        np.testing.assert_array_equal(table[:, j], model.basic_transmission_loss(paths, 900.0, p, **inputs))


@MODELS
@given(SEEDS, st.sampled_from([100.0, 700.0, 3900.0]))
def test_the_loss_not_exceeded_grows_with_the_percentage(model: ModuleType, seed: int, f: float) -> None:
    percent = np.array([[1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0, 34.0, 49.999, 50.0]])
    loss = model.basic_transmission_loss(some_paths(seed), f, percent, **arguments(seed))
    assert (np.diff(loss, axis=1) > -1e-6).all()


@given(SEEDS, st.sampled_from([150.0, 1800.0, 5900.0]))
def test_p1812_is_the_same_from_both_ends(seed: int, f: float) -> None:
    paths, inputs = some_paths(seed), arguments(seed)
    swapped = dict(inputs)
    for kind in ("height_m", "coast_km"):
        swapped[f"tx_{kind}"], swapped[f"rx_{kind}"] = inputs[f"rx_{kind}"], inputs[f"tx_{kind}"]
    forth = p1812.basic_transmission_loss(paths, f, 10.0, **inputs)
    back = p1812.basic_transmission_loss(reverse(paths), f, 10.0, **swapped)
    np.testing.assert_allclose(back, forth, rtol=0, atol=1e-6)


@given(SEEDS, st.sampled_from([150.0, 1800.0, 28000.0]))
def test_p452_differs_between_its_ends_only_by_its_blending_of_line_of_sight(seed: int, f: float) -> None:
    """P.452-18 (58) looks at the slope from the transmitter alone; every mechanism is reciprocal."""
    paths, inputs = some_paths(seed), arguments(seed)
    swapped = dict(inputs)
    for kind in ("height_m", "coast_km"):
        swapped[f"tx_{kind}"], swapped[f"rx_{kind}"] = inputs[f"rx_{kind}"], inputs[f"tx_{kind}"]
    _, forth = p452.basic_transmission_loss(paths, f, 10.0, intermediates=True, **inputs)
    _, back = p452.basic_transmission_loss(reverse(paths), f, 10.0, intermediates=True, **swapped)
    # Exactly three quarters of sea is the threshold of coastal coupling: the sum may fall on either side of it.
    sure = np.abs(forth["omega"] - 0.75) > 1e-9
    for symbol in (
        "Lbfsg",
        "Lb0p",
        "Lb0b",
        "Ld50",
        "Ldb",
        "Lba",
        "Lbs",
        "Lbda",
        "Lminb0p",
        "theta",
        "hm",
        "b0",
    ):
        np.testing.assert_allclose(
            back[symbol][sure], forth[symbol][sure], rtol=1e-9, atol=1e-7, err_msg=symbol
        )


@MODELS
@given(SEEDS)
def test_the_antimeridian_is_a_meridian_like_any_other(model: ModuleType, seed: int) -> None:
    paths, inputs = some_paths(seed), arguments(seed)
    east = np.random.default_rng(seed).uniform(-3, 3, 13)

    def loss(longitude: float) -> np.ndarray:
        ends = (paths.tx_latitude_deg, np.full(13, longitude), paths.rx_latitude_deg)
        beyond = (longitude + east + 180.0) % 360.0 - 180.0
        profile = (paths.offsets, paths.distance_km, paths.height_m, paths.cover_m, paths.zone)
        return model.basic_transmission_loss(Paths(*profile, *ends, beyond), 3900.0, 2.0, **inputs)

    np.testing.assert_allclose(loss(179.5), loss(12.0), rtol=0, atol=1e-9)
    np.testing.assert_allclose(loss(-179.5), loss(12.0), rtol=0, atol=1e-9)


@MODELS
@given(SEEDS)
def test_an_all_sea_path_has_no_land_in_it(model: ModuleType, seed: int) -> None:
    paths = some_paths(seed)
    sea = Paths(
        *(
            paths.offsets,
            paths.distance_km,
            paths.height_m * 0,
            paths.cover_m * 0,
            np.full_like(paths.zone, SEA),
        ),
        *(paths.tx_latitude_deg, paths.tx_longitude_deg, paths.rx_latitude_deg, paths.rx_longitude_deg),
    )
    loss, found = model.basic_transmission_loss(sea, 3900.0, 1.0, intermediates=True, **arguments(seed))
    assert np.isfinite(loss).all()
    np.testing.assert_array_equal(found["omega"], 1.0)
    np.testing.assert_array_equal(found["dtm"], 0.0)
    np.testing.assert_array_equal(found["dlm"], 0.0)


def one_path(length_km: float = 2.0, points: int = 81, **changes: np.ndarray) -> Paths:
    d = np.linspace(0, length_km, points)
    fields = {
        "offsets": np.array([0, points]),
        "distance_km": d,
        "height_m": np.zeros(points),
        "cover_m": np.zeros(points),
        "zone": np.full(points, INLAND, np.int8),
        "tx_latitude_deg": np.array([24.0]),
        "tx_longitude_deg": np.array([121.0]),
        "rx_latitude_deg": np.array([24.0 + length_km / 111.2]),
        "rx_longitude_deg": np.array([121.0]),
    }
    return Paths(**(fields | changes))


SITE = {"tx_height_m": 10.0, "rx_height_m": 10.0, "dn": 45.0, "n0": 325.0}


def test_cover_within_fifty_metres_of_a_terminal_counts_in_p1812_and_not_in_p452() -> None:
    cover = np.zeros(81)
    cover[[0, 1, -2, -1]] = 30.0  # the terminals and the points 25 m from them
    bare, near = one_path(), one_path(cover_m=cover)
    assert p452.basic_transmission_loss(near, 3900.0, 50.0, **SITE) == p452.basic_transmission_loss(
        bare, 3900.0, 50.0, **SITE
    )
    raised = p1812.basic_transmission_loss(near, 3900.0, 50.0, **SITE)
    assert raised > p1812.basic_transmission_loss(bare, 3900.0, 50.0, **SITE) + 10.0
    cover[[1, -2]] = 0.0
    assert p1812.basic_transmission_loss(
        one_path(cover_m=cover), 3900.0, 50.0, **SITE
    ) == p1812.basic_transmission_loss(bare, 3900.0, 50.0, **SITE)


@MODELS
def test_three_points_are_a_profile_and_two_are_not(model: ModuleType) -> None:
    ridge = one_path(points=3, height_m=np.array([0.0, 60.0, 0.0]))
    flat = one_path(points=3)
    over = model.basic_transmission_loss(ridge, 3900.0, 50.0, **SITE)
    assert over > model.basic_transmission_loss(flat, 3900.0, 50.0, **SITE) + 20.0
    with pytest.raises(ValidityError, match="validity") as caught:
        model.basic_transmission_loss(one_path(points=2), 3900.0, 50.0, **SITE)
    assert "at least 3 points" in caught.value.render()


@pytest.mark.parametrize(
    ("model", "low", "high", "unit"), [(p452, 100.0, 50_000.0, 0.001), (p1812, 30.0, 6_000.0, 1.0)]
)
def test_limits_of_frequency_and_time_are_inside_and_what_lies_beyond_is_refused(
    model: ModuleType, low: float, high: float, unit: float
) -> None:
    for f in (low, high):
        for p in (unit, 50.0):
            assert np.isfinite(model.basic_transmission_loss(one_path(), f, p, **SITE)).all()
    for f, p in ((low * 0.999, 50.0), (high * 1.001, 50.0), (low, unit * 0.999), (low, 50.001), (low, 0.0)):
        with pytest.raises(ValidityError):
            model.basic_transmission_loss(one_path(), f, p, **SITE)


def test_every_violation_is_named_at_once_with_model_value_and_range() -> None:
    with pytest.raises(ValidityError) as caught:
        p1812.basic_transmission_loss(
            *(one_path(0.2), 7000.0, 60.0),
            **(SITE | {"tx_height_m": 0.5, "dn": -1.0, "polarisation": "circular", "location_percent": 99.5}),
        )
    text = caught.value.render()
    for told in (
        "0.2 km",
        "7000 MHz",
        "60 %",
        "0.5 m",
        "-1 N-units/km",
        "polarisation",
        "99.5 %",
        "location_sd_db",
    ):
        assert told in text
    assert text.count("ITU-R P.1812-8, ") == 8


@MODELS
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"distance_km": np.linspace(0.1, 2, 81)}, "begin at 0"),
        ({"distance_km": np.append(np.linspace(0, 2, 80), 2.0)}, "do not increase"),
        ({"height_m": np.append(np.zeros(80), np.nan)}, "not finite"),
        ({"cover_m": np.full(81, -1.0)}, "cover height is negative"),
        ({"cover_m": np.full(81, np.nan)}, "cover height is negative or not finite"),
        ({"zone": np.append(np.full(80, INLAND), 4).astype(np.int8)}, "not a radio-climatic zone"),
    ],
)
def test_a_flawed_profile_is_named(model: ModuleType, changes: dict[str, np.ndarray], told: str) -> None:
    with pytest.raises(ValidityError) as caught:
        model.basic_transmission_loss(one_path(**changes), 3900.0, 50.0, **SITE)
    assert told in caught.value.render()
    assert "paths[0]" in caught.value.render()


@MODELS
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"offsets": np.array([0, 82])}, "does not divide the points"),
        ({"offsets": np.array([1, 81])}, "does not divide the points"),
        ({"height_m": np.zeros(80)}, "different lengths"),
        ({"rx_latitude_deg": np.zeros(2)}, "different lengths"),
    ],
)
def test_a_record_that_does_not_hold_together_is_refused_before_it_is_read(
    model: ModuleType, changes: dict[str, np.ndarray], told: str
) -> None:
    with pytest.raises(ValidityError) as caught:
        model.basic_transmission_loss(one_path(**changes), 3900.0, 50.0, **SITE)
    assert told in caught.value.render()


@MODELS
def test_arguments_of_the_wrong_shape_are_named(model: ModuleType) -> None:
    paths = some_paths(1)
    with pytest.raises(ValidityError) as caught:
        model.basic_transmission_loss(
            *(paths, [3900.0, 700.0], [[1.0, 50.0]] * 2),
            **(SITE | {"tx_height_m": np.ones((13, 2)), "dn": np.full(13, 45.0)}),
        )
    text = caught.value.render()
    for told in ("frequency_mhz: shape (2,)", "tx_height_m: shape (13, 2)", "time_percent: shape (2, 2)"):
        assert told in text
    assert "dn" not in text


@MODELS
def test_no_links_have_no_losses(model: ModuleType) -> None:
    none = pick(one_path(), np.array([0]))
    empty = Paths(np.array([0]), *(values[:0] for values in (none.distance_km, none.height_m, none.cover_m, none.zone)),
                  *([np.empty(0)] * 4))  # fmt: skip
    assert model.basic_transmission_loss(empty, 3900.0, 50.0, **SITE).shape == (0,)
    assert model.basic_transmission_loss(empty, 3900.0, [[1.0, 50.0]], **SITE).shape == (0, 2)


def test_location_variability_is_symmetric_about_the_median_and_absent_at_sea() -> None:
    sigma = p1812.location_standard_deviation(3900.0, 100.0)
    assert sigma == pytest.approx((0.52 + 0.024 * 3.9) * 100.0**0.28, rel=1e-12)
    obstructed = one_path(height_m=np.where(np.arange(81) == 40, 80.0, 0.0))
    median = p1812.basic_transmission_loss(obstructed, 3900.0, 50.0, **SITE)
    more, less = (
        p1812.basic_transmission_loss(
            obstructed, 3900.0, 50.0, location_percent=p, location_sd_db=sigma, **SITE
        )
        for p in (90.0, 10.0)
    )
    assert more - median == pytest.approx(1.2816 * sigma, abs=1e-3 * sigma)
    assert median - less == pytest.approx(more - median, abs=1e-9)
    sea = one_path(zone=np.full(81, SEA, np.int8))
    assert p1812.basic_transmission_loss(
        sea, 3900.0, 50.0, location_percent=90.0, location_sd_db=8.0, **SITE
    ) == p1812.basic_transmission_loss(sea, 3900.0, 50.0, **SITE)


def test_the_loss_is_never_below_what_line_of_sight_leaves() -> None:
    loss, found = p1812.basic_transmission_loss(
        *(one_path(), 3900.0, 10.0),
        **(SITE | {"location_percent": 1.0, "location_sd_db": 20.0, "intermediates": True}),
    )
    assert loss == found["Lb0p"]


@MODELS
def test_every_intermediate_stands_in_the_documentation(model: ModuleType) -> None:
    _, found = model.basic_transmission_loss(one_path(), 3900.0, 50.0, intermediates=True, **SITE)
    page = (Path(__file__).parents[2] / "docs/models/p452.md").read_text()
    assert [symbol for symbol in found if f"`{symbol}`" not in page] == []


@pytest.mark.parametrize("model", [p452, p1812])
def test_what_is_no_record_of_paths_is_refused_with_what_is(model):
    with pytest.raises(ValidityError, match="NoneType"):
        model.basic_transmission_loss(
            None, 3900.0, 20.0, tx_height_m=15.0, rx_height_m=1.5, dn=45.0, n0=325.0
        )
