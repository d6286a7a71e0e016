"""Gaseous attenuation inside the P.452 kernel: P.676-13's lines, eight at a time, remembered until the air changes.

The same equations as :mod:`comity.propagation.p676`, ordered for a kernel: what depends on temperature alone is
tabulated per line, and one state of the air then costs eleven steps over the 79 lines.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comity.propagation._compiled import inlined, kernel
from comity.propagation._elementary import exp, log
from comity.propagation._lane_memory import load, store, together, total
from comity.propagation._lanes import lanes, root
from comity.propagation._p676_lines import OXYGEN, WATER_VAPOUR

Float = NDArray[np.float64]

TROPOSCATTER_VAPOUR = 3.0


def _padded(lines: Float, count: int) -> Float:
    """Return the columns of a line table, lengthened by lines of no strength."""
    filled = np.concatenate([lines, np.repeat(lines[-1:], count - len(lines), axis=0)])
    filled[len(lines) :, 1] = 0.0
    return np.ascontiguousarray(filled.T)


_LINES_O, _LINES_W = 48, 40
_O, _W = _padded(OXYGEN, _LINES_O), _padded(WATER_VAPOUR, _LINES_W)
_F0_O, _F0_W = _O[0], _W[0]
_LINES = _LINES_O + _LINES_W

# memory of one thread: per line strength, width per hPa of dry air and of vapour, and interference or Doppler
# term; then theta, the temperature of the table, and two states of the air
(_STRENGTH, _WIDTH_DRY, _WIDTH_WET, _EXTRA) = range(0, 4 * _LINES, _LINES)
_THETA, _THETA_08, _THETA_15, _TEMPERATURE, _STATES = range(4 * _LINES, 4 * _LINES + 5)
_SLOT = 5
MEMORY = _STATES + 2 * _SLOT


def allocate() -> Float:
    """Return one thread's memory of the last states of the air."""
    return np.full(MEMORY, np.nan)


@kernel
def _tabulate(memory: Float, temperature_k: float) -> None:
    """Tabulate all that depends on temperature alone."""
    theta = 300.0 / temperature_k
    ln_theta = log(theta)
    theta_08 = exp(0.8 * ln_theta)
    memory[_THETA], memory[_THETA_08], memory[_THETA_15] = theta, theta_08, exp(1.5 * ln_theta)
    memory[_TEMPERATURE] = temperature_k
    for i in range(0, _LINES_O, 8):
        strength = (
            load(_O[1], i) * (1e-7 * theta * theta * theta) * exp(load(_O[2], i) * (1.0 - theta))
        )  # (3)
        width = load(_O[3], i) * 1e-4
        store(memory, _STRENGTH + i, strength)
        store(memory, _WIDTH_DRY + i, width * exp((0.8 - load(_O[4], i)) * ln_theta))  # (6a)
        store(memory, _WIDTH_WET + i, width * (1.1 * theta))
        store(memory, _EXTRA + i, (load(_O[5], i) + load(_O[6], i) * theta) * (1e-4 * theta_08))  # (7)
    theta_35 = exp(3.5 * ln_theta)
    for i in range(0, _LINES_W, 8):
        f0, k = load(_F0_W, i), _LINES_O + i
        strength = load(_W[1], i) * (0.1 * theta_35) * exp(load(_W[2], i) * (1.0 - theta))
        width = load(_W[3], i) * 1e-4
        store(memory, _STRENGTH + k, strength)
        store(memory, _WIDTH_DRY + k, width * exp(load(_W[4], i) * ln_theta))
        store(memory, _WIDTH_WET + k, width * load(_W[5], i) * exp(load(_W[6], i) * ln_theta))
        store(memory, _EXTRA + k, f0 * f0 * (2.1316e-12 / theta))  # (6b)


@inlined
def _dry_continuum(memory: Float, f: float, p: float, e: float) -> float:
    """Equations (8) and (9)."""
    theta = memory[_THETA]
    d = 5.6e-4 * (p + e) * memory[_THETA_08]
    ratio = f / d
    debye = 6.14e-5 / (d * (1.0 + ratio * ratio))
    nitrogen = 1.4e-12 * p * memory[_THETA_15] / (1.0 + 1.9e-5 * f * root(f))
    value: float = f * p * theta * theta * (debye + nitrogen)
    return value


@kernel
def _gamma(memory: Float, f: float, p: float, vapour: float, temperature_k: float) -> float:
    """Return gamma_o + gamma_w [dB/km], (1)-(9) of P.676-13, Annex 1, from the tabulated lines."""
    e = vapour * temperature_k / 216.7
    dry = wet = lanes(0.0)
    for i in range(0, _LINES_O, 8):
        f0 = load(_F0_O, i)
        width = p * load(memory, _WIDTH_DRY + i) + e * load(memory, _WIDTH_WET + i)
        square = width * width + 2.25e-6
        width, delta = root(square), (p + e) * load(memory, _EXTRA + i)
        below, above = f0 - f, f0 + f
        b, a = below * below + square, above * above + square
        shape = ((width - delta * below) * a + (width - delta * above) * b) / (a * b * f0)  # (5) over f
        dry = dry + load(memory, _STRENGTH + i) * shape
    for i in range(0, _LINES_W, 8):
        f0, k = load(_F0_W, i), _LINES_O + i
        width = p * load(memory, _WIDTH_DRY + k) + e * load(memory, _WIDTH_WET + k)
        width = 0.535 * width + root(0.217 * width * width + load(memory, _EXTRA + k))
        square = width * width
        below, above = f0 - f, f0 + f
        b, a = below * below + square, above * above + square
        wet = wet + load(memory, _STRENGTH + k) * (width * (a + b) / (a * b * f0))
    lines = f * (p * total(dry) + e * total(wet))
    value: float = 0.1820 * f * (lines + _dry_continuum(memory, f, p, e))
    return value


@kernel
def gamma_gases(memory: Float, slot: int, f: float, p: float, vapour: float, temperature_c: float) -> float:
    """Specific attenuation [dB/km] of air with ``vapour`` [g/m3]; slot 0 remembers the path, 1 troposcatter."""
    k = _STATES + slot * _SLOT
    known = (
        memory[k] == f and memory[k + 1] == p and memory[k + 2] == vapour and memory[k + 3] == temperature_c
    )
    tabulated = memory[_TEMPERATURE] == temperature_c + 273.15
    together()
    if not known:
        if not tabulated:
            _tabulate(memory, temperature_c + 273.15)
        memory[k], memory[k + 1], memory[k + 2], memory[k + 3] = f, p, vapour, temperature_c
        memory[k + 4] = _gamma(memory, f, p, vapour, temperature_c + 273.15)
    value: float = memory[k + 4]
    return value
