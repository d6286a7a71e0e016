"""Scalar kernels of geodesy: WGS 84 distances by Vincenty, tracks along the great circle.

Reference: T. Vincenty, "Direct and inverse solutions of geodesics on the ellipsoid with application of nested
equations", Survey Review XXIII, 176, 1975; equation numbers are his.
"""

from __future__ import annotations

import math

from comity.propagation._elementary_angles import atan2, cos, sin
from comity.terrain._compiled import kernel

#: WGS 84: equatorial radius [m], flattening, polar radius [m].
A_M = 6378137.0
F = 1.0 / 298.257223563
B_M = A_M * (1.0 - F)
RADIANS = math.pi / 180.0
DEGREES = 180.0 / math.pi


@kernel
def _reduced(latitude_deg: float) -> tuple[float, float]:
    """Return sine and cosine of the reduced latitude."""
    sine, cosine = sin(latitude_deg * RADIANS), cos(latitude_deg * RADIANS)
    s = (1.0 - F) * sine
    norm = math.sqrt(s * s + cosine * cosine)
    return s / norm, cosine / norm


@kernel
def _series(u2: float) -> tuple[float, float]:
    """Return A and B, equations (3) and (4)."""
    a = 1.0 + u2 / 16384.0 * (4096.0 + u2 * (-768.0 + u2 * (320.0 - 175.0 * u2)))
    b = u2 / 1024.0 * (256.0 + u2 * (-128.0 + u2 * (74.0 - 47.0 * u2)))
    return a, b


@kernel
def _delta_sigma(b: float, sin_sigma: float, cos_sigma: float, cos_2m: float) -> float:
    """Return the correction to the arc, equation (6)."""
    c2 = cos_2m * cos_2m
    inner = cos_sigma * (2.0 * c2 - 1.0)
    inner -= b / 6.0 * cos_2m * (4.0 * sin_sigma * sin_sigma - 3.0) * (4.0 * c2 - 3.0)
    return b * sin_sigma * (cos_2m + b / 4.0 * inner)


@kernel
def inverse(lat1_deg: float, lon1_deg: float, lat2_deg: float, lon2_deg: float) -> tuple[float, float]:
    """Return geodesic distance [m] and initial azimuth [deg, 0..360]; NaN where two points face each other."""
    su1, cu1 = _reduced(lat1_deg)
    su2, cu2 = _reduced(lat2_deg)
    difference_deg = lon2_deg - lon1_deg
    if difference_deg > 180.0:
        difference_deg -= 360.0
    if difference_deg < -180.0:
        difference_deg += 360.0
    wide = difference_deg * RADIANS
    lam = wide
    for _ in range(60):
        sl, cl = sin(lam), cos(lam)
        east = cu2 * sl
        north = cu1 * su2 - su1 * cu2 * cl
        sin_sigma = math.sqrt(east * east + north * north)
        if sin_sigma == 0.0:
            return 0.0, 0.0
        cos_sigma = su1 * su2 + cu1 * cu2 * cl
        sigma = atan2(sin_sigma, cos_sigma)
        sin_alpha = cu1 * cu2 * sl / sin_sigma
        cos2_alpha = 1.0 - sin_alpha * sin_alpha
        cos_2m = 0.0 if cos2_alpha <= 0.0 else cos_sigma - 2.0 * su1 * su2 / cos2_alpha
        c = F / 16.0 * cos2_alpha * (4.0 + F * (4.0 - 3.0 * cos2_alpha))
        bracket = cos_2m + c * cos_sigma * (2.0 * cos_2m * cos_2m - 1.0)
        new = wide + (1.0 - c) * F * sin_alpha * (sigma + c * sin_sigma * bracket)
        if abs(new - lam) < 1e-13:
            a, b = _series(cos2_alpha * (A_M * A_M - B_M * B_M) / (B_M * B_M))
            distance_m = B_M * a * (sigma - _delta_sigma(b, sin_sigma, cos_sigma, cos_2m))
            azimuth_deg = atan2(east, north) * DEGREES
            return distance_m, azimuth_deg + 360.0 if azimuth_deg < 0.0 else azimuth_deg
        lam = new
    return math.nan, math.nan


