"""Elementary functions for pictures: relative error below 1e-10, about half the work of those for decisions.

Straight-line IEEE arithmetic for eight lanes or one float64, the same bits on every processor, like
:mod:`comity.propagation._elementary`. Polynomials are Chebyshev approximations on the reduced interval. Arguments of
logarithms are positive and normal.
"""

from __future__ import annotations

from comity.coordination.coverage_radial._compiled import inlined
from comity.propagation._lanes import (
    Real,
    exponent,
    larger,
    magnitude,
    power_of_two,
    root,
    significand,
    smaller,
    where,
    with_sign,
)

_ROUND = 6755399441055744.0  # 1.5 * 2**52: adding and taking it away rounds to the nearest integer
_LN2, _LN10, _LN2_LOW = 0.6931471803691238, 2.302585092994046, 1.9082149292705877e-10
_PI, _HALF_PI, _QUARTER_PI = 3.141592653589793, 1.5707963267948966, 0.7853981633974483


@inlined
def nearest(x: Real) -> Real:
    """Round to the nearest integer, for ``|x| < 2**51``."""
    return (x + _ROUND) - _ROUND


@inlined
def log(x: Real) -> Real:
    """Natural logarithm."""
    f = significand(x) - 1.0
    s = f / (2.0 + f)
    z = s * s
    p = 0.2857175601752406 + z * (0.22191326486350663 + z * 0.19363858969926467)
    p = (0.6666666666739196 + z * 0.3999999878702274) + (z * z) * p
    return exponent(x) * 0.6931471805599453 + s * (2.0 + z * p)


@inlined
def log10(x: Real) -> Real:
    """Logarithm to base 10."""
    return 0.4342944819032518 * log(x)


@inlined
def exp(x: Real) -> Real:
    """Exponential, for ``|x| < 700``; beyond that as at 700."""
    bounded = larger(smaller(x, 700.0), -700.0)
    k = nearest(bounded * 1.4426950408889634)
    r = (bounded - k * _LN2) - k * _LN2_LOW
    z = r * r
    low = (1.0000000000000135 + r * 0.9999999999797631) + z * (0.49999999999434686 + r * 0.16666666891212853)
    high = (0.041666667042224576 + r * 0.008333266066245787) + z * (
        0.0013888801511435795 + r * 0.00019915883936362226
    )
    return (low + (z * z) * (high + (z * z) * 2.4884566315491146e-05)) * power_of_two(k)


@inlined
def exp10(x: Real) -> Real:
    """``10 ** x``."""
    return exp(x * _LN10)


@inlined
def power(x: Real, y: Real) -> Real:
    """``x ** y`` for x above 0; 0 for x = 0."""
    return where(x > 0.0, exp(y * log(x)), 0.0)


@inlined
def _sine(x: Real, half_turns: Real) -> Real:
    """Sine of ``x + half_turns`` half turns, with the sum of both in [-pi/2, pi/2] but for whole turns."""
    r = x - half_turns * _PI
    z = r * r
    p = 2.7525287119848837e-06 + z * -2.3889498286814805e-08
    p = (0.008333330977502447 + z * -0.00019840861553091618) + (z * z) * p
    odd = magnitude(half_turns - 2.0 * nearest(0.5 * half_turns))
    return (r * ((0.9999999999829696 + z * -0.1666666661691723) + (z * z) * p)) * (1.0 - 2.0 * odd)


@inlined
def sin(x: Real) -> Real:
    """Sine, for ``|x| < 1e4``."""
    return _sine(x, nearest(x * (1.0 / _PI)))


@inlined
def cos(x: Real) -> Real:
    """Cosine, for ``|x| < 1e4``."""
    return sin(x + _HALF_PI)


@inlined
def acos(x: Real) -> Real:
    """Arc cosine."""
    a = magnitude(x)
    q = a * a
    p = 0.005045559903646792 + a * -0.0015934186370941462 + q * 0.00023782906064298012
    p = (0.016689436948294657 + a * -0.010418508892990987) + q * p
    p = (0.0335640078419873 + a * -0.023774520494808726) + q * p
    p = (0.08904778999296414 + a * -0.05077912336505004) + q * p
    right = root(1.0 - a) * ((1.570796326715159 + a * -0.21460181664084546) + q * p)
    return where(x < 0.0, _PI - right, right)


@inlined
def asin(x: Real) -> Real:
    """Arc sine."""
    return _HALF_PI - acos(x)


@inlined
def atan(x: Real) -> Real:
    """Arc tangent."""
    a = magnitude(x)
    steep, very = a > 0.41421356237309503, a > 2.414213562373095
    t = where(very, -1.0, where(steep, a - 1.0, a)) / where(very, a, where(steep, a + 1.0, 1.0))
    z = t * t
    p = 0.1104105412306031 + z * (-0.08459108973404075 + z * 0.04712996899920009)
    p = (0.1999988589853931 + z * -0.14281639256050266) + (z * z) * p
    base = where(very, _HALF_PI, where(steep, _QUARTER_PI, 0.0))
    return with_sign(base + t * ((0.9999999999791285 + z * -0.3333333212787697) + (z * z) * p), x)
