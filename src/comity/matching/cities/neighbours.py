"""Statistical nearest neighbours: the places most alike, as national statistics offices list them.

References
----------
Office for National Statistics, Clustering similar local authorities and statistical nearest neighbours in the UK,
methodology (2025): winsorise, impute the median, standardise, Euclidean distance, nested geographies left out. CIPFA,
Nearest Neighbours Model: distances divided by that of the farthest neighbour.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from comity.errors import ComityError, Problem
from comity.matching.cities.indicators import Framework, Table, Values, flat_indicators
from comity.matching.cities.places import PlaceRegister
from comity.matching.cities.treatment import Stage, impute, normalise


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One neighbour: its distance, and that as a share of the farthest neighbour's."""

    place: str
    distance: float
    relative: float


def ons_stages(table: Table, framework: Framework, winsorise_share: float = 0.05) -> tuple[Stage, ...]:
    """Return the table after each stage: raw, winsorised, imputed, normalised.

    Parameters
    ----------
    winsorise_share : share of the known values of an indicator that is pulled in on either side; the Office's
        methodology names the step, the share is a parameter here
    """
    flat = flat_indicators(table)
    if flat:
        raise ComityError(
            "these indicators tell no place apart",
            [Problem(n, "fewer than two different values") for n in flat],
        )
    values = table.values.copy()
    for k in range(values.shape[1]):
        known = ~np.isnan(values[:, k])
        values[known, k] = pulled_in(values[known, k], winsorise_share)
    winsorised = Stage("winsorised", Table(table.places, table.indicators, values))
    filled = impute(winsorised.table, "median")
    return Stage("raw", table), winsorised, filled, normalise(filled.table, framework, "zscore")


def pulled_in(column: Values, share: float) -> Values:
    """Return a column whose ``share`` lowest and highest values take the value next to them."""
    count = int(share * len(column))
    ordered = np.sort(column)
    return np.clip(column, ordered[count], ordered[len(column) - count - 1])


def nearest_neighbours(
    table: Table,
    framework: Framework,
    register: PlaceRegister,
    place: str,
    count: int = 15,
    winsorise_share: float = 0.05,
) -> list[Neighbour]:
    """Return the places most like ``place``, nearest first; what contains it or lies in it is left out.

    Equal distances are ordered by code.
    """
    normalised = ons_stages(table, framework, winsorise_share)[-1].table
    own = normalised.values[normalised.places.index(place)].tolist()
    found = []
    for other, row in zip(normalised.places, normalised.values.tolist(), strict=True):
        if not register.nested(place, other):
            distance = math.sqrt(math.fsum((a - b) ** 2 for a, b in zip(own, row, strict=True)))
            found.append((round(distance, 9), other))
    found.sort()
    farthest = found[-1][0] if found and found[-1][0] > 0 else 1.0
    return [Neighbour(other, distance, distance / farthest) for distance, other in found[:count]]
