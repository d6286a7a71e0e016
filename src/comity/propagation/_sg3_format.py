"""Study Group 3's measurement format: a header, a terrain profile, and one row a measured or computed case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from comity.errors import Problem
from comity.propagation._conformance_tables import number, raise_all, read_text
from comity.propagation.paths import COASTAL_LAND, INLAND, SEA, Paths

Float = NDArray[np.float64]

#: Radio-meteorological codes of the format.
_ZONES = {1: SEA, 3: COASTAL_LAND, 4: INLAND}
_PROFILE = ("distance", "ground height", "coverage code", "ground cover height", "radio-met code")
#: Cells of a case that are read, by position.
_CASE = {
    0: "frequency_mhz",
    1: "tx_height_m",
    3: "rx_height_m",
    4: "polarisation",
    14: "time_percent",
    17: "loss_db",
}
_HEADER = {
    "Tx LAT:": "tx_latitude",
    "Tx LON:": "tx_longitude",
    "Rx LAT:": "rx_latitude",
    "Rx LON:": "rx_longitude",
    "Average annual values dN (N-units/km):": "dn",
    "Average annual sea-level surface refractivity No (N-units):": "n0",
}


@dataclass(frozen=True, slots=True)
class MeasurementFile:
    """One path with its cases: ``header`` and ``cases`` by name, ``rounding_db`` of each printed loss."""

    name: str
    header: dict[str, float]
    profile: tuple[Float, Float, Float, NDArray[np.int8]]
    cases: dict[str, Float]
    rounding_db: Float
    lines: tuple[int, ...]

    def paths(self) -> Paths:
        """Return the path once for each case."""
        n, m = len(self.lines), self.profile[0].size
        distance, height, cover, zone = self.profile
        ends = (np.full(n, self.header[key]) for key in list(_HEADER.values())[:4])
        offsets = np.arange(n + 1) * m
        return Paths(
            offsets, np.tile(distance, n), np.tile(height, n), np.tile(cover, n), np.tile(zone, n), *ends
        )


def read_measurements(path: Path) -> MeasurementFile:
    """Read a file; everything that is wrong in it is listed with its line."""
    lines = [line.strip().rstrip(",") for line in read_text(path).splitlines()]
    problems: list[Problem] = []
    profile = [
        _profile_row(path, line, cells, problems) for line, cells in _block(path, lines, "Profile", problems)
    ]
    cases = list(_block(path, lines, "Measurements", problems))
    numbers = [_case_row(path, line, cells, problems) for line, cells in cases]
    header = _header(path, lines, problems)
    raise_all(path, problems)
    distance, height, _, cover, zone = np.array(profile).T
    codes = np.array([_ZONES[int(code)] for code in zone], np.int8)
    named = dict(zip(_CASE.values(), np.array(numbers).T, strict=True))
    rounding = np.array([0.5 * 10.0 ** -len(cells[17].partition(".")[2]) for _, cells in cases])
    return MeasurementFile(
        path.stem, header, (distance, height, cover, codes), named, rounding, tuple(line for line, _ in cases)
    )


def _block(
    path: Path, lines: list[str], kind: str, problems: list[Problem]
) -> Iterator[tuple[int, list[str]]]:
    """Yield line number and cells of each row between ``{Begin of kind}`` and ``{End of kind}``."""
    begin, end = f"{{Begin of {kind}}}", f"{{End of {kind}}}"
    if begin not in lines or end not in lines:
        problems.append(Problem(str(path), f"no block of {kind}", f"{begin}, rows, {end}"))
        return
    first, last = lines.index(begin) + 1, lines.index(end)
    if kind == "Profile":
        place = f"{path}, line {first + 1}, column Number of Points"
        announced = number(lines[first].rpartition(",")[2], place, problems)
        first += 1
        if announced != last - first:
            problems.append(Problem(place, f"{announced:g} announced, {last - first} rows", "as many rows"))
    if first >= last:
        problems.append(Problem(f"{path}, line {first}", f"an empty block of {kind}", "at least one row"))
    for i in range(first, last):
        yield i + 1, lines[i].split(",")


def _profile_row(path: Path, line: int, cells: list[str], problems: list[Problem]) -> list[float]:
    if len(cells) != len(_PROFILE):
        accepted = f"{len(_PROFILE)} cells: {', '.join(_PROFILE)}"
        problems.append(Problem(f"{path}, line {line}", f"{len(cells)} cells", accepted))
        return [np.nan] * len(_PROFILE)
    values = [
        number(cell, f"{path}, line {line}, column {name}", problems)
        for cell, name in zip(cells, _PROFILE, strict=True)
    ]
    if np.isfinite(values[4]) and values[4] not in _ZONES:
        place = f"{path}, line {line}, column {_PROFILE[4]}"
        problems.append(Problem(place, cells[4], "1 sea, 3 coastal land or 4 inland"))
    return values


def _case_row(path: Path, line: int, cells: list[str], problems: list[Problem]) -> list[float]:
    if len(cells) <= max(_CASE):
        problems.append(
            Problem(f"{path}, line {line}", f"{len(cells)} cells", f"{max(_CASE) + 1} cells or more")
        )
        return [np.nan] * len(_CASE)
    return [number(cells[i], f"{path}, line {line}, column {name}", problems) for i, name in _CASE.items()]


def _header(path: Path, lines: list[str], problems: list[Problem]) -> dict[str, float]:
    found = {}
    for line, text in enumerate(lines, start=1):
        key, _, value = text.partition(",")
        if key in _HEADER:
            found[_HEADER[key]] = number(value, f"{path}, line {line}, column {key}", problems)
    for key, name in _HEADER.items():
        if name not in found:
            problems.append(Problem(str(path), f"no line {key}", f"{key},number"))
    return found
