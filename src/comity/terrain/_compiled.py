"""Compilation of terrain kernels, kept on disk for as long as every source they are made of is the same."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit

from comity.propagation._compiled import PACKAGE_STAMP

F = TypeVar("F", bound=Callable[..., Any])


def compiler(folder: Path, stamp: str) -> Callable[[F], F]:
    """Return a decorator that compiles to plain IEEE arithmetic without the interpreter lock.

    Parameters
    ----------
    folder : a cached kernel is valid for this state of the sources in it
    stamp : and for this state of the sources elsewhere that are compiled into it
    """
    digest = hashlib.sha256(stamp.encode())
    for source in sorted(folder.glob("*.py")):
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    mark = digest.hexdigest()

    def compile_kernel(function: F) -> F:
        dispatcher: Any = njit(error_model="numpy", cache=True, nogil=True)(function)
        index = dispatcher._cache._cache_file
        index._source_stamp = (index._source_stamp, mark)
        return cast(F, dispatcher)

    return compile_kernel


kernel = compiler(Path(__file__).parent, PACKAGE_STAMP)
