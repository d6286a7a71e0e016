"""Circular antennas, whose gain depends on the angle off boresight alone: F.699-8, F.1245-3, S.465-6."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comity.antennas._maths import log10, power
from comity.antennas.pattern import off_axis_deg
from comity.propagation._validity import Validity

Float = NDArray[np.float64]

_METRES_MHZ = 299.792458  # speed of light


@dataclass(frozen=True, slots=True)
class _Dish:
    """Maximum gain and aperture of a circular antenna.

    Parameters
    ----------
    max_gain_dbi : maximum gain G_max [dBi]
    frequency_mhz : frequency [MHz]
    diameter_m : diameter D [m]; by default 20 log (D / lambda) = G_max - 7.7
    """

    max_gain_dbi: float
    frequency_mhz: float
    diameter_m: float | None = None

    @property
    def peak_gain_dbi(self) -> float:
        """Greatest gain [dBi]."""
        return self.max_gain_dbi

    def _diameter_in_wavelengths(self) -> float:
        if self.diameter_m is None:
            return float(power(10.0, (self.max_gain_dbi - 7.7) / 20.0))
        return self.diameter_m * self.frequency_mhz / _METRES_MHZ

    def _check(self, model: str, lowest_mhz: float, highest_mhz: float, smallest: float) -> None:
        check = Validity(model)
        check.within("frequency_mhz", self.frequency_mhz, lowest_mhz, highest_mhz, "MHz")
        check.within("max_gain_dbi", self.max_gain_dbi, 0.0, 80.0, "dBi")
        if self.diameter_m is not None:
            check.within("diameter_m", self.diameter_m, 0.0, 100.0, "m", open_ends=True)
        check.raise_problems()
        ratio = self._diameter_in_wavelengths()
        check.within("diameter over wavelength", round(ratio, 9), smallest, np.inf, "")
        if self.max_gain_dbi < 2.0 + 15.0 * float(log10(ratio)):
            check.note(
                "max_gain_dbi",
                f"{self.max_gain_dbi:g} dBi is below the first side lobe of an aperture of {ratio:.1f} wavelengths",
                f"max_gain_dbi >= {2.0 + 15.0 * float(log10(ratio)):.1f} dBi for this diameter",
            )
        check.raise_problems()

    def _main_lobe(self, phi: Float) -> Float:
        scaled = self._diameter_in_wavelengths() * phi
        return self.max_gain_dbi - 2.5e-3 * scaled * scaled

    def _first_side_lobe(self) -> tuple[float, float]:
        """``G_1`` [dBi] and ``phi_m`` [deg], where the main lobe has fallen to it."""
        ratio = self._diameter_in_wavelengths()
        g_1 = 2.0 + 15.0 * float(log10(ratio))
        return g_1, 20.0 / ratio * float(np.sqrt(self.max_gain_dbi - g_1))


def _falling(phi: Float, start_dbi: float) -> Float:
    """``start - 25 log phi``."""
    return start_dbi - 25.0 * log10(np.maximum(phi, 1e-9))


@dataclass(frozen=True, slots=True)
class F699(_Dish):
    """Peak envelope of the side lobes of a fixed-link antenna: Recommendation ITU-R F.699-8, recommends 2.

    Parameters
    ----------
    max_gain_dbi : maximum gain G_max [dBi], 0 to 80
    frequency_mhz : frequency [MHz], 1 000 to 86 000
    diameter_m : diameter D [m]; by default 20 log (D / lambda) = G_max - 7.7 (recommends 3); at least 100 / 48
        wavelengths, below which the regions of the pattern overlap
    """

    def __post_init__(self) -> None:
        self._check("ITU-R F.699-8", 1_000.0, 86_000.0, 100.0 / 48.0)

    def gain_dbi(self, azimuth_deg: ArrayLike, elevation_deg: ArrayLike) -> Float:
        """Gain [dBi]; see :meth:`~comity.antennas.pattern.Pattern.gain_dbi`."""
        phi = off_axis_deg(azimuth_deg, elevation_deg)
        ratio = self._diameter_in_wavelengths()
        high_band = self.frequency_mhz > 70_000.0
        back_from = 120.0 if high_band else 48.0
        if ratio > 100.0:  # recommends 2.1
            phi_r, slope_from = 15.85 * float(power(ratio, -0.6)), 32.0
            back = -20.0 if high_band else -10.0
        else:  # recommends 2.2
            phi_r, slope_from = 100.0 / ratio, 52.0 - 10.0 * float(log10(ratio))
            back = (0.0 if high_band else 10.0) - 10.0 * float(log10(ratio))
        g_1, phi_m = self._first_side_lobe()
        side = np.where(phi < phi_r, g_1, np.where(phi < back_from, _falling(phi, slope_from), back))
        return np.where(phi < phi_m, self._main_lobe(phi), side)


@dataclass(frozen=True, slots=True)
class F1245(_Dish):
    """Average side lobes of a fixed-link antenna: Recommendation ITU-R F.1245-3, recommends 2.

    For aggregates of many sources and for sources that move; a single entry is assessed with :class:`F699`.

    Parameters
    ----------
    max_gain_dbi : maximum gain G_max [dBi], 0 to 80
    frequency_mhz : frequency [MHz], 1 000 to 86 000
    diameter_m : diameter D [m]; by default 20 log (D / lambda) = G_max - 7.7; at least 100 / 48 wavelengths,
        as for :class:`F699`
    """

    def __post_init__(self) -> None:
        self._check("ITU-R F.1245-3", 1_000.0, 86_000.0, 100.0 / 48.0)

    def gain_dbi(self, azimuth_deg: ArrayLike, elevation_deg: ArrayLike) -> Float:
        """Gain [dBi]; see :meth:`~comity.antennas.pattern.Pattern.gain_dbi`."""
        phi = off_axis_deg(azimuth_deg, elevation_deg)
        ratio = self._diameter_in_wavelengths()
        high_band = self.frequency_mhz > 70_000.0
        back_from = 120.0 if high_band else 48.0
        g_1, phi_m = self._first_side_lobe()
        if ratio > 100.0:  # recommends 2.1
            phi_r, slope_from = 12.02 * float(power(ratio, -0.6)), 29.0
            back = -23.0 if high_band else -13.0
        else:  # recommends 2.2
            phi_r, slope_from = phi_m, 39.0 - 5.0 * float(log10(ratio))
            back = (-13.0 if high_band else -3.0) - 5.0 * float(log10(ratio))
        side = np.where(phi < phi_r, g_1, np.where(phi < back_from, _falling(phi, slope_from), back))
        return np.where(phi < phi_m, self._main_lobe(phi), side)


@dataclass(frozen=True, slots=True)
class S465(_Dish):
    """Reference earth-station antenna: Recommendation ITU-R S.465-6, recommends 2.

    The Recommendation gives no gain inside ``phi_min``; there the maximum gain is taken, which never understates
    what the station receives.

    Parameters
    ----------
    max_gain_dbi : maximum gain G_max [dBi], 0 to 80
    frequency_mhz : frequency [MHz], 2 000 to 31 000
    diameter_m : diameter D [m]; by default 20 log (D / lambda) = G_max - 7.7
    """

    def __post_init__(self) -> None:
        self._check("ITU-R S.465-6", 2_000.0, 31_000.0, 1.0)

    def gain_dbi(self, azimuth_deg: ArrayLike, elevation_deg: ArrayLike) -> Float:
        """Gain [dBi]; see :meth:`~comity.antennas.pattern.Pattern.gain_dbi`."""
        phi = off_axis_deg(azimuth_deg, elevation_deg)
        side = np.where(phi < 48.0, _falling(phi, 32.0), -10.0)
        return np.where(phi < self._phi_min(), self.max_gain_dbi, np.minimum(side, self.max_gain_dbi))

    def _phi_min(self) -> float:
        """Smallest off-axis angle of the pattern [deg], recommends 2 and Note 5."""
        ratio = self._diameter_in_wavelengths()
        if ratio >= 50.0:
            return max(1.0, 100.0 / ratio)
        return max(2.0, 114.0 * float(power(ratio, -1.09))) if ratio >= 33.3 else 2.5
