"""``comity coverage``: files, words, refusals."""

import json
from pathlib import Path

import numpy as np
import pytest
import rasterio
import typer
from typer.testing import CliRunner

from comity.cli.coverage import HELP, command
from comity.coordination.coverage import Plan, Transmitter, coverage
from comity.errors import ComityError, MissingError
from comity.terrain import open_ground

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


def test_radial_tells_how_far_it_is_from_exact(run):
    text = run("--mode", "radial")
    assert "radial differs from exact on" in text
    assert "90 %" in text


def test_the_antenna_of_the_guide_shapes_the_level(run):
    plain = json.loads(run("--json"))["area_km2_at_or_above"]
    shaped = json.loads(run("--json", "--antenna", str(EXAMPLES / "sector.toml"), "--azimuth", "90"))
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
