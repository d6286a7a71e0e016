"""Coverage: the level of a network's stations over the ground around it, by the engine that decides."""

from __future__ import annotations

from dataclasses import dataclass
from math import log10

import numpy as np
from numpy.typing import NDArray

from comity.coordination.field import Interpretation, divides, field
from comity.coordination.network import Network
from comity.coordination.policy import Policy
from comity.errors import MissingError
from comity.terrain.ground import Ground
from comity.terrain.window import Window

Float = NDArray[np.float64]
Int = NDArray[np.int64]

#: Links computed in one call; a call that meets a hole in the terrain is halved down to the smaller number.
_MOST_LINKS, _FEWEST_PLACES = 32_768, 16


@dataclass(frozen=True, slots=True)
class Measure:
    """What a level on the map means: the regime's own boundary measure where it has one.

    Parameters
    ----------
    unit : ``"dBm"`` or, where the regime says nothing, ``"dBm/MHz"``
    per_element : whether the level is that of one resource element
    limit_dbm : the regime's limit at the site boundary, in this measure, if any
    height_m, gain_dbi : of the measuring antenna
    time_percent, location_percent, exit_percent : of the path model and of P.2109 [%]
    """

    unit: str = "dBm/MHz"
    per_element: bool = False
    limit_dbm: float | None = None
    height_m: float = 1.5
    gain_dbi: float = 0.0
    time_percent: float = 50.0
    location_percent: float = 50.0
    exit_percent: float = 50.0


@dataclass(frozen=True, slots=True)
class Coverage:
    """Level of a network, its stations summed, at every pixel of a window.

    Parameters
    ----------
    window : the ground: pixel centres, heights, sea
    level : float64 (h, w), in the unit of ``measure``; NaN where terrain is missing
    measure : what the level means
    """

    window: Window
    level: Float
    measure: Measure


def measure_of(network: Network, policy: Policy) -> Measure:
    """Return the regime's measure of level: that of its boundary limit where it is defined, or a density at 1.5 m."""
    limit = policy.boundary
    if limit is None or not divides(network, limit.interpretation):
        return Measure()
    return Measure(
        unit="dBm",
        per_element=limit.interpretation == "per_resource_element",
        limit_dbm=limit.limit_dbm,
        height_m=limit.receiver_height_m,
        gain_dbi=limit.receiver_gain_dbi,
        time_percent=limit.time_percent,
        location_percent=limit.location_percent,
        exit_percent=limit.indoor_exit_percent,
    )


def coverage_of(
    network: Network,
    ground: Ground,
    policy: Policy,
    *,
    centre: tuple[float, float],
    radius_km: float,
    pixel_m: float,
) -> Coverage:
    """Return the coverage of ``network`` outdoors, with the paths and antennas of coordination.

    Parameters
    ----------
    network : stations on their channel
    ground, policy : as in coordination
    centre : middle of the window ``(latitude, longitude)`` [deg]
    radius_km, pixel_m : half the side of the square window [km], and of a pixel [m]
    """
    window = ground.window(*centre, radius_km, pixel_m)
    measure = measure_of(network, policy)
    known = np.flatnonzero(np.isfinite(window.height_m.reshape(-1)) | window.sea.reshape(-1))
    level = np.full(window.height_m.size, np.nan)
    count = max(_MOST_LINKS // len(network.transmitters), _FEWEST_PLACES)
    for first in range(0, known.size, count):
        part = known[first : first + count]
        level[part] = _levels(network, window, part, ground, policy, measure)
    if measure.unit == "dBm/MHz":
        level -= 10.0 * log10(network.bandwidth_mhz)
    return Coverage(window, np.round(level, 2).reshape(window.height_m.shape), measure)


def _levels(
    network: Network, window: Window, part: Int, ground: Ground, policy: Policy, measure: Measure
) -> Float:
    """Return levels [dBm], NaN for groups of pixels that lie behind missing terrain."""
    interpretation: Interpretation = "per_resource_element" if measure.per_element else "total_power"
    try:
        found = field(
            network,
            window.latitude_deg.reshape(-1)[part],
            window.longitude_deg.reshape(-1)[part],
            ground,
            policy,
            interpretation=interpretation,
            height_m=measure.height_m,
            gain_dbi=measure.gain_dbi,
            time_percent=measure.time_percent,
            location_percent=measure.location_percent,
            entry_percent=measure.exit_percent,
        )
    except MissingError:
        if part.size <= _FEWEST_PLACES:
            return np.full(part.size, np.nan)
        halves = np.array_split(part, 2)
        return np.concatenate([_levels(network, window, h, ground, policy, measure) for h in halves])
    return np.asarray(found.level / 100.0)
