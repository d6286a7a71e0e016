"""Directions between places and antennas, for arrays, in plain IEEE arithmetic."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comity.propagation._compiled import kernel
from comity.propagation._elementary_angles import atan2, cos, sin

Float = NDArray[np.float64]

#: Effective Earth radius of the median atmosphere [km], 4/3 of 6 371 km.
EFFECTIVE_RADIUS_KM = 8_500.0
_RADIANS = math.pi / 180.0
_EQUATOR_KM, _ECCENTRICITY2 = 6_378.137, 0.00669437999014


@kernel
def _ecef(latitude_deg: Float, longitude_deg: Float, out: Float) -> None:
    for i in range(latitude_deg.size):
        s, c = sin(latitude_deg[i] * _RADIANS), cos(latitude_deg[i] * _RADIANS)
        sl, cl = sin(longitude_deg[i] * _RADIANS), cos(longitude_deg[i] * _RADIANS)
        n = _EQUATOR_KM / math.sqrt(1.0 - _ECCENTRICITY2 * s * s)
        out[i, 0], out[i, 1], out[i, 2] = n * c * cl, n * c * sl, n * (1.0 - _ECCENTRICITY2) * s


@kernel
def _chords(a: Float, b: Float, out: Float) -> None:
    for i in range(len(a)):
        for j in range(len(b)):
            x, y, z = a[i, 0] - b[j, 0], a[i, 1] - b[j, 1], a[i, 2] - b[j, 2]
            out[i, j] = math.sqrt(x * x + y * y + z * z)


@kernel
def _elevations(from_m: Float, to_m: Float, distance_km: Float, out: Float) -> None:
    for i in range(out.size):
        rise = (to_m[i] - from_m[i]) * 1e-3 - distance_km[i] * distance_km[i] / (2.0 * EFFECTIVE_RADIUS_KM)
        out[i] = atan2(rise, distance_km[i]) / _RADIANS


@kernel
def _into_frame(az: Float, el: Float, boresight: Float, tilt: Float, out_az: Float, out_el: Float) -> None:
    for i in range(az.size):
        sa, ca = sin((az[i] - boresight[i]) * _RADIANS), cos((az[i] - boresight[i]) * _RADIANS)
        se, ce = sin(el[i] * _RADIANS), cos(el[i] * _RADIANS)
        st, ct = sin(tilt[i] * _RADIANS), cos(tilt[i] * _RADIANS)
        x, y, z = ce * ca, ce * sa, se
        x, z = x * ct - z * st, x * st + z * ct
        out_az[i] = atan2(y, x) / _RADIANS
        out_el[i] = atan2(z, math.sqrt(x * x + y * y)) / _RADIANS


@kernel
def _off_axis(az: Float, el: Float, towards_az: Float, towards_el: Float, out: Float) -> None:
    for i in range(az.size):
        sa, ca = sin((az[i] - towards_az[i]) * _RADIANS), cos((az[i] - towards_az[i]) * _RADIANS)
        s1, c1 = sin(el[i] * _RADIANS), cos(el[i] * _RADIANS)
        s2, c2 = sin(towards_el[i] * _RADIANS), cos(towards_el[i] * _RADIANS)
        along = c1 * c2 * ca + s1 * s2
        y, z = c1 * sa, s1 * c2 - c1 * ca * s2
        out[i] = atan2(math.sqrt(y * y + z * z), along) / _RADIANS


@kernel
def _towards(east_m: Float, north_m: Float, up_m: Float, out_az: Float, out_el: Float) -> None:
    for i in range(east_m.size):
        out_az[i] = atan2(east_m[i], north_m[i]) / _RADIANS
        out_el[i] = atan2(up_m[i], math.sqrt(east_m[i] * east_m[i] + north_m[i] * north_m[i])) / _RADIANS


@kernel
def _offsets(distance_m: Float, azimuth_deg: Float, east: Float, north: Float) -> None:
    for i in range(distance_m.size):
        angle = azimuth_deg[i] * _RADIANS
        east[i], north[i] = distance_m[i] * sin(angle), distance_m[i] * cos(angle)


def _columns(*values: ArrayLike) -> list[Float]:
    arrays = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in values))
    return [np.ascontiguousarray(a).reshape(-1) for a in arrays]


def earth_centred_km(latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> Float:
    """Return Earth-centred coordinates (n, 3) on the WGS 84 ellipsoid [km]."""
    lat, lon = _columns(latitude_deg, longitude_deg)
    out = np.empty((lat.size, 3))
    _ecef(lat, lon, out)
    return out


def chord_km(a: Float, b: Float) -> Float:
    """Return straight-line distances (n, m) between places from :func:`earth_centred_km` [km].

    A chord is never longer than the way over the ground: a distance that a bound may rest on.
    """
    out = np.empty((len(a), len(b)))
    _chords(a, b, out)
    return out


def elevation_deg(from_height_m: ArrayLike, to_height_m: ArrayLike, distance_km: ArrayLike) -> Float:
    """Return the elevation angle of the straight line over the 4/3 Earth [deg].

    Parameters
    ----------
    from_height_m, to_height_m : (n,), above mean sea level [m]
    distance_km : (n,), above 0 [km]
    """
    a, b, d = _columns(from_height_m, to_height_m, distance_km)
    out = np.empty(a.size)
    _elevations(a, b, d, out)
    return out


def direction_deg(east_m: ArrayLike, north_m: ArrayLike, up_m: ArrayLike) -> tuple[Float, Float]:
    """Return azimuth and elevation [deg] of flat-Earth offsets [m]."""
    east, north, up = _columns(east_m, north_m, up_m)
    out_az, out_el = np.empty(east.size), np.empty(east.size)
    _towards(east, north, up, out_az, out_el)
    return out_az, out_el


def plane_m(distance_m: ArrayLike, azimuth_deg: ArrayLike) -> tuple[Float, Float]:
    """Return offsets east and north [m] of a distance in a direction."""
    d, az = _columns(distance_m, azimuth_deg)
    east, north = np.empty(d.size), np.empty(d.size)
    _offsets(d, az, east, north)
    return east, north


def into_antenna_frame(
    azimuth_deg: ArrayLike, elevation_deg: ArrayLike, boresight_deg: ArrayLike, tilt_deg: ArrayLike
) -> tuple[Float, Float]:
    """Return azimuth and elevation of directions seen from an antenna turned and tilted down [deg]."""
    az, el, boresight, tilt = _columns(azimuth_deg, elevation_deg, boresight_deg, tilt_deg)
    out_az, out_el = np.empty(az.size), np.empty(az.size)
    _into_frame(az, el, boresight, tilt, out_az, out_el)
    return out_az, out_el


def off_axis_deg(
    azimuth_deg: ArrayLike,
    elevation_deg: ArrayLike,
    axis_azimuth_deg: ArrayLike,
    axis_elevation_deg: ArrayLike,
) -> Float:
    """Return the angle between directions and the axis of an antenna [deg], 0 to 180."""
    az, el, taz, tel = _columns(azimuth_deg, elevation_deg, axis_azimuth_deg, axis_elevation_deg)
    out = np.empty(az.size)
    _off_axis(az, el, taz, tel, out)
    return out
