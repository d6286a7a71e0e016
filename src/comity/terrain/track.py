"""Lines over the ground: great circles on their way to becoming profiles, rows of a raster."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from comity.errors import Problem, ValidityError
from comity.terrain import _sample as kernels
from comity.terrain.frame import Frame
from comity.terrain.layer import Layer

Float = NDArray[np.float64]

#: Greatest length of a path [km]: the upper end of P.452-18's range.
LONGEST_KM = 10_000.0


class Track:
    """Lines over the ground, with the nodes between which their points are interpolated."""

    offsets: NDArray[np.int64]
    first_node: NDArray[np.int64]
    node_lat: Float
    node_lon: Float

    def heights(self, layers: tuple[Layer, ...]) -> Float:
        """Return heights, NaN where no layer has one, negative zero where a layer shows the sea."""
        height = np.full(self.offsets[-1], np.nan)
        pending = np.diff(self.offsets)
        near = self.near(layers)
        scratch = np.empty(self.node_lat.size), np.empty(self.node_lat.size)
        for whole_cell in (False, True):
            for layer in near:
                if pending.any():
                    kernels.fill_heights(
                        self.offsets, self.first_node, self.node_lat, self.node_lon, layer.place, layer.nodes,
                        layer.cells, whole_cell, *scratch, height, pending,
                    )  # fmt: skip
        return height

    def codes(self, layers: tuple[Layer, ...]) -> NDArray[np.uint8]:
        """Return the codes at every point, 0 where no layer has one."""
        code = np.zeros(self.offsets[-1], dtype=np.uint8)
        scratch = np.empty(self.node_lat.size), np.empty(self.node_lat.size)
        for layer in self.near(layers):
            kernels.fill_codes(
                0, 1, 0, 1, self.offsets, self.first_node, self.node_lat, self.node_lon, layer.place, layer.nodes,
                layer.cells, *scratch, code,
            )  # fmt: skip
        return code

    def near(self, layers: tuple[Layer, ...]) -> list[Layer]:
        """Return the layers that some path may touch."""
        # A great circle leaves the box of its nodes by less than its bulge over 9 km.
        return layers_within(layers, self.node_lat, self.node_lon, 0.01)


def layers_within(layers: tuple[Layer, ...], lat: Float, lon: Float, margin_deg: float) -> list[Layer]:
    """Return the layers that meet the box around places, which lie within half a turn of each other.

    Parameters
    ----------
    lat, lon : [deg]
    margin_deg : by which the box is widened to the north and the south; to the east and west 0.01
    """
    if lat.size == 0:
        return []
    around = (lon - lon[0] + 180.0) % 360.0 - 180.0 + lon[0]
    box = around.min() - 0.01, lat.min() - margin_deg, around.max() + 0.01, lat.max() + margin_deg
    return [layer for layer in layers if layer.edition.meets(*box)]


def refuse_too_long(ends: tuple[Float, Float, Float, Float], length_m: Float) -> None:
    """Raise for the first path longer than any model takes, or between points that face each other."""
    good = length_m <= LONGEST_KM * 1e3
    if not good.all():
        worst = int(np.argmax(~good))
        lat1, lon1, lat2, lon2 = (values[worst] for values in ends)
        place = f"path {worst} from {lat1:.4f}, {lon1:.4f} to {lat2:.4f}, {lon2:.4f}"
        raise ValidityError("path too long", [Problem(place, "is too long", f"at most {LONGEST_KM:.0f} km")])


class Rows(Track):
    """Some rows of a frame's pixels, as lines."""

    def __init__(self, frame: Frame, first: int, stop: int) -> None:
        nodes = 3 * math.ceil(frame.side * frame.pixel_m / kernels.SEGMENT_M) + 1
        count = stop - first
        self.offsets = np.arange(count + 1, dtype=np.int64) * frame.side
        self.first_node = np.arange(count + 1, dtype=np.int64) * nodes
        columns = np.linspace(0.0, frame.side - 1.0, nodes)
        row, column = np.meshgrid(np.arange(first, stop, dtype=np.float64), columns, indexing="ij")
        lat, lon = frame.places(row, column)
        self.node_lat, self.node_lon = lat.reshape(-1), lon.reshape(-1)


class GreatCircles(Track):
    """Many great-circle paths on their way to becoming profiles."""

    def __init__(
        self, lat1: Float, lon1: Float, lat2: Float, lon2: Float, spacing_m: float, max_points: int | None
    ) -> None:
        n = lat1.size
        length_m = np.empty(n)
        self.offsets = np.empty(n + 1, dtype=np.int64)
        self.first_node = np.empty(n + 1, dtype=np.int64)
        kernels.measure(0, 1, lat1, lon1, lat2, lon2, length_m)
        kernels.count_points(length_m, spacing_m, max_points or 2**40, self.offsets, self.first_node)
        refuse_too_long((lat1, lon1, lat2, lon2), length_m)
        self.node_lat, self.node_lon = np.empty(self.first_node[-1]), np.empty(self.first_node[-1])
        self.distance_km = np.empty(self.offsets[-1])
        kernels.place_nodes(
            0, 1, 0, 1, lat1, lon1, lat2, lon2, length_m, self.offsets, self.first_node, self.node_lat,
            self.node_lon, self.distance_km,
        )  # fmt: skip

    def where(self, points: NDArray[np.int64]) -> tuple[Float, Float]:
        """Return latitude and longitude of profile points, for messages."""
        lat, lon = np.empty(points.size), np.empty(points.size)
        for k, point in enumerate(points):
            i = int(np.searchsorted(self.offsets, point, side="right")) - 1
            a, b = self.first_node[i], self.first_node[i + 1]
            size = int(self.offsets[i + 1] - self.offsets[i])
            line_lat, line_lon = np.empty(size), np.empty(size)
            kernels.walk(
                self.node_lat[a:b], np.unwrap(self.node_lon[a:b], period=360.0), size, line_lat, line_lon
            )
            lat[k], lon[k] = line_lat[point - self.offsets[i]], line_lon[point - self.offsets[i]]
        return lat, (lon + 180.0) % 360.0 - 180.0
