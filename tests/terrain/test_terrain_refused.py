"""What is no ground is refused, every fault of every file at once, and nothing of it is added."""

import json

import numpy as np
import pytest
from terrain_kit import NG42, add_files, problems_of

from comity.errors import ComityError
from comity.terrain.read import read_files
from comity.terrain.store import add_all, editions


def test_every_fault_of_every_file_is_told_at_once(store, tmp_path):
    (tmp_path / "XX00.asc").write_text(
        "ncols 3\nnrows 2\nxllcorner 0\nyllcorner 0\ncellsize 50\n1 2 x\n4 five 6\n"
    )
    (tmp_path / "short.asc").write_text("ncols 3\nnrows 2\nxllcorner 0\ncellsize many\n1 2 3\n")
    (tmp_path / "few.asc").write_text("ncols 3\nnrows 2\nxllcorner 0\nyllcorner 0\ncellsize 50\n1 2 3\n")
    (tmp_path / "mountain.hgt").write_bytes(b"12345")
    (tmp_path / "broken.tif").write_bytes(b"II*\x00 nothing")
    (tmp_path / "broken.zip").write_bytes(b"PK nothing")
    (tmp_path / "notes.doc").write_text("hello")
    found = problems_of(*sorted(tmp_path.glob("*.*")))
    text = "\n".join(f"{place}: {message}" for place, message in found)
    for part in [
        "XX00.asc line 6: 'x' is no height", "XX00.asc line 7: 'five' is no height", "XX00.asc: no coordinate",
        "short.asc line 4: 'cellsize many' has no number", "short.asc: no line yllcorner",
        "few.asc: 3 heights where 2 x 3 = 6", "mountain.hgt: the name", "mountain.hgt: 5 bytes",
        "broken.tif: cannot be read", "broken.zip: cannot be unpacked", "notes.doc: is of no known form",
    ]:  # fmt: skip
        assert part in text
    assert editions() == []


def test_a_missing_reference_system_asks_for_crs_and_takes_it(store, tif):
    path = tif("bare.tif", np.ones((3, 3), dtype=np.float32), crs=None)
    assert problems_of(path) == [("bare.tif", "no coordinate reference system")]
    (edition,) = add_files(path, crs="EPSG:4326")
    assert edition.crs == "EPSG:4326"
    assert problems_of(path, crs="EPSG:nothing")[0][0] == "--crs"


def test_the_reference_system_of_a_prj_file_counts(store, tmp_path):
    from pyproj import CRS

    asc = tmp_path / "grid.asc"
    asc.write_text("ncols 2\nnrows 2\nxllcorner 250000\nyllcorner 2740000\ncellsize 20\n1 2\n3 4\n")
    asc.with_suffix(".prj").write_text(CRS.from_epsg(3826).to_wkt("WKT1_ESRI"))
    (edition,) = add_files(asc)
    assert edition.crs == "EPSG:3826"
    assert edition.bounds_wgs84[0] == pytest.approx(121.0, abs=0.01)


@pytest.mark.parametrize(("height", "said"), [(12_000.0, "12000"), (-9999.0, "-9999"), (32767.0, "32767")])
def test_heights_that_are_no_ground_are_refused(store, tif, height, said):
    cells = np.array([[1.0, height]] * 2, dtype=np.float32)
    with pytest.raises(ComityError, match="impossible heights") as caught:
        add_files(tif("odd.tif", cells, nodata=None))
    assert said in caught.value.render()
    assert editions() == []


def test_a_grid_without_any_height_and_one_off_the_earth_are_refused(store, tif):
    with pytest.raises(ComityError, match="impossible heights"):
        add_files(tif("empty.tif", np.full((2, 2), -9999.0, dtype=np.float32)))
    with pytest.raises(ComityError, match="unusable georeference"):
        add_files(tif("lost.tif", np.ones((2, 2), dtype=np.float32), crs="EPSG:27700", west=9e9, north=9e9))


def test_a_rotated_or_bare_grid_and_more_bands_are_refused(store, tmp_path):
    import rasterio
    from affine import Affine

    profile = {"driver": "GTiff", "height": 2, "width": 2, "count": 2, "dtype": "float32", "crs": "EPSG:4326"}
    path = tmp_path / "turned.tif"
    with rasterio.open(path, "w", transform=Affine(0.1, 0.05, 10, 0.05, -0.1, 50), **profile) as out:
        out.write(np.ones((2, 2, 2), dtype=np.float32))
    assert [message for _, message in problems_of(path)] == ["2 bands", "the grid is rotated"]


def test_a_coastline_that_is_none_is_refused(store, tmp_path):
    path = tmp_path / "line.geojson"
    path.write_text(
        json.dumps({"features": [{"geometry": {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}}]})
    )
    assert problems_of(path, kind="coastline") == [("line.geojson feature 0", "is a LineString")]
    path.write_text("{")
    assert "is no GeoJSON" in problems_of(path, kind="coastline")[0][1]


def test_one_bad_grid_among_good_ones_adds_none(store, tif):
    good = tif("good.tif", np.ones((3, 3), dtype=np.float32))
    bad = [tif(f"bad{k}.tif", np.full((3, 3), 9e4, dtype=np.float32), west=20.0 + 10 * k) for k in range(2)]
    with pytest.raises(ComityError, match="nothing was added: 2 problems"):
        add_all(read_files([good, *bad]), "height")
    assert editions() == []


def test_a_tile_of_os_terrain_50_is_known_under_longer_names_and_hinted_at_where_the_corner_differs(tmp_path):
    longer, moved = tmp_path / "os_terrain50_NG42.asc", tmp_path / "os_terrain50_NG43.asc"
    for copy in (longer, moved):
        copy.write_bytes(NG42.read_bytes())
    assert read_files([longer])[0].title == "OS Terrain 50 NG42"
    with pytest.raises(ComityError, match="EPSG:27700"):
        read_files([moved])
