"""The site in metres: area, inside and outside, on a plane that touches the ellipsoid at the site.

Sites are at most some kilometres wide, where the plane is true to better than a millimetre per metre.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import pi, sqrt

from comity.programmes.spectrum.site import Site
from comity.terrain.geodesy import distance_km

Metres = tuple[float, float]
Place = tuple[float, float]


def local_metres(origin: Place, places: Sequence[Place]) -> list[Metres]:
    """Return east and north of ``origin`` [m] for places ``(latitude, longitude)`` [deg]."""
    latitudes, longitudes = [p[0] for p in places], [p[1] for p in places]
    east = distance_km(origin[0], origin[1], origin[0], longitudes) * 1000.0
    north = distance_km(origin[0], origin[1], latitudes, origin[1]) * 1000.0
    return [
        (
            float(e) if longitude >= origin[1] else -float(e),
            float(n) if latitude >= origin[0] else -float(n),
        )
        for (latitude, longitude), e, n in zip(places, east, north, strict=True)
    ]


def area_m2(site: Site) -> float:
    """Return the area of a site [m2]."""
    if site.polygon is None:
        return round(pi * float(site.radius_m or 0.0) ** 2, 1)
    ring = _ring(local_metres(site.polygon[0], site.polygon))
    return round(abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))) / 2.0, 1)


def outside_m(site: Site, place: Place) -> float:
    """Return how far a place lies outside a site [m]; 0 inside and on the boundary."""
    if site.polygon is None:
        centre = site.centre or place
        away = float(distance_km(*centre, *place)) * 1000.0
        return round(max(0.0, away - float(site.radius_m or 0.0)), 3)
    ring = _ring(local_metres(place, site.polygon))
    if _holds_origin(ring):
        return 0.0
    return round(min(_distance_to(a, b) for a, b in pairwise(ring)), 3)


def inside_m(site: Site, place: Place) -> float:
    """Return how far a place lies inside a site, to the nearest point of its boundary [m]; 0 outside."""
    if outside_m(site, place) > 0.0:
        return 0.0
    if site.polygon is None:
        centre = site.centre or place
        away = float(distance_km(*centre, *place)) * 1000.0
        return round(max(0.0, float(site.radius_m or 0.0) - away), 3)
    ring = _ring(local_metres(place, site.polygon))
    return round(min(_distance_to(a, b) for a, b in pairwise(ring)), 3)


def _ring(corners: list[Metres]) -> list[Metres]:
    return [*corners, corners[0]]


def _holds_origin(ring: list[Metres]) -> bool:
    """Return whether the origin lies inside ``ring``: the number of edges east of it is odd."""
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > 0.0) != (y2 > 0.0) and x1 + (x2 - x1) * (0.0 - y1) / (y2 - y1) > 0.0:
            inside = not inside
    return inside


def _distance_to(a: Metres, b: Metres) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    share = 0.0 if length == 0.0 else min(1.0, max(0.0, -(a[0] * dx + a[1] * dy) / length))
    x, y = a[0] + share * dx, a[1] + share * dy
    return sqrt(x * x + y * y)
