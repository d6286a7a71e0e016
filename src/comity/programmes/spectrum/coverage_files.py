"""Coverage as files: a GeoTIFF for computers, a picture for people."""

from __future__ import annotations

import numpy as np

from comity.programmes.spectrum.coverage import Coverage
from comity.report.raster import CoverageScale, Raster, coverage_png

#: Classes of the coverage: from near the thermal noise of a megahertz, or from below the regime's limit, upwards.
_FAINT_DBM_PER_MHZ, _BELOW_LIMIT_DB = -110.0, 20.0
_STEPS_DB, _FEWEST_CLASSES, _MOST_CLASSES = (10.0, 20.0), 3, 8
#: Pixels drawn for one computed, each way.
FINER = 4


def coverage_geotiff(coverage: Coverage, identity: str) -> bytes:
    """Return the level as a one-band float32 GeoTIFF, NaN where it is not known.

    Parameters
    ----------
    coverage : what was computed
    identity : of the decision it belongs to; kept in the file's tags
    """
    import rasterio
    from rasterio.io import MemoryFile
    from rasterio.transform import Affine

    window, measure = coverage.window, coverage.measure
    values = coverage.level.astype(np.float32)
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff",
            width=values.shape[1],
            height=values.shape[0],
            count=1,
            dtype="float32",
            crs=rasterio.CRS.from_string(window.crs),
            transform=Affine(*window.transform),
            nodata=float("nan"),
            compress="deflate",
            predictor=3,
        ) as data:
            data.write(values, 1)
            data.set_band_description(1, f"level [{measure.unit}]")
            data.update_tags(
                DECISION=identity,
                UNIT=measure.unit,
                PER_RESOURCE_ELEMENT=str(measure.per_element),
                RECEIVER_HEIGHT_M=f"{measure.height_m:g}",
                TIME_PERCENT=f"{measure.time_percent:g}",
            )
        return bytes(memory.read())


def coverage_picture(coverage: Coverage) -> bytes:
    """Return the coverage as a PNG in the classes of :func:`scale_of`, clear where it is too weak or unknown."""
    return coverage_png(coverage_raster(coverage, FINER), scale_of(coverage))


def scale_of(coverage: Coverage) -> CoverageScale:
    """Return classes of 10 dB or more up to the highest level; the regime's limit parts two of them."""
    limit = coverage.measure.limit_dbm
    lowest = _FAINT_DBM_PER_MHZ if limit is None else limit - _BELOW_LIMIT_DB
    top = float(np.nanmax(coverage.level)) if np.isfinite(coverage.level).any() else lowest
    step = next(s for s in _STEPS_DB if top < lowest + s * _MOST_CLASSES or s == _STEPS_DB[-1])
    count = min(max(int((top - lowest) // step) + 1, _FEWEST_CLASSES), _MOST_CLASSES)
    return CoverageScale(tuple(lowest + step * k for k in range(count)), coverage.measure.unit)


def coverage_raster(coverage: Coverage, finer: int = 1) -> Raster:
    """Return the coverage in the map's frame, for the eye with ``finer`` pixels in place of one."""
    window, values = coverage.window, coverage.level
    raster = Raster(values, window.transform[2], window.transform[5], window.pixel_m)
    return raster if finer == 1 else _finer(raster, finer)


def _finer(raster: Raster, factor: int) -> Raster:
    """Interpolate between pixel centres, so that classes meet in smooth lines."""
    values = raster.values
    for axis in (0, 1):
        size = values.shape[axis]
        places = (np.arange(size * factor) + 0.5) / factor - 0.5
        low = np.clip(np.floor(places).astype(int), 0, size - 1)
        high = np.minimum(low + 1, size - 1)
        share = np.clip(places - low, 0.0, 1.0)
        share = share[:, None] if axis == 0 else share[None, :]
        values = values.take(low, axis) * (1.0 - share) + values.take(high, axis) * share
    return Raster(values, raster.x0_m, raster.y0_m, raster.pixel_m / factor)
