"""Checks of an instance in time linear in its size; every error at once, with row and column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.errors import ComityError, Problem
from comity.matching import _kernels
from comity.matching._backend import Backend, run
from comity.matching.instance import Index, Instance, Offset


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """A valid instance with each student's rank at each host she lists.

    Parameters
    ----------
    instance : the lists
    entries : int64 (m,), ``host << 32 | rank``; -1 where the host does not rank the student
    """

    instance: Instance
    entries: NDArray[np.int64]


def join(instance: Instance, backend: Backend = "auto") -> Joined:
    """Check an instance and join its two sides in one linear pass.

    Raises
    ------
    ComityError
        with every problem found, if there is one.
    """
    problems = _shape_problems(instance)
    if problems:
        raise ComityError("the instance cannot be matched", problems)
    entries = np.empty(len(instance.student_choices), dtype=np.int64)
    arrays = [
        instance.student_offsets,
        instance.student_choices,
        instance.host_offsets,
        instance.host_choices,
        np.zeros(instance.n_students + 1, dtype=np.int64),
        np.empty(len(instance.host_choices), dtype=np.int64),
        np.full(instance.n_hosts, -1, dtype=np.int64),
        entries,
    ]
    if run(_kernels.join_lists, backend, arrays, results=(7,)) > 0 or bool((instance.seats < 0).any()):
        raise ComityError("the instance cannot be matched", validate(instance))
    return Joined(instance, entries)


def require_valid(instance: Instance) -> None:
    """Raise a :class:`ComityError` with every problem of the instance, if it has one."""
    problems = validate(instance)
    if problems:
        raise ComityError("the instance cannot be matched", problems)


def validate(instance: Instance) -> list[Problem]:
    """Return every problem of an instance, with row and column; an empty list for a valid one.

    This is the slow, speaking pass: :func:`join` runs it only after its fast pass has found something.
    """
    problems = _shape_problems(instance)
    if problems:
        return problems
    problems += _list_problems(
        "student", "choice", instance.student_offsets, instance.student_choices, instance.student_id,
        "host", instance.n_hosts, instance.host_id,
    )  # fmt: skip
    problems += _list_problems(
        "host", "rank", instance.host_offsets, instance.host_choices, instance.host_id,
        "student", instance.n_students, instance.student_id,
    )  # fmt: skip
    for host in np.flatnonzero(instance.seats < 0).tolist():
        problems.append(
            Problem(f"host {instance.host_id(host)}", f"{instance.seats[host]} seats", "0 or more seats")
        )
    if instance.host_ties is not None:
        first = instance.host_offsets[:-1][np.diff(instance.host_offsets) > 0]
        for i in first[instance.host_ties[first]].tolist():
            host = int(np.searchsorted(instance.host_offsets, i, side="right")) - 1
            problems.append(
                Problem(f"host {instance.host_id(host)}, rank 1", "the first entry is tied with nothing")
            )
    return problems


def _shape_problems(instance: Instance) -> list[Problem]:
    problems: list[Problem] = []
    for side, offsets, choices in (
        ("student", instance.student_offsets, instance.student_choices),
        ("host", instance.host_offsets, instance.host_choices),
    ):
        name = f"{side}_offsets"
        if len(offsets) == 0 or offsets[0] != 0 or offsets[-1] != len(choices):
            accepted = f"0 first, {len(choices)} (the number of {side}_choices) last"
            problems.append(Problem(name, "does not span the choices", accepted))
            continue
        for i in np.flatnonzero(np.diff(offsets) < 0).tolist():
            problems.append(
                Problem(f"{name}[{i + 1}]", f"{offsets[i + 1]} after {offsets[i]}", "never falling")
            )
    if len(instance.seats) != instance.n_hosts:
        problems.append(Problem("seats", f"{len(instance.seats)} numbers for {instance.n_hosts} hosts"))
    if instance.host_ties is not None and len(instance.host_ties) != len(instance.host_choices):
        problems.append(Problem("host_ties", "not as long as host_choices"))
    for name, ids, count in (
        ("student_ids", instance.student_ids, instance.n_students),
        ("host_ids", instance.host_ids, instance.n_hosts),
    ):
        if ids is not None and len(ids) != count:
            problems.append(Problem(name, f"{len(ids)} names for {count} lists"))
        elif ids is not None and len(set(ids)) != count:
            twice = sorted(x for x, times in Counter(ids).items() if times > 1)
            problems += [Problem(name, f"{x!r} names more than one list") for x in twice]
    return problems


def _list_problems(
    side: str,
    column: str,
    offsets: Offset,
    choices: Index,
    name_of_row: Callable[[int], str],
    other: str,
    n_other: int,
    name_of_entry: Callable[[int], str],
) -> list[Problem]:
    problems: list[Problem] = []
    rows = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    outside = (choices < 0) | (choices >= n_other)
    for i in np.flatnonzero(outside).tolist():
        row = int(rows[i])
        place = f"{side} {name_of_row(row)} (row {row + 1}), {column} {i - offsets[row] + 1}"
        problems.append(Problem(place, f"unknown {other} {choices[i]}", f"0 to {n_other - 1}"))
    key = rows * max(n_other, 1) + np.where(outside, -1, choices)
    kept = np.flatnonzero(~outside)
    order = kept[np.argsort(key[kept], kind="stable")]
    again = order[1:][key[order[1:]] == key[order[:-1]]] if len(order) else order
    for i in np.sort(again).tolist():
        row = int(rows[i])
        place = f"{side} {name_of_row(row)} (row {row + 1}), {column} {i - offsets[row] + 1}"
        problems.append(Problem(place, f"{other} {name_of_entry(int(choices[i]))} is listed a second time"))
    return problems
