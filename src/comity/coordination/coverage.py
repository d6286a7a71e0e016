"""What one transmitter gives to the ground around it: loss and level on a raster.

Two ways. ``exact`` takes one terrain profile a pixel, and every pixel has the bits that the point functions give.
``radial`` walks outward along radials and lets all receivers of a radial share one profile: several times as fast, at
a cost a pixel that hardly grows with the radius. It differs by where the profile runs, and P.1812 is sensitive to
that: an ``exact`` raster of 10 % longer steps differs about as much. :func:`difference_from_exact` measures it on a
sample. Decisions use neither picture: they compute their own paths.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from comity.compute.executors import Executor, Serial
from comity.compute.grid import Progress, Tile, run_grid, tiles_of
from comity.errors import Problem, ValidityError
from comity.terrain.edition import Edition
from comity.terrain.frame import Frame, frame_around
from comity.terrain.ground import Ground

if TYPE_CHECKING:
    from comity.antennas.pattern import Pattern
    from comity.propagation.cuda.device import Device
    from comity.terrain.cuda import GroundOnDevice

Float = NDArray[np.float64]
Mode = Literal["exact", "radial"]

TILE_SIDE = 256


@dataclass(frozen=True, slots=True)
class Transmitter:
    """One transmitter.

    Parameters
    ----------
    latitude_deg, longitude_deg : place [deg], WGS 84
    height_m : antenna above ground [m]
    frequency_mhz : [MHz]
    eirp_dbm : greatest EIRP [dBm]
    antenna : turned and tilted pattern, ``None``: the same in every direction
    polarisation : "vertical" or "horizontal"
    """

    latitude_deg: float
    longitude_deg: float
    height_m: float
    frequency_mhz: float
    eirp_dbm: float = 0.0
    antenna: Pattern | None = None
    polarisation: Literal["vertical", "horizontal"] = "vertical"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is computed.

    Parameters
    ----------
    radius_km : pixels whose centres lie within [km]
    pixel_m : side of a pixel [m]
    rx_height_m : receiving antenna above ground [m], of 0 dBi
    model : path model
    time_percent, location_percent : of the loss not exceeded [%]; locations with P.1812 only
    dn, n0 : radio-climatic parameters Delta N [N-units/km] and N0 [N-units]
    spacing_m : step of the profiles [m]; ``None``: the side of a pixel
    cover : clutter heights along the profile, see :meth:`comity.terrain.ground.Ground.paths`
    free_space_below_km : nearer pixels have free-space loss [km]
    """

    radius_km: float
    pixel_m: float
    rx_height_m: float = 1.5
    model: Literal["p1812", "p452"] = "p1812"
    time_percent: float = 50.0
    location_percent: float = 50.0
    dn: float = 45.0
    n0: float = 325.0
    spacing_m: float | None = None
    cover: Literal["none", "degurba"] = "degurba"
    free_space_below_km: float = 0.25

    @property
    def step_m(self) -> float:
        """Step of the profiles [m]."""
        return self.pixel_m if self.spacing_m is None else self.spacing_m


@dataclass(frozen=True, slots=True)
class Coverage:
    """Loss around a transmitter.

    Parameters
    ----------
    frame : where the pixels lie
    loss_db : (h, w) basic transmission loss [dB]; NaN beyond the radius and behind land without data
    transmitter, plan, mode : what was computed, and how
    editions : the ground it stands on
    device : what computed the losses: ``"cpu"``, or the name of a GPU (see :mod:`comity.coordination.coverage_cuda`)
    """

    frame: Frame
    loss_db: NDArray[np.floating[Any]]
    transmitter: Transmitter
    plan: Plan
    mode: Mode
    editions: tuple[Edition, ...]
    device: str = "cpu"


def coverage(
    ground: Ground,
    transmitter: Transmitter,
    plan: Plan,
    *,
    mode: Mode = "exact",
    executor: Executor | None = None,
    folder: Path | None = None,
    progress: Progress | None = None,
    device: str | Device = "cpu",
) -> Coverage:
    """Return the loss around a transmitter.

    Parameters
    ----------
    ground : terrain
    transmitter, plan : what is computed
    mode : ``"exact"`` or ``"radial"`` (P.1812 only)
    executor : where tiles or radials are computed; the values do not depend on it
    folder : of an exact run: tiles are kept there as float32, and an interrupted run goes on
    progress : called with parts done and parts in all
    device : of an exact run: ``"cpu"``, or ``"cuda"`` for the GPU, which works alone, without an executor
    """
    check(transmitter, plan, mode, folder, device)
    gpu = ground_on(device, ground)
    frame = frame_around(transmitter.latitude_deg, transmitter.longitude_deg, plan.radius_km, plan.pixel_m)
    if mode == "radial":
        from comity.coordination.coverage_radial import radial_losses_db

        loss: NDArray[Any] = next(radial_losses_db(ground, frame, [transmitter], plan, executor, progress))
    else:
        from comity.coordination.coverage_exact import ExactTile

        compute = ExactTile(ground, frame, transmitter, plan, gpu)
        inputs = inputs_of(ground, transmitter, plan) | device_input(gpu)
        loss = over_tiles(frame, compute, executor or Serial(), folder, inputs, progress)
    corner = (
        np.array([0, 0, 2 * frame.half, 2 * frame.half]),
        np.array([0, 2 * frame.half, 0, 2 * frame.half]),
    )
    editions = ground.editions_used(*frame.places(*corner))
    name = "cpu" if gpu is None else gpu.device.name
    return Coverage(frame, loss, transmitter, plan, mode, editions, name)


