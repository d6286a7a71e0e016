"""Places inside an area at which its terminals are tried: rings of a circle, edge and inside of a polygon.

They are samples, no bound: with the point nearest to the other end at most 26 places of a circle, and of a polygon
about 32 along its edge and a grid of the same step inside. On rough ground a place between them may be worse for
the victim; on Skye, in circles of 300 m to 2 km, by up to 26 dB. That is an open weakness.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.coordination.ends import Ends
from comity.coordination.network import Polygon
from comity.coordination.ring import points_along

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Mask = NDArray[np.bool_]

#: Rings of a circle lie this far apart [m] while there are no more than so many; each has six places, between those of
#: the ring inside it.
RING_STEP_M, MOST_RINGS, PLACES_ON_A_RING = 150.0, 4, 6
#: A circle up to so wide has three places on its rim; one smaller than the second has its nearest point alone [m].
SMALL_M, SMALLEST_M = 75.0, 10.0
#: Places along the edge of a polygon, about so many, and as far apart inside.
EDGE_PLACES = 32


@dataclass(frozen=True, slots=True)
class Places:
    """Places of several areas, one area behind the other.

    Parameters
    ----------
    offsets : int64 (n + 1,), places ``offsets[i]`` to ``offsets[i + 1]`` belong to area ``i``
    latitude_deg, longitude_deg : float64 (m,)
    """

    offsets: Int
    latitude_deg: Float
    longitude_deg: Float


def places(ends: Ends, rows: Int) -> Places:
    """Return the places at which the terminals of rows are tried, besides the point nearest to the other end."""
    found = [_inside_polygon(ends.outline[row]) if ends.outline[row] else None for row in rows]
    radius_m = ends.radius_km[rows] * 1000.0
    rings = np.clip(np.ceil(radius_m / RING_STEP_M), 1, MOST_RINGS).astype(np.int64)
    rings = np.where(radius_m <= SMALL_M, 0, rings)
    for count in np.unique(rings):
        circles = np.flatnonzero((rings == count) & (radius_m >= SMALLEST_M))
        chosen = np.array([i for i in circles if found[i] is None], dtype=np.int64)
        for i, circle in zip(chosen, _circles(ends, rows[chosen], int(count)), strict=True):
            found[i] = circle
    nothing = (np.zeros(0), np.zeros(0))
    lists = [nothing if one is None else one for one in found]
    return Places(
        np.r_[0, np.cumsum([lat.size for lat, _ in lists])].astype(np.int64),
        np.concatenate([lat for lat, _ in lists] or [np.zeros(0)]),
        np.concatenate([lon for _, lon in lists] or [np.zeros(0)]),
    )


def _circles(ends: Ends, rows: Int, rings: int) -> list[tuple[Float, Float]]:
    """Return the centre and the rings of circles that have equally many; without rings, the rim's three places."""
    from comity.terrain.geodesy import destination

    share, azimuth = ([0.0], [0.0]) if rings else ([1.0] * 3, [0.0, 120.0, 240.0])
    for ring in range(1, rings + 1):
        share += [ring / rings] * PLACES_ON_A_RING
        azimuth += [360.0 * (k + 0.5 * (ring % 2)) / PLACES_ON_A_RING for k in range(PLACES_ON_A_RING)]
    distance = ends.radius_km[rows][:, None] * np.array(share)[None, :]
    lat, lon = destination(
        ends.latitude_deg[rows][:, None], ends.longitude_deg[rows][:, None], np.array(azimuth), distance
    )
    return list(zip(lat, lon, strict=True))


def _inside_polygon(polygon: Polygon) -> tuple[Float, Float]:
    """Return places along the edge of a polygon, corners included, and on a grid inside it."""
    from comity.terrain.geodesy import distance_km

    corners = np.array(polygon)
    following = np.roll(corners, -1, axis=0)
    around_km = distance_km(corners[:, 0], corners[:, 1], following[:, 0], following[:, 1]).sum()
    step_km = max(float(around_km) / EDGE_PLACES, 0.001)
    lat, lon = points_along(polygon, step_km * 1000.0)
    (south, west), (north, east) = corners.min(axis=0), corners.max(axis=0)
    up = float(np.ceil(distance_km(south, west, north, west) / step_km))
    across = float(np.ceil(distance_km(south, west, south, east) / step_km))
    rows = south + (north - south) * (np.arange(up) + 0.5) / max(up, 1.0)
    columns = west + (east - west) * (np.arange(across) + 0.5) / max(across, 1.0)
    grid_lat, grid_lon = np.repeat(rows, columns.size), np.tile(columns, rows.size)
    within = nearest(polygon, grid_lat, grid_lon)[2]
    return np.r_[lat, grid_lat[within]], np.r_[lon, grid_lon[within]]


def nearest(polygon: Polygon, latitude_deg: Float, longitude_deg: Float) -> tuple[Float, Float, Mask]:
    """Return the point of a polygon nearest to each place, taken as flat, and whether the place lies inside it.

    A place inside is its own nearest point.
    """
    from comity.terrain.geodesy import distance_km

    corners = np.array(polygon)
    lat, lon = corners[0]
    width = float(distance_km(lat, lon, lat, lon + 0.01) / distance_km(lat, lon, lat + 0.01, lon))
    x1 = ((corners[:, 1][None, :] - longitude_deg[:, None] + 180.0) % 360.0 - 180.0) * width
    y1 = corners[:, 0][None, :] - latitude_deg[:, None]
    x2, y2 = np.roll(x1, -1, axis=1), np.roll(y1, -1, axis=1)
    along_x, along_y = x2 - x1, y2 - y1
    square = np.maximum(along_x * along_x + along_y * along_y, 1e-30)
    t = np.clip(-(x1 * along_x + y1 * along_y) / square, 0.0, 1.0)
    x, y = x1 + t * along_x, y1 + t * along_y
    at = np.arange(len(x)), np.argmin(x * x + y * y, axis=1)
    crossed = (y1 > 0.0) != (y2 > 0.0)
    meets = x1 - y1 * along_x / np.where(crossed, along_y, 1.0) > 0.0
    within = (crossed & meets).sum(axis=1) % 2 == 1
    return (
        latitude_deg + np.where(within, 0.0, y[at]),
        longitude_deg + np.where(within, 0.0, x[at] / width),
        within,
    )
