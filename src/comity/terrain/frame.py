"""A square raster around a place, in the azimuthal equidistant frame of that place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.errors import Problem, ValidityError
from comity.propagation._elementary_angles import atan2
from comity.terrain._compiled import kernel
from comity.terrain._geodesic import direct

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Frame:
    """A square of pixels whose distance and azimuth from the centre are those of the geodesic on WGS 84.

    Row 0 is the northern edge; the number of rows and columns is odd: the centre is the middle of a pixel.

    Parameters
    ----------
    latitude_deg, longitude_deg : the centre [deg], WGS 84
    half : pixels between the centre and an edge
    pixel_m : side of a pixel [m]
    """

    latitude_deg: float
    longitude_deg: float
    half: int
    pixel_m: float

    @property
    def side(self) -> int:
        """Rows, and columns."""
        return 2 * self.half + 1

    @property
    def crs(self) -> str:
        """The frame as a PROJ string."""
        return f"+proj=aeqd +lat_0={self.latitude_deg!r} +lon_0={self.longitude_deg!r} +datum=WGS84 +units=m +no_defs"

    @property
    def transform(self) -> tuple[float, float, float, float, float, float]:
        """The affine coefficients (a, b, c, d, e, f) from column and row to metres in the frame."""
        edge = 0.5 * self.side * self.pixel_m
        return self.pixel_m, 0.0, -edge, 0.0, -self.pixel_m, edge

    def offsets_m(self, rows: NDArray[Any], columns: NDArray[Any]) -> tuple[Float, Float]:
        """Return metres east and north of the centre."""
        east, north = (columns - self.half) * self.pixel_m, (self.half - rows) * self.pixel_m
        return np.asarray(east, np.float64), np.asarray(north, np.float64)

    def places(self, rows: NDArray[Any], columns: NDArray[Any]) -> tuple[Float, Float]:
        """Return latitude and longitude [deg] of pixel centres, or of places between them."""
        lat, lon = np.empty(rows.shape), np.empty(rows.shape)
        east, north = self.offsets_m(rows, columns)
        _places(self.latitude_deg, self.longitude_deg, east.ravel(), north.ravel(), lat.ravel(), lon.ravel())
        return lat, lon


def frame_around(latitude_deg: float, longitude_deg: float, radius_km: float, pixel_m: float) -> Frame:
    """Return the smallest frame that holds a circle.

    Parameters
    ----------
    latitude_deg, longitude_deg : centre [deg], WGS 84
    radius_km : radius of the circle [km], above 0
    pixel_m : side of a pixel [m], above 0
    """
    if not (radius_km > 0.0 and pixel_m > 0.0):
        problem = Problem("radius_km, pixel_m", f"{radius_km} km, {pixel_m} m", "both more than 0")
        raise ValidityError("a raster needs a radius and a pixel size", [problem])
    return Frame(latitude_deg, longitude_deg, math.ceil(radius_km * 1e3 / pixel_m - 1e-9), pixel_m)


@kernel
def _places(lat0: float, lon0: float, east: Float, north: Float, lat: Float, lon: Float) -> None:
    for i in range(east.size):
        if east[i] == 0.0 and north[i] == 0.0:
            lat[i], lon[i] = lat0, lon0
            continue
        azimuth = atan2(east[i], north[i]) * (180.0 / math.pi)
        lat[i], lon[i] = direct(lat0, lon0, azimuth, math.sqrt(east[i] * east[i] + north[i] * north[i]))