def ground_on(device: str | Device, ground: Ground) -> GroundOnDevice | None:
    """Return the ground on a GPU, ``None`` for the CPU."""
    from comity.propagation.cuda.device import open_device

    gpu = open_device(device)
    if gpu is None:
        return None
    from comity.terrain.cuda import GroundOnDevice

    return GroundOnDevice(gpu, ground)


def check(
    transmitter: Transmitter,
    plan: Plan,
    mode: Mode,
    folder: Path | None = None,
    device: str | Device = "cpu",
) -> None:
    """Refuse what could not be computed, all of it at once."""
    ranges = [
        ("radius_km", plan.radius_km, 0.001, 1000.0, "km"),
        ("pixel_m", plan.pixel_m, 1.0, 100_000.0, "m"),
        ("spacing_m", plan.step_m, 1.0, 10_000.0, "m"),
        ("eirp_dbm", transmitter.eirp_dbm, -100.0, 150.0, "dBm"),
        ("free_space_below_km", plan.free_space_below_km, 0.25, 1000.0, "km"),
    ]
    problems = [
        Problem(name, f"{value:g} {unit}", f"{low:g} to {high:g} {unit}")
        for name, value, low, high, unit in ranges
        if not low <= value <= high
    ]
    if mode == "radial" and plan.model != "p1812":
        problems.append(Problem("mode", "radial walks P.1812 only", "exact, or the model p1812"))
    if mode == "radial" and device != "cpu":
        problems.append(Problem("device", "radial walks on the CPU", "exact, or cpu"))
    if mode == "radial" and folder is not None:
        problems.append(Problem("folder", "radial keeps no tiles", "exact, or no folder"))
    if plan.model == "p452" and plan.location_percent != 50.0:
        problems.append(Problem("location_percent", "P.452 knows no locations", "50, or the model p1812"))
    if problems:
        raise ValidityError("the coverage cannot be computed", problems)


class TileFunction(Protocol):
    """Values of a tile as a pure function, which may be sent to another process."""

    def __call__(self, tile: Tile) -> Float:
        """Return the values."""

    def single(self, tile: Tile) -> NDArray[np.float32]:
        """Return the values as float32, for a store on disk."""


def over_tiles(
    frame: Frame,
    compute: TileFunction,
    executor: Executor,
    folder: Path | None,
    inputs: dict[str, Any],
    progress: Progress | None,
) -> NDArray[Any]:
    """Return the values of a whole frame, tile by tile, through a store in ``folder`` if one is given."""
    shape = (frame.side, frame.side)
    if folder is not None:
        return np.asarray(
            run_grid(folder, shape, TILE_SIDE, compute.single, executor, inputs=inputs, progress=progress)
        )
    values = np.full(shape, np.nan)
    tiles = tiles_of(shape, TILE_SIDE)
    for count, (tile, part) in enumerate(zip(tiles, executor.map(compute, tiles), strict=True), start=1):
        values[tile.top : tile.bottom, tile.left : tile.right] = part
        if progress:
            progress(count, len(tiles))
    return values


def inputs_of(ground: Ground, transmitter: Transmitter, plan: Plan) -> dict[str, Any]:
    """Return everything that the losses depend on, as JSON values."""
    return {
        **ground_inputs(ground, plan),
        "place": [transmitter.latitude_deg, transmitter.longitude_deg, transmitter.height_m],
        "radio": [transmitter.frequency_mhz, transmitter.polarisation],
        "plan": asdict(plan),
    }


def device_input(gpu: GroundOnDevice | None) -> dict[str, Any]:
    """Return which GPU the values come from, as a JSON value; nothing for the CPU, which is all the same."""
    return {} if gpu is None else {"device": gpu.device.name}


def ground_inputs(ground: Ground, plan: Plan) -> dict[str, Any]:
    """Return engine, model and ground, as JSON values."""
    from comity.coordination.revision import ENGINE, REVISIONS

    return {
        "engine": ENGINE,
        "model": REVISIONS[plan.model],
        "ground": [edition.sha256 for edition in ground.editions()],
        "flat_m": ground.flat_m,
    }


