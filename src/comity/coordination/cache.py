"""Path losses once computed, found again by what they depend on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from comity.coordination.cache_store import Store

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Mask = NDArray[np.bool_]
Digests = NDArray[np.uint64]
#: Computes the values of the rows that nobody knows (m,): (m, width).
Compute = Callable[[Int], Float]


class PathLosses:
    """Values keyed by content: path losses of links, and what a whole register does to one receiver.

    A later call, of another application against the same register too, finds what an earlier one computed; a
    value found is bit for bit the value that would be computed. When it is full it starts anew. With a ``store``
    it finds what other processes computed, too, and :meth:`flush` hands them its own. Threads may share it.

    Parameters
    ----------
    capacity : most numbers kept in memory; those of a link are about five, and weigh some 250 bytes with its key
    store : what processes share on disk; ``None`` keeps everything in memory

    Attributes
    ----------
    misses : rows that had to be computed
    """

    def __init__(self, capacity: int = 16_000_000, store: Store | None = None) -> None:
        self.misses = 0
        self._capacity = capacity
        self._store = store
        self._tables: dict[tuple[bytes, int], _Table] = {}
        self._pending: dict[tuple[bytes, int], list[tuple[Digests, Float]]] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        """Return the number of rows in memory."""
        return sum(len(table) for table in self._tables.values())

    def get(self, context: bytes, keys: list[bytes], width: int, compute: Compute) -> Float:
        """Return the values (n, width) of keys, computing those that are not known.

        Parameters
        ----------
        context : digest of everything that all keys of the call share
        keys : one a row, exact to the last bit
        width : values a row
        compute : gives the rows that are not known
        """
        out = np.empty((len(keys), width))
        with self._lock:
            table = self._tables.get((context, width))
            known = np.zeros(len(keys), dtype=bool) if table is None else table.look_up(keys, out)
        missing = np.flatnonzero(~known)
        if self._store is not None and missing.size:
            missing = self._from_store(self._store, context, keys, out, missing)
        if missing.size:
            out[missing] = compute(missing)
            self._remember(context, [keys[i] for i in missing], out[missing], fresh=True)
        return out

    def flush(self) -> None:
        """Hand what was computed since the last time to the store, if there is one."""
        if self._store is None:
            return
        with self._lock:
            pending, self._pending = self._pending, {}
        for (context, _), parts in pending.items():
            digests, values = zip(*parts, strict=True)
            self._store.add(context, np.concatenate(digests), np.concatenate(values))

    def _from_store(self, store: Store, context: bytes, keys: list[bytes], out: Float, missing: Int) -> Int:
        """Fill in what the store knows of the ``missing`` rows; return those that nobody knows."""
        wanted = [keys[i] for i in missing]
        values, found = store.find(context, digests_of(wanted), out.shape[1])
        out[missing[found]] = values[found]
        self._remember(context, [wanted[i] for i in np.flatnonzero(found)], values[found], fresh=False)
        return missing[~found]

    def _remember(self, context: bytes, keys: list[bytes], values: Float, *, fresh: bool) -> None:
        width = values.shape[1]
        with self._lock:
            if sum(table.size for table in self._tables.values()) + values.size > self._capacity:
                self._tables = {}
            self._tables.setdefault((context, width), _Table(width)).keep(keys, values)
            if fresh:
                self.misses += len(keys)
                if self._store is not None:
                    self._pending.setdefault((context, width), []).append((digests_of(keys), values))


class _Table:
    """Rows of one width under one context."""

    def __init__(self, width: int) -> None:
        self._place: dict[bytes, int] = {}
        self._values = np.empty((0, width))
        self._used = 0

    def __len__(self) -> int:
        """Return the number of keys."""
        return len(self._place)

    @property
    def size(self) -> int:
        """How many numbers are kept."""
        return self._used * self._values.shape[1]

    def look_up(self, keys: list[bytes], out: Float) -> Mask:
        """Fill in the rows that are known (n, width); return which they are (n,)."""
        get = self._place.get
        place = np.array([get(key, -1) for key in keys], dtype=np.int64)
        known = place >= 0
        out[known] = self._values[place[known]]
        return known

    def keep(self, keys: list[bytes], values: Float) -> None:
        """Remember values (n, width) of keys that were not known."""
        first, last = self._used, self._used + len(keys)
        if last > len(self._values):
            grown = np.empty((max(2 * len(self._values), last), values.shape[1]))
            grown[:first] = self._values[:first]
            self._values = grown
        self._values[first:last] = values
        self._used = last
        self._place.update(zip(keys, range(first, last)))


def context_key(context: Mapping[str, object]) -> bytes:
    """Return the digest of what all rows of a call share: models, revisions, ground editions; sets are sorted."""
    text = json.dumps(dict(context), sort_keys=True, separators=(",", ":"), allow_nan=False, default=sorted)
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def link_keys(columns: list[Float]) -> list[bytes]:
    """Return one key a link from its own numbers, exact to the last bit."""
    table = np.ascontiguousarray(np.stack(columns, axis=1) + 0.0)
    raw, width = table.tobytes(), table.shape[1] * 8
    return [raw[i : i + width] for i in range(0, len(raw), width)]


def digests_of(keys: list[bytes]) -> Digests:
    """Return 128 bits for every key (n, 2): nobody reads a place from them, and nobody makes two keys meet."""
    digest = hashlib.blake2b
    joined = b"".join([digest(key, digest_size=16).digest() for key in keys])
    return np.frombuffer(joined, dtype="<u8").reshape(-1, 2)
