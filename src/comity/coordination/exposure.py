"""Public exposure near the stations of a network: power density where a person can come.

Far-field power density without reflection, over flat ground around each station: ``S = EIRP / (4 pi d^2)`` less
the discrimination of the antenna in that direction, summed over all stations, against the reference level
(ICNIRP's general public level where the policy says so). Walls are not credited.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import pi, sqrt

import numpy as np
from numpy.typing import NDArray

from comity.coordination._angles import direction_deg, plane_m
from comity.coordination._decibel import centi, power
from comity.coordination.ends import BASE, Ends, emitters, take
from comity.coordination.level import ExposureResult
from comity.coordination.limits import ExposurePolicy
from comity.coordination.network import Network
from comity.coordination.patterns import discriminations
from comity.coordination.policy import Policy

Float = NDArray[np.float64]
Int = NDArray[np.int64]

#: Distances on the ground around a station [m] and bearings [deg] at which a person is put.
_DISTANCES_M = (0.0, 1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0, 50.0, 100.0)
_BEARINGS = 36
#: Stations whose antennas are looked at one by one; farther ones count with their full power.
_NEAREST = 24


def public_exposure(
    network: Network, policy: Policy, nearest_m: Mapping[str, float] | None = None
) -> tuple[ExposureResult, ...]:
    """Return the total exposure ratio near every station of a network.

    Parameters
    ----------
    network : whose base stations transmit
    policy : its ``exposure`` gives the reference level and where people are
    nearest_m : by station id, the distance on the ground within which nobody can come [m]; else the policy's.
        Nobody fences more than his own site: the caller caps it at the distance to the edge of the site
    """
    rule = policy.exposure
    if rule is None:
        raise ValueError("this policy has no exposure limit")
    ends = emitters([network], policy)
    ends = take(ends, np.flatnonzero(ends.kind == BASE))
    fenced = nearest_m or {}
    return tuple(
        _near(ends, i, fenced.get(ends.id[i].rsplit("/", 1)[-1], 0.0), rule) for i in range(len(ends))
    )


def _near(ends: Ends, station: int, fence_m: float, rule: ExposurePolicy) -> ExposureResult:
    east, north = _people(fence_m)
    density = _density(ends, station, east, north, rule)
    worst = int(np.argmax(density))
    rise = abs(float(ends.height_m[station]) - rule.head_height_m)
    nearest = max(sqrt(fence_m * fence_m + rise * rise), rule.min_distance_m)
    eirp_w = float(power(centi(ends.level_dbm[station]))) / 1000.0 * rule.average_duty
    ratio = round(float(density[worst]) / rule.limit_w_per_m2, 6)
    threshold = rule.threshold_eirp_dbm
    tested = threshold is None or float(ends.level_dbm[station]) > threshold
    return ExposureResult(
        station=ends.id[station],
        tested=tested,
        power_density_w_per_m2=round(float(density[worst]), 6),
        limit_w_per_m2=rule.limit_w_per_m2,
        ratio=ratio,
        compliance_distance_m=round(sqrt(eirp_w / (4.0 * pi * rule.limit_w_per_m2)), 3),
        nearest_m=round(nearest, 3),
        passes=ratio <= 1.0 or not tested,
        facts=rule.facts,
    )


def _people(fence_m: float) -> tuple[Float, Float]:
    """Return places of people around a station, offsets east and north [m]."""
    distance = np.array([fence_m, *(d for d in _DISTANCES_M if d > fence_m)])
    azimuth = np.arange(_BEARINGS) * (360.0 / _BEARINGS)
    return plane_m(np.repeat(distance, _BEARINGS), np.tile(azimuth, distance.size))


def _density(ends: Ends, station: int, east: Float, north: Float, rule: ExposurePolicy) -> Float:
    """Return the summed power density [W/m2] at places around a station."""
    away_east, away_north = _offsets(ends, station)
    order = np.argsort(away_east * away_east + away_north * away_north, kind="stable")
    total = np.zeros(east.size)
    for rank, j in enumerate(order):
        x, y = east - away_east[j], north - away_north[j]
        up = np.full(x.size, rule.head_height_m - ends.height_m[j])
        square = np.maximum(x * x + y * y + up * up, rule.min_distance_m**2)
        level = np.full(x.size, ends.level_dbm[j])
        if rank < _NEAREST:
            azimuth, elevation = direction_deg(x, y, up)
            rows = np.full(x.size, j, dtype=np.int64)
            anywhere = np.zeros(x.size, dtype=bool)
            level = level - discriminations(ends, rows, azimuth, (elevation,), anywhere, "peak")
        total = total + power(centi(level)) / 1000.0 * rule.average_duty / (4.0 * pi * square)
    return total


def _offsets(ends: Ends, station: int) -> tuple[Float, Float]:
    from comity.terrain.geodesy import bearing_deg, distance_km

    here = ends.latitude_deg[station], ends.longitude_deg[station]
    distance = distance_km(*here, ends.latitude_deg, ends.longitude_deg)
    return plane_m(distance * 1000.0, bearing_deg(*here, ends.latitude_deg, ends.longitude_deg))
