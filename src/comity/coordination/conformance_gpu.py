"""Does this GPU compute as the CPU does, and how fast: the same links and the same area on both."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.coordination.coverage import Plan, Transmitter
from comity.coordination.coverage_exact import losses_in_blocks
from comity.propagation import p452, p1812
from comity.propagation.cuda.device import Device
from comity.propagation.cuda.trust import TOLERANCE_DB, difference, measured_elsewhere
from comity.propagation.paths import Paths
from comity.terrain.cuda import GroundOnDevice
from comity.terrain.frame import frame_around
from comity.terrain.ground import Ground

Float = NDArray[np.float64]

#: Hills, a town and the sea of the terrain that ships with comity.
PLACE = (24.7740, 120.9977)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One piece of work on both.

    Parameters
    ----------
    name : what was computed
    count : losses compared
    same_bits : how many are the same to the last bit
    greatest_db : greatest difference [dB]; infinite where one has a loss and the other none
    cpu_s, gpu_s : time by the clock, transfers included, compilation not [s]
    """

    name: str
    count: int
    same_bits: int
    greatest_db: float
    cpu_s: float
    gpu_s: float

    @property
    def ok(self) -> bool:
        """Whether the device may be used."""
        return self.greatest_db <= TOLERANCE_DB


def run(device: Device, ground: Ground, *, radius_km: float = 5.0, pixel_m: float = 50.0) -> list[Comparison]:
    """Compare both models on the links from one place to all pixels around it, and the area itself.

    Parameters
    ----------
    device : the GPU
    ground : terrain around :data:`PLACE`
    radius_km, pixel_m : of the area
    """
    frame = frame_around(*PLACE, radius_km, pixel_m)
    rows, columns = np.divmod(np.arange(frame.side**2), frame.side)
    distance_km = np.hypot(*frame.offsets_m(rows, columns)) / 1e3
    inside = (distance_km > 0.3) & (distance_km <= radius_km)
    places = frame.places(rows[inside], columns[inside])
    paths, _ = ground.paths_with_holes(*PLACE, *places, spacing_m=pixel_m, cover="degurba")
    station = Transmitter(*PLACE, 30.0, 4850.0)
    plan = Plan(radius_km, pixel_m)
    far_km = distance_km[inside]

    def area(gpu: GroundOnDevice | None) -> Float:
        return losses_in_blocks(ground, station, plan, *places, far_km, gpu)

    on_device = GroundOnDevice(device, ground)
    return [
        _compare("P.452-18, links", *_p452(paths, device)),
        _compare("P.1812-8, links", *_p1812(paths, device)),
        _compare("P.1812-8, area with its profiles", lambda: area(None), lambda: area(on_device)),
    ]


def _site(n: int) -> dict[str, Any]:
    """Return heights, weather and polarisations that vary from link to link."""
    link = np.arange(n)
    return {
        "tx_height_m": np.array([6.0, 15.0, 30.0, 90.0])[link % 4],
        "rx_height_m": np.array([1.5, 3.0, 10.0])[link % 3],
        "dn": np.array([38.0, 45.0, 60.0])[link % 3],
        "n0": np.array([315.0, 325.0, 340.0])[link % 3],
        "polarisation": 1.0 + link % 2,
    }


def _p452(paths: Paths, device: Device) -> tuple[Callable[[], Float], Callable[[], Float]]:
    link = np.arange(len(paths))
    frequency_mhz = np.array([700.0, 3900.0, 4850.0, 26_000.0])[link % 4]
    time_percent = np.array([0.01, 1.0, 10.0, 20.0, 50.0])[link % 5]

    def loss(where: str | Device) -> Float:
        found: Float = p452.basic_transmission_loss(
            paths, frequency_mhz, time_percent, device=where, **_site(link.size)
        )
        return found

    return lambda: loss("cpu"), lambda: loss(device)


def _p1812(paths: Paths, device: Device) -> tuple[Callable[[], Float], Callable[[], Float]]:
    link = np.arange(len(paths))
    frequency_mhz = np.array([700.0, 2600.0, 3900.0, 4850.0])[link % 4]
    time_percent = np.array([1.0, 10.0, 20.0, 50.0])[link % 4]

    def loss(where: str | Device) -> Float:
        found: Float = p1812.basic_transmission_loss(
            paths, frequency_mhz, time_percent, device=where, location_percent=95.0, location_sd_db=5.5,
            **_site(link.size),
        )  # fmt: skip
        return found

    return lambda: loss("cpu"), lambda: loss(device)


def _compare(name: str, on_cpu: Callable[[], Float], on_gpu: Callable[[], Float]) -> Comparison:
    """Run both twice, the first time for the compilers, and compare."""
    seconds, results = [], []
    for call in (on_cpu, on_gpu):
        with measured_elsewhere():
            call()
            begun = time.perf_counter()
            results.append(call())
        seconds.append(time.perf_counter() - begun)
    own, found = results
    count, apart = difference(found, own)
    return Comparison(name, own.size, own.size - count, apart, *seconds)
