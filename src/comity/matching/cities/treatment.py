"""Treatment of indicators: denominate, impute, treat outliers, normalise, aggregate; every stage is kept.

References
----------
OECD/JRC, Handbook on Constructing Composite Indicators (2008), steps 4 to 6 and 9; W. Becker and others, COINr,
Journal of Open Source Software 7 (2022) 4567, whose saved example the tests reproduce.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np

from comity.errors import ComityError, Problem
from comity.matching.cities.indicators import Framework, Table, Values, flat_indicators

Imputation = Literal["none", "mean", "median", "group_mean", "group_median"]
Normalisation = Literal["zscore", "minmax", "rank"]
Aggregation = Literal["arithmetic", "geometric"]


@dataclass(frozen=True, slots=True)
class Method:
    """How indicators are treated.

    Parameters
    ----------
    impute : how a missing value is filled; ``none`` leaves it missing
    winsorise_most : points of one indicator that may be pulled in, as a share of the places; 0 for no treatment
    skew_limit, kurtosis_limit : an indicator beyond both is treated (sample skewness, excess kurtosis)
    transform : what is done where pulling in is not enough: a logarithm, or nothing
    normalise : to mean 0 and deviation 1, to 0-100, or to ranks
    aggregate : mean of a group under its weights
    """

    impute: Imputation = "none"
    winsorise_most: float = 0.1
    skew_limit: float = 2.0
    kurtosis_limit: float = 3.5
    transform: Literal["log", "none"] = "log"
    normalise: Normalisation = "zscore"
    aggregate: Aggregation = "arithmetic"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that a stage changed: the indicator, the place (``""`` for all) and what was done."""

    indicator: str
    place: str
    what: Literal["imputed", "winsorised high", "winsorised low", "logarithm", "divided"]


@dataclass(frozen=True, slots=True)
class Stage:
    """The whole table after one stage, and what the stage changed."""

    name: str
    table: Table
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Treated:
    """Every stage of one treatment."""

    framework: Framework
    method: Method
    stages: tuple[Stage, ...]

    def stage(self, name: str) -> Stage:
        """Return a stage by its name."""
        return next(s for s in self.stages if s.name == name)

    @property
    def normalised(self) -> Table:
        """The table before aggregation."""
        return self.stage("normalised").table


def treat(
    table: Table, framework: Framework, method: Method, groups: Mapping[str, str] | None = None
) -> Treated:
    """Run every stage on a table.

    Parameters
    ----------
    groups : group of each place, for imputation by group (a country, a size class)

    Raises
    ------
    ComityError
        where an indicator cannot tell the places apart (one value, or the same everywhere), where a denominator is
        zero, or where a group has nothing to impute from
    """
    denominated = denominate(table, framework)
    flat = flat_indicators(denominated.table)
    if flat:
        raise ComityError(
            "these indicators tell no place apart",
            [
                Problem(name, "fewer than two different values", "leave it out of the framework")
                for name in flat
            ],
        )
    imputed = impute(denominated.table, method.impute, groups)
    treated = treat_outliers(imputed.table, framework, method)
    normalised = normalise(treated.table, framework, method.normalise)
    aggregated = aggregate(normalised.table, framework, method.aggregate)
    stages = (Stage("raw", table), denominated, imputed, treated, normalised, aggregated)
    return Treated(framework, method, stages)


def denominate(table: Table, framework: Framework) -> Stage:
    """Divide every indicator by its denominator; what only divides leaves the table."""
    used = {i.denominator for i in framework.indicators if i.denominator}
    kept = [name for name in table.indicators if name not in used]
    values = table.only(kept).values.copy()
    notes, problems = [], []
    for k, name in enumerate(kept):
        below = framework[name].denominator
        if below:
            divisor = table.column(below)
            problems += [
                Problem(f"{table.places[r]}, {below}", "is 0 and divides " + name, "more than 0")
                for r in np.flatnonzero(divisor == 0).tolist()
            ]
            values[:, k] = np.divide(values[:, k], divisor, where=divisor != 0, out=values[:, k])
            notes.append(Note(name, "", "divided"))
    if problems:
        raise ComityError("these indicators cannot be divided", problems)
    return Stage("denominated", Table(table.places, tuple(kept), values), tuple(notes))


