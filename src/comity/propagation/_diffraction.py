"""Delta-Bullington diffraction of eight paths: P.452-18 section 4.2, P.1812-8 section 4.3.

Equation numbers are those of P.452-18; P.1812-8 numbers the same equations one lower up to (42).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.propagation import _work as w
from comity.propagation._compiled import inlined
from comity.propagation._elementary import exp, exp10, log10, power
from comity.propagation._elementary_angles import acos, cos
from comity.propagation._lane_memory import any_lane
from comity.propagation._lanes import Real, Truth, lanes, larger, root, smaller, where
from comity.propagation._path_geometry import EARTH_RADIUS_KM

_THIRD = 1.0 / 3.0
_PI_THIRD = 1.0471975511965976


Float = NDArray[np.float64]

#: Effective Earth radius exceeded for beta_0 % of the time [km], (6b).
RADIUS_BETA_KM = 3.0 * EARTH_RADIUS_KM


class Radio(NamedTuple):
    """Frequency [GHz], wavelength [m], cube root of the frequency, median effective Earth radius [km]."""

    f: Real
    wavelength: Real
    f_third: Real
    ae: Real


class Ground(NamedTuple):
    """Frequency-dependent parts of (30): admittance factor and its inverse dependence, for land and sea."""

    land: Real
    sea: Real


@inlined
def admittance(permittivity: float, conductivity: float, f: Real, vertical: Truth) -> Real:
    """Return K (adft f)^(1/3), (30), of a ground for the polarisation."""
    loss = 18.0 * conductivity / f
    k = 0.036 / root(root((permittivity - 1.0) * (permittivity - 1.0) + loss * loss))
    return where(vertical, k * root(permittivity * permittivity + loss * loss), k)


@inlined
def ground(f: Real, vertical: Truth) -> Ground:
    """Return both grounds of section 4.2.2.1: land (22, 0.003 S/m) and sea (80, 5 S/m)."""
    return Ground(admittance(22.0, 0.003, f, vertical), admittance(80.0, 5.0, f, vertical))


@inlined
def knife_edge(nu: Real) -> Real:
    """Knife-edge loss J(nu) [dB], (13); 0 below -0.78."""
    v = nu - 0.1
    return where(nu > -0.78, 6.9 + 20.0 * log10(root(v * v + 1.0) + v), 0.0)


@inlined
def bullington(work: Float, extremes: int, hts: Real, hrs: Real, dtot: Real, wavelength: Real) -> Real:
    """Bullington loss [dB], (15)-(22), from three rows of extremes in the work area."""
    tx_slope, rx_slope, clearance = (
        w.row(work, extremes),
        w.row(work, extremes + 1),
        w.row(work, extremes + 2),
    )
    los = tx_slope < (hrs - hts) / dtot
    point = (hrs - hts + rx_slope * dtot) / (tx_slope + rx_slope)  # (19)
    height = hts + tx_slope * point - (hts * (dtot - point) + hrs * point) / dtot
    nu_point = height / root(point * (dtot - point))
    nu = where(los, clearance, nu_point) * root(0.002 * dtot / wavelength)  # (16), (20)
    luc = knife_edge(nu)
    return luc + (1.0 - exp(luc * (-1.0 / 6.0))) * (10.0 + 0.02 * dtot)  # (22)


@inlined
def _height_gain(b: Real, floor: Real) -> Real:
    """Return G(Y), (35)-(36a), not below 2 + 20 log K."""
    high = b > 2.0
    excess = larger(b - 1.1, 0.0)
    logarithm = log10(where(high, excess, b + 0.1 * b * b * b))
    return larger(where(high, 17.6 * root(excess) - 5.0 * logarithm - 8.0, 20.0 * logarithm), floor)


@inlined
def _first_term_over(k_base: Real, d: Real, hte: Real, hre: Real, a_third: Real, f_third: Real) -> Real:
    """First-term diffraction loss over one ground, (30)-(37)."""
    k = k_base / (a_third * f_third)
    k2 = k * k
    beta = (1.0 + 1.6 * k2 + 0.67 * k2 * k2) / (1.0 + 4.5 * k2 + 1.53 * k2 * k2)  # (31)
    x = 21.88 * beta * (f_third / (a_third * a_third)) * d  # (32)
    scale = 0.9575 * beta * beta * (f_third * f_third / a_third)  # (33), (36b)
    log_x = log10(x)
    near = -20.0 * log_x - 5.6488 * exp10(1.425 * log_x)
    fx = where(x >= 1.6, 11.0 + 10.0 * log_x - 17.6 * x, near)  # (34)
    floor = 2.0 + 20.0 * log10(k)
    return -fx - _height_gain(scale * hte, floor) - _height_gain(scale * hre, floor)


@inlined
def _first_term(k: Ground, d: Real, hte: Real, hre: Real, radius: Real, f_third: Real, omega: Real) -> Real:
    """First-term loss over a path of land and sea, (29)."""
    a_third = power(radius, _THIRD)
    land = _first_term_over(k.land, d, hte, hre, a_third, f_third)
    if any_lane(omega > 0.0):
        sea = _first_term_over(k.sea, d, hte, hre, a_third, f_third)
        land = omega * sea + (1.0 - omega) * land
    return land


@inlined
def spherical_earth(
    k: Ground, radio: Radio, d: Real, hte: Real, hre: Real, radius: Real, omega: Real
) -> Real:
    """Spherical-Earth diffraction loss Ldsph [dB], (23)-(28)."""
    root_t, root_r = root(hte), root(hre)
    horizon = root(0.002 * radius) * (root_t + root_r)  # (23)
    beyond = d >= horizon
    both = hte + hre
    c = (hte - hre) / both
    m = 250.0 * d * d / (radius * both)
    m1 = m + 1.0
    third_m = 3.0 * m
    argument = 1.5 * c * root(third_m / (m1 * m1 * m1))
    angle = acos(larger(smaller(argument, 1.0), -1.0))
    b = 2.0 * root(m1 / third_m) * cos(_PI_THIRD + angle * _THIRD)  # (25c)
    d1 = 0.5 * d * (1.0 + b)
    d2 = d - d1
    clearance = ((hte - 500.0 * d1 * d1 / radius) * d2 + (hre - 500.0 * d2 * d2 / radius) * d1) / d  # (24)
    required = 17.456 * root(d1 * d2 * radio.wavelength / d)  # (26)
    clear = clearance > required
    loss = lanes(0.0)
    if any_lane(beyond | (clearance <= required)):
        reach = d / (root_t + root_r)
        modified = 500.0 * reach * reach  # (27)
        first = _first_term(k, d, hte, hre, where(beyond, radius, modified), radio.f_third, omega)
        partial = where(clear, 0.0, (1.0 - clearance / required) * larger(first, 0.0))  # (28)
        loss = where(beyond, first, partial)
    return loss


class Spheres(NamedTuple):
    """Spherical-Earth losses Ldsph at the median and at the beta_0 effective Earth [dB]."""

    median: Real
    beta: Real


@inlined
def spheres(work: Float, k: Ground, radio: Radio, dtot: Real, omega: Real) -> Spheres:
    """Both spherical-Earth losses; notes for each link whether the smooth path is needed, see :func:`diffraction`."""
    hte, hre = w.row(work, w.HTS_SMOOTH), w.row(work, w.HRS_SMOOTH)
    median = spherical_earth(k, radio, dtot, hte, hre, radio.ae, omega)
    beta = spherical_earth(k, radio, dtot, hte, hre, lanes(RADIUS_BETA_KM), omega)
    w.set_row(work, w.NEEDS_SMOOTH, where(larger(median, beta) > 0.0, lanes(1.0), 0.0))
    return Spheres(median, beta)


class Diffraction(NamedTuple):
    """Bullington losses of the actual and the smooth path, and the complete losses Ld50 and Ldb [dB]."""

    actual_50: Real
    actual_b: Real
    smooth_50: Real
    smooth_b: Real
    ld50: Real
    ldb: Real


@inlined
def diffraction(
    work: Float, sphere: Spheres, hts: Real, hrs: Real, dtot: Real, wavelength: Real, explain: bool
) -> Diffraction:
    """Complete delta-Bullington losses, (40), at both effective Earths.

    The smooth path only ever lessens what the spherical Earth adds, so where that is nothing it is not walked.
    """
    actual_50 = bullington(work, w.COVERED_50, hts, hrs, dtot, wavelength)
    actual_b = bullington(work, w.COVERED_B, hts, hrs, dtot, wavelength)
    smooth_50 = smooth_b = lanes(0.0)
    if explain or any_lane(w.row(work, w.NEEDS_SMOOTH) > 0.0):
        hte, hre = w.row(work, w.HTS_SMOOTH), w.row(work, w.HRS_SMOOTH)
        smooth_50 = bullington(work, w.SMOOTH_50, hte, hre, dtot, wavelength)
        smooth_b = bullington(work, w.SMOOTH_B, hte, hre, dtot, wavelength)
    ld50 = actual_50 + where(sphere.median > 0.0, larger(sphere.median - smooth_50, 0.0), 0.0)
    ldb = actual_b + where(sphere.beta > 0.0, larger(sphere.beta - smooth_b, 0.0), 0.0)
    return Diffraction(actual_50, actual_b, smooth_50, smooth_b, ld50, ldb)
