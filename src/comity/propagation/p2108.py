"""Recommendation ITU-R P.2108-1: loss in the clutter around a terminal."""

from __future__ import annotations

import math
from enum import IntEnum

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from comity.propagation._elementary import exp10, log, log10, power
from comity.propagation._elementary_angles import atan, cos, sin
from comity.propagation._elementwise import elementwise
from comity.propagation._lanes import Real
from comity.propagation._normal import _inverse_normal
from comity.propagation._validity import Validity

Float = NDArray[np.float64]

HEIGHT_GAIN_MODEL = "ITU-R P.2108-1, section 3.1"
TERRESTRIAL_MODEL = "ITU-R P.2108-1, section 3.2"
EARTH_SPACE_MODEL = "ITU-R P.2108-1, section 3.3"


class Clutter(IntEnum):
    """Clutter categories of section 3.1."""

    WATER_SEA = 1
    OPEN_RURAL = 2
    SUBURBAN = 3
    URBAN = 4
    TREES_FOREST = 5
    DENSE_URBAN = 6


#: Default representative clutter height R [m] of each category, Table 3.
REPRESENTATIVE_HEIGHT_M = {
    Clutter.WATER_SEA: 10.0,
    Clutter.OPEN_RURAL: 10.0,
    Clutter.SUBURBAN: 10.0,
    Clutter.URBAN: 15.0,
    Clutter.TREES_FOREST: 15.0,
    Clutter.DENSE_URBAN: 20.0,
}


def height_gain_correction(
    frequency_mhz: ArrayLike,
    height_m: ArrayLike,
    clutter: ArrayLike,
    *,
    representative_height_m: ArrayLike | None = None,
    street_width_m: ArrayLike = 27.0,
) -> Float:
    """Additional loss [dB] of a terminal below the clutter around it; all inputs broadcast.

    The basic transmission loss to which it is added is that to the representative clutter height, not to the
    antenna.

    Parameters
    ----------
    frequency_mhz : frequency [MHz], 30 to 3 000
    height_m : antenna height above ground h [m], above 0
    clutter : :class:`Clutter` or its code, 1 to 6
    representative_height_m : clutter height R [m], above 0; :data:`REPRESENTATIVE_HEIGHT_M` unless given
    street_width_m : street width w_s [m], above 0

    Returns
    -------
    ndarray
        ``A_h`` [dB], of the broadcast shape; 0 where the antenna is at or above the clutter

    Notes
    -----
    Recommendation ITU-R P.2108-1, Annex 1, section 3.1, equations (1) and (2).
    """
    check = Validity(HEIGHT_GAIN_MODEL)
    check.within("frequency_mhz", frequency_mhz, 30.0, 3_000.0, "MHz")
    check.within("height_m", height_m, 0.0, np.inf, "m", open_ends=True)
    check.within("street_width_m", street_width_m, 0.0, np.inf, "m", open_ends=True)
    if representative_height_m is not None:
        check.within("representative_height_m", representative_height_m, 0.0, np.inf, "m", open_ends=True)
    check.one_of("clutter", clutter, range(1, 7))
    check.raise_problems()
    if representative_height_m is None:
        defaults = np.array(list(REPRESENTATIVE_HEIGHT_M.values()))
        representative_height_m = defaults[np.asarray(clutter, dtype=np.int64) - 1]
    f_ghz = np.asarray(frequency_mhz, dtype=np.float64) * 1e-3
    return _height_gain_of_arrays(f_ghz, height_m, clutter, representative_height_m, street_width_m)


def terrestrial_clutter_loss(
    frequency_mhz: ArrayLike,
    distance_km: ArrayLike,
    location_percent: ArrayLike,
    *,
    both_ends: bool = False,
) -> Float:
    """Clutter loss [dB] not exceeded at a percentage of locations on a terrestrial path; inputs broadcast.

    For terminals well below the surrounding urban or suburban clutter.

    Parameters
    ----------
    frequency_mhz : frequency [MHz], 500 to 67 000
    distance_km : length of the whole path [km], 0.25 and more; 1 and more when applied at both ends
    location_percent : percentage of locations p [%], above 0, below 100
    both_ends : whether the caller adds the loss at both ends of the path, which raises the shortest distance

    Returns
    -------
    ndarray
        ``L_ctt`` [dB] of one end, of the broadcast shape; never above its value at 2 km

    Notes
    -----
    Recommendation ITU-R P.2108-1, Annex 1, section 3.2, equations (3) to (6).
    """
    check = Validity(TERRESTRIAL_MODEL)
    check.within("frequency_mhz", frequency_mhz, 500.0, 67_000.0, "MHz")
    check.within("distance_km", distance_km, 1.0 if both_ends else 0.25, np.inf, "km")
    check.within("location_percent", location_percent, 0.0, 100.0, "%", open_ends=True)
    check.raise_problems()
    f_ghz = np.asarray(frequency_mhz, dtype=np.float64) * 1e-3
    return _terrestrial_of_arrays(f_ghz, distance_km, location_percent)


