"""Gains worked by hand from the equations of the Recommendations."""

import numpy as np
import pytest

from comity.antennas import F699, F1245, S465, Array, Element, Mounted, Omnidirectional, Sector


@pytest.mark.parametrize(
    ("azimuth", "elevation", "gain"),
    [
        (0, 0, 15.0),
        (32.5, 0, 12.0),  # x_h = 0.5: -12 x 0.25
        (65, 0, 5.2233),  # -12 - 3 (1 - 2^0.8)
        (180, 0, -4.957),  # G_180 = -12 + 10 log 6.6 - 15 log (180 / 15.0816)
        (0, 10, 9.7242),  # x_v = 0.66306 below x_k = 0.86487: -12 x 0.43965
        (0, 20, 4.319),  # x_v = 1.32612: -12 + 10 log (0.65484 + 0.7)
        # beyond 4 theta_3: 15 - 12 + 10 log 0.825 = 2.1646 at 60.3 deg; C = 10 log (41.2322 x 0.825 / 6.6) / log 1.4919
        (0, 80, -2.8602),  # C = 40.9906, log (4 / 5.3045) = -0.122582
        (0, 89.999, -4.957),  # and so down to G_180 without a step
        (0, 90, -4.957),
    ],
)
def test_f1336_sector_of_15_dbi_and_65_degrees_at_4_ghz_peak(azimuth, elevation, gain) -> None:
    # theta_3 = 31 000 x 10^-1.5 / 65 = 15.0816 deg
    assert Sector(15.0, 65.0, 4_000.0).gain_dbi(azimuth, elevation) == pytest.approx(gain, abs=1e-3)


@pytest.mark.parametrize(
    ("azimuth", "elevation", "gain"),
    [
        (180, 0, -7.957),  # 3 dB under the peak pattern
        (0, 15.0816, 3.0),  # x_v = 1, below x_k = 1.0483: -12
        (0, 20, 1.319),
    ],
)
def test_f1336_sector_of_15_dbi_and_65_degrees_at_4_ghz_average(azimuth, elevation, gain) -> None:
    pattern = Sector(15.0, 65.0, 4_000.0, statistic="average")
    assert pattern.gain_dbi(azimuth, elevation) == pytest.approx(gain, abs=2e-3)


def test_f1336_sector_improved_side_lobes_use_their_own_parameters() -> None:
    pattern = Sector(15.0, 65.0, 4_000.0, side_lobes="improved")
    # k_h = 0.7: -12 - 3 (1 - 2^0.7) = -12 + 1.87353; k_v = 0.3: -12 + 10 log (0.65484 + 0.3)
    assert pattern.gain_dbi(65, 0) == pytest.approx(15 - 12 + 1.87351, abs=1e-3)
    assert pattern.gain_dbi(0, 20) == pytest.approx(15 - 12 - 0.2007, abs=1e-3)


def test_f1336_sector_above_6_ghz_is_a_function_of_angle_over_beamwidth() -> None:
    pattern = Sector(20.0, 30.0, 26_000.0, elevation_beamwidth_deg=10.0)
    assert pattern.gain_dbi(15, 0) == pytest.approx(17.0)  # half of phi_3
    assert pattern.gain_dbi(0, 5) == pytest.approx(17.0)  # half of theta_3
    assert pattern.gain_dbi(60, 0) == pytest.approx(20 - 12 - 15 * 0.30103)  # x = 2
    average = Sector(20.0, 30.0, 26_000.0, elevation_beamwidth_deg=10.0, statistic="average")
    assert average.gain_dbi(60, 0) == pytest.approx(20 - 15 - 15 * 0.30103)


@pytest.mark.parametrize(
    ("elevation", "gain"),
    [(0, 10.0), (5.38, 7.0), (10.222, 0.3045), (30.0, -2.387)],
    # theta_3 = 10.76; shoulder from theta_4 = 0.8988 theta_3: -12 + 10 log 1.7; far: 10 log (0.2148 + 0.7)
)
def test_f1336_omni_of_10_dbi_at_2_ghz_peak(elevation, gain) -> None:
    assert Omnidirectional(10.0, 2_000.0).gain_dbi(123.0, elevation) == pytest.approx(gain, abs=2e-3)


@pytest.mark.parametrize(
    ("angle", "peak", "average"),
    [
        (0.0, 38.0, 38.0),
        (1.0, 35.3212, 35.3212),  # 38 - 0.0025 x 32.734^2
        (2.5, 24.7252, 39 - 7.5752 - 9.9485),  # G_1 = 2 + 15 log 32.734
        (5.0, 19.3757, 13.9507),
        (60.0, -5.1502, -10.5751),
    ],
)
def test_f699_and_f1245_for_38_dbi_at_26_ghz(angle, peak, average) -> None:
    assert F699(38.0, 26_000.0).gain_dbi(angle, 0.0) == pytest.approx(peak, abs=2e-3)
    assert F1245(38.0, 26_000.0).gain_dbi(0.0, angle) == pytest.approx(average, abs=2e-3)


