"""ITM 1.4: quantiles of the loss of eight links over time, locations and situations (Hufford, section 5)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.propagation._compiled import inlined
from comity.propagation._elementary import exp, log, power
from comity.propagation._itm_diffraction import WAVE_NUMBER, roughness
from comity.propagation._itm_work import Geometry
from comity.propagation._lane_gather import gather
from comity.propagation._lanes import Real, lanes, magnitude, root, where

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


class Deviates(NamedTuple):
    """Standard normal deviates of time, locations and situations."""

    time: Real
    location: Real
    situation: Real


@inlined
def deviate(percent: Real) -> Real:
    """Inverse complementary normal distribution as ITM approximates it (Abramowitz and Stegun 26.2.23)."""
    q = percent / 100.0
    upper = q > 0.5
    t = root(-2.0 * log(where(upper, 1.0 - q, q)))
    above = (0.010328 * t + 0.802853) * t + 2.515516
    below = ((0.001308 * t + 0.189269) * t + 1.432788) * t + 1.0
    z = t - above / below
    return where(upper, -z, z)


@inlined
def _constant(table: Float, row: int, climate: Real) -> Real:
    """One constant of eight climates."""
    return gather(table, climate + 7.0 * row)


@inlined
def _curve(table: Float, climate: Real, d_e: Real) -> Real:
    """Value of each climate's curve at an effective distance: TN 101 vol. 2 (III.69), (III.70)."""
    x = (d_e - _constant(table, 3, climate) * 1e3) / (_constant(table, 4, climate) * 1e3)
    y = d_e / (_constant(table, 2, climate) * 1e3)
    peak = _constant(table, 0, climate) + _constant(table, 1, climate) / (1.0 + x * x)
    return peak * (y * y) / (1.0 + y * y)


@inlined
def _factor(table: Float, climate: Real, q: Real) -> Real:
    """Frequency factor of each climate."""
    x = _constant(table, 2, climate) * q
    return _constant(table, 0, climate) + _constant(table, 1, climate) / (x * x + 1.0)


@inlined
def _effective_distance(d: Real, wave: Real, h_tx: Real, h_rx: Real) -> Real:
    """Effective distance [m]: (5.3)."""
    limit = root(2.0 * 9000e3 * h_tx) + root(2.0 * 9000e3 * h_rx) + power(575.7e12 / wave, 1.0 / 3.0)
    return where(d < limit, 130e3 * d / limit, 130e3 + d - limit)


@inlined
def _time_deviation(climate: Real, wave: Real, d_e: Real, z_t: Real) -> Real:
    """Standard deviation over time at a deviate: (5.6) to (5.8)."""
    q = log(0.133 * wave)
    below = _curve(_BELOW, climate, d_e) * _factor(_FACTOR_BELOW, climate, q)
    above = _curve(_ABOVE, climate, d_e) * _factor(_FACTOR_ABOVE, climate, q)
    c_d, z_d = _constant(_DUCTING, 0, climate), _constant(_DUCTING, 1, climate)
    ducted = c_d * above + (above - c_d * above) * z_d / z_t
    return where(z_t < 0.0, below, where(z_t <= z_d, above, ducted))


@inlined
def _by_kind(kind: Real, z: Deviates) -> Deviates:
    """Deviates as the mode of variability ties them: single message (0), accidental (1), mobile (2), broadcast."""
    time = where(kind == 0.0, z.situation, z.time)
    location = where(kind <= 1.0, z.situation, where(kind == 2.0, time, z.location))
    return Deviates(time, location, z.situation)


@inlined
def loss_quantile(
    g: Geometry, f: Real, reference: Real, climate: Real, mode: Real, z: Deviates
) -> tuple[Real, Real]:
    """Attenuation beyond free space [dB] at three deviates, and a warning: (5.1) to (5.13)."""
    no_situations = mode >= 20.0
    rest = where(no_situations, mode - 20.0, mode)
    no_locations = rest >= 10.0
    kind = where(no_locations, rest - 10.0, rest)
    z = _by_kind(kind, z)
    wave = f / WAVE_NUMBER
    d_e = _effective_distance(g.d, wave, g.h_e.tx, g.h_e.rx)
    sigma_s = where(no_situations, 0.0, 5.0 + 3.0 * exp(d_e / -100e3))  # (5.10)
    rough = wave * roughness(g.d, g.delta_h)
    sigma_l = where(no_locations, 0.0, 10.0 * rough / (rough + 13.0))  # (5.9)
    sigma_t = _time_deviation(climate - 1.0, wave, d_e, z.time)
    y_t, y_l, z2 = sigma_t * z.time, sigma_l * z.location, z.situation * z.situation
    square = sigma_s * sigma_s + (y_t * y_t) / (7.8 + z2) + (y_l * y_l) / (24.0 + z2)  # (5.11)
    square_l, square_t = sigma_l * sigma_l, sigma_t * sigma_t
    square = square + where(kind <= 1.0, square_l, 0.0) + where(kind == 0.0, square_t, 0.0)
    moving = root(square_t + square_l) * z.time
    y_r = where(kind == 0.0, 0.0, where(kind == 1.0, y_t, where(kind == 2.0, moving, y_t + y_l)))
    result = reference - _curve(_MEDIAN, climate - 1.0, d_e) - y_r - root(square) * z.situation
    low = result * (29.0 - result) / (29.0 - 10.0 * result)
    furthest = (magnitude(z.time) > 3.10) | (magnitude(z.location) > 3.10) | (magnitude(z.situation) > 3.10)
    return where(result < 0.0, low, result), where(furthest, lanes(EXTREME), 0.0)
