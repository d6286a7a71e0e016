"""One file of kept values: written once, never changed, every row with a checksum.

A file holds rows of one width under one label, sorted by key, in words of 64 bits with the lowest byte first::

    header   mark (2 words), label (3), rows, width, checksum of these
    heads    first word of every key, rising
    rows     second word of the key, values, checksum of header, key and values

A checksum tells damage by accident: what changes within one word is always found, more with all but certainty.
It is no seal; who may write here is settled by :mod:`comity.coordination.cache_folder`.
"""

from __future__ import annotations

import os
import tempfile
import weakref
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from comity.coordination.cache_folder import PART, is_own

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Words = NDArray[np.uint64]

_MARK = b"comity values 1\n"
_HEADER = 8
#: Bytes of rows read at a time.
_CHUNK = 1 << 18
_ODD_1, _ODD_2, _STEP = (np.uint64(n) for n in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53, 0x9E3779B97F4A7C15))
_SHIFT = np.uint64(33)


class DamagedError(Exception):
    """A file is not what was written."""


class Segment:
    """An open file of kept values.

    Parameters
    ----------
    path : the file
    label : what its rows must belong to (24 bytes)

    Raises
    ------
    DamagedError
        If it is no such file, or not whole.
    OSError
        If it cannot be read, or is not the user's own.
    """

    def __init__(self, path: Path, label: bytes) -> None:
        self._file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        #: Lets go of the file, now or when nobody holds the segment any more.
        self.close = weakref.finalize(self, os.close, self._file)
        status = os.fstat(self._file)
        allowed, reason = is_own(status)
        if not allowed:
            raise PermissionError(0, f"{path} {reason}")
        header = self._read(0, _HEADER)
        self.count, self.width = int(header[5]), int(header[6])
        whole = bytes_of(self.count, self.width) == status.st_size
        if not whole or (header != _header(label, self.count, self.width)).any():
            raise DamagedError
        self._seed = header[-1]
        self._heads = self._read(_HEADER, self.count)

    def find(self, keys: Words) -> tuple[Int, Float]:
        """Return which of the keys (n, 2) are here (m,), and their values (m, width)."""
        if not self.count:
            return np.empty(0, dtype=np.int64), np.empty((0, self.width))
        place = np.empty(len(keys), dtype=np.int64)
        order = np.argsort(keys[:, 0])  # a search in order reads memory in order
        place[order] = np.searchsorted(self._heads, keys[order, 0])
        place[place == self.count] = 0
        likely = np.flatnonzero(self._heads[place] == keys[:, 0])
        likely = likely[np.argsort(place[likely], kind="stable")]
        found, values = [np.empty(0, dtype=np.int64)], [np.empty((0, self.width))]
        chunk = place[likely] // max(1, _CHUNK // (8 * (2 + self.width)))
        for part in np.split(likely, np.flatnonzero(np.diff(chunk)) + 1) if likely.size else ():
            first, last = int(place[part[0]]), int(place[part[-1]]) + 1
            rows = self._rows(first, last)[place[part] - first]
            mine = rows[:, 0] == keys[part, 1]
            found.append(part[mine])
            values.append(self._checked(keys[part[mine]], rows[mine]))
        return np.concatenate(found), np.concatenate(values)

    def content(self) -> tuple[Words, Float]:
        """Return all keys (n, 2) and values (n, width)."""
        rows = self._rows(0, self.count)
        keys = np.column_stack([self._heads, rows[:, 0]])
        return keys, self._checked(keys, rows)

    def _checked(self, keys: Words, rows: Words) -> Float:
        values = np.ascontiguousarray(rows[:, 1:-1])
        if (_checks(self._seed, keys, values) != rows[:, -1]).any():
            raise DamagedError
        return values.view(np.float64)

    def _rows(self, first: int, last: int) -> Words:
        words = 2 + self.width
        return self._read(_HEADER + self.count + first * words, (last - first) * words).reshape(-1, words)

    def _read(self, first: int, count: int) -> Words:
        # Not mapped: where a file shrinks or a disk fails, a map kills the process.
        raw = os.pread(self._file, 8 * count, 8 * first)
        if len(raw) != 8 * count:
            raise DamagedError
        return np.frombuffer(raw, dtype="<u8")


def bytes_of(rows: int, width: int) -> int:
    """Return the size of a file."""
    return 8 * (_HEADER + rows * (3 + width))


def write(path: Path, label: bytes, keys: Words, values: Float) -> None:
    """Write a file, which appears whole or not at all; a key that comes with two answers is left out.

    Where that leaves no row, no file is written.

    Parameters
    ----------
    path : nobody else writes a file of this name
    label : what the rows belong to (24 bytes)
    keys, values : (n, 2) and (n, width); a key may come more than once
    """
    keys, rows = _agreed(keys, np.ascontiguousarray(values).view(np.uint64))
    if not len(keys):
        return
    header = _header(label, *rows.shape)
    checks = _checks(header[-1], keys, rows)
    handle, temporary = tempfile.mkstemp(prefix=PART, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            for words in (header, keys[:, 0], np.column_stack([keys[:, 1], rows, checks])):
                file.write(words.astype("<u8").tobytes())
        os.rename(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _agreed(keys: Words, rows: Words) -> tuple[Words, Words]:
    """Return each key once, sorted, without those that two rows answer differently: one of them is wrong."""
    order = np.lexsort((keys[:, 1], keys[:, 0]))
    keys, rows = keys[order], rows[order]
    first = np.r_[True, (keys[1:] != keys[:-1]).any(axis=1)][: len(keys)]
    doubted = np.cumsum(first)[1:][~first[1:] & (rows[1:] != rows[:-1]).any(axis=1)]
    kept = first & ~np.isin(np.cumsum(first), doubted)
    return keys[kept], rows[kept]


def _header(label: bytes, count: int, width: int) -> Words:
    words = np.frombuffer(_MARK + label, dtype="<u8").astype(np.uint64)
    words = np.concatenate([words, np.array([count, width], dtype=np.uint64)])
    return np.append(words, _mixed(words[None, :]))


def _checks(seed: np.uint64, keys: Words, rows: Words) -> Words:
    """Return the checksum of every row of the file whose header ends with ``seed``."""
    return _mixed(np.column_stack([_mixed(keys), _mixed(rows), np.full(len(keys), seed)]))


def _mixed(words: Words) -> Words:
    """Return one sum a row of its words, each scattered by a bijection that depends on its place."""
    mixed = words ^ (np.arange(1, words.shape[1] + 1, dtype=np.uint64) * _STEP)
    mixed = (mixed ^ (mixed >> _SHIFT)) * _ODD_1
    mixed = (mixed ^ (mixed >> _SHIFT)) * _ODD_2
    return np.asarray((mixed ^ (mixed >> _SHIFT)).sum(axis=1, dtype=np.uint64))
