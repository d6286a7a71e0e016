"""SPLAT! 1.4.2 (Debian package ``splat``) as a contender for areas: ITM along radials over its own grid of pixels.

It reads the shipped terrain, written at its own steps (3 or, ``splat-hd``, 1 arc-second) in whole metres. It always
reads a whole degree of terrain as text and draws a map of it: the time of a run that does that and one path is taken
off. It also walks its radials to the rim of the degree whatever the radius: what that takes, a run of next to no radius
shows, and the model alone is a contender of its own. To it the place is moved east or west to the middle of its degree,
so that every run reads one and the same.
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
    """Return both programs, each as it runs and its model alone, or why they take no part."""
    return [contender for program in PROGRAMS for contender in _pair(area, beside, *program)]


def _pair(area: AreaTask, beside: tuple[str, ...], program: str, steps: int, ending: str) -> list[Contender]:
    names = [f"SPLAT! {'HD ' if ending else ''}ITM{alone}" for alone in ("", ", model alone")]
    grid = f"pixels of {3600 // steps} arc-second{'s' if steps < 3600 else ''}"
    does = [
        f"{grid}, profiles of its pixels' steps in whole metres; a radial to each pixel on the rim of the degree, the "
        "model anew at each pixel within the radius that no radial met before; no clutter heights",
        f"{grid}, the same without the walk along the radials, that is without extraction of the terrain",
    ]
    if shutil.which(program) is None:
        absent = "not installed (Debian: `apt-get install splat`)"
        return [Contender(name, None, beside, absent=absent) for name in names]
    run = _Run(area, program, steps, ending)
    turns = (run.turn, run.model_alone)
    return [Contender(*three[:2], beside, three[2]) for three in zip(names, turns, does, strict=True)]


class _Run:
    """One program with its terrain and its site in a folder."""

    def __init__(self, area: AreaTask, program: str, steps: int, ending: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="comity-benchmark-")
        self._area, self._program, self._path = area, program, Path(self._folder.name)
        self._step_m = _DEGREE_M / steps
        write_terrain(area, self._path, steps, ending)
        write_site(area, self._path)
        self._loss_db, self._places = self._pixels()
        self._whole_s = 0.0

    def turn(self) -> Outcome:
        """Measure a whole run, less a run that reads the terrain, draws the map and computes one path."""
        besides_s = self._seconds("-r", "near.qth", "-o", "map")
        self._whole_s = self._seconds(*self._around(self._area.plan.radius_km))
        return self._outcome(besides_s)

    def model_alone(self) -> Outcome:
        """Measure the same whole run, less a run of next to no radius."""
        return self._outcome(self._seconds(*self._around(_NOTHING_KM)))

    def _outcome(self, besides_s: float) -> Outcome:
        # Two runs of a few hundredths of a second may differ by less than the clock shows.
        seconds = max(self._whole_s - besides_s, 1e-3)
        return Outcome(seconds, self._loss_db.size, self._loss_db, self._places, self._step_m, besides_s)

    def _around(self, radius_km: float) -> list[str]:
        return ["-L", f"{self._area.plan.rx_height_m}", "-R", f"{radius_km}"]

    def _seconds(self, *options: str) -> float:
        before = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
        subprocess.run(
            [self._program, "-t", "site.qth", "-d", ".", "-metric", "-olditm", "-N", "-n", *options],
            cwd=self._path,
            check=True,
            capture_output=True,
        )
        return sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - before

    def _pixels(self) -> tuple[Float, tuple[Float, Float]]:
        """Return the losses and places of all pixels, written out once, in a run that is not timed."""
        self._seconds(*self._around(self._area.plan.radius_km), "-ano", "pixels")
        lines = (self._path / "pixels").read_text().splitlines()[2:]
        fields = np.array([[float(f.split()[0]) for f in line.split(",")] for line in lines])
        return fields[:, 4], (fields[:, 0], 360.0 - fields[:, 1] - moved_deg(self._area))


def write_site(area: AreaTask, folder: Path) -> None:
    """Write the transmitter, a place near it and the parameters of the model."""
    t = area.transmitter
    west = (-t.longitude_deg - moved_deg(area)) % 360.0
    for name, off_deg in (("site", 0.0), ("near", 0.01)):
        (folder / f"{name}.qth").write_text(
            f"{name}\n{t.latitude_deg}\n{west + off_deg}\n{t.height_m} meters\n"
        )
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
