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

from comity.propagation._compiled import inlined
from comity.propagation._elementary import rounded
from comity.propagation._lane_gather import pick, whole_part
from comity.propagation._lane_memory import first_lanes, lane_numbers, load_first, store_first, total
from comity.propagation._lanes import Real, Truth, lanes, where
from comity.terrain._compiled import kernel
from comity.terrain._geodesic import along, inverse, track
from comity.terrain.lattice import locate

Float = NDArray[np.float64]
Int = NDArray[np.int64]

SEGMENT_M = 25_000.0


@kernel
def measure(
    first: int, step: int, lat1: Float, lon1: Float, lat2: Float, lon2: Float, length_m: Float
) -> None:
    """Fill the geodesic lengths, to 1 mm, of paths ``first``, ``first + step``, ..."""
    for i in range(first, lat1.size, step):
        length_m[i] = rounded(inverse(lat1[i], lon1[i], lat2[i], lon2[i])[0] * 1e3) * 1e-3


@kernel
def count_points(length_m: Float, spacing_m: float, max_points: int, offsets: Int, first_node: Int) -> None:
    """Fill profile offsets and node offsets (three a segment and one) from the lengths."""
    offsets[0], first_node[0] = 0, 0
    for i in range(length_m.size):
        length = length_m[i]
        points, segments = 3, 1
        if length < 2.1e7:
            points = min(max(3, math.ceil(length / spacing_m) + 1), max(3, max_points))
            segments = max(1, math.ceil(length / SEGMENT_M))
        offsets[i + 1] = offsets[i] + points
        first_node[i + 1] = first_node[i] + 3 * segments + 1


@kernel
def place_nodes(
    first: int, step: int, worker: int, workers: int, lat1: Float, lon1: Float, lat2: Float, lon2: Float,
    length_m: Float, offsets: Int, first_node: Int, node_lat: Float, node_lon: Float, distance_km: Float,
) -> None:  # fmt: skip
    """Fill the nodes' positions on the great circle and the points' distances [km].

    Of every path, this worker's share of nodes and points.
    """
    for i in range(first, lat1.size, step):
        way = track(lat1[i], lon1[i], lat2[i], lon2[i])
        start, last = first_node[i], first_node[i + 1] - 1
        for k in range(start + worker, last + 1, workers):
            if k == start:
                node_lat[k], node_lon[k] = lat1[i], lon1[i]
            elif k == last:
                node_lat[k], node_lon[k] = lat2[i], lon2[i]
            else:
                node_lat[k], node_lon[k] = along(way, (k - start) / (last - start))
        start, intervals = offsets[i], offsets[i + 1] - offsets[i] - 1
        for k in range(worker, intervals, workers):
            distance_km[start + k] = length_m[i] * 1e-3 * (k / intervals)
        distance_km[start + intervals] = length_m[i] * 1e-3


@inlined
def cubic(values: Float, s: int) -> tuple[float, float, float, float]:
    """Return the coefficients in t of the cubic through nodes ``3 s`` to ``3 s + 3`` at t = 0, 1, 2, 3."""
    a, b, c, d = values[3 * s], values[3 * s + 1], values[3 * s + 2], values[3 * s + 3]
    # Newton's form, then in powers of t
    d1, d2, d3 = b - a, c - 2.0 * b + a, d - 3.0 * c + 3.0 * b - a
    return d3 / 6.0, 0.5 * d2 - 0.5 * d3, d1 - 0.5 * d2 + d3 / 3.0, a


@inlined
def segment_end(s: int, segments: int, points: int, step: float) -> int:
    """Return the first point beyond segment ``s``, the last point of the path left to its node."""
    end = points - 1
    return end if s == segments - 1 else min(end, int(math.ceil(3.0 * (s + 1) / step)))  # noqa: RUF046 (a float on a GPU)


@kernel
def walk(column_nodes: Float, row_nodes: Float, points: int, column: Float, row: Float) -> None:
    """Fill columns and rows of a path's points from those of its nodes."""
    segments = (column_nodes.size - 1) // 3
    step = 3.0 * segments / (points - 1)
    k = 0
    for s in range(segments):
        ca3, ca2, ca1, c0 = cubic(column_nodes, s)
        ra3, ra2, ra1, r0 = cubic(row_nodes, s)
        end = segment_end(s, segments, points, step)
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


@inlined
def is_sea_cell(value: Real) -> Truth:
    """Whether a stored height is the sea's mark, negative zero."""
    return (value == 0.0) & (1.0 / value < 0.0)


