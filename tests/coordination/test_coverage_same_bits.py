"""One transmitter, one picture: radial coverage has the same bytes whatever instructions the processor offers."""

from __future__ import annotations

import platform
from collections.abc import Callable

import llvmlite.binding as llvm
import numpy as np
import pytest
from numba import njit

PROGRAM = """
import hashlib
from comity.coordination.coverage import Plan, Transmitter, coverage
from comity.terrain import open_ground

ground, found = open_ground(), hashlib.sha256()
for place in ((24.80, 120.97), (57.25, -6.25)):
    for time_percent, cover in ((50.0, "degurba"), (1.0, "none")):
        plan = Plan(3.0, 50.0, time_percent=time_percent, cover=cover)
        found.update(coverage(ground, Transmitter(*place, 20.0, 3500.0), plan, mode="radial").loss_db.tobytes())
print(found.hexdigest())
"""


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="names processors of one family")
def test_radial_coverage_has_the_same_bytes_with_the_plainest_instructions(
    printed_on: Callable[[str, str], str],
) -> None:
    assert printed_on(PROGRAM, llvm.get_host_cpu_name()) == printed_on(PROGRAM, "generic")


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("log", 1e-12, 1e12), ("log10", 1e-12, 1e12), ("exp", -60.0, 60.0), ("exp10", -25.0, 25.0),
     ("sin", -8.0, 8.0), ("cos", -8.0, 8.0), ("asin", -1.0, 1.0), ("acos", -1.0, 1.0), ("atan", -9.0, 9.0)],
)  # fmt: skip
def test_shorter_elementary_functions_err_by_less_than_a_ten_thousand_millionth(name, low, high):
    """Oracle: NumPy. Of a value below one the error is absolute: it enters sums of decibels."""
    from comity.coordination.coverage_radial import _quick

    function = getattr(_quick, name)

    @njit
    def over(values):
        return np.array([function(x) for x in values])

    rng = np.random.default_rng(1)
    x = np.exp(rng.uniform(np.log(low), np.log(high), 20_000)) if low > 0 else rng.uniform(low, high, 20_000)
    known = {"exp10": lambda v: 10.0**v, "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan}
    expected = known.get(name, getattr(np, name, None))(x)
    error = np.abs(over(x) - expected)
    bound = np.abs(expected) if name.startswith("exp") else np.maximum(np.abs(expected), 1.0)
    assert (error <= 1e-10 * bound).all()
