"""What a radiation pattern is, the isotropic one, and an antenna on its mast.

Every pattern answers one question: the gain in a direction given relative to its boresight. The frame is that
of the antenna: azimuth is positive clockwise seen from above, 0 at boresight and 180 behind; elevation is
positive upwards, 0 in the plane that holds boresight and the antenna's horizontal axis. :class:`Mounted` turns a
pattern to a bearing and tilts it, and takes absolute directions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comity.antennas._maths import asin_deg, atan2_deg, cos_deg, sin_deg, wrapped_deg
from comity.propagation._validity import Validity

Float = NDArray[np.float64]


@runtime_checkable
class Pattern(Protocol):
    """A radiation pattern."""

    @property
    def peak_gain_dbi(self) -> float:
        """Greatest gain [dBi], from which discrimination counts."""
        ...

    def gain_dbi(self, azimuth_deg: ArrayLike, elevation_deg: ArrayLike) -> Float:
        """Gain [dBi] in a direction relative to boresight.

        Parameters
        ----------
        azimuth_deg : azimuth off boresight [deg], -180 to 180, positive clockwise (any angle is wrapped)
        elevation_deg : elevation off boresight [deg], -90 to 90, positive upwards; broadcasts with azimuth
        """
        ...


def directions(azimuth_deg: ArrayLike, elevation_deg: ArrayLike) -> tuple[Float, Float]:
    """Return azimuth in [-180, 180) and elevation, broadcast; an elevation beyond +-90 deg is refused."""
    check = Validity("antenna pattern")
    check.within("elevation_deg", elevation_deg, -90.0, 90.0, "deg")
    check.raise_problems()
    azimuth, elevation = np.broadcast_arrays(
        np.asarray(azimuth_deg, dtype=np.float64), np.asarray(elevation_deg, dtype=np.float64)
    )
    return wrapped_deg(azimuth), elevation.copy()


def off_axis_deg(azimuth_deg: ArrayLike, elevation_deg: ArrayLike) -> Float:
    """Angle between a direction and boresight [deg], 0 to 180, exact for small angles too."""
    azimuth, elevation = directions(azimuth_deg, elevation_deg)
    across = cos_deg(elevation) * sin_deg(azimuth)
    up = sin_deg(elevation)
    return atan2_deg(np.sqrt(across * across + up * up), cos_deg(elevation) * cos_deg(azimuth))


def discrimination_db(pattern: Pattern, azimuth_deg: ArrayLike, elevation_deg: ArrayLike) -> Float:
    """Gain below the greatest gain [dB], 0 or more; directions as the pattern takes them."""
    return np.asarray(np.maximum(pattern.peak_gain_dbi - pattern.gain_dbi(azimuth_deg, elevation_deg), 0.0))


@dataclass(frozen=True, slots=True)
class Isotropic:
    """The same gain in every direction.

    Parameters
    ----------
    fixed_gain_dbi : that gain [dBi]
    """

    fixed_gain_dbi: float = 0.0

    @property
    def peak_gain_dbi(self) -> float:
        """Greatest gain [dBi]."""
        return self.fixed_gain_dbi

    def gain_dbi(self, azimuth_deg: ArrayLike, elevation_deg: ArrayLike) -> Float:
        """Gain [dBi]; see :meth:`Pattern.gain_dbi`."""
        azimuth, _ = directions(azimuth_deg, elevation_deg)
        return np.full(azimuth.shape, self.fixed_gain_dbi)


@dataclass(frozen=True, slots=True)
class Mounted:
    """A pattern turned to a bearing and tilted; takes absolute directions.

    Parameters
    ----------
    pattern : what the antenna radiates relative to its boresight
    azimuth_deg : bearing of boresight [deg], clockwise from true north
    tilt_deg : mechanical tilt beta [deg], -90 to 90, positive is down: the antenna is turned about its
        horizontal axis, so its back lobe rises where its main lobe sinks
    electrical_tilt_deg : electrical tilt [deg], above -90 and below 90, positive is down: the beam sinks alike
        in every azimuth

    Notes
    -----
    Recommendation ITU-R F.1336-5: mechanical tilt by recommends 3.4, equations (3b) and (3c); electrical tilt
    by recommends 2.5, equation (1e), which squeezes elevation angles so that +-90 deg stay where they are.
    """

    pattern: Pattern
    azimuth_deg: float = 0.0
    tilt_deg: float = 0.0
    electrical_tilt_deg: float = 0.0

    def __post_init__(self) -> None:
        check = Validity("mounted antenna")
        check.within("azimuth_deg", self.azimuth_deg, -360.0, 360.0, "deg")
        check.within("tilt_deg", self.tilt_deg, -90.0, 90.0, "deg")
        check.within("electrical_tilt_deg", self.electrical_tilt_deg, -90.0, 90.0, "deg", open_ends=True)
        check.raise_problems()

    @property
    def peak_gain_dbi(self) -> float:
        """Greatest gain [dBi]."""
        return self.pattern.peak_gain_dbi

    def gain_dbi(self, azimuth_deg: ArrayLike, elevation_deg: ArrayLike) -> Float:
        """Gain [dBi] towards a bearing [deg] from north and an elevation [deg] above the horizon."""
        bearing, elevation = directions(azimuth_deg, elevation_deg)
        azimuth, elevation = _tilted(wrapped_deg(bearing - self.azimuth_deg), elevation, self.tilt_deg)
        return self.pattern.gain_dbi(azimuth, _squeezed(elevation, self.electrical_tilt_deg))


def _tilted(azimuth: Float, elevation: Float, tilt_deg: float) -> tuple[Float, Float]:
    if tilt_deg == 0.0:
        return azimuth, elevation
    sin_tilt, cos_tilt = sin_deg(tilt_deg), cos_deg(tilt_deg)
    ahead = cos_deg(elevation) * cos_deg(azimuth)
    across = cos_deg(elevation) * sin_deg(azimuth)
    up = sin_deg(elevation)
    return (
        atan2_deg(across, ahead * cos_tilt - up * sin_tilt),
        asin_deg(up * cos_tilt + ahead * sin_tilt),
    )


def _squeezed(elevation: Float, tilt_deg: float) -> Float:
    if tilt_deg == 0.0:
        return elevation
    shifted = elevation + tilt_deg
    span = np.where(shifted >= 0.0, 90.0 + tilt_deg, 90.0 - tilt_deg)
    return np.clip(90.0 * shifted / span, -90.0, 90.0)
