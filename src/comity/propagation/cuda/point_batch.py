"""P.452-18 and P.1812-8 for many links on a GPU: the blocks of :mod:`comity.propagation._links`, one a group."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.propagation import _gases, _links, _work
from comity.propagation._lanes import WIDTH
from comity.propagation.cuda.device import THREADS, Device, Kernel

Float = NDArray[np.float64]

_GROUPS = THREADS // WIDTH
_WORK, _MEMORY = _work.ROWS * WIDTH, _gases.MEMORY
_run_blocks = _links.run_blocks

#: Profile points in the memory of the GPU at a time: some 800 MB.
MOST_POINTS = 32_000_000


@lru_cache(maxsize=1)
def kernel() -> Kernel:
    """Return the kernel: every group of eight threads takes a share of the blocks of eight links."""
    from numba import cuda as numba_cuda
    from numba import types

    cuda: Any = numba_cuda

    def point_batch(
        p1812: bool, offsets: Any, d: Float, h: Float, cover: Float, zone: Any, table: Float, percent: Float,
        loss: Float, status: Any,
    ) -> None:  # fmt: skip
        work = cuda.shared.array((_GROUPS, _WORK), types.float64)
        memory = cuda.shared.array((_GROUPS, _MEMORY), types.float64)
        own = cuda.threadIdx.x // WIDTH
        group, groups = cuda.blockIdx.x * _GROUPS + own, cuda.gridDim.x * _GROUPS
        blocks = table.shape[1] // WIDTH
        for i in range(_MEMORY):
            memory[own, i] = np.nan
        _run_blocks(
            p1812, False, blocks * group // groups, blocks * (group + 1) // groups, offsets, d, h, cover, zone, table,
            percent, loss, status, table, table, work[own], memory[own],
        )  # fmt: skip

    flat, wide, whole = types.float64[::1], types.float64[:, ::1], types.int64[::1]
    profiles = (whole, flat, flat, flat, types.int8[::1])
    return Kernel(point_batch, (types.boolean, *profiles, wide, wide, wide, whole))


def launch(
    device: Device, p1812: bool, profiles: tuple[Any, ...], table: Float, percent: Float
) -> tuple[Float, NDArray[np.int64]]:
    """Return losses (k, columns) and status of links whose profiles lie in the device's memory.

    Parameters
    ----------
    profiles : offsets, distance [km], height [m], cover [m], zone, on the device
    table, percent : (input rows, columns) and (k, columns), columns a multiple of eight
    """
    columns = table.shape[1]
    loss = device.empty(percent.shape, np.float64)
    status = device.put(np.zeros(columns, dtype=np.int64))
    blocks = min(device.blocks, -(-columns // THREADS))
    arguments = (p1812, *profiles, device.put(table), device.put(percent), loss, status)
    device.launch(kernel(), blocks, arguments)
    return device.get(loss), device.get(status)


def losses(
    device: Device, p1812: bool, profiles: tuple[NDArray[Any], ...], table: Float, percent: Float
) -> tuple[Float, NDArray[np.int64]]:
    """Return what :func:`launch` returns for profiles in this process's memory, some millions of points at a time."""
    offsets, *points = profiles
    loss, status = np.empty(percent.shape), np.empty(table.shape[1], dtype=np.int64)
    first, last = 0, offsets.size - 1
    while first < last:
        stop = int(np.searchsorted(offsets, offsets[first] + MOST_POINTS, side="right")) - 1
        stop = last if stop >= last else max(first + WIDTH, first + (stop - first) // WIDTH * WIDTH)
        along, columns = slice(offsets[first], offsets[stop]), slice(first, -(-stop // WIDTH) * WIDTH)
        some = [offsets[first : stop + 1] - offsets[first], *(values[along] for values in points)]
        loss[:, columns], status[columns] = launch(
            device,
            p1812,
            tuple(device.put(values) for values in some),
            table[:, columns],
            percent[:, columns],
        )
        first = stop
    return loss, status
