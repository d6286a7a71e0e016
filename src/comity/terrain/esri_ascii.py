"""Read Esri ASCII grids (``.asc``), OS Terrain 50 tiles among them."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from comity.errors import Problem
from comity.terrain.edition import Grid
from comity.terrain.source import Source, trim_nodata

_KEYS = {"ncols", "nrows", "xllcorner", "yllcorner", "xllcenter", "yllcenter", "cellsize", "nodata_value"}
_ACCEPTED = "lines ncols, nrows, xllcorner, yllcorner, cellsize, then nrows lines of ncols heights"
_LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
_TILE = re.compile(r"(?<![A-Z0-9])([A-HJ-Z]{2})(\d)(\d)(?![A-Z0-9])")
_OS_LICENCE = "Open Government Licence v3.0"
_OS_ATTRIBUTION = "Contains OS data (c) Crown copyright and database right"


def read_asc(name: str, text: str, crs: str | None, problems: list[Problem]) -> Source | None:
    """Return an Esri ASCII grid, or None after adding to ``problems``.

    Parameters
    ----------
    name : file name; a tile of OS Terrain 50 is known by a name that fits its corner, and needs no ``crs``
    text : content of the file
    crs : coordinate reference system, from a ``.prj`` file or the user
    problems : everything wrong with the file is appended
    """
    before = len(problems)
    header, body, first_line = _header(name, text, problems)
    if header is None:
        return None
    columns, rows, cell = int(header["ncols"]), int(header["nrows"]), header["cellsize"]
    half = 0.5 * cell
    west = header.get("xllcorner", header.get("xllcenter", 0.0) - half)
    south = header.get("yllcorner", header.get("yllcenter", 0.0) - half)
    tile = _national_grid_tile(name, west, south) if cell == 50.0 else None
    if crs is None and tile:
        crs = "EPSG:27700"
    if crs is None:
        likely = "; OS Terrain 50 is in EPSG:27700" if cell == 50.0 and _TILE.search(_stem(name)) else ""
        problems.append(
            Problem(
                name, "no coordinate reference system", f"--crs EPSG:CODE, or a .prj file beside it{likely}"
            )
        )
    values = _numbers(name, body, first_line, problems)
    if values is not None and values.size != rows * columns:
        message = f"{values.size} heights where {rows} x {columns} = {rows * columns} are announced"
        problems.append(Problem(name, message, _ACCEPTED))
    if len(problems) > before or values is None or crs is None:
        return None
    cells = trim_nodata(values.reshape(rows, columns), header.get("nodata_value", -9999.0))
    grid = Grid(west, south + cell * rows, cell, cell, rows, columns)
    if tile is None:
        return Source(name, grid, crs, lambda a, b: cells[a:b], name.rsplit("/", 1)[-1].rsplit(".", 1)[0])
    notes = {"vertical_datum": "Ordnance Datum Newlyn (or local island datum)"}
    title = f"OS Terrain 50 {tile}"
    return Source(
        name, grid, crs, lambda a, b: cells[a:b], title, _OS_LICENCE, _OS_ATTRIBUTION, "OS Terrain 50", notes
    )


def _header(name: str, text: str, problems: list[Problem]) -> tuple[dict[str, float] | None, str, int]:
    """Return the header, the rest, and the number of the rest's first line."""
    header: dict[str, float] = {}
    before = len(problems)
    position = line_number = 0
    while position < len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        words = text[position:end].split()
        if not words or words[0].lower() not in _KEYS:
            break
        line_number, position = line_number + 1, end + 1
        try:
            (value,) = words[1:]
            header[words[0].lower()] = float(value)
        except ValueError:
            problems.append(
                Problem(f"{name} line {line_number}", f"{' '.join(words)!r} has no number", _ACCEPTED)
            )
            header[words[0].lower()] = 1.0
    absent = [k for k in ("ncols", "nrows", "cellsize") if k not in header]
    absent += [f"{a}llcorner" for a in "xy" if f"{a}llcorner" not in header and f"{a}llcenter" not in header]
    problems += [Problem(name, f"no line {key}", _ACCEPTED) for key in absent]
    for key in ("ncols", "nrows", "cellsize"):
        size = header.get(key, 1.0)
        if not 0.0 < size < 1e6 or (key != "cellsize" and size != int(size)):
            problems.append(Problem(name, f"{key} is {size:g}", "a positive number"))
    return (header if len(problems) == before else None), text[position:], line_number + 1


def _numbers(name: str, body: str, first_line: int, problems: list[Problem]) -> NDArray[np.float64] | None:
    try:
        return np.array(body.split(), dtype=np.float64)
    except ValueError:
        found = 0
        for number, line in enumerate(body.split("\n"), first_line):
            for word in line.split():
                try:
                    float(word)
                except ValueError:
                    problems.append(
                        Problem(f"{name} line {number}", f"{word[:40]!r} is no height", "a number in metres")
                    )
                    found += 1
                    if found == 10:
                        return None
        return None


def _stem(name: str) -> str:
    return name.rsplit("/", 1)[-1].split(".")[0].upper()


def _national_grid_tile(name: str, west: float, south: float) -> str | None:
    """Return the tile that a name such as ``os_terrain50_NG42.asc`` holds, if it fits the grid's corner."""
    match = _TILE.search(_stem(name))
    if match is None:
        return None
    first, second = (_LETTERS.index(letter) for letter in match[1])
    east_km = ((first - 2) % 5) * 500 + (second % 5) * 100 + int(match[2]) * 10
    north_km = (19 - (first // 5) * 5 - second // 5) * 100 + int(match[3]) * 10
    return match[0] if (west, south) == (east_km * 1000.0, north_km * 1000.0) else None
