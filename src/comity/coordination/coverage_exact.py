"""Coverage with one terrain profile a pixel: the bits that the point functions give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from comity.compute.grid import Tile
from comity.coordination import coverage_cuda
from comity.coordination.coverage import Plan, Transmitter, circle, most_points
from comity.propagation import p452, p525, p1812
from comity.propagation.paths import Paths
from comity.terrain.frame import Frame
from comity.terrain.ground import Ground

if TYPE_CHECKING:
    from comity.propagation.cuda.paths import PathsOnDevice
    from comity.terrain.cuda import GroundOnDevice

Float = NDArray[np.float64]

#: Profile points in memory at a time: some 80 MB.
BLOCK_POINTS = 2_000_000
#: The same in the memory of a GPU: some 900 MB.
GPU_POINTS = 32_000_000
_NEAREST_KM = 0.001


@dataclass(frozen=True, slots=True)
class ExactTile:
    """The losses of a tile, as a pure function that may be sent to another process."""

    ground: Ground
    frame: Frame
    transmitter: Transmitter
    plan: Plan
    gpu: GroundOnDevice | None = None

    def __call__(self, tile: Tile) -> Float:
        """Return losses [dB], NaN beyond the radius and behind land without data."""
        loss = np.full((tile.bottom - tile.top, tile.right - tile.left), np.nan)
        rows, columns, distance_km = circle(self.frame, self.plan, tile)
        places = self.frame.places(rows, columns)
        found = losses_in_blocks(self.ground, self.transmitter, self.plan, *places, distance_km, self.gpu)
        loss[rows - tile.top, columns - tile.left] = found
        return loss

    def single(self, tile: Tile) -> NDArray[np.float32]:
        """Return losses as float32, for a store on disk."""
        return self(tile).astype(np.float32)


def losses_in_blocks(
    ground: Ground,
    transmitter: Transmitter,
    plan: Plan,
    latitude_deg: Float,
    longitude_deg: Float,
    distance_km: Float,
    gpu: GroundOnDevice | None = None,
) -> Float:
    """Return what :func:`pixel_loss_db` returns, with at most :data:`BLOCK_POINTS` profile points in memory."""
    found = np.empty(latitude_deg.size)
    points = 2 * most_points(plan)  # a station may stand at one edge of the circle and a pixel at the other
    size = max(8, (BLOCK_POINTS if gpu is None else GPU_POINTS) // points)
    for first in range(0, found.size, size):
        part = slice(first, first + size)
        places = latitude_deg[part], longitude_deg[part], distance_km[part]
        if gpu is None:
            found[part] = pixel_loss_db(ground, transmitter, plan, *places)
        else:
            found[part] = coverage_cuda.pixel_loss_db(gpu, transmitter, plan, *places)
    return found


def pixel_loss_db(
    ground: Ground,
    transmitter: Transmitter,
    plan: Plan,
    latitude_deg: Float,
    longitude_deg: Float,
    distance_km: Float,
) -> Float:
    """Return the losses from the transmitter to places [dB], NaN behind land without data."""
    loss = free_space_db(transmitter, distance_km)
    far = np.flatnonzero(distance_km >= plan.free_space_below_km)
    if far.size:
        paths, holes = ground.paths_with_holes(
            transmitter.latitude_deg,
            transmitter.longitude_deg,
            latitude_deg[far],
            longitude_deg[far],
            spacing_m=plan.step_m,
            cover=plan.cover,
        )
        loss[far] = path_loss_db(paths, transmitter, plan)
        if holes.any():
            loss[far[np.logical_or.reduceat(holes, paths.offsets[:-1])]] = np.nan
    return loss


def free_space_db(transmitter: Transmitter, distance_km: Float) -> Float:
    """Return free-space losses [dB], of 1 m at the least."""
    return p525.free_space_loss(transmitter.frequency_mhz, np.maximum(distance_km, _NEAREST_KM))


def path_loss_db(paths: Paths | PathsOnDevice, transmitter: Transmitter, plan: Plan) -> Float:
    """Return the losses of profiles from the transmitter, by the plan's model [dB]."""
    if plan.model == "p452":
        return p452.basic_transmission_loss(
            paths,
            transmitter.frequency_mhz,
            plan.time_percent,
            tx_height_m=transmitter.height_m,
            rx_height_m=plan.rx_height_m,
            dn=plan.dn,
            n0=plan.n0,
            polarisation=transmitter.polarisation,
        )
    sigma = None
    if plan.location_percent != 50.0:
        sigma = p1812.location_standard_deviation(transmitter.frequency_mhz, plan.pixel_m)
    return p1812.basic_transmission_loss(
        paths,
        transmitter.frequency_mhz,
        plan.time_percent,
        tx_height_m=transmitter.height_m,
        rx_height_m=plan.rx_height_m,
        dn=plan.dn,
        n0=plan.n0,
        location_percent=plan.location_percent,
        location_sd_db=sigma,
        polarisation=transmitter.polarisation,
    )
