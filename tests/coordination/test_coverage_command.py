"""``comity coverage``: files, words, refusals."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import rasterio
import typer
from typer.testing import CliRunner

from comity.cli.coverage import HELP, command
from comity.coordination.coverage import Plan, Transmitter, coverage
from comity.coordination.coverage_page import Antenna, coverage_page
from comity.errors import ComityError, MissingError
from comity.terrain import open_ground
from comity.terrain.frame import Frame

EXAMPLES = Path(__file__).parents[2] / "examples"
PLACE = ["--latitude", "57.25", "--longitude", "-6.25", "--radius", "2", "--pixel", "100", "--cover", "none"]


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("COMITY_HOME", str(tmp_path / "home"))
    app = typer.Typer()
    app.command(help=HELP)(command)

    def call(*words: str) -> str:
        result = CliRunner().invoke(
            app, [*PLACE, "--out", str(tmp_path / "out"), *words], catch_exceptions=False
        )
        assert result.exit_code == 0
        return result.stdout

    return call


def test_it_writes_geotiff_picture_and_record(run, tmp_path):
    record = json.loads(run("--json", "--eirp", "40"))
    assert record == json.loads((tmp_path / "out" / "coverage.json").read_text())
    found = coverage(
        open_ground(), Transmitter(57.25, -6.25, 30.0, 3500.0, 40.0), Plan(2.0, 100.0, cover="none")
    )
    with rasterio.open(tmp_path / "out" / "coverage.tif") as data:
        level, loss = data.read()
        assert data.descriptions == ("level_dbm", "loss_db")
        assert np.allclose(loss, found.loss_db, atol=0.006, equal_nan=True)
        assert np.allclose(level, 40.0 - found.loss_db, atol=0.011, equal_nan=True)
        assert "Crown copyright" in data.tags()["ATTRIBUTION"]
        assert data.xy(20, 20) == pytest.approx((0.0, 0.0), abs=1e-9)  # the centre of the frame
        assert "57.25" in data.crs.to_wkt()
    with rasterio.open(tmp_path / "out" / "coverage.png") as picture:
        assert (picture.width, picture.height, picture.count) == (41, 41, 3)
    assert record["pixels"] == int(np.isfinite(found.loss_db).sum())
    assert {e["sha256"] for e in record["editions"]} == {e.sha256 for e in found.editions}


def test_the_page_shows_classes_station_scale_and_north_and_the_files_name_the_classes(run, tmp_path):
    record = json.loads(
        run("--json", "--antenna", str(EXAMPLES / "antennas" / "sector.toml"), "--azimuth", "90")
    )
    page = (tmp_path / "out" / "coverage.html").read_text(encoding="utf-8")
    classes = record["classes"]
    assert [str(one["at_least_dbm"]) for one in classes] == list(record["area_km2_at_or_above"])
    legend = page.split('class="steps"')[1].split("</ul>")[0]
    for one in classes:
        assert one["colour"] in legend
        assert str(one["at_least_dbm"]).replace("-", "−") in legend
    with rasterio.open(tmp_path / "out" / "coverage.tif") as data:
        told = dict(pair.split(":") for pair in data.tags()["CLASSES_DBM"].split())
    assert told == {str(one["at_least_dbm"]): one["colour"] for one in classes}
    wide = page.split('class="wide-only"')[1].split("</svg>")[0]
    # The transmitter is the middle of its map, and its sector looks east.
    assert re.search(r'<circle cx="440" cy="440" r="4.5" class="station"', wide)
    assert re.search(r'd="M440\.?0? 440\.?0?L4[56]\d', wide)
    for mark in ("scale-edge", "arrow", "° W", "° N"):
        assert mark in wide
    assert "Crown copyright" in page
    assert "http" not in page.replace("http-equiv", "")


def test_a_page_of_a_network_marks_a_mast_once_with_all_its_sectors():
    frame = Frame(57.25, -6.25, 20, 100.0)
    antennas = [Antenna(57.25, -6.25, 0.0), Antenna(57.25, -6.25, 120.0), Antenna(57.26, -6.25, None)]
    record = {
        "mode": "exact",
        "application": "A<B",
        "blank_share": 0.4,
        "area_km2_at_or_above": {"-120": 1.0},
    }
    page = coverage_page(
        open_ground(), frame, np.full((41, 41), -70.0), Plan(2.0, 100.0), antennas, record, ()
    )
    wide = page.split('class="wide-only"')[1].split("</svg>")[0]
    assert wide.count('class="station"') == 2
    assert wide.count('class="sector"') == 2
    north = [float(y) for y in re.findall(r'<circle cx="440" cy="([\d.]+)" r="4.5"', wide)]
    # A hundredth of a degree of latitude is 1114 m there; 4.1 km are 880 px.
    assert max(north) - min(north) == pytest.approx(1114 * 880 / 4100, abs=1)
    assert "40% of the circle is blank" in page
    assert "A&lt;B" in page
    assert "A<B" not in page


def test_radial_tells_how_far_it_is_from_exact(run):
    text = run("--mode", "radial")
    assert "radial differs from exact on" in text
    assert "90 %" in text


def test_the_antenna_of_the_guide_shapes_the_level(run):
    plain = json.loads(run("--json"))["area_km2_at_or_above"]
    shaped = json.loads(
        run("--json", "--antenna", str(EXAMPLES / "antennas" / "sector.toml"), "--azimuth", "90")
    )
    assert shaped["area_km2_at_or_above"]["-90"] < plain["-90"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--mode", "quick"], "exact or radial"),
        (["--radius", "0", "--pixel", "-1"], "0.001 to 1000 km"),
        (["--frequency", "7000"], "frequency_mhz"),
        (["--antenna", "nowhere.toml"], "not found"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(run, words, said):
    with pytest.raises(ComityError) as caught:
        run(*words)
    assert said in caught.value.render()


def test_a_transmitter_on_unknown_ground_is_an_error_and_nothing_is_written(run, tmp_path):
    with pytest.raises(MissingError, match="terrain is missing"):
        run("--latitude", "51.45", "--longitude", "-2.6")
    assert not (tmp_path / "out").exists()
