"""Profiles that lie in the memory of a GPU."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.propagation.cuda.device import Device

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PathsOnDevice:
    """What :class:`comity.propagation.paths.Paths` is, with the points in a device's memory.

    Parameters
    ----------
    device : where they lie
    points : offsets, distance [km], height [m], cover [m], zone, in the device's memory
    length_km, rx_zone : (n,) of the last points [km], in this process's memory, as are the ends
    tx_latitude_deg, tx_longitude_deg, rx_latitude_deg, rx_longitude_deg : float64 (n,), WGS 84 [deg]
    """

    device: Device
    points: tuple[Any, Any, Any, Any, Any]
    length_km: Float
    rx_zone: NDArray[np.int8]
    tx_latitude_deg: Float
    tx_longitude_deg: Float
    rx_latitude_deg: Float
    rx_longitude_deg: Float

    def __len__(self) -> int:
        """Return the number of links."""
        return self.length_km.size
