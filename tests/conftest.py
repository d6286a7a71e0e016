"""Settings of the whole suite.

No test asserts a time, so compiled kernels may take theirs at the first call. No test finds what another one, or
the user, kept on disk.
"""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import settings

os.environ["COMITY_CACHE_MIB"] = "0"

settings.register_profile("comity", deadline=None)
settings.load_profile("comity")


@pytest.fixture
def printed_on() -> Callable[[str, str], str]:
    """What a program prints in a process of its own whose kernels are compiled for a processor, named as by LLVM."""

    def run(program: str, processor: str) -> str:
        environment = os.environ | {"NUMBA_CPU_NAME": processor}
        if processor == "generic":
            environment["NUMBA_CPU_FEATURES"] = ""
        command = [sys.executable, "-c", program]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout

    return run
