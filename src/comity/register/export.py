"""Checking a downloaded export: its tables say what its log says, no row more and none less."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from comity.errors import ComityError
from comity.register.event import Event, EventKind
from comity.register.tiles import WIDTH, TileReader

_ENDS = (EventKind.SURRENDERED, EventKind.REVOKED, EventKind.EXPIRED, EventKind.VARIED)
#: Columns that the entry "granted" states, by their names there.
_STATED = ("holder", "place", "starts", "ends", "decision")


def log_of(folder: Path) -> Path:
    """Return where the log lies: in the folder itself, or in ``log`` of an export."""
    return folder / "log" if (folder / "log" / "checkpoint").exists() else folder


def check_tables(folder: Path, size: int) -> list[str]:
    """Return what the tables of the export in ``folder`` say otherwise than its verified log of ``size`` entries."""
    stated = _stated(folder / "log", size)
    problems = []
    for name, rows in (("register.csv", _csv), ("register.geojson", _geojson)):
        if not (folder / name).exists():
            continue
        seen: set[str] = set()
        for row in rows(folder / name):
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
            event = Event.decode(entry)
            if event.kind is EventKind.GRANTED:
                stated[event.case] = {name: event.public.get(name) for name in _STATED} | {
                    "status": "in_force"
                }
            elif event.kind in _ENDS and event.case in stated:
                stated[event.case]["status"] = "ended"
    return stated


def _differences(number: str, row: Mapping[str, Any], stated: Mapping[str, Any] | None) -> Iterator[str]:
    if stated is None:
        yield f"case {number} stands in it, and the log has no such grant"
        return
    for name, value in stated.items():
        found, told = str(row.get(name) or ""), str(value or "")
        if found.removeprefix("'") != told.removeprefix("'"):
            yield f"case {number}: {name} is {found!r}, the log says {told!r}"


def _csv(path: Path) -> Iterator[Mapping[str, Any]]:
    with path.open(encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle)


def _geojson(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        for feature in json.loads(path.read_bytes())["features"]:
            yield feature["properties"]
    except (ValueError, KeyError, TypeError) as error:
        raise ComityError(f"{path} is not a GeoJSON of the register: {error!r}") from None
