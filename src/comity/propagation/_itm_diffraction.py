"""ITM 1.4: attenuation of eight links beyond the horizon, by diffraction.

Equation numbers are those of Hufford, "The ITS Irregular Terrain Model, version 1.2.2: the algorithm", unless
another source stands beside them. Distances and heights in metres, angles in radians.
"""

from __future__ import annotations

from typing import NamedTuple

from comity.propagation._compiled import inlined
from comity.propagation._elementary import exp, log, log10, power
from comity.propagation._itm_geometry import Radio, smooth_distance
from comity.propagation._itm_work import Geometry
from comity.propagation._lanes import Real, larger, root, smaller, where

#: f [MHz] over this is the wave number [1/m].
WAVE_NUMBER = 47.7
_THIRD = 1.0 / 3.0
_FOUR_THIRDS_EARTH = (4.0 / 3.0) * 6370e3


@inlined
def roughness(d: Real, delta_h: Real) -> Real:
    """Terrain irregularity at a distance, ``delta h (d)``."""
    return delta_h * (1.0 - 0.8 * exp(d / -50e3))


@inlined
def sigma_h(delta_h: Real) -> Real:
    """Standard deviation of terrain within the first Fresnel zone: ERL 79-ITS 67 (3.6a)."""
    return 0.78 * delta_h * exp(-0.5 * root(root(delta_h)))


@inlined
def _knife_edge_loss(v_squared: Real) -> Real:
    """Fresnel-integral approximation ``A(v, 0)``, of v squared: TN 101 (III.24)."""
    near = 6.02 + 9.11 * root(v_squared) - 1.27 * v_squared
    return where(v_squared < 5.76, near, 12.953 + 10.0 * log10(v_squared))


@inlined
def _height_function(x: Real, k: Real) -> Real:
    """Height gain ``F(x, K)`` over smooth earth, with the limits of Vogler (1964)."""
    w, log_x = -log(k), log(x)
    high = 17.372 * log_x - 117.0
    near = where(
        (k < 1e-5) | (x * (w * w * w) > 5495.0),
        where(x > 1.0, high, -117.0),
        2.5e-5 * (x * x) / k - 8.686 * w - 15.0,
    )
    far = 0.05751 * x - 4.343 * log_x
    share = 0.0134 * x * exp(-0.005 * x)
    return where(x < 200.0, near, where(x < 2000.0, (1.0 - share) * far + share * high, far))


@inlined
def _vogler_parameters(radius: Real, per_impedance: Real, f_third: Real) -> tuple[Real, Real]:
    """``K`` and the factor from kilometres to normalised distance for one radius: Vogler (1964), (2), (6), (7)."""
    c_0 = power(_FOUR_THIRDS_EARTH / radius, _THIRD)
    k = 0.017778 * c_0 * per_impedance
    return k, (1.607 - k) * (c_0 * c_0) * f_third


class Horizons(NamedTuple):
    """What diffraction at any distance has in common."""

    d_smooth: Real  # sum of the smooth-earth horizon distances
    d_max: Real  # sum of the horizon distances
    theta_los: Real  # angular distance of the line-of-sight region
    scale: Real  # (a_e^2 / f)^(1/3)
    f_third: Real
    per_impedance: Real  # f^(-1/3) / |Z_g|
    x: Real  # normalised distance of both horizons
    height_gain: Real
    clutter: Real
    ratio: Real


@inlined
def horizon_terms(g: Geometry, r: Radio, c: float) -> Horizons:
    """Terms of (3.23) and (3.38c) of ERL 79-ITS 67 and of (4.20) that do not depend on the distance.

    ``c`` is C of ERL 79-ITS 67, page 3-8: 10 for low antennas with known path parameters, else 0.
    """
    d_max = g.d_hzn.tx + g.d_hzn.rx
    d_smooth = smooth_distance(g.h_e.tx, r.a_e) + smooth_distance(g.h_e.rx, r.a_e)
    f_third = power(r.f, _THIRD)
    per_impedance = 1.0 / (f_third * root(r.z_re * r.z_re + r.z_im * r.z_im))
    k_1, scale_1 = _vogler_parameters(0.5 * (g.d_hzn.tx * g.d_hzn.tx) / g.h_e.tx, per_impedance, f_third)
    k_2, scale_2 = _vogler_parameters(0.5 * (g.d_hzn.rx * g.d_hzn.rx) / g.h_e.rx, per_impedance, f_third)
    x_1, x_2 = scale_1 * g.d_hzn.tx / 1000.0, scale_2 * g.d_hzn.rx / 1000.0
    product = g.h.tx * g.h.rx
    excess = g.h_e.tx * g.h_e.rx - product
    sigma = sigma_h(roughness(d_smooth, g.delta_h))
    return Horizons(
        d_smooth,
        d_max,
        -larger(g.theta_hzn.tx + g.theta_hzn.rx, -d_max / r.a_e),
        power(r.a_e * r.a_e / r.f, _THIRD),
        f_third,
        per_impedance,
        x_1 + x_2,
        _height_function(x_1, k_1) + _height_function(x_2, k_2),
        smaller(15.0, 5.0 * log10(1.0 + 1e-5 * product * r.f * sigma)),
        root(1.0 + excess / (product + c)),
    )


@inlined
def diffraction(d: Real, g: Geometry, r: Radio, hzn: Horizons) -> Real:
    """Diffraction attenuation [dB] at a distance: ERL 79-ITS 67 (3.23)."""
    theta_nlos, d_nlos = d / r.a_e - hzn.theta_los, d - hzn.d_max
    # over both horizons as knife edges: (4.12), TN 101 (I.1), (I.7)
    v = 0.0795775 * (r.f / WAVE_NUMBER) * (theta_nlos * theta_nlos) * d_nlos
    over_edges = _knife_edge_loss(v * g.d_hzn.tx / (d_nlos + g.d_hzn.tx)) + _knife_edge_loss(
        v * g.d_hzn.rx / (d_nlos + g.d_hzn.rx)
    )
    # over the rounded earth by the method of three radii: (4.20), Vogler (1964)
    _, scale = _vogler_parameters(d_nlos / theta_nlos, hzn.per_impedance, hzn.f_third)
    x = scale * d_nlos / 1000.0 + hzn.x
    over_earth = 0.05751 * x - 10.0 * log10(x) - hzn.height_gain - 20.0
    shape = hzn.ratio + (-hzn.theta_los * r.a_e + hzn.d_max) / d
    q = shape * smaller(roughness(d, g.delta_h) * r.f / WAVE_NUMBER, 6283.2)
    w = 25.1 / (25.1 + root(q))
    return w * over_earth + (1.0 - w) * over_edges + hzn.clutter
