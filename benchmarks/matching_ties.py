"""Hosts that rank with ties: one lottery beside the exact largest matching, and couples.

    python -m benchmarks.matching_ties [--large]

Sizes of real programmes: lists of six, skewed popularity, hosts that grade in thirty steps. ``--large`` adds 2 000
students. Ratios within one run; the proof says whether the search was complete.
"""

from __future__ import annotations

import argparse
import dataclasses
import time

import numpy as np

from comity.matching import Instance, student_optimal
from comity.matching.couples import Couple, CouplesMarket, match_couples
from comity.matching.lottery import Lottery, commit, student_optimal_by_lottery
from comity.matching.maximum import maximum_size


def graded(n_students: int, n_hosts: int, seed: int) -> Instance:
    """Return an instance with ties."""
    rng = np.random.default_rng(seed)
    weight = 1 / np.sqrt(np.arange(1, n_hosts + 1))
    hosts = [f"h{i}" for i in range(n_hosts)]
    wishes = {
        f"s{i}": [hosts[j] for j in rng.choice(n_hosts, 6, replace=False, p=weight / weight.sum())]
        for i in range(n_students)
    }
    ranked: dict[str, list[list[str]]] = {}
    for host in hosts:
        grades: dict[int, list[str]] = {}
        for student in (s for s, v in wishes.items() if host in v):
            grades.setdefault(int(rng.integers(30)), []).append(student)
        ranked[host] = [grades[g] for g in sorted(grades)]
    seats = dict.fromkeys(hosts, -(-n_students // n_hosts))
    return Instance.from_lists(wishes, ranked, seats)


def with_couples(n_singles: int, n_couples: int, n_hosts: int, seed: int) -> CouplesMarket:
    """Return a market in which some people list pairs of places."""
    rng = np.random.default_rng(seed)
    hosts = [f"h{i}" for i in range(n_hosts)]
    singles = {f"s{i}": [hosts[j] for j in rng.choice(n_hosts, 6, replace=False)] for i in range(n_singles)}
    couples = tuple(
        Couple(
            f"a{i}",
            f"b{i}",
            tuple(dict.fromkeys((hosts[int(x)], hosts[int(y)]) for x, y in rng.integers(0, n_hosts, (8, 2)))),
        )
        for i in range(n_couples)
    )
    people = [*singles, *(p for c in couples for p in (c.first, c.second))]
    ranked = {h: [people[j] for j in rng.permutation(len(people))] for h in hosts}
    return CouplesMarket(singles, couples, ranked, {h: -(-len(people) // n_hosts) for h in hosts})


def main() -> None:
    """Print one line per case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true")
    sizes = [(100, 15), (750, 53), *([(2000, 150)] if parser.parse_args().large else [])]
    student_optimal(dataclasses.replace(graded(20, 6, 0), host_ties=None))
    seed = "benchmark-seed-0123456789abcdefghij"
    print(f"{'case':<24} {'lottery':>9} {'largest':>9} {'bound':>7} {'seconds':>9}")
    for students, hosts in sizes:
        for k in (1, 2):
            instance = graded(students, hosts, k)
            drawn = student_optimal_by_lottery(instance, Lottery(seed, commit(seed), str(k)))
            start = time.perf_counter()
            found = maximum_size(instance, 300)
            seconds = time.perf_counter() - start
            assert found.proof is not None
            name = f"ties {students} x {hosts}, {k}"
            print(
                f"{name:<24} {drawn.n_placed:>9} {found.n_placed:>9} {found.proof.bound:>7} {seconds:>9.2f}"
            )
    for singles, couples, hosts in ((80, 4, 12), (700, 20, 53), (80, 10, 12)):
        start = time.perf_counter()
        outcome = match_couples(with_couples(singles, couples, hosts, 1), 60)
        seconds = time.perf_counter() - start
        placed = sum(h is not None for h in outcome.placed.values())
        name = f"couples {singles} + 2 x {couples}"
        print(f"{name:<24} {len(outcome.blocking):>9} {placed:>9} {outcome.proof.bound:>7} {seconds:>9.2f}")
    print("couples: blocking choices, people placed, least blocking choices possible")


if __name__ == "__main__":
    main()
