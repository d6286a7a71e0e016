"""Some radials of one transmitter, as a pure function that may be sent to another process."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.coordination.coverage import Plan, Transmitter
from comity.terrain.frame import Frame
from comity.terrain.ground import Ground

Float = NDArray[np.float64]

_BLOCK_POINTS = 1_000_000
_EQUATOR_KM, _ECCENTRICITY2 = 6378.137, 0.0066943799901413165


@dataclass(frozen=True, slots=True)
class Share:
    """Neighbouring radials of a transmitter and the pixels that lie on them.

    Parameters
    ----------
    transmitter : in the middle
    radials, points : radials all round, and points of each
    first, starts : number of the first radial; where the pixels of each begin, and where those of the last end
    pixels, last_points, height_m, zone : of each pixel, from near to far on every radial: its number in the frame, the
        last profile point before it, its ground
    east_km, north_km : nodes, see :func:`comity.coordination.coverage_radial.sorting.nodes_around`
    """

    transmitter: Transmitter
    radials: int
    points: int
    first: int
    starts: NDArray[np.int64]
    pixels: NDArray[np.int32]
    last_points: NDArray[np.int32]
    height_m: Float
    zone: NDArray[np.int8]
    east_km: Float
    north_km: Float


@dataclass(frozen=True, slots=True)
class Walk:
    """Losses of a share's pixels."""

    ground: Ground
    frame: Frame
    plan: Plan

    def __call__(self, share: Share) -> Float:
        """Return the losses [dB], NaN behind land without data, with a million profile points in memory at a time."""
        loss = np.full(share.pixels.size, np.nan)
        per_block = max(1, _BLOCK_POINTS // share.points)
        for first in range(0, share.starts.size - 1, per_block):
            self._block(share, first, min(first + per_block, share.starts.size - 1), loss)
        return loss

    def _block(self, share: Share, first: int, stop: int, loss: Float) -> None:
        from comity.coordination.coverage_radial.walk import walk_radials
        from comity.propagation._work import allocate
        from comity.terrain.geodesy import destination

        plan, here = self.plan, (share.transmitter.latitude_deg, share.transmitter.longitude_deg)
        azimuths = np.arange(share.first + first, share.first + stop) * (360.0 / share.radials)
        ends = destination(*here, azimuths, (share.points - 1) * plan.step_m / 1e3)
        # The length is rounded to 1 mm: a hair more than the step keeps the number of points.
        paths, holes = self.ground.paths_with_holes(
            *here, *ends, spacing_m=plan.step_m * (1.0 + 1e-7), cover=plan.cover
        )
        walk_radials(
            paths.offsets, plan.step_m / 1e3, paths.height_m, paths.cover_m, paths.zone, holes,
            share.starts[first : stop + 1], share.pixels, share.last_points, share.height_m, share.zone,
            self.frame.side, share.east_km, share.north_km, _series(*here), *_inputs(share.transmitter, plan),
            allocate(), loss,
        )  # fmt: skip


def _series(latitude_deg: float, longitude_deg: float) -> Float:
    """Return what takes kilometres about a place to degrees (for the path's mid-latitude).

    Latitude and longitude are series in the distance about the place, with the ellipsoid's radii of curvature there;
    what they leave out moves no loss by 1e-5 dB.
    """
    latitude = math.radians(latitude_deg)
    squared = 1.0 - _ECCENTRICITY2 * math.sin(latitude) ** 2
    transverse_km = _EQUATOR_KM / math.sqrt(squared)
    meridian_km = transverse_km * (1.0 - _ECCENTRICITY2) / squared
    east_km = transverse_km * math.cos(latitude)
    return np.array(
        [
            latitude_deg,
            longitude_deg,
            math.degrees(1.0 / meridian_km),
            math.degrees(1.0 / east_km),
            math.degrees(math.tan(latitude) / (2.0 * meridian_km * transverse_km)),
            math.tan(latitude) / transverse_km,
        ]
    )


def _inputs(transmitter: Transmitter, plan: Plan) -> tuple[Float, Float, Float]:
    """Return what all receivers share: the table's columns, the time percentages, the walk's constants."""
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
    fixed = np.array([curvature, transmitter.height_m, plan.rx_height_m, floor, variability])
    return table, np.full(8, plan.time_percent), fixed
