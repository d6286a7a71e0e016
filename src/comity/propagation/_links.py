"""Eight links at a time through P.452-18 and P.1812-8: the two kernels.

A block takes four steps: each link's profile is walked; the geometry of all eight follows; the roughness between
the horizons and, where it can matter, the smooth path are walked; then all losses of all eight, first what holds
for any time percentage, then each percentage.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comity.propagation import _work as w
from comity.propagation._combination import (
    Losses,
    Mechanisms,
    blend,
    frequency_loss,
    losses_at,
    multipath_factor,
    normal,
)
from comity.propagation._diffraction import bullington, delta_bullington, ground, spherical_earth
from comity.propagation._ducting import ducting
from comity.propagation._elementary import exp, log10, power
from comity.propagation._elementary_angles import asin
from comity.propagation._gases import TROPOSCATTER_VAPOUR, gamma_gases
from comity.propagation._lane_memory import any_lane, load, store
from comity.propagation._lanes import Real, inlined, kernel, lanes, larger, root, where
from comity.propagation._path_geometry import (
    EARTH_RADIUS_KM,
    centre_latitude,
    ducting_incidence,
    effective_radii,
    geometry,
    inland_factor,
)
from comity.propagation._profile import profile_extremes, roughness, smooth_extremes, zone_lengths

Float = NDArray[np.float64]

#: Rows of the input table, one column per link.
(F, HTG, HRG, VERTICAL, DN, N0, GT, GR, DCT, DCR, PRESSURE, TEMPERATURE) = range(12)
(TX_LAT, TX_LON, RX_LAT, RX_LON, LLOC) = range(12, 17)
INPUT_ROWS = 17

CURVATURE_B = 500.0 / (3.0 * EARTH_RADIUS_KM)

#: Intermediates that do not depend on the time percentage, in the order in which they are kept.
PATH_SYMBOLS = (
    *("ae", "dtot", "hts", "hrs", "theta_t", "theta_r", "theta", "hm", "hte", "hre", "hstd", "hsrd", "dlt", "dlr"),
    *("transhorizon", "dtm", "dlm", "phi", "b0", "omega", "Fj", "Fk", "Lbfs", "Lb0b", "Ldsph50", "Ldsph"),
    *("Lbulla50", "Lbulla", "Lbulls50", "Lbulls", "Ld50", "Ldb"),
)
#: Intermediates at each time percentage.
TIME_SYMBOLS = (*Losses._fields[1:], "Lbc")


@kernel
def walk_profiles(
    work: Float,
    memory: Float,
    offsets: NDArray[np.int64],
    d: Float,
    h: Float,
    cover: Float,
    zone: NDArray[np.int8],
    table: Float,
    status: NDArray[np.int64],
    first: int,
    clear_km: float,
    gases: bool,
) -> None:
    """Walk eight profiles; columns past the last link repeat it."""
    for lane in range(8):
        link = min(first + lane, offsets.size - 2)
        start, stop = offsets[link], offsets[link + 1]
        flaws = zone_lengths(work, lane, d, zone, start, stop)
        hts, hrs = h[start] + table[HTG, link], h[stop - 1] + table[HRG, link]
        curvature = 500.0 / effective_radii(table[DN, link])
        flaws |= profile_extremes(
            work, lane, d, h, cover, start, stop, hts, hrs, curvature, CURVATURE_B, clear_km
        )
        status[first + lane] = flaws
        if gases:
            air = (table[F, link], table[PRESSURE, link], table[TEMPERATURE, link])
            vapour = 7.5 + 2.5 * w.get(work, w.OMEGA, lane)  # (9a)
            w.put(work, w.GAMMA_PATH, lane, gamma_gases(memory, 0, air[0], air[1], vapour, air[2]))
            w.put(
                work, w.GAMMA_TROPO, lane, gamma_gases(memory, 1, air[0], air[1], TROPOSCATTER_VAPOUR, air[2])
            )


@kernel
def walk_again(
    work: Float, offsets: NDArray[np.int64], d: Float, h: Float, table: Float, first: int, everything: bool
) -> None:
    """Walk for the roughness, and for the smooth path where its diffraction can count."""
    for lane in range(8):
        link = min(first + lane, offsets.size - 2)
        start, stop = offsets[link], offsets[link + 1]
        roughness(work, lane, d, h, start, stop)
        if everything or w.get(work, w.NEEDS_SMOOTH, lane) > 0.0:
            smooth_extremes(
                work, lane, d, start, stop, 500.0 / effective_radii(table[DN, link]), CURVATURE_B
            )


@inlined
def keep(detail: Float, number: int, columns: int, first: int, value: Real) -> None:
    """Store one intermediate of eight links."""
    store(detail, number * columns + first, value)


@kernel
def run_blocks(
    p1812: bool,
    first_block: int,
    last_block: int,
    offsets: NDArray[np.int64],
    d: Float,
    h: Float,
    cover: Float,
    zone: NDArray[np.int8],
    table: Float,
    p: Float,
    loss: Float,
    status: NDArray[np.int64],
    path_detail: Float,
    time_detail: Float,
    work: Float,
    memory: Float,
) -> None:
    """Compute blocks of eight links; ``table`` (rows, columns), ``p`` and ``loss`` (percentages, columns)."""
    columns = table.shape[1]
    explain = path_detail.size > 0
    for block in range(first_block, last_block):
        first = block * 8
        walk_profiles(
            work, memory, offsets, d, h, cover, zone, table, status, first, 0.0 if p1812 else 0.05, not p1812
        )
        f = load(table, F * columns + first)
        wavelength, f_third = 0.2998 / f, power(f, 1.0 / 3.0)
        ae = effective_radii(load(table, DN * columns + first))
        g = geometry(work, load(table, HTG * columns + first), load(table, HRG * columns + first), ae)
        omega = w.row(work, w.OMEGA)
        hte, hre = w.row(work, w.HTS_SMOOTH), w.row(work, w.HRS_SMOOTH)
        surface = ground(f, load(table, VERTICAL * columns + first) > 0.5)
        sphere_50 = spherical_earth(surface, g.dtot, hte, hre, ae, wavelength, f_third, omega)
        sphere_b = spherical_earth(
            surface, g.dtot, hte, hre, lanes(3.0 * EARTH_RADIUS_KM), wavelength, f_third, omega
        )
        needed = where(larger(sphere_50, sphere_b) > 0.0, lanes(1.0), 0.0)
        w.set_row(work, w.NEEDS_SMOOTH, needed)
        walk_again(work, offsets, d, h, table, first, explain)

        actual_50 = bullington(
            w.row(work, w.TX_G50), w.row(work, w.RX_G50), w.row(work, w.NU_G50), g.hts, g.hrs, g.dtot, wavelength
        )
        actual_b = bullington(
            w.row(work, w.TX_GB), w.row(work, w.RX_GB), w.row(work, w.NU_GB), g.hts, g.hrs, g.dtot, wavelength
        )
        smooth_50 = smooth_b = lanes(0.0)
        if explain or any_lane(needed > 0.0):
            smooth_50 = bullington(
                w.row(work, w.TX_S50), w.row(work, w.RX_S50), w.row(work, w.NU_S50), hte, hre, g.dtot, wavelength
            )
            smooth_b = bullington(
                w.row(work, w.TX_SB), w.row(work, w.RX_SB), w.row(work, w.NU_SB), hte, hre, g.dtot, wavelength
            )
        ld50 = where(sphere_50 > 0.0, delta_bullington(actual_50, smooth_50, sphere_50), actual_50)
        ldb = where(sphere_b > 0.0, delta_bullington(actual_b, smooth_b, sphere_b), actual_b)

        dtm, dlm, hm = w.row(work, w.DTM), w.row(work, w.DLM), w.row(work, w.HM)
        tau = inland_factor(dlm)
        sine = centre_latitude(
            load(table, TX_LAT * columns + first),
            load(table, TX_LON * columns + first),
            load(table, RX_LAT * columns + first),
            load(table, RX_LON * columns + first),
            g.dtot,
        )
        phi = asin(sine) * 57.29577951308232
        b0 = ducting_incidence(phi, dtm, tau)
        dct, dcr = load(table, DCT * columns + first), load(table, DCR * columns + first)
        duct = ducting(g, f, f_third, ae, b0, tau, hm, omega, dct, dcr)

        height = 0.001 * (g.hts - g.hrs)
        length_2 = g.dtot * g.dtot + height * height
        lbfs = 92.4 + 20.0 * log10(f) + 10.0 * log10(length_2)
        multipath = multipath_factor(g.dlt, g.dlr)
        tropo = frequency_loss(f) + 20.0 * log10(g.dtot) + 0.573 * g.theta
        tropo = tropo - 0.15 * load(table, N0 * columns + first)
        fk = blend(0.075 * (g.dtot - 20.0))  # (59)
        duct_gas = lanes(0.0)
        if p1812:
            fj = blend(8.0 * (g.theta - 0.3))  # (57)
            tropo = tropo + 190.1
            tropo_slope = lanes(10.125)
        else:
            gamma_path = w.row(work, w.GAMMA_PATH)
            lbfs = lbfs + gamma_path * root(length_2)  # (8)-(9)
            duct_gas = gamma_path * g.dtot
            fj = blend(8.0 * (w.row(work, w.TX_H) - g.slope_tr))  # (58)
            gain = load(table, GT * columns + first) + load(table, GR * columns + first)
            coupling = 0.051 * exp(0.055 * gain)  # (45b)
            tropo = tropo + 190.0 + coupling + w.row(work, w.GAMMA_TROPO) * g.dtot
            tropo_slope = lanes(10.1)
        lb0b = lbfs + multipath * log10(b0 / 50.0)
        m = Mechanisms(
            lbfs, multipath, lb0b, ld50, ldb, duct, duct_gas, tropo, tropo_slope, omega, b0, normal(0.01 * b0), fj, fk
        )
        if explain:
            keep(path_detail, 0, columns, first, ae)
            keep(path_detail, 1, columns, first, g.dtot)
            keep(path_detail, 2, columns, first, g.hts)
            keep(path_detail, 3, columns, first, g.hrs)
            keep(path_detail, 4, columns, first, g.theta_t)
            keep(path_detail, 5, columns, first, g.theta_r)
            keep(path_detail, 6, columns, first, g.theta)
            keep(path_detail, 7, columns, first, hm)
            keep(path_detail, 8, columns, first, g.hte)
            keep(path_detail, 9, columns, first, g.hre)
            keep(path_detail, 10, columns, first, g.hstd)
            keep(path_detail, 11, columns, first, g.hsrd)
            keep(path_detail, 12, columns, first, g.dlt)
            keep(path_detail, 13, columns, first, g.dlr)
            keep(path_detail, 14, columns, first, where(g.transhorizon, lanes(1.0), 0.0))
            keep(path_detail, 15, columns, first, dtm)
            keep(path_detail, 16, columns, first, dlm)
            keep(path_detail, 17, columns, first, phi)
            keep(path_detail, 18, columns, first, b0)
            keep(path_detail, 19, columns, first, omega)
            keep(path_detail, 20, columns, first, fj)
            keep(path_detail, 21, columns, first, fk)
            keep(path_detail, 22, columns, first, lbfs)
            keep(path_detail, 23, columns, first, lb0b)
            keep(path_detail, 24, columns, first, sphere_50)
            keep(path_detail, 25, columns, first, sphere_b)
            keep(path_detail, 26, columns, first, actual_50)
            keep(path_detail, 27, columns, first, actual_b)
            keep(path_detail, 28, columns, first, smooth_50)
            keep(path_detail, 29, columns, first, smooth_b)
            keep(path_detail, 30, columns, first, ld50)
            keep(path_detail, 31, columns, first, ldb)
        lloc = load(table, LLOC * columns + first)
        for j in range(p.shape[0]):
            at = losses_at(m, load(p, j * columns + first))
            lb = larger(at.Lb0p, at.Lb + lloc) if p1812 else at.Lb
            store(loss, j * columns + first, lb)
            if explain:
                base = j * len(TIME_SYMBOLS)
                keep(time_detail, base, columns, first, at.Fi)
                keep(time_detail, base + 1, columns, first, at.Lb0p)
                keep(time_detail, base + 2, columns, first, at.Ldp)
                keep(time_detail, base + 3, columns, first, at.Lbd50)
                keep(time_detail, base + 4, columns, first, at.Lbd)
                keep(time_detail, base + 5, columns, first, at.Lminb0p)
                keep(time_detail, base + 6, columns, first, at.Lba)
                keep(time_detail, base + 7, columns, first, at.Lminbap)
                keep(time_detail, base + 8, columns, first, at.Lbda)
                keep(time_detail, base + 9, columns, first, at.Lbam)
                keep(time_detail, base + 10, columns, first, at.Lbs)
                keep(time_detail, base + 11, columns, first, at.Lb)
