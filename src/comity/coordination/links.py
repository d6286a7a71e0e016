"""Links between transmitting and receiving antennas: which are tested, and where their ends stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.coordination.ends import BASE, EARTH_STATION, FIXED_LINK, KINDS, TERMINAL, Ends
from comity.coordination.network import TddFrame
from comity.coordination.policy import Pair, Policy
from comity.coordination.tdd import synchronised

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Geometry:
    """The two ends of ``n`` links, terminals already at their place.

    Parameters
    ----------
    emitter, receiver : int64 (n,), rows of the emitters and of the receivers
    tx_latitude_deg ... rx_height_m : float64 (n,), positions and antenna heights above ground
    distance_km : float64 (n,), over the ground, at least the policy's minimum
    tx_azimuth_deg, rx_azimuth_deg : float64 (n,), bearing of the other end
    tx_anywhere, rx_anywhere : bool (n,), the other end is a terminal that may stand on any side of this one
    """

    emitter: Int
    receiver: Int
    tx_latitude_deg: Float
    tx_longitude_deg: Float
    tx_height_m: Float
    rx_latitude_deg: Float
    rx_longitude_deg: Float
    rx_height_m: Float
    distance_km: Float
    tx_azimuth_deg: Float
    rx_azimuth_deg: Float
    tx_anywhere: Mask
    rx_anywhere: Mask

    def __len__(self) -> int:
        """Return the number of links."""
        return len(self.emitter)


def tested(emitters: Ends, receivers: Ends, frames: Mapping[str, TddFrame | None], policy: Policy) -> Mask:
    """Return which emitters are tested against which receivers (e, r).

    Parameters
    ----------
    emitters, receivers : antennas
    frames : TDD frames by network
    policy : gives the pairs
    """
    unsynchronised, synchronised = _pair_table(policy.pairs), _pair_table(policy.synchronised_pairs)
    sending, listening = emitters.kind[:, None], receivers.kind[None, :]
    mobile = (sending <= TERMINAL) & (listening <= TERMINAL)
    in_phase = _in_phase(emitters, receivers, frames, policy)
    first, second = np.minimum(sending, TERMINAL), np.minimum(listening, TERMINAL)
    result = mobile & np.where(in_phase, synchronised[first, second], unsynchronised[first, second])
    protected = (listening == EARTH_STATION) | (listening == FIXED_LINK)
    result |= protected & ((sending == BASE) | ((sending == TERMINAL) & policy.terminals_harm_protected))
    result |= (sending == FIXED_LINK) & (listening <= TERMINAL)
    return np.asarray(result & ~_same_owner(emitters, receivers))


def _pair_table(pairs: frozenset[Pair]) -> Mask:
    return np.array([[f"{a}-{b}" in pairs for b in KINDS[:2]] for a in KINDS[:2]])


def _same_owner(emitters: Ends, receivers: Ends) -> Mask:
    numbers: dict[str, int] = {}
    sending, listening = (
        np.array([numbers.setdefault(owner, len(numbers)) for owner in ends.owner], dtype=np.int64)
        for ends in (emitters, receivers)
    )
    return np.asarray(sending[:, None] == listening[None, :])


def _in_phase(emitters: Ends, receivers: Ends, frames: Mapping[str, TddFrame | None], policy: Policy) -> Mask:
    """Return whether the networks of each pair are synchronised; each pair of distinct frames is derived once."""
    distinct: dict[TddFrame | None, int] = {}
    sending, listening = (
        np.array([distinct.setdefault(frames.get(o), len(distinct)) for o in ends.owner], dtype=np.int64)
        for ends in (emitters, receivers)
    )
    table = np.array([[synchronised(a, b, policy)[0] for b in distinct] for a in distinct], dtype=bool)
    return np.asarray(table[sending[:, None], listening[None, :]])


def geometry(emitters: Ends, receivers: Ends, emitter: Int, receiver: Int, policy: Policy) -> Geometry:
    """Return positions, distances and bearings of links.

    A terminal stands at the point of its circle that is nearest to the other end: two circles approach each
    other along the line of their centres.
    """
    from comity.terrain.geodesy import bearing_deg, destination, distance_km

    tx_lat, tx_lon = emitters.latitude_deg[emitter], emitters.longitude_deg[emitter]
    rx_lat, rx_lon = receivers.latitude_deg[receiver], receivers.longitude_deg[receiver]
    tx_radius, rx_radius = emitters.radius_km[emitter], receivers.radius_km[receiver]
    distance = distance_km(tx_lat, tx_lon, rx_lat, rx_lon)
    forth = bearing_deg(tx_lat, tx_lon, rx_lat, rx_lon)
    back = bearing_deg(rx_lat, rx_lon, tx_lat, tx_lon)
    tx_step = np.minimum(tx_radius, distance)
    rx_step = np.minimum(rx_radius, distance - tx_step)
    for moves, lat, lon, azimuth, step in (
        (tx_radius > 0.0, tx_lat, tx_lon, forth, tx_step),
        (rx_radius > 0.0, rx_lat, rx_lon, back, rx_step),
    ):
        chosen = np.flatnonzero(moves)
        lat[chosen], lon[chosen] = destination(lat[chosen], lon[chosen], azimuth[chosen], step[chosen])
    moved = np.flatnonzero((tx_radius > 0.0) | (rx_radius > 0.0))
    left = distance.copy()
    left[moved] = distance_km(tx_lat[moved], tx_lon[moved], rx_lat[moved], rx_lon[moved])
    return Geometry(
        emitter=emitter,
        receiver=receiver,
        tx_latitude_deg=tx_lat,
        tx_longitude_deg=tx_lon,
        tx_height_m=emitters.height_m[emitter],
        rx_latitude_deg=rx_lat,
        rx_longitude_deg=rx_lon,
        rx_height_m=receivers.height_m[receiver],
        distance_km=np.maximum(left, policy.minimum_distance_m / 1000.0),
        tx_azimuth_deg=forth,
        rx_azimuth_deg=back,
        tx_anywhere=(rx_radius > 0.0) & (distance <= rx_radius),
        rx_anywhere=(tx_radius > 0.0) & (distance <= tx_radius),
    )
