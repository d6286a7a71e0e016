"""ITM 1.4: attenuation beyond free space in the line-of-sight, diffraction and scatter regions.

Equation numbers are those of Hufford, "The ITS Irregular Terrain Model, version 1.2.2: the algorithm", unless
another source stands beside them. Distances and heights in metres, angles in radians.
"""

from __future__ import annotations

import math

from numba import njit

from comity.propagation._elementary import exp, log, log10, power
from comity.propagation._elementary_angles import cos, sin
from comity.propagation._itm_terrain import Pair
from comity.propagation._lanes import Real

_WAVE_NUMBER = 47.7  # f [MHz] over this is the wave number [1/m]
_A_0 = 6370e3


@njit(error_model="numpy")
def _roughness(d: float, delta_h: float) -> Real:
    """Terrain irregularity at a distance, ``delta h (d)``."""
    return delta_h * (1.0 - 0.8 * exp(-d / 50e3))


@njit(error_model="numpy")
def _sigma_h(delta_h: float) -> Real:
    """Standard deviation of terrain within the first Fresnel zone."""
    return 0.78 * delta_h * exp(-0.5 * power(delta_h, 0.25))


@njit(error_model="numpy")
def _knife_edge_loss(v_squared: float) -> Real:
    """Fresnel-integral approximation ``A(v, 0)``, of v squared: TN 101 (III.24)."""
    if v_squared < 5.76:
        return 6.02 + 9.11 * math.sqrt(v_squared) - 1.27 * v_squared
    return 12.953 + 10.0 * log10(v_squared)


@njit(error_model="numpy")
def _two_knife_edges(d: float, f: float, a_e: float, theta_los: float, d_hzn: Pair) -> Real:
    """Loss over both horizons as knife edges: (4.12), TN 101 (I.1), (I.7)."""
    theta_nlos = d / a_e - theta_los
    d_nlos = d - (d_hzn[0] + d_hzn[1])
    scale = 0.0795775 * (f / _WAVE_NUMBER) * (theta_nlos * theta_nlos)
    v_tx = scale * d_hzn[0] * d_nlos / (d_nlos + d_hzn[0])
    v_rx = scale * d_hzn[1] * d_nlos / (d_nlos + d_hzn[1])
    return _knife_edge_loss(v_tx) + _knife_edge_loss(v_rx)


@njit(error_model="numpy")
def _height_function(x: float, k: float) -> Real:
    """Height gain ``F(x, K)`` over smooth earth, with the limits of Vogler (1964)."""
    if x < 200.0:
        w = -log(k)
        if k < 1e-5 or x * (w * w * w) > 5495.0:
            return 17.372 * log(x) - 117.0 if x > 1.0 else -117.0
        return 2.5e-5 * (x * x) / k - 8.686 * w - 15.0
    far = 0.05751 * x - 4.343 * log(x)
    if x < 2000.0:
        w = 0.0134 * x * exp(-0.005 * x)
        return (1.0 - w) * far + w * (17.372 * log(x) - 117.0)
    return far


@njit(error_model="numpy")
def _vogler_parameters(radius: float, f: float, z_g: Pair) -> tuple[float, float]:
    """``K`` and the factor from kilometres to normalised distance for one radius: Vogler (1964), (2), (6), (7)."""
    third = 1.0 / 3.0
    c_0 = power((4.0 / 3.0) * _A_0 / radius, third)
    k = 0.017778 * c_0 * power(f, -third) / math.sqrt(z_g[0] * z_g[0] + z_g[1] * z_g[1])
    return k, (1.607 - k) * (c_0 * c_0) * power(f, third)


