"""Register files: CSV or TOML lists of networks, earth stations and fixed links.

A CSV file has one row for each station of a network, each earth station and each direction of a fixed link; the
column ``kind`` says which, and rows of one network share its ``id``. A TOML file has ``[[network]]`` with
``[[network.station]]``, ``[[earth_station]]`` and ``[[fixed_link]]``, with the same names.
"""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from comity.coordination import register_rows as rows
from comity.coordination.incumbents import EarthStation, FixedLink, Incumbents, duplicate_ids
from comity.coordination.network import Network, Provenance
from comity.coordination.reading import Reading
from comity.errors import ComityError, MissingError, Problem

KINDS = ("network", "earth_station", "fixed_link")
COLUMNS = tuple(dict.fromkeys((*rows.NETWORK, *rows.STATION, *rows.EARTH_STATION, *rows.FIXED_LINK)))
#: Columns in which all rows of one network must agree.
_SHARED = tuple(name for name in rows.NETWORK if name != "kind")


def load_register(path: str | Path) -> Incumbents:
    """Read a register file.

    Parameters
    ----------
    path : ``.csv`` or ``.toml``

    Raises
    ------
    ComityError
        with every problem of the file at once, each with its row and column
    """
    file = Path(path)
    raw = read_bytes(file)
    problems: list[Problem] = []
    if file.suffix.lower() == ".toml":
        parts = _toml(file.name, raw, problems)
    else:
        parts = _csv(file.name, raw, problems)
    register = Incumbents(*parts, sources=((file.name, hashlib.sha256(raw).hexdigest()),))
    everyone: list[Network | EarthStation | FixedLink] = [
        *register.networks,
        *register.earth_stations,
        *register.fixed_links,
    ]
    problems += [
        Problem(file.name, f"id {i} is given more than once", "one id each") for i in duplicate_ids(everyone)
    ]
    if problems:
        raise ComityError(f"the register {file.name} cannot be used", problems)
    return register


def read_bytes(file: Path) -> bytes:
    """Return the bytes of a file or say that it is not there."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise MissingError(
            "there is no such register",
            [Problem(str(file), error.strerror or "cannot be read", "a register as .csv or .toml")],
        ) from None


def read_rows(
    name: str, raw: bytes, problems: list[Problem]
) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """Return the header of a CSV file and its rows with their line numbers, one after the other.

    Empty rows are passed over; rows with more cells than the header are noted and passed over.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = Problem(f"{name}, byte {error.start}", "is no text in UTF-8", "a CSV file in UTF-8")
        raise ComityError(f"{name} cannot be read", [problem]) from None
    reader = csv.reader(io.StringIO(text, newline=""))
    header = [cell.strip() for cell in next(reader, [])]

    def rows() -> Iterator[tuple[int, list[str]]]:
        longer: list[int] = []
        try:
            for cells in reader:
                if len(cells) > len(header):
                    longer.append(reader.line_num)
                elif any(cell.strip() for cell in cells):
                    yield reader.line_num, cells
        except csv.Error as error:
            problems.append(Problem(f"{name}, row {reader.line_num}", str(error), "CSV"))
        if longer:
            place = f"{name}, row {', '.join(map(str, longer[:3]))}"
            place += f" and {len(longer) - 3} more" if len(longer) > 3 else ""
            problems.append(Problem(place, "more cells than the header", f"{len(header)} cells"))

    return header, rows()


def repeated(header: Sequence[str]) -> list[str]:
    """Return the names that a header gives more than once, empty ones apart."""
    return [name for name, count in Counter(filter(None, header)).items() if count > 1]


Parts = tuple[tuple[Network, ...], tuple[EarthStation, ...], tuple[FixedLink, ...]]


