"""Distance, bearing and destination against Karney's solution (GeographicLib, in PROJ)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from comity.errors import ValidityError
from comity.terrain import geodesy

KARNEY = Geod(ellps="WGS84")
latitude = st.floats(-89.0, 89.0)
longitude = st.floats(-180.0, 180.0)


@given(latitude, longitude, st.floats(0.0, 360.0), st.floats(0.01, 1e7))
def test_distance_and_bearing_agree_with_karney(lat, lon, azimuth, metres):
    lon2, lat2, _ = KARNEY.fwd(lon, lat, azimuth, metres)
    expected_azimuth, _, expected = KARNEY.inv(lon, lat, lon2, lat2)
    assert geodesy.distance_km(lat, lon, lat2, lon2) * 1e3 == pytest.approx(expected, abs=1.1e-3)
    turn = (float(geodesy.bearing_deg(lat, lon, lat2, lon2)) - expected_azimuth + 180.0) % 360.0 - 180.0
    assert abs(np.radians(turn)) * min(metres, 6.37e6) < 2e-3


@given(latitude, longitude, st.floats(0.0, 360.0), st.floats(0.0, 1e4))
def test_destination_agrees_with_karney(lat, lon, azimuth, km):
    lon2, lat2, _ = KARNEY.fwd(lon, lat, azimuth, km * 1e3)
    found_lat, found_lon = geodesy.destination(lat, lon, azimuth, km)
    assert KARNEY.inv(lon2, lat2, float(found_lon), float(found_lat))[2] < 1e-3


@given(latitude, longitude, st.floats(0.0, 360.0), st.floats(0.001, 9000.0))
def test_the_way_back_is_as_long(lat, lon, azimuth, km):
    lat2, lon2 = geodesy.destination(lat, lon, azimuth, km)
    there = geodesy.distance_km(lat, lon, lat2, lon2)
    assert abs(there - geodesy.distance_km(lat2, lon2, lat, lon)) <= 1e-6
    assert abs(there - km) <= 2e-6


def test_the_worked_example_of_the_ordnance_survey_class():
    """Flinders Peak to Buninyong, the check values of Geoscience Australia's Vincenty worksheet (GRS 80)."""
    flinders, buninyong = (-37.951033416667, 144.424867888889), (-37.652821138889, 143.926495527778)
    assert geodesy.distance_km(*flinders, *buninyong) == pytest.approx(54.972271, abs=2e-6)
    assert geodesy.bearing_deg(*flinders, *buninyong) == pytest.approx(306.868158, abs=2e-6)


def test_arrays_broadcast_and_one_point_is_no_distance():
    assert geodesy.distance_km(10.0, 20.0, [10.0, 11.0], [20.0, 20.0]).shape == (2,)
    assert geodesy.distance_km(10.0, 20.0, 10.0, 20.0) == 0.0
    assert geodesy.bearing_deg(10.0, 20.0, 10.0, 20.0) == 0.0


def test_places_that_face_each_other_are_refused_by_name():
    with pytest.raises(ValidityError, match="face each other"):
        geodesy.distance_km(0.0, 0.0, 0.1, 179.9)
