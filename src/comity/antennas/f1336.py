"""Recommendation ITU-R F.1336-5: reference patterns of omnidirectional and sectoral antennas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comity.antennas._maths import atan2_deg, cos_deg, log10, power, sin_deg
from comity.antennas.pattern import directions, off_axis_deg
from comity.propagation._validity import Validity

Float = NDArray[np.float64]
Statistic = Literal["peak", "average"]
SideLobes = Literal["typical", "improved"]

MODEL = "ITU-R F.1336-5"


@dataclass(frozen=True, slots=True)
class Omnidirectional:
    """Omnidirectional antenna of F.1336-5, recommends 2, 400 MHz to 70 GHz.

    Parameters
    ----------
    max_gain_dbi : maximum gain G_0, in the azimuth plane [dBi], 0 to 20
    frequency_mhz : frequency [MHz], 400 to 70 000
    elevation_beamwidth_deg : 3 dB beamwidth theta_3 in elevation [deg]; by default 107.6 x 10^(-0.1 G_0)
    statistic : ``peak`` side lobes (recommends 2.1) or ``average`` (2.2)
    side_lobes : ``typical`` antennas up to 3 GHz have k = 0.7; ``improved`` ones, and all above 3 GHz, k = 0
    """

    max_gain_dbi: float
    frequency_mhz: float
    elevation_beamwidth_deg: float | None = None
    statistic: Statistic = "peak"
    side_lobes: SideLobes = "typical"

    def __post_init__(self) -> None:
        check = Validity(f"{MODEL}, recommends 2")
        check.within("max_gain_dbi", self.max_gain_dbi, 0.0, 20.0, "dBi")
        _check_common(check, self.frequency_mhz, self.elevation_beamwidth_deg)
        check.raise_problems()

    @property
    def peak_gain_dbi(self) -> float:
        """Greatest gain [dBi]."""
        return self.max_gain_dbi

    def gain_dbi(self, azimuth_deg: ArrayLike, elevation_deg: ArrayLike) -> Float:
        """Gain [dBi]; see :meth:`~comity.antennas.pattern.Pattern.gain_dbi`."""
        _, elevation = directions(azimuth_deg, elevation_deg)
        k = 0.7 if self.side_lobes == "typical" and self.frequency_mhz <= 3_000.0 else 0.0
        x = np.abs(elevation) / self._theta_3()
        shoulder = log10(k + 1.0)
        far = 10.0 * log10(power(np.maximum(x, 1e-9), -1.5) + k)
        main = -12.0 * x * x
        if self.statistic == "peak":
            x_4 = np.sqrt(1.0 - shoulder / 1.2)
            relative = np.where(x < x_4, main, np.where(x < 1.0, -12.0 + 10.0 * shoulder, -12.0 + far))
        else:
            x_5 = np.sqrt(1.25 - shoulder / 1.2)
            relative = np.where(x < 1.0, main, np.where(x < x_5, -15.0 + 10.0 * shoulder, -15.0 + far))
        return self.max_gain_dbi + relative

    def _theta_3(self) -> float:
        if self.elevation_beamwidth_deg is not None:
            return self.elevation_beamwidth_deg
        return 107.6 * float(power(10.0, -0.1 * self.max_gain_dbi))


@dataclass(frozen=True, slots=True)
class Sector:
    """Sectoral antenna of F.1336-5, recommends 3: 3.1 up to 6 GHz, 3.2 above, to 70 GHz.

    Parameters
    ----------
    max_gain_dbi : maximum gain G_0 [dBi], 0 to 40
    beamwidth_deg : 3 dB beamwidth phi_3 in azimuth [deg], above 0 to 120; with an elevation beamwidth to 360
    frequency_mhz : frequency [MHz], 400 to 70 000
    elevation_beamwidth_deg : 3 dB beamwidth theta_3 in elevation [deg]; by default
        31 000 x 10^(-0.1 G_0) / phi_3 (recommends 3.3)
    statistic : ``peak`` side lobes (3.1.1, 3.2.1) or ``average`` (3.1.2, 3.2.2)
    side_lobes : up to 6 GHz ``typical`` antennas have k_h = 0.8, k_v = 0.7, ``improved`` ones 0.7 and 0.3;
        k_p and k_a are 0.7
    """

    max_gain_dbi: float
    beamwidth_deg: float
    frequency_mhz: float
    elevation_beamwidth_deg: float | None = None
    statistic: Statistic = "peak"
    side_lobes: SideLobes = "typical"

    def __post_init__(self) -> None:
        check = Validity(f"{MODEL}, recommends 3")
        check.within("max_gain_dbi", self.max_gain_dbi, 0.0, 40.0, "dBi")
        widest = 120.0 if self.elevation_beamwidth_deg is None else 360.0
        check.within("beamwidth_deg", self.beamwidth_deg, 0.5, widest, "deg")
        _check_common(check, self.frequency_mhz, self.elevation_beamwidth_deg)
        if self.elevation_beamwidth_deg is None and self._theta_3() > 180.0:
            check.note(
                "max_gain_dbi",
                f"{self.max_gain_dbi:g} dBi over {self.beamwidth_deg:g} deg implies an elevation beamwidth of "
                f"{self._theta_3():.0f} deg",
                "a higher gain, or elevation_beamwidth_deg up to 180 deg",
            )
        check.raise_problems()

    @property
    def peak_gain_dbi(self) -> float:
        """Greatest gain [dBi]."""
        return self.max_gain_dbi

    def gain_dbi(self, azimuth_deg: ArrayLike, elevation_deg: ArrayLike) -> Float:
        """Gain [dBi]; see :meth:`~comity.antennas.pattern.Pattern.gain_dbi`."""
        azimuth, elevation = directions(azimuth_deg, elevation_deg)
        if self.frequency_mhz <= 6_000.0:
            return self.max_gain_dbi + self._relative_to_6_ghz(azimuth, elevation)
        return self.max_gain_dbi + self._relative_above_6_ghz(azimuth, elevation)

    def _theta_3(self) -> float:
        if self.elevation_beamwidth_deg is not None:
            return self.elevation_beamwidth_deg
        return 31_000.0 * float(power(10.0, -0.1 * self.max_gain_dbi)) / max(self.beamwidth_deg, 1e-9)

    def _relative_to_6_ghz(self, azimuth: Float, elevation: Float) -> Float:
        """Recommends 3.1: relative gain in azimuth plus the compressed relative gain in elevation."""
        horizontal = self._horizontal(np.abs(azimuth) / self.beamwidth_deg)
        behind = self._horizontal(np.asarray(180.0 / self.beamwidth_deg))
        if float(behind) == 0.0:
            return self._vertical(np.abs(elevation) / self._theta_3())
        compression = (horizontal - behind) / (0.0 - behind)
        return horizontal + compression * self._vertical(np.abs(elevation) / self._theta_3())

    def _floor(self) -> Float:
        """``G_180``, the relative minimum gain."""
        level = -12.0 if self.statistic == "peak" else -15.0
        return level + 10.0 * log10(1.0 + 8.0 * 0.7) - 15.0 * log10(180.0 / self._theta_3())

    def _horizontal(self, x_h: Float) -> Float:
        """``G_hr``, the relative gain in the azimuth plane."""
        k_h = 0.8 if self.side_lobes == "typical" else 0.7
        lambda_kh = 3.0 * (1.0 - power(0.5, -k_h))
        far = -12.0 * power(np.maximum(x_h, 0.5), 2.0 - k_h) - lambda_kh
        return np.maximum(np.where(x_h <= 0.5, -12.0 * x_h * x_h, far), self._floor())

    def _vertical(self, x_v: Float) -> Float:
        """``G_vr``, the relative gain in the elevation plane."""
        k_v = 0.7 if self.side_lobes == "typical" else 0.3
        theta_3 = self._theta_3()
        if self.statistic == "peak":
            level, x_k = -12.0, np.sqrt(1.0 - 0.36 * k_v)
        else:
            level, x_k = -15.0, np.sqrt(1.33 - 0.33 * k_v)
        near = level + 10.0 * log10(power(np.maximum(x_v, 1e-9), -1.5) + k_v)
        relative = np.where(x_v < x_k, -12.0 * x_v * x_v, near)
        if 90.0 / theta_3 > 4.0:
            at_4 = power(4.0, -1.5) + k_v
            drop = 10.0 * log10(power(180.0 / theta_3, 1.5) * at_4 / (1.0 + 8.0 * 0.7))
            incline = drop / log10(22.5 / theta_3)  # C: the pattern meets G_180 at 90 deg
            far = level + 10.0 * log10(at_4) + incline * (log10(4.0) - log10(np.maximum(x_v, 4.0)))
            relative = np.where(x_v < 4.0, relative, far)
        return np.where(x_v < 90.0 / theta_3, relative, self._floor())

    def _relative_above_6_ghz(self, azimuth: Float, elevation: Float) -> Float:
        """Recommends 3.2: one function of the off-axis angle over the beamwidth in its direction."""
        x = off_axis_deg(azimuth, elevation) / self._beamwidth_towards(azimuth, elevation)
        far = 15.0 * log10(np.maximum(x, 1.0))
        if self.statistic == "peak":
            return np.where(x < 1.0, -12.0 * x * x, -12.0 - far)
        return np.where(x < 1.152, -12.0 * x * x, -15.0 - far)

    def _beamwidth_towards(self, azimuth: Float, elevation: Float) -> Float:
        """``psi_alpha``, equations (2d): the half-power width in the plane of the direction."""
        phi_3, theta_3 = self.beamwidth_deg, self._theta_3()
        front = cos_deg(elevation) * cos_deg(azimuth) >= 0.0
        alpha = atan2_deg(sin_deg(elevation), cos_deg(elevation) * np.abs(sin_deg(azimuth)))
        edge = min(phi_3 if self.statistic == "peak" else 1.152 * phi_3, 179.999)
        beyond = np.maximum(np.abs(azimuth) - edge, 0.0) / (180.0 - edge) * 90.0
        phi_3m = _ellipse(phi_3, theta_3, beyond)
        return np.where(front, _ellipse(phi_3, theta_3, alpha), _ellipse(phi_3m, theta_3, elevation))


def _ellipse(across: Float | float, upright: float, angle_deg: Float) -> Float:
    """Radius of an ellipse with two half axes, towards an angle from the first."""
    a, b = cos_deg(angle_deg) / across, sin_deg(angle_deg) / upright
    return np.asarray(1.0 / np.sqrt(a * a + b * b))


def _check_common(check: Validity, frequency_mhz: float, elevation_beamwidth_deg: float | None) -> None:
    check.within("frequency_mhz", frequency_mhz, 400.0, 70_000.0, "MHz")
    if elevation_beamwidth_deg is not None:
        check.within("elevation_beamwidth_deg", elevation_beamwidth_deg, 0.1, 180.0, "deg")
