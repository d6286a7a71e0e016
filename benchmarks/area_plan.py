"""The area that all contenders compute: one transmitter on shipped terrain, and the same ground as a peer reads it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.race import Float
from comity.coordination.coverage import Plan, Transmitter
from comity.terrain import Ground, open_ground
from comity.terrain.geodesy import destination

HSINCHU = (24.80, 120.97)
FREQUENCY_MHZ, MAST_M = 3500.0, 30.0
TERRAIN_STEP_M = 20.0
_MARGIN = 1.02


@dataclass(frozen=True, slots=True)
class AreaTask:
    """One transmitter, what is computed around it, and the ground."""

    ground: Ground
    transmitter: Transmitter
    plan: Plan


@dataclass(frozen=True, slots=True)
class Grid:
    """A raster of even steps in latitude and longitude: its outermost centres [deg] and its size."""

    south: float
    west: float
    north: float
    east: float
    rows: int
    columns: int

    def places(self) -> tuple[Float, Float]:
        """Return latitudes and longitudes of all centres [deg], the southern row first."""
        lat = np.linspace(self.south, self.north, self.rows)
        lon = np.linspace(self.west, self.east, self.columns)
        return np.repeat(lat, self.columns), np.tile(lon, self.rows)

    def numbers(self) -> list[float]:
        """Return the six numbers as a peer reads them."""
        return [self.south, self.west, self.north, self.east, float(self.rows), float(self.columns)]


def task(radius_km: float, pixel_m: float = 50.0, place: tuple[float, float] = HSINCHU) -> AreaTask:
    """Return the area around a place: a mast of 30 m, 3.5 GHz, receivers at 1.5 m, medians, clutter heights on."""
    return AreaTask(
        open_ground(), Transmitter(*place, MAST_M, FREQUENCY_MHZ), Plan(radius_km, pixel_m, cover="degurba")
    )


def square(area: AreaTask) -> Grid:
    """Return the square with as many pixels as the circle of the plan: the mean distance is 1.7 % longer."""
    half_m = 0.5 * math.sqrt(math.pi) * area.plan.radius_km * 1e3
    side = round(2.0 * half_m / area.plan.pixel_m)
    return _grid(area, 0.5 * (side - 1) * area.plan.pixel_m, side)


def terrain(area: AreaTask) -> Grid:
    """Return the raster on which a peer gets the ground: its steps, and a little more than the square."""
    half_m = _MARGIN * 0.5 * math.sqrt(math.pi) * area.plan.radius_km * 1e3 + area.plan.pixel_m
    side = math.ceil(2.0 * half_m / TERRAIN_STEP_M) + 1
    return _grid(area, 0.5 * (side - 1) * TERRAIN_STEP_M, side)


def _grid(area: AreaTask, half_m: float, side: int) -> Grid:
    centre = area.transmitter.latitude_deg, area.transmitter.longitude_deg
    lat, lon = destination(*centre, np.array([0.0, 90.0, 180.0, 270.0]), half_m / 1e3)
    return Grid(float(lat[2]), float(lon[3]), float(lat[0]), float(lon[1]), side, side)


def ground_of(area: AreaTask, grid: Grid) -> tuple[NDArray[np.float32], NDArray[np.int16]]:
    """Return terrain and clutter heights [m] at the centres of a raster, as profiles of ours have them."""
    from comity.terrain.cover import heights_m

    places = grid.places()
    height = area.ground.height_m(*places)
    cover = heights_m()[area.ground.clutter_class(*places)]
    cover[area.ground.is_sea(*places) | (height <= 0.0)] = 0.0
    return height.astype(np.float32), cover.astype(np.int16)


def write_for_peer(area: AreaTask, folder: Path) -> None:
    """Write little-endian arrays for a peer that is a program of its own.

    ``plan.bin`` float64: latitude and longitude [deg] and height [m] of the transmitter, height of the receivers
    [m], frequency [MHz], time percentage, DN, N0, step of the profiles [m], polarisation (1 horizontal, 2 vertical);
    then for the pixels, and again for the ground: latitude and longitude of the south-western centre, of the
    north-eastern centre [deg], rows, columns. ``height_m.bin`` float32 and ``cover_m.bin`` int16: terrain and clutter
    heights on the grid of the ground, the southern row first.
    """
    t, p, grid = area.transmitter, area.plan, terrain(area)
    plan = [
        t.latitude_deg,
        t.longitude_deg,
        t.height_m,
        p.rx_height_m,
        t.frequency_mhz,
        p.time_percent,
        p.dn,
        p.n0,
    ]
    plan += [
        p.step_m,
        1.0 if t.polarisation == "horizontal" else 2.0,
        *square(area).numbers(),
        *grid.numbers(),
    ]
    np.array(plan).tofile(folder / "plan.bin")
    height, cover = ground_of(area, grid)
    height.tofile(folder / "height_m.bin")
    cover.tofile(folder / "cover_m.bin")
