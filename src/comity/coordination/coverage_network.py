"""Coverage of a network: the level that all its stations make together, each over its own terrain profiles or radials.

Stations are summed in power in the order of their ids, in whole hundredths of a decibel, so that the sum has the same
bits everywhere. An indoor station goes through the P.2109 entry loss of its building, as in coordination.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from comity.compute.executors import Executor, Serial
from comity.compute.grid import Progress, Tile
from comity.coordination import network as stations
from comity.coordination.coverage import (
    Difference,
    Mode,
    Plan,
    Transmitter,
    check,
    circle,
    device_input,
    difference_on,
    ground_inputs,
    ground_on,
    over_tiles,
)
from comity.coordination.coverage_cuda import doubtful
from comity.coordination.coverage_levels import PowerSum, Sight, isotropic, spared_db, spares
from comity.coordination.policy import Policy
from comity.errors import MissingError, Problem
from comity.terrain.edition import Edition
from comity.terrain.frame import Frame, frame_around
from comity.terrain.ground import Ground

if TYPE_CHECKING:
    from comity.propagation.cuda.device import Device
    from comity.terrain.cuda import GroundOnDevice

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class NetworkCoverage:
    """Level of a network around a place.

    Parameters
    ----------
    frame : where the pixels lie
    level_dbm : (h, w) power at an isotropic antenna over the whole channel, all stations summed [dBm]; NaN beyond the
        radius and where land without data lies before any of the stations
    plan : what was computed
    inputs : all that the level depends on, as JSON values
    editions : the ground it stands on
    mode : how it was computed
    difference : of a radial raster from the exact one, measured on a sample
    """

    frame: Frame
    level_dbm: NDArray[np.floating[Any]]
    plan: Plan
    inputs: Mapping[str, Any]
    editions: tuple[Edition, ...]
    mode: Mode = "exact"
    difference: Difference | None = None


def network_coverage(
    ground: Ground,
    transmitters: tuple[stations.Transmitter, ...],
    policy: Policy,
    plan: Plan,
    *,
    centre: tuple[float, float],
    mode: Mode = "exact",
    executor: Executor | None = None,
    folder: Path | None = None,
    progress: Progress | None = None,
    device: str | Device = "cpu",
) -> NetworkCoverage:
    """Return the level of stations, power-summed.

    Parameters
    ----------
    ground : terrain
    transmitters : stations, in any order
    policy : frequency, and how indoor stations leave their building (class, probability, elevation)
    plan : what is computed; the radius counts from ``centre``
    centre : middle of the raster, latitude and longitude [deg]
    mode : ``"exact"``, one profile a pixel and place of a station, or ``"radial"`` (P.1812 only), radials about each
    executor : where tiles or radials are computed; the values do not depend on it
    folder : of an exact run: tiles are kept there as float32, and an interrupted run goes on
    progress : called with parts done and parts in all
    device : as of :func:`comity.coordination.coverage.coverage`
    """
    ordered = tuple(sorted(transmitters, key=lambda t: t.id))
    for one in ordered:
        check(replace(isotropic(one, policy), eirp_dbm=one.eirp_dbm), plan, mode, folder, device)
    _on_known_ground(ground, ordered)
    frame = frame_around(*centre, plan.radius_km, plan.pixel_m)
    compute = NetworkTile(ground, frame, ordered, policy, plan, ground_on(device, ground))
    inputs = _inputs(compute, centre)
    if mode == "radial":
        from comity.coordination.coverage_radial.network import radial_level_dbm

        level: NDArray[Any] = radial_level_dbm(
            ground, frame, ordered, policy, plan, executor or Serial(), progress
        )
    else:
        level = over_tiles(frame, compute, executor or Serial(), folder, inputs, progress)
    corner = (
        np.array([0, 0, 2 * frame.half, 2 * frame.half]),
        np.array([0, 2 * frame.half, 0, 2 * frame.half]),
    )
    editions = ground.editions_used(*frame.places(*corner))
    difference = difference_on(frame, level, compute.at) if mode == "radial" else None
    return NetworkCoverage(frame, level, plan, inputs, editions, mode, difference)


def _on_known_ground(ground: Ground, transmitters: tuple[stations.Transmitter, ...]) -> None:
    """Refuse stations on land without terrain, all of them at once."""
    problems: list[Problem] = []
    for one in transmitters:
        try:
            ground.height_m(one.latitude_deg, one.longitude_deg)
        except MissingError as error:
            problems += [replace(p, place=f"station {one.id}, {p.place}") for p in error.problems] or [
                Problem(f"station {one.id}", str(error))
            ]
    if problems:
        raise MissingError("terrain is missing under stations", problems)


def _inputs(compute: NetworkTile, centre: tuple[float, float]) -> dict[str, Any]:
    policy = compute.policy
    found = {
        **ground_inputs(compute.ground, compute.plan),
        **device_input(compute.gpu),
        "centre": list(centre),
        "frequency_mhz": policy.frequency_mhz,
        "stations": [asdict(one) for one in compute.transmitters],
        "buildings": [policy.default_building, policy.building_entry_percent, policy.building_elevation],
        "plan": asdict(compute.plan),
    }
    return dict(json.loads(json.dumps(found)))


@dataclass(frozen=True, slots=True)
class NetworkTile:
    """The levels of a tile, as a pure function that may be sent to another process."""

    ground: Ground
    frame: Frame
    transmitters: tuple[stations.Transmitter, ...]
    policy: Policy
    plan: Plan
    gpu: GroundOnDevice | None = None

    def __call__(self, tile: Tile) -> Float:
        """Return levels [dBm] in whole hundredths, NaN where they are not known."""
        level = np.full((tile.bottom - tile.top, tile.right - tile.left), np.nan)
        rows, columns, _ = circle(self.frame, self.plan, tile)
        level[rows - tile.top, columns - tile.left] = self.at(rows, columns)
        return level

    def at(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Float:
        """Return the levels of some pixels [dBm]."""
        from comity.terrain.geodesy import bearing_deg, distance_km

        places = self.frame.places(rows, columns)
        height_m, _ = self.ground.heights_and_zones(*places)
        total = PowerSum(rows.size)
        losses: dict[Transmitter, Float] = {}
        for one in self.transmitters:
            plain = isotropic(one, self.policy)  # sectors of one mast share their losses
            if plain not in losses:
                losses[plain] = self._loss_db(plain, *places, gpu=self.gpu)
            spared: Float | float = 0.0
            if spares(one):
                here = one.latitude_deg, one.longitude_deg
                sight = Sight(height_m, bearing_deg(*here, *places), distance_km(*here, *places))
                spared = spared_db(self.ground, one, self.policy, self.plan, sight)
            if self.gpu is not None:
                near = doubtful(one.eirp_dbm - losses[plain] - spared)
                losses[plain][near] = self._loss_db(plain, places[0][near], places[1][near], gpu=None)
            total.add(one.eirp_dbm, losses[plain], spared)
        return total.level_dbm()

    def single(self, tile: Tile) -> NDArray[np.float32]:
        """Return levels as float32, for a store on disk."""
        return self(tile).astype(np.float32)

    def _loss_db(
        self, plain: Transmitter, latitude_deg: Float, longitude_deg: Float, gpu: GroundOnDevice | None
    ) -> Float:
        from comity.coordination.coverage_exact import losses_in_blocks
        from comity.terrain.geodesy import distance_km

        far = distance_km(plain.latitude_deg, plain.longitude_deg, latitude_deg, longitude_deg)
        return losses_in_blocks(self.ground, plain, self.plan, latitude_deg, longitude_deg, far, gpu)
