"""Points along the boundary of a site, and whether a place lies inside it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comity.coordination.network import Area, Network, Polygon, Receiver, Transmitter

Float = NDArray[np.float64]


def points_along(polygon: Polygon, spacing_m: float) -> tuple[Float, Float]:
    """Return latitudes and longitudes along a closed ring, corners included, at most ``spacing_m`` apart."""
    from comity.terrain.geodesy import bearing_deg, destination, distance_km

    corners = np.array(polygon, dtype=np.float64)
    lat, lon = corners[:, 0], corners[:, 1]
    lat2, lon2 = np.roll(lat, -1), np.roll(lon, -1)
    length, azimuth = distance_km(lat, lon, lat2, lon2), bearing_deg(lat, lon, lat2, lon2)
    parts = np.maximum(np.ceil(length * 1000.0 / spacing_m - 1e-9).astype(np.int64), 1)
    edge = np.repeat(np.arange(len(corners)), parts)
    step = np.concatenate([np.arange(n, dtype=np.float64) for n in parts])
    return destination(lat[edge], lon[edge], azimuth[edge], length[edge] * step / parts[edge])


def circle(latitude_deg: float, longitude_deg: float, radius_m: float, spacing_m: float) -> Polygon:
    """Return a ring of corners on a circle, at most ``spacing_m`` apart, twelve at least."""
    from comity.terrain.geodesy import destination

    count = max(12, int(np.ceil(2.0 * np.pi * radius_m / spacing_m)))
    azimuth = np.arange(count) * (360.0 / count)
    lat, lon = destination(latitude_deg, longitude_deg, azimuth, radius_m / 1000.0)
    return tuple(zip(lat.tolist(), lon.tolist(), strict=True))


def outline(area: Area, spacing_m: float) -> Polygon:
    """Return the boundary of an area: its polygon, or its circle."""
    return area.polygon or circle(area.latitude_deg, area.longitude_deg, area.radius_m, spacing_m)


def around(network: Network) -> Area:
    """Return the area of a network that states none: a circle around its base stations to the farthest of them."""
    from comity.terrain.geodesy import distance_km

    own: tuple[Receiver | Transmitter, ...] = network.transmitters or network.receivers
    stations = sorted(own, key=lambda s: s.id)
    lat = sum(s.latitude_deg for s in stations) / len(stations)
    first = stations[0].longitude_deg
    lon = first + sum((s.longitude_deg - first + 180.0) % 360.0 - 180.0 for s in stations) / len(stations)
    far = max(float(distance_km(lat, lon, s.latitude_deg, s.longitude_deg)) for s in stations)
    return Area(lat, lon, far * 1000.0)


def inside(polygon: Polygon, latitude_deg: float, longitude_deg: float) -> bool:
    """Return whether a place lies in a ring small enough to be taken as flat."""
    crossings = 0
    for (lat1, lon1), (lat2, lon2) in zip(polygon, (*polygon[1:], polygon[0]), strict=True):
        x1, x2 = _east(lon1, longitude_deg), _east(lon2, longitude_deg)
        if (lat1 > latitude_deg) != (lat2 > latitude_deg):
            crossing = x1 + (latitude_deg - lat1) / (lat2 - lat1) * (x2 - x1)
            crossings += crossing > 0.0
    return crossings % 2 == 1


def _east(longitude_deg: float, of_deg: float) -> float:
    return (longitude_deg - of_deg + 180.0) % 360.0 - 180.0
