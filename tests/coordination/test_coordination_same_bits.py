"""One application, one answer: coordination has the same bytes whatever instructions the processor offers.

Path models have their own such test; here they are free space, so that nothing is compiled twice.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import llvmlite.binding as llvm
import pytest

PROGRAM = """
import hashlib
import sys
sys.path.insert(0, sys.argv[1])
from kit import *
from comity.coordination.coordinate import coordinate
from comity.coordination.exposure import public_exposure
from comity.coordination.incumbents import Incumbents
from comity.coordination.limits import ExposurePolicy
from dataclasses import replace

sector = {"pattern": "f1336-sector", "gain_dbi": 15.0, "beamwidth_deg": 65.0}
short = Criterion("short", "earth_station", 0.01, aggregate=False, i_over_n_db=-2.0)
total = Criterion("sum", "base", 20.0, aggregate=True, i_over_n_db=-6.0)
criteria = (BASE_I_N, TERMINAL_I_N, total, EARTH_STATION_SUM, short)
policy = Policy(4000.0, criteria, mobile_model="free_space", protected_model="free_space", inward="refuse")
mast = lambda i: station(2.0 + 0.7 * i, 1.3 * (i % 7) - 3.0, eirp_dbm=24.0 + i, azimuth_deg=40.0 * i % 360.0,
                         tilt_deg=i % 5, antenna=sector if i % 2 else None, indoor=bool(i % 3 == 0))
register = Incumbents(
    tuple(with_terminals(network(f"N{i}", mast(i), low_mhz=3800.0 + 10 * (i % 6))) for i in range(20)),
    tuple(earth_station(f"E{i}", 9.0 + 6.0 * i) for i in range(3)),
)
cand = with_terminals(candidate(station(antenna=sector, azimuth_deg=30.0, tilt_deg=3.0)), radius_m=700.0)
channels = [(3800.0 + lo, 3840.0 + lo) for lo in (0, 10, 50)]
ground = FlatGround(30.0, 12.0)
answer = coordinate(cand, register, ground, policy, channels=channels)
found = [answer.channels, [answer.assessments(c) for c in channels]]
found.append(public_exposure(cand, replace(policy, exposure=ExposurePolicy(10.0))))
assert len(found[1][0]) > 40
print(hashlib.sha256(repr(found).encode()).hexdigest())
"""


def answer_on(processor: str) -> str:
    environment = os.environ | {"NUMBA_CPU_NAME": processor, "PYTHONHASHSEED": "random"}
    if processor == "generic":
        environment["NUMBA_CPU_FEATURES"] = ""
    run = [sys.executable, "-c", PROGRAM, str(Path(__file__).parent)]
    return subprocess.run(run, env=environment, check=True, capture_output=True, text=True).stdout


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="names processors of one family")
def test_coordination_has_the_same_bytes_with_the_plainest_instructions() -> None:
    assert answer_on(llvm.get_host_cpu_name()) == answer_on("generic")
