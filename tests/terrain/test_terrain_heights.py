"""What the samples say at places whose height or nature is known from elsewhere."""

import numpy as np
import pytest

from comity.errors import MissingError, ValidityError
from comity.propagation.paths import COASTAL_LAND, INLAND, SEA

# place, latitude, longitude, height from maps [m], how far a bare-earth grid of this cell size may lie below/above
SUMMITS = [
    ("Yushan", 23.4700, 120.9573, 3952.0, 60.0),
    ("Qixingshan", 25.1706, 121.5531, 1120.0, 40.0),
    ("Taipei 101, street", 25.0336, 121.5648, 8.5, 1.0),
    ("Hsinchu station", 24.8016, 120.9716, 21.0, 3.0),
    ("Sgurr Alasdair, Cuillin", 57.2066, -6.2236, 992.0, 25.0),
    ("The Storr, Trotternish", 57.5072, -6.1830, 719.0, 15.0),
]


@pytest.mark.parametrize(("place", "latitude", "longitude", "metres", "within"), SUMMITS)
def test_known_heights(samples, place, latitude, longitude, metres, within):
    assert samples.height_m(latitude, longitude)[0] == pytest.approx(metres, abs=within), place


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(24.8, 120.7), (22.5, 120.0), (57.30, -6.90), (57.40, -5.95), (22.57, 120.26), (25.0, 119.3)],
)
def test_known_waters_are_sea_at_zero(samples, latitude, longitude):
    """Taiwan Strait, off Kaohsiung, the Minch, Raasay Sound, off Cijin, the Strait beyond all height grids."""
    assert samples.is_sea(latitude, longitude)[0]
    assert samples.height_m(latitude, longitude)[0] == 0.0
    assert samples.zone(latitude, longitude)[0] == SEA


def test_the_sea_of_os_terrain_50_is_sea_though_the_grid_gives_it_heights(samples):
    """The source holds -1.4 to -2.3 m on open water; as land it would take the sea's ducts away."""
    latitude, longitude = np.meshgrid(np.linspace(57.28, 57.34, 20), np.linspace(-6.95, -6.8, 20))
    sea = samples.is_sea(latitude, longitude)
    assert sea.all()


def test_coastal_land_is_low_and_within_50_km_of_the_sea(samples):
    beach, science_park, high = (24.75, 120.91), (24.78, 121.00), (24.70, 121.10)
    assert samples.zone(*beach)[0] == COASTAL_LAND
    assert samples.height_m(*science_park)[0] > 100.0 or samples.zone(*science_park)[0] == COASTAL_LAND
    assert samples.height_m(*high)[0] > 100.0
    assert samples.zone(*high)[0] == INLAND


def test_a_place_with_no_height_on_land_names_itself_and_the_command(samples):
    with pytest.raises(MissingError) as caught:
        samples.height_m([24.51, 24.80, 51.45], [121.08, 120.97, -2.60])
    text = caught.value.render()
    assert "24.5100 N, 121.0800 E" in text  # the hole at Xueshan
    assert "51.4500 N, 2.6000 W" in text  # Bristol: no grid at all
    assert "2 points" in text
    assert "comity terrain add FILE" in text
    assert caught.value.exit_code == 3


def test_a_path_over_the_hole_of_xueshan_is_an_error_and_one_beside_it_is_not(samples):
    with pytest.raises(MissingError, match="terrain is missing at"):
        samples.paths(24.40, 121.00, 24.62, 121.15)
    assert len(samples.paths(24.70, 121.00, 24.80, 121.10)) == 1


@pytest.mark.parametrize(
    ("island", "latitude", "longitude"),
    [
        ("Green Island", 22.66, 121.49),
        ("Xiaoliuqiu", 22.34, 120.37),
        ("Guishan", 24.843, 121.95),
        ("Rum", 57.0, -6.35),
    ],
)
def test_an_island_that_the_grid_leaves_out_is_missing_and_never_sea(samples, island, latitude, longitude):
    with pytest.raises(MissingError, match="terrain is missing"):
        samples.height_m(latitude, longitude)


def test_far_from_every_coastline_no_data_is_missing_and_never_sea(samples):
    with pytest.raises(MissingError):
        samples.height_m(0.0, 0.0)


