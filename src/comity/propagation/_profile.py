"""What walks over a terrain profile yield: slopes, clearances, smooth-Earth sums, roughness, zone lengths.

P.452-18 and P.1812-8 read a profile only through maxima and two sums. Each function here takes eight points at a
time and leaves its results in column ``lane`` of the work area (see :mod:`._work`), one column per link. Lanes past
the end of a profile repeat its first intermediate point, which changes no maximum and adds segments of no length.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comity.propagation import _work as w
from comity.propagation._compiled import kernel
from comity.propagation._lane_memory import (
    first_lanes,
    largest,
    load_first,
    load_word,
    prefetch,
    smallest,
    total,
)
from comity.propagation._lanes import lanes, larger, root, smaller, where
from comity.propagation.paths import COASTAL_LAND, INLAND, SEA

Float = NDArray[np.float64]

_LOW, _FAR = -1e300, 1e300

#: Points by which memory is asked for ahead of the walk, about two profiles: without it the processor waits for
#: memory half of the time, because profiles are shorter than the pages its own look-ahead stops at.
_AHEAD = 400

#: Distance to the sea of a path that has none; the coupling over sea ends at 5 km.
NO_COAST_KM = 500.0

#: Flaws of a profile, as bits of its status.
FIRST_NOT_ZERO, NOT_INCREASING, NOT_FINITE, BAD_COVER, BAD_ZONE = 1, 2, 4, 8, 16


@kernel
def bare_ground(
    work: Float,
    lane: int,
    d: Float,
    h: Float,
    start: int,
    stop: int,
    hts: float,
    hrs: float,
    curvature: float,
) -> int:
    """Horizons, obstruction and smooth-Earth sums of the terrain without cover; returns flaws found.

    ``curvature`` is 500 Ce [m/km2] for the median effective Earth.
    """
    last = stop - 1
    dtot, d_1, h_1 = d[last], d[start + 1], h[start + 1]
    per_km = 1.0 / dtot
    tx_slope = rx_slope = clearance = tx_at = rx_at = nu_at = lanes(_LOW)
    obstacle = slope_t = slope_r = lanes(_LOW)
    narrowest, v1, v2 = lanes(_FAR), lanes(0.0), lanes(0.0)
    for i in range(start + 1, last, 8):
        prefetch(d, i + _AHEAD)
        prefetch(h, i + _AHEAD)
        mask = first_lanes(last - i)
        x, hx = load_first(d, i, mask, d_1), load_first(h, i, mask, h_1)
        before, h_before = load_first(d, i - 1, mask, d_1), load_first(h, i - 1, mask, h_1)
        y = dtot - x
        xy = x * y
        inverse = 1.0 / xy
        per_x, per_y = y * inverse, x * inverse
        above = hx - (hts * y + hrs * x) * per_km
        tx, rx = (hx - hts) * per_x + curvature * y, (hx - hrs) * per_y + curvature * x
        nu = (above + curvature * xy) * root(inverse)
        # of equal maxima, the first is the transmitter's horizon and the last the receiver's
        tx_at, tx_slope = where(tx > tx_slope, x, tx_at), larger(tx, tx_slope)
        rx_at, rx_slope = where(rx >= rx_slope, x, rx_at), larger(rx, rx_slope)
        nu_at, clearance = where(nu >= clearance, x, nu_at), larger(nu, clearance)
        obstacle = larger(above, obstacle)
        slope_t, slope_r = larger(above * per_x, slope_t), larger(above * per_y, slope_r)
        step = x - before
        narrowest = smaller(where(mask, step, _FAR), narrowest)
        v1 = v1 + step * (hx + h_before)
        v2 = v2 + step * (hx * (2.0 * x + before) + h_before * (x + 2.0 * before))
    best_tx, best_rx, best_nu = largest(tx_slope), largest(rx_slope), largest(clearance)
    w.put(work, w.TX_SLOPE, lane, best_tx)
    w.put(work, w.TX_AT, lane, smallest(where(tx_slope == best_tx, tx_at, _FAR)))
    w.put(work, w.RX_SLOPE, lane, best_rx)
    w.put(work, w.RX_AT, lane, largest(where(rx_slope == best_rx, rx_at, _LOW)))
    w.put(work, w.NU_AT, lane, largest(where(clearance == best_nu, nu_at, _LOW)))
    w.put(work, w.H_OBS, lane, largest(obstacle))
    w.put(work, w.ALPHA_OBT, lane, largest(slope_t))
    w.put(work, w.ALPHA_OBR, lane, largest(slope_r))
    return _finish_sums(work, lane, d, h, start, last, smallest(narrowest), total(v1), total(v2))


@kernel
def _finish_sums(
    work: Float, lane: int, d: Float, h: Float, start: int, last: int, narrowest: float, v1: float, v2: float
) -> int:
    """Add the last segment to both sums and judge the profile."""
    dtot, before, step = d[last], d[last - 1], d[last] - d[last - 1]
    v2 += step * (h[last] * (2.0 * dtot + before) + h[last - 1] * (dtot + 2.0 * before))
    w.put(work, w.V1, lane, v1 + step * (h[last] + h[last - 1]))
    w.put(work, w.V2, lane, v2)
    w.put(work, w.DTOT, lane, dtot)
    w.put(work, w.H_FIRST, lane, h[start])
    w.put(work, w.H_LAST, lane, h[last])
    flaws = 0 if d[start] == 0.0 else FIRST_NOT_ZERO
    flaws |= 0 if narrowest > 0.0 and step > 0.0 else NOT_INCREASING
    return flaws | (0 if abs(v2) < _FAR else NOT_FINITE)


@kernel
def covered_ground(
    work: Float,
    lane: int,
    d: Float,
    h: Float,
    cover: Float,
    start: int,
    stop: int,
    hts: float,
    hrs: float,
    curvature: float,
    curvature_b: float,
    clear_km: float,
) -> int:
    """Bullington extremes of the terrain with its cover, for both effective Earths; returns flaws found.

    ``clear_km`` is the distance from either terminal within which ground cover is not counted.
    """
    last = stop - 1
    dtot, d_1, h_1, cover_1 = d[last], d[start + 1], h[start + 1], cover[start + 1]
    far_clear, per_km = dtot - clear_km, 1.0 / dtot
    tx_50 = tx_b = rx_50 = rx_b = nu_50 = nu_b = lanes(_LOW)
    lowest, covers = lanes(_FAR), lanes(0.0)
    for i in range(start + 1, last, 8):
        prefetch(cover, i + _AHEAD)
        mask = first_lanes(last - i)
        x, c = load_first(d, i, mask, d_1), load_first(cover, i, mask, cover_1)
        y = dtot - x
        xy = x * y
        inverse = 1.0 / xy
        per_root = root(inverse)
        g = load_first(h, i, mask, h_1) + where((x >= clear_km) & (x <= far_clear), c, 0.0)
        above = g - (hts * y + hrs * x) * per_km
        tx, rx = (g - hts) * (y * inverse), (g - hrs) * (x * inverse)
        tx_50, tx_b = larger(tx + curvature * y, tx_50), larger(tx + curvature_b * y, tx_b)
        rx_50, rx_b = larger(rx + curvature * x, rx_50), larger(rx + curvature_b * x, rx_b)
        nu_50 = larger((above + curvature * xy) * per_root, nu_50)
        nu_b = larger((above + curvature_b * xy) * per_root, nu_b)
        covers, lowest = covers + c, smaller(c, lowest)
    w.put_extremes(work, w.COVERED_50, lane, largest(tx_50), largest(rx_50), largest(nu_50))
    w.put_extremes(work, w.COVERED_B, lane, largest(tx_b), largest(rx_b), largest(nu_b))
    return 0 if smallest(lowest) >= 0.0 and total(covers) < _FAR else BAD_COVER


@kernel
def smooth_path(
    work: Float, lane: int, d: Float, start: int, stop: int, curvature: float, curvature_b: float
) -> None:
    """Bullington extremes of the smooth path: all heights zero, terminals at their effective heights."""
    hts, hrs = w.get(work, w.HTS_SMOOTH, lane), w.get(work, w.HRS_SMOOTH, lane)
    last = stop - 1
    dtot, d_1 = d[last], d[start + 1]
    per_km = 1.0 / dtot
    tx_50 = tx_b = rx_50 = rx_b = nu_50 = nu_b = lanes(_LOW)
    for i in range(start + 1, last, 8):
        x = load_first(d, i, first_lanes(last - i), d_1)
        y = dtot - x
        xy = x * y
        inverse = 1.0 / xy
        per_root = root(inverse)
        chord = (hts * y + hrs * x) * per_km
        tx, rx = hts * (y * inverse), hrs * (x * inverse)
        tx_50, tx_b = larger(curvature * y - tx, tx_50), larger(curvature_b * y - tx, tx_b)
        rx_50, rx_b = larger(curvature * x - rx, rx_50), larger(curvature_b * x - rx, rx_b)
        nu_50 = larger((curvature * xy - chord) * per_root, nu_50)
        nu_b = larger((curvature_b * xy - chord) * per_root, nu_b)
    w.put_extremes(work, w.SMOOTH_50, lane, largest(tx_50), largest(rx_50), largest(nu_50))
    w.put_extremes(work, w.SMOOTH_B, lane, largest(tx_b), largest(rx_b), largest(nu_b))


@kernel
def roughness(work: Float, lane: int, d: Float, h: Float, start: int, stop: int) -> None:
    """Terrain roughness hm: greatest height above the smooth-Earth surface between the two horizons."""
    hst, slope = w.get(work, w.HST, lane), w.get(work, w.SLOPE, lane)
    near, far = w.get(work, w.ROUGH_FROM, lane), w.get(work, w.ROUGH_TO, lane)
    last = stop - 1
    hm = lanes(_LOW)
    for i in range(start + 1, last, 8):
        mask = first_lanes(last - i)
        x = load_first(d, i, mask, _LOW)
        above = load_first(h, i, mask, _LOW) - (hst + slope * x)
        hm = larger(where((x >= near) & (x <= far), above, _LOW), hm)
    w.put(work, w.HM, lane, largest(hm))


@kernel
def zone_lengths(work: Float, lane: int, d: Float, zone: NDArray[np.int8], start: int, stop: int) -> int:
    """Longest land section dtm, longest inland section dlm [km], fraction over sea omega, distances from either end
    to the sea dct and dcr [km]; returns flaws found.

    A section ends midway between its last point and the first of the next.
    """
    last, flaws = stop - 1, 0
    coast_t = coast_r = NO_COAST_KM
    dtm = dlm = sea = land = 0.0
    edge, i = d[start], start
    while i <= last:
        kind = zone[i]
        if kind < COASTAL_LAND or kind > SEA:
            flaws = BAD_ZONE
        while i + 8 <= last and load_word(zone, i + 1) == kind * 0x0101010101010101:
            i += 8
        while i < last and zone[i + 1] == kind:
            i += 1
        end = d[last] if i == last else 0.5 * (d[i] + d[i + 1])
        land = 0.0 if kind == SEA else land + (end - edge)
        dtm = max(dtm, land)
        if kind == INLAND:
            dlm = max(dlm, end - edge)
        elif kind == SEA:
            coast_t = coast_t if sea > 0.0 else edge - d[start]
            coast_r = d[last] - end
            sea += end - edge
        edge = end
        i += 1
    w.put(work, w.DTM, lane, dtm)
    w.put(work, w.DLM, lane, dlm)
    w.put(work, w.COAST_T, lane, coast_t)
    w.put(work, w.COAST_R, lane, coast_r)
    w.put(work, w.OMEGA, lane, sea / (d[last] - d[start]))
    return flaws
