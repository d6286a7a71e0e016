"""Compilation of kernels, kept on disk for as long as every source they are made of is the same.

Numba's own cache looks at the file of the compiled function alone. A kernel that has a formula of another module
compiled into it would outlive a change of that formula, and decide by it. Here the key is the whole package.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit, vectorize

F = TypeVar("F", bound=Callable[..., Any])


def package_stamp(folder: Path = Path(__file__).parent) -> str:
    """Return a hash of all sources in ``folder``."""
    digest = hashlib.sha256()
    for source in sorted(folder.glob("*.py")):
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()


PACKAGE_STAMP = package_stamp()


def _stamp(cache: Any) -> None:
    """Let the function's entry on disk, if it has one, be valid for this state of the whole package only."""
    index = getattr(cache, "_cache_file", None)
    if index is not None:
        index._source_stamp = (index._source_stamp, PACKAGE_STAMP)


def inlined(function: F) -> F:
    """Compile ``function`` as a part of its caller: a formula costs no call, and lanes stay in registers."""
    return cast(F, njit(forceinline=True, error_model="numpy")(function))


def _kept(compiler: Callable[..., Any], function: F, options: dict[str, bool | str]) -> Any:
    """Compile with a place on disk, or without one where nothing may be written."""
    try:
        return compiler(cache=True, **options)(function)
    except RuntimeError as refusal:
        if "cannot cache" not in str(refusal):
            raise
        return compiler(**options)(function)


def kernel(function: F) -> F:
    """Compile ``function`` as an entry point: it releases the GIL and is cached on disk."""
    dispatcher = _kept(njit, function, {"error_model": "numpy", "nogil": True})
    _stamp(dispatcher._cache)
    return cast(F, dispatcher)


def universal(function: Callable[..., Any]) -> Any:
    """Compile ``function`` of numbers as a NumPy universal function, cached on disk."""
    ufunc = _kept(vectorize, function, {})
    _stamp(ufunc._dispatcher.cache)
    return ufunc
