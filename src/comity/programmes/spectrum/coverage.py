"""Coverage: the level of a network's stations over the ground around it, by the engine that decides."""

from __future__ import annotations

from dataclasses import dataclass
from math import log10

import numpy as np
from numpy.typing import NDArray

from comity.coordination.cache import PathLosses
from comity.coordination.ends import Ends, emitters, receivers
from comity.coordination.links import geometry
from comity.coordination.network import Network, Receiver
from comity.coordination.pathloss import losses
from comity.coordination.patterns import discriminations
from comity.coordination.policy import Policy
from comity.errors import MissingError
from comity.terrain.ground import Ground
from comity.terrain.window import Window

Float = NDArray[np.float64]
Int = NDArray[np.int64]

#: Share of time for which the level is exceeded [%]: the median, as coverage is usually told.
TIME_PERCENT = 50.0
#: Links computed in one call; a call that meets a hole in the terrain is halved down to the smaller number.
_MOST_LINKS, _FEWEST_LINKS = 16_384, 64


@dataclass(frozen=True, slots=True)
class Coverage:
    """Level of the strongest station at every pixel of a window.

    Parameters
    ----------
    window : the ground: pixel centres, heights, sea
    level_dbm_per_mhz : float64 (h, w), at an antenna of 0 dBi [dBm/MHz]; NaN where terrain is missing
    receiver_height_m : of that antenna above ground [m]
    """

    window: Window
    level_dbm_per_mhz: Float
    receiver_height_m: float


def coverage_of(
    network: Network,
    ground: Ground,
    policy: Policy,
    *,
    radius_km: float,
    pixel_m: float,
    centre: tuple[float, float] | None = None,
) -> Coverage:
    """Return the coverage of ``network``, outdoors, for 50 % of time and the policy's share of locations.

    Paths, antennas and building entry loss are those of coordination: mobile model, free space below
    ``policy.free_space_below_km``.

    Parameters
    ----------
    network : stations on their channel
    ground, policy : as in coordination
    radius_km, pixel_m : half the side of the square window [km], and of a pixel [m]
    centre : middle of the window ``(latitude, longitude)`` [deg]; the network's area by default
    """
    place = centre or _middle(network)
    window = ground.window(*place, radius_km, pixel_m)
    height_m = network.terminals.height_m if network.terminals else 1.5
    sending = emitters((_stations_only(network),), None, policy)
    hearing = receivers((_grid(window, height_m),), None, policy)
    known = np.flatnonzero(np.isfinite(window.height_m.reshape(-1)) | window.sea.reshape(-1))
    level = np.full(window.height_m.size, np.nan)
    width_db = 10.0 * log10(network.bandwidth_mhz)
    for row in range(len(sending)):
        for first in range(0, known.size, _MOST_LINKS):
            part = known[first : first + _MOST_LINKS]
            found = _levels(sending, row, hearing, part, ground, policy) - width_db
            level[part] = np.fmax(level[part], found)
    return Coverage(window, np.round(level, 2).reshape(window.height_m.shape), height_m)


def _middle(network: Network) -> tuple[float, float]:
    if network.area is not None:
        return network.area.latitude_deg, network.area.longitude_deg
    stations = network.transmitters
    latitudes, longitudes = [t.latitude_deg for t in stations], [t.longitude_deg for t in stations]
    return (min(latitudes) + max(latitudes)) / 2, (min(longitudes) + max(longitudes)) / 2


def _stations_only(network: Network) -> Network:
    """Leave the terminals away: coverage is what the stations give."""
    return Network(
        id=network.id,
        holder=network.holder,
        status=network.status,
        low_mhz=network.low_mhz,
        high_mhz=network.high_mhz,
        transmitters=network.transmitters,
    )


def _grid(window: Window, height_m: float) -> Network:
    """Return one isotropic receiver a pixel, as a network of its own."""
    places = zip(window.latitude_deg.reshape(-1).tolist(), window.longitude_deg.reshape(-1).tolist())
    pixels = tuple(Receiver(str(k), lat, lon, height_m, gain_dbi=0.0) for k, (lat, lon) in enumerate(places))
    return Network("coverage", "", "in_force", 0.0, 1.0, (), pixels)


def _levels(sending: Ends, row: int, hearing: Ends, part: Int, ground: Ground, policy: Policy) -> Float:
    """Return levels over the whole channel [dBm], NaN for groups of pixels that lie behind missing terrain."""
    emitter = np.full(part.size, row, dtype=np.int64)
    links = geometry(sending, hearing, emitter, part, policy)
    try:
        found = losses(sending, hearing, links, (TIME_PERCENT,), ground, policy, PathLosses())
    except MissingError:
        if part.size <= _FEWEST_LINKS:
            return np.full(part.size, np.nan)
        half = part.size // 2
        halves = (part[:half], part[half:])
        return np.concatenate([_levels(sending, row, hearing, some, ground, policy) for some in halves])
    away = discriminations(
        sending, emitter, links.tx_azimuth_deg, found.tx_elevation_deg, links.tx_anywhere, "peak"
    )
    lost = found.loss_db[0] + found.tx_clutter_db + found.rx_clutter_db + found.tx_entry_db
    return np.asarray(sending.level_dbm[row] - away - lost)
