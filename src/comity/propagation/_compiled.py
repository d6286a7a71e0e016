"""Compilation of kernels, kept on disk for as long as every source they are made of is the same.

Numba's own cache looks at the file of the compiled function alone. A kernel that has a formula of another module
compiled into it would outlive a change of that formula, and decide by it. Here the key is the whole package.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit, vectorize
from numba.core import event
from numba.core.errors import NumbaWarning

from comity import _notices

F = TypeVar("F", bound=Callable[..., Any])


def package_stamp(folder: Path = Path(__file__).parent) -> str:
    """Return a hash of all sources in ``folder``."""
    digest = hashlib.sha256()
    for source in sorted(folder.glob("*.py")):
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()


PACKAGE_STAMP = package_stamp()

# Two threads that call a universal function for the first time at once both ask for it; the second asks in vain.
warnings.filterwarnings("ignore", "Compilation requested for previously compiled", NumbaWarning)


class _Compilation(event.Listener):
    """Says why nothing happens for a while; Numba reports no event for what it finds on disk.

    Each command compiles what it alone uses, so this may be told on a second run too, of another command.
    """

    def on_start(self, event: Any) -> None:
        _notices.tell_once(
            "compiling the models that this command uses, up to half a minute; kept on disk, so once only"
        )

    def on_end(self, event: Any) -> None:
        pass


event.register("numba:compile", _Compilation())  # type: ignore[no-untyped-call]


def _stamp(cache: Any, mark: str) -> None:
    """Let the function's entry on disk, if it has one, be valid for the sources behind ``mark`` only."""
    index = getattr(cache, "_cache_file", None)
    if index is not None:
        index._source_stamp = (index._source_stamp, mark)


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


def kernel(function: F, mark: str = PACKAGE_STAMP) -> F:
    """Compile ``function`` as an entry point: it releases the GIL and is cached on disk.

    Parameters
    ----------
    mark : hash of all sources that are compiled into it; the cached code is valid for these alone
    """
    dispatcher = _kept(njit, function, {"error_model": "numpy", "nogil": True})
    _stamp(dispatcher._cache, mark)
    return cast(F, dispatcher)


def universal(function: Callable[..., Any]) -> Any:
    """Compile ``function`` of numbers as a NumPy universal function, cached on disk."""
    ufunc = _kept(vectorize, function, {})
    _stamp(ufunc._dispatcher.cache, PACKAGE_STAMP)
    return ufunc
