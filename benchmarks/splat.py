"""SPLAT! 1.4.2 (Debian package ``splat``) as a contender for areas: ITM along radials over its own grid of pixels.

It reads the shipped terrain, written at its own steps (3 or, ``splat-hd``, 1 arc-second) in whole metres. It always
reads whole degrees of terrain, walks to their rim and draws a map of them: a run of next to no radius, which is
that alone, is taken off its time. To it the place
is moved east or west to the middle of its degree, so that both runs read one and the same.
"""

from __future__ import annotations

import math
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.area_plan import AreaTask
from benchmarks.race import Contender, Float, Outcome

PROGRAMS = (("splat", 1200, ""), ("splat-hd", 3600, "-hd"))
_NOTHING_KM = 0.2
_DEGREE_M = 111_195.0
_PARAMETERS = (15.0, 0.005, "n0", "frequency", 5, "polarisation", 0.5, 0.5)


def contenders(area: AreaTask, beside: tuple[str, ...]) -> list[Contender]:
    """Return both programs, or why one takes no part."""
    return [_contender(area, beside, *program) for program in PROGRAMS]


def _contender(area: AreaTask, beside: tuple[str, ...], program: str, steps: int, ending: str) -> Contender:
    name = f"SPLAT! {'HD ' if ending else ''}ITM"
    does = (
        f"pixels of {3600 // steps} arc-second{'s' if steps < 3600 else ''}, profiles of its pixels' steps in whole "
        "metres; a radial to each pixel on the rim of the degree, the model anew at each pixel that no radial met "
        "before; no clutter heights"
    )
    if shutil.which(program) is None:
        return Contender(name, None, beside, does, "not installed (Debian: `apt-get install splat`)")
    prepared: list[_Run] = []

    def run() -> Outcome:
        if not prepared:
            prepared.append(_Run(area, program, steps, ending))
        return prepared[0].turn()

    return Contender(name, run, beside, does)


class _Run:
    """One program with its terrain and its site in a folder."""

    def __init__(self, area: AreaTask, program: str, steps: int, ending: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="comity-benchmark-")
        self._area, self._program, self._path = area, program, Path(self._folder.name)
        self._step_m = _DEGREE_M / steps
        write_terrain(area, self._path, steps, ending)
        write_site(area, self._path)
        self._loss_db, self._places = self._pixels()

    def turn(self) -> Outcome:
        """Measure: the processor time of a whole run less that of a run of next to no radius."""
        besides_s = self._seconds(_NOTHING_KM)
        seconds = self._seconds(self._area.plan.radius_km) - besides_s
        # Two runs of a few hundredths of a second may differ by less than the clock shows.
        net_s = max(seconds, 1e-3)
        return Outcome(net_s, self._loss_db.size, self._loss_db, self._places, self._step_m, besides_s)

    def _seconds(self, radius_km: float, *more: str) -> float:
        before = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
        options = ["-L", f"{self._area.plan.rx_height_m}", "-R", f"{radius_km}", "-d", ".", *more]
        subprocess.run(
            [self._program, "-t", "site.qth", "-metric", "-olditm", "-N", "-n", *options],
            cwd=self._path,
            check=True,
            capture_output=True,
        )
        return sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - before

    def _pixels(self) -> tuple[Float, tuple[Float, Float]]:
        """Return the losses and places of all pixels, written out once, in a run that is not timed."""
        self._seconds(self._area.plan.radius_km, "-ano", "pixels")
        lines = (self._path / "pixels").read_text().splitlines()[2:]
        fields = np.array([[float(f.split()[0]) for f in line.split(",")] for line in lines])
        return fields[:, 4], (fields[:, 0], 360.0 - fields[:, 1] - moved_deg(self._area))


def write_site(area: AreaTask, folder: Path) -> None:
    """Write the transmitter and the parameters of the model."""
    t = area.transmitter
    west = (-t.longitude_deg - moved_deg(area)) % 360.0
    (folder / "site.qth").write_text(f"site\n{t.latitude_deg}\n{west}\n{t.height_m} meters\n")
    given = {
        "n0": area.plan.n0,
        "frequency": t.frequency_mhz,
        "polarisation": int(t.polarisation == "vertical"),
    }
    lines = [f"{given.get(str(value), value)} ; {value}" for value in _PARAMETERS]
    (folder / "site.lrp").write_text("\n".join(lines) + "\n")


def moved_deg(area: AreaTask) -> float:
    """Return how far east of itself the place is put, to the middle of its degree [deg]."""
    return math.floor(area.transmitter.longitude_deg) + 0.5 - area.transmitter.longitude_deg


def write_terrain(area: AreaTask, folder: Path, steps: int, ending: str) -> None:
    """Write the degree that holds the circle, with heights where it needs them and 0 elsewhere."""
    t, reach = area.transmitter, 1.1 * area.plan.radius_km / 111.0
    south, west = math.floor(t.latitude_deg), math.floor(t.longitude_deg)
    lat = south + np.arange(steps) / steps
    lon = west + 1 - np.arange(steps) / steps - moved_deg(area)
    near_lat = np.abs(lat - t.latitude_deg) < reach
    near_lon = np.abs(lon - t.longitude_deg) < reach / math.cos(math.radians(t.latitude_deg))
    heights = np.zeros((steps, steps), dtype=np.int64)
    heights[np.ix_(near_lat, near_lon)] = _whole_metres(area.ground.height_m, lat[near_lat], lon[near_lon])
    east = (-west - 1) % 360
    head = f"{east + 1}\n{south}\n{east}\n{south + 1}\n"
    name = f"{south}:{south + 1}:{east}:{east + 1}{ending}.sdf"
    (folder / name).write_text(head + "\n".join(map(str, heights.ravel().tolist())) + "\n")


def _whole_metres(height_m: Callable[[Float, Float], Float], lat: Float, lon: Float) -> NDArray[np.int64]:
    flat = height_m(np.repeat(lat, lon.size), np.tile(lon, lat.size))
    return np.rint(flat).astype(np.int64).reshape(lat.size, lon.size)
