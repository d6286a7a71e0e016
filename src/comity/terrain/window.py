"""The ground around a place as a square raster, for maps and coverage."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from comity.errors import Problem, ValidityError
from comity.propagation._elementary_angles import atan2
from comity.propagation._lanes import kernel
from comity.propagation.paths import SEA
from comity.terrain._geodesic import direct

if TYPE_CHECKING:
    from comity.terrain.ground import Ground

Float = NDArray[np.float64]

MOST_PIXELS = 64_000_000


@dataclass(frozen=True, slots=True)
class Window:
    """A raster centred on a place, in the azimuthal equidistant frame of that place on WGS 84.

    Distance and azimuth from the centre are those of the geodesic: a pixel's is its own. Row 0 is the northern
    edge; the number of rows and columns is odd, so that the centre lies in the middle of a pixel.

    Parameters
    ----------
    latitude_deg, longitude_deg : (h, w) pixel centres [deg], WGS 84
    height_m : (h, w) [m] above mean sea level; NaN on land without data
    sea : (h, w) whether the pixel lies on the sea
    pixel_m : side of a pixel [m]
    centre_latitude_deg, centre_longitude_deg : the centre [deg]
    """

    latitude_deg: Float
    longitude_deg: Float
    height_m: Float
    sea: NDArray[np.bool_]
    pixel_m: float
    centre_latitude_deg: float
    centre_longitude_deg: float

    @property
    def crs(self) -> str:
        """The frame as a PROJ string."""
        return (
            f"+proj=aeqd +lat_0={self.centre_latitude_deg!r} +lon_0={self.centre_longitude_deg!r}"
            " +datum=WGS84 +units=m +no_defs"
        )

    @property
    def transform(self) -> tuple[float, float, float, float, float, float]:
        """The affine coefficients (a, b, c, d, e, f) from column and row to metres in the frame."""
        half = 0.5 * self.height_m.shape[0] * self.pixel_m
        return self.pixel_m, 0.0, -half, 0.0, -self.pixel_m, half


@kernel
def _frame(
    lat0: float, lon0: float, pixel_m: float, first_row: int, half: int, lat: Float, lon: Float
) -> None:
    for i in range(lat.shape[0]):
        for j in range(lat.shape[1]):
            east, north = (j - half) * pixel_m, (half - first_row - i) * pixel_m
            if east == 0.0 and north == 0.0:
                lat[i, j], lon[i, j] = lat0, lon0
                continue
            azimuth = atan2(east, north) * (180.0 / math.pi)
            lat[i, j], lon[i, j] = direct(lat0, lon0, azimuth, math.sqrt(east * east + north * north))


def pixel_centres(
    latitude_deg: float,
    longitude_deg: float,
    radius_km: float,
    pixel_m: float,
    first: int = 0,
    stop: int | None = None,
) -> tuple[Float, Float]:
    """Return latitude and longitude [deg] of the pixel centres in rows ``first`` to ``stop`` of a window."""
    half = half_width(radius_km, pixel_m)
    rows = (2 * half + 1 if stop is None else stop) - first
    lat, lon = np.empty((rows, 2 * half + 1)), np.empty((rows, 2 * half + 1))
    _frame(latitude_deg, longitude_deg, pixel_m, first, half, lat, lon)
    return lat, lon


def half_width(radius_km: float, pixel_m: float) -> int:
    """Return the number of pixels between the centre and the edge of a window."""
    if not (radius_km > 0.0 and pixel_m > 0.0):
        problem = Problem("radius_km, pixel_m", f"{radius_km} km, {pixel_m} m", "both more than 0")
        raise ValidityError("a window needs a radius and a pixel size", [problem])
    return math.ceil(radius_km * 1e3 / pixel_m - 1e-9)


def cut(
    ground: Ground, latitude_deg: float, longitude_deg: float, radius_km: float, pixel_m: float
) -> Window:
    """Return the window; land without data is NaN, for a map may show a hole where a decision may not."""
    side = 2 * half_width(radius_km, pixel_m) + 1
    if side * side > MOST_PIXELS:
        problem = Problem("radius_km, pixel_m", f"{side} x {side} pixels", f"at most {MOST_PIXELS} pixels")
        raise ValidityError("the window is too large", [problem])
    lat, lon = pixel_centres(latitude_deg, longitude_deg, radius_km, pixel_m)
    height, zone = ground.heights_and_zones(lat.reshape(-1), lon.reshape(-1))
    sea = (zone == SEA).reshape(lat.shape)
    return Window(lat, lon, height.reshape(lat.shape), sea, pixel_m, latitude_deg, longitude_deg)
