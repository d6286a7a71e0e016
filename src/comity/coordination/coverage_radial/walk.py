"""The walk: along each radial, and at every receiver the losses of P.1812-8, eight receivers at a time."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from comity.coordination.coverage_radial import _formulas as p1812
from comity.coordination.coverage_radial import receivers, state
from comity.coordination.coverage_radial._compiled import inlined, kernel
from comity.coordination.coverage_radial._quick import log10
from comity.coordination.coverage_radial.smooth import smooth_path
from comity.coordination.coverage_radial.sorting import offset
from comity.propagation import _mechanisms as given
from comity.propagation import _work as w
from comity.propagation._diffraction import Ground, Radio
from comity.propagation._lane_memory import any_lane, load, store
from comity.propagation._lanes import Real, larger
from comity.propagation._links import CURVATURE_B

Float = NDArray[np.float64]

#: Rows of the scratch of eight receivers: last profile point, kilometres east and north of the transmitter, loss [dB].
(LAST, EAST, NORTH, LOSS) = range(0, 32, 8)


@inlined
def finish(
    work: Float, table: Float, own: Float, series: Float, r: state.Radial, filled: int, fixed: Float,
    radio: Radio, surface: Ground, percent: Real,
) -> None:  # fmt: skip
    """Compute the losses of the receivers whose columns are filled, eight or fewer."""
    east, north = load(own, EAST), load(own, NORTH)
    store(table, given.RX_LAT * 8, series[0] + north * series[2] - east * east * series[4])
    store(table, given.RX_LON * 8, series[1] + east * series[3] * (1.0 + north * series[5]))
    g = p1812.geometry(work, given.given(table, given.HTG, 0), given.given(table, given.HRG, 0), radio.ae)
    omega = w.row(work, w.OMEGA)
    sphere = p1812.spheres(work, surface, radio, g.dtot, omega)
    for lane in range(filled):
        receivers.roughness(work, lane, r, int(own[LAST + lane]))
    if any_lane(w.row(work, w.NEEDS_SMOOTH) > 0.0):
        step = r.tables[state.X * r.row + state.SPARE + 1]
        smooth_path(work, w.SMOOTH_50, load(own, LAST), g.dtot, step, fixed[0], r.halvings)
        smooth_path(work, w.SMOOTH_B, load(own, LAST), g.dtot, step, CURVATURE_B, r.halvings)
    bent = p1812.diffraction(work, sphere, g.hts, g.hrs, g.dtot, radio.wavelength, False)
    air = p1812.path_climate(work, table, 0, g.dtot)
    dct, dcr = given.given(table, given.DCT, 0), given.given(table, given.DCR, 0)
    duct = p1812.ducting(g, radio, air, w.row(work, w.HM), omega, dct, dcr)
    m = p1812.mechanisms(g, air, bent, duct, p1812.particular(work, table, 0, g, radio.f, True), omega)
    at = p1812.losses_at(m, percent)
    nearer = 10.0 * log10((east * east + north * north) / (g.dtot * g.dtot))
    store(own, LOSS, larger(at.Lb0p, at.Lb + given.given(table, given.LLOC, 0)) + nearer)


@inlined
def fill(
    work: Float, table: Float, lane: int, now: Float, copy: Float, r: state.Radial, foot: float, kind: int, k: int,
    height: float, receiver_zone: int, fixed: Float,
) -> None:  # fmt: skip
    """Fill the column of one receiver; ``fixed`` as in :func:`walk_radials`."""
    d = (k + 1) * r.tables[state.X * r.row + state.SPARE + 1]
    curvature, floor = fixed[0], fixed[3] / math.sqrt(d)
    hts, hrs = foot + fixed[1], height + fixed[2]
    receivers.horizons(work, lane, now, r, k, d, hts, hrs, curvature, CURVATURE_B, floor)
    receivers.sums_and_zones(
        work, table, lane, now, copy, r, foot, kind, k, d, height, receiver_zone, fixed[4]
    )


@kernel
def walk_radials(
    offsets: NDArray[np.int64], step_km: float, height: Float, cover: Float, zone: NDArray[np.int8],
    hole: NDArray[np.bool_], starts: NDArray[np.int64], pixels: NDArray[np.int32], last_points: NDArray[np.int32],
    pixel_height: Float, pixel_zone: NDArray[np.int8], side: int, east_km: Float, north_km: Float, series: Float,
    table: Float, percent: Float, fixed: Float, work: Float, loss: Float,
) -> None:  # fmt: skip
    """Fill the losses of all pixels of some radials.

    Parameters
    ----------
    offsets, height, cover, zone, hole : profiles of the radials, points ``step_km`` apart
    starts : where the pixels of each radial begin, and where those of the last end
    pixels, last_points, pixel_height, pixel_zone : of each pixel, from near to far on every radial: its number in a
        frame of ``side`` columns, the last profile point before it, its ground (NaN: none)
    east_km, north_km : nodes of the frame, see :mod:`comity.coordination.coverage_radial.sorting`
    series : the transmitter's place [deg], degrees a kilometre north and east of it, and how they bend
    table, percent, work : inputs common to all and scratch of the propagation kernel
    fixed : curvature of the median Earth, heights of the antennas, clearance below which nothing is lost for a
        path of 1 km, location variability
    loss : of each pixel [dB], left as it is where a hole lies before it
    """
    r = state.lay_out(offsets[1] - offsets[0], step_km)
    now, copy, own = np.empty(state.ENTRIES), np.empty(state.ENTRIES), np.ones(4 * 8)
    ids = np.zeros(8, dtype=np.int64)
    radio, surface = p1812.radio_terms(table, 0)
    share = load(percent, 0)
    for radial in range(offsets.size - 1):
        start, reach, at, stop = offsets[radial], 0, starts[radial], starts[radial + 1]
        while reach < r.points and not hole[start + reach]:
            reach += 1
        state.take_in(r, height, cover, start)
        state.begin(now)
        foot, k = height[start], 0
        while at < stop and last_points[at] < reach:
            lane = 0
            while lane < 8 and at < stop and last_points[at] < reach:
                pixel = at
                at += 1
                if pixel_height[pixel] != pixel_height[pixel]:
                    continue
                while k < last_points[pixel]:
                    k += 1
                    kinds = zone[start + k - 1], zone[start + k]
                    state.advance(now, r, fixed[0], CURVATURE_B, kinds[0], kinds[1], k, foot, foot + fixed[1])
                row = pixels[pixel] // side
                column = pixels[pixel] - row * side
                own[LAST + lane], ids[lane] = k, pixel
                own[EAST + lane], own[NORTH + lane] = (
                    offset(east_km, row, column),
                    offset(north_km, row, column),
                )
                fill(
                    work, table, lane, now, copy, r, foot, zone[start + k], k, pixel_height[pixel],
                    pixel_zone[pixel], fixed,
                )  # fmt: skip
                lane += 1
            if lane > 0:
                finish(work, table, own, series, r, lane, fixed, radio, surface, share)
            for j in range(lane):
                loss[ids[j]] = own[LOSS + j]
