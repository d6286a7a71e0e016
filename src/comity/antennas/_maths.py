"""Elementary functions of arrays for antenna gains, with the same bits on every processor."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comity.propagation._elementary import log10 as _log10
from comity.propagation._elementary import power as _power
from comity.propagation._elementary_angles import asin as _asin
from comity.propagation._elementary_angles import atan2 as _atan2
from comity.propagation._elementary_angles import cos as _cos
from comity.propagation._elementary_angles import sin as _sin
from comity.propagation._elementwise import elementwise
from comity.propagation._lanes import Real

Float = NDArray[np.float64]

_DEGREE = 0.017453292519943295
_DEGREES_PER_RADIAN = 57.29577951308232


def _log10_of(x: float) -> Real:
    return _log10(x)


def _power_of(x: float, y: float) -> Real:
    return _power(x, y)


def _sin_of(angle_deg: float) -> Real:
    return _sin(angle_deg * _DEGREE)


def _cos_of(angle_deg: float) -> Real:
    return _cos(angle_deg * _DEGREE)


def _asin_of(x: float) -> Real:
    return _asin(min(max(x, -1.0), 1.0)) * _DEGREES_PER_RADIAN


def _atan2_of(y: float, x: float) -> Real:
    return _atan2(y, x) * _DEGREES_PER_RADIAN


log10 = elementwise(_log10_of)
power = elementwise(_power_of)
sin_deg = elementwise(_sin_of)
cos_deg = elementwise(_cos_of)
asin_deg = elementwise(_asin_of)
atan2_deg = elementwise(_atan2_of)


def wrapped_deg(angle_deg: Float) -> Float:
    """Return the same direction in [-180, 180)."""
    return np.asarray(angle_deg - 360.0 * np.floor((angle_deg + 180.0) / 360.0))
