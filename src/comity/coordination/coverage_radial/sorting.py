"""Where the pixels of a frame lie about a transmitter, which belongs to which radial, and in which order a walk meets
them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from comity.coordination.coverage_radial._compiled import inlined, kernel
from comity.propagation._elementary_angles import atan2
from comity.terrain.frame import Frame

Float = NDArray[np.float64]
Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]

#: Pixels between the nodes of the frame at which places are computed.
NODE = 64


def nodes_around(frame: Frame, latitude_deg: float, longitude_deg: float) -> tuple[Float, Float]:
    """Return kilometres east and north of a place at every 64th row and column of a frame.

    Distance and azimuth from the place are those of the geodesic. Between the nodes both are interpolated linearly,
    to a millimetre as long as the place lies within a few tens of kilometres of the centre.

    Parameters
    ----------
    frame : raster
    latitude_deg, longitude_deg : the place [deg], WGS 84
    """
    from comity.terrain.geodesy import bearing_deg, distance_km

    at = np.arange(0, frame.side + NODE, NODE)
    rows, columns = np.meshgrid(at, at, indexing="ij")
    if (latitude_deg, longitude_deg) == (frame.latitude_deg, frame.longitude_deg):
        east_m, north_m = frame.offsets_m(rows, columns)
        return east_m / 1e3, north_m / 1e3
    places = frame.places(rows, columns)
    far = distance_km(latitude_deg, longitude_deg, *places)
    turn = np.radians(bearing_deg(latitude_deg, longitude_deg, *places))
    return far * np.sin(turn), far * np.cos(turn)


@inlined
def _between(nodes: Float, i: int, j: int, y: float) -> float:
    value: float = nodes[i, j] + (nodes[i + 1, j] - nodes[i, j]) * y
    return value


@inlined
def offset(nodes: Float, row: int, column: int) -> float:
    """Return the value of a pixel between the nodes."""
    i, j = row // NODE, column // NODE
    x, y = (column - j * NODE) * (1.0 / NODE), (row - i * NODE) * (1.0 / NODE)
    left, right = _between(nodes, i, j, y), _between(nodes, i, j + 1, y)
    return left + (right - left) * x


@kernel
def place_pixels(
    half: int, pixel_km: float, radius_km: float, east_km: Float, north_km: Float, near_km: float, step_km: float,
    radials: int, radial_of: Int32, last_points: Int32,
) -> None:  # fmt: skip
    """Give each pixel its nearest radial and the last profile point before the one that it is nearest to.

    A pixel beyond ``radius_km`` of the frame's centre gets radial -1; one nearer to the transmitter than ``near_km``,
    or with no point before it, radial -2.
    """
    side = 2 * half + 1
    for row in range(side):
        i, y = row // NODE, (row - row // NODE * NODE) * (1.0 / NODE)
        for j in range((side + NODE - 1) // NODE):
            east_0, north_0 = _between(east_km, i, j, y), _between(north_km, i, j, y)
            east_1, north_1 = (
                _between(east_km, i, j + 1, y) - east_0,
                _between(north_km, i, j + 1, y) - north_0,
            )
            for column in range(j * NODE, min(j * NODE + NODE, side)):
                x = (column - j * NODE) * (1.0 / NODE)
                east, north = east_0 + east_1 * x, north_0 + north_1 * x
                d = np.rint(math.sqrt(east * east + north * north) * 1e6) * 1e-6
                turn = atan2(east, north) * (0.5 / math.pi)
                radial = math.floor(turn * radials + 0.5) % radials
                last = int(d / step_km + 0.5) - 1
                east, north = (column - half) * pixel_km, (half - row) * pixel_km
                outside = math.sqrt(east * east + north * north) > radius_km
                last_points[row * side + column] = last
                walked = -2 if d < near_km or last < 1 else radial
                radial_of[row * side + column] = -1 if outside else walked


@kernel
def _fill_offsets(pixels: Int64, side: int, nodes: Float, out: Float) -> None:
    for i in range(pixels.size):
        out[i] = offset(nodes, pixels[i] // side, pixels[i] % side)


def offsets(pixels: Int64, side: int, nodes: Float) -> Float:
    """Return what the nodes say of some pixels [km].

    Parameters
    ----------
    pixels : (n,) numbers of pixels in a frame of ``side`` columns
    nodes : of :func:`nodes_around`
    """
    out = np.empty(pixels.size)
    _fill_offsets(pixels, side, nodes, out)
    return out


@kernel
def sort_pixels(
    radial_of: Int32, last_points: Int32, radials: int, points: int, starts: Int64, order: Int32
) -> None:
    """Fill ``order`` with the pixels radial by radial, each from near to far, and where each radial starts."""
    counts = np.zeros(points + 1, dtype=np.int64)
    for pixel in range(radial_of.size):
        if radial_of[pixel] >= 0:
            counts[last_points[pixel] + 1] += 1
            starts[radial_of[pixel] + 1] += 1
    for k in range(points):
        counts[k + 1] += counts[k]
    for radial in range(radials):
        starts[radial + 1] += starts[radial]
    near_to_far = np.empty(order.size, dtype=np.int32)
    for pixel in range(radial_of.size):
        if radial_of[pixel] >= 0:
            k = last_points[pixel]
            near_to_far[counts[k]] = pixel
            counts[k] += 1
    free = starts[:-1].copy()
    for i in range(order.size):
        pixel = near_to_far[i]
        order[free[radial_of[pixel]]] = pixel
        free[radial_of[pixel]] += 1
