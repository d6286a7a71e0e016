"""Coverage of an application's stations: their powers summed, and the same bytes wherever the tiles run."""

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio
import typer
from typer.testing import CliRunner

from comity.cli._coverage import stations_of
from comity.cli.coverage import HELP, command
from comity.compute.executors import open_executor
from comity.coordination import coverage as engine
from comity.coordination import network as stations
from comity.coordination.coverage import Plan, coverage
from comity.coordination.coverage_network import network_coverage
from comity.errors import ComityError, MissingError
from comity.propagation.p2109 import Building, building_entry_loss
from comity.terrain import open_ground

EXAMPLES = Path(__file__).parents[2] / "examples"
FAB, SKYE = EXAMPLES / "tw-hsinchu-fab.toml", EXAMPLES / "uk-skye-distillery-low.toml"


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    return open_ground(tmp_path_factory.mktemp("store"))


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("COMITY_HOME", str(tmp_path / "home"))
    app = typer.Typer()
    app.command(help=HELP)(command)

    def call(*words: str) -> str:
        result = CliRunner().invoke(app, [*words, "--out", str(tmp_path / "out")], catch_exceptions=False)
        assert result.exit_code == 0
        return result.stdout

    return call


def mast(**changes):
    return stations.Transmitter("A", 57.25, -6.25, 20.0, 40.0, polarisation="vertical", **changes)


def test_the_powers_of_all_stations_of_the_file_are_summed_each_through_its_building(ground):
    """Oracle: the engine of single transmitters, one station at a time, P.2109 by its public function."""
    found = stations_of(FAB)
    latitude, longitude = found.centre
    plan, total = Plan(0.9, 60.0), 0.0
    level = network_coverage(ground, found.transmitters, found.policy, plan, centre=found.centre).level_dbm
    written = tomllib.loads(FAB.read_text())["stations"]
    entry = building_entry_loss(found.policy.frequency_mhz, 50.0, Building.THERMALLY_EFFICIENT)
    rows, columns = np.nonzero(np.isfinite(level))
    from comity.coordination.coverage_exact import pixel_loss_db
    from comity.terrain.frame import frame_around
    from comity.terrain.geodesy import distance_km

    places = frame_around(latitude, longitude, 0.9, 60.0).places(rows, columns)
    for one in written:
        here = one["latitude"], one["longitude"]
        single = engine.Transmitter(*here, one["height_m"], found.policy.frequency_mhz)
        loss = pixel_loss_db(ground, single, plan, *places, distance_km(*here, *places))
        total = total + 10 ** ((one["eirp_dbm"] - loss - entry) / 10)
    assert len(written) == 6
    assert level[rows, columns] == pytest.approx(10 * np.log10(total), abs=0.011)


def test_one_outdoor_station_is_the_single_transmitter_and_its_antenna(ground):
    spec = {"pattern": "f1336-sector", "gain_dbi": 16.0, "beamwidth_deg": 65.0}
    policy = replace(stations_of(SKYE).policy, frequency_mhz=3900.0)
    from comity.antennas import Mounted, from_spec

    plan = Plan(3.0, 100.0)
    antenna = Mounted(from_spec(spec, "peak", frequency_mhz=3900.0), 90.0, 4.0)
    alone = coverage(ground, engine.Transmitter(57.25, -6.25, 20.0, 3900.0, 40.0, antenna), plan)
    one = mast(antenna=spec, azimuth_deg=90.0, tilt_deg=4.0)
    level = network_coverage(ground, (one,), policy, plan, centre=(57.25, -6.25)).level_dbm
    difference = np.abs(level - engine.level_dbm(ground, alone))
    assert np.array_equal(np.isnan(level), np.isnan(alone.loss_db))
    # Half a hundredth; a bit more where a distance of a millimetre less moves the profile's points.
    assert np.nanpercentile(difference, 99) < 0.0051
    assert np.nanmax(difference) < 0.05


def test_two_equal_stations_make_three_decibels_and_their_order_nothing(ground):
    policy = stations_of(SKYE).policy
    plan, centre = Plan(2.0, 100.0), (57.25, -6.25)
    pair = mast(), replace(mast(), id="B", eirp_dbm=40.0)
    one, two, turned = (
        network_coverage(ground, those, policy, plan, centre=centre).level_dbm
        for those in ((mast(),), pair, pair[::-1])
    )
    gain = (two - one)[np.isfinite(one)]
    assert gain.size > 1200
    assert gain == pytest.approx(10 * np.log10(2), abs=0.0051)
    assert two.tobytes() == turned.tobytes()


