"""Own elementary functions: the same bits on every processor, at most one unit in the last place wrong.

The C library's ``log`` or ``exp`` differs between systems in the last bit, which is enough to let a decision
hang on the machine that took it. These are straight-line IEEE arithmetic, for eight lanes or one float64 alike
(see :mod:`comity.propagation._lanes`), callable from compiled code only. Polynomials are Chebyshev
approximations on the reduced interval; "tail" is the part of a value that one float64 cannot hold.
"""

from __future__ import annotations

from comity.propagation._compiled import inlined
from comity.propagation._lanes import Real, exponent, larger, power_of_two, significand, smaller, upper, where

_ROUND = 6755399441055744.0  # 1.5 * 2**52: adding and taking it away rounds to the nearest integer
_TINY = 2.2250738585072014e-308
_INF = float("inf")
_NAN = float("nan")

_LN2_HIGH, _LN2_LOW = 0.6931471803691238, 1.9082149292705877e-10
_INV_LN2 = 1.4426950408889634
_INV_LN10_HIGH, _INV_LN10_LOW = 0.4342944771051407, 4.798111141615973e-09
_LN10, _LN10_TAIL = 2.302585092994046, -2.1707562233822494e-16
_LOG10_2_HIGH, _LOG10_2_LOW = 0.30102999554947019, 1.1451100898021838e-10


@inlined
def rounded(x: Real) -> Real:
    """Round to the nearest integer, ties to even, for ``|x| < 2**51``."""
    return (x + _ROUND) - _ROUND


@inlined
def _series_log(z: Real) -> Real:
    """Return ``(2 atanh(s) - 2 s) / s`` with ``z = s**2``."""
    p = 0.13268759668560612 + z * 0.13086767009948175
    p = 0.15386240205813478 + z * p
    p = 0.18181795630884753 + z * p
    p = 0.2222222239180047 + z * p
    p = 0.2857142857080323 + z * p
    p = 0.4000000000000088 + z * p
    return z * (0.6666666666666666 + z * p)


@inlined
def _split(x: Real) -> tuple[Real, Real]:
    """Return ``(k, f)`` with ``x = 2**k (1 + f)`` and ``1 + f`` in [sqrt(1/2), sqrt(2))."""
    small = x < _TINY
    scaled = where(small, x * 18014398509481984.0, x)
    return exponent(scaled) - where(small, 54.0, 0.0), significand(scaled) - 1.0


@inlined
def _log_edges(x: Real, value: Real) -> Real:
    """Return ``value`` for positive finite x, else what a logarithm is there."""
    value = where(x < _INF, value, x)
    value = where(x > 0.0, value, where(x == 0.0, -_INF, _NAN))
    return value


@inlined
def log(x: Real) -> Real:
    """Natural logarithm."""
    k, f = _split(x)
    s = f / (2.0 + f)
    half_square = 0.5 * f * f
    r = _series_log(s * s)
    tail = s * (half_square + r) + k * _LN2_LOW
    return _log_edges(x, k * _LN2_HIGH - ((half_square - tail) - f))


@inlined
def log10(x: Real) -> Real:
    """Logarithm to base 10."""
    k, f = _split(x)
    s = f / (2.0 + f)
    half_square = 0.5 * f * f
    r = _series_log(s * s)
    high = upper(f - half_square)
    low = ((f - high) - half_square) + s * (half_square + r)
    main = high * _INV_LN10_HIGH
    scale = k * _LOG10_2_HIGH
    value = scale + main
    rest = ((scale - value) + main) + (
        k * _LOG10_2_LOW + ((low + high) * _INV_LN10_LOW + low * _INV_LN10_HIGH)
    )
    return _log_edges(x, value + rest)


@inlined
def _exp_with_tail(x: Real, tail: Real) -> Real:
    """Exponential of ``x + tail`` with a small tail."""
    bounded = smaller(larger(x, -746.0), 710.0)
    k = rounded(bounded * _INV_LN2)
    high = bounded - k * _LN2_HIGH
    low = k * _LN2_LOW - tail
    r = high - low
    p = 2.0918137737642736e-09 + r * 1.608662795678037e-10
    p = 2.505207109429355e-08 + r * p
    p = 2.75572632790885e-07 + r * p
    p = 2.755731924721873e-06 + r * p
    p = 2.4801587336442236e-05 + r * p
    p = 0.00019841269841263298 + r * p
    p = 0.0013888888888879073 + r * p
    p = 0.008333333333333333 + r * p
    p = 0.04166666666666668 + r * p
    p = 0.16666666666666666 + r * p
    p = 0.5 + r * p
    value = 1.0 + (high - (low - (r * r) * p))
    half = rounded(k * 0.5)
    value = (value * power_of_two(half)) * power_of_two(k - half)
    return where(x == x, value, x)


@inlined
def exp(x: Real) -> Real:
    """Exponential."""
    return _exp_with_tail(x, 0.0)


@inlined
def _log_with_tail(x: Real) -> tuple[Real, Real]:
    """Natural logarithm of a positive x as an unevaluated sum of two float64."""
    k, f = _split(x)
    g = 2.0 + f
    s = f / g
    # remainder of the division, exact: s * g by halves, and f + 2 with its own rounding error
    s_high, g_high = upper(s), upper(g)
    s_low, g_low = s - s_high, f - (g_high - 2.0)
    remainder = ((f - s_high * g_high) - s_low * g_high) - (s_high * g_low + s_low * g_low)
    s_tail = remainder / g
    r = s * _series_log(s * s)
    double = 2.0 * s
    scale = k * _LN2_HIGH
    high = scale + double
    tail = ((scale - high) + double) + ((r + 2.0 * s_tail) + k * _LN2_LOW)
    value = high + tail
    return value, (high - value) + tail


@inlined
def _product_error(x: Real, y: Real, product: Real) -> Real:
    """Return ``x * y - product`` exactly."""
    x_high, y_high = upper(x), upper(y)
    x_low, y_low = x - x_high, y - y_high
    return ((x_high * y_high - product) + x_high * y_low + x_low * y_high) + x_low * y_low


@inlined
def power(x: Real, y: Real) -> Real:
    """``x ** y`` for x above 0; 0 for x = 0."""
    value, tail = _log_with_tail(x)
    product = y * value
    return where(x > 0.0, _exp_with_tail(product, _product_error(y, value, product) + y * tail), 0.0)


@inlined
def exp10(x: Real) -> Real:
    """``10 ** x``."""
    product = x * _LN10
    return _exp_with_tail(product, _product_error(x, _LN10, product) + x * _LN10_TAIL)
