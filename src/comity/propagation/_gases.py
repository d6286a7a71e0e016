"""Gaseous attenuation inside the P.452 kernel: computed once, then remembered until the air changes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comity.propagation._lanes import kernel
from comity.propagation.p676 import _gamma

Float = NDArray[np.float64]

_SLOT = 5
TROPOSCATTER_VAPOUR = 3.0


def allocate() -> Float:
    """Return one thread's memory of the last states of the air."""
    return np.full(2 * _SLOT, np.nan)


@kernel
def gamma_gases(memory: Float, slot: int, f: float, pressure: float, vapour: float, temperature_c: float) -> float:
    """Specific attenuation of dry air and water vapour [dB/km] at ``vapour`` [g/m3]; slot 0 the path, 1 troposcatter."""
    k = slot * _SLOT
    known = memory[k] == f and memory[k + 1] == pressure and memory[k + 2] == vapour
    if not (known and memory[k + 3] == temperature_c):
        dry, wet = _gamma(f, pressure, vapour, temperature_c + 273.15)
        memory[k], memory[k + 1], memory[k + 2], memory[k + 3] = f, pressure, vapour, temperature_c
        memory[k + 4] = dry + wet
    value: float = memory[k + 4]
    return value