def _csv(name: str, raw: bytes, problems: list[Problem]) -> Parts:
    header, body = read_rows(name, raw, problems)
    sha256 = hashlib.sha256(raw).hexdigest()
    if "kind" not in header:
        place = Problem(
            f"{name}, row 1", "there is no column kind", "a header with kind, id, latitude, longitude, ..."
        )
        raise ComityError(f"the register {name} cannot be used", [place])
    problems += [
        Problem(f"{name}, row 1, {column}", "this column is given more than once", "each column once")
        for column in repeated(header)
    ]
    Reading(f"{name}, row 1", dict.fromkeys(filter(None, header), "-"), problems).unknown(COLUMNS)
    networks: dict[str, list[tuple[Reading, Provenance]]] = {}
    stations, links = [], []
    for line, cells in body:
        values = dict(zip(header, cells, strict=False))
        reading, source = Reading(f"{name}, row {line}", values, problems), Provenance(name, line, sha256)
        kind = reading.choice("kind", KINDS, "")
        if kind == "network":
            networks.setdefault(reading.text("id"), []).append((reading, source))
        elif kind == "earth_station":
            stations.append(rows.earth_station(reading, source))
        elif kind == "fixed_link":
            links.append(rows.fixed_link(reading, source))
    for group in networks.values():
        _agree([reading for reading, _ in group])
    found = tuple(rows.network(g[0][0], [reading for reading, _ in g], g[0][1]) for g in networks.values())
    return found, tuple(stations), tuple(links)


def _agree(group: list[Reading]) -> None:
    """Note where rows of one network contradict its first row; an empty cell follows the first row."""
    for reading in group[1:]:
        for name in _SHARED:
            first, other = str(group[0].values.get(name) or ""), str(reading.values.get(name) or "")
            if other and other != first:
                reading.wrong(name, f"{other!r} differs from the network's first row", first or "empty")


def _toml(name: str, raw: bytes, problems: list[Problem]) -> Parts:
    try:
        document = tomllib.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        problem = Problem(f"{name}, byte {error.start}", "is no text in UTF-8", "a TOML file in UTF-8")
        raise ComityError(f"{name} cannot be read", [problem]) from None
    except (ValueError, RecursionError) as error:
        problem = Problem(name, str(error) or "nested too deep", "a TOML file")
        raise ComityError(f"{name} cannot be read", [problem]) from None
    Reading(name, document, problems).unknown((*KINDS, "register"))
    sha256 = hashlib.sha256(raw).hexdigest()

    def tables(kind: str, accepted: tuple[str, ...]) -> Iterable[tuple[Reading, Provenance]]:
        for number, table in enumerate(_list(document, kind, name, problems), start=1):
            reading = Reading(f"{name}, {kind} {number}", table, problems)
            reading.unknown(accepted)
            yield reading, Provenance(name, number, sha256)

    return (
        tuple(
            _toml_network(head, source) for head, source in tables("network", (*rows.NETWORK[1:], "station"))
        ),
        _each(rows.earth_station, tables("earth_station", rows.EARTH_STATION[1:])),
        _each(rows.fixed_link, tables("fixed_link", rows.FIXED_LINK[1:])),
    )


def _each(build: Callable[[Reading, Provenance], Any], readings: Iterable[tuple[Reading, Provenance]]) -> Any:
    return tuple(build(reading, source) for reading, source in readings)


def _toml_network(head: Reading, source: Provenance) -> Network:
    stations = []
    for number, table in enumerate(_list(head.values, "station", head.place, head.problems), start=1):
        reading = Reading(f"{head.place}, station {number}", table, head.problems)
        reading.unknown((*rows.STATION, "id"))
        if "id" in table:
            reading.values = {**table, "station": table["id"]}
        stations.append(reading)
    if not stations:
        head.wrong("station", "missing", "one [[network.station]] or more")
    return rows.network(head, stations, source)


def _list(tables: Mapping[str, Any], key: str, place: str, problems: list[Problem]) -> list[dict[str, Any]]:
    found = tables.get(key, [])
    if isinstance(found, list) and all(isinstance(table, dict) for table in found):
        return found
    problems.append(Problem(f"{place}, {key}", "is not a list of tables", f"[[{key}]]"))
    return []
