"""ITM 1.4: attenuation of eight links by tropospheric forward scatter.

Equation numbers as in :mod:`._itm_diffraction`.
"""

from __future__ import annotations

import numpy as np

from comity.propagation._compiled import inlined
from comity.propagation._elementary import exp, log10
from comity.propagation._itm_diffraction import WAVE_NUMBER, Horizons
from comity.propagation._itm_geometry import Radio
from comity.propagation._itm_irregularity import whole
from comity.propagation._itm_work import Geometry
from comity.propagation._lane_gather import gather
from comity.propagation._lanes import Real, larger, magnitude, smaller, where

_ROOT_2 = 1.4142135623730951
# curves 1 to 5 of (6.13); the last again, for a share of nothing in the one after it
_H_0_A = np.array([25.0, 80.0, 177.0, 395.0, 705.0, 705.0])
_H_0_B = np.array([24.0, 45.0, 68.0, 80.0, 105.0, 105.0])


@inlined
def _attenuation_function(td: Real) -> Real:
    """``F(theta d)`` of forward scatter: (6.9)."""
    near, middle = td <= 10e3, td <= 70e3
    base = where(near, 133.4, where(middle, 104.6, 71.8))
    rate = where(near, 0.332e-3, where(middle, 0.212e-3, 0.157e-3))
    return base + rate * td + where(near, -10.0, where(middle, -2.5, 5.0)) * log10(td)


@inlined
def _h_0_curve(number: Real, r: Real) -> Real:
    """Frequency gain on a curve: (6.13)."""
    inverse = 1.0 / (r * r)
    a, b = gather(_H_0_A, number), gather(_H_0_B, number)
    return 10.0 * log10(1.0 + a * (inverse * inverse) + b * inverse)


@inlined
def _h_0(r: Real, curve: Real, share: Real) -> Real:
    """Frequency gain ``H_0(r, eta)``, interpolated between the curves."""
    value = _h_0_curve(curve, r)
    return where(share == 0.0, value, (1.0 - share) * value + share * _h_0_curve(curve + 1.0, r))


@inlined
def _frequency_gain(d: Real, theta: Real, g: Geometry, n_s: Real, r_1: Real, r_2: Real) -> Real:
    """``H_0`` of the path: (4.66), (4.67), TN 101 (9.3) to (9.5)."""
    apart, ratio = g.d_hzn.tx - g.d_hzn.rx, g.h_e.rx / g.h_e.tx
    ratio = where(apart < 0.0, 1.0 / ratio, ratio)
    apart = magnitude(apart)
    s = (d - apart) / (d + apart)
    q = smaller(larger(0.1, ratio / s), 10.0)
    s = larger(0.1, s)
    crossing = (d - apart) * (d + apart) * theta * 0.25 / d
    layer = smaller(1.7, crossing / 8.0e3)
    cube = layer * layer * layer
    fading = exp(-(cube * cube))
    eta = (crossing / 1.7556e3) * (1.0 + (0.031 - n_s * 2.32e-3 + (n_s * n_s) * 5.67e-6) * fading)
    bounded = smaller(larger(eta, 1.0), 5.0)
    below = whole(bounded)
    curve, share = below - 1.0, bounded - below
    mean = (_h_0(r_1, curve, share) + _h_0(r_2, curve, share)) / 2.0
    change = smaller(mean, 6.0 * (0.6 - log10(larger(eta, 1.0))) * log10(s) * log10(q))
    gain = larger(mean + change, 0.0)
    spread = (1.0 + _ROOT_2 / r_1) * (1.0 + _ROOT_2 / r_2)
    ground = 10.0 * log10(spread * spread * (r_1 + r_2) / (r_1 + r_2 + 2.0 * _ROOT_2))
    return where(eta < 1.0, eta * gain + (1.0 - eta) * ground, gain)


@inlined
def scatter(d: Real, g: Geometry, r: Radio, hzn: Horizons, h_0_before: Real) -> tuple[Real, Real]:
    """Scatter attenuation [dB] and its ``H_0``; above 1000 dB where scatter is not defined: (4.63), (6.8).

    ``h_0_before`` is the value at the farther distance, -1 on the first call: it stands in above 15 dB.
    """
    wave = r.f / WAVE_NUMBER
    theta = g.theta_hzn.tx + g.theta_hzn.rx + d / r.a_e
    r_1, r_2 = 2.0 * wave * theta * g.h_e.tx, 2.0 * wave * theta * g.h_e.rx
    kept = h_0_before > 15.0
    gain = _frequency_gain(d, theta, g, r.n_s, r_1, r_2)
    h_0 = where(kept | ((gain > 15.0) & (h_0_before >= 0.0)), h_0_before, gain)
    th = d / r.a_e - hzn.theta_los
    square = th * th
    rising = 10.0 * log10(wave * 47.7 * (square * square))
    loss = _attenuation_function(th * d) + rising - 0.1 * (r.n_s - 301.0) * exp(-th * d / 40e3) + h_0
    undefined = (h_0_before <= 15.0) & (r_1 < 0.2) & (r_2 < 0.2)
    return where(undefined, 1001.0, loss), where(undefined, h_0_before, h_0)