def impute(table: Table, how: Imputation, groups: Mapping[str, str] | None = None) -> Stage:
    """Fill missing values by the mean or median of all places, or of the place's group."""
    values = table.values.copy()
    notes: list[Note] = []
    problems: list[Problem] = []
    middle = _median if how.endswith("median") else _mean
    for place, name in table.missing if how != "none" else ():
        r, k = table.places.index(place), table.indicators.index(name)
        among = [
            v
            for p, v in zip(table.places, table.values[:, k].tolist(), strict=True)
            if not math.isnan(v)
            and (not how.startswith("group") or (groups or {}).get(p) == (groups or {}).get(place))
        ]
        if among:
            values[r, k] = middle(among)
            notes.append(Note(name, place, "imputed"))
        else:
            problems.append(Problem(f"{place}, {name}", "nothing to impute from", "a value in its group"))
    if problems:
        raise ComityError("these values cannot be imputed", problems)
    return Stage("imputed", Table(table.places, table.indicators, values), tuple(notes))


def treat_outliers(table: Table, framework: Framework, method: Method) -> Stage:
    """Pull outliers in to the next value, most skewed side first; take a logarithm where that is not enough.

    An indicator that is compared by ratio takes its logarithm first.
    """
    values = table.values.copy()
    notes: list[Note] = []
    most = math.ceil(method.winsorise_most * len(table.places))
    for k, name in enumerate(table.indicators):
        known = np.flatnonzero(~np.isnan(values[:, k]))
        if framework[name].ratio:
            values[known, k] = _natural(values[known, k], name)
            notes.append(Note(name, "", "logarithm"))
        column = values[known, k]
        if most == 0 or _calm(column, method):
            continue
        pulled, high, low = _winsorise(column, method, most)
        if _calm(pulled, method) or method.transform == "none":
            values[known, k] = pulled
            sides: tuple[tuple[list[int], Literal["winsorised high", "winsorised low"]], ...] = (
                (high, "winsorised high"),
                (low, "winsorised low"),
            )
            notes += [Note(name, table.places[known[r]], what) for rows, what in sides for r in rows]
        else:
            values[known, k] = _logarithm(column)
            notes.append(Note(name, "", "logarithm"))
    return Stage("treated", Table(table.places, table.indicators, values), tuple(notes))


def normalise(table: Table, framework: Framework, how: Normalisation) -> Stage:
    """Bring every indicator to one scale, its direction turned so that more is more."""
    values = np.full_like(table.values, np.nan)
    for k, name in enumerate(table.indicators):
        known = np.flatnonzero(~np.isnan(table.values[:, k]))
        column = framework[name].direction * table.values[known, k]
        values[known, k] = _scaled(column, how)
    return Stage("normalised", Table(table.places, table.indicators, values))


def aggregate(table: Table, framework: Framework, how: Aggregation) -> Stage:
    """Return the groups of the hierarchy, lowest first, each the weighted mean of what stands below it."""
    columns = {name: table.values[:, k] for k, name in enumerate(table.indicators)}
    waiting = list(framework.groups)
    done: list[str] = []
    while waiting:
        ready = [g for g in waiting if not any(h.parent == g.id for h in waiting)]
        if not ready:
            raise ComityError(
                "the groups of this framework form a circle", [Problem(waiting[0].id, "is its own parent")]
            )
        for group in ready:
            below = [
                (i.id, i.weight) for i in framework.indicators if i.group == group.id and i.id in columns
            ]
            below += [(g.id, g.weight) for g in framework.groups if g.parent == group.id and g.id in columns]
            if below:
                columns[group.id] = _weighted([columns[b] for b, _ in below], [w for _, w in below], how)
                done.append(group.id)
        waiting = [g for g in waiting if g not in ready]
    stacked = np.column_stack([columns[g] for g in done]) if done else np.zeros((len(table.places), 0))
    return Stage("aggregated", Table(table.places, tuple(done), stacked))