@njit(error_model="numpy")
def _smooth_earth(
    d: float, f: float, a_e: float, theta_los: float, d_hzn: Pair, h_e: Pair, z_g: Pair
) -> Real:
    """Rounded-earth loss by the three-radii method: (4.20), Vogler (1964)."""
    theta_nlos = d / a_e - theta_los
    _, scale_0 = _vogler_parameters((d - (d_hzn[0] + d_hzn[1])) / theta_nlos, f, z_g)
    k_1, scale_1 = _vogler_parameters(0.5 * (d_hzn[0] * d_hzn[0]) / h_e[0], f, z_g)
    k_2, scale_2 = _vogler_parameters(0.5 * (d_hzn[1] * d_hzn[1]) / h_e[1], f, z_g)
    x_1, x_2 = scale_1 * d_hzn[0] / 1000.0, scale_2 * d_hzn[1] / 1000.0
    x_0 = scale_0 * (d - (d_hzn[0] + d_hzn[1])) / 1000.0 + x_1 + x_2
    distance = 0.05751 * x_0 - 10.0 * log10(x_0)
    return distance - _height_function(x_1, k_1) - _height_function(x_2, k_2) - 20.0


@njit(error_model="numpy")
def _diffraction(
    d: float,
    f: float,
    a_e: float,
    theta_los: float,
    d_hzn: Pair,
    h_e: Pair,
    h: Pair,
    z_g: Pair,
    delta_h: float,
    d_smooth: float,
    area: bool,
) -> Real:
    """Diffraction attenuation [dB] at a distance: ERL 79-ITS 67 (3.23), (3.38c)."""
    over_edges = _two_knife_edges(d, f, a_e, theta_los, d_hzn)
    over_earth = _smooth_earth(d, f, a_e, theta_los, d_hzn, h_e, z_g)
    sigma = _sigma_h(_roughness(d_smooth, delta_h))
    clutter = min(15.0, 5.0 * log10(1.0 + 1e-5 * h[0] * h[1] * f * sigma))
    product = h[0] * h[1]
    excess = h_e[0] * h_e[1] - product
    if not area:  # low antennas with known path parameters
        product += 10.0
    ratio = math.sqrt(1.0 + excess / product)
    shape = ratio + (-theta_los * a_e + (d_hzn[0] + d_hzn[1])) / d
    q = shape * min(_roughness(d, delta_h) * f / _WAVE_NUMBER, 6283.2)
    w = 25.1 / (25.1 + math.sqrt(q))
    return w * over_earth + (1.0 - w) * over_edges + clutter


@njit(error_model="numpy")
def _line_of_sight(
    d: float, f: float, h_e: Pair, z_g: Pair, delta_h: float, slope: float, intercept: float, d_smooth: float
) -> Real:
    """Two-ray attenuation [dB] weighted with the extended diffraction line: (4.46) to (4.50)."""
    wave = f / _WAVE_NUMBER
    sigma = _sigma_h(_roughness(d, delta_h))
    both = h_e[0] + h_e[1]
    sin_psi = both / math.sqrt(d * d + both * both)
    damping = exp(-min(10.0, wave * sigma * sin_psi))
    # reflection coefficient (sin psi - Z) / (sin psi + Z)
    a, b, c, e = sin_psi - z_g[0], -z_g[1], sin_psi + z_g[0], z_g[1]
    norm = c * c + e * e
    r_re, r_im = (a * c + b * e) / norm * damping, (b * c - a * e) / norm * damping
    q = r_re * r_re + r_im * r_im
    if q < 0.25 or q < sin_psi:
        scale = math.sqrt(sin_psi / q)
        r_re, r_im = r_re * scale, r_im * scale
    phase = wave * 2.0 * h_e[0] * h_e[1] / d
    if phase > math.pi / 2.0:
        phase = math.pi - (math.pi / 2.0) * (math.pi / 2.0) / phase
    re, im = cos(phase) + r_re, -sin(phase) + r_im
    two_ray = -10.0 * log10(re * re + im * im)
    w = 1.0 / (1.0 + f * delta_h / max(10e3, d_smooth))
    return w * two_ray + (1.0 - w) * (slope * d + intercept)


@njit(error_model="numpy")
def _attenuation_function(td: float) -> Real:
    """``F(theta d)`` of forward scatter: (6.9)."""
    if td <= 10e3:
        return 133.4 + 0.332e-3 * td - 10.0 * log10(td)
    if td <= 70e3:
        return 104.6 + 0.212e-3 * td - 2.5 * log10(td)
    return 71.8 + 0.157e-3 * td + 5.0 * log10(td)