def test_serial_threads_and_a_cluster_of_processes_give_the_same_bytes(ground, tmp_path):
    """One exact transmitter and a network, in memory and through the store; the cluster is Dask's own, of processes."""
    pytest.importorskip("distributed")
    single, plan = engine.Transmitter(24.80, 120.97, 30.0, 3500.0), Plan(4.0, 20.0)  # four tiles
    found = stations_of(SKYE)
    whole, bytes_of = set(), set()
    for kind in ("serial", "threads", "dask"):
        with open_executor(kind, workers=2) as pool:
            whole.add(coverage(ground, single, plan, executor=pool).loss_db.tobytes())
            kept = network_coverage(
                ground, found.transmitters, found.policy, Plan(3.0, 20.0), centre=found.centre, executor=pool,
                folder=tmp_path / kind,
            )  # fmt: skip
            bytes_of.add(kept.level_dbm.tobytes())
    assert len(whole) == len(bytes_of) == 1


def test_where_radials_are_walked_changes_no_byte(ground, monkeypatch):
    """A transmitter and a network beside the middle of the raster, in many small shares and in one."""
    pytest.importorskip("distributed")
    from comity.coordination import coverage_radial

    single, plan = engine.Transmitter(24.80, 120.97, 30.0, 3500.0), Plan(4.0, 40.0)
    found = stations_of(SKYE)
    whole, bytes_of, told = set(), set(), []
    for kind, points in (("serial", 10**9), ("serial", 3_000), ("threads", 3_000), ("dask", 20_000)):
        monkeypatch.setattr(coverage_radial, "_THREAD_POINTS", points)
        monkeypatch.setattr(coverage_radial, "_TASK_POINTS", points)
        with open_executor(kind, workers=2) as pool:
            whole.add(coverage(ground, single, plan, mode="radial", executor=pool).loss_db.tobytes())
            level = network_coverage(
                ground, found.transmitters, found.policy, Plan(3.0, 40.0), centre=found.centre, mode="radial",
                executor=pool, progress=lambda done, total: told.append((done, total)),
            )  # fmt: skip
            bytes_of.add(level.level_dbm.tobytes())
    assert len(whole) == len(bytes_of) == 1
    assert told[-1][0] == told[-1][1] > 1


def test_a_network_by_radials_sums_the_levels_of_its_stations_by_radials(ground):
    """Oracle: each station's losses alone, antenna and building by their public functions, summed in plain numpy."""
    from comity.antennas import Mounted, from_spec
    from comity.coordination.coverage_radial import radial_losses_db
    from comity.terrain.frame import frame_around
    from comity.terrain.geodesy import bearing_deg, distance_km

    spec = {"pattern": "f1336-sector", "gain_dbi": 16.0, "beamwidth_deg": 65.0}
    policy, centre = replace(stations_of(SKYE).policy, frequency_mhz=3900.0), (57.25, -6.25)
    sector = mast(antenna=spec, azimuth_deg=90.0, tilt_deg=4.0)
    beside = replace(mast(), id="B", latitude_deg=57.262, longitude_deg=-6.24, eirp_dbm=33.0)
    plan = Plan(2.0, 80.0)
    level = network_coverage(ground, (beside, sector), policy, plan, centre=centre, mode="radial").level_dbm
    frame = frame_around(*centre, plan.radius_km, plan.pixel_m)
    antenna = Mounted(from_spec(spec, "peak", frequency_mhz=3900.0), 90.0, 4.0)
    single = engine.Transmitter(57.25, -6.25, 20.0, 3900.0, 40.0, antenna)
    alone = engine.level_dbm(ground, coverage(ground, single, plan, mode="radial"))
    other = engine.Transmitter(57.262, -6.24, 20.0, 3900.0)
    total = 10 ** (alone / 10) + 10 ** ((33.0 - next(radial_losses_db(ground, frame, [other], plan))) / 10)
    assert np.array_equal(np.isnan(level), np.isnan(total))
    assert level[~np.isnan(level)] == pytest.approx(10 * np.log10(total[~np.isnan(total)]), abs=0.011)
    far, turn = (f(57.262, -6.24, *centre) for f in (distance_km, bearing_deg))
    assert far > 1.0 and 180.0 < turn < 270.0  # the second station does stand beside the middle


