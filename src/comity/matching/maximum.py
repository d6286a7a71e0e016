"""The largest weakly stable matching where hosts rank with ties: exact, with its proof or its gap.

Deciding the size is NP-hard (D. Manlove et al., "Hard variants of stable marriage", Theoretical Computer Science
276, 2002), yet a mixed-integer program proves it in about a second at the size of a real programme. Not
strategy-proof. Several matchings may have the largest size: the record keeps the one found, and a replay
verifies it instead of searching again.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comity.matching._milp import Program, Solution, Term
from comity.matching.guarantees import MECHANISMS
from comity.matching.instance import Instance
from comity.matching.outcome import Matching, Proof
from comity.matching.validation import require_valid


def maximum_size(instance: Instance, time_limit_s: float = 60.0) -> Matching:
    """Return a weakly stable matching that places as many students as any weakly stable matching can.

    Parameters
    ----------
    instance : lists in which hosts may rank with ties
    time_limit_s : when it is reached, the best found is returned with ``proof.complete`` False and a bound [s]
    """
    require_valid(instance)
    places = [instance.places_of(h) for h in range(instance.n_hosts)]
    program, edges = _program(instance, places)
    solution = program.solve(time_limit_s)
    host_of = _read(instance, edges, solution)
    value = int(np.count_nonzero(host_of >= 0))
    bound = max(-solution.bound, value)
    return Matching(
        instance,
        MECHANISMS["maximum-size"],
        host_of,
        Proof(value, bound, solution.complete or bound == value),
    )


def _program(instance: Instance, places: list[dict[int, int]]) -> tuple[Program, dict[tuple[int, int], int]]:
    program = Program()
    edges = {
        (s, h): program.variable(cost=-1.0)
        for s in range(instance.n_students)
        for h in instance.choices_of(s)
        if s in places[h] and instance.seats[h] > 0
    }
    upto = _cumulative(instance, program, edges, places)
    for s in range(instance.n_students):
        mine: list[Term] = []
        for h in instance.choices_of(s):
            if (s, h) not in edges:
                continue
            mine.append((edges[s, h], 1.0))
            seats = float(instance.seats[h])
            # s has h or better, or h is full of students it ranks at least as high as s
            wanted = [(x, seats) for x, _ in mine]
            program.require([*wanted, (upto[h, places[h][s]], 1.0)], low=seats)
        program.require(mine, high=1.0)
    return program, edges


def _cumulative(
    instance: Instance, program: Program, edges: dict[tuple[int, int], int], places: list[dict[int, int]]
) -> dict[tuple[int, int], int]:
    """Add, per host and place, the number of students held at that place or better; bounded by the seats."""
    upto: dict[tuple[int, int], int] = {}
    for h in range(instance.n_hosts):
        by_place: dict[int, list[int]] = {}
        for s in instance.ranking_of(h):
            if (s, h) in edges:
                by_place.setdefault(places[h][s], []).append(edges[s, h])
        previous: list[Term] = []
        for place, held in by_place.items():
            total = program.variable(upper=float(instance.seats[h]), whole=False)
            program.require([(total, -1.0), *previous, *((x, 1.0) for x in held)], low=0.0, high=0.0)
            upto[h, place] = total
            previous = [(total, 1.0)]
    return upto


def _read(instance: Instance, edges: dict[tuple[int, int], int], solution: Solution) -> NDArray[np.int32]:
    if solution.values is None:
        from dataclasses import replace

        from comity.matching.stable import student_optimal

        return student_optimal(replace(instance, host_ties=None)).host_of
    host_of = np.full(instance.n_students, -1, dtype=np.int32)
    for (s, h), x in edges.items():
        if solution.values[x] > 0.5:
            host_of[s] = h
    return host_of
