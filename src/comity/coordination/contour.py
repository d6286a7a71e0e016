"""Whether the coverage of a network adjoins or overlaps its neighbours' sites and protection zones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from comity.coordination._angles import chord_km, earth_centred_km
from comity.coordination._decibel import centi, decibel, level
from comity.coordination.cache import PathLosses
from comity.coordination.field import Field, field, parts, summed_power
from comity.coordination.ground import Ground
from comity.coordination.incumbents import Incumbents
from comity.coordination.level import ContourTouch
from comity.coordination.limits import ContourPolicy
from comity.coordination.network import Network, Polygon
from comity.coordination.pathloss import free_space_db
from comity.coordination.policy import Policy
from comity.coordination.ring import around, inside, outline, points_along
from comity.coordination.screening import enhancement_db

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Neighbour:
    id: str
    holder: str
    kind: Literal["site", "zone"]
    ring: Polygon


def coverage_touches(
    candidate: Network,
    incumbents: Incumbents,
    ground: Ground,
    policy: Policy,
    cache: PathLosses | None = None,
) -> tuple[ContourTouch, ...]:
    """Return the neighbours in whose area the candidate's level could reach the coverage contour.

    Every network that comes before the candidate, with its area or else the circle around its stations, every
    fixed link with a zone, and the zones of the policy are looked at; those that free space alone keeps below the
    contour are left out.

    Parameters
    ----------
    candidate : whose stations transmit
    incumbents : the register
    ground : terrain
    policy : its ``contour`` gives level, receiver and percentages
    cache : path losses known from before
    """
    rule = policy.contour
    if rule is None:
        raise ValueError("this policy has no coverage contour")
    register = incumbents.before(candidate).ordered()
    neighbours = sorted(_neighbours(register, rule), key=lambda n: (n.kind, n.id))
    near = [n for n in neighbours if _reachable(candidate, n, policy, rule)]
    if not near:
        return ()
    places = [_places(candidate, n, rule) for n in near]
    latitude, longitude = (np.concatenate(column) for column in zip(*places, strict=True))
    found = field(
        candidate,
        latitude,
        longitude,
        ground,
        policy,
        interpretation=rule.interpretation,
        height_m=rule.receiver_height_m,
        gain_dbi=0.0,
        time_percent=rule.time_percent,
        location_percent=rule.location_percent,
        entry_percent=policy.building_entry_percent,
        cache=cache,
    )
    ends = np.cumsum([lat.size for lat, _ in places])
    return tuple(
        _touch(candidate, neighbour, found, slice(int(end) - lat.size, int(end)), rule)
        for neighbour, (lat, _), end in zip(near, places, ends, strict=True)
    )


def _neighbours(register: Incumbents, rule: ContourPolicy) -> Iterator[_Neighbour]:
    for network in register.networks:
        if network.area is not None or network.transmitters or network.receivers:
            ring = outline(network.area or around(network), rule.spacing_m)
            yield _Neighbour(network.id, network.holder, "site", ring)
    for link in register.fixed_links:
        if link.zone:
            yield _Neighbour(link.id, link.holder, "zone", link.zone)
    for name, ring in rule.zones:
        yield _Neighbour(name, "", "zone", ring)


def _overlaps(candidate: Network, neighbour: _Neighbour) -> bool:
    return any(inside(neighbour.ring, t.latitude_deg, t.longitude_deg) for t in candidate.transmitters)


def _reachable(candidate: Network, neighbour: _Neighbour, policy: Policy, rule: ContourPolicy) -> bool:
    if _overlaps(candidate, neighbour):
        return True
    here = earth_centred_km(
        [t.latitude_deg for t in candidate.transmitters], [t.longitude_deg for t in candidate.transmitters]
    )
    ring = np.array(neighbour.ring)
    there = earth_centred_km(ring[:, 0], ring[:, 1])
    longest_edge = float(np.diag(chord_km(there, np.roll(there, -1, axis=0))).max())
    nearest = max(float(chord_km(here, there).min()) - longest_edge / 2.0, policy.minimum_distance_m / 1000.0)
    loss = float(free_space_db(np.array([nearest]), policy)[0]) - enhancement_db(rule.time_percent)
    sent = float(level(summed_power(candidate) / parts(candidate, rule.interpretation)))
    return sent - loss >= rule.level_dbm


def _places(candidate: Network, neighbour: _Neighbour, rule: ContourPolicy) -> tuple[Float, Float]:
    """Return points along a neighbour's boundary, and the candidate's own stations that stand inside it."""
    latitude, longitude = points_along(neighbour.ring, rule.spacing_m)
    within = [t for t in candidate.transmitters if inside(neighbour.ring, t.latitude_deg, t.longitude_deg)]
    return (
        np.r_[latitude, [t.latitude_deg for t in within]],
        np.r_[longitude, [t.longitude_deg for t in within]],
    )


def _touch(
    candidate: Network, neighbour: _Neighbour, found: Field, places: slice, rule: ContourPolicy
) -> ContourTouch:
    worst = places.start + int(np.argmax(found.level[places]))
    links = found.budgets.links
    mine = (links.receiver >= places.start) & (links.receiver < places.stop)
    at = int(np.flatnonzero(links.receiver == worst)[0])
    margin = int(centi(rule.level_dbm)) - int(found.level[worst])
    return ContourTouch(
        neighbour=neighbour.id,
        holder=neighbour.holder,
        kind=neighbour.kind,
        level_dbm=decibel(found.level[worst]),
        contour_dbm=rule.level_dbm,
        margin_db=decibel(margin),
        touches=margin <= 0,
        consented=candidate.agreed_by(neighbour.id, neighbour.holder),
        distance_km=round(float(links.distance_km[mine].min()), 3),
        latitude_deg=float(links.rx_latitude_deg[at]),
        longitude_deg=float(links.rx_longitude_deg[at]),
    )
