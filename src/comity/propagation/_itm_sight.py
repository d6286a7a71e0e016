"""ITM 1.4: attenuation of eight links on this side of the smooth-earth horizon (line of sight)."""

from __future__ import annotations

import math
from typing import NamedTuple

from comity.propagation._compiled import inlined
from comity.propagation._elementary import exp, log, log10
from comity.propagation._elementary_angles import cos, sin
from comity.propagation._itm_diffraction import WAVE_NUMBER, Horizons, roughness, sigma_h
from comity.propagation._itm_geometry import Radio
from comity.propagation._itm_work import Geometry
from comity.propagation._lanes import Real, larger, root, smaller, where

_HALF_PI = 0.5 * math.pi


class Line(NamedTuple):
    """Attenuation as a line over distance: slope [dB/m], intercept [dB]."""

    slope: Real
    intercept: Real


@inlined
def _two_ray(d: Real, g: Geometry, r: Radio, hzn: Horizons, line: Line) -> Real:
    """Two-ray attenuation [dB] weighted with the extended diffraction line: (4.46) to (4.50)."""
    wave = r.f / WAVE_NUMBER
    sigma = sigma_h(roughness(d, g.delta_h))
    both = g.h_e.tx + g.h_e.rx
    sin_psi = both / root(d * d + both * both)
    damping = exp(-smaller(10.0, wave * sigma * sin_psi))
    # reflection coefficient (sin psi - Z) / (sin psi + Z)
    a, b, c, e = sin_psi - r.z_re, -r.z_im, sin_psi + r.z_re, r.z_im
    norm = c * c + e * e
    r_re, r_im = (a * c + b * e) / norm * damping, (b * c - a * e) / norm * damping
    q = r_re * r_re + r_im * r_im
    scale = where((q < 0.25) | (q < sin_psi), root(sin_psi / q), 1.0)
    phase = wave * 2.0 * g.h_e.tx * g.h_e.rx / d
    phase = where(phase > _HALF_PI, math.pi - _HALF_PI * _HALF_PI / phase, phase)
    re, im = cos(phase) + r_re * scale, r_im * scale - sin(phase)
    two_ray = -10.0 * log10(re * re + im * im)
    w = 1.0 / (1.0 + r.f * g.delta_h / larger(10e3, hzn.d_smooth))
    return w * two_ray + (1.0 - w) * (line.slope * d + line.intercept)


@inlined
def within_sight(g: Geometry, r: Radio, hzn: Horizons, line: Line) -> Real:
    """Attenuation within line of sight, fitted at two or three distances: ERL 79-ITS 67 (3.16) to (3.21)."""
    d_smooth, d_max = hzn.d_smooth, hzn.d_max
    a_smooth = d_smooth * line.slope + line.intercept
    falling = line.intercept >= 0.0
    reach = 0.04 * r.f * g.h_e.tx * g.h_e.rx
    d_0 = where(falling, smaller(reach, 0.5 * d_max), reach)
    d_1 = where(falling, d_0 + 0.25 * (d_max - d_0), larger(-line.intercept / line.slope, 0.25 * d_max))
    a_1, a_0 = _two_ray(d_1, g, r, hzn, line), _two_ray(d_0, g, r, hzn, line)

    # a curve through three distances, where it rises
    q = log(d_smooth / d_0)
    above = (d_smooth - d_0) * (a_1 - a_0) - (d_1 - d_0) * (a_smooth - a_0)
    curve = larger(0.0, above / ((d_smooth - d_0) * log(d_1 / d_0) - (d_1 - d_0) * q))
    straight = (a_smooth - a_0 - curve * q) / (d_smooth - d_0)
    fitted = (d_0 < d_1) & ((line.intercept > 0.0) | (curve > 0.0))
    steep = straight < 0.0
    steepest = _above(a_smooth, a_0) / q
    k_2 = where(fitted, where(steep, steepest, curve), 0.0)
    k_1 = where(steep, where(steepest == 0.0, line.slope, 0.0), straight)

    # else a line through two
    chord = _above(a_smooth, a_1) / (d_smooth - d_1)
    k_1 = where(fitted, k_1, where(chord == 0.0, line.slope, chord))
    return a_smooth - k_1 * d_smooth - k_2 * log(d_smooth) + k_1 * g.d + k_2 * log(g.d)


@inlined
def _above(x: Real, y: Real) -> Real:
    """By how much x exceeds y, or 0."""
    return where(x > y, x - y, 0.0)
