"""Heights, horizons and climate of eight paths: what P.452-18 and P.1812-8 derive before any loss.

Equation numbers: P.452-18 / P.1812-8 where both are given.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.propagation import _work as w
from comity.propagation._compiled import inlined
from comity.propagation._elementary import exp, exp10, log10, power
from comity.propagation._elementary_angles import asin, atan, cos, sin
from comity.propagation._lanes import Real, lanes, larger, magnitude, root, smaller, where

Float = NDArray[np.float64]

EARTH_RADIUS_KM = 6371.0
_DEGREE = 0.017453292519943295


class Geometry(NamedTuple):
    """Path geometry; symbols as in the Recommendations."""

    dtot: Real
    hts: Real
    hrs: Real
    hstd: Real
    hsrd: Real
    hte: Real
    hre: Real
    theta_t: Real
    theta_r: Real
    theta: Real
    dlt: Real
    dlr: Real
    transhorizon: Real  # 1 or 0
    slope_excess: Real  # Stim - Str [m/km]


@inlined
def effective_radius(dn: Real) -> Real:
    """Median effective Earth radius ae [km], (5)-(6a) / (6)-(7a)."""
    return EARTH_RADIUS_KM * (157.0 / (157.0 - dn))


@inlined
def smooth_heights(work: Float, hts: Real, hrs: Real) -> tuple[Real, Real, Real, Real]:
    """Smooth-Earth heights at the ends, hst and hsr, and those for diffraction, hstd and hsrd [m amsl].

    Least-squares line (161)-(164) / (85)-(88), lowered by the most obstructing point (165)-(167) / (89)-(91).
    """
    dtot, v1, v2 = w.row(work, w.DTOT), w.row(work, w.V1), w.row(work, w.V2)
    hst = (2.0 * v1 * dtot - v2) / (dtot * dtot)
    hsr = (v2 - v1 * dtot) / (dtot * dtot)
    h_obs = w.row(work, w.H_OBS)
    alpha_obt, alpha_obr = w.row(work, w.ALPHA_OBT), w.row(work, w.ALPHA_OBR)
    both = alpha_obt + alpha_obr
    hstd = where(h_obs <= 0.0, hst, hst - h_obs * (alpha_obt / both))
    hsrd = where(h_obs <= 0.0, hsr, hsr - h_obs * (alpha_obr / both))
    return hst, hsr, smaller(hstd, w.row(work, w.H_FIRST)), smaller(hsrd, w.row(work, w.H_LAST))


@inlined
def geometry(work: Float, htg: Real, hrg: Real, ae: Real) -> Geometry:
    """Terminal heights, horizon angles [mrad] and distances [km]; leaves the limits of the roughness search."""
    dtot, h_first, h_last = w.row(work, w.DTOT), w.row(work, w.H_FIRST), w.row(work, w.H_LAST)
    hts, hrs = h_first + htg, h_last + hrg
    hst, hsr, hstd, hsrd = smooth_heights(work, hts, hrs)
    hst, hsr = smaller(hst, h_first), smaller(hsr, h_last)  # (168) / (92)
    w.set_row(work, w.HST, hst)
    w.set_row(work, w.SLOPE, (hsr - hst) / dtot)  # (169) / (93)
    slope_tr = (hrs - hts) / dtot
    tx_slope, rx_slope = w.row(work, w.TX_SLOPE), w.row(work, w.RX_SLOPE)
    transhorizon = tx_slope > slope_tr  # (150) / (78), written in slopes above the curved Earth
    bend = 500.0 / ae * dtot
    theta_t = 1000.0 * atan(0.001 * (where(transhorizon, tx_slope, slope_tr) - bend))
    theta_r = 1000.0 * atan(0.001 * (where(transhorizon, larger(rx_slope, -slope_tr), -slope_tr) - bend))
    at_t = where(transhorizon, w.row(work, w.TX_AT), w.row(work, w.NU_AT))
    at_r = where(transhorizon, w.row(work, w.RX_AT), w.row(work, w.NU_AT))
    w.set_row(work, w.ROUGH_FROM, at_t)
    w.set_row(work, w.ROUGH_TO, at_r)
    w.set_row(work, w.HTS_SMOOTH, hts - hstd)
    w.set_row(work, w.HRS_SMOOTH, hrs - hsrd)
    theta = 1000.0 * dtot / ae + theta_t + theta_r  # (159) / (84)
    hte, hre = htg + h_first - hst, hrg + h_last - hsr  # (170) / (94)
    flag, excess = where(transhorizon, lanes(1.0), 0.0), tx_slope - slope_tr
    return Geometry(
        dtot, hts, hrs, hstd, hsrd, hte, hre, theta_t, theta_r, theta, at_t, dtot - at_r, flag, excess
    )


class Climate(NamedTuple):
    """Latitude of the path centre [deg], tau, and the incidence of ducting beta_0 [%]."""

    phi: Real
    tau: Real
    b0: Real


@inlined
def centre_latitude(tx_lat: Real, tx_lon: Real, rx_lat: Real, rx_lon: Real, dtot: Real) -> Real:
    """Latitude half-way along the great circle, by the profile's own length [deg]; P.2001 Attachment H."""
    lat_t, lat_r = tx_lat * _DEGREE, rx_lat * _DEGREE
    sin_t, cos_t, sin_r, cos_r = sin(lat_t), cos(lat_t), sin(lat_r), cos(lat_r)
    longitude = (rx_lon - tx_lon) * _DEGREE
    north = cos_t * sin_r - sin_t * cos_r * cos(longitude)
    east = cos_r * sin(longitude)
    length = root(north * north + east * east)
    bearing_cos = where(length > 1e-12, north / length, 1.0)
    half = 0.5 * dtot / EARTH_RADIUS_KM
    sine = sin_t * cos(half) + cos_t * sin(half) * bearing_cos
    return asin(larger(smaller(sine, 1.0), -1.0)) / _DEGREE


@inlined
def climate(phi: Real, dtm: Real, dlm: Real) -> Climate:
    """Time percentage beta_0 with a refractivity lapse beyond 100 N-units/km, (2)-(4) / (2)-(5)."""
    tau = 1.0 - exp(-4.12e-4 * power(dlm, 2.41))
    mu1 = power(exp10(-dtm / (16.0 - 6.6 * tau)) + exp10(-5.0 * (0.496 + 0.354 * tau)), 0.2)
    log_mu1 = log10(smaller(mu1, 1.0))
    temperate = magnitude(phi) <= 70.0
    log_mu4 = where(temperate, -0.935 + 0.0176 * magnitude(phi), 0.3) * log_mu1
    log_scale = where(temperate, -0.015 * magnitude(phi) + 1.67, 0.6201360549737576)
    return Climate(phi, tau, exp10(log_scale + log_mu1 + log_mu4))
