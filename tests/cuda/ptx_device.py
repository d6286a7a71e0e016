"""A device that executes the PTX of our kernels on the CPU: what stands where a GPU would."""

from __future__ import annotations

from contextlib import nullcontext
from functools import cache
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import numpy as np
from numba import cuda
from numba.cuda import compiler, dispatcher
from numpy.typing import NDArray
from ptx_machine import POISON, Machine

from comity.propagation.cuda import lowering
from comity.propagation.cuda.device import THREADS, Kernel, without_contraction

CAPABILITY = (9, 0)


@cache
def ptx_of(kernel: Kernel, contracted: bool = False) -> str:
    """Return the PTX that the back end would load into a GPU, compiled without one."""
    lowering.register()
    gpu = SimpleNamespace(compute_capability=CAPABILITY)
    rounding = nullcontext() if contracted else without_contraction(compiler)
    with patch.object(dispatcher, "get_current_device", lambda: gpu), rounding:
        return str(cuda.compile_ptx(kernel.function, kernel.signature, cc=CAPABILITY)[0])


@cache
def machine_of(kernel: Kernel, checked: bool) -> Machine:
    return Machine(ptx_of(kernel), checked=checked)


class PtxDevice:
    """Arrays of the device are arrays of this process; memory that nobody filled holds no number."""

    name, blocks = "PTX on a processor", 3

    def __init__(self, order: str | int = "ascending", checked: bool = False) -> None:
        self._order, self._checked = order, checked
        self.launched: list[str] = []

    def put(self, array: NDArray[Any]) -> NDArray[Any]:
        return np.array(array, order="C")

    def empty(self, shape: int | tuple[int, ...], dtype: Any) -> NDArray[Any]:
        array = np.empty(shape, dtype)
        array.reshape(-1).view(np.uint8)[:] = np.resize(
            np.frombuffer(POISON.to_bytes(8, "little"), np.uint8), array.nbytes
        )
        return array

    def get(self, array: NDArray[Any]) -> NDArray[Any]:
        return array.copy()

    def launch(self, kernel: Kernel, blocks: int, arguments: tuple[Any, ...]) -> None:
        self.launched.append(kernel.function.__name__)
        machine_of(kernel, self._checked).launch(blocks, THREADS, arguments, order=self._order)
