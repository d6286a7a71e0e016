"""Threads of a block, one after another, each until it waits; a group goes on when all whom its mask names wait."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic
from ptx_translate import ENDED, Slot, Sync

ASCENDING, DESCENDING, SHUFFLED = 0, 1, 2
_READY, _WAITING, _DONE = 0, 1, 2
_MASK, _VALUE, _LANE, _CLAMP, _RESULT, _TRUTH = range(6)
_BLOCK, _WARP, _ANY, _ALL, _UNI, _BALLOT, _BFLY, _UP, _DOWN, _IDX = range(10)
assert list(Sync) == list(range(10)) and [Slot.MASK, Slot.TRUTH] == [_MASK, _TRUTH]


class Stop(IntEnum):
    """Why a block stopped before its end."""

    THREAD = 1
    GONE = 2
    ELSEWHERE = 3
    OUTSIDE_MASK = 4
    DEADLOCK = 5
    BYSTANDER = 6


_THREAD, _GONE, _ELSEWHERE, _OUTSIDE_MASK, _DEADLOCK, _BYSTANDER = (int(stop) for stop in Stop)


@intrinsic
def _resume(typing: Any, function: Any, record: Any, at: Any) -> Any:
    """Call the function at an address."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        word = ir.IntType(64)
        kind = ir.FunctionType(word, [word.as_pointer(), word])
        target = builder.inttoptr(args[0], kind.as_pointer())
        return builder.call(target, [builder.inttoptr(args[1], word.as_pointer()), args[2]])

    return types.int64(types.int64, types.int64, types.int64), emit


@njit
def _members(records: Any, thread: int, kind: int, members: Any) -> int:
    """List the threads that ``thread`` waits for; a negative number if its mask does not name itself, or a stranger."""
    threads, first, count = records.shape[0], thread // 32 * 32, 0
    if kind == _BLOCK:
        for other in range(threads):
            members[other] = other
        return threads
    mask = records[thread, _MASK]
    if not mask >> (thread - first) & 1:
        return -_OUTSIDE_MASK
    for lane in range(32):
        if mask >> lane & 1:
            if first + lane >= threads:
                return -_GONE
            members[count] = first + lane
            count += 1
    return count


@njit
def _state(records: Any, at: Any, status: Any, kinds: Any, thread: int, members: Any) -> int:
    """Return 1 if all wait here with one mask, 0 if some may still come, a negative number if some never will."""
    kind = kinds[at[thread]]
    for other in members:
        if status[other] == _DONE:
            if kind == _BLOCK:
                continue
            return -_GONE
        if status[other] != _WAITING:
            return 0
        if at[other] != at[thread] or (kind != _BLOCK and records[other, _MASK] != records[thread, _MASK]):
            names_me = kinds[at[other]] == _BLOCK or records[other, _MASK] >> (thread % 32) & 1
            return -_ELSEWHERE if names_me else 0
    return 1


@njit
def _source(record: Any, kind: int, lane: int) -> tuple[int, bool]:
    """Return the lane that a shuffle reads from, and whether it lies in range (PTX ISA, shfl.sync)."""
    distance, clamp, segment = record[_LANE] & 31, record[_CLAMP] & 31, record[_CLAMP] >> 8 & 31
    least = lane & segment
    most = least | (clamp & ~segment & 31)
    if kind == _UP:
        source = lane - distance
        return source, source >= most
    if kind == _DOWN:
        source = lane + distance
    elif kind == _BFLY:
        source = lane ^ distance
    else:
        source = least | (distance & ~segment & 31)
    return source, source <= most


@njit
def _exchange(records: Any, kind: int, members: Any) -> int:
    """Give every member what the others brought; return nonzero when one reads from a thread that is not among them."""
    mask = records[members[0], _MASK]
    ballot = 0
    for thread in members:
        ballot |= (records[thread, _VALUE] & 1) << (thread % 32)
    for thread in members:
        record = records[thread]
        if kind >= _BFLY:
            source, inside = _source(record, kind, thread % 32)
            source = source if inside else thread % 32
            if not mask >> source & 1:
                return _BYSTANDER
            record[_RESULT], record[_TRUTH] = records[thread // 32 * 32 + source, _VALUE], inside
        elif kind == _BALLOT:
            record[_RESULT] = ballot
        else:
            every, some = ballot == mask, ballot != 0
            record[_TRUTH] = some if kind == _ANY else every if kind == _ALL else every or not some
    return 0


@njit
def _order_memory(known: Any, members: Any) -> None:
    """After a barrier each member knows all that any of them knew, and all that each has done."""
    if known.shape[0] == 0:
        return
    for other in range(known.shape[0]):
        joint = known[members[0], other]
        for thread in members:
            joint = max(joint, known[thread, other])
        for thread in members:
            known[thread, other] = joint + (thread == other)


@njit
def _release(records: Any, at: Any, status: Any, kinds: Any, known: Any, room: Any, thread: int) -> int:
    """Let the group of ``thread`` go on if it is complete: 1, not yet: 0, never: the negative reason."""
    kind = kinds[at[thread]]
    count = _members(records, thread, kind, room)
    if count < 0:
        return count
    members = room[:count]
    state = _state(records, at, status, kinds, thread, members)
    if state != 1:
        return state
    if kind > _WARP:
        bad = _exchange(records, kind, members)
        if bad:
            return -bad
    else:
        _order_memory(known, members)
    for member in members:
        if status[member] == _WAITING:
            status[member] = _READY
    return 1


@njit
def run_block(function: int, records: Any, kinds: Any, known: Any, order: int, place: Any) -> int:
    """Run all threads of a block to their end; return 0, or why it stopped and in ``place`` thread and number."""
    threads, first, stride = records.shape[0], records.ctypes.data, 8 * records.shape[1]
    at, status = np.zeros(threads, dtype=np.int64), np.zeros(threads, dtype=np.int64)
    room, turn = np.empty(threads, dtype=np.int64), np.arange(threads)
    if order == DESCENDING:
        turn = turn[::-1].copy()
    left = threads
    while left:
        moved = False
        if order >= SHUFFLED:
            np.random.shuffle(turn)
        for thread in turn:
            if status[thread] == _READY:
                moved = True
                at[thread] = _resume(function, first + thread * stride, at[thread])
                status[thread] = _DONE if at[thread] == ENDED else _WAITING
                left -= at[thread] == ENDED
                if at[thread] < ENDED:
                    place[0], place[1] = thread, at[thread]
                    return _THREAD
        for thread in turn:
            if status[thread] == _WAITING:
                place[0], place[1] = thread, at[thread]
                state = _release(records, at, status, kinds, known, room, thread)
                moved |= state > 0
                if state < 0:
                    return -state
        if not moved:
            return _DEADLOCK
    return 0


@njit
def seed(value: int) -> None:
    """Set the sequence of shuffled orders."""
    np.random.seed(value)