@pytest.mark.parametrize(
    ("angle", "peak", "average"), [(0.2, 48.0, 48.0), (0.45, 36.5154, 36.5154), (10, 7, 4), (100, -10, -13)]
)
def test_f699_and_f1245_for_an_aperture_of_200_wavelengths(angle, peak, average) -> None:
    dish = (52.0, 6_000.0, 200 * 299.792458 / 6_000.0)
    assert F699(*dish).gain_dbi(angle, 0.0) == pytest.approx(peak, abs=1e-3)
    assert F1245(*dish).gain_dbi(angle, 0.0) == pytest.approx(average, abs=1e-3)


def test_fixed_links_above_70_ghz_have_a_lower_back_lobe() -> None:
    assert F699(52.0, 80_000.0).gain_dbi(150, 0) == -20.0
    assert F699(52.0, 80_000.0).gain_dbi(100, 0) == pytest.approx(32 - 50)
    assert F1245(52.0, 80_000.0).gain_dbi(150, 0) == -23.0


def test_s465_earth_station() -> None:
    station = S465(48.0, 4_000.0)  # D / lambda = 103.5
    np.testing.assert_allclose(
        station.gain_dbi([0.5, 10.0, 48.0, 180.0], 0.0), [48.0, 7.0, -10.0, -10.0], atol=1e-9
    )
    small = S465(36.0, 4_000.0)  # D / lambda = 26: the pattern begins at 2.5 deg
    assert small.gain_dbi(2.49, 0.0) == 36.0
    assert small.gain_dbi(2.6, 0.0) == pytest.approx(32 - 25 * 0.414973, abs=1e-5)


def test_3gpp_element_and_array() -> None:
    assert Element().gain_dbi(65.0, 0.0) == pytest.approx(-4.0)  # 8 - 12
    assert Element().gain_dbi(180.0, 0.0) == pytest.approx(-22.0)  # 8 - 30
    assert Element().gain_dbi(65.0, 65.0) == pytest.approx(-16.0)  # 8 - 24
    assert Array().gain_dbi(0.0, 0.0) == pytest.approx(8 + 10 * np.log10(64))
    # eight columns half a wavelength apart: first null at sin(phi) = 1/4
    assert Array().gain_dbi(np.degrees(np.arcsin(0.25)), 0.0) < -60.0


def test_3gpp_array_equals_the_double_sum_over_its_elements() -> None:
    array = Array(rows=4, columns=6, row_spacing=0.9, steer_azimuth_deg=20.0, steer_elevation_deg=-6.0)
    azimuth, elevation = 33.0, 4.0
    theta, phi = np.radians(90 - elevation), np.radians(azimuth)
    tilt, scan = np.radians(6.0), np.radians(20.0)
    n, m = np.meshgrid(np.arange(4), np.arange(6), indexing="ij")
    v = np.exp(2j * np.pi * (n * 0.9 * np.cos(theta) + m * 0.5 * np.sin(theta) * np.sin(phi)))
    w = np.exp(2j * np.pi * (n * 0.9 * np.sin(tilt) - m * 0.5 * np.cos(tilt) * np.sin(scan))) / np.sqrt(24)
    expected = Element().gain_dbi(azimuth, elevation) + 10 * np.log10(abs((v * w).sum()) ** 2)
    assert array.gain_dbi(azimuth, elevation) == pytest.approx(expected, abs=1e-9)


def test_mechanical_tilt_raises_the_back_and_electrical_tilt_lowers_it() -> None:
    sector = Sector(15.0, 65.0, 4_000.0)
    mechanical = Mounted(sector, azimuth_deg=90.0, tilt_deg=6.0)
    assert mechanical.gain_dbi(90.0, -6.0) == pytest.approx(15.0)
    assert mechanical.gain_dbi(-90.0, 6.0) == pytest.approx(float(sector.gain_dbi(180.0, 0.0)))
    electrical = Mounted(sector, azimuth_deg=90.0, electrical_tilt_deg=6.0)
    assert electrical.gain_dbi(90.0, -6.0) == pytest.approx(15.0)
    # equation (1e): 14 deg above the horizon is 90 x 20 / 96 above the beam
    assert electrical.gain_dbi(90.0, 14.0) == pytest.approx(float(sector.gain_dbi(0.0, 18.75)))
