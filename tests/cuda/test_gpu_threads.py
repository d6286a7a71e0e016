"""Kernels for GPUs in checked mode: threads in any order, every access in its array and in order, bits of the CPU."""

from types import ModuleType
from typing import Any

import numpy as np
import pytest

pytest.importorskip("numba_cuda", reason="compiles for CUDA; no GPU is needed")
from ptx_device import PtxDevice, ptx_of
from ptx_machine import ExecutionError, Machine

from comity.propagation import p452, p1812
from comity.propagation.cuda import point_batch
from comity.propagation.cuda.device import THREADS
from comity.propagation.paths import SEA, Paths
from comity.terrain import open_ground
from comity.terrain.cuda import GroundOnDevice

LINKS = 300
PERCENT = np.array([[0.001, 0.5, 1.0, 7.0, 20.0, 50.0]])


def links() -> tuple[Paths, dict[str, Any]]:
    """Profiles of 3 to 300 points over hills, towns, coasts and seas, 0.3 to 900 km long, in all weathers."""
    rng = np.random.default_rng(20261122)
    points = np.concatenate([[3, 4, 7, 8, 9, 10, 16, 17], rng.integers(3, 301, LINKS - 8)])
    total = np.exp(rng.uniform(*np.log([0.3, 900.0]), LINKS))
    d = np.concatenate([length * np.linspace(0, 1, m) for length, m in zip(total, points)])
    h = np.concatenate([np.abs(np.cumsum(rng.normal(0, 8, m)) + 60) for m in points])
    zone = np.concatenate([np.sort(rng.integers(1, 4, m)) if i % 3 else np.full(m, rng.integers(1, 4))
                           for i, m in enumerate(points)])  # fmt: skip
    cover = np.where(zone == SEA, 0.0, rng.choice([0.0, 12.0], d.size))
    ends = [rng.uniform(-80, 80, LINKS), rng.uniform(-180, 180, LINKS)] * 2
    paths = Paths(np.concatenate([[0], np.cumsum(points)]), d, np.where(zone == SEA, 0.0, h), cover,
                  zone.astype(np.int8), *ends)  # fmt: skip
    site = {"tx_height_m": rng.uniform(2, 90, LINKS), "rx_height_m": rng.uniform(2, 90, LINKS),
            "dn": rng.uniform(30, 90, LINKS), "n0": rng.uniform(300, 370, LINKS),
            "polarisation": rng.integers(1, 3, LINKS)}  # fmt: skip
    return paths, site


def arguments(model: ModuleType) -> dict[str, Any]:
    paths, site = links()
    rng = np.random.default_rng(1)
    if model is p452:
        site |= {"pressure_hpa": rng.choice([950.0, 1013.25], LINKS), "temperature_c": rng.choice([5.0, 15.0], LINKS),
                 "tx_gain_dbi": 20.0}  # fmt: skip
    top = 50_000.0 if model is p452 else 6000.0
    frequency = np.exp(rng.uniform(*np.log([200.0, top]), LINKS))
    return {
        "paths": paths,
        "frequency_mhz": frequency,
        "time_percent": PERCENT if model is p452 else PERCENT[:, 2:],
        **site,
    }


@pytest.mark.parametrize("order", ["ascending", "descending", 1])
@pytest.mark.parametrize("model", [p452, p1812], ids=["p452", "p1812"])
def test_links_of_every_kind_have_the_bits_of_the_cpu_and_no_access_races(
    model: ModuleType, order: str | int
) -> None:
    given, device = arguments(model), PtxDevice(order, checked=True)
    found = model.basic_transmission_loss(**given, device=device)
    assert device.launched == ["point_batch"]
    own = model.basic_transmission_loss(**given, device="cpu")
    np.testing.assert_array_equal(found.view(np.int64), own.view(np.int64))


@pytest.mark.parametrize("order", ["ascending", "descending", 1])
def test_profiles_are_made_without_a_race(order: str | int) -> None:
    rng, ground, place = np.random.default_rng(3), open_ground(), (57.2980, -6.1900)
    to = np.array(place)[:, None] + rng.uniform(-0.3, 0.3, (2, 25))
    own, _ = ground.paths_with_holes(*place, *to, spacing_m=90.0, cover="degurba")
    ends = (np.full(25, place[0]), np.full(25, place[1]), *to)
    device = PtxDevice(order, checked=True)
    found, _ = GroundOnDevice(device, ground).paths(ends, 90.0, "degurba")
    assert {"measure", "nodes", "heights", "codes", "settle", "holes"} == set(device.launched)
    fields = (own.offsets, own.distance_km, own.height_m, own.cover_m, own.zone)
    for expected, got in zip(fields, found.points, strict=True):
        np.testing.assert_array_equal(got, expected)


def test_without_the_waits_of_the_kernel_the_machine_finds_a_race(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ptx_of(point_batch.kernel()).split("\n")
    machine = Machine("\n".join("" if "bar.warp.sync" in line else line for line in lines))
    device = PtxDevice()
    monkeypatch.setattr(device, "launch", lambda _, blocks, given: machine.launch(blocks, THREADS, given))
    with pytest.raises(ExecutionError, match="no barrier between"):
        p1812.basic_transmission_loss(**arguments(p1812), device=device)
