"""The machine against another compiler of the same source: Numba for CUDA, executed here, and Numba for processors."""

import math
from typing import Any

import numpy as np
import pytest

pytest.importorskip("numba_cuda", reason="compiles for CUDA; no GPU is needed")
from numba import cuda, njit, types
from ptx_device import ptx_of
from ptx_machine import Machine

from comity.propagation.cuda.device import Kernel


@njit
def numbers(i: int, a: Any, b: Any, f: Any, u: Any, out: Any) -> None:
    """Write what integers, bytes, single and double precision, branches and roundings make of two numbers."""
    x, y, n = a[i], b[i], np.int64(u[i])
    out[0, i] = math.floor(x) + math.ceil(y) + round(x)
    out[1, i] = np.float64(np.float32(x) * f[i]) + np.float64(np.float32(y) / f[i])
    out[2, i] = int(x) // 7 + int(y) % 5
    out[3, i] = (n << 3 | n >> 1) ^ ~n
    out[4, i] = abs(x) - min(x, y) * max(x, y)
    out[5, i] = np.int32(int(x)) * np.int32(3) % np.int32(11)
    out[6, i] = np.uint8(u[i] * 3)
    out[7, i] = math.copysign(x, y) + math.sqrt(abs(y))
    out[8, i] = x % 3.0
    kind = u[i] % 5
    if kind == 0:
        out[9, i] = x
    elif kind == 1:
        out[9, i] = y / x
    elif kind == 2:
        out[9, i] = x - y
    elif kind == 3:
        out[9, i] = -x * y
    else:
        out[9, i] = x < y


def kernel(a: Any, b: Any, f: Any, u: Any, out: Any) -> None:
    i = cuda.grid(1)
    own = cuda.local.array(5, types.float64)
    if i < a.size:
        numbers(i, a, b, f, u, out)
        for j in range(5):
            own[j] = a[i] * j
        out[10, i] = own[u[i] % 5]


@pytest.mark.parametrize("order", ["descending", 5])
def test_numbers_of_every_kind_are_what_numba_makes_of_them_on_a_processor(order: str | int) -> None:
    rng, n = np.random.default_rng(1), 200
    a, b = rng.normal(0, 50, (2, n))
    f, u = rng.normal(0, 1, n).astype(np.float32), rng.integers(0, 256, n).astype(np.uint8)
    found, expected = np.full((11, n), np.nan), np.full((11, n), np.nan)
    for i in range(n):
        numbers(i, a, b, f, u, expected)
    expected[10] = a * (u % 5)
    line = types.float64[::1]
    signature = (line, line, types.float32[::1], types.uint8[::1], types.float64[:, ::1])
    Machine(ptx_of(Kernel(kernel, signature))).launch(4, 64, [a, b, f, u, found], order=order)
    np.testing.assert_array_equal(found, expected)
