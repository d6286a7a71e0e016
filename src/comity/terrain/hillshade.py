"""Hillshade: how bright a slope lies in the light, for maps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]


def hillshade(
    height_m: Float,
    pixel_m: float,
    *,
    azimuth_deg: float = 315.0,
    elevation_deg: float = 45.0,
    exaggeration: float = 1.0,
) -> Float:
    """Return the brightness of each pixel under a distant light.

    Parameters
    ----------
    height_m : (h, w) heights [m], row 0 in the north; NaN gives NaN
    pixel_m : side of a pixel [m]
    azimuth_deg : where the light comes from [deg], clockwise from north
    elevation_deg : how high the light stands [deg]
    exaggeration : factor on heights

    Returns
    -------
    float64 (h, w), 0 (dark) to 1 (faces the light); flat ground has the sine of the elevation

    References
    ----------
    B. K. P. Horn, "Hill shading and the reflectance map", Proc. IEEE 69, 1981: slopes by his 3 x 3 weights.
    """
    z = np.pad(height_m * exaggeration, 1, mode="edge")
    west = z[:-2, :-2] + 2.0 * z[1:-1, :-2] + z[2:, :-2]
    east = z[:-2, 2:] + 2.0 * z[1:-1, 2:] + z[2:, 2:]
    north = z[:-2, :-2] + 2.0 * z[:-2, 1:-1] + z[:-2, 2:]
    south = z[2:, :-2] + 2.0 * z[2:, 1:-1] + z[2:, 2:]
    slope_east, slope_north = (east - west) / (8.0 * pixel_m), (north - south) / (8.0 * pixel_m)
    light = np.radians([azimuth_deg, elevation_deg])
    toward = np.cos(light[1]) * (np.sin(light[0]) * slope_east + np.cos(light[0]) * slope_north)
    shade = (np.sin(light[1]) - toward) / np.sqrt(1.0 + slope_east**2 + slope_north**2)
    return np.asarray(np.clip(shade, 0.0, 1.0))
