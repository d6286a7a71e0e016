"""From land polygons to a coastline grid: land near the sea, land far from it, sea.

ITU-R P.452-18 and P.1812 divide a path into coastal land (land up to 100 m above the sea and at most 50 km from
it), inland and sea. The distance to the sea is computed once, when a coastline is added.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from comity.errors import Problem
from comity.terrain._compiled import kernel
from comity.terrain.edition import Grid
from comity.terrain.source import Source

CELL_DEG = 0.0025
COASTAL_KM = 50.0
_KM_PER_DEG = 6371.0 * math.pi / 180.0


@kernel
def _classify(
    land: NDArray[np.uint8], north_deg: float, cell_deg: float, shore_km: float, code: NDArray[np.uint8]
) -> None:
    rows, columns = land.shape
    dy = cell_deg * 111.19492664455873
    reach = int(50.0 / dy) + 1
    along = np.empty((rows, columns), dtype=np.float32)
    for i in range(rows):
        dx = dy * math.cos((north_deg - (i + 0.5) * cell_deg) * math.pi / 180.0)
        run = 1e9
        for j in range(columns):
            run = 0.0 if land[i, j] == 0 else run + dx
            along[i, j] = run
        run = 1e9
        for j in range(columns - 1, -1, -1):
            run = 0.0 if land[i, j] == 0 else run + dx
            along[i, j] = min(along[i, j], run)
    for i in range(rows):
        for j in range(columns):
            if land[i, j] == 0:
                code[i, j] = 3
                continue
            best = np.float64(along[i, j]) ** 2
            for k in range(1, reach + 1):
                across = (k * dy) ** 2
                if across >= best:
                    break
                if i - k >= 0:
                    best = min(best, across + np.float64(along[i - k, j]) ** 2)
                if i + k < rows:
                    best = min(best, across + np.float64(along[i + k, j]) ** 2)
            code[i, j] = 4 if best <= shore_km**2 else (1 if best <= 2500.0 else 2)


def read_coastline(
    path: Path, accuracy_m: float, bounds: tuple[float, float, float, float] | None, problems: list[Problem]
) -> Source | None:
    """Return the coastline grid of GeoJSON land polygons in WGS 84, or None after adding to ``problems``.

    Parameters
    ----------
    path : GeoJSON file of polygons
    accuracy_m : how far the drawn shore may lie from the real one [m]
    bounds : west, south, east, north [deg] inside which every piece of land is drawn; default: of the polygons
    problems : everything wrong with the file is appended
    """
    from rasterio.features import rasterize
    from rasterio.transform import from_origin

    shapes = _polygons(path, problems)
    if not shapes:
        return None
    points = np.concatenate(
        [np.asarray(ring, dtype=np.float64)[:, :2] for s in shapes for ring in s["coordinates"]]
    )
    low, high = points.min(axis=0), points.max(axis=0)
    if low[0] < -180 or high[0] > 180 or low[1] < -89 or high[1] > 89:
        problems.append(
            Problem(path.name, "coordinates beyond the globe", "longitude, latitude in degrees, WGS 84")
        )
        return None
    west, south, east, north = bounds or (low[0], low[1], high[0], high[1])
    rows, columns = math.ceil((north - south) / CELL_DEG - 1e-6), math.ceil((east - west) / CELL_DEG - 1e-6)
    place = from_origin(west, north, CELL_DEG, CELL_DEG)
    land = rasterize(
        shapes, out_shape=(rows, columns), transform=place, fill=0, default_value=1, dtype="uint8"
    )
    code = np.empty_like(land)
    _classify(land, north, CELL_DEG, accuracy_m / 1e3, code)
    notes = {
        "accuracy_m": f"{accuracy_m:g}",
        "codes": "1 land within 50 km of the sea, 2 land farther inland, 3 sea, 4 land within that of the shore",
    }
    grid = Grid(west, north, CELL_DEG, CELL_DEG, rows, columns)
    return Source(path.name, grid, "EPSG:4326", lambda a, b: code[a:b], path.stem, notes=notes)


def _polygons(path: Path, problems: list[Problem]) -> list[dict[str, list[list[list[float]]]]]:
    """Return the polygons of a GeoJSON file as single-part geometries."""
    accepted = "a GeoJSON FeatureCollection of Polygon or MultiPolygon in WGS 84"
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        found = []
        for number, feature in enumerate(features):
            shape = feature["geometry"]
            if shape["type"] not in ("Polygon", "MultiPolygon"):
                problems.append(Problem(f"{path.name} feature {number}", f"is a {shape['type']}", accepted))
                continue
            parts = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
            found += [{"type": "Polygon", "coordinates": part} for part in parts]
    except (ValueError, KeyError, TypeError) as error:
        problems.append(
            Problem(path.name, f"is no GeoJSON of polygons ({type(error).__name__}: {error})", accepted)
        )
        return []
    if not found and not problems:
        problems.append(Problem(path.name, "holds no polygon", accepted))
    return found if not problems else []
