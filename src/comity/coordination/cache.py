"""Path losses once computed, found again by what they depend on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: Most columns kept, each 8 bytes a network of the register.
MOST_COLUMNS = 8_192


class PathLosses:
    """Path losses keyed by content: both ends of a link, and the context of models, percentages and ground.

    A later call, of another application against the same register too, finds what an earlier one computed; a
    value found is bit for bit the value that would be computed. When it is full it starts anew.

    Parameters
    ----------
    capacity : most links kept, about 300 bytes each

    Attributes
    ----------
    columns : sums over a whole register at single receivers, see :mod:`comity.coordination.others`
    """

    def __init__(self, capacity: int = 2_000_000) -> None:
        self._capacity = capacity
        self.columns: dict[bytes, Float] = {}
        self._place: dict[bytes, int] = {}
        self._tables: dict[int, Float] = {}
        self._used: dict[int, int] = {}
        self.hits = 0
        self.misses = 0

    def __len__(self) -> int:
        """Return the number of links."""
        return len(self._place)

    def look_up(self, keys: list[bytes], width: int) -> tuple[Float, Mask]:
        """Return the ``width`` values of every key (n, width), and which keys are known (n,)."""
        get = self._place.get
        place = np.array([get(key, -1) for key in keys], dtype=np.int64)
        known = place >= 0
        out = np.empty((len(keys), width))
        if known.any():
            out[known] = self._tables[width][place[known]]
        self.hits += int(known.sum())
        self.misses += len(keys) - int(known.sum())
        return out, known

    def keep(self, keys: list[bytes], values: Float) -> None:
        """Remember values (n, width) of keys that were not known."""
        if len(self._place) + len(keys) > self._capacity:
            self._place, self._tables, self._used = {}, {}, {}
        count, width = values.shape
        first = self._used.get(width, 0)
        table = self._tables.get(width, np.empty((0, width)))
        if first + count > len(table):
            grown = np.empty((max(2 * len(table), first + count), width))
            grown[:first] = table[:first]
            self._tables[width] = table = grown
        table[first : first + count] = values
        self._used[width] = first + count
        self._place.update(zip(keys, range(first, first + count)))

    def keep_columns(self, found: Mapping[bytes, Float]) -> None:
        """Remember what the register does together to single receivers."""
        if len(self.columns) + len(found) > MOST_COLUMNS:
            self.columns = {}
        self.columns.update(found)


def context_key(context: Mapping[str, object]) -> bytes:
    """Return the digest of everything that all links of a call share: models, revisions, ground editions."""
    text = json.dumps(dict(context), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def link_keys(context: bytes, columns: list[Float]) -> list[bytes]:
    """Return one key a link from its own numbers, exact to the last bit."""
    table = np.ascontiguousarray(np.stack(columns, axis=1) + 0.0)
    raw, width = table.tobytes(), table.shape[1] * 8
    return [context + raw[i : i + width] for i in range(0, len(raw), width)]
