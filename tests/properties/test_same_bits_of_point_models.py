"""Walls, clutter, gases, free space, antennas and ITM have the same bits on every processor."""

import platform
from collections.abc import Callable

import llvmlite.binding as llvm
import pytest

PROGRAM = """
import hashlib
from dataclasses import astuple
import numpy as np
from comity.antennas import F699, S465, Array, ArrayEnvelope, Mounted, Omnidirectional, Sector
from comity.propagation import itm, p525, p676, p2108, p2109

rng = np.random.default_rng(20261122)
n = 500
f, p, angle = rng.uniform(600, 6e4, n), rng.uniform(0.5, 99.5, n), rng.uniform(-90, 90, n)
d, code = rng.uniform(0.3, 300, n), rng.integers(1, 7, n)
azimuth = rng.uniform(-180, 180, n)
patterns = [
    Sector(17, 65, 3900.0), Sector(17, 65, 26000.0), Omnidirectional(8, 2000.0),
    F699(38, 7500.0), S465(48, 4000.0), Array(steer_azimuth_deg=13.0), ArrayEnvelope(),
]
profiles = itm.Profiles.from_rows((97.3, 100 + np.cumsum(rng.normal(0, 9, 80))) for _ in range(n))
heights = dict(tx_height_m=rng.uniform(1, 90, n), rx_height_m=rng.uniform(1, 90, n))
quantile = itm.TimeLocationSituation(p, p[::-1], p)
values = [
    p525.free_space_loss(f, d),
    p525.field_strength(p, d),
    *p676.specific_attenuation(f + 1e3, temperature_k=280.0 + d / 10),
    p2108.height_gain_correction(f / 20.0, d / 10, code),
    p2108.terrestrial_clutter_loss(f, d, p),
    p2108.earth_space_clutter_loss(f + 1e4, np.abs(angle), p),
    p2109.building_entry_loss(f, p, code % 2 + 1, elevation_deg=angle),
    *(Mounted(pattern, 77.0, 6.0, 3.0).gain_dbi(azimuth, angle) for pattern in patterns),
    *astuple(itm.point_to_point(profiles, f / 4, quantile=quantile, **heights)),
    *astuple(itm.area(d, d, f / 4, tx_siting=1, rx_siting=2, quantile=quantile, **heights)),
]
digest = hashlib.sha256()
for array in values:
    assert np.isfinite(array).all()
    digest.update(np.ascontiguousarray(array).tobytes())
print(digest.hexdigest())
"""


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="names processors of one family")
def test_the_newest_and_the_oldest_instructions_give_the_same_bits(
    printed_on: Callable[[str, str], str],
) -> None:
    assert printed_on(PROGRAM, llvm.get_host_cpu_name()) == printed_on(PROGRAM, "generic")
