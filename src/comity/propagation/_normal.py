"""Inverse of the normal distribution, by the rational approximations of ITU-R P.1057, section 3."""

from __future__ import annotations

import math

from numba import njit

from comity.propagation._elementary import log

_LIMIT = 0.02425


@njit(error_model="numpy")
def _inverse_normal(q: float) -> float:
    """Deviate x with P(X <= x) = q for a standard normal X, 0 < q < 1; relative error below 1.2e-9."""
    tail = min(q, 1.0 - q)
    if tail <= _LIMIT:
        x = _tail_deviate(tail)
    else:
        x = _centre_deviate(tail)
    return x if q < 0.5 else -x


@njit(error_model="numpy")
def _tail_deviate(tail: float) -> float:
    t = math.sqrt(-2.0 * log(tail))
    above = 2.938163982698783 + t * (
        4.374664141464968
        + t
        * (
            -2.549732539343734
            + t * (-2.400758277161838 + t * (-0.3223964580411365 + t * -0.007784894002430293))
        )
    )
    below = 1.0 + t * (
        3.754408661907416 + t * (2.445134137142996 + t * (0.3224671290700398 + t * 0.007784695709041462))
    )
    return above / below


@njit(error_model="numpy")
def _centre_deviate(tail: float) -> float:
    y = tail - 0.5
    t = y * y
    above = 2.506628277459239 + t * (
        -30.66479806614716
        + t
        * (138.3577518672690 + t * (-275.9285104469687 + t * (220.9460984245205 + t * -39.69683028665376)))
    )
    below = 1.0 + t * (
        -13.28068155288572
        + t
        * (66.80131188771972 + t * (-155.6989798598866 + t * (161.5858368580409 + t * -54.47609879822406)))
    )
    return y * above / below
