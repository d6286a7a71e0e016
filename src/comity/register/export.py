"""Checking a downloaded export: its tables say what its log says, no row more and none less."""

from __future__ import annotations

import csv
import json
import struct
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from comity.errors import ComityError
from comity.register.event import Event, EventKind
from comity.register.tiles import WIDTH, TileReader

_ENDS = (EventKind.SURRENDERED, EventKind.REVOKED, EventKind.EXPIRED, EventKind.VARIED)
_NUMBERS = ("latitude", "longitude", "band_low_mhz", "band_high_mhz")
#: Columns that the entry "granted" states, by their names there.
_STATED = ("regime", "holder", "place", *_NUMBERS, "starts", "ends", "decision")
#: What a geometry says, beside the columns [deg].
_POINT = "(latitude, longitude)"
#: Columns that are emptied when a case is erased.
_ERASED = ("holder", "place", "latitude", "longitude")


def log_of(folder: Path) -> Path:
    """Return where the log lies: in the folder itself, or in ``log`` of an export."""
    return folder / "log" if (folder / "log" / "checkpoint").exists() else folder


def tables_of(folder: Path) -> tuple[list[str], list[str]]:
    """Return the tables of an export that ``check_tables`` compares, and those that it cannot read here."""
    present = [name for name in _READERS if (folder / name).exists()]
    unread = [name for name in present if name.endswith(".parquet") and find_spec("pyarrow") is None]
    return [name for name in present if name not in unread], unread


def check_tables(folder: Path, size: int) -> list[str]:
    """Return what the tables of the export in ``folder`` say otherwise than its verified log of ``size`` entries.

    Every column of every row is compared, in the tables that ``tables_of`` names.
    """
    stated = _stated(folder / "log", size)
    problems = []
    for name in tables_of(folder)[0]:
        seen: set[str] = set()
        for row in _READERS[name](folder / name):
            number = str(row.get("number"))
            if number in seen:
                problems.append(f"{name}: case {number} stands in it twice")
            seen.add(number)
            problems += [f"{name}: {problem}" for problem in _differences(number, row, stated.get(number))]
        problems += [
            f"{name}: case {n} is in the log and not in the table" for n in sorted(stated.keys() - seen)
        ]
    return problems


def _stated(log: Path, size: int) -> dict[str, dict[str, Any]]:
    """Return by case what the log says of every award that was ever in force."""
    reader, stated = TileReader(log, size), dict[str, dict[str, Any]]()
    for tile in range(-(-size // WIDTH)):
        for entry in reader.entries(tile):
            _follow(Event.decode(entry), stated)
    return stated


def _follow(event: Event, stated: dict[str, dict[str, Any]]) -> None:
    if event.kind is EventKind.GRANTED:
        row = {name: event.public.get(name) for name in _STATED}
        stated[event.case] = row | {"programme": event.programme, "status": "in_force"}
    elif event.case not in stated:
        return
    elif event.kind in _ENDS:
        stated[event.case]["status"] = "ended"
    elif event.kind is EventKind.DECIDED and str(event.public.get("outcome")).startswith("granted"):
        del stated[event.case]  # a revoked award that is given again: reserved, and not yet in force
    elif "erased" in event.public:
        stated[event.case] |= dict.fromkeys(_ERASED)


def _differences(number: str, row: Mapping[str, Any], stated: Mapping[str, Any] | None) -> Iterator[str]:
    if stated is None:
        yield f"case {number} stands in it, and the log has no such grant"
        return
    for name, value in stated.items():
        found = row.get(name)
        if not (_same_number if name in _NUMBERS else _same_text)(found, value):
            yield f"case {number}: {name} is {_text(found)!r}, the log says {_text(value)!r}"
    place = stated["latitude"], stated["longitude"]
    point = row.get(_POINT, place)
    if not all(map(_same_number, point, place)):
        yield f"case {number}: its point is {point}, the log says {place}"
    foreign = sorted(str(name) for name in row.keys() - stated.keys() - {"number", _POINT})
    if foreign:
        yield f"case {number}: columns that no register has: {', '.join(foreign)}"


def _text(value: Any) -> str:
    return "" if value is None else str(value).removeprefix("'")


def _same_text(found: Any, stated: Any) -> bool:
    return _text(found) == _text(stated)


def _same_number(found: Any, stated: Any) -> bool:
    if _text(found) == "" or stated is None:
        return _same_text(found, stated)
    try:
        return float(found) == float(stated)
    except (TypeError, ValueError):
        return False


def _csv(path: Path) -> Iterator[Mapping[str, Any]]:
    with path.open(encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle)


def _geojson(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        for feature in json.loads(path.read_bytes())["features"]:
            longitude, latitude = (feature["geometry"] or {"coordinates": (None, None)})["coordinates"]
            placed = {"latitude": latitude, "longitude": longitude, _POINT: (latitude, longitude)}
            yield placed | feature["properties"]
    except (ValueError, KeyError, TypeError) as error:
        raise ComityError(f"{path} is not a GeoJSON of the register: {error!r}") from None


def _parquet(path: Path) -> Iterator[Mapping[str, Any]]:
    from pyarrow import ArrowException, parquet

    try:
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches():
                yield from (_with_point(row) for row in batch.to_pylist())
    except (ArrowException, KeyError, TypeError, OSError, struct.error) as error:
        raise ComityError(f"{path} is not a GeoParquet of the register: {error!r}") from None


def _with_point(row: dict[str, Any]) -> dict[str, Any]:
    geometry = row.pop("geometry")
    longitude, latitude = (None, None) if geometry is None else struct.unpack("<BIdd", geometry)[2:]
    return row | {_POINT: (latitude, longitude)}


_READERS: Mapping[str, Callable[[Path], Iterator[Mapping[str, Any]]]] = {
    "register.csv": _csv,
    "register.geojson": _geojson,
    "register.parquet": _parquet,
}
