"""The ground around a place as a square raster, for maps and coverage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from comity.errors import Problem, ValidityError
from comity.propagation.paths import SEA
from comity.terrain.frame import Frame, frame_around

if TYPE_CHECKING:
    from comity.terrain.ground import Ground

Float = NDArray[np.float64]

MOST_PIXELS = 64_000_000


@dataclass(frozen=True, slots=True)
class Window:
    """The ground on the pixels of a :class:`comity.terrain.frame.Frame`.

    Parameters
    ----------
    frame : where the pixels lie
    latitude_deg, longitude_deg : (h, w) pixel centres [deg], WGS 84
    height_m : (h, w) [m] above mean sea level; NaN on land without data
    sea : (h, w) whether the pixel lies on the sea
    """

    frame: Frame
    latitude_deg: Float
    longitude_deg: Float
    height_m: Float
    sea: NDArray[np.bool_]

    @property
    def pixel_m(self) -> float:
        """Side of a pixel [m]."""
        return self.frame.pixel_m

    @property
    def crs(self) -> str:
        """The frame as a PROJ string."""
        return self.frame.crs

    @property
    def transform(self) -> tuple[float, float, float, float, float, float]:
        """The affine coefficients (a, b, c, d, e, f) from column and row to metres in the frame."""
        return self.frame.transform


def cut(
    ground: Ground, latitude_deg: float, longitude_deg: float, radius_km: float, pixel_m: float
) -> Window:
    """Return the window; land without data is NaN, for a map may show a hole where a decision may not."""
    frame = frame_around(latitude_deg, longitude_deg, radius_km, pixel_m)
    if frame.side**2 > MOST_PIXELS:
        problem = Problem(
            "radius_km, pixel_m", f"{frame.side} x {frame.side} pixels", f"at most {MOST_PIXELS}"
        )
        raise ValidityError("the window is too large", [problem])
    lat, lon = frame.places(*np.indices((frame.side, frame.side)))
    height, zone = ground.heights_and_zones(lat.reshape(-1), lon.reshape(-1))
    shape = lat.shape
    return Window(frame, lat, lon, height.reshape(shape), np.equal(zone, SEA).reshape(shape))
