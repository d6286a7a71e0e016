"""Maxima over a stretch of a profile that no hull gives, found exactly without looking at every point.

The profile is cut into blocks of 16 points whose greatest heights are known. A block is looked into only where a
bound on its points beats the best found so far. ``base`` is where the heights meant begin in their flat array, ``top``
where the blocks' greatest heights begin.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from comity.coordination.coverage_radial._compiled import inlined, kernel
from comity.propagation._lane_memory import first_lanes, largest, load_first
from comity.propagation._lanes import lanes, larger, root, where

Float = NDArray[np.float64]

BLOCK = 16
_LOW = -1e300


@inlined
def block_tops(height: Float, base: int, points: int, tops: Float, top: int) -> None:
    """Fill the greatest height of each whole block."""
    for b in range(points // BLOCK):
        first = base + b * BLOCK
        highest = height[first]
        for i in range(first + 1, first + BLOCK):
            highest = max(highest, height[i])
        tops[top + b] = highest


@kernel
def _above_line(
    x: Float, height: Float, base: int, first: int, stop: int, start: float, slope: float
) -> float:
    """Return the greatest height - (start + slope x) of points ``first`` to ``stop - 1``."""
    best = lanes(_LOW)
    for i in range(first, stop, 8):
        mask = first_lanes(stop - i)
        z, at = load_first(height, base + i, mask, _LOW), load_first(x, i, mask, 0.0)
        best = larger(z - (start + slope * at), best)
    return float(largest(best))


@inlined
def highest_above_line(
    x: Float,
    height: Float,
    base: int,
    tops: Float,
    top: int,
    first: int,
    last: int,
    start: float,
    slope: float,
) -> float:
    """Return the greatest height - (start + slope x) of points ``first`` to ``last``."""
    block, end = (first + BLOCK - 1) // BLOCK, (last + 1) // BLOCK
    if end - block < 3:
        return _above_line(x, height, base, first, last + 1, start, slope)
    best = max(
        height[base + first] - (start + slope * x[first]), height[base + last] - (start + slope * x[last])
    )
    best = max(best, _above_line(x, height, base, first, block * BLOCK, start, slope))
    best = max(best, _above_line(x, height, base, end * BLOCK, last + 1, start, slope))
    for b in range(block, end):
        i = b * BLOCK
        lowest = start + slope * (x[i] if slope > 0.0 else x[i + BLOCK - 1])
        if tops[top + b] - lowest > best:
            best = max(best, _above_line(x, height, base, i, i + BLOCK, start, slope))
    return best


@kernel
def _clearance(
    x: Float,
    height: Float,
    base: int,
    first: int,
    stop: int,
    d: float,
    hts: float,
    hrs: float,
    curvature: float,
) -> float:
    """Return the greatest clearance parameter of points ``first`` to ``stop - 1``, before its frequency factor."""
    best, per_km = lanes(_LOW), 1.0 / d
    for i in range(first, stop, 8):
        mask = first_lanes(stop - i)
        at, z = load_first(x, i, mask, 0.5 * d), load_first(height, base + i, mask, _LOW)
        y = d - at
        xy = at * y
        nu = (z - (hts * y + hrs * at) * per_km + curvature * xy) * root(1.0 / xy)
        best = larger(where(mask, nu, _LOW), best)
    return float(largest(best))


@inlined
def greatest_clearance(
    x: Float,
    height: Float,
    base: int,
    tops: Float,
    top: int,
    last: int,
    d: float,
    hts: float,
    hrs: float,
    curvature: float,
    floor: float,
) -> float:
    """Return the greatest clearance parameter of points 1 to ``last``, or ``floor`` where none is greater.

    Every point lies below the line of sight, so the parameter is negative. The line above the curved Earth is a
    convex parabola, whose lowest point in a block bounds the block's clearance from below; no root is needed to
    tell a block that cannot count.
    """
    end = (last + 1) // BLOCK
    best = max(floor, _clearance(x, height, base, 1, min(BLOCK, last + 1), d, hts, hrs, curvature))
    best = max(best, _clearance(x, height, base, max(end * BLOCK, 1), last + 1, d, hts, hrs, curvature))
    slope = (hrs - hts) / d
    lowest_at = 0.5 * (d - slope / curvature)
    for b in range(1, end):
        left, right = x[b * BLOCK], x[b * BLOCK + BLOCK - 1]
        at = min(max(lowest_at, left), right)
        gap = hts + slope * at - curvature * at * (d - at) - tops[top + b]
        middle = min(max(0.5 * d, left), right)
        if gap <= 0.0 or gap * gap < best * best * middle * (d - middle):
            best = max(best, _clearance(x, height, base, b * BLOCK, (b + 1) * BLOCK, d, hts, hrs, curvature))
    return best


@inlined
def _smooth_clearance(x: float, d: float, hte: float, hre: float, curvature: float) -> float:
    y = d - x
    return (curvature * x * y - (hte * y + hre * x) / d) * math.sqrt(1.0 / (x * y))


@inlined
def smooth_clearance(x: Float, last: int, d: float, hte: float, hre: float, curvature: float) -> float:
    """Return the greatest clearance parameter of the smooth path at points 1 to ``last``.

    With x = d sin(t)**2 it is a concave function of t, so bisection on its rise finds the maximum.
    """
    low, high = 1, last
    while low < high:
        middle = (low + high) // 2
        rising = _smooth_clearance(x[middle], d, hte, hre, curvature) <= _smooth_clearance(
            x[middle + 1], d, hte, hre, curvature
        )
        if rising:
            low = middle + 1
        else:
            high = middle
    return _smooth_clearance(x[low], d, hte, hre, curvature)


@inlined
def smooth_slopes(
    last: int, step: float, d: float, hte: float, hre: float, curvature: float
) -> tuple[float, float]:
    """Return the greatest slopes of the smooth path that transmitter and receiver see, at points 1 to ``last``.

    Both have one maximum, at sqrt(h / curvature) from their end; the points beside it are compared.
    """
    at = math.sqrt(hte / curvature) / step
    i = min(max(int(at), 1), last)
    j = min(i + 1, last)
    x, z = i * step, j * step
    tx = max(curvature * (d - x) - hte / x, curvature * (d - z) - hte / z)
    at = (d - math.sqrt(hre / curvature)) / step
    i = min(max(math.floor(at), 1), last)
    j = min(i + 1, last)
    x, z = i * step, j * step
    return tx, max(curvature * x - hre / (d - x), curvature * z - hre / (d - z))
