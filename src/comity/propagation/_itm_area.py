"""ITM 1.4, area mode: horizons and effective heights from siting criteria instead of a profile."""

from __future__ import annotations

import math

from numba import njit

from comity.propagation._elementary import exp
from comity.propagation._elementary_angles import sin
from comity.propagation._itm_terrain import Pair, _horizon_angle, _smooth_horizon
from comity.propagation._lanes import Real


@njit(error_model="numpy")
def _effective_height(siting: int, h: float, delta_h: float) -> Real:
    """Effective height [m] of an antenna sited at random (0), carefully (1) or very carefully (2)."""
    if siting == 0:
        return h
    b = 4.0 if siting == 1 else 9.0
    if h < 5.0:
        b *= sin(0.1 * math.pi * h)
    return h + (1.0 + b) * exp(-min(20.0, 2.0 * h / max(1e-3, delta_h)))


@njit(error_model="numpy")
def _area_parameters(siting: tuple[int, int], a_e: float, h: Pair, delta_h: float) -> tuple[Pair, Pair, Pair]:
    """Horizon angles, horizon distances and effective heights of two terminals."""
    h_tx, h_rx = _effective_height(siting[0], h[0], delta_h), _effective_height(siting[1], h[1], delta_h)
    d_tx, d_rx = _smooth_horizon(h_tx, a_e, delta_h), _smooth_horizon(h_rx, a_e, delta_h)
    angles = (_horizon_angle(h_tx, a_e, delta_h, d_tx), _horizon_angle(h_rx, a_e, delta_h, d_rx))
    return angles, (d_tx, d_rx), (h_tx, h_rx)
