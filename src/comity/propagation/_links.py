"""The kernel of P.452-18 and P.1812-8: eight links at a time.

A block takes four steps: each link's profile is walked; the geometry of all eight follows; the roughness between
the horizons and, where it can matter, the smooth path are walked; then all losses of all eight, first what holds
for any time percentage, then each percentage.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comity.propagation import _mechanisms as in_
from comity.propagation import _work as w
from comity.propagation._combination import losses_at
from comity.propagation._compiled import inlined, kernel
from comity.propagation._diffraction import RADIUS_BETA_KM, diffraction, spheres
from comity.propagation._ducting import ducting
from comity.propagation._gases import TROPOSCATTER_VAPOUR, gamma_gases
from comity.propagation._intermediates import keep_path, keep_time, path_terms
from comity.propagation._lane_memory import load, store, together
from comity.propagation._lanes import Real, larger
from comity.propagation._mechanisms import (
    given,
    given_or_found,
    mechanisms,
    particular,
    radio_terms,
)
from comity.propagation._path_geometry import Climate, centre_latitude, climate, effective_radius, geometry
from comity.propagation._profile import bare_ground, covered_ground, roughness, smooth_path, zone_lengths

Float = NDArray[np.float64]
Zones = NDArray[np.int8]
Offsets = NDArray[np.int64]

CURVATURE_B = 500.0 / RADIUS_BETA_KM

#: P.452-18 counts no ground cover within 50 m of a terminal, P.1812-8 none at the terminals themselves.
CLEAR_P452_KM, CLEAR_P1812_KM = 0.05, 0.0


@kernel
def walk_profiles(
    work: Float, offsets: Offsets, d: Float, h: Float, cover: Float, zone: Zones, table: Float, status: Offsets,
    first: int, clear_km: float,
) -> None:  # fmt: skip
    """Walk eight profiles; lanes past the last link keep what they had, and nobody reads their results."""
    for lane in range(min(8, offsets.size - 1 - first)):
        link = first + lane
        start, stop = offsets[link], offsets[link + 1]
        hts, hrs = h[start] + table[in_.HTG, link], h[stop - 1] + table[in_.HRG, link]
        curvature = 500.0 / effective_radius(table[in_.DN, link])
        status[first + lane] = (
            zone_lengths(work, lane, d, zone, start, stop)
            | bare_ground(work, lane, d, h, start, stop, hts, hrs, curvature)
            | covered_ground(work, lane, d, h, cover, start, stop, hts, hrs, curvature, CURVATURE_B, clear_km)
        )


@kernel
def fill_gases(work: Float, memory: Float, table: Float, first: int, count: int) -> None:
    """Specific attenuation of eight links; P.452-18 (9)-(9a)."""
    for lane in range(min(8, count - first)):
        link = first + lane
        f, p, t = 1e-3 * table[in_.F_MHZ, link], table[in_.PRESSURE, link], table[in_.TEMPERATURE, link]
        vapour = 7.5 + 2.5 * w.get(work, w.OMEGA, lane)
        w.put(work, w.GAMMA_PATH, lane, gamma_gases(memory, 0, f, p, vapour, t))
        w.put(work, w.GAMMA_TROPO, lane, gamma_gases(memory, 1, f, p, TROPOSCATTER_VAPOUR, t))


@kernel
def walk_again(
    work: Float, offsets: Offsets, d: Float, h: Float, table: Float, first: int, explain: bool
) -> None:
    """Walk for the roughness, and along the smooth path where its diffraction can count."""
    for lane in range(min(8, offsets.size - 1 - first)):
        link = first + lane
        start, stop = offsets[link], offsets[link + 1]
        roughness(work, lane, d, h, start, stop)
        if explain or w.get(work, w.NEEDS_SMOOTH, lane) > 0.0:
            curvature = 500.0 / effective_radius(table[in_.DN, link])
            smooth_path(work, lane, d, start, stop, curvature, CURVATURE_B)


@inlined
def path_climate(work: Float, table: Float, first: int, dtot: Real) -> Climate:
    """Path-centre latitude and incidence of ducting of eight links."""
    phi = centre_latitude(
        given(table, in_.TX_LAT, first),
        given(table, in_.TX_LON, first),
        given(table, in_.RX_LAT, first),
        given(table, in_.RX_LON, first),
        dtot,
    )
    return climate(phi, w.row(work, w.DTM), w.row(work, w.DLM))


@kernel
def run_blocks(
    p1812: bool, explain: bool, first_block: int, last_block: int, offsets: Offsets, d: Float, h: Float,
    cover: Float, zone: Zones, table: Float, p: Float, loss: Float, status: Offsets, path_detail: Float,
    time_detail: Float, work: Float, memory: Float,
) -> None:  # fmt: skip
    """Compute blocks of eight links; ``table`` (rows, columns), ``p`` and ``loss`` (percentages, columns).

    The intermediates are filled in where ``explain`` asks for them.
    """
    columns = table.shape[1]
    for block in range(first_block, last_block):
        first = block * 8
        together()
        clear_km = CLEAR_P1812_KM if p1812 else CLEAR_P452_KM
        walk_profiles(work, offsets, d, h, cover, zone, table, status, first, clear_km)
        if not p1812:
            fill_gases(work, memory, table, first, offsets.size - 1)
        radio, surface = radio_terms(table, first)
        g = geometry(work, given(table, in_.HTG, first), given(table, in_.HRG, first), radio.ae)
        omega = w.row(work, w.OMEGA)
        sphere = spheres(work, surface, radio, g.dtot, omega)
        walk_again(work, offsets, d, h, table, first, explain)

        bent = diffraction(work, sphere, g.hts, g.hrs, g.dtot, radio.wavelength, explain)
        air = path_climate(work, table, first, g.dtot)
        dct = given_or_found(table, in_.DCT, first, w.row(work, w.COAST_T))
        dcr = given_or_found(table, in_.DCR, first, w.row(work, w.COAST_R))
        duct = ducting(g, radio, air, w.row(work, w.HM), omega, dct, dcr)
        own = particular(work, table, first, g, radio.f, p1812)
        m = mechanisms(g, air, bent, duct, own, omega)
        if explain:
            keep_path(path_detail, first, g, bent, path_terms(work, radio.ae, air, m, sphere))
        lloc = given(table, in_.LLOC, first)
        for j in range(p.shape[0]):
            at = losses_at(m, load(p, j * columns + first))
            store(loss, j * columns + first, larger(at.Lb0p, at.Lb + lloc) if p1812 else at.Lb)
            if explain:
                keep_time(time_detail, j, first, at)
