"""Own trigonometric functions, in radians: the same bits on every processor (see :mod:`._elementary`).

At most one unit in the last place wrong, ``atan2`` at most two; ``sin`` and ``cos`` for ``|x| <= 1e6``.
"""

from __future__ import annotations

from comity.propagation._compiled import inlined
from comity.propagation._elementary import rounded
from comity.propagation._lanes import Real, magnitude, root, upper, where, with_sign

_PI, _PI_TAIL = 3.141592653589793, 1.2246467991473532e-16
_HALF_PI, _HALF_PI_TAIL = 1.5707963267948966, 6.123233995736766e-17
_HALF_PI_HIGH, _HALF_PI_MIDDLE, _HALF_PI_LOW = (
    1.5707963267341256,
    6.077100506303966e-11,
    2.0222662487959506e-21,
)


@inlined
def _reduce(x: Real) -> tuple[Real, Real, Real]:
    """Return quadrant (-2 to 2), remainder and its tail: ``x = k pi/2 + r + tail``."""
    k = rounded(x * 0.6366197723675814)
    a = x - k * _HALF_PI_HIGH
    w = k * _HALF_PI_MIDDLE
    r = a - w
    return k - 4.0 * rounded(k * 0.25), r, ((a - r) - w) - k * _HALF_PI_LOW


@inlined
def _sin_near_zero(r: Real, tail: Real) -> Real:
    z = r * r
    p = 1.605853141458901e-10 + z * -7.586685070091267e-13
    p = -2.5052106231157904e-08 + z * p
    p = 2.7557319219335453e-06 + z * p
    p = -0.0001984126984126506 + z * p
    p = 0.008333333333333331 + z * p
    p = -0.16666666666666666 + z * p
    return r + (r * z * p + tail * (1.0 - 0.5 * z))


@inlined
def _cos_near_zero(r: Real, tail: Real) -> Real:
    z = r * r
    p = 2.0876146024689747e-09 + z * -1.1382614868556325e-11
    p = -2.7557317270560326e-07 + z * p
    p = 2.4801587298763433e-05 + z * p
    p = -0.0013888888888887395 + z * p
    p = 0.041666666666666664 + z * p
    half = 0.5 * z
    w = 1.0 - half
    return w + (((1.0 - w) - half) + (z * z * p - r * tail))


@inlined
def sin(x: Real) -> Real:
    """Sine."""
    quadrant, r, tail = _reduce(x)
    odd = magnitude(quadrant) == 1.0
    value = where(odd, _cos_near_zero(r, tail), _sin_near_zero(r, tail))
    return where((quadrant == -1.0) | (magnitude(quadrant) == 2.0), -value, value)


@inlined
def cos(x: Real) -> Real:
    """Cosine."""
    quadrant, r, tail = _reduce(x)
    odd = magnitude(quadrant) == 1.0
    value = where(odd, _sin_near_zero(r, tail), _cos_near_zero(r, tail))
    return where((quadrant == 1.0) | (magnitude(quadrant) == 2.0), -value, value)


@inlined
def _series_atan(z: Real) -> Real:
    """Return ``atan(t) / t - 1`` with ``z = t**2``."""
    p = -0.03312535295983229 + z * 0.014770422473006917
    p = 0.04492138609297187 + z * p
    p = -0.052166502144867496 + z * p
    p = 0.05876941983021393 + z * p
    p = -0.06666241489127069 + z * p
    p = 0.07692285527906569 + z * p
    p = -0.09090908354560998 + z * p
    p = 0.11111111096621673 + z * p
    p = -0.1428571428556654 + z * p
    p = 0.19999999999999407 + z * p
    return z * (-0.3333333333333333 + z * p)


@inlined
def atan(x: Real) -> Real:
    """Arc tangent, in [-pi/2, pi/2]."""
    a = magnitude(x)
    b, c, d, e = a >= 0.4375, a >= 0.6875, a >= 1.1875, a >= 2.4375
    numerator = where(e, -1.0, where(d, a - 1.5, where(c, a - 1.0, where(b, a - 0.5, a))))
    denominator = where(e, a, where(d, 1.0 + 1.5 * a, where(c, 1.0 + a, where(b, 1.0 + 0.5 * a, 1.0))))
    base = where(b, 0.4636476090008061, 0.0)
    base = where(e, _HALF_PI, where(d, 0.982793723247329, where(c, 0.7853981633974483, base)))
    tail = where(b, 2.2698777452961687e-17, 0.0)
    tail = where(e, _HALF_PI_TAIL, where(d, 1.3903311031230998e-17, where(c, 3.061616997868383e-17, tail)))
    t = numerator / denominator
    return with_sign(base + (t + (t * _series_atan(t * t) + tail)), x)


@inlined
def atan2(y: Real, x: Real) -> Real:
    """Angle of the point (x, y), in [-pi, pi]; 0 at the origin."""
    right = atan(magnitude(y) / magnitude(x))
    value = where(x < 0.0, _PI - (right - _PI_TAIL), right)
    return with_sign(where((x == 0.0) & (y == 0.0), 0.0, value), y)


@inlined
def _series_asin(z: Real) -> Real:
    """Return ``asin(t) / t - 1`` with ``z = t**2 <= 1/4``."""
    p = -0.019277545928584557 + z * 0.02963502626354855
    p = 0.019579201619744684 + z * p
    p = 0.0030350071727267623 + z * p
    p = 0.009322101501082774 + z * p
    p = 0.00962140274734483 + z * p
    p = 0.011566511821890942 + z * p
    p = 0.013963775787848137 + z * p
    p = 0.017352816768546473 + z * p
    p = 0.022372157435623815 + z * p
    p = 0.030381944475693704 + z * p
    p = 0.04464285714255019 + z * p
    p = 0.07500000000000119 + z * p
    return z * (0.16666666666666666 + z * p)


@inlined
def _asin_parts(x: Real) -> tuple[Real, Real, Real, Real]:
    """Return the series of the near branch, then root, its tail and series of the branch beyond 1/2."""
    z = 0.5 * (1.0 - magnitude(x))
    s = root(z)
    s_high = upper(s)
    tail = (z - s_high * s_high) / where(z > 0.0, s + s_high, 1.0)
    return _series_asin(x * x), s_high, tail, s * _series_asin(z)


@inlined
def asin(x: Real) -> Real:
    """Arc sine, in [-pi/2, pi/2]; NaN beyond 1."""
    near, s, tail, series = _asin_parts(x)
    quarter = 0.7853981633974483
    far = quarter - ((2.0 * series - (_HALF_PI_TAIL - 2.0 * tail)) - (quarter - 2.0 * s))
    return where(magnitude(x) < 0.5, x + x * near, with_sign(far, x))


@inlined
def acos(x: Real) -> Real:
    """Arc cosine, in [0, pi]; NaN beyond 1."""
    near, s, tail, series = _asin_parts(x)
    middle = _HALF_PI - (x - (_HALF_PI_TAIL - x * near))
    right = 2.0 * (s + (series + tail))
    left = _PI - 2.0 * (s + (series + tail - _HALF_PI_TAIL))
    return where(magnitude(x) < 0.5, middle, where(x > 0.0, right, left))
