"""Why no set of pairs exists: constraints that contradict each other, none of which can be left out."""

from __future__ import annotations

from comity.matching.cities.pairing import feasible
from comity.matching.cities.problem import Constraint, PairingProblem


def conflict(problem: PairingProblem) -> tuple[Constraint, ...]:
    """Return an irreducible set of constraints that cannot be kept together; empty where all can.

    Deletion filter (J. Chinneck, Feasibility and Infeasibility in Optimization, 2008, section 6.2.1): each
    constraint in turn is left out for good where the rest still contradict each other.
    """
    kept = list(problem.constraints())
    if feasible(problem, kept):
        return ()
    for constraint in tuple(kept):
        rest = [c for c in kept if c is not constraint]
        if not feasible(problem, rest):
            kept = rest
    return tuple(kept)