def test_clutter_classes_of_known_places(samples):
    places = {(51.4545, -2.5879): 30, (51.5074, -0.1278): 30, (25.0478, 121.5170): 30, (51.13, -3.65): 11}
    for (latitude, longitude), code in places.items():
        assert samples.clutter_class(latitude, longitude)[0] == code
    assert samples.clutter_class(0.0, 0.0)[0] == 0


@pytest.mark.parametrize(("latitude", "longitude"), [(91.0, 0.0), (0.0, 181.0), (float("nan"), 0.0)])
def test_a_place_that_is_not_on_earth_is_refused(samples, latitude, longitude):
    with pytest.raises(ValidityError, match="do not lie on Earth"):
        samples.height_m(latitude, longitude)


def test_flattening_changes_heights_and_nothing_else(samples):
    ends = (24.70, 120.80, 24.80, 121.10)
    real, flat = samples.paths(*ends), samples.flattened(30.0).paths(*ends)
    assert np.array_equal(real.zone, flat.zone)
    assert np.array_equal(real.distance_km, flat.distance_km)
    assert set(flat.height_m[flat.zone != SEA]) == {30.0}
    assert set(flat.height_m[flat.zone == SEA]) == {0.0}
    assert real.height_m.max() > 100.0


def test_the_editions_of_a_place_are_those_that_meet_it(samples):
    kinds = [(e.kind, e.resolution_m) for e in samples.editions_used([24.75, 24.85], [120.95, 121.05])]
    assert kinds == [("height", 20.0), ("height", 92.7), ("coastline", 278.0), ("clutter", 926.6)]
    assert all(len(e.sha256) == 64 and e.licence and e.attribution for e in samples.editions())


def test_a_replay_opens_only_the_editions_it_names(samples):
    coarse = next(e for e in samples.editions() if e.resolution_m == 92.7)
    alone = samples.restricted([coarse.sha256])
    assert alone.editions() == (coarse,)
    assert alone.height_m(24.8016, 120.9716)[0] != samples.height_m(24.8016, 120.9716)[0]
    with pytest.raises(MissingError, match="editions are missing"):
        samples.restricted(["0" * 64])


def test_cover_heights_are_listed_assumptions_and_zero_on_the_sea(samples):
    from comity.terrain.cover import cover_facts

    path = samples.paths(24.80, 120.75, 24.80, 121.00, cover="degurba")
    assert {fact.evidence for fact in cover_facts()} == {"assumption"}
    assert set(path.cover_m) <= {fact.value for fact in cover_facts()}
    assert path.cover_m.max() > 0.0
    assert (path.cover_m[path.zone == SEA] == 0.0).all()
    assert (samples.paths(24.80, 120.75, 24.80, 121.00).cover_m == 0.0).all()


def test_a_window_is_centred_and_keeps_distance_and_azimuth(samples):
    from comity.terrain import geodesy

    window = samples.window(24.80, 120.97, 3.0, 100.0)
    assert window.height_m.shape == window.sea.shape == (61, 61)
    assert (window.latitude_deg[30, 30], window.longitude_deg[30, 30]) == (24.80, 120.97)
    assert (
        geodesy.distance_km(24.80, 120.97, window.latitude_deg[30, 60], window.longitude_deg[30, 60]) == 3.0
    )
    assert geodesy.bearing_deg(
        24.80, 120.97, window.latitude_deg[0, 60], window.longitude_deg[0, 60]
    ) == pytest.approx(45)
    assert np.array_equal(
        window.height_m.reshape(-1), samples.height_m(window.latitude_deg, window.longitude_deg)
    )


def test_nothing_stands_on_water_whatever_the_class_of_the_cell_says(samples):
    """From the Kaohsiung shore across the harbour: the cells are an urban centre, the basins lie at -1 m."""
    path = samples.paths(22.600, 120.265, 22.625, 120.300, spacing_m=20.0, cover="degurba")
    low = path.height_m <= 0.0
    assert (low & (path.zone != SEA)).any()
    assert not path.cover_m[low].any()
    assert path.cover_m[~low].max() == 15.0
    flat = samples.flattened(0.0).paths(22.600, 120.265, 22.625, 120.300, spacing_m=20.0, cover="degurba")
    assert np.array_equal(flat.cover_m, path.cover_m)


def test_a_cover_that_there_is_not_is_refused_with_those_there_are(samples):
    with pytest.raises(ValidityError, match=r"(?s)'forest'.*none, degurba"):
        samples.paths(24.80, 120.95, 24.80, 121.00, cover="forest")
