"""One-for-one exchange between countries by two-sided top trading cycles.

Each country sends as many people as it receives. A student points to the best host of her list that is still open to
her; a host stands for its country; a country points to its own student of the highest internal priority. A
closed circle trades at once. See U. Dur, M. U. Unver, "Two-Sided Matching via Balanced Exchange", Journal of
Political Economy 127 (2019); here a country may hold several hosts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from comity.errors import ComityError, Problem
from comity.matching.guarantees import MECHANISMS
from comity.matching.instance import Instance
from comity.matching.outcome import Matching
from comity.matching.validation import require_valid


def balanced_exchange(
    instance: Instance,
    country_of_student: Mapping[str, str],
    country_of_host: Mapping[str, str],
    priority: Mapping[str, Sequence[str]],
) -> Matching:
    """Match so that every country receives exactly as many students as it sends.

    Parameters
    ----------
    instance : lists; a host's ranking says only whom it accepts, its order is not used
    country_of_student, country_of_host : every student's sending and every host's receiving country
    priority : each country's own students, the first to be sent first; it must name all of them once
    """
    require_valid(instance)
    problems = _problems(instance, country_of_student, country_of_host, priority)
    if problems:
        raise ComityError("the exchange cannot be run", problems)
    number = {instance.student_id(s): s for s in range(instance.n_students)}
    home = [country_of_host[instance.host_id(h)] for h in range(instance.n_hosts)]
    countries = sorted({*home, *country_of_student.values()})
    queue = {c: [number[s] for s in priority.get(c, ())] for c in countries}
    acceptable = [set(instance.ranking_of(h)) for h in range(instance.n_hosts)]
    wishes = [[h for h in instance.choices_of(s) if s in acceptable[h]] for s in range(instance.n_students)]
    left = instance.seats.tolist()
    host_of = np.full(instance.n_students, -1, dtype=np.int32)
    while True:
        pointing = _point(queue, wishes, left, home)
        if not pointing:
            return Matching(instance, MECHANISMS["balanced-exchange"], host_of)
        for country in _circle(pointing, home):
            student, host = pointing[country]
            host_of[student] = host
            left[host] -= 1
            queue[country].pop(0)


def _point(
    queue: dict[str, list[int]], wishes: list[list[int]], left: list[int], home: list[str]
) -> dict[str, tuple[int, int]]:
    """Return what each country's first student points to; those with nothing left stay where they are."""
    while True:
        pointing: dict[str, tuple[int, int]] = {}
        for country, students in queue.items():
            while students and country not in pointing:
                open_hosts = (h for h in wishes[students[0]] if left[h] > 0 and queue[home[h]])
                host = next(open_hosts, None)
                if host is None:
                    students.pop(0)
                else:
                    pointing[country] = (students[0], host)
        # a country that has just run out closes its hosts: whoever points to one must point anew
        if all(queue[home[h]] for _, h in pointing.values()):
            return pointing


def _circle(pointing: dict[str, tuple[int, int]], home: list[str]) -> list[str]:
    """Follow the pointers from the first country in name order until one comes back."""
    trail: list[str] = []
    country = min(pointing)
    while country not in trail:
        trail.append(country)
        country = home[pointing[country][1]]
    return trail[trail.index(country) :]


def balance(
    matching: Matching, country_of_student: Mapping[str, str], country_of_host: Mapping[str, str]
) -> dict[str, tuple[int, int]]:
    """Return the ledger ``{country: (sent, received)}`` of any matching; home placements count on both sides."""
    ledger = {c: [0, 0] for c in (*country_of_student.values(), *country_of_host.values())}
    for student, host in matching.as_names().items():
        if host is not None:
            ledger[country_of_student[student]][0] += 1
            ledger[country_of_host[host]][1] += 1
    return {c: (sent, received) for c, (sent, received) in sorted(ledger.items())}


def _problems(
    instance: Instance,
    country_of_student: Mapping[str, str],
    country_of_host: Mapping[str, str],
    priority: Mapping[str, Sequence[str]],
) -> list[Problem]:
    problems: list[Problem] = []
    students = [instance.student_id(s) for s in range(instance.n_students)]
    hosts = [instance.host_id(h) for h in range(instance.n_hosts)]
    problems += [Problem(f"student {s}", "has no country") for s in students if s not in country_of_student]
    problems += [Problem(f"host {h}", "has no country") for h in hosts if h not in country_of_host]
    own: dict[str, list[str]] = {}
    for s in students:
        own.setdefault(country_of_student.get(s, ""), []).append(s)
    for country, mine in own.items():
        if country and sorted(priority.get(country, ())) != sorted(mine):
            problems.append(Problem(f"priority of {country}", "does not name each of its students once"))
    strangers = {s for named in priority.values() for s in named} - set(students)
    problems += [Problem("priority", f"unknown student {s!r}") for s in sorted(strangers)]
    return problems
