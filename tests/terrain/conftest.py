"""The ground for tests: samples unpacked once a run, stores that live as long as one test."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from comity.terrain import Ground, open_ground

_spec = importlib.util.spec_from_file_location("terrain_kit", Path(__file__).with_name("kit.py"))
assert _spec is not None
assert _spec.loader is not None
_kit = importlib.util.module_from_spec(_spec)
sys.modules["terrain_kit"] = _kit
_spec.loader.exec_module(_kit)


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """All samples, unpacked into a cache of this run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COMITY_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield open_ground(tmp_path_factory.mktemp("empty-store"))


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty store that is also the user's home."""
    monkeypatch.setenv("COMITY_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "ground"


@pytest.fixture
def tif(tmp_path: Path) -> Callable[..., Path]:
    """Write a GeoTIFF of given heights: ``tif(name, cells, crs, west, north, cell, nodata)``."""

    def write(
        name: str,
        cells: np.ndarray,
        crs: str | None = "EPSG:4326",
        west: float = 10.0,
        north: float = 50.0,
        cell: float = 0.01,
        nodata: float | None = -9999.0,
    ) -> Path:
        path = tmp_path / name
        profile = {"driver": "GTiff", "height": cells.shape[0], "width": cells.shape[1], "count": 1}
        profile |= {"dtype": cells.dtype, "nodata": nodata, "transform": from_origin(west, north, cell, cell)}
        with rasterio.open(path, "w", crs=crs, **profile) as out:
            out.write(cells, 1)
        return path

    return write
