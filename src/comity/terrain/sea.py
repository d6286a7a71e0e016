"""Where a height grid shows the sea.

Grids disagree about the sea: Taiwan's model leaves it out, OS Terrain 50 gives it real-looking heights near -2 m,
SRTM puts it at 0 m. Taken at its word the second would be land, and a path over it would lose the sea's stronger
ducts. So the sea is found once, when a grid is added, by one rule:

- a *candidate* is a cell without data; or, in a grid that gives heights to the open sea, a cell at or below 0 m
  (such a grid: of its valid cells outside the coastline most lie at or below 0 m, and they are at least a tenth of
  all cells outside);
- a candidate outside the coastline is sea; so is one that touches the sea through candidates and lies within
  the coastline's own accuracy of the mapped shore (a generalised coastline cuts harbours and lagoons off), and as
  near to a cell with a height: an island that the grid leaves out altogether is a hole, not sea.

Everything else stays as it is: a valid cell is land whatever the coastline says, and a hole farther inland stays
a hole. Sea cells are stored as negative zero, land at 0 m as zero.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comity.terrain._compiled import kernel

#: Codes of a coastline grid; the first three are also the radio-climatic zones of P.452 and P.1812.
UNKNOWN, COASTAL, INLAND, SEA, SHORE = 0, 1, 2, 3, 4


@kernel
def _tally(cells: NDArray[np.float32], coast: NDArray[np.uint8]) -> tuple[int, int, int]:
    """Return how many cells outside the coastline lie at or below 0 m, how many above, how many hold no data."""
    low = high = empty = 0
    for i in range(cells.shape[0]):
        for j in range(cells.shape[1]):
            if coast[i, j] != 3:
                continue
            if cells[i, j] <= 0.0:
                low += 1
            elif cells[i, j] > 0.0:
                high += 1
            else:
                empty += 1
    return low, high, empty


@kernel
def _near_heights(cells: NDArray[np.float32], reach: int) -> NDArray[np.uint8]:
    """Return 1 where a cell with a height lies at most ``reach`` rows and columns away."""
    rows, columns = cells.shape
    along = np.zeros((rows, columns), dtype=np.uint8)
    for i in range(rows):
        seen = -reach - 1
        for j in range(columns + reach):
            if j < columns and cells[i, j] == cells[i, j]:
                seen = j
            k = j - reach
            if k >= 0 and seen >= k - reach:
                along[i, k] = 1
    near = np.zeros((rows, columns), dtype=np.uint8)
    last = np.full(columns, -reach - 1)
    for i in range(rows + reach):
        k = i - reach
        for j in range(columns):
            if i < rows and along[i, j] == 1:
                last[j] = i
            if k >= 0 and last[j] >= k - reach:
                near[k, j] = 1
    return near


@kernel
def _flood(
    cells: NDArray[np.float32], coast: NDArray[np.uint8], near: NDArray[np.uint8], low_is_sea: bool
) -> int:
    """Mark the sea in ``cells``; return the number of marked cells."""
    rows, columns = cells.shape
    state = np.zeros((rows, columns), dtype=np.uint8)
    stack = np.empty(1024, dtype=np.int64)
    size = marked = 0
    for start in range(rows * columns):
        if coast.flat[start] != 3 or state.flat[start] != 0:
            continue
        value = cells.flat[start]
        if not (value <= 0.0 if low_is_sea else value != value):
            continue
        state.flat[start] = 1
        stack[0], size = start, 1
        while size > 0:
            size -= 1
            k = stack[size]
            cells.flat[k] = -0.0
            marked += 1
            i, j = k // columns, k % columns
            if size + 4 > stack.size:
                bigger = np.empty(2 * stack.size, dtype=np.int64)
                bigger[:size] = stack[:size]
                stack = bigger
            for side in range(4):
                a, b = i + (side == 0) - (side == 1), j + (side == 2) - (side == 3)
                if a < 0 or b < 0 or a >= rows or b >= columns or state[a, b] != 0:
                    continue
                value = cells[a, b]
                candidate = value <= 0.0 if low_is_sea else value != value
                if candidate and (coast[a, b] == 3 or (coast[a, b] == 4 and near[a, b] == 1)):
                    state[a, b] = 1
                    stack[size] = a * columns + b
                    size += 1
    return marked


def mark_sea(cells: NDArray[np.float32], coast: NDArray[np.uint8], reach: int) -> str:
    """Mark sea cells in place; return how they were recognised, for the edition's notes.

    Parameters
    ----------
    cells : (rows, columns) heights [m], NaN for nodata
    coast : (rows, columns) coastline codes, 0 where no coastline is known
    reach : the coastline's accuracy in cells
    """
    if not (coast == SEA).any():
        return "none: no coastline known here, or no cell outside it"
    low, high, empty = _tally(cells, coast)
    low_is_sea = low > high and 10 * low >= low + high + empty
    count = _flood(cells, coast, _near_heights(cells, reach), low_is_sea)
    what = "heights at or below 0 m" if low_is_sea else "cells without data"
    return f"{what} that touch the sea outside the coastline; {count} cells"
