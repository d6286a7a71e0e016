"""Every result of a GPU is compared with the CPU's on a sample, so that a device that computes otherwise is found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np
from numpy.typing import NDArray

from comity.errors import ComityError, Problem

Float = NDArray[np.float64]

#: Greatest difference that is accepted [dB]; none is expected.
TOLERANCE_DB = 1e-6
#: Links that the CPU computes again.
SAMPLE = 256

_comparing = ContextVar("comparing", default=True)


@contextmanager
def measured_elsewhere() -> Iterator[None]:
    """Let nothing be refused in this context: who measures the differences must see them all."""
    before = _comparing.set(False)
    try:
        yield
    finally:
        _comparing.reset(before)


def sample(count: int) -> NDArray[np.int64]:
    """Return at most :data:`SAMPLE` of the numbers below ``count``, evenly spread from the first to the last."""
    return np.unique(np.linspace(0, max(count - 1, 0), min(count, SAMPLE)).astype(np.int64))


def difference(found_db: Float, own_db: Float) -> tuple[int, float]:
    """Return how many losses differ in any bit, and the greatest difference [dB].

    Parameters
    ----------
    found_db, own_db : losses of the same links; where one has a loss and the other NaN, the difference is infinite
    """
    other = ~((found_db == own_db) | (np.isnan(found_db) & np.isnan(own_db)))
    apart = np.nan_to_num(np.abs(found_db - own_db)[other], nan=np.inf)
    return int(other.sum()), float(apart.max(initial=0.0))


def compare(name: str, found_db: Float, own_db: Float) -> None:
    """Refuse a device whose losses are not those of the CPU.

    Parameters
    ----------
    name : of the device
    found_db, own_db : losses of the same links from the device and from the CPU [dB], NaN where there is none

    Raises
    ------
    ComityError
        naming the greatest difference
    """
    if not _comparing.get():
        return
    count, apart = difference(found_db, own_db)
    if apart > TOLERANCE_DB:
        what = f"{count} of {found_db.size} losses differ, by up to {apart:.3g} dB"
        accepted = f"at most {TOLERANCE_DB:g} dB; --device cpu computes without it"
        raise ComityError("the GPU computes otherwise than the CPU", [Problem(name, what, accepted)])
