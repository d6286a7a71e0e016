"""From the walk's state to the work area of the propagation kernel, one column a receiver."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comity.coordination.coverage_radial import state as s
from comity.coordination.coverage_radial._compiled import inlined
from comity.coordination.coverage_radial.bounds import (
    clearest_point,
    greatest_clearance,
    highest_above_line,
    smooth_clearance,
    smooth_slopes,
)
from comity.coordination.coverage_radial.hull import farthest_above, tangent
from comity.propagation import _mechanisms as given
from comity.propagation import _work as w
from comity.propagation._profile import NO_COAST_KM
from comity.propagation.paths import SEA

Float = NDArray[np.float64]
Hulls = NDArray[np.int32]
Sizes = NDArray[np.int64]


@inlined
def covered(
    work: Float, lane: int, state: Float, hulls: Hulls, sizes: Sizes, ground: Float, x: Float, tops: Float, k: int,
    d: float, hts: float, hrs: float, curvature: float, curvature_b: float, floor: float,
) -> None:  # fmt: skip
    """Bullington extremes of the covered ground over both effective Earths: of the case that each path is in."""
    slope, base, top = (hrs - hts) / d, s.COVERED * x.size, tops.size // 2
    tx_slope, rx_slope, nu, last = state[s.TX_50] + curvature * d, 1.0, floor, sizes[s.COVERED_50] - 1
    if tx_slope < slope:
        nu = greatest_clearance(x, ground, base, tops, top, k, d, hts, hrs, curvature, floor)
    else:
        last = tangent(hulls, 0, sizes[s.COVERED_50], x, ground, d, hrs - curvature * d * d)
        i = hulls[last]
        rx_slope = (ground[base + i] - hrs) / (d - x[i]) + curvature * x[i]
    w.put_extremes(work, w.COVERED_50, lane, tx_slope, rx_slope, nu)
    tx_slope, rx_slope = state[s.TX_B] + curvature_b * d, 1.0
    if tx_slope < slope:
        # Over the less curved Earth everything lies lower: what cleared before clears now.
        if nu > floor or work[w.COVERED_50 * 8 + lane] >= slope:
            nu = greatest_clearance(x, ground, base, tops, top, k, d, hts, hrs, curvature_b, floor)
    else:
        rx_slope = -1e300
        for v in range(last + 1):
            i = hulls[v]
            rx_slope = max(rx_slope, (ground[base + i] - hrs) / (d - x[i]) + curvature_b * x[i])
    w.put_extremes(work, w.COVERED_B, lane, tx_slope, rx_slope, nu)


@inlined
def bare(
    work: Float, lane: int, state: Float, hulls: Hulls, rise: Float, sizes: Sizes, ground: Float, x: Float,
    tops: Float, k: int, d: float, hts: float, hrs: float, curvature: float,
) -> None:  # fmt: skip
    """Horizons over bare ground, and how far it obstructs the straight line between the antennas."""
    slope, tx_slope = (hrs - hts) / d, state[s.TX_BARE] + curvature * d
    base, size, plain = s.BARE_50 * x.size, sizes[s.BARE_50], s.PLAIN * x.size
    w.put(work, w.TX_SLOPE, lane, tx_slope)
    w.put(work, w.TX_AT, lane, x[int(state[s.TX_BARE_AT])])
    if tx_slope > slope:
        i = hulls[base + tangent(hulls, base, size, x, ground, d, hrs - curvature * d * d)]
        w.put(work, w.RX_SLOPE, lane, (ground[plain + i] - hrs) / (d - x[i]) + curvature * x[i])
    else:
        i = hulls[base + farthest_above(hulls, rise, base, size, (slope - curvature * d) * x[1])]
        i = clearest_point(x, ground, plain, tops, 0, k, d, hts, hrs, curvature, i)
        w.put(work, w.RX_SLOPE, lane, -slope)
    w.put(work, w.RX_AT, lane, x[i])
    w.put(work, w.NU_AT, lane, x[i])
    obstacle, slope_r = -1.0, 0.0
    if state[s.TX_FLAT] > slope:
        for v in range(base, base + size):
            i = hulls[v]
            obstacle = max(obstacle, ground[plain + i] - (hts * (d - x[i]) + hrs * x[i]) / d)
            slope_r = max(slope_r, (ground[plain + i] - hrs) / (d - x[i]) + slope)
    w.put(work, w.H_OBS, lane, obstacle)
    w.put(work, w.ALPHA_OBT, lane, state[s.TX_FLAT] - slope)
    w.put(work, w.ALPHA_OBR, lane, slope_r)


@inlined
def sums_and_zones(
    work: Float, table: Float, lane: int, state: Float, copy: Float, ground: Float, x: Float,
    kind: int, k: int, d: float, height: float, receiver_zone: int, variability_db: float,
) -> None:  # fmt: skip
    """Smooth-Earth sums and zone lengths of the path that ends at the receiver."""
    plain = s.PLAIN * x.size
    h, step = ground[plain + k], d - x[k]
    w.put(work, w.V1, lane, state[s.V1] + step * (height + h))
    w.put(work, w.V2, lane, state[s.V2] + step * (height * (2.0 * d + x[k]) + h * (d + 2.0 * x[k])))
    w.put(work, w.DTOT, lane, d)
    w.put(work, w.H_FIRST, lane, ground[plain])
    w.put(work, w.H_LAST, lane, height)
    s.close_all(state, copy, kind, x[k], d, receiver_zone)
    w.put(work, w.DTM, lane, copy[s.DTM])
    w.put(work, w.DLM, lane, copy[s.DLM])
    w.put(work, w.OMEGA, lane, copy[s.AT_SEA] / d)
    dry = copy[s.FIRST_SEA] < 0.0
    table[given.DCT, lane] = NO_COAST_KM if dry else copy[s.FIRST_SEA]
    table[given.DCR, lane] = NO_COAST_KM if dry else d - copy[s.LAST_SEA]
    table[given.LLOC, lane] = 0.0 if receiver_zone == SEA else variability_db


@inlined
def second_look(
    work: Float, lane: int, ground: Float, x: Float, tops: Float, k: int, d: float, curvature: float,
    curvature_b: float,
) -> None:  # fmt: skip
    """Roughness between the horizons, and the smooth path where its diffraction can count."""
    step = x[1]
    first = min(max(int(np.rint(w.get(work, w.ROUGH_FROM, lane) / step)), 1), k)
    last = min(max(int(np.rint(w.get(work, w.ROUGH_TO, lane) / step)), first), k)
    start, slope = w.get(work, w.HST, lane), w.get(work, w.SLOPE, lane)
    w.put(
        work, w.HM, lane, highest_above_line(x, ground, s.PLAIN * x.size, tops, 0, first, last, start, slope)
    )
    if w.get(work, w.NEEDS_SMOOTH, lane) > 0.0:
        hte, hre = w.get(work, w.HTS_SMOOTH, lane), w.get(work, w.HRS_SMOOTH, lane)
        _smooth(work, lane, w.SMOOTH_50, x, k, d, hte, hre, curvature)
        _smooth(work, lane, w.SMOOTH_B, x, k, d, hte, hre, curvature_b)


@inlined
def _smooth(
    work: Float, lane: int, target: int, x: Float, k: int, d: float, hte: float, hre: float, curvature: float
) -> None:
    tx, rx = smooth_slopes(k, x[1], d, hte, hre, curvature)
    nu = smooth_clearance(x, k, d, hte, hre, curvature) if tx < (hre - hte) / d else 0.0
    w.put_extremes(work, target, lane, tx, rx, nu)
