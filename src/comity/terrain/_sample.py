"""Kernels that read grids along paths.

A path is cut into segments of at most 25 km. Latitude and longitude are computed at four nodes of each segment,
turned into columns and rows of a grid, and interpolated between the nodes by the cubic through them: within
0.1 mm of evaluating every point, and some twenty times faster. The last point of a path, and a single place, use
the node itself, so that the end of a profile and the height of its receiver are one number.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from comity.terrain._compiled import kernel
from comity.terrain._geodesic import along, inverse, track
from comity.terrain.lattice import locate

Float = NDArray[np.float64]
Int = NDArray[np.int64]

SEGMENT_M = 25_000.0


@kernel
def measure(
    lat1: Float,
    lon1: Float,
    lat2: Float,
    lon2: Float,
    spacing_m: float,
    max_points: int,
    length_m: Float,
    offsets: Int,
    first_node: Int,
) -> None:
    """Fill geodesic lengths (to 1 mm), profile offsets and node offsets (three a segment and one)."""
    offsets[0], first_node[0] = 0, 0
    for i in range(lat1.size):
        length = np.rint(inverse(lat1[i], lon1[i], lat2[i], lon2[i])[0] * 1e3) * 1e-3
        length_m[i] = length
        points, segments = 3, 1
        if length < 2.1e7:
            points = min(max(3, math.ceil(length / spacing_m) + 1), max(3, max_points))
            segments = max(1, math.ceil(length / SEGMENT_M))
        offsets[i + 1] = offsets[i] + points
        first_node[i + 1] = first_node[i] + 3 * segments + 1


@kernel
def place_nodes(
    lat1: Float,
    lon1: Float,
    lat2: Float,
    lon2: Float,
    length_m: Float,
    offsets: Int,
    first_node: Int,
    node_lat: Float,
    node_lon: Float,
    distance_km: Float,
) -> None:
    """Fill the nodes' positions on the great circle and the points' distances [km]."""
    for i in range(lat1.size):
        way = track(lat1[i], lon1[i], lat2[i], lon2[i])
        first, last = first_node[i], first_node[i + 1] - 1
        node_lat[first], node_lon[first] = lat1[i], lon1[i]
        for k in range(first + 1, last):
            node_lat[k], node_lon[k] = along(way, (k - first) / (last - first))
        node_lat[last], node_lon[last] = lat2[i], lon2[i]
        start, intervals = offsets[i], offsets[i + 1] - offsets[i] - 1
        for k in range(intervals):
            distance_km[start + k] = length_m[i] * 1e-3 * (k / intervals)
        distance_km[start + intervals] = length_m[i] * 1e-3


@kernel
def walk(column_nodes: Float, row_nodes: Float, points: int, column: Float, row: Float) -> None:
    """Fill columns and rows of a path's points from those of its nodes."""
    segments = (column_nodes.size - 1) // 3
    step = 3.0 * segments / (points - 1)
    k = 0
    for s in range(segments):
        c0, c1, c2, c3 = (
            column_nodes[3 * s],
            column_nodes[3 * s + 1],
            column_nodes[3 * s + 2],
            column_nodes[3 * s + 3],
        )
        r0, r1, r2, r3 = row_nodes[3 * s], row_nodes[3 * s + 1], row_nodes[3 * s + 2], row_nodes[3 * s + 3]
        # Newton's form of the cubic through nodes at 0, 1, 2, 3, then in powers of t.
        cd1, cd2, cd3 = c1 - c0, c2 - 2.0 * c1 + c0, c3 - 3.0 * c2 + 3.0 * c1 - c0
        rd1, rd2, rd3 = r1 - r0, r2 - 2.0 * r1 + r0, r3 - 3.0 * r2 + 3.0 * r1 - r0
        ca3, ca2, ca1 = cd3 / 6.0, 0.5 * cd2 - 0.5 * cd3, cd1 - 0.5 * cd2 + cd3 / 3.0
        ra3, ra2, ra1 = rd3 / 6.0, 0.5 * rd2 - 0.5 * rd3, rd1 - 0.5 * rd2 + rd3 / 3.0
        end = points - 1
        if s < segments - 1:
            end = min(end, math.ceil(3.0 * (s + 1) / step))
        for j in range(k, end):
            t = j * step - 3.0 * s
            column[j] = ((ca3 * t + ca2) * t + ca1) * t + c0
            row[j] = ((ra3 * t + ra2) * t + ra1) * t + r0
        k = end
    column[points - 1], row[points - 1] = column_nodes[3 * segments], row_nodes[3 * segments]


