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

    @property
    def length_km(self) -> Float:
        """Lengths of the links (n,) [km]."""
        return self.distance_km[self.offsets[1:] - 1]

    @property
    def rx_zone(self) -> NDArray[np.int8]:
        """Zones at the receivers (n,)."""
        return self.zone[self.offsets[1:] - 1]


def select(paths: Paths, links: NDArray[np.int64]) -> Paths:
    """Return some of the links.

    Parameters
    ----------
    links : int64 (k,), their numbers
    """
    sizes = np.diff(paths.offsets)[links]
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    at = np.arange(offsets[-1]) + np.repeat(paths.offsets[links] - offsets[:-1], sizes)
    ends = (paths.tx_latitude_deg, paths.tx_longitude_deg, paths.rx_latitude_deg, paths.rx_longitude_deg)
    return Paths(
        offsets,
        paths.distance_km[at],
        paths.height_m[at],
        paths.cover_m[at],
        paths.zone[at],
        *(values[links] for values in ends),
    )
