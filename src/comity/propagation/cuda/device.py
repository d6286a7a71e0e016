"""A GPU: memory, kernels, launches.

:class:`Device` is all that the back end asks of one. Tests put a machine in its place that executes the very PTX code
on a processor.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from comity import _notices
from comity.errors import ComityError, MissingError, Problem

_INSTALL = "pip install 'comity[cuda]'"

#: Threads of a block: the groups in it share the fast memory of one multiprocessor.
THREADS = 64
#: Blocks that one multiprocessor holds at once, as memory and registers allow.
_BLOCKS_A_MULTIPROCESSOR = 5

#: Instructions that round once where the source rounds twice, or that the assembler may turn into such.
_CONTRACTED = re.compile(r"\b(fma|mad)\.rn\.f|\b(add|sub|mul)\.f")


@dataclass(frozen=True, slots=True)
class Kernel:
    """A kernel: a function for the compiler, and its argument types as Numba names them."""

    function: Callable[..., None]
    signature: tuple[Any, ...]


class Device(Protocol):
    """What the back end asks of a GPU; arrays of the device are of its own kind."""

    name: str
    #: blocks of :data:`THREADS` threads that keep it busy
    blocks: int

    def put(self, array: NDArray[Any]) -> Any:
        """Return a copy of ``array`` in the device's memory."""

    def empty(self, shape: int | tuple[int, ...], dtype: Any) -> Any:
        """Return memory of the device with nothing of meaning in it."""

    def get(self, array: Any) -> NDArray[Any]:
        """Return a copy in the memory of this process, after all launches have ended."""

    def launch(self, kernel: Kernel, blocks: int, arguments: tuple[Any, ...]) -> None:
        """Run ``blocks`` blocks of :data:`THREADS` threads."""


class CudaDevice:
    """The first GPU that CUDA shows."""

    def __init__(self) -> None:
        cuda = _numba_cuda()
        self._cuda, self._lock = cuda, threading.Lock()
        self._compiled: dict[Callable[..., None], Any] = {}
        gpu = cuda.get_current_device()
        name = gpu.name
        self.name = name.decode() if isinstance(name, bytes) else str(name)
        self.blocks = _BLOCKS_A_MULTIPROCESSOR * int(gpu.MULTIPROCESSOR_COUNT)

    def put(self, array: NDArray[Any]) -> Any:
        """Return a copy of ``array`` in the GPU's memory."""
        return self._cuda.to_device(np.ascontiguousarray(array))

    def empty(self, shape: int | tuple[int, ...], dtype: Any) -> Any:
        """Return memory of the GPU with nothing of meaning in it."""
        return self._cuda.device_array(shape, dtype)

    def get(self, array: Any) -> NDArray[Any]:
        """Return a copy in the memory of this process."""
        return np.asarray(array.copy_to_host())

    def launch(self, kernel: Kernel, blocks: int, arguments: tuple[Any, ...]) -> None:
        """Run a kernel, compiled at its first use."""
        with self._lock:
            if kernel.function not in self._compiled:
                self._compiled[kernel.function] = self._compile(kernel)
        self._compiled[kernel.function][blocks, THREADS](*arguments)

    def _compile(self, kernel: Kernel) -> Any:
        _notices.tell_once("kernels are compiled for the GPU, about ten seconds each")
        from numba.cuda import dispatcher

        with without_contraction(dispatcher):
            compiled = self._cuda.jit(kernel.signature)(kernel.function)
        (made,) = compiled.overloads.values()
        if _CONTRACTED.search(made.library.get_asm_str()):
            raise ComityError(
                "the GPU's compiler contracts products and sums, so its bits would not be the CPU's"
            )
        return compiled


@contextmanager
def without_contraction(module: Any) -> Iterator[None]:
    """Let ``module`` (of Numba CUDA) compile every product and every sum with its own rounding.

    Numba CUDA has no option for it; libNVVM, which it calls, has.
    """
    original = module.compile_cuda

    def compile_cuda(*args: Any, nvvm_options: dict[str, Any], **kwargs: Any) -> Any:
        return original(*args, nvvm_options={**nvvm_options, "fma": False}, **kwargs)

    module.compile_cuda = compile_cuda
    try:
        yield
    finally:
        module.compile_cuda = original


def _numba_cuda() -> Any:
    """Return Numba CUDA, ready for our types."""
    if find_spec("numba_cuda") is None:
        raise MissingError(
            "a GPU was asked for, and Numba CUDA is not installed",
            [Problem("--device cuda", "numba-cuda is missing", f"{_INSTALL}, or --device cpu")],
        )
    from numba import cuda as numba_cuda

    from comity.propagation.cuda import lowering

    cuda: Any = numba_cuda
    lowering.register()
    try:
        available = cuda.is_available()
    except Exception as error:  # whatever a broken driver raises, the way out is the same
        raise _no_gpu(f"{type(error).__name__}: {error}") from error
    if not available:
        raise _no_gpu("CUDA shows no GPU")
    return cuda


def _no_gpu(what: str) -> MissingError:
    accepted = "an NVIDIA GPU with its driver, or --device cpu, which computes the same"
    return MissingError("a GPU was asked for, and there is none", [Problem("--device cuda", what, accepted)])


@lru_cache(maxsize=1)
def open_gpu() -> Device:
    """Return the GPU.

    Raises
    ------
    MissingError
        If Numba CUDA or a GPU is missing, naming the way out.
    """
    return CudaDevice()


def open_device(name: str | Device) -> Device | None:
    """Return the device that computes: ``None`` for ``"cpu"``, the GPU for ``"cuda"``.

    Parameters
    ----------
    name : ``"cpu"``, ``"cuda"``, or a device that is open already
    """
    if not isinstance(name, str):
        return name
    if name == "cpu":
        return None
    if name == "cuda":
        return open_gpu()
    raise ComityError("no such device", [Problem("device", repr(name), "cpu or cuda")])
