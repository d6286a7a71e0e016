"""Which pixel belongs to which radial, and in which order a walk meets them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from comity.coordination.coverage_radial._compiled import kernel
from comity.propagation._elementary_angles import atan2

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]


@kernel
def place_pixels(
    half: int, pixel_km: float, radius_km: float, near_km: float, step_km: float, radials: int, radial_of: Int32,
    last_points: Int32,
) -> None:  # fmt: skip
    """Give each pixel its nearest radial and the last profile point before the one that it is nearest to.

    A pixel beyond the radius gets radial -1; one nearer than ``near_km``, or with no point before it, radial -2.
    """
    side = 2 * half + 1
    for row in range(side):
        for column in range(side):
            east, north = (column - half) * pixel_km, (half - row) * pixel_km
            d = math.sqrt(east * east + north * north)
            turn = atan2(east, north) * (0.5 / math.pi)
            radial = math.floor(turn * radials + 0.5) % radials
            last = int(d / step_km + 0.5) - 1
            pixel = row * side + column
            last_points[pixel] = last
            radial_of[pixel] = -1 if d > radius_km else (-2 if d < near_km or last < 1 else radial)


@kernel
def sort_pixels(
    radial_of: Int32, last_points: Int32, radials: int, points: int, starts: Int64, order: Int32
) -> None:
    """Fill ``order`` with the pixels radial by radial, each from near to far, and where each radial starts."""
    counts = np.zeros(points + 1, dtype=np.int64)
    for pixel in range(radial_of.size):
        if radial_of[pixel] >= 0:
            counts[last_points[pixel] + 1] += 1
            starts[radial_of[pixel] + 1] += 1
    for k in range(points):
        counts[k + 1] += counts[k]
    for radial in range(radials):
        starts[radial + 1] += starts[radial]
    near_to_far = np.empty(order.size, dtype=np.int32)
    for pixel in range(radial_of.size):
        if radial_of[pixel] >= 0:
            k = last_points[pixel]
            near_to_far[counts[k]] = pixel
            counts[k] += 1
    free = starts[:-1].copy()
    for i in range(order.size):
        pixel = near_to_far[i]
        order[free[radial_of[pixel]]] = pixel
        free[radial_of[pixel]] += 1
