"""ITM 1.4, area mode: horizons and effective heights from siting criteria instead of a profile."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comity.propagation import _itm_work as rows
from comity.propagation._compiled import inlined
from comity.propagation._elementary import exp
from comity.propagation._elementary_angles import sin
from comity.propagation._itm_geometry import horizon_angles, rough_distances
from comity.propagation._itm_work import Pair
from comity.propagation._lanes import Real, larger, smaller, where
from comity.propagation._work import row

Float = NDArray[np.float64]

_TENTH_PI = 0.3141592653589793


@inlined
def _effective_height(siting: Real, h: Real, delta_h: Real) -> Real:
    """Effective height [m] of an antenna sited at random (0), carefully (1) or very carefully (2)."""
    b = where(siting == 1.0, 4.0, 9.0)
    b = where(h < 5.0, b * sin(_TENTH_PI * h), b)
    raised = h + (1.0 + b) * exp(-smaller(20.0, 2.0 * h / larger(1e-3, delta_h)))
    return where(siting == 0.0, h, raised)


@inlined
def set_area_geometry(work: Float, siting: Pair) -> None:
    """Write horizons and effective heights of paths of which only length and terrain irregularity are known."""
    a_e, delta_h, h = row(work, rows.A_E), row(work, rows.DELTA_H), rows.pair(work, rows.H_TX)
    h_e = Pair(
        _effective_height(siting.tx, h.tx, delta_h),
        _effective_height(siting.rx, h.rx, delta_h),
    )
    d_hzn = rough_distances(h_e, a_e, delta_h)
    rows.set_pair(work, rows.HE_TX, h_e)
    rows.set_pair(work, rows.D_TX, d_hzn)
    rows.set_pair(work, rows.THETA_TX, horizon_angles(h_e, a_e, delta_h, d_hzn))
