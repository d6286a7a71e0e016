"""Scores of pairs: four components from 0 to 1, brought together under weights.

Every component is rounded to a millionth and every sum is taken in whole numbers, so that the same inputs give the same
scores on any machine. A component that is not known of a pair (NaN) leaves its weight to the others, and is shown.

References
----------
Complementarity follows P.-A. Balland, R. Boschma, J. Crespo, D. Rigby, Smart specialization policy in the European
Union, Regional Studies 53 (2019): relatedness of fields and its density around a place.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.matching.cities.indicators import Table, Values
from comity.matching.cities.places import Place, unit_vector
from comity.rules.text import Text

COMPONENTS = ("similarity", "complementarity", "challenges", "feasibility")
COMPONENT_NAMES: Mapping[str, Text] = {
    "similarity": Text("Similarity", "相似度"),
    "complementarity": Text("Complementarity", "互補性"),
    "challenges": Text("Shared challenges", "共同課題"),
    "feasibility": Text("Feasibility", "可行性"),
}
#: A score is a whole number: hundredths of a point of 100.
SCORE_ONE = 10_000
_MILLION = 1_000_000
_HALF_EQUATOR_KM = 20_015.0
_EARTH_RADIUS_KM = 6371.0088
_WORKING_DAY_H = 8.0
#: Share of a wish that counts even far from what a place knows; the rest grows with relatedness.
_FAR_SHARE = 0.5
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Scores:
    """Components of every pair of a left and a right place, each (n, m) from 0 to 1 or NaN."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    parts: Mapping[str, Values]

    def total(self, weights: Mapping[str, float]) -> Whole:
        """Return whole scores (n, m), 0 to ``SCORE_ONE``, under component weights."""
        above = np.zeros((len(self.left), len(self.right)), dtype=np.int64)
        below = np.zeros_like(above)
        for name in COMPONENTS:
            weight = round(_MILLION * weights.get(name, 0.0))
            part = self.parts.get(name)
            if weight and part is not None:
                known = ~np.isnan(part)
                whole = np.where(known, np.rint(np.where(known, part, 0.0) * _MILLION), 0).astype(np.int64)
                above += weight * whole
                below += weight * known
        scaled = above // 100 + below // 2  # one part in SCORE_ONE, rounded half up
        return np.where(below > 0, scaled // np.maximum(below, 1), 0)

    def at(self, left: str, right: str, part: str) -> float | None:
        """Return one component of one pair, ``None`` where it is not known."""
        values = self.parts.get(part)
        if values is None:
            return None
        value = float(values[self.left.index(left), self.right.index(right)])
        return None if math.isnan(value) else value


def similarity(left: Table, right: Table, weights: Mapping[str, float] | None = None) -> Values:
    """Return how alike places are: 1 for the same, 0 for the farthest pair.

    The distance is the root mean square difference over the indicators that both places have (NaN: none).

    Parameters
    ----------
    left, right : normalised tables with the same indicators
    weights : of single indicators, 1 where not named
    """
    total = np.zeros((len(left.places), len(right.places)))
    shared = np.zeros_like(total)
    for k, name in enumerate(left.indicators):
        weight = 1.0 if weights is None else weights.get(name, 1.0)
        gap = left.values[:, k][:, None] - right.values[:, k][None, :]
        known = ~np.isnan(gap)
        total += np.where(known, weight * gap * gap, 0.0)
        shared += weight * known
    distance = np.sqrt(np.divide(total, shared, out=np.full_like(total, np.nan), where=shared > 0))
    farthest = np.nanmax(distance) if np.isfinite(distance).any() else 0.0
    return (
        np.round(1.0 - distance / farthest, 6) if farthest > 0 else np.where(np.isnan(distance), np.nan, 1.0)
    )


def relatedness(offers: Mapping[str, Sequence[str]], fields: Sequence[str]) -> Values:
    """Return how related fields are: the lower of the two shares of places that have one given the other."""
    has = np.array([[f in listed for f in fields] for listed in offers.values()], dtype=np.int64)
    has = has.reshape(len(offers), len(fields))
    both, count = has.T @ has, has.sum(axis=0)
    larger = np.maximum(np.maximum.outer(count, count), 1)
    near: Values = both / larger
    np.fill_diagonal(near, 0.0)
    return near


def complementarity(
    left: Sequence[str],
    right: Sequence[str],
    offers: Mapping[str, Sequence[str]],
    asks: Mapping[str, Sequence[str]],
) -> Values:
    """Return what each lacks and the other has, near what it knows, averaged over both directions.

    A place lacks the fields it asks for; where it asks for none, those it does not offer. A field counts
    one half, and the other half as far as it is related to what the place offers. NaN where a place states nothing.
    """
    everyone = [*left, *right]
    fields = sorted({f for listed in (*offers.values(), *asks.values()) for f in listed})
    near = relatedness({p: offers.get(p, ()) for p in everyone}, fields)

    def matrices(places: Sequence[str]) -> tuple[Values, Values]:
        has = np.array([[f in offers.get(p, ()) for f in fields] for p in places], dtype=float)
        has = has.reshape(len(places), len(fields))
        asked = np.array([[f in asks.get(p, ()) for f in fields] for p in places], dtype=bool)
        asked = asked.reshape(len(places), len(fields))
        silent = np.logical_not(asked.any(axis=1, keepdims=True))
        lacks = np.logical_and(np.logical_or(asked, silent), has == 0)
        return has, lacks * (_FAR_SHARE + (1 - _FAR_SHARE) * _density(has, near))

    (has_l, wants_l), (has_r, wants_r) = matrices(left), matrices(right)
    both = (_answered(wants_l, has_r) + _answered(wants_r, has_l).T) / 2
    silent_l = np.array([not offers.get(p) and not asks.get(p) for p in left])
    silent_r = np.array([not offers.get(p) and not asks.get(p) for p in right])
    both[silent_l, :] = np.nan
    both[:, silent_r] = np.nan
    return np.round(both, 6)


def feasibility(
    left: Sequence[Place],
    right: Sequence[Place],
    weights: tuple[float, float, float],
    ties: frozenset[tuple[str, str]] = frozenset(),
) -> Values:
    """Return how easy a partnership is to run: nearness, common working hours, ties that exist already."""
    vectors = [np.array([unit_vector(p) for p in places]) for places in (left, right)]
    chord = np.zeros((len(left), len(right)))
    for axis in range(3):
        chord += (vectors[0][:, axis][:, None] - vectors[1][:, axis][None, :]) ** 2
    distance = np.rint(2 * _EARTH_RADIUS_KM * np.arcsin(np.minimum(np.sqrt(chord) / 2, 1.0)))
    near = 1.0 - np.minimum(distance / _HALF_EQUATOR_KM, 1.0)
    offsets = [
        np.array([math.nan if p.utc_offset_h is None else p.utc_offset_h for p in places])
        for places in (left, right)
    ]
    apart = np.abs(offsets[0][:, None] - offsets[1][None, :])
    hours = np.maximum(_WORKING_DAY_H - np.minimum(apart, 24.0 - apart), 0.0) / _WORKING_DAY_H
    tied = np.array([[float((a.id, b.id) in ties) for b in right] for a in left]).reshape(near.shape)
    total, known = np.zeros_like(near), np.zeros_like(near)
    for weight, part in zip(weights, (near, hours, tied), strict=True):
        total += np.where(np.isnan(part), 0.0, weight * part)
        known += weight * ~np.isnan(part)
    whole: Values = np.round(total / known, 6)
    return whole


def _density(has: Values, near: Values) -> Values:
    """Return, by place and field, the share of the relatedness around a field that the place already has."""
    around = np.zeros_like(has)
    for f in range(near.shape[0]):  # summed field by field: the same order everywhere
        around += has[:, f][:, None] * near[f][None, :]
    whole = near.sum(axis=0)
    share: Values = np.divide(around, whole[None, :], out=np.zeros_like(around), where=whole[None, :] > 0)
    return share


def _answered(wants: Values, has: Values) -> Values:
    """Return the share of each row's wants that each column's offers answer."""
    met = np.zeros((wants.shape[0], has.shape[0]))
    whole = np.zeros(wants.shape[0])
    for f in range(wants.shape[1]):
        met += wants[:, f][:, None] * has[:, f][None, :]
        whole += wants[:, f]
    share: Values = np.divide(met, whole[:, None], out=np.zeros_like(met), where=whole[:, None] > 0)
    return share
