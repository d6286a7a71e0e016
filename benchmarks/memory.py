"""Peak resident memory of a coverage run, in a process of its own: ``python -m benchmarks.memory radial 100``."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.race import Say

_ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Peak:
    """One run.

    Parameters
    ----------
    mode, radius_km, side : how, how far, and rows and columns of the raster
    mib : peak resident memory of the process [MiB], interpreter, libraries and raster included
    """

    mode: str
    radius_km: float
    side: int
    mib: float


def peaks(cases: tuple[tuple[str, float], ...], say: Say) -> list[Peak]:
    """Return the peak of each mode and radius [km], each in a fresh process."""
    found = []
    for mode, radius_km in cases:
        say(f"memory of {mode}, {radius_km:g} km")
        command = [sys.executable, "-m", "benchmarks.memory", mode, f"{radius_km}"]
        out = subprocess.run(command, cwd=_ROOT, check=True, capture_output=True, text=True)
        found.append(Peak(mode, radius_km, **json.loads(out.stdout)))
    return found


def peak_mib() -> float:
    """Return the greatest resident memory that this process has had [MiB]."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage inherits the peak of the process that started this one
        lines = status.read_text().splitlines()
        return float(next(x.split()[1] for x in lines if x.startswith("VmHWM:"))) / 1024.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024.0**2 if sys.platform == "darwin" else 1024.0)


def main() -> None:
    """Compute one raster and print what it took."""
    from benchmarks.area_plan import task
    from comity.coordination.coverage import coverage

    area = task(float(sys.argv[2]))
    found = coverage(
        area.ground, area.transmitter, area.plan, mode="radial" if sys.argv[1] == "radial" else "exact"
    )
    print(json.dumps({"side": found.frame.side, "mib": peak_mib()}))


if __name__ == "__main__":
    main()
