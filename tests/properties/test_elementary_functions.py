"""The own elementary functions against fifty-digit decimal arithmetic of the standard library."""

import math
from collections.abc import Callable
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit

from comity.propagation import _elementary, _elementary_angles
from comity.propagation._lane_memory import load, store

RNG = np.random.default_rng(20261122)


def sin_cos(x: Decimal) -> tuple[Decimal, Decimal]:
    """Sine and cosine by Taylor series after halving the angle ten times."""
    small = x / 1024
    square, term, sine, cosine, n = small * small, small, Decimal(0), Decimal(1), 1
    while abs(term) > Decimal("1e-60"):
        sine += term
        term *= -square / ((n + 1) * (n + 2))
        n += 2
    term, n, cosine = Decimal(1), 0, Decimal(0)
    while abs(term) > Decimal("1e-60"):
        cosine += term
        term *= -square / ((n + 1) * (n + 2))
        n += 2
    for _ in range(10):
        sine, cosine = 2 * sine * cosine, cosine * cosine - sine * sine
    return sine, cosine


def arc(step: Callable[[Decimal, Decimal, Decimal], Decimal]) -> Callable[[Decimal, float], Decimal]:
    """Inverse of an angle's function: one Newton step from float64 leaves an error of its square."""

    def inverse(x: Decimal, start: float) -> Decimal:
        y = Decimal(start)
        sine, cosine = sin_cos(y)
        return y + step(x, sine, cosine)

    return inverse


ARC = {
    "atan": arc(lambda x, s, c: (x * c - s) / (c + x * s)),
    "asin": arc(lambda x, s, c: (x - s) / c),
    "acos": arc(lambda x, s, c: (c - x) / s),
}
PLAIN = {
    "log": lambda x: x.ln(),
    "log10": lambda x: x.log10(),
    "exp": lambda x: x.exp(),
    "exp10": lambda x: (x * Decimal(10).ln()).exp(),
    "sin": lambda x: sin_cos(x)[0],
    "cos": lambda x: sin_cos(x)[1],
}
GRIDS = {
    "log": [np.exp(RNG.uniform(-700, 700, 700)), RNG.uniform(0.5, 2, 700), 1 + RNG.uniform(-1e-4, 1e-4, 300)],
    "log10": [
        np.exp(RNG.uniform(-700, 700, 700)),
        RNG.uniform(0.5, 2, 700),
        1 + RNG.uniform(-1e-4, 1e-4, 300),
    ],
    "exp": [RNG.uniform(-700, 700, 800), RNG.uniform(-1, 1, 800)],
    "exp10": [RNG.uniform(-300, 300, 800), RNG.uniform(-1, 1, 800)],
    "sin": [RNG.uniform(-10, 10, 400), RNG.uniform(-1e4, 1e4, 80), np.pi * np.arange(1, 20)],
    "cos": [RNG.uniform(-10, 10, 400), RNG.uniform(-1e4, 1e4, 80), np.pi * (np.arange(20) + 0.5)],
    "atan": [RNG.uniform(-3, 3, 400), np.exp(RNG.uniform(-20, 20, 200))],
    "asin": [RNG.uniform(-0.999, 0.999, 500)],
    "acos": [RNG.uniform(-0.999, 0.999, 500)],
}


def of(name: str) -> Callable[..., np.ndarray]:
    """Return the function over arrays, eight lanes at a time, after checking that one lane alone agrees."""
    function = getattr(_elementary, name, None) or getattr(_elementary_angles, name)

    @njit(error_model="numpy")
    def wide(x: np.ndarray, out: np.ndarray) -> None:
        for i in range(0, x.size, 8):
            store(out, i, function(load(x, i)))

    @njit(error_model="numpy")
    def narrow(x: np.ndarray, out: np.ndarray) -> None:
        for i in range(x.size):
            out[i] = function(x[i])

    def call(values: np.ndarray) -> np.ndarray:
        x = np.concatenate([values, np.ones(-len(values) % 8)])
        out, single = np.empty_like(x), np.empty_like(x)
        wide(x, out)
        narrow(x, single)
        np.testing.assert_array_equal(out, single)
        return out[: len(values)]

    return call


def errors_in_ulp(found: np.ndarray, exact: list[Decimal]) -> list[float]:
    return [float(abs(Decimal(float(a)) - b) / Decimal(math.ulp(float(b)))) for a, b in zip(found, exact)]


@pytest.mark.parametrize("name", GRIDS)
def test_at_most_one_unit_in_the_last_place(name: str) -> None:
    x = np.concatenate(GRIDS[name])
    found = of(name)(x)
    with localcontext(prec=60):
        if name in ARC:
            exact = [ARC[name](Decimal(float(v)), float(y)) for v, y in zip(x, found)]
        else:
            exact = [PLAIN[name](Decimal(float(v))) for v in x]
        assert max(errors_in_ulp(found, exact)) <= 1.0


def test_power_is_within_one_unit_in_the_last_place() -> None:
    x, y = np.exp(RNG.uniform(-20, 20, 1600)), RNG.uniform(-12, 12, 1600)

    @njit(error_model="numpy")
    def wide(x: np.ndarray, y: np.ndarray, out: np.ndarray) -> None:
        for i in range(0, x.size, 8):
            store(out, i, _elementary.power(load(x, i), load(y, i)))

    found = np.empty_like(x)
    wide(x, y, found)
    with localcontext(prec=60):
        exact = [(Decimal(float(b)) * Decimal(float(a)).ln()).exp() for a, b in zip(x, y)]
        assert max(errors_in_ulp(found, exact)) <= 1.0


def test_edges_are_what_ieee_expects() -> None:
    edge = np.array([0.0, -1.0, np.inf, np.nan, 5e-324])
    np.testing.assert_array_equal(of("log")(edge)[:4], [-np.inf, np.nan, np.inf, np.nan])
    np.testing.assert_array_equal(of("log10")(edge)[:4], [-np.inf, np.nan, np.inf, np.nan])
    assert of("log")(edge)[4] == pytest.approx(math.log(5e-324), rel=1e-15)
    np.testing.assert_array_equal(
        of("exp")(np.array([-np.inf, np.inf, np.nan, 0.0])), [0.0, np.inf, np.nan, 1.0]
    )
    np.testing.assert_array_equal(of("asin")(np.array([-1.0, 0.0, 1.0])), [-np.pi / 2, 0.0, np.pi / 2])
    np.testing.assert_array_equal(of("acos")(np.array([-1.0, 1.0])), [np.pi, 0.0])
    np.testing.assert_array_equal(of("atan")(np.array([-np.inf, np.inf])), [-np.pi / 2, np.pi / 2])


@given(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3))
def test_atan2_points_where_it_should(y: float, x: float) -> None:
    if x == 0.0 and y == 0.0:
        assert (
            ATAN2(y, x) == 0.0
        )  # the origin has no direction; IEEE's answer hangs on the signs of its zeros
        return
    assert ATAN2(y, x) == pytest.approx(math.atan2(abs(y), x) * math.copysign(1.0, y), rel=4e-16, abs=1e-300)


@njit(error_model="numpy")
def ATAN2(y: float, x: float) -> float:
    return _elementary_angles.atan2(y, x)
