"""Boundary level, coverage contour and public exposure, worked by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from coordination_kit import (
    GNSS,
    LAT,
    LON,
    FlatGround,
    candidate,
    decibel_sum,
    free_space,
    free_space_policy,
    network,
    station,
)
from hypothesis import given
from hypothesis import strategies as st

from comity.coordination.boundary import boundary_level
from comity.coordination.contour import coverage_touches
from comity.coordination.exposure import public_exposure
from comity.coordination.field import resource_elements
from comity.coordination.incumbents import FixedLink, Incumbents, LinkEnd
from comity.coordination.limits import BoundaryPolicy, ContourPolicy, ExposurePolicy
from comity.coordination.network import Area
from comity.coordination.ring import circle, inside, points_along
from comity.errors import ValidityError
from comity.terrain.geodesy import destination, distance_km


def taiwan(**changes):
    """A candidate of 24 dBm over 100 MHz with 30 kHz subcarriers."""
    return candidate(station(eirp_dbm=24.0), low_mhz=4800.0, width_mhz=100.0, tdd=GNSS, **changes)


def policy(**boundary):
    rule = BoundaryPolicy(limit_dbm=-125.0, **boundary)
    return replace(free_space_policy(), frequency_mhz=4850.0, boundary=rule)


def square(half_m):
    return tuple(
        tuple(float(v) for v in destination(LAT, LON, azimuth, half_m * math.sqrt(2.0) / 1000.0))
        for azimuth in (45.0, 135.0, 225.0, 315.0)
    )


@pytest.mark.parametrize(
    ("width", "spacing", "mhz", "blocks"),
    [
        (50, 15, 3800, 270),
        (100, 30, 4800, 273),
        (100, 60, 3800, 135),
        (400, 120, 26_000, 264),
        (100, 60, 26_000, 132),
    ],
)
def test_resource_elements_are_twelve_times_the_blocks_of_ts_38_101(width, spacing, mhz, blocks):
    assert resource_elements(float(width), spacing, float(mhz)) == 12 * blocks


@pytest.mark.parametrize(("width", "spacing", "mhz"), [(100, 15, 4800), (42.5, 30, 3800), (400, 30, 26_000)])
def test_a_channel_that_nr_does_not_have_is_refused_and_named(width, spacing, mhz):
    with pytest.raises(ValidityError) as caught:
        resource_elements(float(width), spacing, float(mhz))
    assert f"{width:g} MHz with {spacing} kHz" in caught.value.render()


def test_24_dbm_over_100_mhz_are_minus_11_2_dbm_in_one_resource_element():
    assert resource_elements(100.0, 30) == 3276
    assert 24.0 - 10.0 * math.log10(3276) == pytest.approx(-11.2, abs=0.05)
    found = boundary_level(taiwan(), circle(LAT, LON, 100.0, 10.0), FlatGround(), policy())
    # 113.9 dB are needed to the fence; free space gives 86.1 dB at 100 m: 27.7 dB are missing
    assert found.margin_db == pytest.approx(-27.7, abs=0.1)
    assert not found.passes
    terms = {t.name: t.value for t in found.terms}
    assert terms["eirp"] == 24.0
    assert terms["reference_bandwidth"] == pytest.approx(-35.15, abs=0.01)
    assert terms["basic_transmission_loss"] == pytest.approx(-free_space(4850.0, 0.1), abs=0.02)


def test_read_as_total_power_the_limit_is_35_db_harder():
    ring = circle(LAT, LON, 100.0, 10.0)
    element, total = (
        boundary_level(taiwan(), ring, FlatGround(), policy(interpretation=reading))
        for reading in ("per_resource_element", "total_power")
    )
    assert total.margin_db == pytest.approx(element.margin_db - 10.0 * math.log10(3276), abs=0.02)


def test_the_law_says_below_so_the_limit_itself_does_not_pass():
    ring = circle(LAT, LON, 100.0, 10.0)
    level = boundary_level(taiwan(), ring, FlatGround(), policy()).worst.level_dbm
    for limit, passes in ((level, False), (round(level + 0.01, 2), True)):
        rule = replace(policy(), boundary=BoundaryPolicy(limit_dbm=limit))
        assert boundary_level(taiwan(), ring, FlatGround(), rule).passes is passes


def test_stations_add_up_at_every_point_and_indoor_ones_through_their_wall():
    ring = square(120.0)
    one = station(eirp_dbm=24.0)
    two = station(0.05, name="2", eirp_dbm=24.0)
    settings = policy(spacing_m=40.0)
    apart = [
        boundary_level(replace(taiwan(), transmitters=(s,)), ring, FlatGround(), settings) for s in (one, two)
    ]
    both = boundary_level(replace(taiwan(), transmitters=(two, one)), ring, FlatGround(), settings)
    for a, b, total in zip(apart[0].points, apart[1].points, both.points, strict=True):
        assert total.level_dbm == pytest.approx(decibel_sum(a.level_dbm, b.level_dbm), abs=0.02)
    walled = replace(taiwan(), transmitters=(replace(one, indoor=True, building="thermally_efficient"),))
    behind = boundary_level(walled, ring, FlatGround(), settings)
    assert behind.worst.level_dbm < apart[0].worst.level_dbm - 25.0


@given(spacing=st.floats(3.0, 80.0), half=st.floats(20.0, 400.0))
def test_points_along_a_boundary_hold_its_corners_and_are_never_farther_apart_than_asked(spacing, half):
    ring = square(half)
    lat, lon = points_along(ring, spacing)
    gaps = distance_km(lat, lon, np.roll(lat, -1), np.roll(lon, -1)) * 1000.0
    assert gaps.max() <= spacing + 0.002
    for corner in ring:
        assert distance_km(lat, lon, *corner).min() < 1e-5


def test_inside_and_outside_of_a_ring():
    ring = square(100.0)
    assert inside(ring, LAT, LON)
    assert not inside(ring, LAT + 0.01, LON)
    assert not inside(ring, LAT, LON + 0.01)


def touches(cand, *networks, level_dbm=-125.0, consents=frozenset(), **others):
    rule = ContourPolicy(level_dbm=level_dbm, zones=others.pop("zones", ()))
    settings = replace(free_space_policy(), frequency_mhz=4850.0, contour=rule)
    found = coverage_touches(
        replace(cand, consents=consents), Incumbents(networks, **others), FlatGround(), settings
    )
    return {t.neighbour: t for t in found}


def site(name, north_km, radius_m=50.0):
    at = station(north_km)
    return network(name, at, area=Area(at.latitude_deg, at.longitude_deg, radius_m))


def test_coverage_touches_the_neighbour_it_reaches_and_not_the_one_it_does_not():
    # -11.2 dBm per element reach -125 dBm after 113.9 dB, in free space after 2.4 km
    found = touches(taiwan(), site("near", 2.0), site("far", 2.8))
    assert found["near"].touches
    assert "far" not in found or not found["far"].touches
    assert found["near"].level_dbm == pytest.approx(-11.15 - free_space(4850.0, 1.95), abs=0.1)


def test_consent_is_carried_and_zones_count_as_neighbours():
    ring = tuple((lat + 1.0 / 111.33, lon) for lat, lon in square(200.0))
    link = FixedLink(
        "F", "carrier", LinkEnd(LAT, LON, 9, 30), LinkEnd(LAT, LON, 9, 30), 4400, 4430, zone=ring
    )
    found = touches(
        taiwan(),
        site("near", 1.0),
        consents=frozenset({("near", "holder of near")}),
        zones=(("Z", ring),),
        fixed_links=(link,),
    )
    assert found["near"].consented
    assert not found["Z"].consented
    assert {n: t.kind for n, t in found.items()} == {"near": "site", "Z": "zone", "F": "zone"}


def test_a_station_inside_a_neighbours_site_touches_it_however_weak():
    weak = replace(taiwan(), transmitters=(station(eirp_dbm=-40.0),))
    assert touches(weak, site("around", 0.0, radius_m=3000.0))["around"].touches


def test_a_neighbour_without_an_area_counts_with_the_circle_of_its_stations():
    alone = network("alone", station(1.0))
    pair = network("pair", station(1.0, 0.0, name="1"), station(1.0, 1.0, name="2"))
    found = touches(taiwan(), alone, pair)
    assert found["alone"].touches
    assert found["alone"].level_dbm == pytest.approx(-11.15 - free_space(4850.0, 1.0), abs=0.1)
    # the circle of the pair, of 500 m around the middle, comes nearer than either station
    assert found["pair"].touches
    assert found["pair"].distance_km < 0.9


EXPOSURE = ExposurePolicy(limit_w_per_m2=10.0)


def exposed(*stations, rule=EXPOSURE, **fences):
    settings = replace(free_space_policy(), exposure=rule)
    return public_exposure(candidate(*stations), settings, fences or None)


def test_the_compliance_distance_of_100_w_is_0_89_m():
    # 50 dBm: S = 100 / (4 pi d^2) = 10 W/m2 at d = 0.892 m
    (found,) = exposed(station(eirp_dbm=50.0, height_m=10.0))
    assert found.compliance_distance_m == pytest.approx(math.sqrt(100.0 / (4.0 * math.pi * 10.0)), abs=0.001)
    assert found.nearest_m == 8.0
    assert found.power_density_w_per_m2 == pytest.approx(100.0 / (4.0 * math.pi * 64.0), rel=1e-3)
    assert found.ratio == pytest.approx(found.power_density_w_per_m2 / 10.0, rel=1e-4)
    assert found.passes


def test_two_stations_on_one_mast_expose_together():
    (one,) = exposed(station(eirp_dbm=50.0, height_m=3.0))
    both = exposed(*(station(name=n, eirp_dbm=50.0, height_m=3.0) for n in "ab"))
    assert one.ratio == pytest.approx(100.0 / (4.0 * math.pi) / 10.0, rel=1e-3)
    assert [b.ratio for b in both] == pytest.approx([2 * one.ratio] * 2, rel=1e-4)
    assert one.passes
    assert not any(b.passes for b in both)


def test_a_fence_and_a_threshold_are_taken_as_given():
    (open_air,) = exposed(station(eirp_dbm=60.0, height_m=2.0))
    (fenced,) = exposed(station(eirp_dbm=60.0, height_m=2.0), **{"1": 5.0})
    assert not open_air.passes
    assert fenced.passes
    assert fenced.nearest_m == 5.0
    (untested,) = exposed(
        station(eirp_dbm=39.0, height_m=2.0), rule=replace(EXPOSURE, threshold_eirp_dbm=40.0)
    )
    assert not untested.tested
    assert untested.passes


def test_under_a_panel_there_is_less_than_in_its_beam():
    panel = {"pattern": "f1336-sector", "gain_dbi": 15.0, "beamwidth_deg": 65.0}
    (isotropic,) = exposed(station(eirp_dbm=60.0, height_m=6.0))
    (sector,) = exposed(station(eirp_dbm=60.0, height_m=6.0, antenna=panel))
    assert sector.ratio < isotropic.ratio
    assert sector.compliance_distance_m == isotropic.compliance_distance_m
