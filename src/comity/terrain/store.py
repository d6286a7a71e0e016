"""The user's store of ground editions: add, list, remove."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.errors import ComityError, MissingError, Problem
from comity.terrain import lattice as lattices
from comity.terrain.edition import Edition, Grid, Kind, content_hash, read_record
from comity.terrain.folders import publish, scratch, store_folder, sweep
from comity.terrain.layer import Layer
from comity.terrain.source import HIGHEST_M, LOWEST_M, Source

BLOCK_ROWS = 512
Progress = Callable[[str, float], None]


def silent(step: str, share: float) -> None:
    """Show no progress."""


def add(
    source: Source,
    kind: Kind,
    *,
    store: str | os.PathLike[str] | None = None,
    coastlines: tuple[Layer, ...] = (),
    title: str = "",
    licence: str = "",
    attribution: str = "",
    progress: Progress = silent,
) -> tuple[Edition, bool]:
    """Store a grid as an edition.

    Parameters
    ----------
    source : the grid, from :func:`comity.terrain.read.read_files`
    kind : what its numbers mean
    store : folder; default see :func:`comity.terrain.folders.store_folder`
    coastlines : opened coastline editions, by which a height grid's sea is found
    title, licence, attribution : override what the file says
    progress : called with the name of the step and the share done, 0..1

    Returns
    -------
    edition, and whether it is new (False: the same content was there already)
    """
    folder = store_folder(store)
    sweep(folder)
    shape, lattice, bounds, transformation = lattices.build(source.grid, source.crs, source.name)
    with scratch(folder) as temporary:
        cells = _copy(source, kind, temporary / "cells.npy", progress)
        notes = {**source.notes, "transformation": transformation}
        if kind == "height":
            from comity.terrain.sea import mark_sea

            progress("finding the sea", 0.0)
            codes = coast_codes(source, coastlines)
            accuracy_m = max((float(a.edition.notes.get("accuracy_m", 0.0)) for a in coastlines), default=0.0)
            cell_m = _resolution_m(source.grid, shape.unit)
            notes["sea"] = mark_sea(cells, codes, math.ceil(accuracy_m / cell_m))
        progress("hashing", 0.0)
        sha256 = content_hash(kind, source.grid, shape, lattice, lambda: _blocks(cells, progress))
        cells.flush()
        name = title or source.title
        edition = Edition(
            id=f"{_slug(name)}-{sha256[:8]}",
            kind=kind,
            title=name,
            licence=licence or source.licence or "not stated",
            attribution=attribution or source.attribution,
            crs=source.crs,
            resolution_m=_resolution_m(source.grid, shape.unit),
            bounds_wgs84=bounds,
            sha256=sha256,
            source=source.origin or source.name,
            grid=source.grid,
            lattice=shape,
            notes=notes,
        )
        known = [e for e in editions(store) if e.sha256 == sha256]
        if known:
            return known[0], False
        np.save(temporary / "lattice.npy", lattice)
        write_record(temporary, edition)
        publish(temporary, folder / sha256[:16])
    return edition, True


def add_all(sources: Sequence[Source], kind: Kind, **options: Any) -> list[tuple[Edition, bool]]:
    """Add several grids, all or none; ``options`` as for :func:`add`.

    Raises
    ------
    ComityError : with the problems of every grid; what was new is taken back
    """
    results: list[tuple[Edition, bool]] = []
    problems: list[Problem] = []
    for source in sources:
        try:
            results.append(add(source, kind, **options))
        except ComityError as error:
            problems += error.problems
            message = error.message
    if problems:
        for edition, new in results:
            if new:
                remove(edition.sha256, options.get("store"))
        raise ComityError(
            message if len(problems) == 1 else f"nothing was added: {len(problems)} problems", problems
        )
    return results


def write_record(folder: Path, edition: Edition) -> None:
    """Write ``edition.json``."""
    text = json.dumps(edition.as_dict(), indent=1, ensure_ascii=False)
    (folder / "edition.json").write_text(text + "\n", encoding="utf-8")


def editions(store: str | os.PathLike[str] | None = None) -> list[Edition]:
    """Return the editions of a store in the order of their names."""
    folder = store_folder(store)
    found = [read_record(f.parent) for f in folder.glob("[0-9a-f]*/edition.json")] if folder.is_dir() else []
    return sorted(found, key=lambda e: (e.kind, e.id))


def remove(name: str, store: str | os.PathLike[str] | None = None) -> Edition:
    """Remove the edition whose id, or the beginning of whose hash, is ``name``."""
    known = editions(store)
    match = [e for e in known if e.id == name or (len(name) >= 8 and e.sha256.startswith(name))]
    if len(match) != 1:
        accepted = (
            ", ".join(e.id for e in known) or "nothing: no edition was added, and samples cannot be removed"
        )
        raise MissingError("no such edition", [Problem(name, "is not in the store", accepted)])
    folder = store_folder(store)
    place = folder / match[0].sha256[:16]
    gone = folder / f".{os.getpid()}-removed-{match[0].sha256[:8]}"
    place.rename(gone)
    shutil.rmtree(gone)
    return match[0]


def coast_codes(source: Source, coastlines: tuple[Layer, ...]) -> NDArray[np.uint8]:
    """Return the coastline code of every cell of ``source``; 0 where no coastline is known.

    The inverse projection is evaluated on every 16th cell and interpolated: metres, where coastlines have hundreds.
    """
    from pyproj import CRS, Transformer

    from comity.terrain._sample import point_codes
    from comity.terrain.lattice import pixels

    grid = source.grid
    code = np.zeros((grid.rows, grid.columns), dtype=np.uint8)
    if not coastlines:
        return code
    back = Transformer.from_crs(CRS.from_user_input(source.crs), "OGC:CRS84", always_xy=True)
    rows, columns = _knots(grid.rows), _knots(grid.columns)
    x, y = np.meshgrid(grid.west + (columns + 0.5) * grid.cell_x, grid.north - (rows + 0.5) * grid.cell_y)
    lon, lat = back.transform(x, y)
    lon = lon[0, 0] + (lon - lon[0, 0] + 180.0) % 360.0 - 180.0
    every = np.arange(grid.columns, dtype=np.float64)
    for i in range(grid.rows):
        k = min(int(np.searchsorted(rows, i, side="right")) - 1, rows.size - 2) if rows.size > 1 else 0
        share = (i - rows[k]) / (rows[k + 1] - rows[k]) if rows.size > 1 else 0.0
        other = min(k + 1, rows.size - 1)
        line_lat = np.interp(every, columns, lat[k] + (lat[other] - lat[k]) * share)
        line_lon = np.interp(every, columns, lon[k] + (lon[other] - lon[k]) * share)
        for layer in coastlines:
            point_codes(*pixels(line_lat, line_lon, layer.place, layer.nodes), layer.cells, code[i])
    return code


def _knots(size: int) -> NDArray[np.float64]:
    return np.unique(np.append(np.arange(0, size, 16), size - 1)).astype(np.float64)


def _copy(source: Source, kind: Kind, path: Path, progress: Progress) -> np.memmap[Any, Any]:
    """Copy the rows of ``source`` into a memory-mapped file, checking them."""
    grid = source.grid
    dtype = np.float32 if kind == "height" else np.uint8
    cells = np.lib.format.open_memmap(path, mode="w+", dtype=dtype, shape=(grid.rows, grid.columns))
    lowest, highest = np.inf, -np.inf
    for first in range(0, grid.rows, BLOCK_ROWS):
        stop = min(first + BLOCK_ROWS, grid.rows)
        block = source.read(first, stop)
        if kind == "height":
            cells[first:stop] = block
        else:
            codes = np.nan_to_num(block, nan=0.0)
            if (codes != np.rint(codes)).any() or codes.min() < 0 or codes.max() > 255:
                problem = Problem(source.name, "holds values that are no codes", "whole numbers 0..255")
                raise ComityError(f"not a {kind} grid", [problem])
            cells[first:stop] = codes.astype(np.uint8)
        valid = block[~np.isnan(block)] if kind == "height" else block
        if valid.size:
            lowest, highest = min(lowest, float(valid.min())), max(highest, float(valid.max()))
        progress("reading", stop / grid.rows)
    if kind == "height" and not LOWEST_M <= lowest <= highest <= HIGHEST_M:
        said = (
            "holds no height at all"
            if highest < lowest
            else f"holds heights from {lowest:g} to {highest:g} m"
        )
        accepted = f"metres from {LOWEST_M:g} to {HIGHEST_M:g}, anything else declared as nodata"
        raise ComityError("impossible heights", [Problem(source.name, said, accepted)])
    return cells


def _blocks(cells: NDArray[Any], progress: Progress) -> Iterator[NDArray[Any]]:
    for first in range(0, len(cells), BLOCK_ROWS):
        yield _one_nan(cells[first : first + BLOCK_ROWS])
        progress("hashing", min(1.0, (first + BLOCK_ROWS) / len(cells)))


def _one_nan(block: NDArray[Any]) -> NDArray[Any]:
    """Return ``block`` with the one NaN that numpy calls ``nan`` in place of any other."""
    if block.dtype == np.uint8:
        return block
    return np.where(np.isnan(block), np.float32(np.nan), block)


def _resolution_m(grid: Grid, unit: float) -> float:
    """Return the cell size on the ground [m], the longer side; degrees at 111.195 km a degree."""
    if unit > 1e-6:
        return round(max(grid.cell_x, grid.cell_y), 3)
    return round(grid.cell_y * 111194.93, 1)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:48] or "ground"
