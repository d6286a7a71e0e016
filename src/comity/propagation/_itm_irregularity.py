"""ITM 1.4: the terrain irregularity parameter delta h of eight profiles at a time.

Delta h is the interdecile range of heights about a line fitted to them. The two deciles are found by counting: how
many samples lie below a guess says between which samples the decile lies, and where to guess next. About five counts
do; the result is the same sample that sorting would give, and all eight profiles count in step without a branch.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comity.propagation import _itm_work as rows
from comity.propagation import _work as w
from comity.propagation._compiled import inlined, kernel
from comity.propagation._elementary import exp, rounded
from comity.propagation._lane_gather import gather_pairs, store_whole
from comity.propagation._lane_memory import any_lane, largest, load, store
from comity.propagation._lanes import Real, lanes, larger, magnitude, root, smaller, where

Float = NDArray[np.float64]
Integer = NDArray[np.int64]

#: Most samples that the model takes of a profile.
MOST = 245
_INF = float("inf")

# the normal distribution, from which the first guesses come: its first decile, and its density there
_DECILE, _DENSITY = 1.2815515655446004, 0.17549833193248685


@inlined
def whole(x: Real) -> Real:
    """Greatest whole number not above x, for x from 0 to 2**51."""
    nearest = rounded(x)
    return where(nearest > x, nearest - 1.0, nearest)


@inlined
def _resample(
    work: Float, samples: Float, places: Integer, z: Float, intervals: Real, count: Real, most: int
) -> tuple[Real, Real]:
    """Take ``count`` heights in even steps; returns the line fitted to them: its height at the first, its slope."""
    xi, n, first = w.row(work, rows.XI), w.row(work, rows.N), w.row(work, rows.FIRST)
    begin = w.row(work, rows.START) / xi
    step = intervals / (count - 1.0)
    half = 0.5 * (count - 1.0)
    for j in range(most):
        at = begin + j * step
        before = larger(smaller(whole(at), n - 1.0), 0.0)
        store_whole(places, 8 * j, first + before)
        store(samples, 8 * j, at - before - 1.0)
    sums = moments = lanes(0.0)
    for j in range(most):
        left, right = gather_pairs(z, places, 8 * j)
        height = right + (right - left) * load(samples, 8 * j)
        store(samples, 8 * j, height)
        at = j - half
        outward = magnitude(at)
        weight = where(outward < half, 1.0, where(outward == half, 0.5, 0.0))
        sums = sums + weight * height
        moments = moments + weight * height * at
    length = count - 1.0
    slope = moments * 12.0 / ((length * length + 2.0) * length)
    return sums / length - slope * half, slope


@inlined
def _above_line(samples: Float, left: Real, slope: Real, count: Real, most: int) -> Real:
    """Turn heights into heights above the line, infinite past the last; returns their standard deviation."""
    squares = lanes(0.0)
    for j in range(most):
        above = load(samples, 8 * j) - (left + j * slope)
        there = count > j
        squares = squares + where(there, above * above, 0.0)
        store(samples, 8 * j, where(there, above, _INF))
    return root(squares / count)


@inlined
def _count(samples: Float, most: int, guess: Real) -> tuple[Real, Real, Real]:
    """How many samples lie below the guess, the greatest of these, and the least of the others."""
    below, under, over = lanes(0.0), lanes(-_INF), lanes(_INF)
    for j in range(most):
        value = load(samples, 8 * j)
        less = value < guess
        below = below + where(less, 1.0, 0.0)
        under = larger(where(less, value, -_INF), under)
        over = smaller(where(less, _INF, value), over)
    return below, under, over


@inlined
def _ranked(samples: Float, most: int, count: Real, rank: Real, guess: Real, per_sample: Real) -> Real:
    """Return the sample with ``rank`` smaller ones, as sorting would give it.

    The sample is among the ``upto - below`` ones from ``low`` to ``high``, both of which are samples. A guess is above
    ``low`` and not above ``high``, so every count brings the two closer. ``per_sample`` is how far apart samples lie
    near the first guess, for the second one.
    """
    low, high, below, upto = lanes(-_INF), lanes(_INF), lanes(0.0), count
    while any_lane(low < high):
        found, under, over = _count(samples, most, guess)
        beyond = found > rank
        low, below = where(beyond, low, over), where(beyond, below, found)
        high, upto = where(beyond, under, high), where(beyond, found, upto)
        low, high = where(found == rank + 1.0, under, low), where(found == rank, over, high)
        between = low + (high - low) * ((rank + 0.5 - below) / (upto - below))
        both = (low > -_INF) & (high < _INF)
        guess = where(both, between, guess + (rank + 0.5 - found) * per_sample)
        guess = smaller(where(guess > low, guess, high), high)
    return low


@kernel
def irregularity(work: Float, samples: Float, places: Integer, z: Float) -> None:
    """Delta h [m] of eight profiles; 0 over less than two intervals."""
    start, end, xi = w.row(work, rows.START), w.row(work, rows.END), w.row(work, rows.XI)
    intervals = end / xi - start / xi
    tenth = smaller(larger(whole(0.1 * (intervals + 8.0)), 4.0), 25.0)
    count = 10.0 * tenth - 5.0
    most = int(largest(count))
    left, slope = _resample(work, samples, places, z, intervals, count, most)
    deviation = _above_line(samples, left, slope, count, most)
    per_sample = deviation / (_DENSITY * count)
    decile = _DECILE * deviation
    low = _ranked(samples, most, count, tenth - 1.0, -decile, per_sample)
    high = _ranked(samples, most, count, count - tenth, decile, per_sample)
    whole_range = (high - low) / (1.0 - 0.8 * exp((start - end) / 50e3))
    w.set_row(work, rows.DELTA_H, where(intervals < 2.0, 0.0, whole_range))
