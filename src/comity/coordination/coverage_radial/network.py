"""The level of a network by radials about each of its stations, summed pixel by pixel."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from comity.compute.executors import Executor
from comity.compute.grid import Progress, tiles_of
from comity.coordination import network as stations
from comity.coordination.coverage import TILE_SIDE, Plan
from comity.coordination.coverage_levels import PowerSum, Sight, isotropic, spared_db, spares
from comity.coordination.coverage_radial import radial_losses_db
from comity.coordination.coverage_radial.sorting import nodes_around, offsets
from comity.coordination.policy import Policy
from comity.terrain.frame import Frame
from comity.terrain.ground import Ground

Float = NDArray[np.float64]


def radial_level_dbm(
    ground: Ground,
    frame: Frame,
    ordered: tuple[stations.Transmitter, ...],
    policy: Policy,
    plan: Plan,
    executor: Executor,
    progress: Progress | None = None,
) -> Float:
    """Return the level of stations [dBm] in whole hundredths, power-summed in the order given, NaN where not known.

    Parameters
    ----------
    ground, frame : terrain and raster
    ordered : stations; those at one place and height share their losses
    policy, plan : as of :func:`comity.coordination.coverage_network.network_coverage`
    executor : where radials are walked; the values do not depend on it
    progress : called with radials done and radials in all
    """
    relief = ground.frame_heights_and_zones(frame)
    plain = [isotropic(one, policy) for one in ordered]
    left, losses = Counter(plain), {}
    found = radial_losses_db(ground, frame, list(left), plan, executor, progress, relief=relief)
    total = PowerSum((frame.side, frame.side))
    for one, key in zip(ordered, plain, strict=True):
        if key not in losses:
            losses[key] = next(found)
        _add(total, ground, frame, one, policy, plan, losses[key], relief[0])
        left[key] -= 1
        if not left[key]:
            del losses[key]
    return total.level_dbm()


def _add(
    total: PowerSum,
    ground: Ground,
    frame: Frame,
    one: stations.Transmitter,
    policy: Policy,
    plan: Plan,
    loss_db: Float,
    height_m: Float,
) -> None:
    """Add a station to the sum, tile by tile, so that memory is bounded."""
    from comity.coordination._angles import direction_deg

    nodes = nodes_around(frame, one.latitude_deg, one.longitude_deg)
    for tile in tiles_of(loss_db.shape, 4 * TILE_SIDE):
        window = np.s_[tile.top : tile.bottom, tile.left : tile.right]
        loss, spared = loss_db[window], np.zeros((tile.bottom - tile.top, tile.right - tile.left))
        if spares(one):
            known = np.isfinite(loss)
            rows, columns = np.nonzero(known)
            pixels = (rows + tile.top) * frame.side + columns + tile.left
            east, north = (offsets(pixels, frame.side, of) for of in nodes)
            sight = Sight(height_m[pixels], direction_deg(east, north, 0.0)[0], np.hypot(east, north))
            spared[known] = spared_db(ground, one, policy, plan, sight)
        total.add(one.eirp_dbm, loss, spared, window)
