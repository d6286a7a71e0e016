"""Run a kernel compiled by numba, or as plain Python on lists where numba is missing or not wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any, Literal

import numpy as np

Backend = Literal["auto", "numba", "python"]


@cache
def _compiled(kernel: Callable[..., Any]) -> Callable[..., Any]:
    from comity.propagation._compiled import kernel as compile_kernel

    return compile_kernel(kernel)


def run(kernel: Callable[..., Any], backend: Backend, arrays: Sequence[Any], results: tuple[int, ...]) -> int:
    """Call ``kernel`` on ``arrays``; ``results`` are the positions of the arrays that it writes for the caller.

    The plain-Python way hands over lists, which Python indexes several times faster than arrays.
    """
    if backend == "numba" or (backend == "auto" and find_spec("numba") is not None):
        return int(_compiled(kernel)(*arrays) or 0)
    lists = [array.tolist() for array in arrays]
    value = int(kernel(*lists) or 0)
    for i in results:
        arrays[i][:] = np.asarray(lists[i], dtype=arrays[i].dtype)
    return value
