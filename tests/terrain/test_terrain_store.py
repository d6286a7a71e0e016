"""The store: one content one hash, nothing half-written, the command line over it."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from terrain_kit import NG42, NG52, add_files

from comity.errors import ComityError, MissingError
from comity.terrain import open_ground
from comity.terrain.read import read_files
from comity.terrain.store import add, editions, remove


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
    with pytest.raises(MissingError) as caught:
        remove(edition.id)
    assert "samples cannot be removed" in caught.value.render()


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
