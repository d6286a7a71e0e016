"""Terrain profiles on a GPU: the kernels of :mod:`comity.terrain._sample`, a warp a path, the bits of the CPU.

Profiles are made where they are used: per path, a GPU is given two places and keeps some hundred points.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.propagation._lanes import WIDTH
from comity.propagation.cuda.device import THREADS, Device, Kernel
from comity.propagation.cuda.paths import PathsOnDevice
from comity.propagation.paths import INLAND
from comity.terrain import _sample as kernels
from comity.terrain.cover import heights_m
from comity.terrain.ground import Cover, Ground
from comity.terrain.layer import Layer
from comity.terrain.track import layers_within, refuse_too_long

Float = NDArray[np.float64]

_WARP = 32
_measure, _place_nodes, _path_heights = kernels.measure, kernels.place_nodes, kernels.path_heights
_fill_codes, _settle_zones = kernels.fill_codes, kernels.settle_zones
_flatten, _settle_cover = kernels.flatten, kernels.settle_cover


class GroundOnDevice:
    """A ground whose layers are copied to a device when they are first needed.

    Parameters
    ----------
    device : the GPU
    ground : the ground
    """

    def __init__(self, device: Device, ground: Ground) -> None:
        self.device, self.ground = device, ground
        self._layers: dict[str, tuple[Any, Any, Any]] = {}
        self._heights_of_cover = device.put(heights_m())

    def paths(
        self, ends: tuple[Float, Float, Float, Float], spacing_m: float, cover: Cover
    ) -> tuple[PathsOnDevice, NDArray[np.bool_]]:
        """Return profiles as :meth:`comity.terrain.ground.Ground.paths_with_holes`, and which have a hole (n,).

        Parameters
        ----------
        ends : latitudes and longitudes of transmitters, then of receivers (n,) [deg]
        spacing_m, cover : as there
        """
        device = self.device
        n, places = ends[0].size, [device.put(values) for values in ends]
        lengths = device.empty(n, np.float64)
        self._run(_kernels().measure, n, (*places, lengths))
        length_m = device.get(lengths)
        refuse_too_long(ends, length_m)
        offsets, first_node = np.empty(n + 1, dtype=np.int64), np.empty(n + 1, dtype=np.int64)
        kernels.count_points(length_m, spacing_m, 2**40, offsets, first_node)
        m, nodes = int(offsets[-1]), int(first_node[-1])
        at = device.put(offsets), device.put(first_node)
        line = device.empty(nodes, np.float64), device.empty(nodes, np.float64)
        distance, height = device.empty(m, np.float64), device.empty(m, np.float64)
        coast, code = device.empty(m, np.uint8), device.empty(m, np.uint8)
        self._run(_kernels().nodes, n * _WARP, (*places, lengths, *at, *line, distance, height, coast, code))
        # No point of a path lies farther from the nearer end than half of its length.
        margin_deg = 0.01 + float(length_m.max(initial=0.0)) / 222e3
        box = np.concatenate(ends[::2]), np.concatenate(ends[1::2]), margin_deg
        scratch = device.empty(nodes, np.float64), device.empty(nodes, np.float64)
        for whole_cell in (False, True):
            for layer in layers_within(self.ground.of_kind("height"), *box):
                grid = self._on_device(layer)
                self._run(_kernels().heights, n * WIDTH, (*at, *line, *grid, whole_cell, *scratch, height))
        zone, cover_m = device.empty(m, np.int8), device.empty(m, np.float64)
        for kind, codes in (("coastline", coast), ("clutter", code)):
            for layer in layers_within(self.ground.of_kind(kind), *box):
                grid = self._on_device(layer)
                self._run(_kernels().codes, n * _WARP, (*at, *line, *grid, *scratch, codes))
        flat = np.nan if self.ground.flat_m is None else self.ground.flat_m
        table = self._heights_of_cover if cover == "degurba" else device.put(np.zeros(256))
        self._run(_kernels().settle, m, (height, coast, zone, code, table, cover_m, flat))
        holes, last = device.put(np.zeros(n, dtype=np.uint8)), device.empty(n, np.int8)
        self._run(_kernels().holes, n * _WARP, (at[0], height, zone, holes, last))
        points = (at[0], distance, height, cover_m, zone)
        paths = PathsOnDevice(device, points, length_m * 1e-3, device.get(last), *ends)
        return paths, device.get(holes) > 0

    def _on_device(self, layer: Layer) -> tuple[Any, Any, Any]:
        """Return place, nodes and cells."""
        key = layer.edition.sha256
        if key not in self._layers:
            put = self.device.put
            self._layers[key] = put(layer.place), put(layer.nodes), put(np.array(layer.cells))
        return self._layers[key]

    def _run(self, kernel: Kernel, threads: int, arguments: tuple[Any, ...]) -> None:
        blocks = min(self.device.blocks, -(-threads // THREADS))
        self.device.launch(kernel, blocks, arguments)


@dataclass(frozen=True, slots=True)
class _Kernels:
    measure: Kernel
    nodes: Kernel
    heights: Kernel
    codes: Kernel
    settle: Kernel
    holes: Kernel


@lru_cache(maxsize=1)
def _kernels() -> _Kernels:
    """Return the kernels: a thread a path or point, or a warp a path."""
    from numba import cuda as numba_cuda
    from numba import types

    cuda: Any = numba_cuda
    real, grid = types.float64[::1], types.float64[:, :, ::1]
    whole, byte, small = types.int64[::1], types.uint8[::1], types.int8[::1]
    line = (whole, whole, real, real)

    def measure(lat1: Float, lon1: Float, lat2: Float, lon2: Float, length_m: Float) -> None:
        _measure(cuda.grid(1), cuda.gridsize(1), lat1, lon1, lat2, lon2, length_m)

    def nodes(
        lat1: Float, lon1: Float, lat2: Float, lon2: Float, length_m: Float, offsets: Any, first_node: Any,
        node_lat: Float, node_lon: Float, distance_km: Float, height_m: Float, coast: Any, code: Any,
    ) -> None:  # fmt: skip
        at, all_ = cuda.grid(1), cuda.gridsize(1)
        for k in range(at, height_m.size, all_):
            height_m[k], coast[k], code[k] = np.nan, 0, 0
        _place_nodes(
            at // _WARP, all_ // _WARP, at % _WARP, _WARP, lat1, lon1, lat2, lon2, length_m, offsets, first_node,
            node_lat, node_lon, distance_km,
        )  # fmt: skip

    def heights(
        offsets: Any, first_node: Any, node_lat: Float, node_lon: Float, place: Float, lattice: Float, cells: Any,
        whole_cell: bool, node_column: Float, node_row: Float, height_m: Float,
    ) -> None:  # fmt: skip
        for i in range(cuda.grid(1) // WIDTH, offsets.size - 1, cuda.gridsize(1) // WIDTH):
            _path_heights(
                i, offsets, first_node, node_lat, node_lon, place, lattice, cells, whole_cell, node_column, node_row,
                height_m,
            )  # fmt: skip

    def codes(
        offsets: Any, first_node: Any, node_lat: Float, node_lon: Float, place: Float, lattice: Float, cells: Any,
        node_column: Float, node_row: Float, code: Any,
    ) -> None:  # fmt: skip
        at, all_ = cuda.grid(1), cuda.gridsize(1)
        _fill_codes(
            at // _WARP, all_ // _WARP, at % _WARP, _WARP, offsets, first_node, node_lat, node_lon, place, lattice,
            cells, node_column, node_row, code,
        )  # fmt: skip

    def settle(
        height_m: Float, coast: Any, zone: Any, code: Any, table: Float, cover_m: Float, flat_m: float
    ) -> None:
        at, all_ = cuda.grid(1), cuda.gridsize(1)
        _settle_zones(at, all_, height_m, coast, zone)
        _settle_cover(at, all_, height_m, zone, code, table, cover_m)
        _flatten(at, all_, flat_m, height_m, zone)

    def holes(offsets: Any, height_m: Float, zone: Any, hole: Any, last_zone: Any) -> None:
        at, all_ = cuda.grid(1), cuda.gridsize(1)
        for i in range(at // _WARP, offsets.size - 1, all_ // _WARP):
            for k in range(offsets[i] + at % _WARP, offsets[i + 1], _WARP):
                if height_m[k] != height_m[k]:
                    height_m[k], zone[k], hole[i] = 0.0, INLAND, 1
                if k == offsets[i + 1] - 1:
                    last_zone[i] = zone[k]

    return _Kernels(
        Kernel(measure, (real,) * 5),
        Kernel(nodes, (real,) * 5 + (whole, whole, real, real, real, real, byte, byte)),
        Kernel(heights, (*line, real, grid, types.float32[:, ::1], types.boolean, real, real, real)),
        Kernel(codes, (*line, real, grid, types.uint8[:, ::1], real, real, byte)),
        Kernel(settle, (real, byte, small, byte, real, real, types.float64)),
        Kernel(holes, (whole, real, small, byte, small)),
    )
