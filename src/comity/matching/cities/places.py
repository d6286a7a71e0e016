"""The place register: cities, regions, groups of towns, nested geographies, names in several scripts."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from comity.errors import ComityError, MissingError, Problem
from comity.rules.text import Text

Kind = Literal["city", "region", "group"]
KINDS = ("city", "region", "group")
#: Two places of one name nearer than this are taken for one place entered twice [km].
DUPLICATE_KM = 5.0
_EARTH_RADIUS_KM = 6371.0088
COLUMNS = (
    "id", "name_en", "name_zh", "country", "kind", "region", "parent", "members", "latitude_deg",
    "longitude_deg", "population", "utc_offset_h",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """One place.

    Parameters
    ----------
    id : stable code
    name : in English and Traditional Chinese; the English name twice where no Chinese one is known
    country : ISO 3166 code of two letters
    latitude_deg, longitude_deg : WGS 84 position [deg]
    population : inhabitants, ``None`` where not known
    utc_offset_h : standard time over UTC [h], ``None`` where not known
    kind : ``city``, ``region`` or ``group`` (of towns that apply together)
    region : code of the statistical region it lies in, for quotas and regional indicators
    parent : place that contains this one; two places of one line of parents are never paired or compared
    members : towns of a group
    names : names in further scripts, by language tag (``{"ko": "부산"}``)
    """

    id: str
    name: Text
    country: str
    latitude_deg: float
    longitude_deg: float
    population: int | None = None
    utc_offset_h: float | None = None
    kind: Kind = "city"
    region: str = ""
    parent: str = ""
    members: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every name of the place."""
        return tuple(dict.fromkeys((self.name.en, self.name.zh, *self.names.values())))


@dataclass(frozen=True)
class PlaceRegister:
    """Places by code; made by :meth:`of`, which refuses what cannot be true."""

    places: Mapping[str, Place]

    @classmethod
    def of(cls, places: Iterable[Place], where: Mapping[str, str] | None = None) -> PlaceRegister:
        """Return a register, or every problem at once.

        Parameters
        ----------
        where : where each place was read (``{"bristol": "places.csv:2"}``), for the messages
        """
        kept: dict[str, Place] = {}
        problems: list[Problem] = []
        spots = dict(where or {})
        for place in places:
            if place.id in kept:
                problems.append(
                    Problem(spots.get(place.id, place.id), f"{place.id} stands there twice", "each once")
                )
            kept[place.id] = place
        register = cls(kept)
        problems += [
            Problem(spots.get(b.id, b.id), f"{b.name.en} is the same place as {a.id}", "each place once")
            for a, b in register.twins()
        ]
        for place in kept.values():
            problems += register._broken_nesting(place, spots.get(place.id, place.id))
        if problems:
            raise ComityError("these places cannot be used", problems)
        return register

    def __getitem__(self, place_id: str) -> Place:
        """Return a place by its code."""
        return self.places[place_id]

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.places)

    def __iter__(self) -> Iterator[Place]:
        """Iterate over the places in the order in which they were given."""
        return iter(self.places.values())

    def find(self, name: str, country: str = "") -> tuple[Place, ...]:
        """Return the places that are called ``name`` in any script, the largest first."""
        wanted = name.strip().casefold()
        found = [p for p in self._by_spelling.get(wanted, ()) if not country or p.country == country]
        return tuple(sorted(found, key=lambda p: (-(p.population or 0), p.id)))

    def nested(self, a: str, b: str) -> bool:
        """Whether one of two places contains the other, as region, parent or group."""
        return a == b or a in self._around(b) or b in self._around(a)

    def twins(self) -> list[tuple[Place, Place]]:
        """Return pairs of places that are likely one place entered twice: one name, one country, close by."""
        found = []
        seen: dict[tuple[str, str, str], list[Place]] = {}
        for place in self:
            key = (place.country, place.kind, place.name.en.casefold().replace("-", ""))
            for other in seen.get(key, ()):
                if distance_km(place, other) < DUPLICATE_KM:
                    found.append((other, place))
            seen.setdefault(key, []).append(place)
        return found

    @cached_property
    def _by_spelling(self) -> dict[str, list[Place]]:
        index: dict[str, list[Place]] = {}
        for place in self:
            for name in place.spellings:
                index.setdefault(name.casefold(), []).append(place)
        return index

    @cached_property
    def _groups(self) -> dict[str, set[str]]:
        groups: dict[str, set[str]] = {}
        for place in self:
            for member in place.members:
                groups.setdefault(member, set()).add(place.id)
        return groups

    def _around(self, place_id: str) -> set[str]:
        around = set(self._groups.get(place_id, ()))
        step = self.places.get(place_id)
        while step is not None and step.parent and step.parent not in around:
            around.add(step.parent)
            step = self.places.get(step.parent)
        return around

    def _broken_nesting(self, place: Place, where: str) -> Iterator[Problem]:
        for member in place.members:
            if member not in self.places:
                yield Problem(f"{where}, members", f"unknown place {member!r}", "codes of this register")
        if place.parent and place.parent not in self.places:
            yield Problem(f"{where}, parent", f"unknown place {place.parent!r}", "a code of this register")
        if place.id in self._around(place.id):
            yield Problem(f"{where}, parent", f"{place.id} contains itself", "a parent that lies outside it")