@kernel
def project_nodes(
    node_lat: Float,
    node_lon: Float,
    place: Float,
    nodes: Float,
    rows: int,
    columns: int,
    column: Float,
    row: Float,
) -> bool:
    """Fill columns and rows of one path's nodes; return whether the path can touch the grid."""
    west = east = north = south = True
    for k in range(node_lat.size):
        c, r = locate(node_lat[k], node_lon[k], place, nodes)
        column[k], row[k] = c, r
        west, east = west and not c >= -1.0, east and not c <= columns
        north, south = north and not r >= -1.0, south and not r <= rows
    return not (west or east or north or south)


@kernel
def bilinear(grid: NDArray[np.float32], column: float, row: float) -> tuple[float, float]:
    """Return the height between four valid cells and the nearest of them; NaN where one of them is not valid."""
    if not (column >= 0.0 and row >= 0.0 and column < grid.shape[1] - 1 and row < grid.shape[0] - 1):
        return math.nan, math.nan
    j, i = int(column), int(row)
    x, y = column - j, row - i
    a, b = np.float64(grid[i, j]), np.float64(grid[i, j + 1])
    c, d = np.float64(grid[i + 1, j]), np.float64(grid[i + 1, j + 1])
    upper = a + (b - a) * x
    lower = c + (d - c) * x
    near_upper = b if x >= 0.5 else a
    near_lower = d if x >= 0.5 else c
    return upper + (lower - upper) * y, near_lower if y >= 0.5 else near_upper


@kernel
def nearest(grid: NDArray[np.float32], column: float, row: float) -> float:
    """Return the height of the cell that holds a place; NaN where there is none."""
    c, r = math.floor(column + 0.5), math.floor(row + 0.5)
    if not (c >= 0.0 and r >= 0.0 and c < grid.shape[1] and r < grid.shape[0]):
        return math.nan
    return np.float64(grid[int(r), int(c)])


@kernel
def is_sea_cell(value: float) -> bool:
    """Whether a stored height is the sea's mark, negative zero."""
    return value == 0.0 and math.copysign(1.0, value) < 0.0


@kernel
def fill_heights(
    offsets: Int,
    first_node: Int,
    node_lat: Float,
    node_lon: Float,
    place: Float,
    nodes: Float,
    grid: NDArray[np.float32],
    whole_cell: bool,
    height_m: Float,
    zone: NDArray[np.int8],
    open_points: Int,
) -> None:
    """Give heights to points that have none yet (NaN), sea points the height 0 and zone 3.

    Parameters
    ----------
    whole_cell : take the height of the cell that holds the point, where four valid neighbours are not to be had
    open_points : (n,) points without height of each path, counted down
    """
    longest = 0
    for i in range(offsets.size - 1):
        longest = max(longest, offsets[i + 1] - offsets[i])
    widest = 0
    for i in range(first_node.size - 1):
        widest = max(widest, first_node[i + 1] - first_node[i])
    column, row, column_nodes, row_nodes = (
        np.empty(longest),
        np.empty(longest),
        np.empty(widest),
        np.empty(widest),
    )
    for i in range(offsets.size - 1):
        if open_points[i] == 0:
            continue
        a, b = first_node[i], first_node[i + 1]
        n, start = b - a, offsets[i]
        points = offsets[i + 1] - start
        if not project_nodes(
            node_lat[a:b], node_lon[a:b], place, nodes, grid.shape[0], grid.shape[1], column_nodes, row_nodes
        ):
            continue
        walk(column_nodes[:n], row_nodes[:n], points, column, row)
        found = 0
        for k in range(points):
            if height_m[start + k] == height_m[start + k]:
                continue
            value, near = bilinear(grid, column[k], row[k])
            if whole_cell:
                value = near = nearest(grid, column[k], row[k])
            if value == value:
                found += 1
                sea = is_sea_cell(near)
                height_m[start + k] = 0.0 if sea else value
                zone[start + k] = 3 if sea else 0
        open_points[i] -= found


