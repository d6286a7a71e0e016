"""The work area of eight links of ITM: rows as in :mod:`._work`, one column a link.

A mode fills the geometry, from a profile or from siting criteria; what follows from it is the same for both.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.propagation._compiled import inlined
from comity.propagation._lanes import WIDTH, Real, Truth, where
from comity.propagation._work import row, set_row

Float = NDArray[np.float64]

# the profile: spacing [m], intervals, first point in the array of heights, mean height [m], and whether one of its
# heights is none
(XI, N, FIRST, MEAN, FLAW) = range(5)
# the points where the horizons are; from where to where terrain counts [m]
(TX_POINT, RX_POINT, START, END) = range(5, 9)
# the geometry: path length [m], horizon angles [rad] and distances [m], effective and structural heights [m],
# terrain irregularity [m]; refractivity [N-units] and effective earth radius [m] go before it
(D, THETA_TX, THETA_RX, D_TX, D_RX, HE_TX, HE_RX, H_TX, H_RX, DELTA_H) = range(9, 19)
(N_S, A_E) = range(19, 21)
ROWS = 21


class Pair(NamedTuple):
    """A quantity of both terminals."""

    tx: Real
    rx: Real


class Geometry(NamedTuple):
    """Path length [m], horizon angles [rad] and distances [m], effective and structural heights [m], delta h [m]."""

    d: Real
    theta_hzn: Pair
    d_hzn: Pair
    h_e: Pair
    h: Pair
    delta_h: Real


def allocate() -> Float:
    """Return the work area of one thread."""
    return np.zeros(ROWS * WIDTH)


@inlined
def pair(work: Float, number: int) -> Pair:
    """Read a quantity of both terminals."""
    return Pair(row(work, number), row(work, number + 1))


@inlined
def set_pair(work: Float, number: int, value: Pair) -> None:
    """Write a quantity of both terminals."""
    set_row(work, number, value.tx)
    set_row(work, number + 1, value.rx)


@inlined
def choose(condition: Truth, a: Pair, b: Pair) -> Pair:
    """Choose link by link."""
    return Pair(where(condition, a.tx, b.tx), where(condition, a.rx, b.rx))


@inlined
def geometry(work: Float) -> Geometry:
    """Read the geometry of eight links."""
    theta, d_hzn, h_e, h = pair(work, THETA_TX), pair(work, D_TX), pair(work, HE_TX), pair(work, H_TX)
    return Geometry(row(work, D), theta, d_hzn, h_e, h, row(work, DELTA_H))
