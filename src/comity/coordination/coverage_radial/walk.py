"""The walk: along each radial, and at every receiver the losses of P.1812-8, eight receivers at a time."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from comity.coordination.coverage_radial import receivers, state
from comity.coordination.coverage_radial._compiled import inlined, kernel
from comity.coordination.coverage_radial.bounds import BLOCK, block_tops
from comity.propagation import _mechanisms as given
from comity.propagation import _work as w
from comity.propagation._combination import losses_at
from comity.propagation._diffraction import diffraction, spheres
from comity.propagation._ducting import ducting
from comity.propagation._elementary import log10
from comity.propagation._lane_memory import load, store
from comity.propagation._lanes import larger
from comity.propagation._links import CURVATURE_B, path_climate
from comity.propagation._path_geometry import geometry

Float = NDArray[np.float64]


@kernel
def finish(
    work: Float, table: Float, percent: Float, out: Float, ground: Float, x: Float, tops: Float,
    last_points: NDArray[np.int64], filled: int, curvature: float,
) -> None:  # fmt: skip
    """Compute the losses of the receivers whose columns are filled, eight or fewer."""
    radio, surface = given.radio_terms(table, 0)
    g = geometry(work, given.given(table, given.HTG, 0), given.given(table, given.HRG, 0), radio.ae)
    omega = w.row(work, w.OMEGA)
    sphere = spheres(work, surface, radio, g.dtot, omega)
    for lane in range(filled):
        d = w.get(work, w.DTOT, lane)
        receivers.second_look(work, lane, ground, x, tops, last_points[lane], d, curvature, CURVATURE_B)
    bent = diffraction(work, sphere, g.hts, g.hrs, g.dtot, radio.wavelength, False)
    air = path_climate(work, table, 0, g.dtot)
    dct, dcr = given.given(table, given.DCT, 0), given.given(table, given.DCR, 0)
    duct = ducting(g, radio, air, w.row(work, w.HM), omega, dct, dcr)
    m = given.mechanisms(g, air, bent, duct, given.particular(work, table, 0, g, radio.f, True), omega)
    at = losses_at(m, load(percent, 0))
    store(out, 0, larger(at.Lb0p, at.Lb + given.given(table, given.LLOC, 0)))


@inlined
def fill(
    work: Float, table: Float, lane: int, now: Float, copy: Float, sizes: NDArray[np.int64], hulls: NDArray[np.int32],
    rise: Float, ground: Float, x: Float, tops: Float, kind: int, k: int, d: float, height: float, receiver_zone: int,
    fixed: Float,
) -> None:  # fmt: skip
    """Fill the column of one receiver; ``fixed`` as in :func:`walk_radials`."""
    curvature, floor = fixed[0], fixed[3] / math.sqrt(d)
    hts, hrs = ground[state.PLAIN * x.size] + fixed[1], height + fixed[2]
    receivers.covered(
        work, lane, now, hulls, sizes, ground, x, tops, k, d, hts, hrs, curvature, CURVATURE_B, floor
    )  # fmt: skip
    receivers.bare(work, lane, now, hulls, rise, sizes, ground, x, tops, k, d, hts, hrs, curvature)
    receivers.sums_and_zones(
        work, table, lane, now, copy, ground, x, kind, k, d, height, receiver_zone, fixed[4]
    )


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
        path of 1 km, location variability
    loss : of each pixel [dB], NaN where a hole lies before it
    """
    points = offsets[1] - offsets[0]
    ground, tops = np.empty(state.PARTS * points), np.empty(2 * (points // BLOCK + 1))
    hulls, rise = np.empty(state.HULLS * points, dtype=np.int32), np.empty(state.HULLS * points)
    sizes = np.zeros(state.HULLS, dtype=np.int64)
    now, copy, out, nearer = np.empty(state.ENTRIES), np.empty(state.ENTRIES), np.empty(8), np.empty(8)
    x, waiting, ends = np.arange(points) * step_km, np.zeros(8, dtype=np.int64), np.zeros(8, dtype=np.int64)
    for radial in range(offsets.size - 1):
        start = offsets[radial]
        state.prepare(x, height, cover, start, fixed[0], ground)
        block_tops(ground, state.PLAIN * points, points, tops, 0)
        block_tops(ground, state.COVERED * points, points, tops, tops.size // 2)
        state.begin(now, sizes)
        at, stop = starts[first_radial + radial], starts[first_radial + radial + 1]
        lane = k = 0
        while at < stop and not hole[start + k]:
            pixel = order[at]
            if k < last_points[pixel]:
                k += 1
                if not hole[start + k]:
                    kinds = zone[start + k - 1], zone[start + k]
                    hts = ground[state.PLAIN * points] + fixed[1]
                    state.advance(now, sizes, hulls, rise, ground, x, CURVATURE_B, kinds[0], kinds[1], k, hts)
                continue
            at += 1
            if pixel_height[pixel] != pixel_height[pixel]:
                continue
            row, column = divmod(pixel, 2 * int(frame[0]) + 1)
            east, north = (column - frame[0]) * frame[1], (frame[0] - row) * frame[1]
            d = (k + 1) * step_km
            nearer[lane] = 10.0 * log10((east * east + north * north) / (d * d))
            table[given.RX_LAT, lane] = frame[2] + north * frame[4] - east * east * frame[6]
            table[given.RX_LON, lane] = frame[3] + east * frame[5] * (1.0 + north * frame[7])
            fill(
                work, table, lane, now, copy, sizes, hulls, rise, ground, x, tops, zone[start + k], k, d,
                pixel_height[pixel], pixel_zone[pixel], fixed,
            )  # fmt: skip
            waiting[lane], ends[lane] = pixel, k
            lane += 1
            if lane == 8:
                finish(work, table, percent, out, ground, x, tops, ends, 8, fixed[0])
                for j in range(8):
                    loss[waiting[j]] = out[j] + nearer[j]
                lane = 0
        if lane > 0:
            finish(work, table, percent, out, ground, x, tops, ends, lane, fixed[0])
            for j in range(lane):
                loss[waiting[j]] = out[j] + nearer[j]
