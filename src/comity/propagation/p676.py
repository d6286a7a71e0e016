"""Recommendation ITU-R P.676-13, Annex 1: specific attenuation by atmospheric gases, line by line.

The equations and tables are the same in P.676-12 (2019) and P.676-13 (2022).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from comity.propagation._compiled import kernel
from comity.propagation._elementary import exp, log
from comity.propagation._lanes import Real
from comity.propagation._p676_lines import OXYGEN, WATER_VAPOUR
from comity.propagation._validity import Validity

Float = NDArray[np.float64]

MODEL = "ITU-R P.676-13, Annex 1"


class SpecificAttenuation(NamedTuple):
    """Specific attenuation of dry air ``gamma_o`` and of water vapour ``gamma_w`` [dB/km]."""

    dry_air_db_per_km: Float
    water_vapour_db_per_km: Float


def specific_attenuation(
    frequency_mhz: ArrayLike,
    *,
    pressure_hpa: ArrayLike = 1013.25,
    water_vapour_gm3: ArrayLike = 7.5,
    temperature_k: ArrayLike = 288.15,
) -> SpecificAttenuation:
    """Specific gaseous attenuation of dry air and of water vapour; all inputs broadcast.

    Parameters
    ----------
    frequency_mhz : frequency [MHz], 1 000 to 1 000 000
    pressure_hpa : dry-air pressure p [hPa], above 0 (total barometric pressure is p + e)
    water_vapour_gm3 : water-vapour density rho [g/m3], 0 or more
    temperature_k : temperature T [K], above 0

    Returns
    -------
    SpecificAttenuation
        ``gamma_o`` and ``gamma_w`` [dB/km], each of the broadcast shape

    Notes
    -----
    Recommendation ITU-R P.676-13, Annex 1, section 1, equations (1) to (9).
    """
    check = Validity(MODEL)
    check.within("frequency_mhz", frequency_mhz, 1e3, 1e6, "MHz")
    check.within("pressure_hpa", pressure_hpa, 0.0, np.inf, "hPa", open_ends=True)
    check.within("water_vapour_gm3", water_vapour_gm3, 0.0, np.inf, "g/m3")
    check.within("temperature_k", temperature_k, 0.0, np.inf, "K", open_ends=True)
    check.raise_problems()
    f, p, rho, t = np.broadcast_arrays(
        np.asarray(frequency_mhz, dtype=np.float64) * 1e-3,
        np.asarray(pressure_hpa, dtype=np.float64),
        np.asarray(water_vapour_gm3, dtype=np.float64),
        np.asarray(temperature_k, dtype=np.float64),
    )
    gamma_o, gamma_w = np.empty(f.shape), np.empty(f.shape)
    _fill(f.ravel(), p.ravel(), rho.ravel(), t.ravel(), gamma_o.reshape(-1), gamma_w.reshape(-1))
    return SpecificAttenuation(gamma_o, gamma_w)


@kernel
def _fill(f: Float, p: Float, rho: Float, t: Float, gamma_o: Float, gamma_w: Float) -> None:
    for i in range(f.size):
        gamma_o[i], gamma_w[i] = _gamma(f[i], p[i], rho[i], t[i])


@njit(error_model="numpy")
def _gamma(
    frequency_ghz: float, pressure_hpa: float, water_vapour_gm3: float, temperature_k: float
) -> tuple[float, float]:
    """``gamma_o`` and ``gamma_w`` [dB/km] of one state of the air, without range checks."""
    f, p = frequency_ghz, pressure_hpa
    theta = 300.0 / temperature_k
    e = water_vapour_gm3 * temperature_k / 216.7  # equation (4)
    ln_theta = log(theta)
    dry = _oxygen_lines(f, p, e, theta, ln_theta) + _dry_continuum(f, p, e, theta, ln_theta)
    wet = _water_vapour_lines(f, p, e, theta, ln_theta)
    return 0.1820 * f * dry, 0.1820 * f * wet  # equation (1)


@njit(error_model="numpy")
def _oxygen_lines(f: float, p: float, e: float, theta: float, ln_theta: float) -> float:
    strength = 1e-7 * p * theta * theta * theta
    theta_08 = exp(0.8 * ln_theta)
    total = 0.0
    for i in range(OXYGEN.shape[0]):
        f0 = OXYGEN[i, 0]
        s = OXYGEN[i, 1] * strength * exp(OXYGEN[i, 2] * (1.0 - theta))  # (3)
        width = OXYGEN[i, 3] * 1e-4 * (p * exp((0.8 - OXYGEN[i, 4]) * ln_theta) + 1.1 * e * theta)  # (6a)
        width = math.sqrt(width * width + 2.25e-6)  # (6b), Zeeman splitting
        delta = (OXYGEN[i, 5] + OXYGEN[i, 6] * theta) * 1e-4 * (p + e) * theta_08  # (7)
        total += s * _line_shape(f, f0, width, delta)
    return total


@njit(error_model="numpy")
def _water_vapour_lines(f: float, p: float, e: float, theta: float, ln_theta: float) -> float:
    strength = 1e-1 * e * exp(3.5 * ln_theta)
    total = 0.0
    for i in range(WATER_VAPOUR.shape[0]):
        f0 = WATER_VAPOUR[i, 0]
        s = WATER_VAPOUR[i, 1] * strength * exp(WATER_VAPOUR[i, 2] * (1.0 - theta))  # (3)
        width = (
            WATER_VAPOUR[i, 3]
            * 1e-4
            * (
                p * exp(WATER_VAPOUR[i, 4] * ln_theta)
                + WATER_VAPOUR[i, 5] * e * exp(WATER_VAPOUR[i, 6] * ln_theta)
            )
        )  # (6a)
        # (6b), Doppler broadening
        width = 0.535 * width + math.sqrt(0.217 * width * width + 2.1316e-12 * f0 * f0 / theta)
        total += s * _line_shape(f, f0, width, 0.0)
    return total


@njit(error_model="numpy")
def _line_shape(f: float, f0: float, width: float, delta: float) -> float:
    """Equation (5): line-shape factor with width and interference correction delta."""
    below, above = f0 - f, f0 + f
    return (f / f0) * (
        (width - delta * below) / (below * below + width * width)
        + (width - delta * above) / (above * above + width * width)
    )


@njit(error_model="numpy")
def _dry_continuum(f: float, p: float, e: float, theta: float, ln_theta: float) -> Real:
    """Equations (8) and (9): Debye spectrum of oxygen and pressure-induced nitrogen."""
    d = 5.6e-4 * (p + e) * exp(0.8 * ln_theta)
    ratio = f / d
    debye = 6.14e-5 / (d * (1.0 + ratio * ratio))
    nitrogen = 1.4e-12 * p * exp(1.5 * ln_theta) / (1.0 + 1.9e-5 * f * math.sqrt(f))
    return f * p * theta * theta * (debye + nitrogen)
