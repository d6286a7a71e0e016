"""Files in, editions out: each importer, coastlines and zones, and which grid has the say."""

import json
import zipfile

import numpy as np
import pytest
from terrain_kit import NG42, NG52, add_files, cells_of

from comity.errors import MissingError
from comity.terrain import open_ground
from comity.terrain.read import read_files
from comity.terrain.store import add


def test_two_os_terrain_50_tiles_join_without_a_seam(store):
    (edition,) = add_files(NG52, NG42)
    cells = cells_of(edition, store)
    assert cells.shape == (200, 400)
    assert (edition.crs, edition.resolution_m, edition.licence) == (
        "EPSG:27700",
        50.0,
        "Open Government Licence v3.0",
    )
    for tile, columns in ((NG42, slice(0, 200)), (NG52, slice(200, 400))):
        rows = [line.split() for line in tile.read_text().splitlines()[5:]]
        supplied = np.array(rows, dtype=np.float32)
        here = cells[:, columns]
        assert np.array_equal(here[here != 0.0], supplied[here != 0.0])
    seam = open_ground(samples=False).height_m([57.24], [-6.155])
    assert np.isfinite(seam).all()


def test_os_tiles_and_the_shipped_square_agree(store):
    shipped = open_ground(store.parent / "none")
    add(read_files([NG42, NG52])[0], "height", coastlines=shipped.of_kind("coastline"))
    native = open_ground(samples=False)
    latitude, longitude = np.meshgrid(np.linspace(57.215, 57.285, 40), np.linspace(-6.28, -6.03, 40))
    land = ~shipped.is_sea(latitude, longitude)
    a, b = native.height_m(latitude, longitude)[land], shipped.height_m(latitude, longitude)[land]
    assert np.abs(a - b).max() < 0.01


@pytest.mark.parametrize("nested", [False, True])
def test_the_zip_of_os_terrain_50_is_read_as_downloaded(store, tmp_path, nested):
    direct = add_files(NG42, NG52)
    whole = tmp_path / "terr50.zip"
    with zipfile.ZipFile(whole, "w") as outer:
        for tile in (NG42, NG52):
            if not nested:
                outer.write(tile, f"data/ng/{tile.name}")
                continue
            inner = tmp_path / f"{tile.stem}.zip"
            with zipfile.ZipFile(inner, "w") as archive:
                archive.write(tile, tile.name)
                archive.writestr("metadata.xml", "<m/>")
            outer.write(inner, f"data/ng/{tile.stem.lower()}_OST50GRID.zip")
    (edition,) = add_files(whole)
    assert edition.sha256 == direct[0].sha256


def hgt(path, heights):
    path.write_bytes(heights.astype(">i2").tobytes())
    return path


def test_srtm_tiles_put_their_samples_on_whole_degrees(store, tmp_path):
    side = 1201
    columns = np.mgrid[0:side, 0:side][1]
    west = hgt(tmp_path / "N24E120.hgt", 100 + columns // 10)
    east = hgt(tmp_path / "N24E121.hgt", 220 + columns // 10)
    (edition,) = add_files(west, east)
    assert edition.resolution_m == pytest.approx(92.7, abs=0.1)
    ground = open_ground(samples=False)
    assert ground.height_m([24.5, 24.5, 24.5], [120.0, 121.0, 121.9]) == pytest.approx(
        [100.0, 220.0, 328.0], abs=1e-9
    )
    assert cells_of(edition, store).shape == (1201, 2401)


def test_voids_of_srtm_are_no_data(store, tmp_path):
    heights = np.full((1201, 1201), 500)
    heights[600, 600] = -32768
    add_files(hgt(tmp_path / "S10W060.hgt", heights))
    ground = open_ground(samples=False)
    assert ground.height_m(-9.2, -59.2)[0] == 500.0
    with pytest.raises(MissingError, match="1 point"):
        ground.height_m(-9.5, -59.5)


@pytest.mark.parametrize("dtype", ["int16", "uint16", "float32", "float64", "int32"])
def test_geotiff_of_any_number_type(store, tif, dtype):
    cells = np.arange(12).reshape(3, 4).astype(dtype)
    (edition,) = add_files(tif("a.tif", cells, nodata=11))
    found = cells_of(edition, store)
    assert np.array_equal(found.ravel()[:11], np.arange(11, dtype=np.float32))
    assert np.isnan(found[2, 3])


def test_a_grid_that_lies_upside_down_is_turned(store, tmp_path):
    import rasterio
    from affine import Affine

    path = tmp_path / "up.tif"
    cells = np.arange(12, dtype=np.float32).reshape(3, 4)
    profile = {"driver": "GTiff", "height": 3, "width": 4, "count": 1, "dtype": "float32", "crs": "EPSG:4326"}
    with rasterio.open(path, "w", transform=Affine(0.01, 0, 10, 0, 0.01, 50), **profile) as out:
        out.write(cells, 1)
    (edition,) = add_files(path)
    assert np.array_equal(cells_of(edition, store), cells[::-1])
    assert edition.grid.north == pytest.approx(50.03)


def test_scale_and_offset_of_a_band_are_applied(store, tmp_path):
    import rasterio
    from rasterio.transform import from_origin

    path = tmp_path / "scaled.tif"
    profile = {"driver": "GTiff", "height": 2, "width": 2, "count": 1, "dtype": "int16", "crs": "EPSG:4326"}
    with rasterio.open(path, "w", nodata=-1, transform=from_origin(10, 50, 0.1, 0.1), **profile) as out:
        out.write(np.array([[0, 10], [-1, 25]], dtype=np.int16), 1)
        out.scales, out.offsets = (0.1,), (100.0,)
    (edition,) = add_files(path)
    assert np.array_equal(cells_of(edition, store), np.float32([[100, 101], [np.nan, 102.5]]), equal_nan=True)


def test_a_coastline_makes_unknown_ground_sea_outside_and_missing_inside(store, tmp_path):
    ring = [[30.0, 10.0], [32.0, 10.0], [32.0, 12.0], [30.0, 12.0], [30.0, 10.0]]
    island = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}]}  # fmt: skip
    path = tmp_path / "island.geojson"
    path.write_text(json.dumps(island))
    add_files(path, kind="coastline", bounds=(29.0, 9.0, 33.0, 13.0))
    ground = open_ground(samples=False)
    assert ground.height_m(9.5, 29.5)[0] == 0.0
    assert ground.is_sea(9.5, 29.5)[0]
    for inside_or_beyond in ((11.0, 31.0), (20.0, 31.0)):
        with pytest.raises(MissingError):
            ground.height_m(*inside_or_beyond)


