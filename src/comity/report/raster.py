"""Rasters as pictures: hillshade, land and sea, and coverage in classes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.report.png import Colour, data_uri, grey_png, palette_png, shade_png

Float = NDArray[np.float64]

#: From weak to strong: lightness falls evenly, so the order survives colour blindness and grey print.
COVERAGE_COLOURS = ("#fdeaa7", "#fbc97a", "#f59f62", "#e4725f", "#c34a6f", "#92307a", "#5b1f70", "#2c1250")
_OPACITY = (105, 135, 155, 172, 184, 194, 204, 210)
_MOST_PIXELS = 720


@dataclass(frozen=True, slots=True)
class Raster:
    """Values on a grid of square pixels in the local frame of a map.

    Parameters
    ----------
    values : float64 (rows, columns), first row in the north; NaN where there is no value
    x0_m, y0_m : west and north edge of the first pixel [m]
    pixel_m : side of a pixel [m], above 0
    """

    values: Float
    x0_m: float
    y0_m: float
    pixel_m: float

    @property
    def bounds_m(self) -> tuple[float, float, float, float]:
        """West, south, east and north edge [m]."""
        rows, columns = self.values.shape
        return (
            self.x0_m,
            self.y0_m - rows * self.pixel_m,
            self.x0_m + columns * self.pixel_m,
            self.y0_m,
        )


@dataclass(frozen=True, slots=True)
class CoverageScale:
    """Classes of a coverage picture: rising lower edges in ``unit``; what lies below the first is not drawn."""

    edges: tuple[float, ...]
    unit: str

    def colours(self) -> tuple[tuple[str, int], ...]:
        """Return colour and opacity (0 to 255) of each class, weak to strong."""
        if not 0 < len(self.edges) <= len(COVERAGE_COLOURS):
            raise ValueError(f"a coverage picture has 1 to {len(COVERAGE_COLOURS)} classes")
        picks = np.linspace(0, len(COVERAGE_COLOURS) - 1, len(self.edges)).round().astype(int)
        return tuple((COVERAGE_COLOURS[k], _OPACITY[k]) for k in picks)


def hillshade(height: Raster) -> Float:
    """Return light on the slopes, shape as ``height.values``: 0 dark, flat ground 0.5, 1 bright.

    Light comes from the north-west and, weaker, from the north and west (so that no ridge hides); heights are
    exaggerated until the steeper slopes of the picture stand out, at most eight times.
    """
    fine = _smooth(np.nan_to_num(height.values, nan=0.0))
    coarse = fine
    for reach in (2, 4, 8):
        coarse = _smooth(coarse, reach)
    # Half the light falls on the large forms, so that a plain and its hills read before the gullies do.
    return 0.5 * (_shade(fine, height.pixel_m) + _shade(coarse, height.pixel_m))


def _shade(filled: Float, pixel_m: float) -> Float:
    dy, dx = np.gradient(filled, pixel_m) if min(filled.shape) > 1 else (filled * 0, filled * 0)
    steep = float(np.percentile(np.hypot(dx, dy), 95))
    z = min(max(0.45 / steep, 0.6), 8.0) if steep > 0 else 1.0
    length = np.sqrt(1 + (z * dx) ** 2 + (z * dy) ** 2)
    shade = np.zeros_like(filled)
    for azimuth_deg, weight in ((315.0, 0.6), (270.0, 0.2), (0.0, 0.2)):
        east, north = math.sin(math.radians(azimuth_deg)), math.cos(math.radians(azimuth_deg))
        # Rows run south, so the northward slope is -dy.
        shade += weight * (1.0 - z * (east * dx - north * dy)) / length
    return np.asarray(np.clip(shade / 2, 0.0, 1.0))


def _smooth(values: Float, reach: int = 1) -> Float:
    """Return the average over neighbours ``reach`` pixels away, weighted 1 2 1: no grid shows as scratches."""
    for axis in (0, 1):
        places = np.arange(values.shape[axis])
        low = values.take(np.maximum(places - reach, 0), axis)
        high = values.take(np.minimum(places + reach, len(places) - 1), axis)
        values = 0.25 * low + 0.5 * values + 0.25 * high
    return np.asarray(values)


def hillshade_uri(height: Raster) -> str:
    """Return shadow and light as a picture to lie over any ground colour."""
    small = shrink(height)
    contrast = 2 * (hillshade(small) - 0.5)
    contrast[~np.isfinite(small.values)] = 0.0  # the sea has no relief
    alpha = np.clip(np.abs(contrast) * 220, 0, 200)
    # Steps of eight are enough for the eye and a third of the bytes.
    alpha = (np.round(alpha / 8) * 8).astype(np.uint8)
    return data_uri(shade_png(np.where(contrast > 0, 255, 0).astype(np.uint8), alpha))


def land_uri(land: Raster) -> str:
    """Return a mask picture: white where ``values`` is above 0.5 (land), black elsewhere."""
    return data_uri(grey_png(np.where(shrink(land).values > 0.5, 255, 0).astype(np.uint8)))


def coverage_png(coverage: Raster, scale: CoverageScale) -> bytes:
    """Return the classes of ``coverage`` as a PNG, clear where there is no value or less than the first class."""
    values = coverage.values
    index = np.digitize(np.nan_to_num(values, nan=-np.inf), np.array(scale.edges)).astype(np.uint8)
    clear: Colour = (0, 0, 0, 0)
    colours = tuple(_rgba(colour, alpha) for colour, alpha in scale.colours())
    return palette_png(index, (clear, *colours))


def coverage_uri(coverage: Raster, scale: CoverageScale) -> str:
    """Return the picture of :func:`coverage_png` as an address inside the page."""
    return data_uri(coverage_png(shrink(coverage), scale))


def shrink(raster: Raster) -> Raster:
    """Return the raster with at most 720 pixels a side, each the middle one of those it stands for."""
    stride = -(-max(raster.values.shape) // _MOST_PIXELS)
    if stride <= 1:
        return raster
    rows, columns = (size // stride * stride for size in raster.values.shape)
    values = raster.values[:rows, :columns][stride // 2 :: stride, stride // 2 :: stride]
    return Raster(values, raster.x0_m, raster.y0_m, raster.pixel_m * stride)


def _rgba(colour: str, alpha: int) -> Colour:
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return red, green, blue, alpha
