"""Turn a stored edition into a compressed sample file, as the shipped samples were made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from comity.errors import ComityError, Problem
from comity.terrain.layer import open_layer
from comity.terrain.samples import NODATA, SEA, _heights


def write_sample(stored: Path, folder: Path, name: str, scale_m: float = 1.0) -> dict[str, Any]:
    """Write ``name.tif`` and ``name.lattice.npy`` into ``folder``; return the entry for ``samples.toml``.

    Parameters
    ----------
    stored : folder of the edition in the store
    folder, name : where to write
    scale_m : height of one count of the int16 file [m]; every height must be a whole number of counts
    """
    import rasterio
    from rasterio.transform import from_origin

    layer = open_layer(stored)
    lattice = np.load(stored / "lattice.npy")
    edition, grid = layer.edition, layer.edition.grid
    raw = layer.cells if edition.kind != "height" else _counts(layer.cells, scale_m)
    profile = {
        "driver": "GTiff", "height": grid.rows, "width": grid.columns, "count": 1, "dtype": raw.dtype,
        "crs": edition.crs, "transform": from_origin(grid.west, grid.north, grid.cell_x, grid.cell_y),
        "compress": "zstd", "zstd_level": 22, "predictor": 2, "tiled": True, "blockxsize": 512, "blockysize": 512,
        "nodata": NODATA if edition.kind == "height" else 0,
    }  # fmt: skip
    file = folder / f"{name}.tif"
    with rasterio.open(file, "w", **profile) as out:
        out.write(raw, 1)
        out.update_tags(LICENCE=edition.licence, ATTRIBUTION=edition.attribution, SOURCE=edition.source)
        if edition.kind == "height":
            out.scales = (scale_m,)
            out.units = ("m",)
            out.update_tags(SEA=str(SEA))
    lattice_file = f"{name}.lattice.npy"
    np.save(folder / lattice_file, lattice)
    entry = {**edition.as_dict(), "file": file.name, "lattice_file": lattice_file}
    if edition.kind == "height":
        entry["scale"] = scale_m
    del entry["sample"]
    return entry


def _counts(cells: np.ndarray[Any, Any], scale_m: float) -> np.ndarray[Any, np.dtype[np.int16]]:
    hole, sea = np.isnan(cells), (cells == 0.0) & np.signbit(cells)
    raw: np.ndarray[Any, np.dtype[np.int16]] = np.rint(np.nan_to_num(cells) / scale_m).astype(np.int16)
    raw[hole], raw[sea] = NODATA, SEA
    back = _heights(raw, scale_m)
    if not np.array_equal(back.view(np.uint32)[~hole], np.asarray(cells).view(np.uint32)[~hole]):
        raise ComityError(
            "heights do not fit the scale", [Problem("scale_m", f"{scale_m} m loses heights", "finer")]
        )
    return raw
