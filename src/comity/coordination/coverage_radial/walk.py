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
    work: Float, table: Float, own: Float, frame: Float, r: state.Radial, filled: int, fixed: Float,
    radio: Radio, surface: Ground, percent: Real,
) -> None:  # fmt: skip
    """Compute the losses of the receivers whose columns are filled, eight or fewer."""
    east, north = load(own, EAST), load(own, NORTH)
    store(table, given.RX_LAT * 8, frame[2] + north * frame[4] - east * east * frame[6])
    store(table, given.RX_LON * 8, frame[3] + east * frame[5] * (1.0 + north * frame[7]))
    g = p1812.geometry(work, given.given(table, given.HTG, 0), given.given(table, given.HRG, 0), radio.ae)
    omega = w.row(work, w.OMEGA)
    sphere = p1812.spheres(work, surface, radio, g.dtot, omega)
    for lane in range(filled):
        receivers.roughness(work, lane, r, int(own[LAST + lane]))
    if any_lane(w.row(work, w.NEEDS_SMOOTH) > 0.0):
        step, halvings = r.tables[state.X * r.row + state.SPARE + 1], int(fixed[5])
        smooth_path(work, w.SMOOTH_50, load(own, LAST), g.dtot, step, fixed[0], halvings)
        smooth_path(work, w.SMOOTH_B, load(own, LAST), g.dtot, step, CURVATURE_B, halvings)
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


@inlined
def in_reach(
    pixels: NDArray[np.int32], last_points: NDArray[np.int32], pixel_height: Float, reach: int,
    found: NDArray[np.int32], k: NDArray[np.int32],
) -> int:  # fmt: skip
    """Pick the pixels that have ground, and no hole before them; return how many."""
    count = 0
    for i in range(pixels.size):
        pixel = pixels[i]
        found[count], k[count] = pixel, last_points[pixel]
        if k[count] < reach and pixel_height[pixel] == pixel_height[pixel]:
            count += 1
    return count


@kernel
def walk_radials(
    offsets: NDArray[np.int64], step_km: float, height: Float, cover: Float, zone: NDArray[np.int8],
    hole: NDArray[np.bool_], first_radial: int, starts: NDArray[np.int64], order: NDArray[np.int32],
    last_points: NDArray[np.int32], pixel_height: Float, pixel_zone: NDArray[np.int8], frame: Float, table: Float,
    percent: Float, fixed: Float, work: Float, loss: Float,
) -> None:  # fmt: skip
    """Fill the losses of all pixels of some radials.

    Parameters
    ----------
    offsets, height, cover, zone, hole : profiles of the radials, points ``step_km`` apart
    first_radial : number of the first of them
    starts, order : pixels of each radial, from near to far
    last_points : of each pixel, the last profile point that lies before it
    pixel_height, pixel_zone : of each pixel
    frame : pixels between the centre and an edge, side of a pixel [km], the centre [deg], degrees a kilometre north
        and east, and how latitude and longitude bend
    table, percent, work : inputs common to all and scratch of the propagation kernel
    fixed : curvature of the median Earth, heights of the antennas, clearance below which nothing is lost for a
        path of 1 km, location variability, halvings that single out one point of a radial
    loss : of each pixel [dB], NaN where a hole lies before it
    """
    r = state.lay_out(offsets[1] - offsets[0], step_km)
    now, copy, own = np.empty(state.ENTRIES), np.empty(state.ENTRIES), np.ones(4 * 8)
    most = np.diff(starts[first_radial : first_radial + offsets.size]).max()
    pixels, last = np.empty(most + 1, dtype=np.int32), np.empty(most + 1, dtype=np.int32)
    half, side = np.int32(frame[0]), np.int32(2 * int(frame[0]) + 1)
    radio, surface = p1812.radio_terms(table, 0)
    share = load(percent, 0)
    for radial in range(offsets.size - 1):
        start, reach = offsets[radial], 0
        while reach < r.points and not hole[start + reach]:
            reach += 1
        stretch = slice(starts[first_radial + radial], starts[first_radial + radial + 1])
        count = in_reach(order[stretch], last_points, pixel_height, reach, pixels, last)
        state.take_in(r, height, cover, start)
        state.begin(now)
        foot, k = height[start], 0
        for first in range(0, count, 8):
            filled = min(8, count - first)
            for lane in range(filled):
                pixel = pixels[first + lane]
                while k < last[first + lane]:
                    k += 1
                    kinds = zone[start + k - 1], zone[start + k]
                    state.advance(now, r, fixed[0], CURVATURE_B, kinds[0], kinds[1], k, foot, foot + fixed[1])
                row = pixel // side
                own[LAST + lane] = k
                own[EAST + lane], own[NORTH + lane] = (pixel - row * side - half) * frame[1], (half - row) * frame[1]
                fill(
                    work, table, lane, now, copy, r, foot, zone[start + k], k, pixel_height[pixel],
                    pixel_zone[pixel], fixed,
                )  # fmt: skip
            finish(work, table, own, frame, r, filled, fixed, radio, surface, share)
            for lane in range(filled):
                loss[pixels[first + lane]] = own[LOSS + lane]
