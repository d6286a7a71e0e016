"""From a formula for numbers to a function of arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comity.propagation._compiled import universal

Float = NDArray[np.float64]


def elementwise(formula: Callable[..., Any]) -> Callable[..., Float]:
    """Return ``formula``, a function of numbers that can be compiled, as a function that broadcasts arrays.

    Every argument reaches the formula as float64. At their edges the elementary functions divide by zero or
    overflow on the way to a defined result, so numpy's warnings about it are off.
    """
    ufunc = universal(formula)

    def call(*arrays: ArrayLike) -> Float:
        with np.errstate(all="ignore"):
            return np.asarray(ufunc(*(np.asarray(array, dtype=np.float64) for array in arrays)))

    return call
