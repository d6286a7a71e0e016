"""The back end for GPUs, executed as PTX: profiles, losses and areas have the bits of the CPU."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("numba_cuda", reason="compiles for CUDA; no GPU is needed")
from ptx_device import PtxDevice, ptx_of
from typer.testing import CliRunner

from comity.antennas import Mounted
from comity.antennas.f1336 import Sector
from comity.coordination import conformance_gpu, coverage_cuda
from comity.coordination.coverage import Plan, Transmitter, coverage, level_dbm
from comity.coordination.coverage_exact import losses_in_blocks
from comity.coordination.coverage_network import network_coverage
from comity.coordination.network import Transmitter as Station
from comity.coordination.policy import Policy
from comity.errors import ComityError, MissingError
from comity.propagation import p452
from comity.propagation.cuda import device as devices
from comity.propagation.cuda import point_batch, trust
from comity.terrain import _sample, open_ground
from comity.terrain.cuda import GroundOnDevice, _kernels
from comity.terrain.ground import Ground
from comity.terrain.lattice import pixels as pixels_of
from comity.terrain.track import GreatCircles, layers_within

KERNELS = [point_batch.kernel(), *(getattr(_kernels(), name) for name in _kernels().__slots__)]
SKYE, HSINCHU = (57.2980, -6.1900), (24.7740, 120.9977)


@pytest.fixture(scope="module")
def ground() -> Ground:
    return open_ground()


@pytest.mark.parametrize("order", ["ascending", "descending", 7])
def test_links_and_an_area_have_the_bits_of_the_cpu(ground: Ground, order: str | int) -> None:
    device = PtxDevice(order)
    for case in conformance_gpu.run(device, ground, radius_km=0.8):
        assert case.same_bits == case.count > 400, case


@pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.function.__name__)
def test_no_kernel_contracts_a_product_with_a_sum(kernel: devices.Kernel) -> None:
    assert "fma.rn.f64" not in ptx_of(kernel)


def test_without_our_option_the_compiler_would_contract() -> None:
    assert "fma.rn.f64" in ptx_of(_kernels().measure, contracted=True)


def around(place: tuple[float, float], km: float, count: int) -> tuple[Any, ...]:
    """Return ends of paths from a place to some around it."""
    rng = np.random.default_rng(11)
    degrees = km / 111.0
    to = rng.uniform(-degrees, degrees, (2, count))
    to[:, 0] = 0.001  # the shortest has three points
    here = np.full(count, place[0]), np.full(count, place[1])
    return (*here, place[0] + to[0], place[1] + to[1])


def pixels(place: tuple[float, float], count: int) -> tuple[Any, Any, Any]:
    """Return places 300 to 700 m away, and their distances [km]."""
    rng = np.random.default_rng(12)
    far_km, turn = rng.uniform(0.3, 0.7, count), rng.uniform(0.0, 2.0 * np.pi, count)
    north, east = far_km * np.cos(turn) / 111.3, far_km * np.sin(turn) / 111.3
    return place[0] + north, place[1] + east / np.cos(np.radians(place[0])), far_km


@pytest.mark.parametrize("cover", ["degurba", "none"])
@pytest.mark.parametrize("flat_m", [None, 12.5])
@pytest.mark.parametrize("place", [SKYE, HSINCHU], ids=["Skye", "Hsinchu"])
def test_profiles_have_the_bits_of_the_cpu(
    ground: Ground, place: tuple[float, float], flat_m: float | None, cover: Any
) -> None:
    some = ground if flat_m is None else ground.flattened(flat_m)
    ends = around(place, 30.0, 40)
    own, holes = some.paths_with_holes(*place, ends[2], ends[3], spacing_m=90.0, cover=cover)
    found, has_hole = GroundOnDevice(PtxDevice(), some).paths(ends, 90.0, cover)
    fields = (own.offsets, own.distance_km, own.height_m, own.cover_m, own.zone)
    for expected, got in zip(fields, found.points, strict=True):
        np.testing.assert_array_equal(got, expected)
    np.testing.assert_array_equal(found.length_km, own.length_km)
    np.testing.assert_array_equal(found.rx_zone, own.rx_zone)
    np.testing.assert_array_equal(has_hole, np.logical_or.reduceat(holes, own.offsets[:-1]))


def test_points_that_have_only_the_cell_they_lie_in_have_the_bits_of_the_cpu(ground: Ground) -> None:
    rng = np.random.default_rng(5)
    (layer,) = (one for one in ground.of_kind("height") if one.edition.id.startswith("hsinchu"))
    west, south, east, north = layer.edition.bounds_wgs84
    lat, lon = rng.uniform(south, north, 40_000), rng.uniform(west, east, 40_000)
    place = pixels_of(lat, lon, layer.place, layer.nodes)
    between, whole = np.full(lat.size, np.nan), np.full(lat.size, np.nan)
    _sample.point_heights(*place, layer.cells, False, between)
    _sample.point_heights(*place, layer.cells, True, whole)
    edge = np.flatnonzero(np.isnan(between) & ~np.isnan(whole))[:20]
    assert edge.size > 4
    ends = lat[edge], lon[edge], lat[edge] + 1e-5, lon[edge] + 1e-5
    alone = Ground((layer,))
    own = alone._profiles(GreatCircles(*ends, 50.0, None), ends, "none")
    found, _ = GroundOnDevice(PtxDevice(), alone).paths(ends, 50.0, "none")
    assert (np.nan_to_num(own.height_m) > 0.0).any()
    np.testing.assert_array_equal(found.points[2], np.nan_to_num(own.height_m))


def test_a_path_that_meets_a_layer_only_by_its_bulge_has_the_bits_of_the_cpu(ground: Ground) -> None:
    (layer,) = (one for one in ground.of_kind("height") if "grid-square-ng" in one.edition.id)
    west, south, east, _ = layer.edition.bounds_wgs84
    lat, lon = np.array([south - 0.004] * 2), np.array([0.5 * (west + east)] * 2)
    ends = lat, lon - 3.2, lat, lon + 3.2
    assert layer not in layers_within((layer,), np.concatenate(ends[::2]), np.concatenate(ends[1::2]), 0.0)
    assert layer in GreatCircles(*ends, 200.0, None).near((layer,))
    own, _ = ground.paths_with_holes(lat[0], ends[1][0], ends[2], ends[3], spacing_m=200.0)
    found, _ = GroundOnDevice(PtxDevice(), ground).paths(ends, 200.0, "none")
    np.testing.assert_array_equal(found.points[2], own.height_m)
    assert own.height_m.any()


def test_what_no_model_takes_is_refused_before_it_reaches_a_device(ground: Ground) -> None:
    here, far = np.array([24.7]), np.array([-24.0])
    on_device = GroundOnDevice(PtxDevice(), ground)
    with pytest.raises(ComityError, match="path too long"):
        on_device.paths((here, np.array([121.0]), far, np.array([-59.5])), 500.0, "none")
    paths, _ = on_device.paths(around(HSINCHU, 3.0, 9), 50.0, "none")
    site = {"tx_height_m": 20.0, "rx_height_m": 3.0, "dn": 45.0, "n0": 325.0}
    with pytest.raises(ComityError) as refusal:
        p452.basic_transmission_loss(paths, 3900.0, 50.0, intermediates=True, **site)
    assert refusal.value.problems[0].place == "intermediates"


def test_a_path_over_land_without_data_is_marked_and_its_pixel_blank(ground: Ground) -> None:
    inland = (23.9, 121.1)  # beyond the samples, inside the coastline
    ends = around(HSINCHU, 5.0, 8)
    ends[2][1], ends[3][1] = inland
    _, holes = GroundOnDevice(PtxDevice(), ground).paths(ends, 500.0, "degurba")
    _, own = ground.paths_with_holes(*HSINCHU, ends[2], ends[3], spacing_m=500.0)
    assert holes[1] and own.any() and holes.sum() == 1


@pytest.mark.parametrize("model", ["p452", "p1812"])
def test_a_network_can_be_drawn_by_either_model_and_wherever_it_stands(ground: Ground, model: Any) -> None:
    station = Transmitter(*SKYE, 15.0, 3900.0)
    plan = Plan(
        0.7, 50.0, model=model, time_percent=10.0, location_percent=90.0 if model == "p1812" else 50.0
    )
    device, places = PtxDevice(), pixels(SKYE, 60)
    own = losses_in_blocks(ground, station, plan, *places)
    found = losses_in_blocks(ground, station, plan, *places, GroundOnDevice(device, ground))
    np.testing.assert_array_equal(found, own)
    assert "point_batch" in device.launched


def test_batches_larger_than_the_memory_are_computed_in_parts(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = around(HSINCHU, 3.0, 45)
    paths, _ = ground.paths_with_holes(*HSINCHU, ends[2], ends[3], spacing_m=50.0)
    monkeypatch.setattr(point_batch, "MOST_POINTS", 500)
    device = PtxDevice()
    site = {"tx_height_m": 20.0, "rx_height_m": 3.0, "dn": 45.0, "n0": 325.0}
    percent = np.array([[1.0, 20.0, 50.0]])
    found = p452.basic_transmission_loss(paths, 3900.0, percent, device=device, **site)
    assert len(device.launched) > 3
    np.testing.assert_array_equal(found, p452.basic_transmission_loss(paths, 3900.0, percent, **site))


class Wrong(PtxDevice):
    """A device whose losses are off."""

    def __init__(self, off_db: float) -> None:
        super().__init__()
        self.off_db = off_db

    def get(self, array: Any) -> Any:
        return array + self.off_db if array.dtype == np.float64 and array.ndim == 2 else array.copy()


@pytest.mark.parametrize("off_db", [2e-6, -0.01, np.nan])
def test_a_device_that_computes_otherwise_is_refused_by_name(ground: Ground, off_db: float) -> None:
    station, places = Transmitter(*SKYE, 15.0, 3900.0), pixels(SKYE, 30)
    with pytest.raises(ComityError, match="computes otherwise") as refusal:
        losses_in_blocks(ground, station, Plan(0.7, 50.0), *places, GroundOnDevice(Wrong(off_db), ground))
    assert refusal.value.problems[0].place == Wrong.name


def test_conformance_measures_what_other_calls_refuse(ground: Ground) -> None:
    cases = conformance_gpu.run(Wrong(0.01), ground, radius_km=0.5)
    assert [case.ok for case in cases] == [False] * 3
    assert all(0.0099 < case.greatest_db < 0.0101 for case in cases)


@pytest.fixture
def coarse(monkeypatch: pytest.MonkeyPatch) -> list[PtxDevice]:
    """Devices off by half a thousandth of a decibel, where that is allowed: one pixel in twenty would differ."""
    monkeypatch.setattr(trust, "TOLERANCE_DB", 6e-4)
    monkeypatch.setattr(coverage_cuda, "MARGIN_DB", 1e-3)
    return [Wrong(5e-4), Wrong(-5e-4)]


def test_what_is_printed_does_not_hang_on_the_last_digits_of_a_device(
    ground: Ground, coarse: list[PtxDevice]
) -> None:
    station, plan, places = Transmitter(*SKYE, 15.0, 3900.0), Plan(0.7, 50.0), pixels(SKYE, 900)
    own = losses_in_blocks(ground, station, plan, *places)
    for device in coarse:
        found = losses_in_blocks(ground, station, plan, *places, GroundOnDevice(device, ground))
        assert 300 < (found != own).sum() < 900
        np.testing.assert_array_equal(np.round(found, 2), np.round(own, 2))


def test_a_coverage_screened_by_a_gpu_that_is_a_little_off_prints_what_the_cpu_prints(
    ground: Ground, coarse: list[PtxDevice]
) -> None:
    station = Transmitter(
        *SKYE, 15.0, 3900.0, 43.2137, Mounted(Sector(15.0, 65.0, frequency_mhz=3900.0), 140.0, 3.0)
    )
    plan = Plan(0.8, 50.0, location_percent=80.0)
    own = coverage(ground, station, plan)
    level = np.round(level_dbm(ground, own), 2)
    for device in (PtxDevice(), *coarse):
        found = coverage(ground, station, plan, device=device)
        assert found.device == device.name
        np.testing.assert_array_equal(np.round(found.loss_db, 2), np.round(own.loss_db, 2))
        np.testing.assert_array_equal(np.round(level_dbm(ground, found), 2), level)
        assert device.launched.count("point_batch") == 1


def test_a_network_screened_by_a_gpu_that_is_a_little_off_has_the_levels_of_the_cpu(
    ground: Ground, coarse: list[PtxDevice]
) -> None:
    sector = {"pattern": "f1336-sector", "gain_dbi": 15.0, "beamwidth_deg": 65.0}
    masts = (
        Station("1", *SKYE, 12.0, 33.3, azimuth_deg=30.0, antenna=sector),
        Station("2", *SKYE, 12.0, 33.3, azimuth_deg=150.0),
        Station("3", SKYE[0], SKYE[1] + 0.004, 3.0, 24.7, indoor=True),
    )
    policy, plan = Policy(frequency_mhz=3900.0, criteria=()), Plan(0.7, 50.0)
    own = network_coverage(ground, masts, policy, plan, centre=SKYE)
    for device in (PtxDevice(), *coarse):
        found = network_coverage(ground, masts, policy, plan, centre=SKYE, device=device)
        np.testing.assert_array_equal(found.level_dbm, own.level_dbm)
        assert "point_batch" in device.launched and found.inputs["device"] == device.name


def test_tiles_of_a_gpu_are_not_taken_over_by_another_device(ground: Ground, tmp_path: Path) -> None:
    station, plan = Transmitter(*SKYE, 15.0, 3900.0), Plan(0.5, 50.0)
    coverage(ground, station, plan, device=PtxDevice(), folder=tmp_path / "tiles")
    with pytest.raises(ComityError, match="other inputs"):
        coverage(ground, station, plan, folder=tmp_path / "tiles")


def test_radial_is_not_for_a_gpu(ground: Ground) -> None:
    with pytest.raises(ComityError) as refusal:
        coverage(ground, Transmitter(*SKYE, 15.0, 3900.0), Plan(1.0, 50.0), mode="radial", device=PtxDevice())
    assert refusal.value.problems[0].place == "device"


def test_doubtful_is_what_an_error_of_the_margin_could_move_across_a_printed_hundredth() -> None:
    value = np.array([100.005, 100.005 + 9e-6, 100.005 + 2e-5, 100.0, 100.0 - 9e-6, 100.0 - 2e-5, np.nan])
    expected = [True, True, False, True, True, False, False]
    np.testing.assert_array_equal(coverage_cuda.doubtful(value), expected)


def test_the_sample_takes_in_the_first_and_the_last_link_and_every_link_of_a_small_batch() -> None:
    assert trust.sample(100_000)[[0, -1]].tolist() == [0, 99_999]
    assert trust.sample(100_000).size == trust.SAMPLE
    assert trust.sample(5).tolist() == [0, 1, 2, 3, 4]
    assert trust.sample(1).tolist() == [0]


def test_intermediates_are_the_cpus(ground: Ground) -> None:
    ends = around(HSINCHU, 3.0, 9)
    paths, _ = ground.paths_with_holes(*HSINCHU, ends[2], ends[3], spacing_m=50.0)
    device = PtxDevice()
    site = {"tx_height_m": 20.0, "rx_height_m": 3.0, "dn": 45.0, "n0": 325.0}
    p452.basic_transmission_loss(paths, 3900.0, 50.0, device=device, intermediates=True, **site)
    assert device.launched == []


def test_a_machine_without_a_gpu_says_so_and_names_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from numba import cuda

    devices.open_gpu.cache_clear()
    monkeypatch.setattr(cuda, "is_available", lambda: False)
    with pytest.raises(MissingError, match="there is none") as refusal:
        devices.open_device("cuda")
    assert "--device cpu" in refusal.value.problems[0].accepted
    monkeypatch.setattr(devices, "find_spec", lambda name: None)
    with pytest.raises(MissingError, match="not installed") as refusal:
        devices.open_device("cuda")
    assert "comity[cuda]" in refusal.value.problems[0].accepted
    with pytest.raises(ComityError, match="no such device") as refusal:
        devices.open_device("tpu")
    assert refusal.value.problems[0].accepted == "cpu or cuda"
    assert devices.open_device("cpu") is None


def test_conformance_gpu_tells_bits_and_times_and_fails_where_they_part(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    from comity.cli.conformance import app

    run = conformance_gpu.run
    monkeypatch.setattr(devices, "open_gpu", PtxDevice)
    monkeypatch.setattr(conformance_gpu, "run", lambda device, ground: run(device, ground, radius_km=0.5))
    told = CliRunner().invoke(app, ["gpu", "--json"])
    assert told.exit_code == 0
    cases = json.loads(told.stdout)["cases"]
    assert [case["same_bits"] for case in cases] == [case["count"] for case in cases]
    monkeypatch.setattr(devices, "open_gpu", lambda: Wrong(0.01))
    told = CliRunner().invoke(app, ["gpu"])
    assert told.exit_code == 1 and "greatest difference 0.01 dB" in told.stdout
