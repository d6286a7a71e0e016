"""ITM 1.4: reference attenuation over the three regions, with what the model warns of or refuses."""

from __future__ import annotations

import math

from numba import njit

from comity.propagation._elementary import exp, log, power
from comity.propagation._itm_regions import _diffraction, _line_of_sight, _scatter
from comity.propagation._itm_terrain import Pair
from comity.propagation._lanes import Real

LINE_OF_SIGHT, DIFFRACTION, TROPOSCATTER = 1, 2, 3
OK, SMALL_REFRACTIVITY, LARGE_REFRACTIVITY, EARTH_RADIUS, GROUND = 0, 1, 2, 3, 4


@njit(error_model="numpy")
def _surface_refractivity(n_0: float, height: float) -> Real:
    """Refractivity at a height above sea level [N-units]: TN 101 (4.3)."""
    return n_0 if height == 0.0 else n_0 * exp(-height / 9460.0)


@njit(error_model="numpy")
def _effective_earth_radius(n_s: float) -> Real:
    """Effective earth radius [m]: TN 101 (4.4)."""
    return 1.0 / (157e-9 * (1.0 - 0.04665 * exp(n_s / 179.3)))


@njit(error_model="numpy")
def _ground_impedance(f: float, permittivity: float, conductivity: float, vertical: bool) -> Pair:
    """Surface transfer impedance, real and imaginary part."""
    re, im = permittivity, 18000.0 * conductivity / f
    x = re - 1.0
    root = math.sqrt(0.5 * (math.sqrt(x * x + im * im) + x))
    z_re, z_im = root, im / (2.0 * root)
    if vertical:
        norm = re * re + im * im
        return (z_re * re + z_im * im) / norm, (z_im * re - z_re * im) / norm
    return z_re, z_im


@njit(error_model="numpy")
def _warnings(d: float, a_e: float, n_s: float, theta_hzn: Pair, d_hzn: Pair, h_e: Pair) -> int:
    """Flags for parameters near the model's limits."""
    flags = 0
    for end in range(2):
        smooth = math.sqrt(2.0 * h_e[end] * a_e)
        flags |= (0x0080 << end) * int(abs(theta_hzn[end]) > 200e-3)
        flags |= (0x0200 << end) * int(d_hzn[end] < 0.1 * smooth)
        flags |= (0x0800 << end) * int(d_hzn[end] > 3.0 * smooth)
    flags |= 0x4000 * int(n_s < 250.0)
    flags |= 0x0020 * int(d < abs(h_e[0] - h_e[1]) / 200e-3)
    flags |= 0x0040 * int(d < 1e3)
    flags |= 0x0008 * int(d > 1000e3)
    flags |= 0x0010 * int(d > 2000e3)
    return flags


@njit(error_model="numpy")
def _refusal(n_s: float, a_e: float, z_g: Pair) -> int:
    """Why the model does not apply, or OK."""
    if n_s < 150.0:
        return SMALL_REFRACTIVITY
    if n_s > 400.0:
        return LARGE_REFRACTIVITY
    if a_e < 4000000.0 or a_e > 13333333.0:
        return EARTH_RADIUS
    return GROUND if z_g[0] <= abs(z_g[1]) else OK


