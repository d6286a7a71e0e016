"""The optimal set of pairs: the highest total score under every constraint, proved, and the same on every machine.

Without side constraints it is an assignment problem. With quotas, fixed pairs or limits above one it is a mixed-integer
program, solved by HiGHS on the pairs that can matter: the others are priced out by the dual values of the relaxation,
so the optimum is that over all pairs. Among sets of equal total the one with the higher sum of lots is taken
(:func:`~comity.matching.cities.problem.tickets`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.errors import ComityError, MissingError, Problem
from comity.matching._milp import Program, Solution
from comity.matching.cities.problem import Constraint, Pair, PairingProblem, tickets
from comity.matching.cities.relaxation import Relaxation, relax
from comity.matching.outcome import Proof

#: Up to this many pairs the whole program is given to the solver at once.
SMALL = 4_000
_TIME_LIMIT_S = 120.0
Columns = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PairSet:
    """A set of pairs, in the order of the left side, and how far its total is proved.

    ``total`` is the sum of whole scores.
    """

    pairs: tuple[Pair, ...]
    total: int
    proof: Proof


class NoSuchSet(ComityError):
    """No set of pairs keeps every constraint; ``conflict`` are constraints that cannot hold together.

    None of them can be left out of the explanation: without any one of them the rest can be kept.
    """

    exit_code = 1

    def __init__(self, conflict: Sequence[Constraint]) -> None:
        self.conflict = tuple(conflict)
        problems = [Problem(c.id, c.title.en, "drop or loosen one of these") for c in conflict]
        super().__init__("no set of pairs keeps all of these constraints together", problems)


def optimal_pairs(problem: PairingProblem) -> PairSet:
    """Return the set of pairs of highest total score.

    Raises
    ------
    NoSuchSet
        naming constraints that contradict each other
    """
    lots = tickets(problem.left, problem.right)
    if _is_assignment(problem):
        chosen = _assigned(problem, lots)
    else:
        chosen = _programmed(problem, lots)
    total = sum(int(problem.scores[i, j]) for i, j in chosen)
    pairs = tuple((problem.left[i], problem.right[j]) for i, j in sorted(chosen))
    return PairSet(pairs, total, Proof(total, total, complete=True))


def feasible(problem: PairingProblem, constraints: Sequence[Constraint]) -> bool:
    """Whether some set of pairs keeps these constraints of a problem."""
    shape = problem.scores.shape
    if shape[0] * shape[1] <= SMALL:
        columns = _all_columns(problem)
    else:
        relaxed = relax(problem, constraints, np.zeros(shape, dtype=np.int64), problem.allowed())
        if relaxed.short:
            return False
        columns = relaxed.columns
    if _solve(problem, constraints, columns, np.zeros(len(columns))).values is not None:
        return True
    if len(columns) == int(problem.allowed().sum()):
        return False
    columns = _all_columns(problem)
    return _solve(problem, constraints, columns, np.zeros(len(columns))).values is not None


def _is_assignment(problem: PairingProblem) -> bool:
    """Whether every place has one pair at most and nothing else is asked."""
    side = (problem.quotas, problem.fixed, problem.forbidden, problem.least_pairs)
    ones = all(limit == 1 for limit in problem.limits.values())
    return ones and not any(side) and problem.most_pairs is None


def _assigned(problem: PairingProblem, lots: NDArray[np.int64]) -> list[tuple[int, int]]:
    from_scipy = _linear_sum_assignment()
    # One lot is worth less than one whole score, whatever the number of pairs; a barred pair is worth no pair.
    scale = int(lots.max(initial=1)) * min(problem.scores.shape) + 1
    allowed = problem.allowed()
    value = np.where(allowed, problem.scores * scale + lots, 0)
    rows, columns = from_scipy(value, maximize=True)
    return [(i, j) for i, j in zip(rows.tolist(), columns.tolist(), strict=True) if allowed[i, j]]


def _programmed(problem: PairingProblem, lots: NDArray[np.int64]) -> list[tuple[int, int]]:
    constraints = problem.constraints()
    allowed = problem.allowed()
    columns = _all_columns(problem)
    relaxed = None
    if len(columns) > SMALL:
        relaxed = relax(problem, constraints, problem.scores, allowed)
        columns = relaxed.columns
    best = _best(problem, constraints, columns)
    if relaxed is not None:
        columns = _that_matter(problem, relaxed, None if best is None else best[0], allowed)
        best = _best(problem, constraints, columns)
    if best is None:
        from comity.matching.cities.conflict import conflict

        raise NoSuchSet(conflict(problem))
    return _by_lot(problem, constraints, columns, best[0], lots)


def _that_matter(
    problem: PairingProblem, relaxed: Relaxation, reached: int | None, allowed: NDArray[np.bool_]
) -> Columns:
    """Return every pair that a set at least as good as ``reached`` can hold: the rest is priced out."""
    if reached is None:
        return _all_columns(problem)
    gap = max(relaxed.bound - reached, 0.0)
    worth = relaxed.reduced(problem.scores) >= -(gap + 1e-6)
    return np.argwhere(worth & allowed)


def _best(
    problem: PairingProblem, constraints: Sequence[Constraint], columns: Columns
) -> tuple[int, list[int]] | None:
    worth = problem.scores[columns[:, 0], columns[:, 1]]
    solution = _solve(problem, constraints, columns, -worth)
    if solution.values is None:
        return None
    chosen = np.flatnonzero(solution.values > 0.5).tolist()
    return int(worth[chosen].sum()), chosen


def _by_lot(
    problem: PairingProblem,
    constraints: Sequence[Constraint],
    columns: Columns,
    total: int,
    lots: NDArray[np.int64],
) -> list[tuple[int, int]]:
    """Return, among the sets of the highest total, the one with the highest sum of lots."""
    lot = lots[columns[:, 0], columns[:, 1]]
    worth = problem.scores[columns[:, 0], columns[:, 1]]
    solution = _solve(problem, constraints, columns, -lot, at_least=(worth, total))
    if solution.values is None:
        raise ComityError("the solver lost the optimum that it had found", exit_code=70)
    chosen = np.flatnonzero(solution.values > 0.5).tolist()
    if int(worth[chosen].sum()) != total:
        raise ComityError("the solver's answer misses the optimum", exit_code=70)
    return [(int(columns[k, 0]), int(columns[k, 1])) for k in chosen]


def _solve(
    problem: PairingProblem,
    constraints: Sequence[Constraint],
    columns: Columns,
    cost: NDArray[np.generic],
    at_least: tuple[NDArray[np.int64], int] | None = None,
) -> Solution:
    program = Program()
    for c in cost.tolist():
        program.variable(float(c))
    for constraint in constraints:
        for held, low, high in counted(constraint, columns):
            if held.size == 0 and low > 0:
                return Solution(None, 0, True)
            if held.size:
                program.require(((int(k), 1.0) for k in held), low, high)
    if at_least is not None:
        worth, total = at_least
        program.require(((k, float(w)) for k, w in enumerate(worth.tolist()) if w), total)
    solution = program.solve(_TIME_LIMIT_S)
    if solution.values is None and not solution.complete and not np.any(cost):
        return solution
    if solution.values is not None and not solution.complete:
        raise ComityError(
            "the optimal set was not proved in time",
            [Problem("pairs", f"over {_TIME_LIMIT_S:.0f} s", "fewer places or quotas")],
            exit_code=70,
        )
    return solution


def counted(constraint: Constraint, columns: Columns) -> list[tuple[NDArray[np.int64], float, float]]:
    """Return which columns each row of a constraint counts, with the row's ends."""
    high = float("inf") if constraint.high is None else float(constraint.high)
    if constraint.limits is not None:
        rows = []
        for side, limits in enumerate(constraint.limits):
            order = np.argsort(columns[:, side], kind="stable")
            starts = np.searchsorted(columns[order, side], np.arange(len(limits) + 1))
            rows += [
                (order[starts[k] : starts[k + 1]], 0.0, float(limit))
                for k, limit in enumerate(limits.tolist())
            ]
        return rows
    if constraint.pair is not None:
        mask = (columns[:, 0] == constraint.pair[0]) & (columns[:, 1] == constraint.pair[1])
    elif constraint.left is not None:
        mask = constraint.left[columns[:, 0]]
    elif constraint.right is not None:
        mask = constraint.right[columns[:, 1]]
    else:
        mask = np.ones(len(columns), dtype=np.bool_)
    return [(np.flatnonzero(mask), float(constraint.low), high)]


def _all_columns(problem: PairingProblem) -> Columns:
    return np.argwhere(problem.allowed())


def _linear_sum_assignment() -> Any:
    try:
        from scipy.optimize import linear_sum_assignment
    except ImportError:
        problem = Problem("scipy", "is not installed", "pip install 'comity[matching]'")
        raise MissingError("pairing needs the extra 'matching'", [problem]) from None
    return linear_sum_assignment
