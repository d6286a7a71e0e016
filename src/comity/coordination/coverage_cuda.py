"""Coverage screened by a GPU: what comes near a printed hundredth of a decibel is computed again on the CPU.

A GPU gives the bits of the CPU, as a sample compared in every call shows. A loss is taken from it only where an error
of :data:`MARGIN_DB` could not change the hundredth that is printed. A pixel outside the sample on which a faulty
device is off by more is not found; so a coverage says which device computed it, and a resumed run does not take over
another's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from comity.coordination.coverage import Coverage, Plan, Transmitter
    from comity.terrain.cuda import GroundOnDevice
    from comity.terrain.ground import Ground

Float = NDArray[np.float64]

#: Ten times the greatest difference that a GPU is allowed [dB].
MARGIN_DB = 1e-5


def pixel_loss_db(
    gpu: GroundOnDevice, transmitter: Transmitter, plan: Plan, latitude_deg: Float, longitude_deg: Float,
    distance_km: Float,
) -> Float:  # fmt: skip
    """Return what :func:`comity.coordination.coverage_exact.pixel_loss_db` returns, from a GPU where it may."""
    from comity.coordination import coverage_exact
    from comity.propagation.cuda import trust

    loss = coverage_exact.free_space_db(transmitter, distance_km)
    far = np.flatnonzero(distance_km >= plan.free_space_below_km)
    if not far.size:
        return loss
    here = np.full(far.size, transmitter.latitude_deg), np.full(far.size, transmitter.longitude_deg)
    paths, holes = gpu.paths((*here, latitude_deg[far], longitude_deg[far]), plan.step_m, plan.cover)
    found = coverage_exact.path_loss_db(paths, transmitter, plan)
    found[holes] = np.nan

    def again(links: NDArray[np.int64]) -> Float:
        at = far[links]
        return coverage_exact.pixel_loss_db(
            gpu.ground, transmitter, plan, latitude_deg[at], longitude_deg[at], distance_km[at]
        )

    chosen = trust.sample(far.size)
    trust.compare(gpu.device.name, found[chosen], again(chosen))
    near = np.flatnonzero(doubtful(found))
    found[near] = again(near)
    loss[far] = found
    return loss


def settled(ground: Ground, cover: Coverage, level_dbm: Float) -> Float:
    """Return the losses of a coverage with those computed again whose level is :func:`doubtful`."""
    from comity.coordination.coverage_exact import losses_in_blocks

    loss = np.array(cover.loss_db)
    rows, columns = np.nonzero(doubtful(level_dbm))
    east, north = cover.frame.offsets_m(rows, columns)
    distance_km = np.sqrt(east * east + north * north) / 1e3
    places = cover.frame.places(rows, columns)
    loss[rows, columns] = losses_in_blocks(ground, cover.transmitter, cover.plan, *places, distance_km)
    return loss


def doubtful(value_db: Float) -> NDArray[np.bool_]:
    """Return where an error of :data:`MARGIN_DB` could change the printed hundredth or the side of a whole one."""
    halves = 200.0 * value_db
    return np.abs(halves - np.rint(halves)) <= 200.0 * MARGIN_DB
