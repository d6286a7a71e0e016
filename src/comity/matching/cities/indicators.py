"""Indicators: a hierarchy with units, directions, years, sources and licences, and the values read under it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from comity.errors import ComityError, Problem
from comity.rules.text import Text

Values = NDArray[np.float64]
VALUE_COLUMNS = ("place", "indicator", "year", "value", "unit")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator.

    Parameters
    ----------
    id : stable code
    title : what it measures
    unit : unit symbol; a value in another unit is refused, never converted by guess
    direction : 1 where more is better or merely more, -1 where less is better
    group : code of the group above it in the hierarchy
    weight : weight inside its group
    denominator : indicator that it is divided by before anything else, ``""`` for none
    ratio : whether places are compared by ratio, not by difference (population): the natural logarithm is
        taken before outliers are looked for; every value must be above 0
    source, licence : where it comes from and on what terms
    """

    id: str
    title: Text
    unit: str
    direction: int = 1
    group: str = ""
    weight: float = 1.0
    denominator: str = ""
    ratio: bool = False
    source: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of indicators or of groups: a pillar, a sub-index, the index."""

    id: str
    title: Text
    parent: str = ""
    weight: float = 1.0


@dataclass(frozen=True)
class Framework:
    """A named, dated version of indicators and the groups above them."""

    id: str
    version: str
    indicators: tuple[Indicator, ...]
    groups: tuple[Group, ...] = ()

    def __post_init__(self) -> None:
        """Refuse codes that repeat or lead nowhere."""
        problems = []
        codes = [i.id for i in self.indicators] + [g.id for g in self.groups]
        problems += [
            Problem(f"framework {self.id}", f"{code} stands there twice", "each code once")
            for code in sorted({c for c in codes if codes.count(c) > 1})
        ]
        groups = {g.id for g in self.groups}
        for name, above in [(i.id, i.group) for i in self.indicators] + [
            (g.id, g.parent) for g in self.groups
        ]:
            if above and above not in groups:
                problems.append(
                    Problem(f"{name}, group", f"unknown group {above!r}", ", ".join(sorted(groups)))
                )
        known = {i.id for i in self.indicators}
        for i in self.indicators:
            if i.direction not in (1, -1):
                problems.append(Problem(f"{i.id}, direction", str(i.direction), "1 or -1"))
            if i.denominator and i.denominator not in known:
                problems.append(Problem(f"{i.id}, denominator", f"unknown indicator {i.denominator!r}"))
            if not i.weight >= 0:
                problems.append(Problem(f"{i.id}, weight", str(i.weight), "0 or more"))
        if problems:
            raise ComityError("this indicator framework cannot be used", problems)

    def __getitem__(self, indicator: str) -> Indicator:
        """Return an indicator by its code."""
        return self._by_id[indicator]

    @cached_property
    def _by_id(self) -> dict[str, Indicator]:
        return {i.id: i for i in self.indicators}


@dataclass(frozen=True)
class Table:
    """Values of places (rows) under indicators (columns); NaN is "not known", never 0."""

    places: tuple[str, ...]
    indicators: tuple[str, ...]
    values: Values

    def column(self, indicator: str) -> Values:
        """Return one indicator of every place."""
        return self.values[:, self.indicators.index(indicator)]

    def only(self, indicators: Collection[str]) -> Table:
        """Return the table with these indicators alone, in their order here."""
        kept = [k for k, name in enumerate(self.indicators) if name in indicators]
        return Table(self.places, tuple(self.indicators[k] for k in kept), self.values[:, kept])

    def rows(self, places: Sequence[str]) -> Table:
        """Return the table with these places alone, in the order given."""
        at = {name: k for k, name in enumerate(self.places)}
        return Table(tuple(places), self.indicators, self.values[[at[p] for p in places]])

    def without(self, indicator: str) -> Table:
        """Return the table without one indicator."""
        return self.only([name for name in self.indicators if name != indicator])

    @property
    def missing(self) -> tuple[tuple[str, str], ...]:
        """Every place and indicator without a value."""
        rows, columns = np.nonzero(np.isnan(self.values))
        return tuple(
            (self.places[r], self.indicators[c]) for r, c in zip(rows.tolist(), columns.tolist(), strict=True)
        )

    @cached_property
    def sha256(self) -> str:
        """Hash of what is in the table, to 12 digits."""
        cells = [[None if math.isnan(v) else float(f"{v:.12g}") for v in row] for row in self.values.tolist()]
        text = json.dumps([self.places, self.indicators, cells], separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Observation:
    """One value as read: of which place, indicator and year, and where it was read."""

    place: str
    indicator: str
    year: int
    value: float
    where: str


def read_observations(
    text: str, name: str, framework: Framework, places: Collection[str]
) -> list[Observation]:
    """Return the values of CSV text with the columns ``place, indicator, year, value, unit``.

    An empty value is a value that is not known and is left out. A text that begins with ``[`` is read as JSON: a list
    of tables with the same fields.

    Raises
    ------
    ComityError
        with every problem, cell by cell: unknown places and indicators, words for numbers, missing years, units
        that are not those of the framework, and cells given twice
    """
    found: list[Observation] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, str, int], str] = {}
    for where, row in _rows(text, name, problems):
        observation = _observation(row, where, framework, places, problems)
        if observation is None:
            continue
        key = (observation.place, observation.indicator, observation.year)
        if key in seen:
            problems.append(
                Problem(where, f"{', '.join(map(str, key))} stands at {seen[key]} too", "each once")
            )
        seen[key] = where
        found.append(observation)
    if problems:
        raise ComityError("these indicators cannot be used", problems)
    return found


def latest_table(
    observations: Iterable[Observation],
    framework: Framework,
    places: Sequence[str],
    *,
    until: int | None = None,
) -> tuple[Table, dict[tuple[str, str], int]]:
    """Return the newest value of each cell (not after the year ``until``) and the year it is of."""
    newest: dict[tuple[str, str], Observation] = {}
    for one in observations:
        key = (one.place, one.indicator)
        if (until is None or one.year <= until) and (key not in newest or newest[key].year < one.year):
            newest[key] = one
    names = tuple(i.id for i in framework.indicators)
    values = np.full((len(places), len(names)), np.nan)
    column, row = {n: k for k, n in enumerate(names)}, {p: k for k, p in enumerate(places)}
    for (place, indicator), one in newest.items():
        if place in row:
            values[row[place], column[indicator]] = one.value
    return Table(tuple(places), names, values), {k: o.year for k, o in newest.items()}


def flat_indicators(table: Table) -> tuple[str, ...]:
    """Return the indicators that cannot tell places apart: fewer than two different values."""
    flat = []
    for k, name in enumerate(table.indicators):
        column = table.values[:, k]
        if len(np.unique(column[~np.isnan(column)])) < 2:
            flat.append(name)
    return tuple(flat)


def _rows(text: str, name: str, problems: list[Problem]) -> Iterable[tuple[str, Mapping[str, str]]]:
    if text.lstrip("\ufeff").lstrip().startswith("["):
        try:
            listed = json.loads(text)
        except json.JSONDecodeError as error:
            problems.append(Problem(f"{name}:{error.lineno}", error.msg, "JSON"))
            return
        for k, row in enumerate(listed):
            if not isinstance(row, dict):
                problems.append(Problem(f"{name}[{k}]", f"a {type(row).__name__}", "a table of named fields"))
                continue
            yield f"{name}[{k}]", {key: "" if v is None else str(v) for key, v in row.items()}
        return
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    header = [c.strip() for c in reader.fieldnames or ()]
    wrong = [c for c in VALUE_COLUMNS if c not in header]
    problems += [Problem(f"{name}:1", f"column {c!r} is missing", ", ".join(VALUE_COLUMNS)) for c in wrong]
    if not wrong:
        for row in reader:
            yield f"{name}:{reader.line_num}", {k: (v or "").strip() for k, v in row.items() if k}


def _observation(
    row: Mapping[str, str], where: str, framework: Framework, places: Collection[str], problems: list[Problem]
) -> Observation | None:
    before = len(problems)
    place, code = row.get("place", ""), row.get("indicator", "")
    if place not in places:
        problems.append(Problem(f"{where}, column place", f"unknown place {place!r}", "a code of the places"))
    indicator = next((i for i in framework.indicators if i.id == code), None)
    if indicator is None:
        accepted = ", ".join(i.id for i in framework.indicators)
        problems.append(Problem(f"{where}, column indicator", f"unknown indicator {code!r}", accepted))
    elif row.get("unit", "") != indicator.unit:
        message = f"{row.get('unit', '')!r}, where {code} is in {indicator.unit!r}"
        problems.append(Problem(f"{where}, column unit", message, indicator.unit))
    year = row.get("year", "")
    if not (year.isascii() and year.isdigit() and len(year) == 4 and 1800 <= int(year) <= 2200):
        problems.append(Problem(f"{where}, column year", repr(year) if year else "is missing", "as 2021"))
    text = row.get("value", "")
    value = math.nan
    if text:
        try:
            value = float(text)
        except ValueError:
            value = math.inf
        if not math.isfinite(value):
            problems.append(
                Problem(f"{where}, column value", repr(text), "a number with a decimal point, or nothing")
            )
    if len(problems) > before or math.isnan(value):
        return None
    return Observation(place, code, int(year), value, where)
