"""Terminals are tried at many places of their area: the worst of them counts, behind a hill and beside it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from coordination_kit import (
    KM_PER_DEGREE,
    LAT,
    LON,
    FlatGround,
    candidate,
    decibel_sum,
    free_space_policy,
    network,
    station,
)

from comity.coordination.areas import nearest, places
from comity.coordination.coordinate import coordinate
from comity.coordination.ends import receivers
from comity.coordination.incumbents import EarthStation, Incumbents
from comity.coordination.network import Area, Terminals
from comity.coordination.policy import Criterion, Policy
from comity.terrain.geodesy import destination, distance_km
from comity.terrain.ground import open_ground

TERMINAL = Criterion("terminal", "terminal", 20.0, aggregate=False, i_over_n_db=-6.0)
POLICY = Policy(frequency_mhz=4000.0, criteria=(TERMINAL,), inward="ignore")


def around(radius_m, polygon=(), north_km=3.0):
    at = station(north_km)
    return network(
        "V", at, terminals=Terminals(), area=Area(at.latitude_deg, at.longitude_deg, radius_m, polygon)
    )


def loss(assessment):
    return -next(t.value for t in assessment.terms if t.name == "basic_transmission_loss")


def test_the_worst_place_of_a_circle_on_skye_is_found_though_the_nearest_lies_behind_a_hill():
    # about 156 dB to the nearest point of the circle, under 120 dB to the worst place in it
    ground = open_ground()
    sender = station(eirp_dbm=30.0)
    at = {"latitude_deg": 57.313, "longitude_deg": -6.383}
    lat, lon = 57.2985, -6.301
    victim = Area(lat, lon, 500.0)
    asked = candidate(replace(sender, **at))
    net = network(
        "V", replace(sender, latitude_deg=lat, longitude_deg=lon), area=victim, terminals=Terminals()
    )
    (found,) = coordinate(asked, Incumbents((net,)), ground, POLICY).assessments((3800.0, 3840.0))
    rng = np.random.default_rng(1)
    radius, azimuth = 0.5 * np.sqrt(rng.random(150)), 360.0 * rng.random(150)
    brute = []
    for d, a in zip(radius, azimuth):
        there = destination(lat, lon, a, d)
        point = network(
            "P", replace(sender, latitude_deg=float(there[0]), longitude_deg=float(there[1])),
            area=Area(float(there[0]), float(there[1]), 1.0), terminals=Terminals(),
        )  # fmt: skip
        brute += [
            loss(a)
            for a in coordinate(asked, Incumbents((point,)), ground, POLICY).assessments((3800.0, 3840.0))
        ]
    assert loss(found) <= np.percentile(brute, 10)
    assert loss(found) < 125.0


@pytest.mark.parametrize("radius_m", [50.0, 150.0, 400.0, 2000.0])
def test_every_place_lies_in_the_circle_and_on_all_sides_of_it(radius_m):
    ends = receivers([around(radius_m)], POLICY)
    row = np.array([len(ends) - 1])
    found = places(ends, row)
    centre = ends.latitude_deg[row], ends.longitude_deg[row]
    away = distance_km(*centre, found.latitude_deg, found.longitude_deg) * 1000.0
    assert away.max() == pytest.approx(radius_m, abs=0.01)
    assert (found.latitude_deg > centre[0] + 1e-9).any()
    assert (found.latitude_deg < centre[0] - 1e-9).any()


def square(half_km, north_km=0.0):
    up, across = half_km / KM_PER_DEGREE, half_km / (KM_PER_DEGREE * math.cos(math.radians(LAT)))
    middle = LAT + north_km / KM_PER_DEGREE
    return ((middle - up, LON - across), (middle - up, LON + across), (middle + up, LON + across),
            (middle + up, LON - across))  # fmt: skip


def test_the_nearest_point_of_a_polygon_is_on_its_edge_or_the_place_itself():
    lat, lon, inside = nearest(square(1.0), np.array([LAT, LAT + 5.0 / KM_PER_DEGREE]), np.array([LON, LON]))
    assert inside.tolist() == [True, False]
    assert lat[0] == LAT
    assert lat[1] == pytest.approx(LAT + 1.0 / KM_PER_DEGREE, abs=1e-9)
    assert lon[1] == pytest.approx(LON, abs=1e-9)


def test_terminals_of_a_polygon_stay_inside_it():
    # a polygon 3 km north, its near edge 2.5 km away; the circle around it would begin at 2.29 km
    polygon = square(0.5, north_km=3.0)
    policy = free_space_policy(TERMINAL, pairs=frozenset(["base-terminal"]))
    net = around(710.0, polygon)
    (found,) = coordinate(
        candidate(station(eirp_dbm=50.0)), Incumbents((net,)), FlatGround(), policy
    ).assessments((3800.0, 3840.0))
    assert found.distance_km == pytest.approx(2.5, abs=0.01)
    ends = receivers([net], policy)
    tried = places(ends, np.array([len(ends) - 1]))
    within = nearest(polygon, tried.latitude_deg, tried.longitude_deg)
    moved = distance_km(within[0], within[1], tried.latitude_deg, tried.longitude_deg)
    assert moved.max() < 1e-4


def test_where_the_antenna_looks_past_the_nearest_point_the_place_in_its_beam_counts():
    # a narrow beam 20 degrees east of the centre of a circle of 2 km radius, 5 km north: the beam meets its rim
    spec = {"pattern": "f1336-sector", "gain_dbi": 24.0, "beamwidth_deg": 15.0}
    beam = candidate(station(eirp_dbm=50.0, azimuth_deg=20.0, antenna=spec))
    policy = free_space_policy(TERMINAL, pairs=frozenset(["base-terminal"]))
    (found,) = coordinate(
        beam, Incumbents((around(2000.0, north_km=5.0),)), FlatGround(), policy
    ).assessments((3800.0, 3840.0))
    terms = {t.name: t.value for t in found.terms}
    # at the nearest point, 20 degrees off, it would be 12 (20 / 15)^2 and more
    assert terms.get("tx_antenna_discrimination", 0.0) > -8.0
    assert found.distance_km > 3.0


def test_in_a_sum_terminals_of_the_register_do_what_they_do_alone_and_not_what_the_nearest_of_them_does():
    # a dish that sees much of the circle though a hill hides its nearest point: 20 dB and more between them
    dish = EarthStation(
        "E", "teleport", 57.313, -6.383, 10.0, 3800.0, 4200.0, azimuth_deg=110.0, elevation_deg=5.0
    )
    total = Criterion("sum", "earth_station", 20.0, aggregate=True, i_over_n_db=-12.2)
    policy = Policy(frequency_mhz=4000.0, criteria=(total,), inward="ignore", negligible_db=200.0)
    lat, lon = 57.2985, -6.301
    handsets = network(
        "L", replace(station(eirp_dbm=-60.0), latitude_deg=lat, longitude_deg=lon),
        area=Area(lat, lon, 500.0), terminals=Terminals(),
    )  # fmt: skip
    beside = candidate(replace(station(eirp_dbm=20.0), latitude_deg=57.316, longitude_deg=-6.36))

    def level(asked, *register):
        known = Incumbents(register, (dish,))
        (found,) = coordinate(asked, known, open_ground(), policy).assessments((3800.0, 3840.0))
        return found.interference_dbm_per_mhz

    alone = level(replace(handsets, status="applied")), level(beside)
    assert alone[0] > alone[1] - 3.0
    assert level(beside, handsets) == pytest.approx(decibel_sum(*alone), abs=0.011)
