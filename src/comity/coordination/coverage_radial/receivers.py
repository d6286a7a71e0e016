"""From the walk's state to the work area of the propagation kernel, one column a receiver."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comity.coordination.coverage_radial import state as s
from comity.coordination.coverage_radial._compiled import inlined
from comity.coordination.coverage_radial.bounds import (
    greatest_clearance,
    highest_above_line,
    smooth_clearance,
    smooth_slopes,
)
from comity.coordination.coverage_radial.hull import farthest_above, tangent
from comity.propagation import _mechanisms as given
from comity.propagation import _work as w
from comity.propagation.paths import SEA

Float = NDArray[np.float64]
Hulls = NDArray[np.int32]
Sizes = NDArray[np.int64]

_FAR_KM = 500.0


@inlined
def covered(
    work: Float, lane: int, row: int, target: int, state: Float, hulls: Hulls, sizes: Sizes, ground: Float, x: Float,
    tops: Float, k: int, d: float, hts: float, hrs: float, curvature: float, floor: float,
) -> None:  # fmt: skip
    """Bullington extremes of the covered ground: those of the two cases that the path is in."""
    tx_slope = state[row] + curvature * d
    rx_slope, nu = 1.0, floor
    if tx_slope < (hrs - hts) / d:
        nu = greatest_clearance(
            x, ground, s.COVERED * x.size, tops, tops.size // 2, k, d, hts, hrs, curvature, floor
        )
    else:
        i = tangent(hulls, row * x.size, sizes[row], x, ground, d, hrs - curvature * d * d)
        rx_slope = (ground[s.COVERED * x.size + i] - hrs) / (d - x[i]) + curvature * x[i]
    w.put_extremes(work, target, lane, tx_slope, rx_slope, nu)


@inlined
def bare(
    work: Float, lane: int, state: Float, hulls: Hulls, sizes: Sizes, ground: Float, x: Float, d: float, hts: float,
    hrs: float, curvature: float,
) -> None:  # fmt: skip
    """Horizons over bare ground, and how far it obstructs the straight line between the antennas."""
    slope = (hrs - hts) / d
    tx_slope, base, size = state[s.TX_BARE] + curvature * d, s.BARE_50 * x.size, sizes[s.BARE_50]
    plain = s.PLAIN * x.size
    w.put(work, w.TX_SLOPE, lane, tx_slope)
    w.put(work, w.TX_AT, lane, x[int(state[s.TX_BARE_AT])])
    if tx_slope > slope:
        i = tangent(hulls, base, size, x, ground, d, hrs - curvature * d * d)
        w.put(work, w.RX_SLOPE, lane, (ground[plain + i] - hrs) / (d - x[i]) + curvature * x[i])
        w.put(work, w.RX_AT, lane, x[i])
        w.put(work, w.NU_AT, lane, x[i])
    else:
        i = farthest_above(hulls, base, size, x, ground, slope - curvature * d)
        w.put(work, w.RX_SLOPE, lane, -slope)
        w.put(work, w.RX_AT, lane, x[i])
        w.put(work, w.NU_AT, lane, x[i])
    i = farthest_above(hulls, plain, sizes[s.PLAIN], x, ground, slope)
    j = tangent(hulls, plain, sizes[s.PLAIN], x, ground, d, hrs)
    w.put(work, w.H_OBS, lane, ground[plain + i] - (hts * (d - x[i]) + hrs * x[i]) / d)
    w.put(work, w.ALPHA_OBT, lane, state[s.TX_FLAT] - slope)
    w.put(work, w.ALPHA_OBR, lane, (ground[plain + j] - hrs) / (d - x[j]) + slope)


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
    dtm, dlm, omega = s.zones_to(state, copy, kind, x[k], d, receiver_zone)
    w.put(work, w.DTM, lane, dtm)
    w.put(work, w.DLM, lane, dlm)
    w.put(work, w.OMEGA, lane, omega)
    wet = receiver_zone == SEA
    first, last = state[s.FIRST_SEA], d if wet else state[s.LAST_SEA]
    if first < 0.0 and wet:
        first = d
    table[given.DCT, lane] = first if first >= 0.0 else _FAR_KM
    table[given.DCR, lane] = d - last if last >= 0.0 else _FAR_KM
    table[given.LLOC, lane] = 0.0 if wet else variability_db


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
