"""The linear relaxation of a pairing problem, by column generation: which pairs can matter, and a proved bound.

Only pairs whose price is right enter the program. The dual values at the end price every pair at once: one that costs
more than the gap between bound and best set can be in no optimal set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.matching.cities.problem import Constraint, PairingProblem
from comity.matching.cities.scores import Whole

_START = 8
_MOST_AT_ONCE = 40
_TOLERANCE = 1e-7
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Relaxation:
    """Dual values of the relaxation.

    Parameters
    ----------
    columns : (k, 2), the pairs in the program
    bound : no set of pairs can have a higher total
    price : (n, m), what forming a pair takes from the rest
    short : whether no fractional set keeps the constraints either
    """

    columns: NDArray[np.int64]
    bound: float
    price: Floats
    short: bool

    def reduced(self, scores: Whole) -> Floats:
        """Return what each pair would add to the bound."""
        return scores - self.price


@dataclass(slots=True, eq=False)
class _Row:
    """One row: the pairs it counts, and its right side; ``sign`` is -1 for "at least"."""

    sign: int
    limit: float
    left: NDArray[np.bool_] | None
    right: NDArray[np.bool_] | None
    pair: tuple[int, int] | None

    def counts(self, columns: NDArray[np.int64]) -> NDArray[np.bool_]:
        if self.pair is not None:
            here: NDArray[np.bool_] = (columns == np.array(self.pair)).all(axis=1)
            return here
        if self.left is not None:
            return self.left[columns[:, 0]]
        if self.right is not None:
            return self.right[columns[:, 1]]
        return np.ones(len(columns), dtype=np.bool_)


def relax(
    problem: PairingProblem, constraints: Sequence[Constraint], scores: Whole, allowed: NDArray[np.bool_]
) -> Relaxation:
    """Solve the relaxation of a problem under some of its constraints, over all allowed pairs."""
    limits = next((c.limits for c in constraints if c.limits is not None), None)
    most = [np.full(k, k2) for k, k2 in zip(scores.shape, scores.shape[::-1], strict=True)]
    caps = most if limits is None else [np.asarray(x) for x in limits]
    rows = [row for c in constraints for row in _rows(c)]
    if not allowed.any():
        short = any(row.sign < 0 for row in rows)
        return Relaxation(np.zeros((0, 2), dtype=np.int64), 0.0, np.zeros(scores.shape), short)
    taken = _first_columns(scores, allowed, rows)
    penalty = float(scores.max(initial=0) + 1) * (min(scores.shape) + 1)
    while True:
        columns = np.argwhere(taken)
        value, slack, duals = _master(scores, columns, caps, rows, penalty)
        price = _price(duals, rows, scores.shape)
        gain = np.where(allowed & ~taken, scores - price, -np.inf)
        if gain.max(initial=-np.inf) <= _TOLERANCE:
            return Relaxation(columns, value, price, slack > 1e-6)
        for axis in (0, 1):
            count = min(_MOST_AT_ONCE, gain.shape[axis])
            best = np.argpartition(-gain, count - 1, axis=axis)
            at = np.take(best, range(count), axis=axis)
            better = np.zeros_like(taken)
            np.put_along_axis(better, at, True, axis=axis)
            taken |= better & (gain > _TOLERANCE)


def _rows(constraint: Constraint) -> list[_Row]:
    if constraint.limits is not None:
        return []
    rows = []
    if constraint.high is not None:
        rows.append(_Row(1, float(constraint.high), constraint.left, constraint.right, constraint.pair))
    if constraint.low > 0:
        rows.append(_Row(-1, float(constraint.low), constraint.left, constraint.right, constraint.pair))
    return rows


def _first_columns(scores: Whole, allowed: NDArray[np.bool_], rows: Sequence[_Row]) -> NDArray[np.bool_]:
    taken = np.zeros(scores.shape, dtype=np.bool_)
    ranked = np.where(allowed, scores, -1)
    for axis in (0, 1):
        count = min(_START, scores.shape[axis])
        best = np.take(np.argpartition(-ranked, count - 1, axis=axis), range(count), axis=axis)
        np.put_along_axis(taken, best, True, axis=axis)
    for row in rows:
        if row.pair is not None:
            taken[row.pair] = True
    return taken & allowed


def _master(
    scores: Whole,
    columns: NDArray[np.int64],
    caps: Sequence[NDArray[np.int64]],
    rows: Sequence[_Row],
    penalty: float,
) -> tuple[float, float, Floats]:
    """Solve the program on some columns; return its value, how much of the constraints is missed, and its duals."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, hstack, vstack

    n, m = scores.shape
    k = len(columns)
    ones = np.ones(k)
    blocks = [
        csr_array((ones, (columns[:, 0], np.arange(k))), shape=(n, k)),
        csr_array((ones, (columns[:, 1], np.arange(k))), shape=(m, k)),
    ]
    if rows:
        counted = np.vstack([row.sign * row.counts(columns).astype(float) for row in rows])
        blocks.append(csr_array(counted))
    slacks = csr_array(
        (-np.ones(len(rows)), (np.arange(n + m, n + m + len(rows)), np.arange(len(rows)))),
        shape=(n + m + len(rows), len(rows)),
    )
    limit = np.concatenate([*caps, [row.sign * row.limit for row in rows]]).astype(float)
    cost = np.concatenate([-scores[columns[:, 0], columns[:, 1]].astype(float), np.full(len(rows), penalty)])
    bounds = [(0.0, 1.0)] * k + [(0.0, None)] * len(rows)
    answer = linprog(cost, A_ub=hstack([vstack(blocks), slacks]), b_ub=limit, bounds=bounds, method="highs")
    return -float(answer.fun), float(answer.x[k:].sum()), -answer.ineqlin.marginals


def _price(duals: Floats, rows: Sequence[_Row], shape: tuple[int, ...]) -> Floats:
    n, m = shape
    price = np.add.outer(duals[:n], duals[n : n + m])
    for row, dual in zip(rows, duals[n + m :].tolist(), strict=True):
        if dual:
            if row.pair is not None:
                price[row.pair] += row.sign * dual
            elif row.left is not None:
                price[row.left, :] += row.sign * dual
            elif row.right is not None:
                price[:, row.right] += row.sign * dual
            else:
                price += row.sign * dual
    return price
