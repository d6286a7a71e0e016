"""Files in, editions out: each importer, what it refuses, and what a store promises."""

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest

from comity.errors import ComityError, MissingError
from comity.terrain import open_ground
from comity.terrain.read import read_files
from comity.terrain.store import add, add_all, editions, remove

TILES = Path(__file__).parents[1] / "data" / "terrain"
NG42, NG52 = TILES / "NG42.asc", TILES / "NG52.asc"


def add_files(*paths, **options):
    return [add(source, options.get("kind", "height"))[0] for source in read_files(list(paths), **options)]


def cells_of(edition, store):
    return np.load(store / edition.sha256[:16] / "cells.npy")


def problems_of(*paths, **options):
    with pytest.raises(ComityError) as caught:
        read_files(list(paths), **options)
    return [(p.place, p.message) for p in caught.value.problems]


# --- each form comes in as it is -----------------------------------------------------------------------------


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


# --- land and sea ----------------------------------------------------------------------------------------------


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


# --- bad input: everything at once, nothing half done ------------------------------------------------------------


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


# --- the store ---------------------------------------------------------------------------------------------------


def test_the_same_content_has_the_same_hash_under_any_name_and_is_added_once(store, tmp_path):
    (first,) = add_files(NG42)
    copy = tmp_path / "other_name.asc"
    copy.write_bytes(NG42.read_bytes())
    source = read_files([copy], crs="EPSG:27700")[0]
    again, new = add(source, "height", title="Another title")
    assert not new
    assert again == first
    assert len(editions()) == 1


def test_one_height_changed_by_a_decimetre_is_another_edition(store, tmp_path):
    (first,) = add_files(NG42)
    changed = tmp_path / "NG42.asc"
    changed.write_text(NG42.read_text().replace("134.1", "134.2", 1))
    (second,) = add_files(changed)
    assert first.sha256 != second.sha256


def test_the_hash_is_the_one_its_description_gives(store, tif):
    """An independent reading of the format from the docstring of ``content_hash``."""
    import hashlib

    cells = np.array([[1.5, -9999.0], [0.0, -2.0]], dtype=np.float32)
    (edition,) = add_files(tif("small.tif", cells))
    lattice = np.load(store / edition.sha256[:16] / "lattice.npy")
    record = json.loads((store / edition.sha256[:16] / "edition.json").read_text())
    header = {"format": 1, "kind": "height", "nodes": list(lattice.shape)}
    header["grid"] = {k: v if k in ("rows", "columns") else float(v).hex() for k, v in record["grid"].items()}
    header["lattice"] = {k: float(v).hex() for k, v in record["lattice"].items()}
    body = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    body += b"".join(int(v).to_bytes(8, "little", signed=True) for v in lattice.ravel())
    body += np.array([1.5, np.nan, 0.0, -2.0], dtype="<f4").tobytes()
    assert hashlib.sha256(body).hexdigest() == edition.sha256


def test_samples_have_the_hashes_of_the_manifest_and_a_changed_one_is_refused(samples, monkeypatch, tmp_path):
    from comity.terrain import samples as module

    entry = next(e for e in module.manifest() if e["kind"] == "clutter")
    monkeypatch.setenv("COMITY_CACHE", str(tmp_path))
    with pytest.raises(ComityError, match="damaged"):
        module._unpacked({**entry, "sha256": "0" * 64})
    assert not list(tmp_path.rglob("*.npy"))
    assert {e["sha256"] for e in module.manifest()} == {e.sha256 for e in samples.editions()}


def test_removing_needs_a_name_that_is_there(store):
    (edition,) = add_files(NG42)
    with pytest.raises(MissingError):
        remove("nothing")
    assert remove(edition.sha256[:12]) == edition
    assert editions() == []


def test_a_damaged_edition_says_so_instead_of_serving_wrong_heights(store):
    (edition,) = add_files(NG42)
    np.save(store / edition.sha256[:16] / "cells.npy", np.zeros((3, 3), dtype=np.float32))
    with pytest.raises(ComityError, match="damaged"):
        open_ground(samples=False)


def test_a_store_that_cannot_be_written_is_told_in_words(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ComityError, match="cannot be written") as caught:
        add(read_files([NG42])[0], "height", store=tmp_path / "file" / "store")
    assert "COMITY_HOME" in caught.value.render()


