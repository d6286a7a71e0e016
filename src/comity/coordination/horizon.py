"""Elevation of the horizon from both ends of a path: where a signal that goes over a hill leaves and arrives."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comity.propagation._compiled import kernel
from comity.propagation._elementary_angles import atan2
from comity.propagation.paths import Paths

Float = NDArray[np.float64]
Int = NDArray[np.int64]

_DEGREE = 0.017453292519943295
_EARTH_RADIUS_KM = 6_371.0


@kernel
def _horizons(
    offsets: Int, distance: Float, height: Float, tx_m: Float, rx_m: Float, radius_km: float, out: Float
) -> None:
    for i in range(tx_m.size):
        first, last = offsets[i], offsets[i + 1] - 1
        length = distance[last]
        sent, heard = height[first] + tx_m[i], height[last] + rx_m[i]
        direct = (heard - sent) / length
        up, down = direct, -direct
        for j in range(first + 1, last):
            d = distance[j]
            top = height[j] + 500.0 * d * (length - d) / radius_km
            up = max(up, (top - sent) / d)
            down = max(down, (top - heard) / (length - d))
        bend = 500.0 * length / radius_km
        if up > direct:
            out[0, i] = atan2((up - bend) * 1e-3, 1.0) / _DEGREE
            out[1, i] = atan2((down - bend) * 1e-3, 1.0) / _DEGREE


def horizon_elevations_deg(paths: Paths, tx_height_m: Float, rx_height_m: Float, dn: float) -> Float:
    """Return the elevation of the horizon seen from both ends of ``n`` paths (2, n) [deg], NaN in line of sight.

    Parameters
    ----------
    paths : terrain profiles
    tx_height_m, rx_height_m : float64 (n,), antenna heights above ground [m]
    dn : average radio-refractivity lapse rate Delta N [N-units/km]

    References
    ----------
    P.452-18, Annex 1, Attachment 2, equations (150) to (155): theta_t and theta_r of a trans-horizon path.
    """
    out = np.full((2, len(paths)), np.nan)
    radius_km = _EARTH_RADIUS_KM * (157.0 / (157.0 - dn))
    height = np.ascontiguousarray(paths.height_m, dtype=np.float64)
    distance = np.ascontiguousarray(paths.distance_km, dtype=np.float64)
    offsets = np.ascontiguousarray(paths.offsets, dtype=np.int64)
    _horizons(offsets, distance, height, tx_height_m, rx_height_m, radius_km, out)
    return out
