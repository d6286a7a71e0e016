"""Over a hill a signal leaves and arrives at the horizon, not along the straight line through the hill."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from types import SimpleNamespace

import numpy as np
import pytest
from coordination_kit import EARTH_STATION_SUM, LAT, FlatGround, candidate, earth_station, network, station

from comity.coordination.coordinate import coordinate
from comity.coordination.horizon import horizon_elevations_deg
from comity.coordination.incumbents import Incumbents
from comity.coordination.pathloss import entry_db
from comity.coordination.policy import Criterion, Policy

KM = 111.33


@dataclass(frozen=True)
class Ridge(FlatGround):
    """A wall across a plain, ``at_km`` north of the origin."""

    at_km: float = 1.0
    ridge_m: float = 140.0

    def paths(self, *args, **settings):
        flat = super().paths(*args, **settings)
        height = flat.height_m.copy()
        for i in range(len(flat)):
            part = slice(flat.offsets[i], flat.offsets[i + 1])
            share = flat.distance_km[part] / flat.distance_km[part][-1]
            north = (flat.tx_latitude_deg[i] * (1 - share) + flat.rx_latitude_deg[i] * share - LAT) * KM
            height[part][np.abs(north - self.at_km) < 0.03] = self.ridge_m
        return replace(flat, height_m=height)

    def editions(self):
        return [SimpleNamespace(sha256=f"ridge-{self.at_km}-{self.ridge_m}")]


def test_horizon_angles_are_those_of_the_curved_earth():
    # a wall of 140 m, 1 km from a 5 m mast and 4 km from a 10 m one; ae = 6371 x 157 / (157 - 45) km
    ground = Ridge()
    paths = ground.paths(np.array([LAT]), np.array([-6.0]), np.array([LAT + 5 / KM]), np.array([-6.0]))
    found = horizon_elevations_deg(paths, np.array([5.0]), np.array([10.0]), 45.0)
    radius = 6371.0 * 157.0 / 112.0
    top = int(np.argmax(paths.height_m))
    d, length = paths.distance_km[top], paths.distance_km[-1]
    near = math.degrees(math.atan(0.135 / d - d / 2 / radius))
    far = math.degrees(math.atan(0.130 / (length - d) - (length - d) / 2 / radius))
    assert found[0, 0] == pytest.approx(near, abs=0.05 * near)  # the wall is a few points wide
    assert found[1, 0] == pytest.approx(far, abs=0.05 * far)


def test_in_line_of_sight_there_is_no_horizon():
    paths = FlatGround().paths(np.array([LAT]), np.array([-6.0]), np.array([LAT + 2 / KM]), np.array([-6.0]))
    assert np.isnan(horizon_elevations_deg(paths, np.array([20.0]), np.array([20.0]), 45.0)).all()


def terms(found):
    return {term.name: term.value for term in found.terms}


def test_an_earth_station_that_looks_over_the_hill_hears_what_comes_over_it():
    # horizon at about 7.7 deg, dish at 8 deg in the same azimuth: in the main lobe, not 8 deg off it
    policy = Policy(frequency_mhz=4000.0, criteria=(EARTH_STATION_SUM,), clutter="none", inward="ignore")
    dish = earth_station("E", 0.0, azimuth_deg=0.0, elevation_deg=8.0, gain_dbi=40.0)
    asked = candidate(station(north_km=5.0, eirp_dbm=60.0))
    answers = {
        ground.ridge_m: coordinate(asked, Incumbents(earth_stations=(dish,)), ground, policy)
        for ground in (Ridge(), Ridge(ridge_m=0.0))
    }
    over, flat = (terms(answers[h].channels[0].worst[0]) for h in (140.0, 0.0))
    assert over.get("rx_antenna_discrimination", 0.0) > -2.0
    # along the plain it is 8 deg off the axis: S.465 gives 32 - 25 log 8 = 9.4 dBi of 40
    assert flat["rx_antenna_discrimination"] == pytest.approx(-(40 - 32 + 25 * math.log10(8.0)), abs=0.3)


def test_a_sending_antenna_too_counts_with_its_stronger_direction():
    # a narrow beam tilted up at the ridge: the straight line is far below it
    spec = {"pattern": "f1336-sector", "gain_dbi": 24.0, "beamwidth_deg": 30.0}
    up = station(north_km=0.0, azimuth_deg=0.0, tilt_deg=-7.0, antenna=spec, eirp_dbm=80.0)
    policy = Policy(
        frequency_mhz=4000.0,
        criteria=(Criterion("base", "base", 20.0, aggregate=False, i_over_n_db=-6.0),),
        clutter="none",
        inward="ignore",
        pairs=frozenset(["base-base"]),
    )
    victim = Incumbents((network("V", station(north_km=5.0)),))
    over, flat = (
        terms(coordinate(candidate(up), victim, ground, policy).channels[0].worst[0])
        for ground in (Ridge(), Ridge(ridge_m=0.0))
    )
    assert over.get("tx_antenna_discrimination", 0.0) > -1.0 > flat["tx_antenna_discrimination"] + 5.0


def test_above_6_ghz_networks_are_tested_by_p452_and_the_assessment_says_so():
    policy = Policy(
        frequency_mhz=26_000.0, criteria=(Criterion("b", "base", 20.0, False, -6.0),), inward="ignore"
    )
    near = network("V", station(north_km=3.0), low_mhz=26_000.0)
    asked = candidate(station(eirp_dbm=60.0), low_mhz=26_000.0)
    answer = coordinate(asked, Incumbents((near,)), FlatGround(), policy)
    assert {a.model for a in answer.assessments((26_000.0, 26_040.0))} == {"p452"}
    assert "model.p452" in answer.provenance
    assert "model.p1812" not in answer.provenance


def test_a_steep_path_gets_no_more_entry_loss_than_a_level_one_unless_the_policy_says_so():
    # P.2109 (3) and (4): 0.212 dB a degree for the median
    policy = Policy(frequency_mhz=4000.0, criteria=())
    walls, steep, level = np.array([1]), np.array([80.0]), np.array([0.0])
    assert entry_db(walls, steep, policy) == entry_db(walls, level, policy)
    credited = replace(policy, building_elevation=True)
    assert entry_db(walls, steep, credited) - entry_db(walls, level, credited) > 10.0
