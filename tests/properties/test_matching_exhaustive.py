"""Every small instance there is, against enumeration of all matchings."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from comity.matching import Instance, host_optimal, student_optimal

Lists = tuple[tuple[int, ...], ...]


def orders(n: int, *, partial: bool) -> list[tuple[int, ...]]:
    """All ordered lists of ``n`` things, whole or also partial."""
    lengths = range(n + 1) if partial else [n]
    return [p for k in lengths for p in itertools.permutations(range(n), k)]


def build(students: Lists, hosts: Lists, seats: tuple[int, ...]) -> Instance:
    def rows(lists: Lists) -> tuple[np.ndarray, np.ndarray]:
        return np.cumsum([0, *map(len, lists)]), np.array([x for v in lists for x in v], dtype=np.int32)

    return Instance(*rows(students), *rows(hosts), np.array(seats))


def stable_matchings(students: Lists, hosts: Lists, seats: tuple[int, ...]) -> list[tuple[int, ...]]:
    """All stable matchings by trying everything, straight from the definition."""
    options = [(-1, *(h for h in v if s in hosts[h])) for s, v in enumerate(students)]
    found = []
    for pick in itertools.product(*options):
        held = [[s for s in ranked if pick[s] == h] for h, ranked in enumerate(hosts)]
        if any(len(x) > q for x, q in zip(held, seats)):
            continue
        if not any(True for _ in blocking(students, hosts, seats, pick, held)):
            found.append(pick)
    return found


def blocking(
    students: Lists, hosts: Lists, seats: tuple[int, ...], pick: tuple[int, ...], held: list[list[int]]
) -> Iterator[tuple[int, int]]:
    for s, listed in enumerate(students):
        for h in listed[: listed.index(pick[s]) if pick[s] >= 0 else None]:
            if s not in hosts[h] or seats[h] == 0:
                continue
            if len(held[h]) < seats[h] or hosts[h].index(s) < hosts[h].index(held[h][-1]):
                yield s, h


def choice(students: Lists, s: int, h: int) -> int:
    return students[s].index(h) if h >= 0 else len(students[s])


def check(students: Lists, hosts: Lists, seats: tuple[int, ...]) -> None:
    instance = build(students, hosts, seats)
    best = tuple(student_optimal(instance).host_of.tolist())
    other = tuple(host_optimal(instance).host_of.tolist())
    stable = stable_matchings(students, hosts, seats)
    assert best in stable
    assert other in stable
    for found in stable:
        for s in range(len(students)):
            assert (
                choice(students, s, best[s]) <= choice(students, s, found[s]) <= choice(students, s, other[s])
            )
            # rural hospitals: who is placed, and how many a host gets, never changes
            assert (best[s] < 0) == (found[s] < 0)
        assert sorted(best) == sorted(found)
        for h, q in enumerate(seats):
            if best.count(h) < q:
                assert [s for s in range(len(students)) if best[s] == h] == [
                    s for s in range(len(students)) if found[s] == h
                ]


def test_all_instances_of_two_students_and_two_hosts() -> None:
    lists = list(itertools.product(orders(2, partial=True), repeat=2))
    for students, hosts, seats in itertools.product(lists, lists, itertools.product(range(3), repeat=2)):
        check(students, hosts, seats)


def test_all_instances_of_three_students_and_two_hosts_that_rank_all() -> None:
    students = itertools.product(orders(2, partial=False), repeat=3)
    hosts = list(itertools.product(orders(3, partial=False), repeat=2))
    for s, h, q in itertools.product(students, hosts, itertools.product((1, 2), repeat=2)):
        check(s, h, q)


def test_all_instances_of_three_students_and_three_hosts_with_one_master_list() -> None:
    rows = orders(3, partial=False)
    for students, first, second in itertools.product(itertools.product(rows, repeat=3), rows, rows):
        check(students, (first, second, (0, 1, 2)), (1, 1, 1))
