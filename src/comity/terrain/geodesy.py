"""Distance, bearing and destination on WGS 84, for arrays.

Distances are lengths of the geodesic on the WGS 84 ellipsoid (Vincenty; within 1 mm of Karney's solution up to
10 000 km). Written in plain IEEE arithmetic: the same bits on every machine.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comity.errors import ValidityError
from comity.terrain._compiled import kernel
from comity.terrain._geodesic import direct, inverse

Float = NDArray[np.float64]


@kernel
def _inverse_all(
    lat1: Float, lon1: Float, lat2: Float, lon2: Float, distance_m: Float, azimuth_deg: Float
) -> None:
    for i in range(lat1.size):
        distance_m[i], azimuth_deg[i] = inverse(lat1[i], lon1[i], lat2[i], lon2[i])


@kernel
def _direct_all(lat1: Float, lon1: Float, azimuth: Float, distance: Float, lat: Float, lon: Float) -> None:
    for i in range(lat1.size):
        lat[i], lon[i] = direct(lat1[i], lon1[i], azimuth[i], distance[i])


def _flat(*values: ArrayLike) -> tuple[tuple[int, ...], list[Float]]:
    arrays = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in values))
    return arrays[0].shape, [np.array(a).reshape(-1) for a in arrays]


def _solve(lat1: ArrayLike, lon1: ArrayLike, lat2: ArrayLike, lon2: ArrayLike) -> tuple[Float, Float]:
    shape, flat = _flat(lat1, lon1, lat2, lon2)
    distance_m, azimuth_deg = np.empty(flat[0].size), np.empty(flat[0].size)
    _inverse_all(flat[0], flat[1], flat[2], flat[3], distance_m, azimuth_deg)
    if np.isnan(distance_m).any():
        raise ValidityError(
            "geodesic distance: two places face each other across the globe, or are not numbers"
        )
    return distance_m.reshape(shape), azimuth_deg.reshape(shape)


def distance_km(
    latitude1_deg: ArrayLike, longitude1_deg: ArrayLike, latitude2_deg: ArrayLike, longitude2_deg: ArrayLike
) -> Float:
    """Return the geodesic distance between places, broadcast against each other.

    Parameters
    ----------
    latitude1_deg, longitude1_deg, latitude2_deg, longitude2_deg : (n,) [deg], WGS 84

    Returns
    -------
    float64 (n,) [km], rounded to 1 mm
    """
    metres = _solve(latitude1_deg, longitude1_deg, latitude2_deg, longitude2_deg)[0]
    return np.asarray(np.rint(metres * 1e3) / 1e6)


def bearing_deg(
    latitude1_deg: ArrayLike, longitude1_deg: ArrayLike, latitude2_deg: ArrayLike, longitude2_deg: ArrayLike
) -> Float:
    """Return the initial azimuth from place 1 to place 2, clockwise from true north.

    Parameters
    ----------
    latitude1_deg, longitude1_deg, latitude2_deg, longitude2_deg : (n,) [deg], WGS 84

    Returns
    -------
    float64 (n,) [deg], 0 <= azimuth < 360, rounded to 1e-9 deg; 0 where the places coincide
    """
    azimuth = _solve(latitude1_deg, longitude1_deg, latitude2_deg, longitude2_deg)[1]
    return np.asarray(np.rint(azimuth * 1e9) / 1e9 % 360.0)


def destination(
    latitude_deg: ArrayLike, longitude_deg: ArrayLike, azimuth_deg: ArrayLike, distance_km: ArrayLike
) -> tuple[Float, Float]:
    """Return latitude and longitude [deg] reached from a place along a geodesic.

    Parameters
    ----------
    latitude_deg, longitude_deg : (n,) [deg], WGS 84
    azimuth_deg : (n,) [deg], clockwise from true north
    distance_km : (n,) [km]
    """
    shape, flat = _flat(latitude_deg, longitude_deg, azimuth_deg, np.asarray(distance_km, np.float64) * 1e3)
    latitude, longitude = np.empty(flat[0].size), np.empty(flat[0].size)
    _direct_all(flat[0], flat[1], flat[2], flat[3], latitude, longitude)
    return latitude.reshape(shape), longitude.reshape(shape)