def level_dbm(ground: Ground, cover: Coverage) -> Float:
    """Return the level at an isotropic antenna [dBm]: EIRP less discrimination less loss, NaN where there is no loss.

    The direction of a pixel is its azimuth, and the elevation of the straight line to it over the 4/3 Earth.
    """
    level = _level_dbm(ground, cover)
    if cover.device != "cpu":
        from comity.coordination.coverage_cuda import settled

        level = _level_dbm(ground, replace(cover, loss_db=settled(ground, cover, level)))
    return level


def _level_dbm(ground: Ground, cover: Coverage) -> Float:
    transmitter, frame = cover.transmitter, cover.frame
    level = np.full(cover.loss_db.shape, np.nan)
    base_m = (
        float(ground.height_m(transmitter.latitude_deg, transmitter.longitude_deg)[0]) + transmitter.height_m
    )
    for tile in tiles_of((frame.side, frame.side), 4 * TILE_SIDE):
        window = np.s_[tile.top : tile.bottom, tile.left : tile.right]
        loss = np.asarray(cover.loss_db[window], dtype=np.float64)
        level[window] = transmitter.eirp_dbm - loss
        if transmitter.antenna is not None:
            known = ~np.isnan(loss)
            rows, columns = (axis[known] for axis in _grid(tile))
            level[window][known] -= _discrimination_db(ground, frame, cover, base_m, rows, columns)
    return level


def _grid(tile: Tile) -> NDArray[np.int64]:
    """Return rows and columns of a tile's pixels in the frame."""
    return np.mgrid[tile.top : tile.bottom, tile.left : tile.right]


def _discrimination_db(
    ground: Ground,
    frame: Frame,
    cover: Coverage,
    base_m: float,
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
) -> Float:
    from comity.antennas.pattern import discrimination_db
    from comity.coordination._angles import direction_deg, elevation_deg

    assert cover.transmitter.antenna is not None
    east, north = frame.offsets_m(rows, columns)
    distance_km = np.maximum(np.hypot(east, north), 1.0) / 1e3
    height_m, _ = ground.heights_and_zones(*frame.places(rows, columns))
    elevation = elevation_deg(base_m, height_m + cover.plan.rx_height_m, distance_km)
    azimuth, _ = direction_deg(east, north, 0.0)
    return discrimination_db(cover.transmitter.antenna, azimuth, elevation)


def circle(frame: Frame, plan: Plan, tile: Tile) -> tuple[NDArray[np.int64], NDArray[np.int64], Float]:
    """Return rows, columns and distances [km] of the pixels of a tile that lie within the radius."""
    rows, columns = _grid(tile)
    east, north = frame.offsets_m(rows, columns)
    distance_km = np.sqrt(east * east + north * north) / 1e3
    inside = distance_km <= plan.radius_km + 1e-9
    return rows[inside], columns[inside], distance_km[inside]


def most_points(plan: Plan) -> int:
    """Return the points of the longest profile."""
    return math.ceil(plan.radius_km * 1e3 / plan.step_m) + 1


@dataclass(frozen=True, slots=True)
class Difference:
    """How a raster differs from the exact one, on a sample of its pixels.

    Parameters
    ----------
    pixels : size of the sample
    mean_db, median_db, p90_db, p99_db, greatest_db : of the difference, and of its magnitude [dB]
    """

    pixels: int
    mean_db: float
    median_db: float
    p90_db: float
    p99_db: float
    greatest_db: float


def difference_from_exact(ground: Ground, cover: Coverage, pixels: int = 2_000) -> Difference:
    """Compare a raster with exact values at evenly spread pixels.

    Parameters
    ----------
    ground, cover : the raster and the ground that it stands on
    pixels : how many to compare
    """
    from comity.coordination.coverage_exact import pixel_loss_db

    def exact(rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Float:
        east, north = cover.frame.offsets_m(rows, columns)
        distance_km = np.sqrt(east * east + north * north) / 1e3
        return pixel_loss_db(
            ground, cover.transmitter, cover.plan, *cover.frame.places(rows, columns), distance_km
        )

    return difference_on(cover.frame, cover.loss_db, exact, pixels)


def difference_on(
    frame: Frame,
    values: NDArray[Any],
    exact: Callable[[NDArray[np.int64], NDArray[np.int64]], Float],
    pixels: int = 2_000,
) -> Difference:
    """Compare values on a frame with exact ones at evenly spread pixels.

    Parameters
    ----------
    frame, values : the raster [dB or dBm]
    exact : gives the exact values of rows and columns
    pixels : how many to compare
    """
    known = np.flatnonzero(~np.isnan(values))
    if not known.size:
        return Difference(0, 0.0, 0.0, 0.0, 0.0, 0.0)
    known = known[np.unique(np.linspace(0, known.size - 1, pixels).astype(np.int64))]
    off = np.asarray(values.reshape(-1)[known] - exact(*np.divmod(known, frame.side)))
    off = off[~np.isnan(off)]
    size = np.abs(off)
    shares = np.percentile(size, [50, 90, 99, 100])
    return Difference(int(off.size), *(round(float(v), 3) for v in (off.mean(), *shares)))
