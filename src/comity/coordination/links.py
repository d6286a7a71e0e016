"""Links between transmitting and receiving antennas: which are tested, and where their ends stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.coordination.areas import nearest, places
from comity.coordination.ends import BASE, EARTH_STATION, FIXED_LINK, KINDS, TERMINAL, Ends
from comity.coordination.network import Timing
from comity.coordination.policy import Pair, Policy
from comity.coordination.tdd import synchronised

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Geometry:
    """The two ends of ``n`` links, terminals already at a place of their area.

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


def tested(emitters: Ends, receivers: Ends, frames: Mapping[str, Timing], policy: Policy) -> Mask:
    """Return which emitters are tested against which receivers (e, r).

    Parameters
    ----------
    emitters, receivers : antennas
    frames : frame and group by network
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


def _in_phase(emitters: Ends, receivers: Ends, frames: Mapping[str, Timing], policy: Policy) -> Mask:
    """Return whether the networks of each pair are synchronised; each pair of distinct frames is derived once."""
    distinct: dict[Timing, int] = {}
    sending, listening = (
        np.array(
            [distinct.setdefault(frames.get(o, (None, None)), len(distinct)) for o in ends.owner],
            dtype=np.int64,
        )
        for ends in (emitters, receivers)
    )
    table = np.array(
        [[synchronised(a[0], b[0], policy, (a[1], b[1]))[0] for b in distinct] for a in distinct], dtype=bool
    )
    return np.asarray(table[sending[:, None], listening[None, :]])


def geometry(emitters: Ends, receivers: Ends, emitter: Int, receiver: Int, policy: Policy) -> Geometry:
    """Return positions, distances and bearings of links, terminals at the point of their area nearest to the other.

    Two areas approach each other along the line of their centres. Whoever stands inside the other's area may meet
    its terminals at the policy's shortest distance and on every side.
    """
    from comity.terrain.geodesy import distance_km

    tx = _Place(emitters, emitter)
    rx = _Place(receivers, receiver)
    distance = distance_km(tx.latitude_deg, tx.longitude_deg, rx.latitude_deg, rx.longitude_deg)
    forth, back = _bearings(tx, rx)
    rx_met = tx.approach(rx, forth, distance)
    both = np.flatnonzero((tx.radius_km > 0.0) & (rx.radius_km > 0.0))
    distance[both] = distance_km(*tx.at(both), *rx.at(both))
    tx_met = rx.approach(tx, back, distance)
    turned = np.flatnonzero(~tx.round | ~rx.round)
    forth[turned], back[turned] = _bearings(tx, rx, turned)
    return _geometry(tx, rx, forth, back, (tx_met, rx_met), policy)


def at_places(
    emitters: Ends, receivers: Ends, near: Geometry, sampled: Mask, policy: Policy
) -> tuple[Geometry, Int]:
    """Return links that have terminals at many places of their area, and to which of the links ``near`` each belongs.

    Where both ends move, the one with the wider area is tried while the other stays at its nearest point. Whoever
    stands inside an area is not tried: nothing is worse than next to it.

    Parameters
    ----------
    emitters, receivers : antennas
    near : links with terminals at their nearest points
    sampled : bool (n,), which of them are tried at more places
    policy : settings
    """
    parts = []
    tx_km, rx_km = emitters.radius_km[near.emitter], receivers.radius_km[near.receiver]
    for ends, index, moves in (
        (emitters, near.emitter, (tx_km > 0.0) & (tx_km >= rx_km) & ~near.rx_anywhere),
        (receivers, near.receiver, (rx_km > tx_km) & ~near.tx_anywhere),
    ):
        chosen = np.flatnonzero(sampled & moves)
        rows, of = np.unique(index[chosen], return_inverse=True)
        found = places(ends, rows)
        counts = np.diff(found.offsets)[of]
        link = np.repeat(chosen, counts)
        within = np.arange(link.size) - np.repeat(np.cumsum(counts) - counts, counts)
        at = np.repeat(found.offsets[:-1][of], counts) + within
        parts.append((link, found.latitude_deg[at], found.longitude_deg[at]))
    (tx_link, tx_lat, tx_lon), (rx_link, rx_lat, rx_lon) = parts
    link = np.r_[tx_link, rx_link]
    tx, rx = _Place(emitters, near.emitter[link]), _Place(receivers, near.receiver[link])
    tx.latitude_deg = np.r_[tx_lat, near.tx_latitude_deg[rx_link]]
    tx.longitude_deg = np.r_[tx_lon, near.tx_longitude_deg[rx_link]]
    rx.latitude_deg = np.r_[near.rx_latitude_deg[tx_link], rx_lat]
    rx.longitude_deg = np.r_[near.rx_longitude_deg[tx_link], rx_lon]
    nowhere = np.zeros(link.size, dtype=bool)
    return _geometry(tx, rx, *_bearings(tx, rx), (nowhere, nowhere), policy), link


class _Place:
    """Where the ends of links stand, and how far their terminals may move."""

    def __init__(self, ends: Ends, rows: Int) -> None:
        self.ends, self.rows = ends, rows
        self.latitude_deg, self.longitude_deg = ends.latitude_deg[rows], ends.longitude_deg[rows]
        self.radius_km = ends.radius_km[rows]
        self.round = np.array([not outline for outline in ends.outline], dtype=bool)[rows]

    def at(self, links: Int | slice) -> tuple[Float, Float]:
        """Return where the ends of some links stand."""
        return self.latitude_deg[links], self.longitude_deg[links]

    def approach(self, other: _Place, azimuth_deg: Float, distance_km: Float) -> Mask:
        """Move terminals to the point of their area nearest to the other end; return whether that stands inside."""
        from comity.terrain.geodesy import destination

        step = np.minimum(self.radius_km, distance_km)
        inside = (self.radius_km > 0.0) & (distance_km <= self.radius_km)
        moves = np.flatnonzero((self.radius_km > 0.0) & self.round)
        self.latitude_deg[moves], self.longitude_deg[moves] = destination(
            self.latitude_deg[moves], self.longitude_deg[moves], azimuth_deg[moves], step[moves]
        )
        for row in np.unique(self.rows[~self.round]):
            mine = np.flatnonzero(self.rows == row)
            found = nearest(self.ends.outline[row], *other.at(mine))
            self.latitude_deg[mine], self.longitude_deg[mine], inside[mine] = found
        return inside


def _bearings(tx: _Place, rx: _Place, links: Int | slice = slice(None)) -> tuple[Float, Float]:
    from comity.terrain.geodesy import bearing_deg

    here, there = tx.at(links), rx.at(links)
    return bearing_deg(*here, *there), bearing_deg(*there, *here)


def _geometry(
    tx: _Place, rx: _Place, forth: Float, back: Float, met: tuple[Mask, Mask], policy: Policy
) -> Geometry:
    from comity.terrain.geodesy import distance_km

    left = distance_km(tx.latitude_deg, tx.longitude_deg, rx.latitude_deg, rx.longitude_deg)
    return Geometry(
        emitter=tx.rows,
        receiver=rx.rows,
        tx_latitude_deg=tx.latitude_deg,
        tx_longitude_deg=tx.longitude_deg,
        tx_height_m=tx.ends.height_m[tx.rows],
        rx_latitude_deg=rx.latitude_deg,
        rx_longitude_deg=rx.longitude_deg,
        rx_height_m=rx.ends.height_m[rx.rows],
        distance_km=np.maximum(left, policy.minimum_distance_m / 1000.0),
        tx_azimuth_deg=forth,
        rx_azimuth_deg=back,
        tx_anywhere=met[0],
        rx_anywhere=met[1],
    )
