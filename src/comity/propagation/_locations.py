"""Small formulas of P.1812-8 over arrays: location variability and field strength."""

from __future__ import annotations

import numpy as np
from numba import float64, vectorize
from numpy.typing import ArrayLike, NDArray

from comity.propagation._combination import normal
from comity.propagation._elementary import log10, power

Float = NDArray[np.float64]


@vectorize([float64(float64, float64)], cache=True)  # type: ignore[misc]
def _location_loss(percent: float, sigma: float) -> float:
    above = percent > 50.0
    tail = normal(0.01 * (100.0 - percent if above else percent))
    return tail * sigma if above else -tail * sigma


@vectorize([float64(float64, float64)], cache=True)  # type: ignore[misc]
def _standard_deviation(f: float, width: float) -> float:
    return (0.52 + 0.024 * f) * power(width, 0.28)


@vectorize([float64(float64, float64, float64)], cache=True)  # type: ignore[misc]
def _field_strength(loss: float, f: float, power_kw: float) -> float:
    return 199.36 + 20.0 * log10(f) - loss + 10.0 * log10(power_kw)


def location_loss(percent: ArrayLike, sigma: ArrayLike) -> Float:
    """Location variability Lloc = -I(pL/100) sigma_L [dB]."""
    values: Float = _location_loss(percent, sigma)
    return values


def standard_deviation(frequency_mhz: ArrayLike, resolution_m: ArrayLike) -> Float:
    """(0.52 + 0.024 f) wa^0.28 [dB]."""
    values: Float = _standard_deviation(np.asarray(frequency_mhz, dtype=np.float64) * 1e-3, resolution_m)
    return values


def field_strength(loss_db: ArrayLike, frequency_mhz: ArrayLike, erp_kw: ArrayLike) -> Float:
    """Ep [dB(uV/m)]."""
    values: Float = _field_strength(loss_db, np.asarray(frequency_mhz, dtype=np.float64) * 1e-3, erp_kw)
    return values
