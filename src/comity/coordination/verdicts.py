"""Budgets held against limits: single entries, and sums over all interferers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.coordination._decibel import NOTHING, Centi, centi, centi_level, level, power
from comity.coordination.assessment import Direction
from comity.coordination.budget import Budgets
from comity.coordination.ends import BASE, KINDS
from comity.coordination.policy import Criterion, Policy
from comity.coordination.screening import group_of, group_starts, limits_of

Float = NDArray[np.float64]
Int = NDArray[np.int64]

#: Headroom that stands for "no power of the candidate's own helps" [dB].
HOPELESS_DB = -1_000.0
#: What rounding a sum to 0.01 dB before it is compared forgives: 0.0049 dB.
_FORGIVEN = 1.0011289


@dataclass(frozen=True, slots=True)
class Verdicts:
    """``t`` tests of one criterion in one direction, for ``c`` channels.

    Parameters
    ----------
    direction, criterion : what is tested
    budgets : where the levels come from
    links : int64 (c, n), level of every link of ``budgets``
    receiver : int64 (t,), row of the victim
    group : int64 (t,), number of the interferer (one owner's stations, or its terminals); -1 in aggregates
    level, limit : int64 (c, t) and (t,), hundredths of dBm/MHz
    headroom_db : float64 (c, t), by how much the power of the candidate's base stations may rise
    settled : bool (t,), that power does not change the test: incumbents or the candidate's terminals cause it
    negligible : float64 (t,), bound of what was left out, part of ``level`` [mW/MHz]
    own : int64 (c, t), the candidate's part of an outward aggregate
    owners : register numbers of the other networks in an aggregate
    parts : int64 (c or 1, owners, t), level of each of them
    """

    direction: Direction
    criterion: Criterion
    budgets: Budgets
    links: Centi
    receiver: Int
    group: Int
    level: Centi
    limit: Centi
    headroom_db: Float
    settled: NDArray[np.bool_]
    negligible: Float
    own: Centi | None = None
    owners: tuple[str, ...] = ()
    parts: Centi | None = None

    def margin(self, channel: int) -> Centi:
        """Return limit less level in one channel (t,), hundredths of a decibel."""
        return np.asarray(self.limit - self.level[channel])

    def heard(self, channel: int) -> NDArray[np.bool_]:
        """Return whether anything at all is received in one channel (t,)."""
        return np.asarray(self.level[channel] > NOTHING)


@dataclass(frozen=True, slots=True)
class Others:
    """Interference of the register at ``t`` receivers.

    Parameters
    ----------
    owners : register numbers of its networks
    power : float64 (owners, t), stronger phase of each [mW/MHz]
    rest : float64 (t,), sum of the bounds of what was left out [mW/MHz]
    """

    owners: tuple[str, ...]
    power: Float
    rest: Float


def singles(
    direction: Direction,
    budgets: Budgets,
    kept: NDArray[np.bool_],
    criteria: Sequence[Criterion],
    policy: Policy,
) -> list[Verdicts]:
    """Return the single-entry verdicts: every interferer alone, its stations summed.

    ``kept`` (e, r) says which interferers were computed whole; links beyond them serve aggregates only.
    """
    emitters, receivers, links = budgets.emitters, budgets.receivers, budgets.links
    pairs = group_of(emitters)[links.emitter] * len(receivers) + links.receiver
    whole = np.unique(pairs[kept[links.emitter, links.receiver]])
    distinct, of = np.unique(pairs, return_inverse=True)
    found = []
    for criterion in criteria:
        every = budgets.levels(criterion, policy)
        summed = _sums(power(every), of, distinct.size)
        mine = receivers.kind[distinct % len(receivers)] == KINDS.index(criterion.victim)
        chosen = np.flatnonzero(mine & summed.any(axis=0) & np.isin(distinct, whole))
        receiver, group = distinct[chosen] % len(receivers), distinct[chosen] // len(receivers)
        levels, limit = centi_level(summed[:, chosen]), limits_of(criterion, receivers)[receiver]
        settled = emitters.kind[group_starts(emitters)[group]] != BASE
        settled |= direction == "incumbent_to_candidate"
        found.append(
            Verdicts(
                direction=direction,
                criterion=criterion,
                budgets=budgets,
                links=every,
                receiver=receiver,
                group=group,
                level=levels,
                limit=limit,
                headroom_db=_headroom((limit[None, :] - levels) / 100.0, settled),
                settled=settled,
                negligible=np.zeros(chosen.size),
            )
        )
    return found


def outward_aggregate(
    budgets: Budgets, before: Others, rows: Int, criterion: Criterion, policy: Policy
) -> Verdicts:
    """Return the verdicts on the candidate together with everybody before it.

    Where its own part is negligible against the limit it is not tested, whatever the others do.

    Parameters
    ----------
    budgets : of the candidate towards all receivers
    before : what the register does to the receivers ``rows``
    rows : int64 (t,), receivers that are tested
    criterion, policy : what is tested
    """
    every = budgets.levels(criterion, policy)
    stations, terminals = _phases(budgets, every, rows)
    own = np.maximum(stations, terminals)
    theirs = total(before.power) + before.rest
    limit = limits_of(criterion, budgets.receivers)[rows]
    left = power(limit) * _FORGIVEN - theirs
    counts = centi_level(own) > limit[None, :] - centi(policy.negligible_db)
    possible = left[None, :] - np.where(terminals > 0.0, terminals, 0.0) > 0.0
    spare = level(np.maximum(left, 0.0))[None, :] - level(stations)
    return Verdicts(
        direction="candidate_to_incumbent",
        criterion=criterion,
        budgets=budgets,
        links=every,
        receiver=rows,
        group=np.full(rows.size, -1, dtype=np.int64),
        level=np.where(counts, centi_level(own + theirs[None, :]), NOTHING),
        limit=limit,
        headroom_db=np.where(possible, np.where(stations > 0.0, spare, np.inf), HOPELESS_DB),
        settled=np.zeros(rows.size, dtype=bool),
        negligible=before.rest,
        own=centi_level(own),
        owners=before.owners,
        parts=centi_level(before.power)[None],
    )


def inward_aggregate(
    budgets: Budgets, rows: Int, negligible: Float, criterion: Criterion, policy: Policy
) -> Verdicts:
    """Return the verdicts on everybody's interference into the candidate's receivers ``rows``."""
    every = budgets.levels(criterion, policy)
    theirs = by_owner(budgets, every)[:, :, rows]
    sums = np.stack([total(one) for one in theirs])
    limit = limits_of(criterion, budgets.receivers)[rows]
    levels = np.where(sums > 0.0, centi_level(sums + negligible[None, :]), NOTHING)
    return Verdicts(
        direction="incumbent_to_candidate",
        criterion=criterion,
        budgets=budgets,
        links=every,
        receiver=rows,
        group=np.full(rows.size, -1, dtype=np.int64),
        level=levels,
        limit=limit,
        headroom_db=(limit[None, :] - levels) / 100.0,
        settled=np.ones(rows.size, dtype=bool),
        negligible=negligible,
        owners=_owners(budgets),
        parts=centi_level(theirs),
    )


def _headroom(margin_db: Float, settled: NDArray[np.bool_]) -> Float:
    """Return margins as headroom, where power decides; elsewhere it helps nothing and costs nothing."""
    return np.where(settled[None, :], np.where(margin_db < 0.0, HOPELESS_DB, np.inf), margin_db)


def _phases(budgets: Budgets, levels: Centi, rows: Int) -> tuple[Float, Float]:
    """Return the power (c, t) of the candidate's base stations and of its terminals at receivers."""
    linear, found = power(levels), []
    station = budgets.emitters.kind[budgets.links.emitter] == BASE
    for mine in (station, ~station):
        links = np.flatnonzero(mine)
        found.append(_sums(linear[:, links], budgets.links.receiver[links], len(budgets.receivers))[:, rows])
    return found[0], found[1]


def _owners(budgets: Budgets) -> tuple[str, ...]:
    return tuple(dict.fromkeys(budgets.emitters.owner))


def by_owner(budgets: Budgets, levels: Centi) -> Float:
    """Return the power (c, owners, r) of every network at every receiver [mW/MHz].

    A network's base stations and its terminals send at different times: the stronger phase counts.
    """
    emitters, size = budgets.emitters, len(budgets.receivers)
    starts = group_starts(emitters)
    place = group_of(emitters)[budgets.links.emitter] * size + budgets.links.receiver
    sums = _sums(power(levels), place, starts.size * size).reshape(len(levels), starts.size, size)
    if not starts.size:
        return sums
    owners = emitters.owner_index[starts]
    first = np.flatnonzero(np.r_[True, np.diff(owners) != 0])
    return np.asarray(np.maximum.reduceat(sums, first, axis=1))


def total(powers: Float) -> Float:
    """Return the sum over the first axis, one after the other in the order of the register."""
    return np.cumsum(powers, axis=0)[-1] if len(powers) else np.zeros(powers.shape[1])


def _sums(powers: Float, place: Int, size: int) -> Float:
    """Return sums (c, size) of powers (c, n) by place, added in the order of the links."""
    out = np.empty((len(powers), size))
    for row, weights in zip(out, powers, strict=True):
        row[:] = np.bincount(place, weights=weights, minlength=size)
    return out