def test_the_zone_changes_at_50_km_from_the_sea_and_above_100_m(store, tmp_path, tif):
    ring = [[30.0, -1.0], [33.0, -1.0], [33.0, 1.0], [30.0, 1.0], [30.0, -1.0]]
    land = {"features": [{"geometry": {"type": "Polygon", "coordinates": [ring]}}]}
    path = tmp_path / "land.geojson"
    path.write_text(json.dumps(land))
    add_files(path, kind="coastline", bounds=(29.0, -2.0, 34.0, 2.0))
    heights = np.full((40, 120), 100.0, dtype=np.float32)
    heights[:20] = 100.5
    add_files(tif("land.tif", heights, west=30.0, north=0.2))
    ground = open_ground(samples=False)
    km = 1.0 / 111.195
    assert ground.zone([-0.1, -0.1, 0.1], [30 + 49 * km, 30 + 51 * km, 30 + 49 * km]).tolist() == [1, 2, 2]


def test_a_valid_cell_is_land_whatever_the_coastline_says(store, tif):
    """Reclaimed land off Hsinchu, newer and finer than the samples: 5 m high, 20 km outside the coastline."""
    cells = np.full((200, 200), 5.0, dtype=np.float32)
    add_files(tif("reclaimed.tif", cells, west=120.60, north=24.90, cell=0.0005))
    ground = open_ground()
    assert open_ground(store.parent / "none").is_sea(24.85, 120.65)[0]
    assert not ground.is_sea(24.85, 120.65)[0]
    assert ground.height_m(24.85, 120.65)[0] == 5.0


def test_a_point_in_a_valid_cell_beside_the_void_is_land_with_the_height_of_its_cell(store, tif):
    cells = np.full((5, 5), -9999.0, dtype=np.float32)
    cells[2, 2] = 40.0
    add_files(tif("rock.tif", cells))
    ground = open_ground(samples=False)
    assert ground.height_m(49.9760, 10.0290)[0] == 40.0
    with pytest.raises(MissingError):
        ground.height_m(49.9760, 10.0310)


def test_heights_below_the_sea_inland_stay(store, tif):
    """A polder is land: low cells are the sea's only where a grid gives the open sea heights and they touch it."""
    add_files(tif("polder.tif", np.full((50, 50), -4.0, dtype=np.float32), west=-0.5, north=52.9))
    assert open_ground().height_m(52.65, -0.25)[0] == -4.0


def test_the_finest_grid_has_the_say_and_the_coarse_one_fills_its_holes(store, tif):
    coarse = np.full((40, 40), 10.0, dtype=np.float32)
    fine = np.full((100, 100), 20.0, dtype=np.float32)
    fine[40:60, 40:60] = -9999.0
    add_files(tif("coarse.tif", coarse))
    add_files(tif("fine.tif", fine, west=10.1, north=49.9, cell=0.001))
    ground = open_ground(samples=False)
    assert ground.height_m([49.85, 49.88, 49.70], [10.15, 10.12, 10.05]).tolist() == [10.0, 20.0, 10.0]
    heights = ground.paths(49.88, 10.12, 49.82, 10.18, spacing_m=20).height_m
    assert set(heights) == {10.0, 20.0}


def test_what_is_added_covers_the_hole_of_xueshan(store, tif):
    heights = np.full((300, 300), 3000.0, dtype=np.float32)
    add_files(tif("xueshan.tif", heights, west=120.95, north=24.65, cell=0.001))
    assert len(open_ground().paths(24.45, 121.05, 24.57, 121.12)) == 1
