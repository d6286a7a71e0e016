"""Student-optimal stable matching beside the libraries `matching` and `algmatch`, in one run on one machine.

    python -m benchmarks.matching_stable [--full]

Lists of 10 choices, hosts of 10 seats, uniform. Ours is timed from raw arrays, checks included; the peers from their
own input (dictionaries), since that is what their users hold. ``--full`` adds the peers at 10 000 students (about
10 s each) and ours in plain Python at a million.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np

from comity.matching import Instance, student_optimal


def arrays(n_students: int, n_choices: int = 10, seed: int = 0) -> tuple[np.ndarray, ...]:
    """Return uniform lists; every host ranks, in random order, exactly those who list it."""
    rng = np.random.default_rng(seed)
    n_hosts = max(n_students // 10, n_choices)
    choices = rng.integers(0, n_hosts, (n_students, n_choices), dtype=np.int32)
    while True:
        ordered = np.sort(choices, axis=1)
        repeated = (ordered[:, 1:] == ordered[:, :-1]).any(axis=1)
        if not repeated.any():
            break
        choices[repeated] = rng.integers(0, n_hosts, (int(repeated.sum()), n_choices), dtype=np.int32)
    flat = choices.ravel()
    order = np.lexsort((rng.random(len(flat)), flat))
    ranked = np.repeat(np.arange(n_students, dtype=np.int32), n_choices)[order]
    host_offsets = np.concatenate(([0], np.cumsum(np.bincount(flat, minlength=n_hosts))))
    return np.arange(0, len(flat) + 1, n_choices), flat, host_offsets, ranked, np.full(n_hosts, 10)


def median_s(run: Callable[[], object], times: int) -> float:
    """Return the median duration [s]."""
    durations = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        durations.append(time.perf_counter() - start)
    return statistics.median(durations)


def peer(name: str, data: tuple[np.ndarray, ...]) -> Callable[[], object] | None:
    """Return a call of a peer library on the same lists, or ``None`` where it is not installed."""
    student_offsets, choices, host_offsets, ranked, seats = data
    students = {
        f"s{i}": [f"h{h}" for h in choices[student_offsets[i] : student_offsets[i + 1]]]
        for i in range(len(student_offsets) - 1)
    }
    hosts = {
        f"h{i}": [f"s{s}" for s in ranked[host_offsets[i] : host_offsets[i + 1]]]
        for i in range(len(host_offsets) - 1)
        if host_offsets[i + 1] > host_offsets[i]
    }
    capacities = {h: int(seats[0]) for h in hosts}
    try:
        if name == "matching":
            from matching.games import HospitalResident

            return lambda: HospitalResident.create_from_dictionaries(students, hosts, capacities).solve()
        from algmatch import HospitalResidentsProblem

        lists = {
            "residents": {int(s[1:]) + 1: [int(h[1:]) + 1 for h in v] for s, v in students.items()},
            "hospitals": {
                int(h[1:]) + 1: {"capacity": capacities[h], "preferences": [int(s[1:]) + 1 for s in v]}
                for h, v in hosts.items()
            },
        }
        return lambda: HospitalResidentsProblem(
            dictionary=lists, optimised_side="residents"
        ).get_stable_matching()
    except ImportError:
        return None


def main() -> None:
    """Print one line per size and program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    full = parser.parse_args().full
    sys.setrecursionlimit(10_000_000)  # `matching` copies its web of players recursively
    student_optimal(Instance(*arrays(100)))  # compile or load before the clock starts
    print(f"{'students':>9} {'program':<18} {'seconds':>9} {'times ours':>11}")
    for n in (1_000, 10_000, 100_000, 1_000_000):
        data = arrays(n)
        ours = median_s(lambda: student_optimal(Instance(*data)), 5)  # noqa: B023
        print(f"{n:>9} {'comity':<18} {ours:>9.4f} {'1':>11}")
        if n <= 10_000 or full:
            plain = median_s(lambda: student_optimal(Instance(*data), "python"), 1)  # noqa: B023
            print(f"{n:>9} {'comity, no numba':<18} {plain:>9.3f} {plain / ours:>11.0f}")
        if n == 1_000 or (full and n == 10_000):
            for name in ("matching", "algmatch"):
                call = peer(name, data)
                if call is None:
                    print(f"{n:>9} {name:<18} {'not here':>9}")
                    continue
                theirs = median_s(call, 3 if n == 1_000 else 1)
                print(f"{n:>9} {name:<18} {theirs:>9.3f} {theirs / ours:>11.0f}")


if __name__ == "__main__":
    main()
