"""ITM 1.4: air, ground and estimated horizons of eight links."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.propagation import _itm_work as rows
from comity.propagation._compiled import inlined, kernel
from comity.propagation._elementary import exp
from comity.propagation._itm_work import Pair
from comity.propagation._lane_memory import any_lane
from comity.propagation._lanes import Real, Truth, larger, root, where
from comity.propagation._work import row

Float = NDArray[np.float64]


class Radio(NamedTuple):
    """Frequency [MHz], effective earth radius [m], surface refractivity [N-units], ground impedance."""

    f: Real
    a_e: Real
    n_s: Real
    z_re: Real
    z_im: Real


@inlined
def surface_refractivity(n_0: Real, height: Real) -> Real:
    """Refractivity at a height above sea level [N-units]: TN 101 (4.3)."""
    return n_0 * exp(height / -9460.0)


@inlined
def effective_earth_radius(n_s: Real) -> Real:
    """Effective earth radius [m]: TN 101 (4.4)."""
    return 1.0 / (157e-9 * (1.0 - 0.04665 * exp(n_s / 179.3)))


@inlined
def ground_impedance(f: Real, permittivity: Real, conductivity: Real, vertical: Truth) -> tuple[Real, Real]:
    """Surface transfer impedance, real and imaginary part: (1.5)."""
    im = 18000.0 * conductivity / f
    x = permittivity - 1.0
    z_re = root(0.5 * (root(x * x + im * im) + x))
    z_im = im / (2.0 * z_re)
    norm = permittivity * permittivity + im * im
    re_over, im_over = (z_re * permittivity + z_im * im) / norm, (z_im * permittivity - z_re * im) / norm
    return where(vertical, re_over, z_re), where(vertical, im_over, z_im)


@inlined
def smooth_distance(h_e: Real, a_e: Real) -> Real:
    """Distance [m] to the horizon over smooth earth."""
    return root(2.0 * h_e * a_e)


@inlined
def rough_distances(h_e: Pair, a_e: Real, delta_h: Real) -> Pair:
    """Distances [m] to the horizons over irregular terrain."""
    tx = smooth_distance(h_e.tx, a_e) * exp(-0.07 * root(delta_h / larger(h_e.tx, 5.0)))
    rx = smooth_distance(h_e.rx, a_e) * exp(-0.07 * root(delta_h / larger(h_e.rx, 5.0)))
    return Pair(tx, rx)


@inlined
def _horizon_angle(h_e: Real, a_e: Real, delta_h: Real, d_hzn: Real) -> Real:
    """Elevation angle [rad] of a horizon whose distance was estimated."""
    d_smooth = smooth_distance(h_e, a_e)
    return (0.65 * delta_h * (d_smooth / d_hzn - 1.0) - 2.0 * h_e) / d_smooth


@inlined
def horizon_angles(h_e: Pair, a_e: Real, delta_h: Real, d_hzn: Pair) -> Pair:
    """Elevation angles [rad] of horizons whose distances were estimated."""
    return Pair(
        _horizon_angle(h_e.tx, a_e, delta_h, d_hzn.tx),
        _horizon_angle(h_e.rx, a_e, delta_h, d_hzn.rx),
    )


@kernel
def estimate_near_horizons(work: Float) -> None:
    """Take the horizons of links well within line of sight from their fitted terrain.

    Where they fall short of each other the effective heights are raised until they meet.
    """
    g, a_e = rows.geometry(work), row(work, rows.A_E)
    near = g.d_hzn.tx + g.d_hzn.rx > 1.5 * g.d
    if any_lane(near):
        d_hzn = rough_distances(g.h_e, a_e, g.delta_h)
        reach = d_hzn.tx + d_hzn.rx
        apart = where(reach <= g.d, g.d / reach, 1.0)
        h_e = Pair(g.h_e.tx * (apart * apart), g.h_e.rx * (apart * apart))
        d_hzn = rough_distances(h_e, a_e, g.delta_h)
        theta = horizon_angles(h_e, a_e, g.delta_h, d_hzn)
        rows.set_pair(work, rows.HE_TX, rows.choose(near, h_e, g.h_e))
        rows.set_pair(work, rows.D_TX, rows.choose(near, d_hzn, g.d_hzn))
        rows.set_pair(work, rows.THETA_TX, rows.choose(near, theta, g.theta_hzn))