@inlined
def look_up(grid: NDArray[np.float32], column: Real, row: Real, whole_cell: bool) -> Real:
    """Return the height at a place, NaN where there is none, negative zero on the sea.

    Between four valid cells it is the bilinear height, and sea where the nearest of them is; with ``whole_cell`` it is
    the height of the cell that holds the place. The grid has two rows and columns at least.
    """
    across, down = float(grid.shape[1]), float(grid.shape[0])
    if whole_cell:
        c, r = column + 0.5, row + 0.5
        inside = (c >= 0.0) & (r >= 0.0) & (c < across) & (r < down)
        j, i = whole_part(where(inside, c, 0.0)), whole_part(where(inside, r, 0.0))
        value = near = pick(grid, i * across + j)
    else:
        inside = (column >= 0.0) & (row >= 0.0) & (column < across - 1.0) & (row < down - 1.0)
        c, r = where(inside, column, 0.0), where(inside, row, 0.0)
        j, i = whole_part(c), whole_part(r)
        x, y, at = c - j, r - i, i * across + j
        upper_left, upper_right = pick(grid, at), pick(grid, at + 1.0)
        lower_left, lower_right = pick(grid, at + across), pick(grid, at + across + 1.0)
        upper = upper_left + (upper_right - upper_left) * x
        value = upper + (lower_left + (lower_right - lower_left) * x - upper) * y
        right, low = x >= 0.5, y >= 0.5
        near = where(low, where(right, lower_right, lower_left), where(right, upper_right, upper_left))
    return where(inside, where(is_sea_cell(near), -0.0, value + 0.0), math.nan)


@inlined
def give_heights(
    grid: NDArray[np.float32], column: Real, row: Real, whole_cell: bool, height_m: Float, k: int, mask: Truth
) -> Real:
    """Give heights to the points from ``k`` on where ``mask`` holds and none is known; return 1 for each new one."""
    known = load_first(height_m, k, mask, 0.0)
    value = where(known == known, known, look_up(grid, column, row, whole_cell))
    store_first(height_m, k, mask, value)
    return where(known == known, lanes(0.0), where(value == value, lanes(1.0), 0.0))


@kernel
def path_heights(
    i: int, offsets: Int, first_node: Int, node_lat: Float, node_lon: Float, place: Float, nodes: Float,
    grid: NDArray[np.float32], whole_cell: bool, node_column: Float, node_row: Float, height_m: Float,
) -> int:  # fmt: skip
    """Give heights to the points of path ``i``, eight at a time; return how many got one."""
    a, b, start = first_node[i], first_node[i + 1], offsets[i]
    points = offsets[i + 1] - start
    columns, rows = node_column[a:b], node_row[a:b]
    touched = project_nodes(
        node_lat[a:b], node_lon[a:b], place, nodes, grid.shape[0], grid.shape[1], columns, rows
    )
    if not touched or grid.shape[0] < 2 or grid.shape[1] < 2:
        return 0
    segments = (columns.size - 1) // 3
    step = 3.0 * segments / (points - 1)
    found, first = lanes(0.0), 0
    for s in range(segments):
        ca3, ca2, ca1, c0 = cubic(columns, s)
        ra3, ra2, ra1, r0 = cubic(rows, s)
        end = segment_end(s, segments, points, step)
        for k in range(first, end, 8):
            t = (lane_numbers() + float(k)) * step - 3.0 * s
            column, row = ((ca3 * t + ca2) * t + ca1) * t + c0, ((ra3 * t + ra2) * t + ra1) * t + r0
            mask = first_lanes(end - k)
            found = found + give_heights(grid, column, row, whole_cell, height_m, start + k, mask)
        first = max(first, end)
    column, row = lanes(columns[b - a - 1]), lanes(rows[b - a - 1])
    found = found + give_heights(grid, column, row, whole_cell, height_m, start + points - 1, first_lanes(1))
    return int(total(found))


@kernel
def fill_heights(
    offsets: Int, first_node: Int, node_lat: Float, node_lon: Float, place: Float, nodes: Float,
    grid: NDArray[np.float32], whole_cell: bool, node_column: Float, node_row: Float, height_m: Float,
    open_points: Int,
) -> None:  # fmt: skip
    """Give heights to points that have none yet (NaN), sea points the sea's mark, negative zero.

    Parameters
    ----------
    whole_cell : take the height of the cell that holds the point, where four valid neighbours are not to be had
    node_column, node_row : scratch, one entry a node
    open_points : (n,) points without height of each path, counted down
    """
    for i in range(offsets.size - 1):
        if open_points[i] > 0:
            open_points[i] -= path_heights(
                i, offsets, first_node, node_lat, node_lon, place, nodes, grid, whole_cell, node_column, node_row,
                height_m,
            )  # fmt: skip


