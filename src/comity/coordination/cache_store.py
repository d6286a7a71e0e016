"""Kept values that all processes of a user share: files that never change, merged before they grow many.

A process that ends, or is killed, leaves whole files or none, so nothing is locked. What cannot be read is not
known; what is damaged is removed, and said once; nothing here stops a decision or changes one.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from comity import _notices
from comity.coordination.cache_engine import engine_digest
from comity.coordination.cache_folder import PART, SUFFIX, files, limit_bytes, may_use, removed, values_folder
from comity.coordination.cache_segment import DamagedError, Segment, bytes_of, write

T = TypeVar("T")
Float = NDArray[np.float64]
Mask = NDArray[np.bool_]
Words = NDArray[np.uint64]

#: Files of this size are merged no more [bytes].
_LARGEST = 64 << 20
#: Most files: a register that has changed is another context, whose files are merged with no others.
_MOST_FILES = 512
#: Age at which a part of a file is taken for what a killed process left behind [s].
_LEFT_S = 3_600.0


def open_store() -> Store | None:
    """Open the user's store, by COMITY_CACHE and COMITY_CACHE_MIB; ``None`` where it is not used."""
    folder, limit = values_folder(), limit_bytes()
    allowed, reason = may_use(folder, limit)
    if not allowed and folder.exists() and limit:
        _notices.tell_once(f"kept path losses are not used, which takes longer: {reason}")
    return Store(folder, limit) if allowed else None


class Store:
    """Kept values in a folder.

    Parameters
    ----------
    folder : believed already, see :func:`comity.coordination.cache_folder.may_use_folder`
    limit : most room [bytes]; beyond it, and beyond 512 files, what was used longest ago goes first
    engine : digest of all that computes the values; values of another engine are never found
    """

    def __init__(self, folder: Path, limit: int, engine: bytes | None = None) -> None:
        self._folder = folder
        self._limit = limit
        self._largest = min(_LARGEST, limit // 8)
        self._engine = engine_digest() if engine is None else engine
        self._open: dict[str, Segment] = {}
        self._lock = Lock()

    def find(self, context: bytes, keys: Words, width: int) -> tuple[Float, Mask]:
        """Return the values (n, width) of keys (n, 2), and which are known (n,)."""
        with self._lock:
            return self._find(self._label(context, width), keys, width)

    def _find(self, label: bytes, keys: Words, width: int) -> tuple[Float, Mask]:
        out, known = np.empty((len(keys), width)), np.zeros(len(keys), dtype=bool)
        for name in self._names(label):
            unknown = np.flatnonzero(~known)
            if not unknown.size:
                break
            wanted = keys[unknown]
            answer = self._read(name, label, partial(Segment.find, keys=wanted))
            if answer is None or not answer[0].size:
                continue
            found = unknown[answer[0]]
            out[found], known[found] = answer[1], True
            with suppress(OSError):  # where it may only be read
                os.utime(self._folder / name)
        return out, known

    def add(self, context: bytes, keys: Words, values: Float) -> None:
        """Keep values (n, width) of keys (n, 2)."""
        label = self._label(context, values.shape[1])
        rows = (self._largest - bytes_of(0, 0)) // (bytes_of(1, values.shape[1]) - bytes_of(0, 0))
        if rows < 1:
            return
        try:
            with self._lock:
                for first in range(0, len(keys), rows):
                    self._write(label, keys[first : first + rows], values[first : first + rows])
                self._bound()
        except OSError as error:
            _notices.tell_once(
                f"path losses are not kept: {self._folder}: {error.strerror or error}; COMITY_CACHE chooses "
                "another folder, COMITY_CACHE_MIB=0 keeps none"
            )

    def _write(self, label: bytes, keys: Words, values: Float) -> None:
        """Write a file and merge into it those up to twice as large, so that there are few."""
        parts, absorbed, size = [(keys, values)], [], bytes_of(*values.shape)
        names = [(_size(self._folder / name), name) for name in self._names(label)]
        for other, name in sorted(names):
            if other > 2 * size or size + other > self._largest:
                break
            content = self._read(name, label, Segment.content)
            if content is not None:
                parts.append(content)
                absorbed.append(name)
                size += other
        all_keys, all_values = (np.concatenate(column) for column in zip(*parts, strict=True))
        name = f"{label.hex()}-{secrets.token_hex(8)}{SUFFIX}"
        write(self._folder / name, label, all_keys, all_values)
        for name in absorbed:
            (self._folder / name).unlink(missing_ok=True)

    def _label(self, context: bytes, width: int) -> bytes:
        """Return what files of a context are named by and their rows are checked against."""
        whole = blake2b(self._engine + context + width.to_bytes(8, "little"), digest_size=16).digest()
        return self._engine[:8] + whole

    def _names(self, label: bytes) -> list[str]:
        """Return the files of a label, and let go of those that are gone."""
        try:
            here = {name for name in os.listdir(self._folder) if name.endswith(SUFFIX)}
        except OSError:
            return []
        for name in self._open.keys() - here:
            self._open.pop(name).close()
        return sorted(name for name in here if name.startswith(label.hex()))

    def _read(self, name: str, label: bytes, ask: Callable[[Segment], T]) -> T | None:
        """Return what a file answers, ``None`` where it cannot be used; a damaged one is removed."""
        path = self._folder / name
        try:
            if name not in self._open:
                self._open[name] = Segment(path, label)
            return ask(self._open[name])
        except FileNotFoundError:
            pass  # another process merged it in the meantime
        except DamagedError:
            done = "it was removed" if removed(path) else "it is not used"
            _notices.tell_once(f"kept path losses: {path} was damaged; {done}, and all is computed again")
        except OSError as error:
            _notices.tell_once(f"some kept path losses are not used: {error.strerror or error}")
        if name in self._open:
            self._open.pop(name).close()
        return None

    def _bound(self) -> None:
        """Remove what was used longest ago until all fits and is not too many, and what killed processes left."""
        here = sorted(files(self._folder), key=lambda file: (file.used_at, file.path))
        excess, too_many = sum(file.size for file in here) - self._limit, len(here) - _MOST_FILES
        for file in here:
            left = file.path.name.startswith(PART) and time.time() - file.used_at > _LEFT_S
            if (excess > 0 or too_many > 0 or left) and removed(file.path):
                excess -= file.size
                too_many -= 1


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
