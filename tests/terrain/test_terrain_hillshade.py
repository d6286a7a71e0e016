"""Hillshade on slopes whose brightness follows from geometry."""

import numpy as np
import pytest

from comity.terrain.hillshade import hillshade


def plane(east, north):
    y, x = np.mgrid[0:9, 0:9] * 10.0
    return x * east - y * north


@pytest.mark.parametrize(("east", "north"), [(0.0, 0.0), (0.3, 0.0), (0.0, -0.5), (-0.4, 0.2), (1.0, 1.0)])
@pytest.mark.parametrize("azimuth", [315.0, 90.0])
def test_a_plane_is_as_bright_as_its_normal_faces_the_light(east, north, azimuth):
    normal = np.array([-east, -north, 1.0]) / np.sqrt(1 + east**2 + north**2)
    a, e = np.radians([azimuth, 45.0])
    light = np.array([np.sin(a) * np.cos(e), np.cos(a) * np.cos(e), np.sin(e)])
    shade = hillshade(plane(east, north), 10.0, azimuth_deg=azimuth)
    assert shade[1:-1, 1:-1] == pytest.approx(max(0.0, normal @ light))


def test_a_hole_stays_a_hole():
    heights = np.zeros((5, 5))
    heights[2, 2] = np.nan
    assert np.isnan(hillshade(heights, 10.0)[2, 3])
    assert hillshade(heights, 10.0)[0, 0] == pytest.approx(np.sqrt(0.5))
