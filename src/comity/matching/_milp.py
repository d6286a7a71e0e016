"""A small sparse builder for mixed-integer programs solved by HiGHS (through SciPy)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from comity.errors import MissingError, Problem

Term = tuple[int, float]


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """What HiGHS found: values (``None`` if it ran out of time first) and a proved bound on the cost."""

    values: NDArray[np.float64] | None
    bound: int
    complete: bool


@dataclass(slots=True)
class Program:
    """Minimise an integer cost under sparse linear constraints; every variable lies in ``[0, upper]``."""

    cost: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    row: list[int] = field(default_factory=list)
    column: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def variable(self, cost: float = 0.0, upper: float = 1.0, *, whole: bool = True) -> int:
        """Add a variable and return its number."""
        self.cost.append(cost)
        self.upper.append(upper)
        self.whole.append(int(whole))
        return len(self.cost) - 1

    def require(self, terms: Iterable[Term], low: float = -math.inf, high: float = math.inf) -> None:
        """Add ``low <= sum of value * variable <= high``."""
        for column, value in terms:
            self.row.append(len(self.low))
            self.column.append(column)
            self.value.append(value)
        self.low.append(low)
        self.high.append(high)

    def solve(self, time_limit_s: float) -> Solution:
        """Solve to proved optimality, or until the time limit.

        The cost must be a whole number at every solution, so that a bound can be rounded up.
        """
        try:
            from scipy.optimize import Bounds, LinearConstraint, milp
            from scipy.sparse import csr_array
        except ImportError:
            problem = Problem("scipy", "is not installed", "pip install 'comity[matching]'")
            raise MissingError("this mechanism needs the extra 'matching'", [problem]) from None
        if not self.cost:
            return Solution(np.zeros(0), 0, True)
        matrix = csr_array((self.value, (self.row, self.column)), shape=(len(self.low), len(self.cost)))
        answer = milp(
            np.array(self.cost),
            integrality=np.array(self.whole),
            bounds=Bounds(np.zeros(len(self.cost)), np.array(self.upper)),
            constraints=LinearConstraint(matrix, np.array(self.low), np.array(self.high)),
            options={"time_limit": time_limit_s, "mip_rel_gap": 0.0},
        )
        dual = answer.get("mip_dual_bound")
        floor = sum(c * u for c, u in zip(self.cost, self.upper, strict=True) if c < 0)
        bound = math.ceil((floor if dual is None or not math.isfinite(dual) else dual) - 1e-6)
        if answer.x is None:
            return Solution(None, bound, False)
        reached = round(float(answer.fun))
        return Solution(np.asarray(answer.x), min(bound, reached), bound >= reached)