def group_of(place_id: str, name: Text, towns: Iterable[Place]) -> Place:
    """Return towns that apply together as one place: people added, position by their weight.

    The population is unknown where that of any town is.
    """
    members = tuple(towns)
    known = [p.population for p in members if p.population is not None]
    complete = len(known) == len(members) and sum(known) > 0
    weights = known if complete else [1] * len(members)
    total = sum(weights)

    def middle(values: Iterable[float]) -> float:
        return round(math.fsum(v * w for v, w in zip(values, weights, strict=True)) / total, 6)

    return Place(
        place_id,
        name,
        members[0].country,
        middle(p.latitude_deg for p in members),
        middle(p.longitude_deg for p in members),
        total if complete else None,
        members[0].utc_offset_h,
        "group",
        members[0].region,
        members=tuple(p.id for p in members),
    )


def distance_km(a: Place, b: Place) -> float:
    """Return the great-circle distance [km], rounded to 1 km; sphere of the mean Earth radius."""
    ax, ay, az = unit_vector(a)
    bx, by, bz = unit_vector(b)
    half = math.sqrt((ax - bx) ** 2 + (ay - by) ** 2 + (az - bz) ** 2) / 2
    return float(round(2 * _EARTH_RADIUS_KM * math.asin(min(half, 1.0))))


def unit_vector(place: Place) -> tuple[float, float, float]:
    """Return the place on the unit sphere, to 1e-12: the same on every machine."""
    phi, lam = math.radians(place.latitude_deg), math.radians(place.longitude_deg)
    x, y = math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam)
    return round(x, 12), round(y, 12), round(math.sin(phi), 12)


def read_places(path: Path) -> PlaceRegister:
    """Return the places of a CSV file with the columns of ``COLUMNS``; problems are named cell by cell."""
    if not path.is_file():
        raise MissingError("there are no places", [Problem(str(path), "not found", ", ".join(COLUMNS))])
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        problem = Problem(f"{path.name}, byte {error.start}", "is no text in UTF-8", "text saved as UTF-8")
        raise ComityError("these places cannot be read", [problem]) from None
    return places_from_csv(text, path.name)


def places_from_csv(text: str, name: str) -> PlaceRegister:
    """Return the places of CSV text; ``name`` stands in the messages."""
    reader = csv.DictReader(io.StringIO(text))
    header = [c.strip() for c in reader.fieldnames or ()]
    required = ("id", "name_en", "country", "latitude_deg", "longitude_deg")
    wrong = [f"column {c!r} is missing" for c in required if c not in header]
    wrong += [f"column {c!r} is not known" for c in header if c not in COLUMNS]
    if wrong:
        raise ComityError(
            "these places cannot be used", [Problem(f"{name}:1", w, ", ".join(COLUMNS)) for w in wrong]
        )
    problems: list[Problem] = []
    places: list[Place] = []
    where: dict[str, str] = {}
    for raw in reader:
        row = {k: (v or "").strip() for k, v in raw.items() if k is not None}
        place = _place(row, f"{name}:{reader.line_num}", problems)
        places.append(place)
        where[place.id] = f"{name}:{reader.line_num}"
    try:
        register = PlaceRegister.of(places, where)
    except ComityError as error:
        problems += error.problems
    if problems:
        raise ComityError("these places cannot be used", problems)
    return register


def _place(row: Mapping[str, str], spot: str, problems: list[Problem]) -> Place:
    def number(column: str, low: float, high: float, *, needed: bool) -> float | None:
        text = row.get(column, "")
        if not text and not needed:
            return None
        try:
            value = float(text)
            if low <= value <= high:
                return value
        except ValueError:
            pass
        problems.append(Problem(f"{spot}, column {column}", repr(text), f"a number from {low:g} to {high:g}"))
        return None

    country, kind = row["country"], row.get("kind") or "city"
    if len(country) != 2 or not country.isupper():
        problems.append(
            Problem(f"{spot}, column country", repr(country), "two letters of ISO 3166, as GB or TW")
        )
    if kind not in KINDS:
        problems.append(Problem(f"{spot}, column kind", repr(kind), ", ".join(KINDS)))
        kind = "city"
    for column in ("id", "name_en"):
        if not row[column]:
            problems.append(Problem(f"{spot}, column {column}", "is empty", "a code, a name"))
    population = number("population", 0, 1e9, needed=False)
    return Place(
        row["id"],
        Text(row["name_en"], row.get("name_zh") or row["name_en"]),
        country,
        number("latitude_deg", -90, 90, needed=True) or 0.0,
        number("longitude_deg", -180, 180, needed=True) or 0.0,
        None if population is None else round(population),
        number("utc_offset_h", -12, 14, needed=False),
        kind,  # type: ignore[arg-type]
        row.get("region", ""),
        row.get("parent", ""),
        tuple(m.strip() for m in row.get("members", "").split(";") if m.strip()),
    )
