"""Lanes as threads: how Numba CUDA represents a value of eight lanes."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]

from comity.propagation._lanes import _LanesType


@lru_cache(maxsize=1)
def register() -> None:
    """Tell Numba CUDA that a thread holds one lane: a float64, or a truth value."""
    models: Any = import_module("numba.cuda.models")

    class _Lane(models.PrimitiveModel):  # type: ignore[misc]
        def __init__(self, manager: Any, numba_type: _LanesType) -> None:
            super().__init__(manager, numba_type, ir.IntType(1) if numba_type.truth else ir.DoubleType())

    models.register_model(_LanesType)(_Lane)
