"""Stable matching of students and hosts on arrays: fast, checked, explained.

Start with :meth:`Instance.from_lists` (names) or :class:`Instance` (arrays), then :func:`student_optimal`.
Every mechanism declares what it guarantees (:mod:`comity.matching.guarantees`); :mod:`comity.matching.verifier`
is separate code that checks a result against exactly those claims.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comity.matching.guarantees import MECHANISMS, Guarantee, Mechanism
    from comity.matching.instance import Instance
    from comity.matching.lottery import Lottery, break_ties, commit
    from comity.matching.outcome import Matching
    from comity.matching.stable import host_optimal, student_optimal
    from comity.matching.verifier import Verdict, verify

_HOME = {
    "MECHANISMS": "guarantees",
    "Guarantee": "guarantees",
    "Instance": "instance",
    "Lottery": "lottery",
    "Matching": "outcome",
    "Mechanism": "guarantees",
    "Verdict": "verifier",
    "break_ties": "lottery",
    "commit": "lottery",
    "host_optimal": "stable",
    "student_optimal": "stable",
    "verify": "verifier",
}

__all__ = [
    "MECHANISMS",
    "Guarantee",
    "Instance",
    "Lottery",
    "Matching",
    "Mechanism",
    "Verdict",
    "break_ties",
    "commit",
    "host_optimal",
    "student_optimal",
    "verify",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for, so that ``import comity.matching`` stays light."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
