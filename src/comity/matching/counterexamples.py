"""Two ways to match that look fair and are not: for teaching, tests and comparison, never for a decision."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from comity.matching.guarantees import MECHANISMS
from comity.matching.instance import Instance
from comity.matching.outcome import Matching
from comity.matching.validation import require_valid


def serial_dictatorship(instance: Instance, order: Sequence[int]) -> Matching:
    """Let students choose in ``order`` among the places left at hosts that rank them.

    Hosts' opinions beyond "acceptable" are ignored, so a host can lose a student whom it ranks first and who wants
    it to one whom it ranks last: strategy-proof, but not stable.
    """
    require_valid(instance)
    left = instance.seats.copy()
    acceptable = [set(instance.ranking_of(h)) for h in range(instance.n_hosts)]
    host_of = np.full(instance.n_students, -1, dtype=np.int32)
    for student in order:
        for host in instance.choices_of(student):
            if left[host] > 0 and student in acceptable[host]:
                host_of[student] = host
                left[host] -= 1
                break
    return Matching(instance, MECHANISMS["serial-dictatorship"], host_of)


def lowest_rank_sum(instance: Instance) -> Matching:
    """Give places to pairs in order of the sum of the two ranks, the lowest first (ties by student, then host).

    Some co-op offices do this in a spreadsheet. It leaves blocking pairs and rewards whoever lists a place higher
    than she likes it.
    """
    require_valid(instance)
    pairs: list[tuple[int, int, int]] = []
    places = [instance.places_of(h) for h in range(instance.n_hosts)]
    for student in range(instance.n_students):
        for k, host in enumerate(instance.choices_of(student), 1):
            if student in places[host]:
                pairs.append((k + places[host][student], student, host))
    left = instance.seats.copy()
    host_of = np.full(instance.n_students, -1, dtype=np.int32)
    for _, student, host in sorted(pairs):
        if host_of[student] < 0 and left[host] > 0:
            host_of[student] = host
            left[host] -= 1
    return Matching(instance, MECHANISMS["lowest-rank-sum"], host_of)
