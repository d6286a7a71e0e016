"""The loops of deferred acceptance: plain Python that numba compiles and that also runs without it.

Only integers, one thread, a fixed order: the same bytes everywhere. Entries of the two sides are joined once
(:func:`join_lists`) in time linear in the input. A joined entry is one integer ``host << 32 | rank``, -1 where
the other side did not list it.
"""

from __future__ import annotations

from typing import Any

Array = Any  # an int array under numba, a list without it

_MASK = 0xFFFFFFFF


def join_lists(
    student_offsets: Array,
    student_choices: Array,
    host_offsets: Array,
    host_choices: Array,
    start: Array,
    bucket: Array,
    place: Array,
    entries: Array,
) -> int:
    """Find every student's rank at every host she lists; return the number of bad entries.

    Bad is a number out of range or a second mention in one list. Scratch: ``start`` zeros (n + 1,), ``bucket``
    (k,), ``place`` -1 (h,). Result: ``entries`` (m,).
    """
    n, h, bad = len(student_offsets) - 1, len(host_offsets) - 1, 0
    for i in range(len(host_choices)):
        student = host_choices[i]
        if student < 0 or student >= n:
            bad += 1
        else:
            start[student + 1] += 1
    if bad > 0:
        return bad
    for student in range(n):
        start[student + 1] += start[student]
    # scatter the hosts' rankings to the students; start[s] ends as the end of s's bucket
    for host in range(h):
        for i in range(host_offsets[host], host_offsets[host + 1]):
            student = host_choices[i]
            slot = start[student]
            bucket[slot] = (host << 32) | (i - host_offsets[host])
            start[student] = slot + 1
    i = 0
    for student in range(n):
        first = student_offsets[student]
        for j in range(first, student_offsets[student + 1]):
            host = student_choices[j]
            entries[j] = -1
            if host < 0 or host >= h or place[host] >= first:
                bad += 1
            else:
                place[host] = j
        previous = -1
        while i < start[student]:
            entry = bucket[i]
            host = entry >> 32
            if host == previous:
                bad += 1
            previous = host
            if place[host] >= first:
                entries[place[host]] = entry
            i += 1
    return bad


def students_propose(
    host_choices: Array, entries: Array, cursor: Array, held: Array, state: Array, queue: Array, block: Array
) -> None:
    """Student-proposing deferred acceptance in waves.

    Given: ``cursor`` (2n,), first and end of each student's list; ``state`` (3h,), each host's first entry, free seats,
    and the worst entry held once no seat is free (before: the end of its list; -1 without seats); ``queue`` (n,),
    0 to n - 1. Scratch: ``block``. Result: ``held`` (k,), given as zeros, and ``state``. Entries beyond the worst may
    stay marked in ``held``: they are never looked at again.
    """
    waiting = len(queue)
    while waiting > 0:
        rejected = 0
        for low in range(0, waiting, len(block)):
            high = min(low + len(block), waiting)
            # read a block of next choices first: reads that wait on nothing overlap in memory
            for i in range(low, high):
                student = queue[i]
                j = cursor[2 * student]
                cursor[2 * student] = j + 1
                block[i - low] = entries[j] if j < cursor[2 * student + 1] else -2
            for i in range(low, high):
                entry = block[i - low]
                if entry == -2:
                    continue
                loser = queue[i]
                if entry >= 0:
                    base = 3 * (entry >> 32)
                    mine = state[base] + (entry & _MASK)
                    worst = state[base + 2]
                    if state[base + 1] > 0:
                        held[mine] = 1
                        state[base + 1] -= 1
                        if state[base + 1] == 0:
                            worst -= 1
                            while held[worst] == 0:
                                worst -= 1
                            state[base + 2] = worst
                        continue
                    if mine < worst:
                        loser = host_choices[worst]
                        held[mine] = 1
                        worst -= 1
                        while held[worst] == 0:
                            worst -= 1
                        state[base + 2] = worst
                queue[rejected] = loser
                rejected += 1
        waiting = rejected


def read_held(host_offsets: Array, host_choices: Array, held: Array, state: Array, host_of: Array) -> None:
    """Write the host of every student whom a host holds into ``host_of`` (n,)."""
    for host in range(len(host_offsets) - 1):
        for i in range(host_offsets[host], host_offsets[host + 1]):
            if held[i] != 0 and i <= state[3 * host + 2]:
                host_of[host_choices[i]] = host


def hosts_propose(
    student_choices: Array,
    host_offsets: Array,
    host_choices: Array,
    seats: Array,
    entries: Array,
    answer: Array,
    cursor: Array,
    free: Array,
    stack: Array,
    best: Array,
    host_of: Array,
) -> None:
    """Host-proposing deferred acceptance.

    Scratch: ``answer`` -1 (k,), ``cursor``, ``free``, ``stack`` (h,), ``best`` -1 (n,). Result: ``host_of`` (n,),
    given as -1. ``best[s]`` is the position in ``student_choices`` of the offer that student s holds.
    """
    for j in range(len(entries)):
        if entries[j] >= 0:
            answer[host_offsets[entries[j] >> 32] + (entries[j] & _MASK)] = j
    top = 0
    for host in range(len(host_offsets) - 1):
        cursor[host] = host_offsets[host]
        free[host] = seats[host]
        if seats[host] > 0:
            stack[top] = host
            top += 1
    while top > 0:
        top -= 1
        host = stack[top]
        while free[host] > 0 and cursor[host] < host_offsets[host + 1]:
            i = cursor[host]
            cursor[host] = i + 1
            j = answer[i]
            if j < 0:
                continue
            student = host_choices[i]
            other = best[student]
            if other >= 0 and other < j:
                continue
            best[student] = j
            free[host] -= 1
            if other >= 0:
                left = student_choices[other]
                free[left] += 1
                # a host is on the stack at most once: it is pushed only when its first seat falls free
                if free[left] == 1:
                    stack[top] = left
                    top += 1
    for student in range(len(best)):
        if best[student] >= 0:
            host_of[student] = student_choices[best[student]]
