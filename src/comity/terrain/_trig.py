"""Sine, cosine and arctangent in plain IEEE arithmetic.

The C library picks another sine for another processor, and its last bit with it. Where a path runs decides a
licence, so these are our own: additions and multiplications alone, the same bits everywhere. The error is
below 2 units in the last place for angles up to a few turns, 1e-9 m on the ground.
"""

from __future__ import annotations

import math

from comity.terrain._jit import kernel

#: pi/2 as the sum of two numbers, the first with 33 significant bits: their multiples by a quadrant are exact.
_HALF_PI_HIGH = 1.57079632673412561417
_HALF_PI_LOW = 6.07710050650619224932e-11
_TWO_OVER_PI = 0.63661977236758134308


@kernel
def sin_cos(angle_rad: float) -> tuple[float, float]:
    """Return sine and cosine of ``angle_rad`` [rad], |angle| < 1e4."""
    quadrant = math.floor(angle_rad * _TWO_OVER_PI + 0.5)
    x = (angle_rad - quadrant * _HALF_PI_HIGH) - quadrant * _HALF_PI_LOW
    z = x * x
    p = -1.0 / 355687428096000.0 * z + 1.0 / 1307674368000.0
    s = p * z - 1.0 / 6227020800.0
    s = s * z + 1.0 / 39916800.0
    s = s * z - 1.0 / 362880.0
    s = s * z + 1.0 / 5040.0
    s = s * z - 1.0 / 120.0
    s = s * z + 1.0 / 6.0
    sine = x - x * (z * s)
    c = 1.0 / 20922789888000.0 * z - 1.0 / 87178291200.0
    c = c * z + 1.0 / 479001600.0
    c = c * z - 1.0 / 3628800.0
    c = c * z + 1.0 / 40320.0
    c = c * z - 1.0 / 720.0
    c = c * z + 1.0 / 24.0
    cosine = 1.0 - (0.5 * z - z * z * c)
    turn = int(quadrant) & 3
    if turn == 0:
        return sine, cosine
    if turn == 1:
        return cosine, -sine
    if turn == 2:
        return -sine, -cosine
    return -cosine, sine


@kernel
def arctan2(y: float, x: float) -> float:
    """Return the angle of the point (x, y) [rad], in -pi..pi; 0 for the origin."""
    ax, ay = abs(x), abs(y)
    large, small = max(ax, ay), min(ax, ay)
    if large == 0.0:
        return 0.0
    ratio = small / large
    # A guess good to 1e-3, then the exact remainder by the tangent of a difference of angles.
    guess = ratio * (0.9953538 + ratio * ratio * (-0.2887 + ratio * ratio * 0.0793))
    sine, cosine = sin_cos(guess)
    t = (ratio * cosine - sine) / (cosine + ratio * sine)
    z = t * t
    angle = guess + (t - t * z * (1.0 / 3.0 - z * (0.2 - z / 7.0)))
    if ay > ax:
        angle = (_HALF_PI_HIGH - angle) + _HALF_PI_LOW
    if x < 0.0:
        angle = (2.0 * _HALF_PI_HIGH - angle) + 2.0 * _HALF_PI_LOW
    return -angle if y < 0.0 else angle
