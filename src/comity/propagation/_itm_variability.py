"""ITM 1.4: quantiles of the loss over time, locations and situations (Hufford's algorithm, section 5)."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from comity.propagation._elementary import exp, log, power
from comity.propagation._itm_regions import _WAVE_NUMBER, _roughness
from comity.propagation._itm_terrain import Pair
from comity.propagation._lanes import Real

Float = NDArray[np.float64]

EXTREME = 0x2000

# Columns: climate 1 to 7 (equatorial, continental subtropical, maritime subtropical, desert, continental
# temperate, maritime temperate over land, maritime temperate over sea).
# Rows of a curve: c1, c2 [dB], x1, x2, x3 [km].
_MEDIAN = np.array(
    [
        [-9.67, -0.62, 1.26, -9.21, -0.62, -0.39, 3.15],
        [12.7, 9.19, 15.5, 9.05, 9.19, 2.86, 857.9],
        [144.9, 228.9, 262.6, 84.1, 228.9, 141.7, 2222.0],
        [190.3, 205.2, 185.2, 101.1, 205.2, 315.9, 164.8],
        [133.8, 143.6, 99.8, 98.6, 143.6, 167.4, 116.3],
    ]
)
_BELOW = np.array(
    [
        [2.13, 2.66, 6.11, 1.98, 2.68, 6.86, 8.51],
        [159.5, 7.67, 6.65, 13.11, 7.16, 10.38, 169.8],
        [762.2, 100.4, 138.2, 139.1, 93.7, 187.8, 609.8],
        [123.6, 172.5, 242.2, 132.7, 186.8, 169.6, 119.9],
        [94.5, 136.4, 178.6, 193.5, 133.5, 108.9, 106.6],
    ]
)
_ABOVE = np.array(
    [
        [2.11, 6.87, 10.08, 3.68, 4.75, 8.58, 8.43],
        [102.3, 15.53, 9.60, 159.3, 8.12, 13.97, 8.19],
        [636.9, 138.7, 165.3, 464.4, 93.2, 216.0, 136.2],
        [134.8, 143.7, 225.7, 93.1, 135.9, 152.0, 188.5],
        [95.6, 98.6, 129.7, 94.2, 113.4, 122.7, 122.9],
    ]
)
# Rows: ductile fraction C_D and its deviate z_D (Table 5.1); frequency factors below and above the median.
_DUCTING = np.array(
    [
        [1.224, 0.801, 1.380, 1.000, 1.224, 1.518, 1.518],
        [1.282, 2.161, 1.282, 20.0, 1.282, 1.282, 1.282],
    ]
)
_FACTOR_BELOW = np.array(
    [[1.0, 1.0, 1.0, 1.0, 0.92, 1.0, 1.0], [0, 0, 0, 0, 0.25, 0, 0], [0, 0, 0, 0, 1.77, 0, 0]]
)
_FACTOR_ABOVE = np.array(
    [[1.0, 0.93, 1.0, 0.93, 0.93, 1.0, 1.0], [0, 0.31, 0, 0.19, 0.31, 0, 0], [0, 2.00, 0, 1.79, 2.00, 0, 0]]
)


@njit(error_model="numpy")
def _deviate(q: float) -> Real:
    """Inverse complementary normal distribution as ITM approximates it (Abramowitz and Stegun 26.2.23)."""
    x = 1.0 - q if q > 0.5 else q
    t = math.sqrt(-2.0 * log(x))
    above = (0.010328 * t + 0.802853) * t + 2.515516
    below = ((0.001308 * t + 0.189269) * t + 1.432788) * t + 1.0
    z = t - above / below
    return -z if q > 0.5 else z


@njit(error_model="numpy")
def _curve(table: Float, climate: int, d_e: float) -> Real:
    """Value of one climate's curve at an effective distance."""
    x = (d_e - table[3, climate] * 1e3) / (table[4, climate] * 1e3)
    y = d_e / (table[2, climate] * 1e3)
    return (table[0, climate] + table[1, climate] / (1.0 + x * x)) * (y * y) / (1.0 + y * y)


@njit(error_model="numpy")
def _factor(table: Float, climate: int, q: float) -> Real:
    """Frequency factor of one climate."""
    x = table[2, climate] * q
    return table[0, climate] + table[1, climate] / (x * x + 1.0)


@njit(error_model="numpy")
def _effective_distance(d: float, wave: float, h_e: Pair) -> Real:
    """Effective distance [m]: (5.3)."""
    limit = (
        math.sqrt(2.0 * 9000e3 * h_e[0])
        + math.sqrt(2.0 * 9000e3 * h_e[1])
        + power(575.7e12 / wave, 1.0 / 3.0)
    )
    return 130e3 * d / limit if d < limit else 130e3 + d - limit


@njit(error_model="numpy")
def _time_deviation(climate: int, wave: float, d_e: float, z_t: float) -> Real:
    """Standard deviation over time at a deviate."""
    q = log(0.133 * wave)
    if z_t < 0.0:
        return _curve(_BELOW, climate, d_e) * _factor(_FACTOR_BELOW, climate, q)
    above = _curve(_ABOVE, climate, d_e) * _factor(_FACTOR_ABOVE, climate, q)
    c_d, z_d = _DUCTING[0, climate], _DUCTING[1, climate]
    if z_t <= z_d:
        return above
    return c_d * above + (above - c_d * above) * z_d / z_t


@njit(error_model="numpy")
def _loss_quantile(
    d: float,
    f: float,
    h_e: Pair,
    delta_h: float,
    reference: float,
    climate: int,
    mode: int,
    time: float,
    location: float,
    situation: float,
) -> tuple[float, int]:
    """Attenuation beyond free space [dB] at three percentages, and a warning: (5.1) to (5.13)."""
    z_t, z_l, z_s = _deviate(time / 100.0), _deviate(location / 100.0), _deviate(situation / 100.0)
    wave = f / _WAVE_NUMBER
    d_e = _effective_distance(d, wave, h_e)
    sigma_s = 0.0 if mode >= 20 else 5.0 + 3.0 * exp(-d_e / 100e3)  # (5.10)
    rough = wave * _roughness(d, delta_h)
    sigma_l = 0.0 if mode % 20 >= 10 else 10.0 * rough / (rough + 13.0)
    kind = mode % 10
    if kind == 0:
        z_t = z_l = z_s
    elif kind == 1:
        z_l = z_s
    elif kind == 2:
        z_l = z_t
    warning = EXTREME if abs(z_t) > 3.10 or abs(z_l) > 3.10 or abs(z_s) > 3.10 else 0
    sigma_t = _time_deviation(climate, wave, d_e, z_t)
    y_t, y_l, z2 = sigma_t * z_t, sigma_l * z_l, z_s * z_s
    rest = sigma_s * sigma_s + (y_t * y_t) / (7.8 + z2) + (y_l * y_l) / (24.0 + z2)  # of (5.11)
    if kind == 0:
        y_r, y_s = 0.0, math.sqrt(sigma_t * sigma_t + sigma_l * sigma_l + rest) * z_s
    elif kind == 1:
        y_r, y_s = y_t, math.sqrt(sigma_l * sigma_l + rest) * z_s
    elif kind == 2:
        y_r, y_s = math.sqrt(sigma_t * sigma_t + sigma_l * sigma_l) * z_t, math.sqrt(rest) * z_s
    else:
        y_r, y_s = y_t + y_l, math.sqrt(rest) * z_s
    result = reference - _curve(_MEDIAN, climate, d_e) - y_r - y_s
    if result < 0.0:
        result = result * (29.0 - result) / (29.0 - 10.0 * result)
    return result, warning
