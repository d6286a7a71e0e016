"""The samples that ship with the package, unpacked once into the user's cache and checked against their hashes."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from comity.errors import ComityError, Problem
from comity.terrain.edition import Edition, Grid, LatticeShape, content_hash
from comity.terrain.folders import cache_folder, publish, scratch
from comity.terrain.layer import Layer, open_layer
from comity.terrain.store import _blocks, silent, write_record

FOLDER = Path(__file__).parent / "samples"

#: In the height samples, int16 counts of ``scale`` metres with two marks.
NODATA, SEA = -32768, -32767


def manifest() -> list[dict[str, Any]]:
    """Return the entries of ``samples.toml``."""
    return list(tomllib.loads((FOLDER / "samples.toml").read_text(encoding="utf-8"))["sample"])


def sample_editions() -> list[Edition]:
    """Return the records of all samples, without unpacking any."""
    return [_edition(entry) for entry in manifest()]


def open_samples() -> list[Layer]:
    """Return all samples, unpacking those that are not in the cache yet."""
    return [open_layer(_unpacked(entry)) for entry in manifest()]


def _edition(entry: dict[str, Any]) -> Edition:
    parts = {k: v for k, v in entry.items() if k not in ("file", "lattice_file", "scale")}
    parts["grid"], parts["lattice"] = Grid(**parts["grid"]), LatticeShape(**parts["lattice"])
    parts["bounds_wgs84"] = tuple(parts["bounds_wgs84"])
    return replace(Edition(**parts), sample=True)


def _unpacked(entry: dict[str, Any]) -> Path:
    """Return the folder of one sample, made on first use."""
    import rasterio

    edition = _edition(entry)
    target = cache_folder() / edition.sha256[:16]
    if (target / "edition.json").is_file():
        return target
    with rasterio.open(FOLDER / entry["file"]) as data:
        raw = data.read(1)
    cells = raw if edition.kind != "height" else _heights(raw, entry["scale"])
    lattice = np.load(FOLDER / entry["lattice_file"])
    found = content_hash(edition.kind, edition.grid, edition.lattice, lattice, lambda: _blocks(cells, silent))
    if found != edition.sha256:
        problem = Problem(
            str(FOLDER / entry["file"]), f"hash {found}", f"hash {edition.sha256}; install comity again"
        )
        raise ComityError("a sample of the ground is damaged", [problem], exit_code=3)
    with scratch(target.parent) as temporary:
        np.save(temporary / "cells.npy", cells)
        np.save(temporary / "lattice.npy", lattice)
        write_record(temporary, edition)
        publish(temporary, target)
    return target


def _heights(raw: np.ndarray[Any, Any], scale: float) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return float32 heights with NaN for nodata and -0.0 for the sea."""
    heights = (raw * np.float64(scale)).astype(np.float32)
    heights[raw == NODATA] = np.nan
    heights[raw == SEA] = -0.0
    return heights
