"""Coverage by walking outward along radials: one profile serves all the receivers of a radial.

All that P.1812-8 reads from a profile is had exactly; with d the distance of a receiver:

- as a running maximum or sum: the transmitter's horizon, the least-squares smooth Earth, the obstruction seen from the
  transmitter, longest land and inland sections, share of sea, distances to the sea;
- from the upper hull of the profile so far, which grows by one point a step: the receiver's horizon over either
  effective Earth, the greatest obstruction, the obstruction seen from the receiver;
- by bounds on blocks of points: the roughness between the horizons, and the greatest clearance parameter of a path in
  line of sight with the point where it lies (no hull gives them);
- in closed form or by bisection: the smooth path's extremes.

What differs from ``exact`` is the profile. It runs along the nearest of the radials, one to a pixel at the rim, instead
of through the pixel's centre; its points lie at whole steps from the transmitter, and the receiver takes the place of
the nearest of them, with the terrain height of its pixel. So the last obstacle is always one step away, as in
``exact``: with ground cover a loss hangs on that distance. Free-space loss is corrected to the pixel's own distance. On
the radial's profile a loss is that of the point function to 1e-5 dB.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from comity.coordination.coverage import Plan, Transmitter

if TYPE_CHECKING:
    from comity.compute.grid import Progress
    from comity.terrain.frame import Frame
    from comity.terrain.ground import Ground

Float = NDArray[np.float64]

_BLOCK_POINTS = 2_000_000
_EQUATOR_KM, _ECCENTRICITY2 = 6378.137, 0.0066943799901413165


def radial_loss_db(
    ground: Ground, frame: Frame, transmitter: Transmitter, plan: Plan, progress: Progress | None = None
) -> Float:
    """Return the losses on a frame [dB], NaN beyond the radius and behind land without data.

    Parameters
    ----------
    ground, frame : terrain and raster
    transmitter, plan : what is computed; the model must be P.1812
    progress : called with radials done and radials in all
    """
    from comity.coordination.coverage_exact import pixel_loss_db
    from comity.coordination.coverage_radial.sorting import place_pixels, sort_pixels

    side, step_km = frame.side, plan.step_m / 1e3
    radials = max(8, math.ceil(2.0 * math.pi * plan.radius_km * 1e3 / plan.pixel_m))
    points = math.ceil(plan.radius_km / step_km - 1e-9) + 1
    radial_of, last_points = np.empty(side * side, dtype=np.int32), np.empty(side * side, dtype=np.int32)
    place_pixels(
        frame.half, frame.pixel_m / 1e3, plan.radius_km + 1e-9, plan.free_space_below_km, step_km, radials, radial_of,
        last_points,
    )  # fmt: skip
    starts = np.zeros(radials + 1, dtype=np.int64)
    order = np.empty(int((radial_of >= 0).sum()), dtype=np.int32)
    sort_pixels(radial_of, last_points, radials, points, starts, order)
    loss = np.full(side * side, np.nan)
    # One pixel of the walk is asked of the point function as well, which refuses what the model is not valid for.
    near = np.append(np.flatnonzero(radial_of == -2), order[:1])
    rows, columns = np.divmod(near, side)
    distance_km = np.hypot(*frame.offsets_m(rows, columns)) / 1e3
    loss[near] = pixel_loss_db(ground, transmitter, plan, *frame.places(rows, columns), distance_km)
    del radial_of
    _walk_all(ground, frame, transmitter, plan, (radials, points, starts, order, last_points), loss, progress)
    return loss.reshape(side, side)


def _walk_all(
    ground: Ground,
    frame: Frame,
    transmitter: Transmitter,
    plan: Plan,
    sorted_pixels: tuple[int, int, NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]],
    loss: Float,
    progress: Progress | None,
) -> None:
    """Walk the radials in blocks, so that memory is bounded."""
    from comity.coordination.coverage_radial.walk import walk_radials
    from comity.propagation._work import allocate
    from comity.terrain.geodesy import destination

    radials, points, starts, order, last_points = sorted_pixels
    heights, zones = ground.frame_heights_and_zones(frame)
    table, fixed, percent = _inputs(transmitter, plan)
    work, reach_km = allocate(), (points - 1) * plan.step_m / 1e3
    per_block = max(1, _BLOCK_POINTS // points)
    for first in range(0, radials, per_block):
        azimuths = np.arange(first, min(first + per_block, radials)) * (360.0 / radials)
        ends = destination(transmitter.latitude_deg, transmitter.longitude_deg, azimuths, reach_km)
        # The length is rounded to 1 mm: a hair more than the step keeps the number of points.
        paths, holes = ground.paths_with_holes(
            transmitter.latitude_deg, transmitter.longitude_deg, *ends, spacing_m=plan.step_m * (1.0 + 1e-7),
            cover=plan.cover,
        )  # fmt: skip
        walk_radials(
            paths.offsets, plan.step_m / 1e3, paths.height_m, paths.cover_m, paths.zone, holes, first, starts, order,
            last_points, heights, zones, _frame_numbers(frame), table, percent, fixed, work, loss,
        )  # fmt: skip
        if progress:
            progress(min(first + per_block, radials), radials)


def _frame_numbers(frame: Frame) -> Float:
    """Return the frame as the kernel wants it, with what takes kilometres to degrees (for the path's mid-latitude).

    Latitude and longitude are series in the distance about the centre, with the ellipsoid's radii of curvature there;
    what they leave out moves no loss by 1e-5 dB.
    """
    latitude = math.radians(frame.latitude_deg)
    squared = 1.0 - _ECCENTRICITY2 * math.sin(latitude) ** 2
    transverse_km = _EQUATOR_KM / math.sqrt(squared)
    meridian_km = transverse_km * (1.0 - _ECCENTRICITY2) / squared
    east_km = transverse_km * math.cos(latitude)
    return np.array(
        [
            frame.half,
            frame.pixel_m / 1e3,
            frame.latitude_deg,
            frame.longitude_deg,
            math.degrees(1.0 / meridian_km),
            math.degrees(1.0 / east_km),
            math.degrees(math.tan(latitude) / (2.0 * meridian_km * transverse_km)),
            math.tan(latitude) / transverse_km,
        ]
    )


def _inputs(transmitter: Transmitter, plan: Plan) -> tuple[Float, Float, Float]:
    """Return what all receivers share: the table's columns, the walk's constants, the time percentages."""
    from comity.propagation import _locations, p1812
    from comity.propagation import _mechanisms as given

    variability = 0.0
    if plan.location_percent != 50.0:
        sigma = p1812.location_standard_deviation(transmitter.frequency_mhz, plan.pixel_m)
        variability = float(_locations.location_loss(plan.location_percent, sigma))
    table = np.zeros((given.INPUT_ROWS, 8))
    values: dict[int, Any] = {
        given.F_MHZ: transmitter.frequency_mhz,
        given.HTG: transmitter.height_m,
        given.HRG: plan.rx_height_m,
        given.POLARISATION: 2.0 if transmitter.polarisation == "vertical" else 1.0,
        given.DN: plan.dn,
        given.N0: plan.n0,
        given.TX_LAT: transmitter.latitude_deg,
        given.TX_LON: transmitter.longitude_deg,
    }
    for row, value in values.items():
        table[row] = value
    curvature = 500.0 / (6371.0 * (157.0 / (157.0 - plan.dn)))
    floor = -0.7801 / math.sqrt(0.002 * transmitter.frequency_mhz / 299.8)
    halvings = float(math.ceil(math.log2(plan.radius_km * 1e3 / plan.step_m + 2.0)) + 1)
    fixed = np.array([curvature, transmitter.height_m, plan.rx_height_m, floor, variability, halvings])
    return table, fixed, np.full(8, plan.time_percent)
