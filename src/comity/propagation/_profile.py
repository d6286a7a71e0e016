"""What one walk over a terrain profile yields: slopes, clearances, smooth-Earth sums, roughness, zone lengths.

P.452-18 and P.1812-8 read a profile only through maxima and two sums. Each function here takes eight points at a
time and leaves its results in column ``lane`` of the work area (see :mod:`._work`), one column per link.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comity.propagation import _work as w
from comity.propagation._lane_memory import first_lanes, largest, load, load_first, smallest, total
from comity.propagation._lanes import inlined, kernel, lanes, larger, root, smaller, where

Float = NDArray[np.float64]

_LOW, _FAR = -1e300, 1e300
COASTAL_LAND, INLAND, SEA = 1, 2, 3
FIRST_NOT_ZERO, NOT_INCREASING, NOT_FINITE, BAD_COVER, BAD_ZONE = 1, 2, 4, 8, 16


@kernel
def profile_extremes(
    work: Float,
    lane: int,
    d: Float,
    h: Float,
    cover: Float,
    start: int,
    stop: int,
    hts: float,
    hrs: float,
    curvature_50: float,
    curvature_b: float,
    clear_km: float,
) -> int:
    """Extremes over the intermediate points of one profile.

    ``curvature`` is 500 Ce [m/km2] for the median and the beta_0 effective Earth; ``clear_km`` is the distance from
    either terminal within which ground cover is not counted. Lanes past the end repeat the first intermediate
    point, which changes no maximum, and add segments of no length. Returns the flaws of the profile as bits.
    """
    last = stop - 1
    dtot = d[last]
    d_1, h_1, cover_1 = d[start + 1], h[start + 1], cover[start + 1]
    far_clear = dtot - clear_km
    per_km = 1.0 / dtot
    tx_g50 = tx_gb = rx_g50 = rx_gb = nu_g50 = nu_gb = lanes(_LOW)
    tx_h = rx_h = nu_h = tx_at = rx_at = nu_at = lanes(_LOW)
    obstacle = slope_t = slope_r = lanes(_LOW)
    narrowest = lowest_cover = lanes(_FAR)
    v1 = v2 = covers = lanes(0.0)
    for i in range(start + 1, last, 8):
        mask = first_lanes(last - i)
        x, hx = load_first(d, i, mask, d_1), load_first(h, i, mask, h_1)
        before, h_before = load_first(d, i - 1, mask, d_1), load_first(h, i - 1, mask, h_1)
        y = dtot - x
        xy = x * y
        inverse = 1.0 / xy
        per_x, per_y, per_root = y * inverse, x * inverse, root(inverse)
        chord = (hts * y + hrs * x) * per_km
        covered = (x >= clear_km) & (x <= far_clear)
        c = load_first(cover, i, mask, cover_1)
        g = hx + where(covered, c, 0.0)
        # cover counts for diffraction (g), bare ground for horizons and roughness (h)
        above, above_g = hx - chord, g - chord
        tx_slope, rx_slope = (g - hts) * per_x, (g - hrs) * per_y
        tx_g50 = larger(tx_slope + curvature_50 * y, tx_g50)
        tx_gb = larger(tx_slope + curvature_b * y, tx_gb)
        rx_g50 = larger(rx_slope + curvature_50 * x, rx_g50)
        rx_gb = larger(rx_slope + curvature_b * x, rx_gb)
        nu_g50 = larger((above_g + curvature_50 * xy) * per_root, nu_g50)
        nu_gb = larger((above_g + curvature_b * xy) * per_root, nu_gb)
        tx, rx = (hx - hts) * per_x + curvature_50 * y, (hx - hrs) * per_y + curvature_50 * x
        nu = (above + curvature_50 * xy) * per_root
        # first of equal maxima towards the transmitter's horizon, last of the others, as the Recommendation has it
        tx_at, tx_h = where(tx > tx_h, x, tx_at), larger(tx, tx_h)
        rx_at, rx_h = where(rx >= rx_h, x, rx_at), larger(rx, rx_h)
        nu_at, nu_h = where(nu >= nu_h, x, nu_at), larger(nu, nu_h)
        obstacle = larger(above, obstacle)
        slope_t, slope_r = larger(above * per_x, slope_t), larger(above * per_y, slope_r)
        step = x - before
        covers, lowest_cover = covers + c, smaller(c, lowest_cover)
        narrowest = smaller(where(mask, step, _FAR), narrowest)
        v1 = v1 + step * (hx + h_before)
        v2 = v2 + step * (hx * (2.0 * x + before) + h_before * (x + 2.0 * before))
    best_t, best_r, best_nu = largest(tx_h), largest(rx_h), largest(nu_h)
    before_last, step_last = d[last - 1], dtot - d[last - 1]
    w.put(work, w.TX_G50, lane, largest(tx_g50))
    w.put(work, w.TX_GB, lane, largest(tx_gb))
    w.put(work, w.RX_G50, lane, largest(rx_g50))
    w.put(work, w.RX_GB, lane, largest(rx_gb))
    w.put(work, w.NU_G50, lane, largest(nu_g50))
    w.put(work, w.NU_GB, lane, largest(nu_gb))
    w.put(work, w.TX_H, lane, best_t)
    w.put(work, w.TX_AT, lane, smallest(where(tx_h == best_t, tx_at, _FAR)))
    w.put(work, w.RX_H, lane, best_r)
    w.put(work, w.RX_AT, lane, largest(where(rx_h == best_r, rx_at, _LOW)))
    w.put(work, w.NU_AT, lane, largest(where(nu_h == best_nu, nu_at, _LOW)))
    w.put(work, w.H_OBS, lane, largest(obstacle))
    w.put(work, w.ALPHA_OBT, lane, largest(slope_t))
    w.put(work, w.ALPHA_OBR, lane, largest(slope_r))
    v2_last = h[last] * (2.0 * dtot + before_last) + h[last - 1] * (dtot + 2.0 * before_last)
    sum_2 = total(v2) + step_last * v2_last
    w.put(work, w.V1, lane, total(v1) + step_last * (h[last] + h[last - 1]))
    w.put(work, w.V2, lane, sum_2)
    w.put(work, w.DTOT, lane, dtot)
    w.put(work, w.H_FIRST, lane, h[start])
    w.put(work, w.H_LAST, lane, h[last])
    flaws = 0 if d[start] == 0.0 else FIRST_NOT_ZERO
    flaws |= 0 if smallest(narrowest) > 0.0 and step_last > 0.0 else NOT_INCREASING
    flaws |= 0 if abs(sum_2) < _FAR else NOT_FINITE
    return flaws | (0 if smallest(lowest_cover) >= 0.0 and total(covers) < _FAR else BAD_COVER)


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
def smooth_extremes(
    work: Float, lane: int, d: Float, start: int, stop: int, curvature_50: float, curvature_b: float
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
        tx_slope, rx_slope = hts * (y * inverse), hrs * (x * inverse)
        tx_50, tx_b = larger(curvature_50 * y - tx_slope, tx_50), larger(curvature_b * y - tx_slope, tx_b)
        rx_50, rx_b = larger(curvature_50 * x - rx_slope, rx_50), larger(curvature_b * x - rx_slope, rx_b)
        nu_50 = larger((curvature_50 * xy - chord) * per_root, nu_50)
        nu_b = larger((curvature_b * xy - chord) * per_root, nu_b)
    w.put(work, w.TX_S50, lane, largest(tx_50))
    w.put(work, w.TX_SB, lane, largest(tx_b))
    w.put(work, w.RX_S50, lane, largest(rx_50))
    w.put(work, w.RX_SB, lane, largest(rx_b))
    w.put(work, w.NU_S50, lane, largest(nu_50))
    w.put(work, w.NU_SB, lane, largest(nu_b))


@kernel
def zone_lengths(
    work: Float, lane: int, d: Float, zone: NDArray[np.int8], start: int, stop: int
) -> int:
    """Longest land section dtm, longest inland section dlm [km], fraction over sea omega.

    A section ends midway between its last point and the first of the next. Returns the flaws as bits.
    """
    last = stop - 1
    flaws = 0
    dtm = dlm = sea = land = 0.0
    edge, i = d[start], start
    while i <= last:
        kind = zone[i]
        if kind < COASTAL_LAND or kind > SEA:
            flaws = BAD_ZONE
        while i < last and zone[i + 1] == kind:
            i += 1
        end = d[last] if i == last else 0.5 * (d[i] + d[i + 1])
        length = end - edge
        land = 0.0 if kind == SEA else land + length
        dtm = max(dtm, land)
        if kind == INLAND:
            dlm = max(dlm, length)
        elif kind == SEA:
            sea += length
        edge = end
        i += 1
    w.put(work, w.DTM, lane, dtm)
    w.put(work, w.DLM, lane, dlm)
    w.put(work, w.OMEGA, lane, sea / (d[last] - d[start]))
    return flaws