@kernel
def direct(lat_deg: float, lon_deg: float, azimuth_deg: float, distance_m: float) -> tuple[float, float]:
    """Return latitude and longitude [deg] at the end of a geodesic."""
    su1, cu1 = _reduced(lat_deg)
    sa, ca = sin(azimuth_deg * RADIANS), cos(azimuth_deg * RADIANS)
    sigma1 = atan2(su1, cu1 * ca)
    sin_alpha = cu1 * sa
    cos2_alpha = 1.0 - sin_alpha * sin_alpha
    a, b = _series(cos2_alpha * (A_M * A_M - B_M * B_M) / (B_M * B_M))
    first = distance_m / (B_M * a)
    sigma = first
    ss, cs, cos_2m = 0.0, 1.0, 0.0
    for _ in range(20):
        cos_2m = cos(2.0 * sigma1 + sigma)
        ss, cs = sin(sigma), cos(sigma)
        new = first + _delta_sigma(b, ss, cs, cos_2m)
        done = abs(new - sigma) < 1e-14
        sigma = new
        if done:
            break
    ss, cs = sin(sigma), cos(sigma)
    cross = su1 * ss - cu1 * cs * ca
    latitude = atan2(su1 * cs + cu1 * ss * ca, (1.0 - F) * math.sqrt(sin_alpha * sin_alpha + cross * cross))
    lam = atan2(ss * sa, cu1 * cs - su1 * ss * ca)
    c = F / 16.0 * cos2_alpha * (4.0 + F * (4.0 - 3.0 * cos2_alpha))
    bracket = cos_2m + c * cs * (2.0 * cos_2m * cos_2m - 1.0)
    wide = lam - (1.0 - c) * F * sin_alpha * (sigma + c * ss * bracket)
    longitude_deg = lon_deg + wide * DEGREES
    if longitude_deg > 180.0:
        longitude_deg -= 360.0
    if longitude_deg < -180.0:
        longitude_deg += 360.0
    return latitude * DEGREES, longitude_deg


@kernel
def track(
    lat1_deg: float, lon1_deg: float, lat2_deg: float, lon2_deg: float
) -> tuple[float, float, float, float, float, float, float]:
    """Return the great circle through two places: unit vector, unit tangent, angle [rad]."""
    s1, c1 = sin(lat1_deg * RADIANS), cos(lat1_deg * RADIANS)
    s2, c2 = sin(lat2_deg * RADIANS), cos(lat2_deg * RADIANS)
    sl1, cl1 = sin(lon1_deg * RADIANS), cos(lon1_deg * RADIANS)
    sl2, cl2 = sin(lon2_deg * RADIANS), cos(lon2_deg * RADIANS)
    px, py, pz = c1 * cl1, c1 * sl1, s1
    qx, qy, qz = c2 * cl2, c2 * sl2, s2
    kx, ky, kz = py * qz - pz * qy, pz * qx - px * qz, px * qy - py * qx
    sine = math.sqrt(kx * kx + ky * ky + kz * kz)
    if sine == 0.0:
        return px, py, pz, 0.0, 0.0, 0.0, 0.0
    angle = atan2(sine, px * qx + py * qy + pz * qz)
    kx, ky, kz = kx / sine, ky / sine, kz / sine
    return px, py, pz, ky * pz - kz * py, kz * px - kx * pz, kx * py - ky * px, angle


@kernel
def along(
    way: tuple[float, float, float, float, float, float, float], fraction: float
) -> tuple[float, float]:
    """Return latitude and longitude [deg] at ``fraction`` of a great circle from :func:`track`."""
    px, py, pz, tx, ty, tz, angle = way
    s, c = sin(fraction * angle), cos(fraction * angle)
    x, y, z = px * c + tx * s, py * c + ty * s, pz * c + tz * s
    return atan2(z, math.sqrt(x * x + y * y)) * DEGREES, atan2(y, x) * DEGREES
