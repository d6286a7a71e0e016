"""Read SRTM tiles (``.hgt``): one degree, big-endian int16, named by their south-west corner."""

from __future__ import annotations

import math
import re

import numpy as np

from comity.errors import Problem
from comity.terrain.edition import Grid
from comity.terrain.source import Source, trim_nodata

_SIDES = (1201, 3601)


def read_hgt(name: str, content: bytes, problems: list[Problem]) -> Source | None:
    """Return an SRTM tile, or None after adding to ``problems``.

    Parameters
    ----------
    name : file name, ``N24E120.hgt``
    content : the file, 1201 x 1201 or 3601 x 3601 heights from north-west, void -32768
    problems : everything wrong with the file is appended
    """
    before = len(problems)
    match = re.match(r"([NS])(\d\d)([EW])(\d\d\d)", name.rsplit("/", 1)[-1].upper())
    if match is None:
        problems.append(
            Problem(name, "the name does not tell the tile's corner", "a name such as N24E120.hgt")
        )
    side = math.isqrt(len(content) // 2)
    if side not in _SIDES or 2 * side * side != len(content):
        sizes = " or ".join(str(2 * s * s) for s in _SIDES)
        problems.append(Problem(name, f"{len(content)} bytes", f"{sizes} bytes (3 or 1 arc-seconds)"))
    if match is None or len(problems) > before:
        return None
    south = int(match[2]) * (1 if match[1] == "N" else -1)
    west = int(match[4]) * (1 if match[3] == "E" else -1)
    if south >= 88 or south < -88 or not -180 <= west < 180:
        problems.append(Problem(name, "lies beyond the grid of tiles", "S88..N87, W180..E179"))
        return None
    raw = np.frombuffer(content, dtype=">i2").reshape(side, side)
    cells = trim_nodata(raw.astype(np.float64), -32768.0)
    cell = 1.0 / (side - 1)
    grid = Grid(west - 0.5 * cell, south + 1.0 + 0.5 * cell, cell, cell, side, side)
    notes = {
        "vertical_datum": "EGM96 (orthometric)",
        "quality": "surface model: roofs and tree tops, not the ground",
    }
    title = f"SRTM {match[0]}"
    return Source(name, grid, "EPSG:4326", lambda a, b: cells[a:b], title, "Public domain", "", "SRTM", notes)
