"""Large grids computed tile by tile into a store on disk, and taken up again where they were interrupted.

A tile is written whole before it is marked done, so that whatever stops a run (a power cut, a killed worker) costs at
most the tiles in flight. The store remembers what it was computed from; going on with other inputs is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.compute.executors import Executor
from comity.errors import ComityError, MissingError

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Tile:
    """A rectangle of a grid: rows ``top`` to ``bottom - 1``, columns ``left`` to ``right - 1``."""

    index: int
    top: int
    bottom: int
    left: int
    right: int


def tiles_of(shape: tuple[int, int], side: int) -> list[Tile]:
    """Return the tiles of a grid of ``shape`` (rows, columns), row by row, each at most ``side`` square."""
    corners = [(top, left) for top in range(0, shape[0], side) for left in range(0, shape[1], side)]
    return [
        Tile(index, top, min(top + side, shape[0]), left, min(left + side, shape[1]))
        for index, (top, left) in enumerate(corners)
    ]


def run_grid(
    folder: Path,
    shape: tuple[int, int],
    side: int,
    compute: Callable[[Tile], NDArray[np.float32]],
    executor: Executor,
    *,
    inputs: Mapping[str, Any],
    progress: Progress | None = None,
) -> Any:
    """Compute every tile that is not yet in the store and return the whole grid as a zarr array.

    Parameters
    ----------
    folder : store; created, or taken up again
    shape, side : grid (rows, columns) and tile side
    compute : pure function of a tile, which gives its values, float32 (bottom - top, right - left)
    executor : where tiles run
    inputs : all that the values depend on (JSON values), to recognise the run again
    progress : called with tiles done and tiles in all

    Raises
    ------
    ComityError
        If the store belongs to other inputs.
    """
    values, done = _open_store(folder, shape, side, dict(inputs))
    tiles = tiles_of(shape, side)
    left = [tile for tile in tiles if not done[tile.index]]
    for count, (tile, part) in enumerate(
        zip(left, executor.map(compute, left), strict=True), start=len(tiles) - len(left) + 1
    ):
        values[tile.top : tile.bottom, tile.left : tile.right] = part
        done[tile.index] = True
        if progress:
            progress(count, len(tiles))
    return values


def _open_store(folder: Path, shape: tuple[int, int], side: int, inputs: dict[str, Any]) -> tuple[Any, Any]:
    try:
        import zarr
    except ImportError:
        raise MissingError("large grids need zarr: pip install 'comity[compute]'") from None
    described: dict[str, Any] = {"shape": list(shape), "side": side, "inputs": inputs}
    root = zarr.open_group(str(folder), mode="a")
    if "values" in root and "done" in root:
        if dict(root.attrs) != described:
            raise ComityError(f"{folder} holds a run with other inputs; choose another folder or remove it")
        return root["values"], root["done"]
    values = root.create_array(
        "values", shape=shape, chunks=(side, side), dtype="float32", fill_value=float("nan")
    )
    done = root.create_array(
        "done", shape=(len(tiles_of(shape, side)),), chunks=(1,), dtype="bool", fill_value=False
    )
    root.attrs.update(described)
    return values, done
