"""What a walk along one radial knows of the ground behind it, kept up to date point by point.

``state`` is a small vector of float64, one entry a quantity. Slopes are as the transmitter sees them, without the
term that grows with the receiver's distance.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comity.coordination.coverage_radial._compiled import inlined
from comity.coordination.coverage_radial.hull import push
from comity.propagation.paths import INLAND, SEA

Float = NDArray[np.float64]

#: Greatest slopes from the transmitter: covered ground over the median and the beta_0 Earth, bare ground over the
#: median Earth and where it lies [point], bare ground over a flat Earth.
(TX_50, TX_B, TX_BARE, TX_BARE_AT, TX_FLAT) = range(5)
#: Smooth-Earth sums up to the last point.
(V1, V2) = range(5, 7)
#: Zones: where the open section began, land in closed sections before it, longest land and inland sections closed,
#: sea in closed sections, beginning of the first and end of the last of them [km], negative where there is none.
(EDGE, LAND, DTM, DLM, AT_SEA, FIRST_SEA, LAST_SEA) = range(7, 14)
ENTRIES = 14

#: Parts of the flat array of heights of one radial, each as long as the radial; there are hulls over the first two.
(COVERED_50, BARE_50, PLAIN, COVERED) = range(4)
HULLS, PARTS = 2, 4
_LOW = -1e300


@inlined
def prepare(x: Float, height: Float, cover: Float, start: int, curvature: float, ground: Float) -> None:
    """Fill the heights that the hulls are built over: above a straight line through the transmitter's foot."""
    n = x.size
    for i in range(n):
        h, drop = height[start + i], curvature * x[i] * x[i]
        top = h + cover[start + i]
        ground[COVERED_50 * n + i], ground[COVERED * n + i] = top - drop, top
        ground[BARE_50 * n + i], ground[PLAIN * n + i] = h - drop, h


@inlined
def begin(state: Float, sizes: NDArray[np.int64]) -> None:
    """Stand at the transmitter."""
    for row in range(ENTRIES):
        state[row] = 0.0
    state[TX_50] = state[TX_B] = state[TX_BARE] = state[TX_FLAT] = _LOW
    state[FIRST_SEA] = state[LAST_SEA] = -1.0
    for row in range(HULLS):
        sizes[row] = 0


@inlined
def advance(
    state: Float,
    sizes: NDArray[np.int64],
    hulls: NDArray[np.int32],
    rise: Float,
    ground: Float,
    x: Float,
    curvature_b: float,
    kind_before: int,
    kind: int,
    k: int,
    hts: float,
) -> None:
    """Take in point ``k``."""
    n, at, before = x.size, x[k], x[k - 1]
    per_x, step = 1.0 / at, at - before
    h, h_before = ground[PLAIN * n + k], ground[PLAIN * n + k - 1]
    state[TX_50] = max(state[TX_50], (ground[COVERED_50 * n + k] - hts) * per_x)
    state[TX_B] = max(state[TX_B], (ground[COVERED * n + k] - hts) * per_x - curvature_b * at)
    bare = (ground[BARE_50 * n + k] - hts) * per_x
    if bare > state[TX_BARE]:
        state[TX_BARE], state[TX_BARE_AT] = bare, float(k)
    state[TX_FLAT] = max(state[TX_FLAT], (h - hts) * per_x)
    state[V1] += step * (h + h_before)
    state[V2] += step * (h * (2.0 * at + before) + h_before * (at + 2.0 * before))
    for row in range(HULLS):
        sizes[row] = push(hulls, rise, row * n, sizes[row], ground, k)
    if kind != kind_before:
        close_section(state, kind_before, 0.5 * (before + at))


@inlined
def close_section(state: Float, kind: int, edge: float) -> None:
    """End the open section of one zone at ``edge`` [km]."""
    length = edge - state[EDGE]
    if kind == SEA:
        if state[FIRST_SEA] < 0.0:
            state[FIRST_SEA] = state[EDGE]
        state[LAST_SEA] = edge
        state[AT_SEA] += length
        state[LAND] = 0.0
    else:
        state[LAND] += length
        state[DTM] = max(state[DTM], state[LAND])
        if kind == INLAND:
            state[DLM] = max(state[DLM], length)
    state[EDGE] = edge


@inlined
def close_all(state: Float, copy: Float, kind: int, before: float, d: float, receiver_kind: int) -> None:
    """Fill ``copy`` with the zones of the whole path to a receiver; its last point before that lies at ``before``."""
    for row in range(EDGE, LAST_SEA + 1):
        copy[row] = state[row]
    if receiver_kind != kind:
        close_section(copy, kind, 0.5 * (before + d))
    close_section(copy, receiver_kind, d)
