"""The work area of one thread: a small table, one row per quantity, one column per lane (link of the block).

It stays in the first-level cache; kernels allocate nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comity.propagation._compiled import inlined
from comity.propagation._lane_memory import load, store
from comity.propagation._lanes import WIDTH, Real

Float = NDArray[np.float64]

# Bullington extremes, three rows each: greatest slope seen by transmitter and by receiver [m/km], greatest
# clearance parameter before its frequency factor. COVERED: terrain with ground cover, SMOOTH: zero heights
# between the effective terminals; 50: median, B: beta_0 effective Earth
(COVERED_50, COVERED_B, SMOOTH_50, SMOOTH_B) = range(0, 12, 3)
# bare ground at the median Earth: greatest slopes, where they lie [km], where the clearance is greatest [km]
(TX_SLOPE, TX_AT, RX_SLOPE, RX_AT, NU_AT) = range(12, 17)
(H_OBS, ALPHA_OBT, ALPHA_OBR, V1, V2, DTOT, H_FIRST, H_LAST, HM, DTM, DLM, OMEGA) = range(17, 29)
# for the second walk: smooth-Earth surface, limits of the roughness search, heights of the smooth path, and
# whether its diffraction can count at all
(HST, SLOPE, ROUGH_FROM, ROUGH_TO, HTS_SMOOTH, HRS_SMOOTH, NEEDS_SMOOTH) = range(29, 36)
# specific attenuation at the path's and at troposcatter's water vapour [dB/km]
(GAMMA_PATH, GAMMA_TROPO) = range(36, 38)
# distance over land from either terminal to the sea [km]
(COAST_T, COAST_R) = range(38, 40)
ROWS = 40


def allocate() -> Float:
    """Return the work area of one thread."""
    return np.zeros(ROWS * WIDTH)


@inlined
def put(work: Float, number: int, lane: int, value: float) -> None:
    """Write one link's value."""
    work[number * WIDTH + lane] = value


@inlined
def put_extremes(work: Float, number: int, lane: int, tx_slope: float, rx_slope: float, nu: float) -> None:
    """Write one link's Bullington extremes."""
    put(work, number, lane, tx_slope)
    put(work, number + 1, lane, rx_slope)
    put(work, number + 2, lane, nu)


@inlined
def get(work: Float, number: int, lane: int) -> float:
    """Read one link's value."""
    value: float = work[number * WIDTH + lane]
    return value


@inlined
def row(work: Float, number: int) -> Real:
    """Read a quantity of all eight links."""
    return load(work, number * WIDTH)


@inlined
def set_row(work: Float, number: int, value: Real) -> None:
    """Write a quantity of all eight links."""
    store(work, number * WIDTH, value)