def skewness(values: Values) -> float:
    """Return the sample skewness G1; NaN for fewer than three values or no spread."""
    n, centred, second = _moments(values)
    if n < 3 or second == 0:
        return math.nan
    third = math.fsum(c**3 for c in centred) / n
    return math.sqrt(n * (n - 1)) / (n - 2) * third / (second * math.sqrt(second))


def excess_kurtosis(values: Values) -> float:
    """Return the sample excess kurtosis G2; NaN for fewer than four values or no spread."""
    n, centred, second = _moments(values)
    if n < 4 or second == 0:
        return math.nan
    plain = (math.fsum(c**4 for c in centred) / n) / second**2 - 3
    return (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * plain + 6)


def _moments(values: Values) -> tuple[int, list[float], float]:
    listed = values.tolist()
    n = len(listed)
    mean = _mean(listed) if n else 0.0
    centred = [v - mean for v in listed]
    return n, centred, math.fsum(c * c for c in centred) / n if n else 0.0


def _calm(column: Values, method: Method) -> bool:
    """Whether an indicator needs no treatment: not beyond both limits at once."""
    skew, kurtosis = skewness(column), excess_kurtosis(column)
    beyond = abs(skew) > method.skew_limit and kurtosis > method.kurtosis_limit
    return math.isnan(skew) or math.isnan(kurtosis) or not beyond


def _winsorise(column: Values, method: Method, most: int) -> tuple[Values, list[int], list[int]]:
    column = column.copy()
    high: set[int] = set()
    low: set[int] = set()
    while not _calm(column, method) and len(high) + len(low) < most:
        up = skewness(column) >= 0
        edge = column.max() if up else column.min()
        rows = np.flatnonzero(column == edge)
        rest = np.delete(column, rows)
        column[rows] = rest.max() if up else rest.min()
        (high if up else low).update(rows.tolist())
    return column, sorted(high), sorted(low)


def _natural(column: Values, name: str) -> Values:
    if column.min() <= 0:
        message = f"{column.min():g}, where places are compared by ratio"
        raise ComityError("this logarithm cannot be taken", [Problem(name, message, "values above 0")])
    return np.array([float(Decimal(v).ln()) for v in column.tolist()])


def _logarithm(column: Values) -> Values:
    """Return the logarithm shifted to 1 % of the range, the long tail on either side drawn in."""
    low, high = float(column.min()), float(column.max())
    shift = 0.01 * (high - low)
    # Decimal's logarithm is rounded correctly, so it is the same on every machine.
    if skewness(column) >= 0:
        return np.array([float(Decimal(v - low + shift).ln()) for v in column.tolist()])
    return np.array([-float(Decimal(high + shift - v).ln()) for v in column.tolist()])


def _scaled(column: Values, how: Normalisation) -> Values:
    if how == "minmax":
        low, high = float(column.min()), float(column.max())
        return 100.0 * (column - low) / (high - low)
    if how == "rank":
        below = np.searchsorted(np.sort(column), column, side="left")
        through = np.searchsorted(np.sort(column), column, side="right")
        return (below + through + 1) / 2.0
    n, centred, second = _moments(column)
    deviation = math.sqrt(second * n / (n - 1))
    return np.array(centred) / deviation


def _weighted(columns: Sequence[Values], weights: Sequence[float], how: Aggregation) -> Values:
    result = []
    for row in zip(*(c.tolist() for c in columns), strict=True):
        known = [(v, w) for v, w in zip(row, weights, strict=True) if not math.isnan(v) and w > 0]
        total = math.fsum(w for _, w in known)
        if not known:
            result.append(math.nan)
        elif how == "arithmetic":
            result.append(math.fsum(v * w for v, w in known) / total)
        elif min(v for v, _ in known) <= 0:
            raise ComityError(
                "a geometric mean needs values above 0",
                [Problem("aggregate", "a value of 0 or less", "arithmetic")],
            )
        else:
            logs = math.fsum(float(Decimal(v).ln()) * w for v, w in known)
            result.append(float(Decimal(logs / total).exp()))
    return np.array(result)


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