def earth_space_clutter_loss(
    frequency_mhz: ArrayLike, elevation_deg: ArrayLike, location_percent: ArrayLike
) -> Float:
    """Clutter loss [dB] not exceeded at a percentage of locations towards a satellite or aircraft.

    Parameters
    ----------
    frequency_mhz : frequency [MHz], 10 000 to 100 000
    elevation_deg : elevation angle theta of the platform seen from the terminal [deg], 0 to 90
    location_percent : percentage of locations p [%], above 0, below 100

    Returns
    -------
    ndarray
        ``L_ces`` [dB], of the broadcast shape; the formula is slightly negative for small p at high elevation

    Notes
    -----
    Recommendation ITU-R P.2108-1, Annex 1, section 3.3, equation (7).
    """
    check = Validity(EARTH_SPACE_MODEL)
    check.within("frequency_mhz", frequency_mhz, 10_000.0, 100_000.0, "MHz")
    check.within("elevation_deg", elevation_deg, 0.0, 90.0, "deg")
    check.within("location_percent", location_percent, 0.0, 100.0, "%", open_ends=True)
    check.raise_problems()
    f_ghz = np.asarray(frequency_mhz, dtype=np.float64) * 1e-3
    return _earth_space_of_arrays(f_ghz, elevation_deg, location_percent)


def _height_gain(f_ghz: float, h: float, clutter: float, r: float, w_s: float) -> Real:
    """``A_h`` [dB] of one terminal, without range checks."""
    if h >= r:
        return 0.0
    if clutter <= 2:  # water or sea, open or rural: equation (2b)
        k_h2 = 21.8 + 6.2 * log10(f_ghz)
        return -k_h2 * log10(h / r)
    h_dif = r - h
    theta_clut_deg = math.degrees(atan(h_dif / w_s))
    nu = 0.342 * math.sqrt(f_ghz) * math.sqrt(h_dif * theta_clut_deg)
    # P.526's approximation of the knife-edge loss J(nu); nu is never below -0.78 here
    above = nu - 0.1
    j_nu = 6.9 + 20.0 * log10(math.sqrt(above * above + 1.0) + above)
    return j_nu - 6.03  # equation (2a)


def _terrestrial(f_ghz: float, distance_km: float, location_percent: float) -> Real:
    """``L_ctt`` [dB] of one end, without range checks.

    The value at 2 km is an upper bound at every distance: because sigma_cb falls with distance, it also binds
    below 2 km for high percentages of locations.
    """
    deviate = _inverse_normal(location_percent * 0.01)
    return min(
        _terrestrial_unbounded(f_ghz, distance_km, deviate), _terrestrial_unbounded(f_ghz, 2.0, deviate)
    )


@njit(error_model="numpy")
def _terrestrial_unbounded(f_ghz: float, distance_km: float, deviate: float) -> Real:
    log_f = log10(f_ghz)
    l_l = -2.0 * log10(exp10(-5.0 * log_f - 12.5) + exp10(-16.5))
    l_s = 32.98 + 23.9 * log10(distance_km) + 3.0 * log_f
    power_l, power_s = exp10(-0.2 * l_l), exp10(-0.2 * l_s)
    sigma_l, sigma_s = 4.0, 6.0
    sigma_cb = math.sqrt((sigma_l * sigma_l * power_l + sigma_s * sigma_s * power_s) / (power_l + power_s))
    return -5.0 * log10(power_l + power_s) + sigma_cb * deviate


def _earth_space(f_ghz: float, elevation_deg: float, location_percent: float) -> Real:
    """``L_ces`` [dB] of one terminal, without range checks."""
    k_1 = 93.0 * power(f_ghz, 0.175)
    a_1 = 0.05
    share = location_percent * 0.01
    angle = a_1 * (1.0 - elevation_deg / 90.0) + math.radians(elevation_deg)
    base = -k_1 * log(1.0 - share) * cos(angle) / sin(angle)
    exponent = 0.5 * (90.0 - elevation_deg) / 90.0
    shadow = 1.0 if exponent == 0.0 else power(base, exponent)
    return shadow - 1.0 + 0.6 * _inverse_normal(share)


_height_gain_of_arrays = elementwise(_height_gain)
_terrestrial_of_arrays = elementwise(_terrestrial)
_earth_space_of_arrays = elementwise(_earth_space)
