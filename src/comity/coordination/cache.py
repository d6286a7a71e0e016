"""Path losses once computed, found again by what they depend on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]


class PathLosses:
    """Path losses keyed by content: both ends, the percentages, and the context of models and ground.

    A later call, of another application against the same register too, finds what an earlier one computed; a
    value found is bit for bit the value that would be computed. Oldest entries go first when it is full.

    Parameters
    ----------
    capacity : most entries kept, about 250 bytes each
    """

    def __init__(self, capacity: int = 2_000_000) -> None:
        self._capacity = capacity
        self._entries: dict[bytes, float] = {}
        self.hits = 0
        self.misses = 0

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self._entries)

    def look_up(self, keys: list[bytes]) -> Float:
        """Return the losses of ``keys`` [dB], NaN where unknown."""
        get, nan = self._entries.get, float("nan")
        found = np.array([get(key, nan) for key in keys], dtype=np.float64)
        missing = int(np.isnan(found).sum())
        self.misses += missing
        self.hits += len(keys) - missing
        return found

    def keep(self, keys: list[bytes], losses_db: Float) -> None:
        """Remember losses."""
        self._entries.update(zip(keys, losses_db.tolist()))
        while len(self._entries) > self._capacity:
            del self._entries[next(iter(self._entries))]


def context_key(context: Mapping[str, str | float | int | None]) -> bytes:
    """Return the digest of everything that all links of a call share: models, revisions, ground editions."""
    text = json.dumps(dict(context), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def link_keys(context: bytes, columns: list[Float]) -> list[bytes]:
    """Return one key a link from its own numbers, exact to the last bit."""
    table = np.ascontiguousarray(np.stack(columns, axis=1) + 0.0)
    raw, width = table.tobytes(), table.shape[1] * 8
    return [context + raw[i : i + width] for i in range(0, len(raw), width)]
