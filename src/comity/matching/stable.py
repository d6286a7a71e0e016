"""Student-optimal and host-optimal stable matching by deferred acceptance.

References
----------
D. Gale, L. Shapley (1962); D. Gusfield, R. Irving (1989), section 1.6 (hospitals and residents).
"""

from __future__ import annotations

import numpy as np

from comity.errors import ComityError, Problem
from comity.matching import _kernels
from comity.matching._backend import Backend, run
from comity.matching.guarantees import MECHANISMS
from comity.matching.instance import Instance
from comity.matching.outcome import Matching
from comity.matching.validation import Joined, join

_BLOCK = 512


def student_optimal(problem: Instance | Joined, backend: Backend = "auto") -> Matching:
    """Return the stable matching that every student likes at least as much as any other stable matching.

    Linear in the input, checks included. The result is unique: any correct program finds the same.

    Parameters
    ----------
    problem : an instance with strict rankings (break ties by :func:`comity.matching.break_ties` first), or
        the same already checked by :func:`comity.matching.validation.join`
    backend : ``"numba"``, ``"python"``, or ``"auto"`` for numba where it is installed

    Raises
    ------
    ComityError
        with all problems of the input at once.

    Examples
    --------
    >>> from comity.matching import Instance, student_optimal
    >>> students = {"Ann": ["X", "Y"], "Bo": ["X"]}
    >>> hosts = {"X": ["Bo", "Ann"], "Y": ["Ann"]}
    >>> student_optimal(Instance.from_lists(students, hosts, {"X": 1, "Y": 1})).as_names()
    {'Ann': 'Y', 'Bo': 'X'}
    """
    joined = _strict(problem, backend)
    instance = joined.instance
    cursor = np.column_stack((instance.student_offsets[:-1], instance.student_offsets[1:])).ravel()
    last = np.where(instance.seats > 0, instance.host_offsets[1:], -1)
    state = np.column_stack((instance.host_offsets[:-1], instance.seats, last)).ravel()
    held = np.zeros(len(instance.host_choices), dtype=np.uint8)
    queue = np.arange(instance.n_students, dtype=np.int32)
    block = np.empty(_BLOCK, dtype=np.int64)
    proposing = [instance.host_choices, joined.entries, cursor, held, state, queue, block]
    run(_kernels.students_propose, backend, proposing, results=(3, 4))
    host_of = np.full(instance.n_students, -1, dtype=np.int32)
    reading = [instance.host_offsets, instance.host_choices, held, state, host_of]
    run(_kernels.read_held, backend, reading, results=(4,))
    return Matching(instance, MECHANISMS["student-optimal"], host_of)


def host_optimal(problem: Instance | Joined, backend: Backend = "auto") -> Matching:
    """Return the stable matching that every host likes at least as much as any other stable matching.

    Same parameters and errors as :func:`student_optimal`. Students can gain by untrue lists here.
    """
    joined = _strict(problem, backend)
    instance = joined.instance
    host_of = np.full(instance.n_students, -1, dtype=np.int32)
    arrays = [
        instance.student_choices,
        instance.host_offsets,
        instance.host_choices,
        instance.seats,
        joined.entries,
        np.full(len(instance.host_choices), -1, dtype=np.int64),
        np.empty(instance.n_hosts, dtype=np.int64),
        np.empty(instance.n_hosts, dtype=np.int64),
        np.empty(instance.n_hosts, dtype=np.int64),
        np.full(instance.n_students, -1, dtype=np.int64),
        host_of,
    ]
    run(_kernels.hosts_propose, backend, arrays, results=(10,))
    return Matching(instance, MECHANISMS["host-optimal"], host_of)


def _strict(problem: Instance | Joined, backend: Backend) -> Joined:
    joined = problem if isinstance(problem, Joined) else join(problem, backend)
    if not joined.instance.strict:
        hint = "break_ties(instance, lottery), or maximum_size(instance)"
        raise ComityError(
            "hosts rank with ties", [Problem("host_ties", "this mechanism needs strict rankings", hint)]
        )
    return joined
