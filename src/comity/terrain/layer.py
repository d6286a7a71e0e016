"""A stored edition opened for reading: its cells memory-mapped, its lattice ready for the kernels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.errors import ComityError, Problem
from comity.terrain.edition import Edition, read_record
from comity.terrain.lattice import node_pixels

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Layer:
    """One edition in reach of the kernels.

    Parameters
    ----------
    edition : its record
    cells : (rows, columns) float32 heights or uint8 codes, read-only, memory-mapped
    place, nodes : the lattice, see :func:`comity.terrain.lattice.locate`
    folder : where it is stored; another process that is sent a layer opens it there
    """

    edition: Edition
    cells: NDArray[Any]
    place: Float
    nodes: Float
    folder: Path

    def __reduce__(self) -> tuple[Callable[[Path], Layer], tuple[Path]]:
        """Travel to another process as a path, not as heights."""
        return open_layer, (self.folder,)


def open_layer(folder: Path) -> Layer:
    """Open the edition stored in ``folder``."""
    try:
        edition = read_record(folder)
        lattice = np.load(folder / "lattice.npy")
        cells = np.asarray(np.load(folder / "cells.npy", mmap_mode="r"))
        grid = edition.grid
        if cells.shape != (grid.rows, grid.columns):
            raise ValueError(f"cells {cells.shape} do not fit the record")
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = Problem(
            str(folder), f"{type(error).__name__}: {error}", f"comity terrain remove {folder.name}"
        )
        raise ComityError("a stored ground edition is damaged", [problem], exit_code=3) from error
    place, nodes = node_pixels(edition.grid, edition.lattice, lattice)
    return Layer(edition, cells, place, nodes, folder)
