"""The level of a network along the boundary of its site (Taiwan's limit at the edge of the establishment area)."""

from __future__ import annotations

import numpy as np

from comity.coordination._decibel import centi, decibel
from comity.coordination.cache import PathLosses
from comity.coordination.field import field
from comity.coordination.ground import Ground
from comity.coordination.level import BoundaryLevel, BoundaryPoint
from comity.coordination.network import Network, Polygon
from comity.coordination.pathloss import location_spread_db
from comity.coordination.policy import Policy
from comity.coordination.ring import points_along


def boundary_level(
    network: Network, polygon: Polygon, ground: Ground, policy: Policy, cache: PathLosses | None = None
) -> BoundaryLevel:
    """Return the level of all base stations of a network at points along a polygon.

    Parameters
    ----------
    network : whose stations transmit; indoor ones through P.2109
    polygon : boundary of the site
    ground : terrain
    policy : its ``boundary`` gives limit, interpretation, receiver and percentages
    cache : path losses known from before

    Notes
    -----
    The law asks for a level below the limit: a margin of 0.00 dB does not pass.
    """
    rule = policy.boundary
    if rule is None:
        raise ValueError("this policy has no boundary limit")
    latitude, longitude = points_along(polygon, rule.spacing_m)
    found = field(
        network,
        latitude,
        longitude,
        ground,
        policy,
        interpretation=rule.interpretation,
        height_m=rule.receiver_height_m,
        gain_dbi=rule.receiver_gain_dbi,
        time_percent=rule.time_percent,
        location_percent=rule.location_percent,
        entry_percent=rule.indoor_exit_percent,
        cache=cache,
    )
    points = tuple(
        BoundaryPoint(float(lat), float(lon), decibel(value))
        for lat, lon, value in zip(latitude, longitude, found.level, strict=True)
    )
    worst = int(np.argmax(found.level))
    margin = int(centi(rule.limit_dbm)) - int(found.level[worst])
    link = found.strongest(worst)
    model = found.model(link)
    return BoundaryLevel(
        points=points,
        worst=points[worst],
        limit_dbm=rule.limit_dbm,
        margin_db=decibel(margin),
        passes=margin > 0,
        interpretation=rule.interpretation,
        strongest=found.budgets.emitters.id[int(found.budgets.links.emitter[link])],
        terms=found.terms(link),
        distance_km=round(float(found.budgets.links.distance_km[link]), 3),
        model=model,
        location_spread_db=location_spread_db(model, policy),
        facts=rule.facts,
    )
