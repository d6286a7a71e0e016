"""One matching problem: lists of students and hosts, and seats, on flat arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from comity.errors import ComityError, Problem

Index = NDArray[np.int32]
Offset = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """Preference lists in compressed rows: list ``i`` is ``choices[offsets[i]:offsets[i + 1]]``, best first.

    A pair is acceptable when each lists the other; an entry that is not answered is kept and never matched.

    Parameters
    ----------
    student_offsets : int64 (n + 1,)
    student_choices : int32 (m,), host numbers
    host_offsets : int64 (h + 1,)
    host_choices : int32 (k,), student numbers
    seats : int64 (h,), posts of each host, zero or more
    host_ties : bool (k,) or None; ``True`` where the host ranks the entry equal to the one before it
    student_ids, host_ids : names; numbers stand in for them where absent
    """

    student_offsets: Offset
    student_choices: Index
    host_offsets: Offset
    host_choices: Index
    seats: NDArray[np.int64]
    host_ties: NDArray[np.bool_] | None = None
    student_ids: tuple[str, ...] | None = None
    host_ids: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        """Bring the arrays into their storage types, without a copy where they have them already."""
        for name in ("student_offsets", "host_offsets", "seats"):
            object.__setattr__(self, name, _integers(name, getattr(self, name), np.int64))
        for name in ("student_choices", "host_choices"):
            object.__setattr__(self, name, _integers(name, getattr(self, name), np.int32))
        if self.host_ties is not None:
            object.__setattr__(self, "host_ties", np.ascontiguousarray(self.host_ties, dtype=np.bool_))

    @property
    def n_students(self) -> int:
        """Number of students."""
        return len(self.student_offsets) - 1

    @property
    def n_hosts(self) -> int:
        """Number of hosts."""
        return len(self.host_offsets) - 1

    @property
    def strict(self) -> bool:
        """Whether no host ranks two students equal."""
        return self.host_ties is None or not bool(self.host_ties.any())

    def student_id(self, student: int) -> str:
        """Return the name of a student."""
        return self.student_ids[student] if self.student_ids else str(student)

    def host_id(self, host: int) -> str:
        """Return the name of a host."""
        return self.host_ids[host] if self.host_ids else str(host)

    def choices_of(self, student: int) -> list[int]:
        """Return the hosts a student lists, best first."""
        first, end = self.student_offsets[student], self.student_offsets[student + 1]
        listed: list[int] = self.student_choices[first:end].tolist()
        return listed

    def ranking_of(self, host: int) -> list[int]:
        """Return the students a host ranks, best first (ties in their written order)."""
        first, end = self.host_offsets[host], self.host_offsets[host + 1]
        ranked: list[int] = self.host_choices[first:end].tolist()
        return ranked

    def places_of(self, host: int) -> dict[int, int]:
        """Return each ranked student's place at a host, 1 best; tied students share a place ("1, 2, 2, 4")."""
        start = int(self.host_offsets[host])
        places: dict[int, int] = {}
        place = 0
        for k, student in enumerate(self.ranking_of(host)):
            if self.host_ties is None or not self.host_ties[start + k]:
                place = k + 1
            places[student] = place
        return places

    def with_student_list(self, student: int, hosts: Sequence[int]) -> Instance:
        """Return the same instance in which ``student`` lists ``hosts``: the "what if" of an explanation."""
        a, b = int(self.student_offsets[student]), int(self.student_offsets[student + 1])
        new = np.asarray(hosts, dtype=np.int32)
        offsets = self.student_offsets.copy()
        offsets[student + 1 :] += len(new) - (b - a)
        choices = np.concatenate((self.student_choices[:a], new, self.student_choices[b:]))
        return replace(self, student_offsets=offsets, student_choices=choices)

    @classmethod
    def from_lists(
        cls,
        students: Mapping[str, Sequence[str]],
        hosts: Mapping[str, Sequence[str | Sequence[str]]],
        seats: Mapping[str, int],
    ) -> Instance:
        """Build an instance from names; every unknown name and missing seat number is reported at once.

        Parameters
        ----------
        students : each student's hosts, best first
        hosts : each host's students, best first; a nested sequence is a tie (``["A", ["B", "C"], "D"]``)
        seats : each host's number of posts
        """
        student_number = {name: i for i, name in enumerate(students)}
        host_number = {name: i for i, name in enumerate(hosts)}
        problems = [
            Problem(f"student {s}, choice {k}", f"unknown host {h!r}", "an id from the list of hosts")
            for s, listed in students.items()
            for k, h in enumerate(listed, 1)
            if h not in host_number
        ]
        flat: dict[str, list[tuple[str, bool]]] = {h: list(_flatten(ranked)) for h, ranked in hosts.items()}
        for h, entries in flat.items():
            problems += [
                Problem(f"host {h}, rank {k}", f"unknown student {s!r}", "an id from the list of students")
                for k, (s, _) in enumerate(entries, 1)
                if s not in student_number
            ]
        problems += [Problem(f"host {h}", "no number of seats", "0 or more") for h in hosts if h not in seats]
        problems += [Problem(f"seats of {h}", "unknown host") for h in seats if h not in host_number]
        if problems:
            raise ComityError("the lists cannot be matched", problems)
        entries = list(chain.from_iterable(flat.values()))
        instance = cls(
            _offsets([len(v) for v in students.values()]),
            np.array([host_number[h] for v in students.values() for h in v], dtype=np.int32),
            _offsets([len(v) for v in flat.values()]),
            np.array([student_number[s] for s, _ in entries], dtype=np.int32),
            np.array([seats[h] for h in hosts], dtype=np.int64),
            np.array([tied for _, tied in entries], dtype=np.bool_) if any(t for _, t in entries) else None,
            tuple(students),
            tuple(hosts),
        )
        from comity.matching.validation import require_valid

        require_valid(instance)
        return instance


def _integers(name: str, values: object, dtype: type[np.signedinteger]) -> NDArray[np.signedinteger]:
    array = np.asarray(values)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        problem = Problem(name, f"{array.ndim} dimensions of {array.dtype}", "one dimension of whole numbers")
        raise ComityError("the arrays cannot be matched", [problem])
    limits = np.iinfo(dtype)
    if array.dtype != dtype and array.size and (array.min() < limits.min or array.max() > limits.max):
        raise ComityError(
            "the arrays cannot be matched", [Problem(name, f"a value outside {dtype.__name__}")]
        )
    return np.ascontiguousarray(array, dtype=dtype)


def _flatten(ranked: Sequence[str | Sequence[str]]) -> list[tuple[str, bool]]:
    flat: list[tuple[str, bool]] = []
    for entry in ranked:
        group = (entry,) if isinstance(entry, str) else entry
        flat += [(name, k > 0) for k, name in enumerate(group)]
    return flat


def _offsets(lengths: Sequence[int]) -> Offset:
    offsets = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(np.asarray(lengths, dtype=np.int64), out=offsets[1:])
    return offsets
