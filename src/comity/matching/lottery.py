"""One public lottery that breaks every tie: committed before, revealed after, checked by anyone.

1. Before preferences close, the programme publishes ``commit(seed)``: it can no longer change the seed.
2. After they close, a value nobody controls (``beacon``: a public draw, a checkpoint of the register) is added:
   whoever knew the seed could not foresee the order.
3. Seed and beacon are published; everybody computes her own ticket, the SHA-256 of seed, beacon and her id.
   Tickets are read as numbers, the smallest comes first; one order serves all hosts.

One order for all hosts keeps deferred acceptance strategy-proof for students and, unlike one draw per host, loses
fewer good places (A. Abdulkadiroglu, P. Pathak, A. Roth, American Economic Review 99, 2009).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from comity.errors import ComityError, Problem
from comity.matching._backend import Backend
from comity.matching.guarantees import MECHANISMS
from comity.matching.instance import Instance
from comity.matching.outcome import Matching
from comity.matching.stable import host_optimal, student_optimal

_SHORTEST_SEED = 32


def new_seed() -> str:
    """Return a fresh secret seed of 256 bits as 64 hexadecimal digits."""
    return secrets.token_hex(32)


def commit(seed: str) -> str:
    """Return the commitment to a seed: publish it before preferences close."""
    if len(seed) < _SHORTEST_SEED or "\n" in seed:
        accepted = f"{_SHORTEST_SEED} characters or more on one line, best from new_seed()"
        raise ComityError("this seed can be guessed", [Problem("seed", f"{len(seed)} characters", accepted)])
    return hashlib.sha256(f"comity lottery commitment v1\n{seed}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Lottery:
    """A revealed lottery.

    Parameters
    ----------
    seed : the secret that was committed to
    commitment : what was published before; it must be ``commit(seed)``
    beacon : a public value that nobody knew when the commitment was published; ``""`` for none
    """

    seed: str
    commitment: str
    beacon: str = ""

    def __post_init__(self) -> None:
        """Refuse a seed that is not the one committed to."""
        if commit(self.seed) != self.commitment:
            problem = Problem("seed", "does not hash to the published commitment", self.commitment)
            raise ComityError("this is not the lottery that was announced", [problem])
        if "\n" in self.beacon:
            raise ComityError("the beacon is not one line", [Problem("beacon", "holds a line break")])

    def ticket(self, student_id: str) -> str:
        """Return a student's ticket as hexadecimal number: the smaller, the earlier."""
        text = f"comity lottery ticket v1\n{self.seed}\n{self.beacon}\n{student_id}"
        return hashlib.sha256(text.encode()).hexdigest()

    def positions(self, instance: Instance) -> NDArray[np.int64]:
        """Return int64 (n,): each student's place in the lottery, 0 first."""
        tickets = [self.ticket(instance.student_id(s)) for s in range(instance.n_students)]
        order = sorted(range(len(tickets)), key=tickets.__getitem__)
        positions = np.empty(len(tickets), dtype=np.int64)
        positions[order] = np.arange(len(tickets))
        return positions


def break_ties(instance: Instance, lottery: Lottery) -> Instance:
    """Return the instance with every tie of every host put into the order of one lottery."""
    if instance.host_ties is None:
        return instance
    position = lottery.positions(instance)
    group = np.cumsum(~instance.host_ties)
    order = np.lexsort((position[instance.host_choices], group))
    return replace(instance, host_choices=instance.host_choices[order], host_ties=None)


def student_optimal_by_lottery(instance: Instance, lottery: Lottery, backend: Backend = "auto") -> Matching:
    """Break ties by one lottery, then match student-optimally.

    The result is weakly stable for the hosts' own rankings. It is student-optimal among the matchings stable after
    the draw, not among all weakly stable ones, and need not place as many students as possible.
    """
    from comity.matching.validation import require_valid

    require_valid(instance)
    matching = student_optimal(break_ties(instance, lottery), backend)
    return replace(matching, mechanism=MECHANISMS["student-optimal-lottery"])


def host_optimal_by_lottery(instance: Instance, lottery: Lottery, backend: Backend = "auto") -> Matching:
    """Break ties by one lottery, then match host-optimally; weakly stable for the hosts' own rankings."""
    from comity.matching.validation import require_valid

    require_valid(instance)
    matching = host_optimal(break_ties(instance, lottery), backend)
    return replace(matching, mechanism=MECHANISMS["host-optimal-lottery"])
