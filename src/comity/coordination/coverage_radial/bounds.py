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
    """Fill the greatest height of each block; the last may be short."""
    for b in range((points + BLOCK - 1) // BLOCK):
        first = base + b * BLOCK
        highest = height[first]
        for i in range(first + 1, min(first + BLOCK, base + points)):
            highest = max(highest, height[i])
        tops[top + b] = highest


@kernel
def _above_line(
    x: Float, height: Float, base: int, first: int, last: int, start: float, slope: float
) -> float:
    """Return the greatest height - (start + slope x) of points ``first`` to ``last``."""
    best = lanes(_LOW)
    for i in range(first, last + 1, 8):
        mask = first_lanes(last + 1 - i)
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
    near, far = height[base + first], height[base + last]
    best: float = max(near - (start + slope * x[first]), far - (start + slope * x[last]))
    for b in range(first // BLOCK, last // BLOCK + 1):
        i, j = max(b * BLOCK, first), min(b * BLOCK + BLOCK - 1, last)
        if tops[top + b] - (start + min(slope * x[i], slope * x[j])) > best:
            best = max(best, _above_line(x, height, base, i, j, start, slope))
    return best


@kernel
def _clearance(
    x: Float,
    height: Float,
    base: int,
    first: int,
    last: int,
    d: float,
    hts: float,
    hrs: float,
    curvature: float,
) -> float:
    """Return the greatest clearance parameter of points ``first`` to ``last``, before its frequency factor."""
    best, per_km = lanes(_LOW), 1.0 / d
    for i in range(first, last + 1, 8):
        mask = first_lanes(last + 1 - i)
        at, z = load_first(x, i, mask, 0.5 * d), load_first(height, base + i, mask, _LOW)
        y = d - at
        xy = at * y
        nu = (z - (hts * y + hrs * at) * per_km + curvature * xy) * root(1.0 / xy)
        best = larger(where(mask, nu, _LOW), best)
    return float(largest(best))


@inlined
def _clearance_at(
    x: Float, height: Float, base: int, i: int, d: float, hts: float, hrs: float, curvature: float
) -> float:
    """Return the clearance parameter of one point, by the operations of :func:`_clearance`."""
    y = d - x[i]
    xy = x[i] * y
    above: float = height[base + i] - (hts * y + hrs * x[i]) * (1.0 / d) + curvature * xy
    return above * math.sqrt(1.0 / xy)


@inlined
def _may_clear(
    top: float, left: float, right: float, d: float, hts: float, slope: float, curvature: float, best: float
) -> bool:
    """Whether a point between ``left`` and ``right``, not higher than ``top``, may have more than ``best`` (negative).

    The line of sight above the curved Earth is a convex parabola: its lowest point there bounds the clearance from
    below, and no root is needed to compare parameters.
    """
    at = min(max(0.5 * (d - slope / curvature), left), right)
    gap = hts + slope * at - curvature * at * (d - at) - top
    middle = min(max(0.5 * d, left), right)
    return gap <= 0.0 or gap * gap < best * best * middle * (d - middle)


@inlined
def greatest_clearance(
    x: Float, height: Float, base: int, tops: Float, top: int, last: int, d: float, hts: float, hrs: float,
    curvature: float, floor: float,
) -> float:  # fmt: skip
    """Return the greatest clearance parameter of points 1 to ``last``, or ``floor`` where none is greater.

    Every point lies below the line of sight, so the parameter is negative.
    """
    best, slope = floor, (hrs - hts) / d
    for b in range(last // BLOCK + 1):
        i, j = max(b * BLOCK, 1), min(b * BLOCK + BLOCK - 1, last)
        if _may_clear(tops[top + b], x[i], x[j], d, hts, slope, curvature, best):
            best = max(best, _clearance(x, height, base, i, j, d, hts, hrs, curvature))
    return best


@inlined
def clearest_point(
    x: Float, height: Float, base: int, tops: Float, top: int, last: int, d: float, hts: float, hrs: float,
    curvature: float, guess: int,
) -> int:  # fmt: skip
    """Return the point 1 to ``last`` with the greatest clearance parameter, the last of equals.

    Every point lies below the line of sight; the nearer ``guess`` is, the fewer blocks are looked into.
    """
    slope = (hrs - hts) / d
    first, end = guess, guess
    best = _clearance_at(x, height, base, guess, d, hts, hrs, curvature)
    for b in range(last // BLOCK + 1):
        i, j = max(b * BLOCK, 1), min(b * BLOCK + BLOCK - 1, last)
        if _may_clear(tops[top + b], x[i], x[j], d, hts, slope, curvature, best):
            found = _clearance(x, height, base, i, j, d, hts, hrs, curvature)
            if found >= best:
                best, first, end = found, i, j
    for i in range(end, first, -1):
        if _clearance_at(x, height, base, i, d, hts, hrs, curvature) == best:
            return i
    return first


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
