"""Coverage of a network: the level that all its stations make together, each over its own terrain profiles.

Stations are summed in power in the order of their ids, in whole hundredths of a decibel, so that the sum has the same
bits everywhere. An indoor station goes through the P.2109 entry loss of its building, as in coordination.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from comity.compute.executors import Executor, Serial
from comity.compute.grid import Progress, Tile
from comity.coordination import network as stations
from comity.coordination.coverage import Plan, Transmitter, check, circle, ground_inputs, over_tiles
from comity.coordination.policy import Policy
from comity.errors import MissingError, Problem
from comity.terrain.edition import Edition
from comity.terrain.frame import Frame, frame_around
from comity.terrain.ground import Ground

Float = NDArray[np.float64]

_NEAREST_KM = 0.001


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
    """

    frame: Frame
    level_dbm: NDArray[np.floating[Any]]
    plan: Plan
    inputs: Mapping[str, Any]
    editions: tuple[Edition, ...]


def network_coverage(
    ground: Ground,
    transmitters: tuple[stations.Transmitter, ...],
    policy: Policy,
    plan: Plan,
    *,
    centre: tuple[float, float],
    executor: Executor | None = None,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> NetworkCoverage:
    """Return the level of stations, power-summed, with one profile a pixel and place of a station.

    Parameters
    ----------
    ground : terrain
    transmitters : stations, in any order
    policy : frequency, and how indoor stations leave their building (class, probability, elevation)
    plan : what is computed; the radius counts from ``centre``
    centre : middle of the raster, latitude and longitude [deg]
    executor : where tiles are computed; the values do not depend on it
    folder : tiles are kept there as float32, and an interrupted run goes on
    progress : called with tiles done and tiles in all
    """
    ordered = tuple(sorted(transmitters, key=lambda t: t.id))
    for one in ordered:
        check(_plain(one, policy), plan, "exact")
    _on_known_ground(ground, ordered)
    frame = frame_around(*centre, plan.radius_km, plan.pixel_m)
    compute = NetworkTile(ground, frame, ordered, policy, plan)
    inputs = _inputs(compute, centre)
    level = over_tiles(frame, compute, executor or Serial(), folder, inputs, progress)
    corner = (
        np.array([0, 0, 2 * frame.half, 2 * frame.half]),
        np.array([0, 2 * frame.half, 0, 2 * frame.half]),
    )
    return NetworkCoverage(frame, level, plan, inputs, ground.editions_used(*frame.places(*corner)))


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


def _plain(one: stations.Transmitter, policy: Policy) -> Transmitter:
    """Return a station as the engine of single transmitters knows it; slant counts as vertical, as in coordination."""
    plane: Literal["vertical", "horizontal"] = (
        "horizontal" if one.polarisation == "horizontal" else "vertical"
    )
    return Transmitter(
        one.latitude_deg, one.longitude_deg, one.height_m, policy.frequency_mhz, one.eirp_dbm, None, plane
    )


def _inputs(compute: NetworkTile, centre: tuple[float, float]) -> dict[str, Any]:
    policy = compute.policy
    found = {
        **ground_inputs(compute.ground, compute.plan),
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

    def __call__(self, tile: Tile) -> Float:
        """Return levels [dBm] in whole hundredths, NaN where they are not known."""
        from comity.coordination._decibel import centi, centi_level, power

        level = np.full((tile.bottom - tile.top, tile.right - tile.left), np.nan)
        rows, columns, _ = circle(self.frame, self.plan, tile)
        places = self.frame.places(rows, columns)
        height_m, _ = self.ground.heights_and_zones(*places)
        total, known = np.zeros(rows.size), np.ones(rows.size, dtype=bool)
        losses: dict[Transmitter, Float] = {}
        for one in self.transmitters:
            plain = replace(_plain(one, self.policy), eirp_dbm=0.0)  # sectors of one mast share their losses
            if plain not in losses:
                losses[plain] = self._loss_db(plain, *places)
            own = one.eirp_dbm - losses[plain] - self._spared_db(one, height_m, *places)
            known &= ~np.isnan(own)
            total += power(centi(np.where(np.isnan(own), 0.0, own)))
        found = np.where(known, centi_level(total) / 100.0, np.nan)
        level[rows - tile.top, columns - tile.left] = found
        return level

    def single(self, tile: Tile) -> NDArray[np.float32]:
        """Return levels as float32, for a store on disk."""
        return self(tile).astype(np.float32)

    def _loss_db(self, plain: Transmitter, latitude_deg: Float, longitude_deg: Float) -> Float:
        from comity.coordination.coverage_exact import losses_in_blocks
        from comity.terrain.geodesy import distance_km

        far = distance_km(plain.latitude_deg, plain.longitude_deg, latitude_deg, longitude_deg)
        return losses_in_blocks(self.ground, plain, self.plan, latitude_deg, longitude_deg, far)

    def _spared_db(
        self, one: stations.Transmitter, height_m: Float, latitude_deg: Float, longitude_deg: Float
    ) -> Float:
        """Return what antenna and building take from the level [dB], along the straight line to every pixel."""
        from comity.antennas import Mounted
        from comity.antennas.pattern import discrimination_db
        from comity.coordination._angles import elevation_deg
        from comity.coordination.ends import BUILDINGS, canonical
        from comity.coordination.pathloss import entry_db
        from comity.coordination.patterns import pattern
        from comity.terrain.geodesy import bearing_deg, distance_km

        here = one.latitude_deg, one.longitude_deg
        base_m = float(self.ground.height_m(*here)[0]) + one.height_m
        distance = np.maximum(distance_km(*here, latitude_deg, longitude_deg), _NEAREST_KM)
        up = elevation_deg(base_m, height_m + self.plan.rx_height_m, distance)
        spared = np.zeros(latitude_deg.size)
        if one.antenna is not None:
            plain = pattern(canonical(one.antenna), "peak", self.policy.frequency_mhz)
            mounted = Mounted(plain, one.azimuth_deg, one.tilt_deg)
            spared += discrimination_db(mounted, bearing_deg(*here, latitude_deg, longitude_deg), up)
        if one.indoor:
            building = BUILDINGS.index(one.building or self.policy.default_building)
            spared += entry_db(np.full(spared.size, building), up, self.policy)
        return spared