@kernel
def fill_codes(
    offsets: Int,
    first_node: Int,
    node_lat: Float,
    node_lon: Float,
    place: Float,
    nodes: Float,
    grid: NDArray[np.uint8],
    code: NDArray[np.uint8],
) -> None:
    """Give the code of their cell to points that have none yet (0)."""
    longest = 0
    for i in range(offsets.size - 1):
        longest = max(longest, offsets[i + 1] - offsets[i])
    widest = 0
    for i in range(first_node.size - 1):
        widest = max(widest, first_node[i + 1] - first_node[i])
    column, row, column_nodes, row_nodes = (
        np.empty(longest),
        np.empty(longest),
        np.empty(widest),
        np.empty(widest),
    )
    for i in range(offsets.size - 1):
        a, b = first_node[i], first_node[i + 1]
        n, start = b - a, offsets[i]
        points = offsets[i + 1] - start
        if not project_nodes(
            node_lat[a:b], node_lon[a:b], place, nodes, grid.shape[0], grid.shape[1], column_nodes, row_nodes
        ):
            continue
        walk(column_nodes[:n], row_nodes[:n], points, column, row)
        for k in range(points):
            if code[start + k] != 0:
                continue
            c, r = math.floor(column[k] + 0.5), math.floor(row[k] + 0.5)
            if c >= 0.0 and r >= 0.0 and c < grid.shape[1] and r < grid.shape[0]:
                code[start + k] = grid[int(r), int(c)]


@kernel
def point_heights(
    column: Float,
    row: Float,
    grid: NDArray[np.float32],
    whole_cell: bool,
    height_m: Float,
    zone: NDArray[np.int8],
) -> None:
    """Do what :func:`fill_heights` does, for single places."""
    for k in range(column.size):
        if height_m[k] == height_m[k]:
            continue
        value, near = bilinear(grid, column[k], row[k])
        if whole_cell:
            value = near = nearest(grid, column[k], row[k])
        if value == value:
            sea = is_sea_cell(near)
            height_m[k] = 0.0 if sea else value
            zone[k] = 3 if sea else 0


@kernel
def point_codes(column: Float, row: Float, grid: NDArray[np.uint8], code: NDArray[np.uint8]) -> None:
    """Do what :func:`fill_codes` does, for single places."""
    for k in range(column.size):
        if code[k] != 0:
            continue
        c, r = math.floor(column[k] + 0.5), math.floor(row[k] + 0.5)
        if c >= 0.0 and r >= 0.0 and c < grid.shape[1] and r < grid.shape[0]:
            code[k] = grid[int(r), int(c)]


@kernel
def settle_zones(height_m: Float, coast: NDArray[np.uint8], zone: NDArray[np.int8]) -> int:
    """Decide the zones from heights and coastline codes; return how many points have no ground and stay NaN.

    P.452-18, Table 3 (P.1812 alike): coastal land is land adjacent to the sea up to 100 m above it and within 50 km
    of it. Where no coastline is known, low land counts as coastal: the cautious answer.

    Parameters
    ----------
    coast : coastline codes: 0 unknown, 1 land within 50 km of the sea, 2 land farther inland, 3 sea, 4 shore
    """
    count = 0
    for k in range(height_m.size):
        if height_m[k] != height_m[k]:
            if coast[k] == 3:
                height_m[k] = 0.0
                zone[k] = 3
            else:
                count += 1
        elif zone[k] != 3:
            zone[k] = 1 if height_m[k] <= 100.0 and coast[k] != 2 else 2
    return count