_H_0_A = (25.0, 80.0, 177.0, 395.0, 705.0)
_H_0_B = (24.0, 45.0, 68.0, 80.0, 105.0)


@njit(error_model="numpy")
def _h_0_curve(j: int, r: float) -> Real:
    """Frequency gain on curve ``j``: (6.13)."""
    inverse = 1.0 / (r * r)
    return 10.0 * log10(1.0 + _H_0_A[j] * (inverse * inverse) + _H_0_B[j] * inverse)


@njit(error_model="numpy")
def _h_0(r: float, eta: float) -> Real:
    """Frequency gain ``H_0(r, eta)``, interpolated between the curves."""
    eta = min(max(eta, 1.0), 5.0)
    i = int(eta)
    share = eta - i
    value = _h_0_curve(i - 1, r)
    return value if share == 0.0 else (1.0 - share) * value + share * _h_0_curve(i, r)


@njit(error_model="numpy")
def _frequency_gain(
    d: float, theta: float, wave: float, d_hzn: Pair, h_e: Pair, n_s: float, r_1: float, r_2: float
) -> Real:
    """``H_0`` of the path: (4.66), (4.67), TN 101 (9.3) to (9.5)."""
    apart = d_hzn[0] - d_hzn[1]
    ratio = h_e[1] / h_e[0]
    if apart < 0.0:
        apart, ratio = -apart, 1.0 / ratio
    s = (d - apart) / (d + apart)
    q = min(max(0.1, ratio / s), 10.0)
    s = max(0.1, s)
    crossing = (d - apart) * (d + apart) * theta * 0.25 / d
    layer = min(1.7, crossing / 8.0e3)
    fading = exp(-(layer * layer * layer) * (layer * layer * layer))
    eta = (crossing / 1.7556e3) * (1.0 + (0.031 - n_s * 2.32e-3 + (n_s * n_s) * 5.67e-6) * fading)
    mean = (_h_0(r_1, eta) + _h_0(r_2, eta)) / 2.0
    gain = max(mean + min(mean, 6.0 * (0.6 - log10(max(eta, 1.0))) * log10(s) * log10(q)), 0.0)
    if eta < 1.0:
        root2 = math.sqrt(2.0)
        spread = (1.0 + root2 / r_1) * (1.0 + root2 / r_2)
        ground = 10.0 * log10(spread * spread * (r_1 + r_2) / (r_1 + r_2 + 2.0 * root2))
        gain = eta * gain + (1.0 - eta) * ground
    return gain


@njit(error_model="numpy")
def _scatter(
    d: float,
    f: float,
    a_e: float,
    theta_los: float,
    theta_hzn: Pair,
    d_hzn: Pair,
    h_e: Pair,
    n_s: float,
    h_0_before: float,
) -> tuple[float, float]:
    """Scatter attenuation [dB] and its ``H_0``; above 1000 dB where scatter is not defined: (4.63), (6.8).

    ``h_0_before`` is the value at the farther distance, -1 on the first call: it stands in above 15 dB.
    """
    wave = f / _WAVE_NUMBER
    h_0 = h_0_before
    if h_0_before <= 15.0:
        theta = theta_hzn[0] + theta_hzn[1] + d / a_e
        r_1, r_2 = 2.0 * wave * theta * h_e[0], 2.0 * wave * theta * h_e[1]
        if r_1 < 0.2 and r_2 < 0.2:
            return 1001.0, h_0_before
        h_0 = _frequency_gain(d, theta, wave, d_hzn, h_e, n_s, r_1, r_2)
        if h_0 > 15.0 and h_0_before >= 0.0:
            h_0 = h_0_before
    th = d / a_e - theta_los
    rising = 10.0 * log10(wave * 47.7 * ((th * th) * (th * th)))
    return _attenuation_function(th * d) + rising - 0.1 * (n_s - 301.0) * exp(-th * d / 40e3) + h_0, h_0
