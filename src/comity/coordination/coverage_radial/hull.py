"""The upper convex hull of a profile that grows point by point.

What a receiver beyond the profile sees as its horizon is the hull's tangent, and the point that rises highest above a
straight line is a vertex of it: both are found by bisection. A hull is a stack of point numbers; every point is pushed
once and popped at most once.

One hull serves several curvatures. Bending the ground down less adds a convex function of distance to all heights,
which can only take vertices away: the vertices over the more curved Earth hold those over the less curved one, and
over the plane. There the greatest value is found by looking at each vertex.

Stacks and heights of several hulls lie one behind the other in flat arrays; ``base`` is where one begins.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comity.coordination.coverage_radial._compiled import inlined

Float = NDArray[np.float64]
Stack = NDArray[np.int32]


@inlined
def push(stack: Stack, rise: Float, base: int, size: int, height: Float, k: int) -> int:
    """Add point ``k``, the farthest so far, at equal steps; return the new size of the stack.

    ``rise`` holds the slope towards each vertex from the one before it, in heights a step.
    """
    slope = 0.0
    while size > 0:
        last = stack[base + size - 1]
        slope = (height[base + k] - height[base + last]) / (k - last)
        if size == 1 or slope < rise[base + size - 1]:
            break
        size -= 1
    stack[base + size], rise[base + size] = k, slope
    return size + 1


@inlined
def tangent(stack: Stack, base: int, size: int, x: Float, height: Float, d: float, top: float) -> int:
    """Return the place in the stack of the tangent from beyond: greatest (height - top) / (d - x)."""
    low, high = 0, size - 1
    while low < high:
        middle = (low + high) // 2
        a, b = stack[base + middle], stack[base + middle + 1]
        if (height[base + b] - top) * (d - x[a]) >= (height[base + a] - top) * (d - x[b]):
            low = middle + 1
        else:
            high = middle
    return low


@inlined
def farthest_above(stack: Stack, rise: Float, base: int, size: int, slope_a_step: float) -> int:
    """Return the place in the stack of the vertex that rises highest above a line of this slope."""
    low, high = 0, size - 1
    while low < high:
        middle = (low + high) // 2
        if rise[base + middle + 1] >= slope_a_step:
            low = middle + 1
        else:
            high = middle
    return low
