"""The result of a mechanism: who goes where, and what may be claimed of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.matching.guarantees import Mechanism
from comity.matching.instance import Instance


@dataclass(frozen=True, slots=True)
class Proof:
    """How far a search for the best has come.

    Parameters
    ----------
    value : what was reached (students placed, or blocking choices)
    bound : no result can be better than this
    complete : ``True`` when ``value`` is proved to be the best
    """

    value: int
    bound: int
    complete: bool


@dataclass(frozen=True, slots=True, eq=False)
class Matching:
    """Who goes where.

    Parameters
    ----------
    instance : the lists that were matched, as they were matched (after a lottery, if there was one)
    mechanism : how, with what it guarantees
    host_of : int32 (n,), host number of each student, -1 for none
    proof : for mechanisms that search for a best, how far the proof goes
    """

    instance: Instance
    mechanism: Mechanism
    host_of: NDArray[np.int32]
    proof: Proof | None = None

    @property
    def n_placed(self) -> int:
        """Number of students with a place."""
        return int(np.count_nonzero(self.host_of >= 0))

    def host(self, student: int) -> int | None:
        """Return the host of a student, ``None`` for none."""
        host = int(self.host_of[student])
        return None if host < 0 else host

    def students(self) -> list[list[int]]:
        """Return the students of every host, in the order in which the host ranks them."""
        placed: list[list[int]] = [[] for _ in range(self.instance.n_hosts)]
        for host in range(self.instance.n_hosts):
            placed[host] = [s for s in self.instance.ranking_of(host) if self.host_of[s] == host]
        return placed

    def filled(self) -> NDArray[np.int64]:
        """Return int64 (h,): the number of students at every host."""
        taken = self.host_of[self.host_of >= 0]
        return np.bincount(taken, minlength=self.instance.n_hosts).astype(np.int64)

    def as_names(self) -> dict[str, str | None]:
        """Return ``{student: host or None}`` by name."""
        return {
            self.instance.student_id(s): (self.instance.host_id(int(h)) if h >= 0 else None)
            for s, h in enumerate(self.host_of)
        }
