"""The smooth path of eight receivers: zero heights between the effective terminals, at the points of the radial."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comity.coordination.coverage_radial._compiled import inlined
from comity.propagation import _work as w
from comity.propagation._lanes import Real, larger, root, smaller, where

Float = NDArray[np.float64]

_WHOLE = 6755399441055744.0  # 1.5 * 2**52: adding and taking it away rounds to the nearest integer


@inlined
def _below(x: Real) -> Real:
    """Return an integer not above ``x`` and not below ``x - 1``."""
    return ((x - 0.5) + _WHOLE) - _WHOLE


@inlined
def _clearance(x: Real, d: Real, hte: Real, hre: Real, curvature: float) -> Real:
    y = d - x
    return (curvature * x * y - (hte * y + hre * x) / d) * root(1.0 / (x * y))


@inlined
def smooth_path(
    work: Float, target: int, last: Real, d: Real, step: float, curvature: float, halvings: int
) -> None:
    """Fill the Bullington extremes of the smooth path.

    A slope has one maximum, at sqrt(h / curvature) from its end. The clearance parameter has one where the ray is
    reflected at equal angles (it is concave in t, x = d sin(t)**2), a root of a cubic found by bisection. The points
    beside each of them are compared.
    """
    hte, hre = w.row(work, w.HTS_SMOOTH), w.row(work, w.HRS_SMOOTH)
    i = smaller(larger(_below(root(hte * (1.0 / curvature)) * (1.0 / step)), 1.0), last)
    x, z = i * step, smaller(i + 1.0, last) * step
    tx = larger(curvature * (d - x) - hte / x, curvature * (d - z) - hte / z)
    i = smaller(larger(_below((d - root(hre * (1.0 / curvature))) * (1.0 / step)), 1.0), last)
    x, z = i * step, smaller(i + 1.0, last) * step
    rx = larger(curvature * x - hre / (d - x), curvature * z - hre / (d - z))
    low, high = where(last > 0.0, 1.0, last), last
    for _ in range(halvings):
        middle = _below(0.5 * (low + high) + 0.25)
        x = middle * step
        y = d - x
        rising = curvature * x * y * (y - x) + hte * y > hre * x
        low, high = where(rising & (low < high), middle + 1.0, low), where(rising, high, middle)
    before = larger(low - 1.0, 1.0)
    nu = larger(
        _clearance(before * step, d, hte, hre, curvature), _clearance(low * step, d, hte, hre, curvature)
    )
    w.set_row(work, target, tx)
    w.set_row(work, target + 1, rx)
    w.set_row(work, target + 2, nu)