@njit(error_model="numpy")
def _within_sight(
    d: float,
    f: float,
    h_e: Pair,
    z_g: Pair,
    delta_h: float,
    slope: float,
    intercept: float,
    d_smooth: float,
    d_max: float,
) -> Real:
    """Attenuation on this side of the smooth-earth horizon: ERL 79-ITS 67 (3.16) to (3.21)."""
    a_smooth = d_smooth * slope + intercept
    d_0 = 0.04 * f * h_e[0] * h_e[1]
    if intercept >= 0.0:
        d_0 = min(d_0, 0.5 * d_max)
        d_1 = d_0 + 0.25 * (d_max - d_0)
    else:
        d_1 = max(-intercept / slope, 0.25 * d_max)
    a_1 = _line_of_sight(d_1, f, h_e, z_g, delta_h, slope, intercept, d_smooth)
    k_1 = k_2 = 0.0
    fitted = False
    if d_0 < d_1:
        a_0 = _line_of_sight(d_0, f, h_e, z_g, delta_h, slope, intercept, d_smooth)
        q = log(d_smooth / d_0)
        above = (d_smooth - d_0) * (a_1 - a_0) - (d_1 - d_0) * (a_smooth - a_0)
        k_2 = max(0.0, above / ((d_smooth - d_0) * log(d_1 / d_0) - (d_1 - d_0) * q))
        fitted = intercept > 0.0 or k_2 > 0.0
        if fitted:
            k_1 = (a_smooth - a_0 - k_2 * q) / (d_smooth - d_0)
            if k_1 < 0.0:
                k_1, k_2 = 0.0, max(a_smooth - a_0, 0.0) / q
                if k_2 == 0.0:
                    k_1 = slope
    if not fitted:
        k_1, k_2 = max(a_smooth - a_1, 0.0) / (d_smooth - d_1), 0.0
        if k_1 == 0.0:
            k_1 = slope
    return a_smooth - k_1 * d_smooth - k_2 * log(d_smooth) + k_1 * d + k_2 * log(d)


@njit(error_model="numpy")
def _beyond_sight(
    d: float,
    f: float,
    a_e: float,
    theta_los: float,
    theta_hzn: Pair,
    d_hzn: Pair,
    h_e: Pair,
    n_s: float,
    slope: float,
    intercept: float,
    d_smooth: float,
    scale: float,
) -> tuple[float, int]:
    """Attenuation and mode beyond the smooth-earth horizon: diffraction, or scatter where that is less."""
    d_max = d_hzn[0] + d_hzn[1]
    d_5, d_6 = d_max + 200e3, d_max + 400e3
    a_6, h_0 = _scatter(d_6, f, a_e, theta_los, theta_hzn, d_hzn, h_e, n_s, -1.0)
    a_5, _ = _scatter(d_5, f, a_e, theta_los, theta_hzn, d_hzn, h_e, n_s, h_0)
    if a_5 < 1000.0:
        m_s = (a_6 - a_5) / 200e3
        d_x = max(d_smooth, d_max + 1.088 * scale * log(f))
        if d > d_x and d > (a_5 - intercept - m_s * d_5) / (slope - m_s):
            d_x = max(d_x, (a_5 - intercept - m_s * d_5) / (slope - m_s))
            return m_s * d + (slope - m_s) * d_x + intercept, TROPOSCATTER
    elif d > 10e6:
        return slope * d + intercept, TROPOSCATTER
    return slope * d + intercept, DIFFRACTION


@njit(error_model="numpy")
def _reference_attenuation(
    d: float,
    f: float,
    a_e: float,
    n_s: float,
    z_g: Pair,
    theta_hzn: Pair,
    d_hzn: Pair,
    h_e: Pair,
    h: Pair,
    delta_h: float,
    area: bool,
) -> tuple[float, int]:
    """Reference attenuation [dB], 0 or more or not a number, and the mode of propagation."""
    d_smooth = math.sqrt(2.0 * h_e[0] * a_e) + math.sqrt(2.0 * h_e[1] * a_e)
    d_max = d_hzn[0] + d_hzn[1]
    theta_los = -max(theta_hzn[0] + theta_hzn[1], -d_max / a_e)
    scale = power(a_e * a_e / f, 1.0 / 3.0)
    d_3 = max(d_smooth, d_max + 5.0 * scale)
    d_4 = d_3 + 10.0 * scale
    a_3 = _diffraction(d_3, f, a_e, theta_los, d_hzn, h_e, h, z_g, delta_h, d_smooth, area)
    a_4 = _diffraction(d_4, f, a_e, theta_los, d_hzn, h_e, h, z_g, delta_h, d_smooth, area)
    slope = (a_4 - a_3) / (d_4 - d_3)
    intercept = a_3 - slope * d_3
    if d < d_smooth:
        mode = LINE_OF_SIGHT
        loss = _within_sight(d, f, h_e, z_g, delta_h, slope, intercept, d_smooth, d_max)
    else:
        loss, mode = _beyond_sight(
            d, f, a_e, theta_los, theta_hzn, d_hzn, h_e, n_s, slope, intercept, d_smooth, scale
        )
    return (0.0 if loss < 0.0 else loss), mode
