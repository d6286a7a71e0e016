"""The one way in which terrain kernels are compiled: plain IEEE arithmetic, no interpreter lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])


def kernel(function: Function) -> Function:
    """Compile ``function``: no ``fastmath`` (a decision has the same bits on every processor), cached on disk."""
    return cast(Function, njit(cache=True, nogil=True, error_model="numpy")(function))
