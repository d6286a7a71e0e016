"""Levels of a network on the ground: what antenna and building take of each station, and the sum of all in power."""

from __future__ import annotations

from dataclasses import dataclass
from types import EllipsisType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from comity.coordination import network as stations
from comity.coordination.coverage import Plan, Transmitter
from comity.coordination.policy import Policy
from comity.terrain.ground import Ground

Float = NDArray[np.float64]
Part = EllipsisType | tuple[slice, slice]

_NEAREST_KM = 0.001


@dataclass(frozen=True, slots=True)
class Sight:
    """How a station sees some pixels.

    Parameters
    ----------
    height_m : (n,) ground of the pixels [m]
    bearing_deg : (n,) [deg]
    distance_km : (n,) [km]
    """

    height_m: Float
    bearing_deg: Float
    distance_km: Float


class PowerSum:
    """Powers of stations added up, each rounded to 0.01 dB; the order of the calls is that of the sum."""

    def __init__(self, shape: int | tuple[int, int]) -> None:
        self._total, self._known = np.zeros(shape), np.ones(shape, dtype=bool)

    def add(self, eirp_dbm: float, loss_db: Float, spared_db: Float | float, part: Part = ...) -> None:
        """Add one station, on a part of the pixels; where its loss is NaN, the sum is not known."""
        from comity.coordination._decibel import centi, power

        own = eirp_dbm - loss_db - spared_db
        unknown = np.isnan(own)
        self._known[part] &= ~unknown
        self._total[part] += power(centi(np.where(unknown, 0.0, own)))

    def level_dbm(self) -> Float:
        """Return the levels [dBm] in whole hundredths, NaN where they are not known."""
        from comity.coordination._decibel import centi_level

        level: Float = np.where(self._known, centi_level(self._total) / 100.0, np.nan)
        return level


def isotropic(one: stations.Transmitter, policy: Policy) -> Transmitter:
    """Return a station as the engine of single transmitters knows it, of 0 dBm, so that sectors of a mast are equal.

    Slant polarisation counts as vertical, as in coordination.
    """
    plane: Literal["vertical", "horizontal"] = (
        "horizontal" if one.polarisation == "horizontal" else "vertical"
    )
    return Transmitter(
        one.latitude_deg, one.longitude_deg, one.height_m, policy.frequency_mhz, 0.0, None, plane
    )


def spares(one: stations.Transmitter) -> bool:
    """Whether antenna or building take anything."""
    return one.antenna is not None or one.indoor


def spared_db(ground: Ground, one: stations.Transmitter, policy: Policy, plan: Plan, sight: Sight) -> Float:
    """Return what antenna and building take from the level [dB], along the straight line to every pixel."""
    from comity.antennas import Mounted
    from comity.antennas.pattern import discrimination_db
    from comity.coordination._angles import elevation_deg
    from comity.coordination.ends import BUILDINGS, canonical
    from comity.coordination.pathloss import entry_db
    from comity.coordination.patterns import pattern

    base_m = float(ground.height_m(one.latitude_deg, one.longitude_deg)[0]) + one.height_m
    up = elevation_deg(base_m, sight.height_m + plan.rx_height_m, np.maximum(sight.distance_km, _NEAREST_KM))
    spared = np.zeros(sight.height_m.size)
    if one.antenna is not None:
        plain = pattern(canonical(one.antenna), "peak", policy.frequency_mhz)
        spared += discrimination_db(Mounted(plain, one.azimuth_deg, one.tilt_deg), sight.bearing_deg, up)
    if one.indoor:
        building = BUILDINGS.index(one.building or policy.default_building)
        spared += entry_db(np.full(spared.size, building), up, policy)
    return spared
