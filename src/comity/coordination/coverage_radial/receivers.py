"""From the walk's state to the work area of the propagation kernel, one column a receiver."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from comity.coordination.coverage_radial import state as s
from comity.coordination.coverage_radial._compiled import inlined, kernel
from comity.coordination.coverage_radial.sights import clearances, highest_above_line, slopes
from comity.propagation import _mechanisms as given
from comity.propagation import _work as w
from comity.propagation._profile import NO_COAST_KM
from comity.propagation.paths import SEA

Float = NDArray[np.float64]

#: Roughness up to this height counts as none [m].
_SMOOTH_M = 10.0


@inlined
def horizons(
    work: Float, lane: int, state: Float, r: s.Radial, k: int, d: float, hts: float, hrs: float, curvature: float,
    curvature_b: float, floor: float,
) -> None:  # fmt: skip
    """Extremes of covered and of bare ground, each of the case that the path is in, line of sight or not."""
    slope, tx_bare = (hrs - hts) / d, state[s.TX_BARE] + curvature * d
    tx_50, tx_b = state[s.TX_50] + curvature * d, state[s.TX_B] + curvature_b * d
    behind_50, behind_b, behind_bare = not tx_50 < slope, not tx_b < slope, tx_bare > slope
    obstructed = state[s.TX_FLAT] > slope
    rx_50 = rx_b = rx_bare = slope_r = obstacle = -1.0
    nu_50 = nu_b = floor
    at = 0.0
    if behind_50 or behind_bare or obstructed:
        rx_50, rx_b, rx_bare, at, slope_r, obstacle = slopes(
            r, k, d, hts, hrs, curvature, curvature_b, behind_50, behind_b, behind_bare, obstructed,
            int(state[s.HORIZON_BLOCK]),
        )  # fmt: skip
        if behind_bare:
            state[s.HORIZON_BLOCK] = math.floor(at / (s.BLOCK * r.tables[s.X * r.row + s.SPARE + 1]) + 1e-9)
    if not (behind_50 and behind_b and behind_bare):
        nu_50, nu_b, clearest = clearances(
            r, k, d, hts, hrs, curvature, curvature_b, not behind_50, not behind_b, not behind_bare, floor,
            int(state[s.CLEAREST_BLOCK]),
        )  # fmt: skip
        if not behind_bare:
            at = clearest
            state[s.CLEAREST_BLOCK] = math.floor(at / (s.BLOCK * r.tables[s.X * r.row + s.SPARE + 1]) + 1e-9)
    w.put_extremes(work, w.COVERED_50, lane, tx_50, rx_50, nu_50)
    w.put_extremes(work, w.COVERED_B, lane, tx_b, rx_b, nu_b)
    w.put(work, w.TX_SLOPE, lane, tx_bare)
    w.put(work, w.TX_AT, lane, r.tables[s.X * r.row + s.SPARE + int(state[s.TX_BARE_AT])])
    w.put(work, w.RX_SLOPE, lane, rx_bare)
    w.put(work, w.RX_AT, lane, at)
    w.put(work, w.NU_AT, lane, at)
    w.put(work, w.H_OBS, lane, obstacle if obstructed else -1.0)
    w.put(work, w.ALPHA_OBT, lane, state[s.TX_FLAT] - slope)
    w.put(work, w.ALPHA_OBR, lane, slope_r + slope)


@inlined
def sums_and_zones(
    work: Float, table: Float, lane: int, state: Float, copy: Float, r: s.Radial, foot: float,
    kind: int, k: int, d: float, height: float, receiver_zone: int, variability_db: float,
) -> None:  # fmt: skip
    """Smooth-Earth sums and zone lengths of the path that ends at the receiver."""
    h, at = r.ground[s.PLAIN * r.row + s.SPARE + k], r.tables[s.X * r.row + s.SPARE + k]
    step = d - at
    w.put(work, w.V1, lane, state[s.V1] + step * (height + h))
    w.put(work, w.V2, lane, state[s.V2] + step * (height * (2.0 * d + at) + h * (d + 2.0 * at)))
    w.put(work, w.DTOT, lane, d)
    w.put(work, w.H_FIRST, lane, foot)
    w.put(work, w.H_LAST, lane, height)
    s.close_all(state, copy, kind, at, d, receiver_zone)
    w.put(work, w.DTM, lane, copy[s.DTM])
    w.put(work, w.DLM, lane, copy[s.DLM])
    w.put(work, w.OMEGA, lane, copy[s.AT_SEA] / d)
    dry = copy[s.FIRST_SEA] < 0.0
    table[given.DCT, lane] = NO_COAST_KM if dry else copy[s.FIRST_SEA]
    table[given.DCR, lane] = NO_COAST_KM if dry else d - copy[s.LAST_SEA]
    table[given.LLOC, lane] = 0.0 if receiver_zone == SEA else variability_db


@kernel
def roughness(work: Float, lane: int, r: s.Radial, k: int) -> None:
    """Roughness between the horizons; up to 10 m it counts as none."""
    per_step = 1.0 / r.tables[s.X * r.row + s.SPARE + 1]
    first = min(max(int(w.get(work, w.ROUGH_FROM, lane) * per_step + 0.5), 1), k)
    last = min(max(int(w.get(work, w.ROUGH_TO, lane) * per_step + 0.5), first), k)
    start, slope = w.get(work, w.HST, lane), w.get(work, w.SLOPE, lane)
    w.put(work, w.HM, lane, highest_above_line(r, first, last, start, slope, _SMOOTH_M))
