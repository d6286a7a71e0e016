"""The log as static files, in the layout of C2SP ``tlog-tiles``.

``tile/<L>/<N>`` holds 256 hashes of level ``8 L``; ``tile/entries/<N>`` holds 256 entries, each behind its length
(two bytes, big-endian). The last, partial tile of a level is ``<N>.p/<W>`` with ``W`` hashes or entries. Any
static file server can publish the folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from comity.errors import ComityError
from comity.register.merkle import HASH_SIZE, perfect_root

WIDTH = 256
LEVEL_STEP = 8
MAX_ENTRY = 65_535


def tile_path(kind: str, number: int, width: int = WIDTH) -> str:
    """Return the relative path of tile ``number`` of ``kind`` (a level, or ``entries``) that holds ``width``."""
    parts = [f"{number % 1000:03d}"]
    while number >= 1000:
        number //= 1000
        parts.insert(0, f"x{number % 1000:03d}")
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{kind}/{'/'.join(parts)}{partial}"


def pack_entries(entries: Sequence[bytes]) -> bytes:
    """Return the bytes of an entries tile."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def unpack_entries(data: bytes, place: str) -> list[bytes]:
    """Return the entries of a tile.

    Raises
    ------
    ComityError
        If the bytes end inside an entry; ``place`` is named.
    """
    entries: list[bytes] = []
    position = 0
    while position < len(data):
        length = int.from_bytes(data[position : position + 2], "big")
        end = position + 2 + length
        if position + 2 > len(data) or end > len(data):
            raise ComityError(f"{place}: ends inside its entry number {len(entries)}")
        entries.append(data[position + 2 : end])
        position = end
    return entries


class TileReader:
    """Reads hashes and entries of a log of ``size`` entries from a folder."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        self.size = size
        self._tile = lru_cache(maxsize=4096)(self._read_tile)

    def _read(self, path: str) -> bytes:
        try:
            return (self.folder / path).read_bytes()
        except FileNotFoundError:
            raise ComityError(f"log is incomplete: {path} is missing in {self.folder}") from None

    def width(self, level: int, number: int) -> int:
        """Return how many hashes tile ``number`` of tile level ``level`` holds in a log of this size."""
        return min(WIDTH, (self.size >> (LEVEL_STEP * level)) - number * WIDTH)

    def _read_tile(self, level: int, number: int) -> bytes:
        width = self.width(level, number)
        path = tile_path(str(level), number, width)
        data = self._read(path)
        if len(data) != width * HASH_SIZE:
            raise ComityError(f"{path}: has {len(data)} bytes, not {width * HASH_SIZE}")
        return data

    def hashes(self, level: int, number: int) -> list[bytes]:
        """Return the hashes of one tile."""
        data = self._tile(level, number)
        return [data[i : i + HASH_SIZE] for i in range(0, len(data), HASH_SIZE)]

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of the ``index``-th perfect subtree of ``2**level`` entries."""
        tile_level, rise = divmod(level, LEVEL_STEP)
        first = index << rise
        number, offset = divmod(first, WIDTH)
        data = self._tile(tile_level, number)
        row = [data[i * HASH_SIZE : (i + 1) * HASH_SIZE] for i in range(offset, offset + (1 << rise))]
        return perfect_root(row)

    def entries(self, number: int) -> list[bytes]:
        """Return the entries of tile ``number``."""
        width = min(WIDTH, self.size - number * WIDTH)
        path = tile_path("entries", number, width)
        entries = unpack_entries(self._read(path), path)
        if len(entries) != width:
            raise ComityError(f"{path}: holds {len(entries)} entries, not {width}")
        return entries

    def entry(self, index: int) -> bytes:
        """Return entry ``index``."""
        return self.entries(index // WIDTH)[index % WIDTH]
