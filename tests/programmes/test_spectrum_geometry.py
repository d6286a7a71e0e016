"""The site in metres, against pyproj's geodesics and shapely as independent oracles."""

from __future__ import annotations

from math import pi

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import Point, Polygon

from comity.programmes.spectrum.geometry import area_m2, local_metres, outside_m
from comity.programmes.spectrum.network import area_of
from comity.programmes.spectrum.site import Site

_GEOD = Geod(ellps="WGS84")
SQUARE = ((24.7745, 121.0020), (24.7745, 121.0060), (24.7785, 121.0060), (24.7785, 121.0020))


def _site(polygon=SQUARE):
    return Site(name="s", polygon=polygon, indoor=False)


def test_area_of_a_polygon_is_that_of_the_ellipsoid():
    latitudes, longitudes = zip(*SQUARE)
    expected = abs(_GEOD.polygon_area_perimeter(longitudes, latitudes)[0])
    assert area_m2(_site()) == pytest.approx(expected, rel=1e-4)


def test_area_of_a_circle():
    site = Site(name="s", centre=(57.3, -6.3), radius_m=50, indoor=False)
    assert area_m2(site) == pytest.approx(pi * 2500, abs=0.1)


@settings(max_examples=60, deadline=None)
@given(st.floats(24.770, 24.783), st.floats(120.998, 121.010))
def test_distance_outside_a_polygon_agrees_with_a_plane_projection(latitude, longitude):
    site = _site(
        ((24.7745, 121.002), (24.776, 121.006), (24.7785, 121.0055), (24.777, 121.0035), (24.778, 121.002))
    )
    corners = local_metres((24.7765, 121.004), site.polygon)
    (place,) = local_metres((24.7765, 121.004), [(latitude, longitude)])
    expected = Polygon(corners).distance(Point(place))
    assert outside_m(site, (latitude, longitude)) == pytest.approx(expected, abs=0.05)


def test_a_station_on_the_rim_of_a_circle_is_inside():
    site = Site(name="s", centre=(57.3, -6.3), radius_m=50, indoor=False)
    longitude, latitude, _ = _GEOD.fwd(-6.3, 57.3, 40, 49.999)
    assert outside_m(site, (latitude, longitude)) == 0.0
    longitude, latitude, _ = _GEOD.fwd(-6.3, 57.3, 40, 53)
    assert outside_m(site, (latitude, longitude)) == pytest.approx(3.0, abs=0.002)


def test_the_circle_of_an_area_holds_every_corner():
    area = area_of(_site())
    for latitude, longitude in SQUARE:
        away = _GEOD.inv(area.longitude_deg, area.latitude_deg, longitude, latitude)[2]
        assert away <= area.radius_m + 0.001
