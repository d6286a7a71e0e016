"""Compilation of the radial kernels."""

from __future__ import annotations

from pathlib import Path

from comity.propagation._compiled import PACKAGE_STAMP, inlined
from comity.terrain._compiled import compiler

kernel = compiler(Path(__file__).parent, PACKAGE_STAMP)

__all__ = ["inlined", "kernel"]