@inlined
def give_code(grid: NDArray[np.uint8], column: float, row: float, code: NDArray[np.uint8], k: int) -> None:
    """Give point ``k`` the code of its cell unless it has one."""
    if code[k] == 0:
        c, r = math.floor(column + 0.5), math.floor(row + 0.5)
        if c >= 0.0 and r >= 0.0 and c < grid.shape[1] and r < grid.shape[0]:
            code[k] = grid[int(r), int(c)]


@kernel
def fill_codes(
    first: int, step: int, worker: int, workers: int, offsets: Int, first_node: Int, node_lat: Float,
    node_lon: Float, place: Float, nodes: Float, grid: NDArray[np.uint8], node_column: Float, node_row: Float,
    code: NDArray[np.uint8],
) -> None:  # fmt: skip
    """Give the code of their cell to points that have none yet (0): of every path, this worker's share of them."""
    for i in range(first, offsets.size - 1, step):
        a, b, start = first_node[i], first_node[i + 1], offsets[i]
        points = offsets[i + 1] - start
        columns, rows = node_column[a:b], node_row[a:b]
        if not project_nodes(
            node_lat[a:b], node_lon[a:b], place, nodes, grid.shape[0], grid.shape[1], columns, rows
        ):
            continue
        segments = (columns.size - 1) // 3
        pace = 3.0 * segments / (points - 1)
        k = worker
        for s in range(segments):
            ca3, ca2, ca1, c0 = cubic(columns, s)
            ra3, ra2, ra1, r0 = cubic(rows, s)
            end = segment_end(s, segments, points, pace)
            while k < end:
                t = k * pace - 3.0 * s
                column, row = ((ca3 * t + ca2) * t + ca1) * t + c0, ((ra3 * t + ra2) * t + ra1) * t + r0
                give_code(grid, column, row, code, start + k)
                k += workers
        if k == points - 1:
            give_code(grid, columns[b - a - 1], rows[b - a - 1], code, start + k)


@kernel
def point_heights(
    column: Float,
    row: Float,
    grid: NDArray[np.float32],
    whole_cell: bool,
    height_m: Float,
) -> None:
    """Do what :func:`fill_heights` does, for single places."""
    for k in range(column.size):
        if height_m[k] != height_m[k]:
            height_m[k] = look_up(grid, column[k], row[k], whole_cell)


@kernel
def point_codes(column: Float, row: Float, grid: NDArray[np.uint8], code: NDArray[np.uint8]) -> None:
    """Do what :func:`fill_codes` does, for single places."""
    for k in range(column.size):
        give_code(grid, column[k], row[k], code, k)


@kernel
def settle_zones(
    first: int, step: int, height_m: Float, coast: NDArray[np.uint8], zone: NDArray[np.int8]
) -> None:
    """Fill the zones from heights and coastline codes; points that have no ground stay NaN, zone 0.

    P.452-18, Table 3 (P.1812 alike): coastal land is land adjacent to the sea up to 100 m above it and within 50 km
    of it. Where no coastline is known, low land counts as coastal: the cautious answer.

    Parameters
    ----------
    coast : coastline codes: 0 unknown, 1 land within 50 km of the sea, 2 land farther inland, 3 sea, 4 shore
    """
    for k in range(first, height_m.size, step):
        known = height_m[k] == height_m[k]
        if is_sea_cell(height_m[k]) or (not known and coast[k] == 3):
            height_m[k], zone[k] = 0.0, 3
        elif known:
            zone[k] = 1 if height_m[k] <= 100.0 and coast[k] != 2 else 2
        else:
            zone[k] = 0


@kernel
def settle_cover(
    first: int, step: int, height_m: Float, zone: NDArray[np.int8], code: NDArray[np.uint8], table: Float,
    cover_m: Float,
) -> None:  # fmt: skip
    """Fill the heights of cover that ``table`` gives to the codes.

    A cell of urbanisation is 1 km wide and takes in docks and rivers, on which nothing stands.
    """
    for k in range(first, height_m.size, step):
        bare = zone[k] == 3 or height_m[k] <= 0.0
        cover_m[k] = 0.0 if bare else table[code[k]]


@kernel
def flatten(first: int, step: int, flat_m: float, height_m: Float, zone: NDArray[np.int8]) -> None:
    """Put all land that has a height at ``flat_m``; not a number leaves it as it is."""
    for k in range(first, height_m.size, step):
        if flat_m == flat_m and zone[k] != 3 and height_m[k] == height_m[k]:
            height_m[k] = flat_m
