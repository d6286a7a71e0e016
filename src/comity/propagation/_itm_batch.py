"""ITM 1.4: the kernels, eight links at a time, and their shares of a call."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from comity.propagation import _itm_reference as reference
from comity.propagation import _itm_terrain as terrain
from comity.propagation import _itm_work as rows
from comity.propagation import _work as w
from comity.propagation._compiled import inlined, kernel
from comity.propagation._elementary import log10
from comity.propagation._itm_area import set_area_geometry
from comity.propagation._itm_geometry import (
    Radio,
    effective_earth_radius,
    estimate_near_horizons,
    ground_impedance,
    surface_refractivity,
)
from comity.propagation._itm_irregularity import MOST, irregularity
from comity.propagation._itm_variability import Deviates, deviate, loss_quantile
from comity.propagation._itm_work import Pair
from comity.propagation._lane_memory import any_lane, load, store
from comity.propagation._lanes import WIDTH, Real, lanes, where

Float = NDArray[np.float64]
Integer = NDArray[np.int64]

#: Rows of the input table, one column per link.
(F, H_TX, H_RX, CLIMATE, N_0, POLARISATION, PERMITTIVITY, CONDUCTIVITY, VARIABILITY) = range(9)
(TIME, LOCATION, SITUATION) = range(9, 12)
#: Further rows in area mode: distance [km], terrain irregularity [m], siting of both terminals.
(D, DELTA_H, TX_SITING, RX_SITING) = range(12, 16)

#: Rows of the result: loss, warnings, mode, free space, reference, distance, then horizon angles and distances,
#: effective heights, refractivity, delta h; last, why the link is refused.
REFUSAL = 14
RESULT_ROWS = 15

#: C of the weight of diffraction, of low antennas with known path parameters and without.
KNOWN_PATH, UNKNOWN_PATH = 10.0, 0.0

#: Warning of a reference attenuation that is not a number.
UNDEFINED = 0x10000

#: The heights of a profile are not heights.
HEIGHTS = 4.0

#: Refusal -> parameter and accepted range.
REFUSALS = {
    reference.REFRACTIVITY: ("surface refractivity", "150 to 400 N-units at the mean height of the path"),
    reference.EARTH_RADIUS: ("effective earth radius", "4 000 to 13 333 km"),
    reference.GROUND: (
        "ground impedance",
        "a real part greater than the imaginary part: less conductivity or more frequency",
    ),
}


@inlined
def _given(table: Float, row: int, first: int) -> Real:
    """Read an input of eight links."""
    return load(table, row * table.shape[1] + first)


@inlined
def _begin(work: Float, table: Float, first: int, n_s: Real) -> None:
    """Note heights, refractivity and effective earth radius."""
    rows.set_pair(work, rows.H_TX, Pair(_given(table, H_TX, first), _given(table, H_RX, first)))
    w.set_row(work, rows.N_S, n_s)
    w.set_row(work, rows.A_E, effective_earth_radius(n_s))


@inlined
def _radio(work: Float, table: Float, first: int) -> Radio:
    """Air, frequency and ground."""
    f = _given(table, F, first)
    z_re, z_im = ground_impedance(
        f,
        _given(table, PERMITTIVITY, first),
        _given(table, CONDUCTIVITY, first),
        _given(table, POLARISATION, first) == 2.0,
    )
    return Radio(f, w.row(work, rows.A_E), w.row(work, rows.N_S), z_re, z_im)


@kernel
def _finish(work: Float, table: Float, result: Float, first: int, c: float) -> None:
    """Compute eight links from their geometry."""
    g, r = rows.geometry(work), _radio(work, table, first)
    attenuation, mode = reference.reference_attenuation(g, r, c)
    defined = attenuation == attenuation
    attenuation = where(defined, attenuation, 0.0)
    free_space = 32.45 + 20.0 * log10(r.f) + 20.0 * log10(g.d / 1000.0)
    z = Deviates(
        deviate(_given(table, TIME, first)),
        deviate(_given(table, LOCATION, first)),
        deviate(_given(table, SITUATION, first)),
    )
    climate, variability = _given(table, CLIMATE, first), _given(table, VARIABILITY, first)
    excess, extreme = loss_quantile(g, r.f, attenuation, climate, variability, z)
    flags = reference.warnings(g, r) + extreme + where(defined, lanes(0.0), UNDEFINED)
    values = (
        *(excess + free_space, flags, mode, free_space, attenuation, g.d / 1000.0),
        *(g.theta_hzn.tx, g.theta_hzn.rx, g.d_hzn.tx, g.d_hzn.rx, g.h_e.tx, g.h_e.rx),
        *(r.n_s, g.delta_h, reference.refusal(r)),
    )
    for row in range(RESULT_ROWS):
        store(result, row * result.shape[1] + first, values[row])


@kernel
def _walk_profiles(
    work: Float, samples: Float, places: Integer, offsets: Integer, z: Float, spacing: Float, table: Float, first: int
) -> bool:  # fmt: skip
    """Read the geometry of eight links from their profiles; lanes past the last link repeat it.

    Returns whether all heights exist: from those that do not, no place in a profile may be computed.
    """
    last = spacing.size - 1
    for lane in range(8):
        link = min(first + lane, last)
        start, n = offsets[link], offsets[link + 1] - offsets[link] - 1
        terrain.mean_height(work, lane, z, start, n)
        w.put(work, rows.XI, lane, spacing[link])
        w.put(work, rows.N, lane, n)
        w.put(work, rows.FIRST, lane, start)
    w.set_row(work, rows.D, w.row(work, rows.N) * w.row(work, rows.XI))
    _begin(work, table, first, surface_refractivity(_given(table, N_0, first), w.row(work, rows.MEAN)))
    ahead = offsets[min(first + 8, last + 1)] - offsets[first]
    for lane in range(8):
        link = min(first + lane, last)
        terrain.horizons(work, lane, z, offsets[link], offsets[link + 1] - offsets[link] - 1, ahead)
    if any_lane(w.row(work, rows.FLAW) > 0.0):
        return False
    terrain.limits(work)
    for lane in range(8):
        link = min(first + lane, last)
        terrain.fit(work, lane, z, offsets[link], offsets[link + 1] - offsets[link] - 1)
    irregularity(work, samples, places, z)
    estimate_near_horizons(work)
    return True


@kernel
def _point_to_point(
    first_block: int, last_block: int, offsets: Integer, z: Float, spacing: Float, table: Float, result: Float,
    work: Float, samples: Float, places: Integer,
) -> None:  # fmt: skip
    """Compute blocks of eight links with profiles."""
    for block in range(first_block, last_block):
        if _walk_profiles(work, samples, places, offsets, z, spacing, table, 8 * block):
            _finish(work, table, result, 8 * block, KNOWN_PATH)
        else:
            flawed = w.row(work, rows.FLAW) > 0.0
            store(result, REFUSAL * result.shape[1] + 8 * block, where(flawed, HEIGHTS, lanes(0.0)))


@kernel
def _area(first_block: int, last_block: int, table: Float, result: Float, work: Float) -> None:
    """Compute blocks of eight paths given by distance, irregularity and siting."""
    for block in range(first_block, last_block):
        first = 8 * block
        _begin(work, table, first, _given(table, N_0, first))
        w.set_row(work, rows.D, 1000.0 * _given(table, D, first))
        w.set_row(work, rows.DELTA_H, _given(table, DELTA_H, first))
        set_area_geometry(work, Pair(_given(table, TX_SITING, first), _given(table, RX_SITING, first)))
        _finish(work, table, result, first, UNKNOWN_PATH)


def columns(count: int) -> int:
    """Return how many columns the table of ``count`` links has: eight a block."""
    return -(-count // WIDTH) * WIDTH


def point_to_point(offsets: Integer, heights: Float, spacing: Float, table: Float, *, threads: int) -> Float:
    """Return the result rows of links with profiles."""
    profiles = (
        np.ascontiguousarray(offsets, dtype=np.int64),
        np.ascontiguousarray(heights, dtype=np.float64),
        np.ascontiguousarray(spacing, dtype=np.float64),
    )

    def share(first: int, last: int, result: Float) -> None:
        scratch = (rows.allocate(), np.empty(MOST * WIDTH), np.empty(MOST * WIDTH, dtype=np.int64))
        _point_to_point(first, last, *profiles, table, result, *scratch)

    return _in_shares(share, spacing.size, threads)


def area(table: Float, count: int, *, threads: int) -> Float:
    """Return the result rows of paths given by distance, irregularity and siting."""

    def share(first: int, last: int, result: Float) -> None:
        _area(first, last, table, result, rows.allocate())

    return _in_shares(share, count, threads)


def _in_shares(share: Callable[[int, int, Float], None], count: int, threads: int) -> Float:
    """Run over all blocks, in ``threads`` shares at once; the bytes do not depend on the shares."""
    result = np.empty((RESULT_ROWS, columns(count)))
    blocks = result.shape[1] // WIDTH
    shares = max(1, min(threads, blocks))
    edges = [blocks * i // shares for i in range(shares + 1)]
    if shares == 1:
        share(0, blocks, result)
    else:
        with ThreadPoolExecutor(shares) as pool:
            list(pool.map(share, edges[:-1], edges[1:], [result] * shares))
    return result[:, :count]