@pytest.mark.parametrize("cover", ["none", "degurba"])
def test_a_network_by_radials_agrees_with_the_exact_one_as_well_as_shifted_profiles_do(ground, cover):
    found = stations_of(SKYE)
    plan = Plan(3.0, 60.0, cover=cover)
    told = (ground, found.transmitters, found.policy)
    exact = network_coverage(*told, plan, centre=found.centre).level_dbm
    shifted = network_coverage(*told, replace(plan, spacing_m=66.0), centre=found.centre).level_dbm
    radial = network_coverage(*told, plan, centre=found.centre, mode="radial")
    assert np.array_equal(np.isnan(exact), np.isnan(radial.level_dbm))
    error, yardstick = (np.abs(a - exact)[np.isfinite(exact)] for a in (radial.level_dbm, shifted))
    assert np.median(error) < 1.0
    assert np.percentile(error, 90) < 2.5 * np.percentile(yardstick, 90) + 1.0
    assert radial.difference.median_db == pytest.approx(np.median(error), abs=0.05)


def test_an_interrupted_network_goes_on_to_the_same_bytes_and_other_stations_are_refused(ground, tmp_path):
    pytest.importorskip("zarr")
    found, plan = stations_of(SKYE), Plan(3.0, 20.0)
    told = {"centre": found.centre}
    whole = network_coverage(ground, found.transmitters, found.policy, plan, folder=tmp_path / "a", **told)

    class PulledPlug(Exception):
        pass

    def pull(done, total):
        raise PulledPlug

    counts = []
    with pytest.raises(PulledPlug):
        network_coverage(
            ground, found.transmitters, found.policy, plan, folder=tmp_path / "b", progress=pull, **told
        )
    again = network_coverage(
        ground, found.transmitters, found.policy, plan, folder=tmp_path / "b",
        progress=lambda done, total: counts.append((done, total)), **told,
    )  # fmt: skip
    assert counts == [(2, 4), (3, 4), (4, 4)]
    assert again.level_dbm.tobytes() == whole.level_dbm.tobytes()
    louder = (
        replace(found.transmitters[0], eirp_dbm=found.transmitters[0].eirp_dbm + 1),
        *found.transmitters[1:],
    )
    with pytest.raises(ComityError, match="other inputs"):
        network_coverage(ground, louder, found.policy, plan, folder=tmp_path / "b", **told)


def test_a_station_on_unknown_ground_is_named(ground):
    away = replace(mast(), id="AWAY", latitude_deg=51.45, longitude_deg=-2.6)
    with pytest.raises(MissingError, match="AWAY"):
        network_coverage(
            ground, (mast(), away), stations_of(SKYE).policy, Plan(1.0, 100.0), centre=(57.25, -6.25)
        )


def test_the_command_takes_an_application_and_writes_its_level(run, tmp_path):
    record = json.loads(run(str(SKYE), "--radius", "2", "--pixel", "100", "--json"))
    assert record["application"] == "UK-2026-SKYE-LOW"
    assert [one["id"] for one in record["inputs"]["stations"]] == sorted(
        one["id"] for one in tomllib.loads(SKYE.read_text())["stations"]
    )
    with rasterio.open(tmp_path / "out" / "coverage.tif") as data:
        assert data.descriptions == ("level_dbm",)
        assert int(np.isfinite(data.read(1)).sum()) == record["pixels"] > 1200
    assert "2 stations, power-summed" in run(str(SKYE), "--radius", "1", "--pixel", "100")


def test_the_command_takes_an_application_by_radials_and_tells_how_far_it_is_from_exact(run, tmp_path):
    text = run(str(SKYE), "--radius", "2", "--pixel", "100", "--mode", "radial", "--workers", "2")
    assert "2 stations, power-summed" in text
    assert "radial differs from exact on" in text
    record = json.loads((tmp_path / "out" / "coverage.json").read_text())
    assert record["mode"] == "radial"
    assert record["difference_from_exact"]["pixels"] > 1000


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([str(SKYE), "--latitude", "57", "--eirp", "30"], "--eirp: given beside"),
        ([], "--longitude: is missing"),
        ([str(SKYE), "--mode", "radial", "--model", "p452"], "radial walks P.1812 only"),
        ([str(SKYE), "--address", "tcp://127.0.0.1:8786"], "with --executor dask"),
        ([str(SKYE), "--executor", "grid"], "serial, threads, dask"),
        ([str(EXAMPLES / "nowhere.toml")], "not found"),
        (
            ["--latitude", "57.25", "--longitude", "-6.25", "--mode", "radial", "--resume", "x"],
            "keeps no tiles",
        ),
    ],
)
def test_what_does_not_go_together_is_refused_and_nothing_is_written(run, tmp_path, words, said):
    with pytest.raises(ComityError) as caught:
        run(*words)
    assert said in caught.value.render()
    assert not (tmp_path / "out").exists()
