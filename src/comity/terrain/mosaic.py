"""Join tiles that touch into one grid, so that no seam runs through a data set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from comity.terrain.edition import Grid
from comity.terrain.source import Source

_TOLERANCE_CELLS = 1e-3


def join(tiles: Sequence[Source]) -> list[Source]:
    """Return the tiles with those that touch and share reference system and raster joined.

    Parameters
    ----------
    tiles : in any order; where tiles overlap, the one whose name comes last has the say unless it is empty there
    """
    groups: list[list[Source]] = []
    for tile in sorted(tiles, key=lambda t: t.name):
        near = [g for g in groups if any(_touch(tile, other) for other in g)]
        for group in near:
            groups.remove(group)
        groups.append([*(member for group in near for member in group), tile])
    return [_joined(g) if len(g) > 1 else g[0] for g in groups]


def _shift(tile: Source, other: Source) -> tuple[float, float]:
    """Return the columns and rows by which ``tile`` lies to the east and south of ``other``."""
    a, b = tile.grid, other.grid
    return (a.west - b.west) / b.cell_x, (b.north - a.north) / b.cell_y


def _touch(tile: Source, other: Source) -> bool:
    a, b = tile.grid, other.grid
    if tile.crs != other.crs or not np.allclose(
        (a.cell_x, a.cell_y), (b.cell_x, b.cell_y), rtol=1e-9, atol=0.0
    ):
        return False
    east, south = _shift(tile, other)
    aligned = abs(east - round(east)) < _TOLERANCE_CELLS and abs(south - round(south)) < _TOLERANCE_CELLS
    return aligned and -a.columns <= round(east) <= b.columns and -a.rows <= round(south) <= b.rows


def _joined(tiles: list[Source]) -> Source:
    tiles = sorted(tiles, key=lambda t: t.name)
    first = tiles[0].grid
    west, north = min(t.grid.west for t in tiles), max(t.grid.north for t in tiles)
    corner = replace(tiles[0], grid=replace(first, west=west, north=north))
    places = [(round(e), round(s)) for e, s in (_shift(t, corner) for t in tiles)]
    columns = max(e + t.grid.columns for (e, _), t in zip(places, tiles, strict=True))
    rows = max(s + t.grid.rows for (_, s), t in zip(places, tiles, strict=True))

    def read(start: int, stop: int) -> NDArray[np.float32]:
        out = np.full((stop - start, columns), np.nan, dtype=np.float32)
        for (east, south), tile in zip(places, tiles, strict=True):
            a, b = max(start, south), min(stop, south + tile.grid.rows)
            if a >= b:
                continue
            part = tile.read(a - south, b - south)
            target = out[a - start : b - start, east : east + tile.grid.columns]
            np.copyto(target, part, where=~np.isnan(part))
        return out

    titles = [t.title for t in tiles]
    title = f"{titles[0]} to {titles[-1].split()[-1]} ({len(tiles)} tiles)"
    grid = Grid(west, north, first.cell_x, first.cell_y, rows, columns)
    return replace(
        tiles[0], name=f"{tiles[0].name} and {len(tiles) - 1} more", grid=grid, read=read, title=title
    )
