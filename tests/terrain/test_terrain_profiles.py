"""Profiles against an oracle of other means: PROJ and GDAL's own arithmetic, point by point."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from comity.errors import ValidityError
from comity.terrain import Ground, open_ground
from comity.terrain.layer import Layer

# Well inside each grid, so that a path of 30 km keeps to it.
AREAS = {"hsinchu": (24.70, 24.86, 120.93, 121.10), "skye": (57.20, 57.55, -6.60, -5.80)}
NAMES = {"hsinchu": "hsinchu-20-m", "skye": "os-terrain-50-national-grid-square-ng"}


def great_circle(lat1, lon1, lat2, lon2, fraction):
    """Spherical linear interpolation of unit vectors."""

    def unit(lat, lon):
        a, b = np.radians(lat), np.radians(lon)
        return np.array([np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)])

    p, q = unit(lat1, lon1), unit(lat2, lon2)
    angle = np.arctan2(np.linalg.norm(np.cross(p, q)), p @ q)
    f = np.asarray(fraction)[:, None]
    v = (np.sin((1 - f) * angle) * p + np.sin(f * angle) * q) / np.sin(angle)
    return np.degrees(np.arcsin(v[:, 2])), np.degrees(np.arctan2(v[:, 1], v[:, 0]))


def bilinear_by_proj(layer: Layer, lat, lon):
    """Bilinear interpolation at coordinates straight from PROJ; NaN beside a cell without data."""
    grid = layer.edition.grid
    x, y = Transformer.from_crs("OGC:CRS84", layer.edition.crs, always_xy=True).transform(lon, lat)
    column, row = (x - grid.west) / grid.cell_x - 0.5, (grid.north - y) / grid.cell_y - 0.5
    j, i = np.floor(column).astype(int), np.floor(row).astype(int)
    u, v = column - j, row - i
    z = layer.cells.astype(float)
    heights = (1 - v) * ((1 - u) * z[i, j] + u * z[i, j + 1]) + v * (
        (1 - u) * z[i + 1, j] + u * z[i + 1, j + 1]
    )
    steepest = np.abs(np.stack([z[i, j] - z[i, j + 1], z[i, j] - z[i + 1, j], z[i + 1, j + 1] - z[i + 1, j],
                                z[i + 1, j + 1] - z[i, j + 1]])).max(axis=0) / grid.cell_x  # fmt: skip
    return heights, steepest


def only(ground: Ground, area: str) -> Layer:
    return next(a for a in ground.layers if a.edition.id.startswith(NAMES[area]))


@pytest.mark.parametrize("area", AREAS)
@settings(max_examples=60)
@given(data=st.data())
def test_a_profile_is_the_bilinear_height_along_the_great_circle(samples, area, data):
    south, north, west, east = AREAS[area]
    lat1, lat2 = (data.draw(st.floats(south, north)) for _ in range(2))
    lon1, lon2 = (data.draw(st.floats(west, east)) for _ in range(2))
    if abs(lat1 - lat2) + abs(lon1 - lon2) < 1e-4:
        return
    path = samples.paths(lat1, lon1, lat2, lon2, spacing_m=50.0)
    fraction = np.linspace(0.0, 1.0, path.height_m.size)
    expected, slope = bilinear_by_proj(only(samples, area), *great_circle(lat1, lon1, lat2, lon2, fraction))
    land = (path.zone != 3) & ~np.isnan(expected)
    # One millimetre in both coordinates, on the steepest side of the cell.
    assert (np.abs(path.height_m - expected)[land] <= 2e-3 * slope[land] + 1e-6).all()
    length = Geod(ellps="WGS84").inv(lon1, lat1, lon2, lat2)[2]
    assert path.distance_km[-1] == pytest.approx(length / 1e3, abs=1e-6)
    steps = np.diff(path.distance_km)
    assert path.height_m.size >= 3
    assert steps.max() <= 0.05 + 1e-9
    assert np.ptp(steps) < 1e-9


@pytest.mark.parametrize(
    "crs", ["EPSG:27700", "EPSG:3826", "EPSG:4326", "EPSG:25832", "EPSG:3031", "EPSG:2193"]
)
def test_coordinates_between_nodes_are_within_a_millimetre_of_proj(crs, tmp_path):
    """The whole chain, lattice and cubic, over paths of 100 km, where a grid of each system may lie."""
    from comity.terrain import _sample, lattice
    from comity.terrain.edition import Grid

    centre = {"EPSG:27700": (57.5, -5.0), "EPSG:3826": (23.5, 121.0), "EPSG:4326": (59.0, 10.0),
              "EPSG:25832": (48.0, 9.0), "EPSG:3031": (-75.0, 120.0), "EPSG:2193": (-43.0, 179.0)}[crs]  # fmt: skip
    project = Transformer.from_crs("OGC:CRS84", crs, always_xy=True)
    x, y = project.transform(centre[1], centre[0])
    size = 1.0 if crs == "EPSG:4326" else 60_000.0
    grid = Grid(x - size, y + size, size / 1000, size / 1000, 2000, 2000)
    shape, nodes, _, note = lattice.build(grid, crs, "test")
    assert "accuracy" in note
    place, pixels = lattice.node_pixels(grid, shape, nodes)
    rng = np.random.default_rng(7)
    unit_m = 111e3 if crs == "EPSG:4326" else 1.0
    for azimuth in rng.uniform(0, 360, 12):
        lon2, lat2, _ = Geod(ellps="WGS84").fwd(centre[1], centre[0], azimuth, 50_000.0)
        fraction = np.linspace(0.0, 1.0, 301)
        ends = [np.array([v]) for v in (centre[0], centre[1], lat2, lon2)]
        length, offsets, first = np.empty(1), np.empty(2, np.int64), np.empty(2, np.int64)
        _sample.measure(0, 1, *ends, length)
        _sample.count_points(length, 50_000.0 / 300 + 1e-6, 10**6, offsets, first)
        assert offsets[1] == 301
        node_lat, node_lon, distance = np.empty(first[1]), np.empty(first[1]), np.empty(301)
        _sample.place_nodes(0, 1, 0, 1, *ends, length, offsets, first, node_lat, node_lon, distance)
        c, r, column, row = np.empty(first[1]), np.empty(first[1]), np.empty(301), np.empty(301)
        assert _sample.project_nodes(node_lat, node_lon, place, pixels, grid.rows, grid.columns, c, r)
        _sample.walk(c, r, 301, column, row)
        lat, lon = great_circle(centre[0], centre[1], lat2, lon2, fraction)
        truth = project.transform(lon, lat)
        found_x, found_y = grid.west + (column + 0.5) * grid.cell_x, grid.north - (row + 0.5) * grid.cell_y
        assert np.hypot(found_x - truth[0], found_y - truth[1]).max() * unit_m < 1.42e-3


@given(st.floats(24.70, 24.86), st.floats(120.93, 121.10), st.floats(24.70, 24.86), st.floats(120.93, 121.10))
@settings(max_examples=50)
def test_the_ends_of_a_profile_are_the_heights_of_its_ends_bit_for_bit(samples, lat1, lon1, lat2, lon2):
    path = samples.paths(lat1, lon1, lat2, lon2)
    ends = samples.height_m([lat1, lat2], [lon1, lon2])
    assert (path.height_m[0], path.height_m[-1]) == (ends[0], ends[1])


def test_many_paths_in_one_call_are_the_same_bits_as_one_by_one_and_as_on_threads(samples):
    from concurrent.futures import ThreadPoolExecutor

    rng = np.random.default_rng(3)
    ends = [rng.uniform(a, b, 60) for a, b in ((22.6, 22.8), (120.3, 120.5), (22.6, 22.8), (120.3, 120.5))]
    together = samples.paths(*ends, cover="degurba")
    with ThreadPoolExecutor(4) as pool:
        alone = list(pool.map(lambda i: samples.paths(*(e[i] for e in ends), cover="degurba"), range(60)))
    for i, path in enumerate(alone):
        part = slice(together.offsets[i], together.offsets[i + 1])
        for field in ("distance_km", "height_m", "cover_m", "zone"):
            assert getattr(together, field)[part].tobytes() == getattr(path, field).tobytes()


def test_a_path_of_no_length_and_a_short_one_have_three_points(samples):
    for end in (24.80, 24.8001):
        path = samples.paths(24.80, 120.97, end, 120.97)
        assert path.height_m.size == 3
    assert samples.paths(24.80, 120.97, 24.80, 120.97).distance_km.tolist() == [0.0, 0.0, 0.0]


def test_max_points_binds(samples):
    assert samples.paths(24.70, 120.95, 24.85, 121.05, max_points=101).height_m.size == 101


def test_a_spacing_of_nothing_and_a_path_around_the_world_are_refused(samples):
    with pytest.raises(ValidityError, match="spacing"):
        samples.paths(24.7, 120.9, 24.8, 121.0, spacing_m=0.0)
    with pytest.raises(ValidityError, match="too long"):
        samples.paths(24.7, 120.9, -60.0, -20.0)


def test_paths_with_holes_refuse_what_paths_refuse(samples):
    places = [(95.0, 121.0), (500.0, 121.0), (np.nan, 121.0), (24.8, np.inf), (24.8, -1e17)]
    for latitude, longitude in places:
        with pytest.raises(ValidityError, match="do not lie on Earth") as caught:
            samples.paths_with_holes(
                24.7, 120.9, np.array([24.8, latitude]), np.array([121.0, longitude]), spacing_m=50.0
            )
        assert [(problem.place, str(longitude) in problem.message) for problem in caught.value.problems] == [
            ("place 1", True)
        ]
        with pytest.raises(ValidityError, match="do not lie on Earth"):
            samples.paths_with_holes(latitude, longitude, np.array([24.8]), np.array([121.0]), spacing_m=50.0)
    for spacing_m in (0.0, -1.0, np.nan):
        with pytest.raises(ValidityError, match="spacing"):
            samples.paths_with_holes(24.7, 120.9, np.array([24.8]), np.array([121.0]), spacing_m=spacing_m)


def test_paths_cross_the_antimeridian(store, tif):
    """A grid from 179.5 E to 179.5 W whose height is its column, on either side of the date line."""
    from comity.terrain.read import read_files
    from comity.terrain.store import add

    cells = np.tile(np.arange(100, dtype=np.float32), (40, 1))
    add(read_files([tif("fiji.tif", cells, west=179.5, north=-16.8)])[0], "height")
    ground = open_ground(samples=False)
    path = ground.paths(-17.0, 179.9, -17.0, -179.9)
    assert path.height_m[0] == pytest.approx(39.5, abs=1e-3)
    assert path.height_m[-1] == pytest.approx(59.5, abs=1e-3)
    assert (np.diff(path.height_m) > 0).all()
    assert path.distance_km[-1] == pytest.approx(
        Geod(ellps="WGS84").inv(179.9, -17.0, -179.9, -17.0)[2] / 1e3, abs=1e-6
    )
    assert ground.editions_used([-17.0], [179.99]) == ground.editions_used([-17.0], [-179.99]) != ()
