"""The coast: coordination and the models of the air take the same distance to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import SimpleNamespace

import numpy as np
import pytest
from coordination_kit import FlatGround, between, candidate, earth_station, free_space_policy, station

from comity.coordination.coordinate import coordinate
from comity.coordination.incumbents import Incumbents
from comity.coordination.policy import Criterion
from comity.propagation import p452, p1812
from comity.propagation.paths import COASTAL_LAND, SEA

STEP_KM = 0.4
#: Points of land before the sea begins.
BEACH = 2


@dataclass(frozen=True)
class Strait(FlatGround):
    """Open water between two beaches, in steps so wide that it matters where between two points the coast lies."""

    def paths(self, *ends, spacing_m=50.0, cover="none"):
        dry = super().paths(*ends, spacing_m=STEP_KM * 1000.0, cover=cover)
        zone = np.full(dry.zone.size, SEA, dtype=np.int8)
        for first, last in zip(dry.offsets, dry.offsets[1:], strict=False):
            zone[first : first + BEACH] = zone[last - BEACH : last] = COASTAL_LAND
        return replace(dry, zone=zone)

    def editions(self):
        return [SimpleNamespace(sha256="strait")]


@pytest.mark.parametrize(("model", "engine"), [("p452", p452), ("p1812", p1812)])
def test_the_coast_lies_midway_between_the_last_point_on_land_and_the_first_at_sea(model, engine):
    dish = earth_station("E", 30.0)
    asked = candidate(station(height_m=10.0, eirp_dbm=60.0))
    limit = Criterion("dish", "earth_station", 1.0, aggregate=False, limit_dbm_per_mhz=-100.0)
    policy = free_space_policy(limit, protected_model=model)
    (found,) = coordinate(asked, Incumbents((), (dish,)), Strait(), policy).assessments((3800.0, 3840.0))

    at = asked.transmitters[0]
    ends = (np.array([x]) for x in (at.latitude_deg, at.longitude_deg, dish.latitude_deg, dish.longitude_deg))
    path = Strait().paths(*ends)
    step_km = between(at, dish) / (len(path.distance_km) - 1)
    more = {} if model == "p452" else {"location_percent": 50.0, "location_sd_db": 0.0}
    coast_km = (BEACH - 0.5) * step_km
    expected, at_first_sea_point = (
        engine.basic_transmission_loss(
            path, 4000.0, 1.0, tx_height_m=10.0, rx_height_m=5.0, polarisation=2.0, dn=45.0, n0=325.0,
            tx_coast_km=km, rx_coast_km=km, **more,
        ).item()
        for km in (coast_km, BEACH * step_km)
    )  # fmt: skip
    loss_db = -next(term.value for term in found.terms if term.name == "basic_transmission_loss")
    assert loss_db == pytest.approx(expected, abs=0.005)
    assert abs(expected - at_first_sea_point) > 0.02
