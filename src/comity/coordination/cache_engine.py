"""What computes path losses, as a digest: a value that other code computed is another value."""

from __future__ import annotations

import platform
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

#: Libraries that take part in the arithmetic.
_LIBRARIES = ("numpy", "numba", "llvmlite", "pyproj")
#: Packages whose sources do.
_PACKAGES = ("propagation", "terrain", "antennas", "coordination")


@cache
def engine_digest() -> bytes:
    """Return a digest of every source, library and processor family that a kept value depends on.

    Revision numbers would do if nobody ever forgot to raise one.
    """
    from comity.propagation._compiled import package_stamp

    home = Path(__file__).parents[1]
    parts = [package_stamp(home / package) for package in _PACKAGES]
    parts += [version(library) for library in _LIBRARIES]
    parts += [platform.machine(), platform.python_version()]
    return blake2b("\n".join(parts).encode(), digest_size=16).digest()
