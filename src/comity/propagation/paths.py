"""Terrain profiles of many links in one flat record: the input of every path model.

Profiles of different lengths lie one behind the other; ``offsets`` says where each begins. Kernels run over
``range(offsets[i], offsets[i + 1])`` without copying.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]

#: Radio-climatic zone codes, as in Recommendation ITU-R P.452-18.
COASTAL_LAND, INLAND, SEA = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Paths:
    """Profiles of ``n`` links, ``m`` points in all.

    Parameters
    ----------
    offsets : int64 (n + 1,), ``offsets[0] == 0``, ``offsets[n] == m``; at least three points a link
    distance_km : float64 (m,), great-circle distance from the transmitter [km], 0 at each link's first point
    height_m : float64 (m,), terrain height above mean sea level [m], sea surface as 0
    cover_m : float64 (m,), representative ground-cover (clutter) height above terrain [m]
    zone : int8 (m,), radio-climatic zone: 1 coastal land, 2 inland, 3 sea
    tx_latitude_deg, tx_longitude_deg, rx_latitude_deg, rx_longitude_deg : float64 (n,), WGS 84 [deg]
    """

    offsets: NDArray[np.int64]
    distance_km: Float
    height_m: Float
    cover_m: Float
    zone: NDArray[np.int8]
    tx_latitude_deg: Float
    tx_longitude_deg: Float
    rx_latitude_deg: Float
    rx_longitude_deg: Float

    def __len__(self) -> int:
        """Return the number of links."""
        return len(self.offsets) - 1
