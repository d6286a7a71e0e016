"""The work area of one thread: a small table, one row per quantity, one column per lane (link of the block).

It stays in the first-level cache; kernels allocate nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comity.propagation._lane_memory import load, store
from comity.propagation._lanes import WIDTH, Real, inlined

Float = NDArray[np.float64]

# from the profile: Bullington slopes (tx, rx) [m/km] and clearance maxima (nu) for terrain with cover (G), bare
# ground (H) and the smooth path (S), at the median (50) and beta_0 (B) effective Earth; AT: distance [km]
(TX_G50, TX_GB, RX_G50, RX_GB, NU_G50, NU_GB, TX_H, TX_AT, RX_H, RX_AT, NU_AT) = range(11)
(TX_S50, TX_SB, RX_S50, RX_SB, NU_S50, NU_SB) = range(11, 17)
(H_OBS, ALPHA_OBT, ALPHA_OBR, V1, V2, DTOT, H_FIRST, H_LAST, HM, DTM, DLM, OMEGA) = range(17, 29)
# to the profile: smooth-Earth surface, limits of the roughness search, heights of the smooth path
(HST, SLOPE, ROUGH_FROM, ROUGH_TO, HTS_SMOOTH, HRS_SMOOTH) = range(29, 35)
# specific attenuation at the path's and at 3 g/m3 water vapour [dB/km]
(GAMMA_PATH, GAMMA_TROPO) = range(35, 37)
# whether the smooth path's own diffraction can count at all
(NEEDS_SMOOTH,) = range(37, 38)
ROWS = 38


def allocate() -> Float:
    """Return the work area of one thread."""
    return np.zeros(ROWS * WIDTH)


@inlined
def put(work: Float, row: int, lane: int, value: float) -> None:
    """Write one link's value."""
    work[row * WIDTH + lane] = value


@inlined
def get(work: Float, row: int, lane: int) -> float:
    """Read one link's value."""
    value: float = work[row * WIDTH + lane]
    return value


@inlined
def row(work: Float, number: int) -> Real:
    """Read a quantity of all eight links."""
    return load(work, number * WIDTH)


@inlined
def set_row(work: Float, number: int, value: Real) -> None:
    """Write a quantity of all eight links."""
    store(work, number * WIDTH, value)
