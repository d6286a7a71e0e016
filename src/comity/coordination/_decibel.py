"""Decibels as whole hundredths: what is printed is what is summed and compared.

Every term of a link budget is rounded to 0.01 dB and kept as an integer, so that sums of terms are exact, add
up on paper, and have the same bits everywhere.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comity.propagation._compiled import kernel
from comity.propagation._elementary import exp10, log10

Centi = NDArray[np.int64]
Float = NDArray[np.float64]

#: Level that stands for "nothing at all", in hundredths of a decibel.
NOTHING = -100_000


@kernel
def _powers(centi: Centi, out: Float) -> None:
    for i in range(centi.size):
        out[i] = 0.0 if centi[i] <= NOTHING else exp10(centi[i] / 1000.0)


@kernel
def _levels(power: Float, out: Float) -> None:
    for i in range(power.size):
        out[i] = 10.0 * log10(power[i]) if power[i] > 0.0 else NOTHING / 100.0


def centi(value_db: ArrayLike) -> Centi:
    """Return decibels as whole hundredths; anything at or below ``NOTHING`` becomes ``NOTHING``."""
    scaled = np.rint(np.asarray(value_db, dtype=np.float64) * 100.0)
    return np.maximum(scaled, NOTHING).astype(np.int64)


def decibel(value: int | np.integer) -> float:
    """Return whole hundredths as a float of two decimals."""
    return round(int(value) / 100.0, 2)


def power(level: ArrayLike) -> Float:
    """Return the linear power of levels in whole hundredths; ``NOTHING`` is exactly 0."""
    levels = np.asarray(level, dtype=np.int64, order="C")
    out = np.empty(levels.shape)
    _powers(levels.reshape(-1), out.reshape(-1))
    return out


def level(linear: ArrayLike) -> Float:
    """Return ``10 log`` of linear power [dB], unrounded; ``NOTHING / 100`` where there is none."""
    powers = np.asarray(linear, dtype=np.float64, order="C")
    out = np.empty(powers.shape)
    _levels(powers.reshape(-1), out.reshape(-1))
    return out


def centi_level(linear: ArrayLike) -> Centi:
    """Return ``10 log`` of linear power in whole hundredths of a decibel."""
    return centi(level(linear))
