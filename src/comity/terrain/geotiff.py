"""Read GeoTIFF (and what else GDAL opens as one north-up band)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from comity.errors import Problem
from comity.terrain.edition import Grid
from comity.terrain.source import Source, trim_nodata

_METRES = {"", "m", "metre", "metres", "meter", "meters"}


def read_geotiff(path: Path, crs: str | None, problems: list[Problem]) -> Source | None:
    """Return the first band of a GeoTIFF, or None after adding to ``problems``.

    Parameters
    ----------
    path : file
    crs : used where the file has none
    problems : everything wrong with the file is appended
    """
    import rasterio
    from rasterio.errors import RasterioIOError

    try:
        with rasterio.open(path) as data:
            t = data.transform
            found = crs or (_name(data.crs) if data.crs else "")
            tags = {k.upper(): str(v) for k, v in data.tags().items()}
            nodata, scale, offset = data.nodata, data.scales[0], data.offsets[0]
            unit = (data.units[0] or tags.get("UNITS", "")).lower()
            rows, columns, count = data.height, data.width, data.count
            data.read(1, window=((0, 1), (0, columns)))
    except RasterioIOError as error:
        problems.append(Problem(path.name, f"cannot be read: {error}", "a GeoTIFF that GDAL opens"))
        return None
    before = len(problems)
    if count != 1:
        problems.append(Problem(path.name, f"{count} bands", "one band of heights"))
    if t.b or t.d:
        problems.append(Problem(path.name, "the grid is rotated", "a north-up grid (gdalwarp makes one)"))
    elif t.a <= 0.0 or t.e == 0.0 or t.is_identity:
        problems.append(Problem(path.name, "no georeference", "a grid with origin and cell size"))
    if not found:
        problems.append(Problem(path.name, "no coordinate reference system", "--crs EPSG:CODE"))
    if unit not in _METRES:
        problems.append(Problem(path.name, f"heights in {unit}", "heights in metres"))
    if len(problems) > before:
        return None
    upside_down = t.e > 0.0
    grid = Grid(t.c, t.f + t.e * rows if upside_down else t.f, t.a, abs(t.e), rows, columns)

    def read(first: int, stop: int) -> NDArray[np.float32]:
        a, b = (rows - stop, rows - first) if upside_down else (first, stop)
        with rasterio.open(path) as data:
            raw = data.read(1, window=((a, b), (0, columns)))
        values = raw.astype(np.float64)
        heights = trim_nodata(values, nodata)
        if (scale, offset) != (1.0, 0.0):
            bad = np.isnan(heights)
            heights = (values * scale + offset).astype(np.float32)
            heights[bad] = np.nan
        return heights[::-1] if upside_down else heights

    notes = {
        k.lower(): tags[k] for k in ("VERTICAL_DATUM", "EPOCH", "RESOLUTION", "QUANTISATION") if k in tags
    }
    licence, origin = tags.get("LICENCE", tags.get("LICENSE", "")), tags.get("SOURCE", "")
    return Source(
        path.name, grid, found, read, path.stem, licence, tags.get("ATTRIBUTION", ""), origin, notes
    )


def _name(system: object) -> str:
    """Return ``EPSG:CODE`` where there is one, else WKT."""
    code = system.to_epsg()  # type: ignore[attr-defined]
    return f"EPSG:{code}" if code else str(system.to_wkt())  # type: ignore[attr-defined]
