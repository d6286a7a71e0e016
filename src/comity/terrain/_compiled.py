"""Compilation of terrain kernels, kept on disk for as long as every source they are made of is the same."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from comity.propagation._compiled import PACKAGE_STAMP
from comity.propagation._compiled import kernel as compiled_as

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
        return compiled_as(function, mark)

    return compile_kernel


kernel = compiler(Path(__file__).parent, PACKAGE_STAMP)
