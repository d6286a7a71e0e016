"""What a GPU forbids a memory access: to leave its array, to be misaligned, and to race with another thread's.

Races are found by happens-before, whatever the order in which threads happened to run: only a barrier orders what two
threads do to memory, a shuffle or a vote does not. Threads may write the same value to the same place without order,
and each may then read it; this is how a group of threads computes one number together.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
from llvmlite import ir
from numba import carray, cfunc, njit, types
from numba.extending import intrinsic
from ptx_translate import SPACES, Slot

_CONST, _LOCAL, _SHARED, _GLOBAL = (SPACES[name] for name in ("const", "local", "shared", "global"))
_TID, _CTAID, _OWN = int(Slot.TID), int(Slot.CTAID), int(Slot.LOCAL)


class Flaw(IntEnum):
    """What is wrong with an access."""

    OUTSIDE = 1
    MISALIGNED = 2
    CONSTANT = 3
    READ_UNORDERED = 4
    WRITE_UNORDERED = 5


class Word(IntEnum):
    """What the context of all accesses holds."""

    RANGES = 0
    RANGES_AT = 1
    THREADS = 2
    KNOWN_AT = 3
    WRITTEN_AT = 4
    READ_AT = 5
    BLOCKS_AT = 6
    CELLS = 7
    LOCAL_SIZE = 8


_WORDS = {word.name: int(word) for word in Word}
_RANGES, _RANGES_AT, _THREADS, _KNOWN_AT, _WRITTEN_AT, _READ_AT, _BLOCKS_AT, _CELLS, _LOCAL_SIZE = (
    _WORDS.values()
)
_OUTSIDE, _MISALIGNED, _CONSTANT, _READ, _WRITE = (int(flaw) for flaw in Flaw)


@intrinsic
def _pointer(typing: Any, address: Any) -> Any:
    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.inttoptr(args[0], ir.IntType(8).as_pointer())

    return types.voidptr(types.int64), emit


@njit
def _is_written_unordered(written: Any, known: Any, me: int) -> bool:
    """Whether some other thread's write of the present value is not ordered before what ``me`` does now."""
    for u in range(written.size):  # noqa: SIM110
        if u != me and written[u] > known[me, u]:
            return True
    return False


@njit
def _sees(written: Any, known: Any, me: int) -> bool:
    """Whether ``me`` wrote the present value, or is ordered behind one that did."""
    for u in range(written.size):  # noqa: SIM110
        if written[u] > 0 and (u == me or written[u] <= known[me, u]):
            return True
    return False


@njit
def _read_cell(written: Any, read: Any, blocks: Any, known: Any, me: int, block: int) -> int:
    if blocks[0] != 0 and (blocks[0] != block or not _sees(written, known, me)):
        return _READ
    if blocks[1] == 0:
        read[:] = 0
        blocks[1] = block
    elif blocks[1] != block:
        blocks[1] = -1
    read[me] = known[me, me]
    return 0


@njit
def _write_cell(written: Any, read: Any, blocks: Any, known: Any, me: int, block: int, same: bool) -> int:
    if same and blocks[0] == block:
        written[me] = known[me, me]
        return 0
    if not same and blocks[0] not in (0, block):
        return _WRITE
    if not same and blocks[0] == block and _is_written_unordered(written, known, me):
        return _WRITE
    if not same and blocks[1] not in (0, block):
        return _WRITE
    if not same and blocks[1] == block and _is_written_unordered(read, known, me):
        return _WRITE
    written[:] = 0
    written[me] = known[me, me]
    blocks[0] = block
    if not same:
        blocks[1] = 0
    return 0


@njit
def _holds(address: int, size: int, value: int) -> bool:
    now = carray(_pointer(address), size, np.uint8)
    for i in range(size):  # noqa: SIM110
        if now[i] != (value >> (8 * i)) & 255:
            return False
    return True


@njit
def _find(ranges: Any, address: int, size: int, space: int) -> int:
    for i in range(ranges.shape[0]):
        if ranges[i, 0] <= address and address + size <= ranges[i, 1] and space in (0, ranges[i, 2]):
            return i
    return -1


@cfunc("int64(voidptr, int64, int64, int64, int64, int64)")
def check(record_at, context_at, address, shape, how, value):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Return 0, or the flaw of an access; ``shape``: size + 256 alignment, ``how``: space + 256 if it writes."""
    record = carray(record_at, 16, np.int64)
    context = carray(_pointer(context_at), 9, np.int64)
    size, align, space, writes = shape & 255, shape >> 8, how & 255, how >> 8 != 0
    local = record[_OWN]
    if space in (0, _LOCAL) and local <= address and address + size <= local + context[_LOCAL_SIZE]:
        return _MISALIGNED if (address - local) % align else 0
    ranges = carray(_pointer(context[_RANGES_AT]), (context[_RANGES], 5), np.int64)
    found = _find(ranges, address, size, space)
    if found < 0:
        return _OUTSIDE
    if (address - ranges[found, 0]) % align:
        return _MISALIGNED
    if ranges[found, 2] == _CONST:
        return _CONSTANT if writes else 0
    if ranges[found, 4] < 0:
        return 0
    me, block, threads, cells = record[_TID], record[_CTAID] + 1, context[_THREADS], context[_CELLS]
    known = carray(_pointer(context[_KNOWN_AT]), (threads, threads), np.int32)
    written = carray(_pointer(context[_WRITTEN_AT]), (cells, threads), np.int32)
    read = carray(_pointer(context[_READ_AT]), (cells, threads), np.int32)
    blocks = carray(_pointer(context[_BLOCKS_AT]), (cells, 2), np.int32)
    first = ranges[found, 4] + (address - ranges[found, 0]) // ranges[found, 3]
    last = ranges[found, 4] + (address + size - 1 - ranges[found, 0]) // ranges[found, 3]
    same = writes and _holds(address, size, value)
    for cell in range(first, last + 1):
        if writes:
            flaw = _write_cell(written[cell], read[cell], blocks[cell], known, me, block, same)
        else:
            flaw = _read_cell(written[cell], read[cell], blocks[cell], known, me, block)
        if flaw:
            return flaw
    return 0
