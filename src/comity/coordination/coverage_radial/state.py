"""What a walk along one radial knows of the ground, and how it is laid out for eight points at a time.

``tables`` holds what depends on distance alone, ``ground`` the heights of one radial, ``tops`` the greatest heights of
its blocks. Each is a flat array of rows; a row has spare entries at both ends, so that eight points are read at once
wherever they begin. The transmitter's own place counts as infinitely deep: it obstructs nothing.

``state`` is a small vector of float64, kept up to date point by point, one entry a quantity. Slopes are as the
transmitter sees them, without the term that grows with the receiver's distance.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.coordination.coverage_radial._compiled import inlined
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
#: Blocks in which the last receiver saw its horizon, and its clearest point: where the next begins to look.
(HORIZON_BLOCK, CLEAREST_BLOCK) = range(14, 16)
ENTRIES = 16

#: Points of a block, whose greatest height is known.
BLOCK = 32
#: Rows of ``ground`` and of ``tops``.
(PLAIN, COVERED) = range(2)
#: Rows of ``tables``: distance x [km], 1/sqrt(x); then 1/y and 1/sqrt(y) of the distance y to a receiver one step
#: beyond the last point of the radial.
(X, PER_ROOT_X, PER_Y, PER_ROOT_Y) = range(4)
#: Entries before the first point of a row.
SPARE = BLOCK
LOW, HIGH = -1e100, 1e100


class Radial(NamedTuple):
    """Tables and ground of one radial; ``row`` and ``blocks`` are the lengths of their rows.

    So many ``halvings`` single out one of its points.
    """

    tables: Float
    ground: Float
    tops: Float
    edges: Float
    points: int
    row: int
    blocks: int
    halvings: int


@inlined
def lay_out(points: int, step_km: float) -> Radial:
    """Return the layout for radials of so many points, its tables filled."""
    row, blocks = points + 2 * SPARE, (points // BLOCK // 8 + 1) * 8
    tables, edges = np.empty(4 * row), np.empty(2 * blocks)
    for j in range(row):
        x, y = (j - SPARE) * step_km, (points + SPARE - j) * step_km
        tables[X * row + j] = x
        tables[PER_ROOT_X * row + j] = 1.0 / math.sqrt(x) if x > 0.0 else 1.0
        tables[PER_Y * row + j] = 1.0 / y if y > 0.0 else 1.0
        tables[PER_ROOT_Y * row + j] = 1.0 / math.sqrt(y) if y > 0.0 else 1.0
    for b in range(blocks):
        edges[b], edges[blocks + b] = b * BLOCK * step_km, (b * BLOCK + BLOCK - 1) * step_km
    halvings = 1
    while 1 << halvings < points:
        halvings += 1
    return Radial(tables, np.full(2 * row, LOW), np.empty(2 * blocks), edges, points, row, blocks, halvings)


@inlined
def take_in(r: Radial, height: Float, cover: Float, start: int) -> None:
    """Fill ground and tops with the profile that begins at ``start``."""
    plain, covered = PLAIN * r.row + SPARE, COVERED * r.row + SPARE
    for i in range(1, r.points):
        r.ground[plain + i] = height[start + i]
        r.ground[covered + i] = height[start + i] + cover[start + i]
    for b in range(r.blocks):
        highest = highest_covered = LOW
        for i in range(b * BLOCK, min(b * BLOCK + BLOCK, r.points)):
            highest = max(highest, r.ground[plain + i])
            highest_covered = max(highest_covered, r.ground[covered + i])
        r.tops[PLAIN * r.blocks + b], r.tops[COVERED * r.blocks + b] = highest, highest_covered


@inlined
def begin(state: Float) -> None:
    """Stand at the transmitter."""
    for row in range(ENTRIES):
        state[row] = 0.0
    state[TX_50] = state[TX_B] = state[TX_BARE] = state[TX_FLAT] = LOW
    state[FIRST_SEA] = state[LAST_SEA] = -1.0
    state[HORIZON_BLOCK] = state[CLEAREST_BLOCK] = -1.0


@inlined
def advance(
    state: Float, r: Radial, curvature: float, curvature_b: float, kind_before: int, kind: int, k: int, foot: float,
    hts: float,
) -> None:  # fmt: skip
    """Take in point ``k``; ``foot`` is the height of the transmitter's place."""
    plain, x_row = PLAIN * r.row + SPARE, X * r.row + SPARE
    at, before = r.tables[x_row + k], r.tables[x_row + k - 1]
    per_root = r.tables[PER_ROOT_X * r.row + SPARE + k]
    per_x, step = per_root * per_root, at - before
    h, h_before = r.ground[plain + k], (foot if k == 1 else r.ground[plain + k - 1])
    covered = (r.ground[COVERED * r.row + SPARE + k] - hts) * per_x
    flat = (h - hts) * per_x
    bare = flat - curvature * at
    state[TX_50] = max(state[TX_50], covered - curvature * at)
    state[TX_B] = max(state[TX_B], covered - curvature_b * at)
    if bare > state[TX_BARE]:
        state[TX_BARE], state[TX_BARE_AT] = bare, float(k)
    state[TX_FLAT] = max(state[TX_FLAT], flat)
    state[V1] += step * (h + h_before)
    state[V2] += step * (h * (2.0 * at + before) + h_before * (at + 2.0 * before))
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
