"""The upper convex hull of a profile that grows point by point.

What a receiver beyond the profile sees as its horizon is the hull's tangent, and the point that rises highest
above a straight line is a vertex of it: both are found by bisection. A hull is a stack of point numbers;
every point is pushed once and popped at most once.

Stacks and heights of several hulls lie one behind the other in flat arrays; ``base`` is where one begins.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comity.coordination.coverage_radial._compiled import inlined

Float = NDArray[np.float64]
Stack = NDArray[np.int32]


@inlined
def push(stack: Stack, base: int, size: int, height: Float, k: int) -> int:
    """Add point ``k``, the farthest so far, at equal steps; return the new size of the stack."""
    while size >= 2:
        a, b = stack[base + size - 2], stack[base + size - 1]
        low = height[base + a]
        if (height[base + b] - low) * (k - a) > (height[base + k] - low) * (b - a):
            break
        size -= 1
    stack[base + size] = k
    return size + 1


@inlined
def tangent(stack: Stack, base: int, size: int, x: Float, height: Float, d: float, top: float) -> int:
    """Return the point that appears highest from a place beyond the hull: greatest (height - top) / (d - x)."""
    low, high = 0, size - 1
    while low < high:
        middle = (low + high) // 2
        a, b = stack[base + middle], stack[base + middle + 1]
        if (height[base + b] - top) * (d - x[a]) >= (height[base + a] - top) * (d - x[b]):
            low = middle + 1
        else:
            high = middle
    return int(stack[base + low])


@inlined
def farthest_above(stack: Stack, base: int, size: int, x: Float, height: Float, slope: float) -> int:
    """Return the point that rises highest above a line of this slope: greatest height - slope x."""
    low, high = 0, size - 1
    while low < high:
        middle = (low + high) // 2
        a, b = stack[base + middle], stack[base + middle + 1]
        if height[base + b] - height[base + a] >= slope * (x[b] - x[a]):
            low = middle + 1
        else:
            high = middle
    return int(stack[base + low])
