"""Write small PNG pictures: the few kinds that a report needs, without an imaging library."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Colour = tuple[int, int, int, int]

_GREY, _PALETTE, _GREY_ALPHA = 0, 3, 4


def grey_png(values: Bytes) -> bytes:
    """Return a picture of grey values, shape ``(rows, columns)``, 0 black to 255 white."""
    return _png(values, _GREY)


def shade_png(grey: Bytes, alpha: Bytes) -> bytes:
    """Return grey values with their own opacity, both of shape ``(rows, columns)``."""
    pixels = np.stack([grey, alpha], axis=-1).reshape(grey.shape[0], -1)
    return _png(np.ascontiguousarray(pixels), _GREY_ALPHA, columns=grey.shape[1])


def palette_png(index: Bytes, colours: Sequence[Colour]) -> bytes:
    """Return indices of shape ``(rows, columns)`` in colours ``(red, green, blue, alpha)``, at most 256."""
    if not 0 < len(colours) <= 256 or int(index.max(initial=0)) >= len(colours):
        raise ValueError("every index needs its colour, and a palette has at most 256")
    palette = bytes(part for colour in colours for part in colour[:3])
    opacity = bytes(colour[3] for colour in colours)
    return _png(index, _PALETTE, extra=_chunk(b"PLTE", palette) + _chunk(b"tRNS", opacity))


def data_uri(picture: bytes) -> str:
    """Return a PNG as an address that needs no request."""
    return "data:image/png;base64," + base64.b64encode(picture).decode("ascii")


def _png(pixels: Bytes, kind: int, extra: bytes = b"", columns: int | None = None) -> bytes:
    rows = pixels.shape[0]
    header = struct.pack(">IIBBBBB", columns or pixels.shape[1], rows, 8, kind, 0, 0, 0)
    # Filter "up" makes smooth shading small; palettes compress best unfiltered.
    filter_type = 0 if kind == _PALETTE else 2
    if filter_type == 2:
        pixels = np.vstack([pixels[:1], pixels[1:] - pixels[:-1]])
    lines = np.empty((rows, pixels.shape[1] + 1), dtype=np.uint8)
    lines[:, 0] = filter_type
    lines[:, 1:] = pixels
    body = zlib.compress(lines.tobytes(), 9)
    chunks = (_chunk(b"IHDR", header), extra, _chunk(b"IDAT", body), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
