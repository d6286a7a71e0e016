"""The ground has the same bits whatever instructions the processor offers."""

import os
import platform
import subprocess
import sys

import llvmlite.binding as llvm
import pytest

PROGRAM = """
import hashlib
import numpy as np
from comity.terrain import geodesy, open_ground

ground, random, digest = open_ground(), np.random.default_rng(0), hashlib.sha256()
for south, north, west, east in ((24.66, 24.89, 120.7, 121.13), (57.05, 57.6, -6.6, -5.6)):
    lat1, lat2 = random.uniform(south, north, (2, 400))
    lon1, lon2 = random.uniform(west, east, (2, 400))
    paths = ground.paths(lat1, lon1, lat2, lon2, cover="degurba")
    window = ground.window(south, west, 2.0, 50.0)
    columns = [paths.offsets, paths.distance_km, paths.height_m, paths.cover_m, paths.zone, window.latitude_deg,
               window.height_m, geodesy.bearing_deg(lat1, lon1, lat2, lon2), ground.clutter_class(lat1, lon1)]
    for column in columns:
        digest.update(column.tobytes())
print(digest.hexdigest())
"""


def bits_on(processor: str) -> str:
    environment = os.environ | {"NUMBA_CPU_NAME": processor}
    if processor == "generic":
        environment["NUMBA_CPU_FEATURES"] = ""
    run = [sys.executable, "-c", PROGRAM]
    return subprocess.run(run, env=environment, check=True, capture_output=True, text=True).stdout


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="names processors of one family")
def test_the_ground_has_the_same_bits_with_the_plainest_instructions(store):
    assert bits_on(llvm.get_host_cpu_name()) == bits_on("generic")
