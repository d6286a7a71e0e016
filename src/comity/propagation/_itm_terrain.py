"""ITM 1.4: what the model reads from a terrain profile (horizons, effective heights, terrain irregularity).

Names follow Hufford, "The ITS Irregular Terrain Model, version 1.2.2: the algorithm". ``z`` holds the heights of
one profile, ``n = len(z) - 1`` intervals of ``xi`` metres; a pair is (transmitter, receiver).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from comity.propagation._elementary import exp
from comity.propagation._lanes import Real

Float = NDArray[np.float64]
Pair = tuple[float, float]


@njit(error_model="numpy")
def _horizons(z: Float, xi: float, a_e: float, h: Pair) -> tuple[Pair, Pair]:
    """Horizon angles [rad] and distances [m] of both terminals."""
    n = z.size - 1
    d = n * xi
    z_tx, z_rx = z[0] + h[0], z[n] + h[1]
    theta_tx = (z_rx - z_tx) / d - d / (2.0 * a_e)
    theta_rx = -(z_rx - z_tx) / d - d / (2.0 * a_e)
    d_tx = d_rx = d
    x_tx, x_rx = 0.0, d
    for i in range(1, n):
        x_tx += xi
        x_rx -= xi
        towards_rx = (z[i] - z_tx) / x_tx - x_tx / (2.0 * a_e)
        towards_tx = -(z_rx - z[i]) / x_rx - x_rx / (2.0 * a_e)
        if towards_rx > theta_tx:
            theta_tx, d_tx = towards_rx, x_tx
        if towards_tx > theta_rx:
            theta_rx, d_rx = towards_tx, x_rx
    return (theta_tx, theta_rx), (d_tx, d_rx)


@njit(error_model="numpy")
def _fitted_line(z: Float, xi: float, start: float, end: float) -> Pair:
    """Least-squares line through the heights between two distances: its heights at both ends of the profile."""
    n = z.size - 1
    first = int(max(start / xi, 0.0))
    last = n - int(max(n - end / xi, 0.0))
    if last <= first:
        first = int(max(first - 1.0, 0.0))
        last = n - int(max(n - (last + 1.0), 0.0))
    length = float(last - first)
    shifted = -0.5 * length
    shifted_end = last + shifted
    total = 0.5 * (z[first] + z[last])
    moment = 0.5 * (z[first] - z[last]) * shifted
    for i in range(first + 1, last):
        shifted += 1.0
        total += z[i]
        moment += z[i] * shifted
    mean = total / length
    slope = moment * 12.0 / ((length * length + 2.0) * length)
    return mean - slope * shifted_end, mean + slope * (n - shifted_end)


@njit(error_model="numpy")
def _terrain_irregularity(z: Float, xi: float, start: float, end: float) -> Real:
    """Terrain irregularity parameter delta h [m]: the interdecile range about a fitted line."""
    x, x_end = start / xi, end / xi
    if x_end - x < 2.0:
        return 0.0
    tenth = min(max(4, int(0.1 * (x_end - x + 8.0))), 25)
    count = 10 * tenth - 5
    heights = _resampled(z, x, (x_end - x) / (count - 1.0), count)
    left, right = _fitted_line(heights, 1.0, 0.0, count - 1.0)
    step = (right - left) / (count - 1.0)
    for j in range(count):
        heights[j] -= left
        left += step
    low = _select(heights, tenth - 1, 0)
    interdecile = _select(heights, count - tenth, tenth) - low
    return interdecile / (1.0 - 0.8 * exp(-(end - start) / 50e3))


@njit(error_model="numpy")
def _select(values: Float, k: int, first: int) -> Real:
    """The value that would stand at ``k`` if ``values`` were sorted; moves them, from ``first`` on."""
    left, right = first, values.size - 1
    while left < right:
        pivot = values[(left + right) // 2]
        i, j = left, right
        while i <= j:
            while values[i] < pivot:
                i += 1
            while pivot < values[j]:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i, j = i + 1, j - 1
        if k <= j:
            right = j
        elif k >= i:
            left = i
        else:
            break
    return values[k]


@njit(error_model="numpy")
def _resampled(z: Float, x: float, step: float, count: int) -> Float:
    """``count`` heights from index ``x`` on, ``step`` apart."""
    n = z.size - 1
    heights = np.empty(count)
    i = int(x)
    x -= i + 1.0
    for j in range(count):
        while x > 0.0 and i + 1 < n:
            x -= 1.0
            i += 1
        heights[j] = z[i + 1] + (z[i + 1] - z[i]) * x
        x += step
    return heights


@njit(error_model="numpy")
def _smooth_horizon(h_e: float, a_e: float, delta_h: float) -> Real:
    """Distance [m] to the horizon over irregular terrain."""
    return math.sqrt(2.0 * h_e * a_e) * exp(-0.07 * math.sqrt(delta_h / max(h_e, 5.0)))


@njit(error_model="numpy")
def _horizon_angle(h_e: float, a_e: float, delta_h: float, d_hzn: float) -> float:
    """Elevation angle [rad] of a horizon whose distance was estimated."""
    d_smooth = math.sqrt(2.0 * h_e * a_e)
    return (0.65 * delta_h * (d_smooth / d_hzn - 1.0) - 2.0 * h_e) / d_smooth


@njit(error_model="numpy")
def _profile_parameters(z: Float, xi: float, a_e: float, h: Pair) -> tuple[Pair, Pair, Pair, float]:
    """Horizon angles, horizon distances, effective heights and delta h of a profile."""
    n = z.size - 1
    d = n * xi
    theta, d_hzn = _horizons(z, xi, a_e, h)
    start = min(15.0 * h[0], 0.1 * d_hzn[0])
    end = d - min(15.0 * h[1], 0.1 * d_hzn[1])
    delta_h = _terrain_irregularity(z, xi, start, end)
    if d_hzn[0] + d_hzn[1] <= 1.5 * d:
        fit_tx, _ = _fitted_line(z, xi, start, 0.9 * d_hzn[0])
        _, fit_rx = _fitted_line(z, xi, d - 0.9 * d_hzn[1], end)
        return theta, d_hzn, (h[0] + max(z[0] - fit_tx, 0.0), h[1] + max(z[n] - fit_rx, 0.0)), delta_h

    # well within line of sight: horizons are those of the fitted terrain
    fit_tx, fit_rx = _fitted_line(z, xi, start, end)
    h_tx, h_rx = h[0] + max(z[0] - fit_tx, 0.0), h[1] + max(z[n] - fit_rx, 0.0)
    d_tx, d_rx = _smooth_horizon(h_tx, a_e, delta_h), _smooth_horizon(h_rx, a_e, delta_h)
    if d_tx + d_rx <= d:
        q = d / (d_tx + d_rx)
        h_tx, h_rx = h_tx * (q * q), h_rx * (q * q)
        d_tx, d_rx = _smooth_horizon(h_tx, a_e, delta_h), _smooth_horizon(h_rx, a_e, delta_h)
    angles = (_horizon_angle(h_tx, a_e, delta_h, d_tx), _horizon_angle(h_rx, a_e, delta_h, d_rx))
    return angles, (d_tx, d_rx), (h_tx, h_rx), delta_h


@njit(error_model="numpy")
def _mean_height(z: Float) -> float:
    """Mean height [m] of the profile without its first and last tenth."""
    n = z.size - 1
    tenth = int(0.1 * n)
    total = 0.0
    for i in range(tenth, n - tenth + 1):
        total += z[i]
    return total / (n - 2 * tenth + 1)
