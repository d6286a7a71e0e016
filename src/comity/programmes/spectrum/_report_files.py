"""Coverage as a GeoTIFF."""

from __future__ import annotations

import numpy as np

from comity.programmes.spectrum.coverage import Coverage


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
