"""ITM 1.4: what walks over a terrain profile yield (mean height, horizons, lines fitted to stretches of it).

Each function takes eight points of one profile at a time and leaves its results in column ``lane`` of the work area.
A profile has n intervals of ``xi`` metres, so n + 1 heights from ``start`` on in the array ``z``. Names follow
Hufford, "The ITS Irregular Terrain Model, version 1.2.2: the algorithm".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comity.propagation import _itm_work as rows
from comity.propagation import _work as w
from comity.propagation._compiled import inlined, kernel
from comity.propagation._lane_memory import (
    any_lane,
    first_lanes,
    largest,
    load,
    load_first,
    prefetch,
    smallest,
    total,
)
from comity.propagation._lanes import Real, lanes, larger, magnitude, smaller, upper, where

Float = NDArray[np.float64]
Integer = NDArray[np.int64]

#: Terrain heights that exist [m].
LOWEST_M, HIGHEST_M = -500.0, 9000.0

_LOW, _FAR = -1e300, 1e300
_NUMBERS = np.arange(8.0)


@kernel
def mean_height(work: Float, lane: int, z: Float, start: int, n: int) -> None:
    """Mean height of the profile without its first and last tenth."""
    tenth = int(0.1 * n)
    last = start + n - tenth + 1
    sums = lanes(0.0)
    for i in range(start + tenth, last, 8):
        sums = sums + load_first(z, i, first_lanes(last - i), 0.0)
    w.put(work, rows.MEAN, lane, total(sums) / (n - 2 * tenth + 1))


@inlined
def _exists(height: float) -> bool:
    return LOWEST_M <= height <= HIGHEST_M


@kernel
def horizons(work: Float, lane: int, z: Float, start: int, n: int, ahead: int) -> None:
    """Horizon angles [rad] of both terminals, and at which points they are: TN 101 (6.15).

    Lanes past the end repeat the first intermediate point. Of equal angles the first from the transmitter counts,
    for both terminals; 0 stands for the other terminal. ``ahead`` is by how many points memory is asked for before
    it is needed.
    """
    xi, a_e = w.get(work, rows.XI, lane), w.get(work, rows.A_E, lane)
    d, bend = n * xi, 0.5 / a_e
    z_tx, z_rx = z[start] + w.get(work, rows.H_TX, lane), z[start + n] + w.get(work, rows.H_RX, lane)
    z_1 = z[start + 1]
    highest_tx = highest_rx = tx_at = rx_at = lanes(_LOW)
    wrong = lanes(0.0)
    numbers = load(_NUMBERS, 0)
    for i in range(1, n, 8):
        prefetch(z, start + i + ahead)
        mask = first_lanes(n - i)
        height = load_first(z, start + i, mask, z_1)
        at = where(mask, numbers + i, 1.0)
        x, y = at * xi, (n - at) * xi
        inverse = 1.0 / (x * y)
        theta_tx = (height - z_tx) * (y * inverse) - x * bend
        theta_rx = (height - z_rx) * (x * inverse) - y * bend
        tx_at, highest_tx = where(theta_tx > highest_tx, at, tx_at), larger(theta_tx, highest_tx)
        rx_at, highest_rx = where(theta_rx > highest_rx, at, rx_at), larger(theta_rx, highest_rx)
        wrong = where((height >= LOWEST_M) & (height <= HIGHEST_M), wrong, 1.0)
    theta_tx, theta_rx = (z_rx - z_tx) / d - d * bend, (z_tx - z_rx) / d - d * bend
    tx_point = rx_point = 0.0
    best_tx, best_rx = largest(highest_tx), largest(highest_rx)
    if best_tx > theta_tx:
        theta_tx, tx_point = best_tx, smallest(where(highest_tx == best_tx, tx_at, _FAR))
    if best_rx > theta_rx:
        theta_rx, rx_point = best_rx, smallest(where(highest_rx == best_rx, rx_at, _FAR))
    w.put(work, rows.THETA_TX, lane, theta_tx)
    w.put(work, rows.THETA_RX, lane, theta_rx)
    w.put(work, rows.TX_POINT, lane, tx_point)
    w.put(work, rows.RX_POINT, lane, rx_point)
    ends = _exists(z[start]) and _exists(z[start + n])
    w.put(work, rows.FLAW, lane, largest(wrong) if ends else 1.0)


@inlined
def _horizon_distances(work: Float) -> tuple[Real, Real]:
    """Horizon distances [m] of eight links, from the points at which the horizons are.

    The model adds up steps, and truncates nine tenths of the sum to find where a fit ends: where steps are not exact,
    their sum must be the same to the last bit.
    """
    xi, tx_point, rx_point = w.row(work, rows.XI), w.row(work, rows.TX_POINT), w.row(work, rows.RX_POINT)
    d = w.row(work, rows.D)
    d_tx, d_rx = where(tx_point > 0.0, tx_point * xi, d), d - rx_point * xi
    if any_lane(upper(xi) < xi):
        x_tx, x_rx = lanes(0.0), d
        for i in range(1, int(largest(larger(tx_point, rx_point))) + 1):
            x_tx, x_rx = x_tx + xi, x_rx - xi
            d_tx, d_rx = where(tx_point == i, x_tx, d_tx), where(rx_point == i, x_rx, d_rx)
    return d_tx, d_rx


@kernel
def limits(work: Float) -> None:
    """Horizon distances [m], and from where to where terrain counts [m]; Hufford (1982), page 25."""
    d_tx, d_rx = _horizon_distances(work)
    w.set_row(work, rows.D_TX, d_tx)
    w.set_row(work, rows.D_RX, d_rx)
    d = w.row(work, rows.D)
    w.set_row(work, rows.START, smaller(15.0 * w.row(work, rows.H_TX), 0.1 * d_tx))
    w.set_row(work, rows.END, d - smaller(15.0 * w.row(work, rows.H_RX), 0.1 * d_rx))


@inlined
def _fitted_line(z: Float, start: int, n: int, xi: float, begin: float, end: float) -> tuple[float, float]:
    """Least-squares line through the heights between two distances [m]: its heights at both ends of the profile."""
    first = int(max(begin / xi, 0.0))
    last = n - int(max(n - end / xi, 0.0))
    if last <= first:
        first = max(first - 1, 0)
        last = n - max(n - (last + 1), 0)
    length = float(last - first)
    sums = moments = lanes(0.0)
    place = load(_NUMBERS, 0) - 0.5 * length
    for i in range(first, last + 1, 8):
        height = load_first(z, start + i, first_lanes(last + 1 - i), 0.0)
        sums = sums + height
        moments = moments + height * place
        place = place + 8.0
    z_first, z_last = z[start + first], z[start + last]  # either end counts half
    mean = (total(sums) - 0.5 * (z_first + z_last)) / length
    moment = total(moments) + 0.25 * (z_first - z_last) * length
    slope = moment * 12.0 / ((length * length + 2.0) * length)
    middle = last - 0.5 * length
    return mean - slope * middle, mean + slope * (n - middle)


@kernel
def fit(work: Float, lane: int, z: Float, start: int, n: int) -> None:
    """Effective heights: structural heights above the fitted terrain [m].

    Well within line of sight one line is fitted to all of the terrain, else one before the horizon of each terminal.
    """
    xi, h_tx, h_rx = w.get(work, rows.XI, lane), w.get(work, rows.H_TX, lane), w.get(work, rows.H_RX, lane)
    d, d_tx, d_rx = n * xi, w.get(work, rows.D_TX, lane), w.get(work, rows.D_RX, lane)
    begin, end = w.get(work, rows.START, lane), w.get(work, rows.END, lane)
    if d_tx + d_rx > 1.5 * d:
        fit_tx, fit_rx = _fitted_line(z, start, n, xi, begin, end)
    else:
        fit_tx, _ = _fitted_line(z, start, n, xi, begin, 0.9 * d_tx)
        _, fit_rx = _fitted_line(z, start, n, xi, d - 0.9 * d_rx, end)
    w.put(work, rows.HE_TX, lane, h_tx + max(z[start] - fit_tx, 0.0))
    w.put(work, rows.HE_RX, lane, h_rx + max(z[start + n] - fit_rx, 0.0))


@kernel
def even_steps(offsets: Integer, distance: Float, spacing: Float, uneven: Float) -> None:
    """Mean step [m] of each profile, and whether its points lie more than a millionth of its length off even ones."""
    numbers = load(_NUMBERS, 0)
    for link in range(spacing.size):
        start, stop = offsets[link], offsets[link + 1]
        begin, n = distance[start], stop - start - 1
        length = distance[stop - 1] - begin
        step = length / n
        furthest = lanes(0.0)
        for i in range(0, n, 8):
            mask = first_lanes(n - i)
            off = load_first(distance, start + i, mask, begin) - (begin + (numbers + i) * step)
            furthest = larger(where(mask, magnitude(off), 0.0), furthest)
        uneven[link] = 1.0 if largest(furthest) > 1e-6 * distance[stop - 1] else 0.0
        spacing[link] = 1000.0 * length / n