KILLED = """
import sys, time
from pathlib import Path
from comity.terrain.read import read_files
from comity.terrain.store import add
def slow(step, share):
    print(step, flush=True)
    time.sleep(30 if step == sys.argv[2] else 0)
add(read_files([Path(sys.argv[1])])[0], "height", progress=slow)
"""


@pytest.mark.parametrize("step", ["reading", "finding the sea", "hashing"])
def test_nothing_is_half_written_when_an_add_is_killed(store, step):
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(NG42), step], stdout=subprocess.PIPE, env=os.environ
    )
    while child.stdout.readline().decode().strip() != step:
        assert child.poll() is None
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert len(list(store.iterdir())) == 1  # what it had begun
    assert editions() == []
    assert open_ground(samples=False).editions() == ()
    (edition,) = add_files(NG42)  # clears the remains
    assert [f.name for f in store.iterdir()] == [edition.sha256[:16]]


def test_two_processes_that_add_the_same_at_once_leave_one_edition(store):
    code = KILLED.replace("time.sleep(30 if step == sys.argv[2] else 0)", "pass")
    both = [
        subprocess.Popen([sys.executable, "-c", code, str(NG42), "-"], stdout=subprocess.DEVNULL)
        for _ in range(2)
    ]
    deadline = time.monotonic() + 120
    assert [p.wait(timeout=deadline - time.monotonic()) for p in both] == [0, 0]
    assert len(editions()) == 1
    assert len(list(store.iterdir())) == 1


def test_the_command_line_adds_lists_shows_and_removes(store):
    from typer.testing import CliRunner

    from comity.cli.terrain import app

    def run(*words):
        result = CliRunner().invoke(app, list(words), catch_exceptions=False)
        assert result.exit_code == 0
        return result.stdout

    added = json.loads(run("add", str(NG42), str(NG52), "--title", "Cuillin", "--json"))
    assert (added[0]["new"], added[0]["title"]) == (True, "Cuillin")
    assert run("add", str(NG42), str(NG52)).startswith("already there")
    listed = json.loads(run("list", "--json"))
    assert added[0]["id"] in {e["id"] for e in listed}
    assert sum(e["sample"] for e in listed) == 9
    assert "Crown copyright" in run("list")
    shown = json.loads(run("show", "--json", "--", "57.2066", "-6.2236"))
    assert shown["height_m"] == pytest.approx(976.3, abs=0.1)
    assert shown["editions"][0]["id"] == added[0]["id"]
    assert "removed" in run("remove", added[0]["id"])


def test_clutter_and_coastlines_are_added_by_kind(store, tif):
    from typer.testing import CliRunner

    from comity.cli.terrain import app

    codes = tif("cover.tif", np.full((20, 20), 21, dtype=np.uint8), nodata=0)
    ring = [[9.0, 49.0], [11.0, 49.0], [11.0, 51.0], [9.0, 51.0], [9.0, 49.0]]
    (codes.parent / "c.geojson").write_text(
        json.dumps({"features": [{"geometry": {"type": "Polygon", "coordinates": [ring]}}]})
    )
    for words in (
        ["--kind", "clutter", str(codes)],
        ["--kind", "coastline", "--bounds=8,48,12,52", str(codes.parent / "c.geojson")],
    ):
        assert CliRunner().invoke(app, ["add", *words], catch_exceptions=False).exit_code == 0
    ground = open_ground(samples=False)
    assert ground.clutter_class(49.9, 10.1)[0] == 21
    assert ground.is_sea(48.5, 8.5)[0]
    with pytest.raises(ComityError, match="no such kind"):
        CliRunner().invoke(app, ["add", "--kind", "moon", str(codes)], catch_exceptions=False)
    with pytest.raises(ComityError, match="bounds cannot be read"):
        CliRunner().invoke(app, ["add", "--bounds", "1,2,3", str(codes)], catch_exceptions=False)
    with pytest.raises(ComityError, match="not a clutter grid"):
        CliRunner().invoke(
            app,
            ["add", "--kind", "clutter", str(tif("h.tif", np.full((3, 3), 0.5, dtype=np.float32)))],
            catch_exceptions=False,
        )
