"""ITM 1.4: kernels over many links."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from comity.propagation._compiled import kernel
from comity.propagation._elementary import log10
from comity.propagation._itm_area import _area_parameters
from comity.propagation._itm_reference import (
    EARTH_RADIUS,
    GROUND,
    LARGE_REFRACTIVITY,
    OK,
    SMALL_REFRACTIVITY,
    _effective_earth_radius,
    _ground_impedance,
    _reference_attenuation,
    _refusal,
    _surface_refractivity,
    _warnings,
)
from comity.propagation._itm_terrain import Pair, _mean_height, _profile_parameters
from comity.propagation._itm_variability import _loss_quantile

Float = NDArray[np.float64]
Integer = NDArray[np.int64]

#: Rows of the input table.
(F, H_TX, H_RX, CLIMATE, N_0, POLARISATION, PERMITTIVITY, CONDUCTIVITY, VARIABILITY) = range(9)
(TIME, LOCATION, SITUATION) = range(9, 12)

#: Rows of the result: loss, mode, free space, reference, distance, then horizons, heights, refractivity, delta h.
RESULT_ROWS = 13

#: Warning of a reference attenuation that is not a number.
UNDEFINED = 0x10000

#: Refusal -> parameter and accepted range.
REFUSALS = {
    SMALL_REFRACTIVITY: ("surface refractivity", "150 to 400 N-units at the mean height of the path"),
    LARGE_REFRACTIVITY: ("surface refractivity", "150 to 400 N-units at the mean height of the path"),
    EARTH_RADIUS: ("effective earth radius", "4 000 to 13 333 km"),
    GROUND: (
        "ground impedance",
        "a real part greater than the imaginary part: less conductivity or more frequency",
    ),
}


@njit(error_model="numpy")
def _finish(
    result: Float,
    flags: Integer,
    refusals: Integer,
    i: int,
    table: Float,
    d: float,
    n_s: float,
    theta_hzn: Pair,
    d_hzn: Pair,
    h_e: Pair,
    delta_h: float,
    area_mode: bool,
) -> None:
    """Compute link ``i`` from its geometry."""
    f = table[F, i]
    a_e = _effective_earth_radius(n_s)
    z_g = _ground_impedance(f, table[PERMITTIVITY, i], table[CONDUCTIVITY, i], table[POLARISATION, i] == 2.0)
    flags[i] = _warnings(d, a_e, n_s, theta_hzn, d_hzn, h_e)
    refusals[i] = _refusal(n_s, a_e, z_g)
    if refusals[i] != OK:
        return
    h = (table[H_TX, i], table[H_RX, i])
    reference, mode = _reference_attenuation(
        d, f, a_e, n_s, z_g, theta_hzn, d_hzn, h_e, h, delta_h, area_mode
    )
    if reference != reference:
        reference = 0.0
        flags[i] |= UNDEFINED
    free_space = 32.45 + 20.0 * log10(f) + 20.0 * log10(d / 1000.0)
    climate, variability = int(table[CLIMATE, i]) - 1, int(table[VARIABILITY, i])
    percent = (table[TIME, i], table[LOCATION, i], table[SITUATION, i])
    excess, extreme = _loss_quantile(
        d, f, h_e, delta_h, reference, climate, variability, percent[0], percent[1], percent[2]
    )
    flags[i] |= extreme
    values = (excess + free_space, float(mode), free_space, reference, d / 1000.0)
    for row in range(5):
        result[row, i] = values[row]
    for end in range(2):
        result[5 + end, i], result[7 + end, i], result[9 + end, i] = theta_hzn[end], d_hzn[end], h_e[end]
    result[11, i], result[12, i] = n_s, delta_h


@kernel
def point_to_point(
    offsets: Integer, heights: Float, spacing: Float, table: Float
) -> tuple[Float, Integer, Integer]:
    """Results, warnings and refusals of links with profiles."""
    n = spacing.size
    result, flags, refusals = np.empty((RESULT_ROWS, n)), np.zeros(n, np.int64), np.zeros(n, np.int64)
    for i in range(n):
        z = heights[offsets[i] : offsets[i + 1]]
        n_s = _surface_refractivity(table[N_0, i], _mean_height(z))
        a_e = _effective_earth_radius(n_s)
        theta_hzn, d_hzn, h_e, delta_h = _profile_parameters(
            z, spacing[i], a_e, (table[H_TX, i], table[H_RX, i])
        )
        d = (z.size - 1) * spacing[i]
        _finish(result, flags, refusals, i, table, d, n_s, theta_hzn, d_hzn, h_e, delta_h, False)
    return result, flags, refusals


@kernel
def area(where: Float, table: Float) -> tuple[Float, Integer, Integer]:
    """Results, warnings and refusals of paths given by distance, irregularity and siting."""
    n = where.shape[1]
    result, flags, refusals = np.empty((RESULT_ROWS, n)), np.zeros(n, np.int64), np.zeros(n, np.int64)
    for i in range(n):
        n_s = table[N_0, i]
        a_e = _effective_earth_radius(n_s)
        siting = (int(where[2, i]), int(where[3, i]))
        h = (table[H_TX, i], table[H_RX, i])
        theta_hzn, d_hzn, h_e = _area_parameters(siting, a_e, h, where[1, i])
        _finish(
            result,
            flags,
            refusals,
            i,
            table,
            where[0, i] * 1000.0,
            n_s,
            theta_hzn,
            d_hzn,
            h_e,
            where[1, i],
            True,
        )
    return result, flags, refusals
