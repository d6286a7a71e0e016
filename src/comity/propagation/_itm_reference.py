"""ITM 1.4: reference attenuation of eight links over the three regions, with what the model warns of or refuses."""

from __future__ import annotations

from comity.propagation._compiled import inlined
from comity.propagation._elementary import log
from comity.propagation._itm_diffraction import Horizons, diffraction, horizon_terms
from comity.propagation._itm_geometry import Radio, smooth_distance
from comity.propagation._itm_scatter import scatter
from comity.propagation._itm_sight import Line, within_sight
from comity.propagation._itm_work import Geometry
from comity.propagation._lane_memory import any_lane
from comity.propagation._lanes import Real, Truth, lanes, larger, magnitude, where

LINE_OF_SIGHT, DIFFRACTION, TROPOSCATTER = 1.0, 2.0, 3.0
OK, REFRACTIVITY, EARTH_RADIUS, GROUND = 0.0, 1.0, 2.0, 3.0


@inlined
def _flag(bit: float, holds: Truth) -> Real:
    return where(holds, lanes(bit), 0.0)


@inlined
def _end_warnings(theta_hzn: Real, d_hzn: Real, h_e: Real, a_e: Real, times: float) -> Real:
    """Flags of one terminal's horizon: the transmitter's bits ``times`` 1, the receiver's 2."""
    smooth = smooth_distance(h_e, a_e)
    return (
        _flag(0x0080 * times, magnitude(theta_hzn) > 200e-3)
        + _flag(0x0200 * times, d_hzn < 0.1 * smooth)
        + _flag(0x0800 * times, d_hzn > 3.0 * smooth)
    )


@inlined
def warnings(g: Geometry, r: Radio) -> Real:
    """Flags for parameters near the model's limits, as their sum."""
    return (
        _end_warnings(g.theta_hzn.tx, g.d_hzn.tx, g.h_e.tx, r.a_e, 1.0)
        + _end_warnings(g.theta_hzn.rx, g.d_hzn.rx, g.h_e.rx, r.a_e, 2.0)
        + _flag(0x4000, r.n_s < 250.0)
        + _flag(0x0020, g.d < magnitude(g.h_e.tx - g.h_e.rx) / 200e-3)
        + _flag(0x0040, g.d < 1e3)
        + _flag(0x0008, g.d > 1000e3)
        + _flag(0x0010, g.d > 2000e3)
        + _flag(0x0001, (g.h.tx < 1.0) | (g.h.tx > 1000.0))
        + _flag(0x0002, (g.h.rx < 1.0) | (g.h.rx > 1000.0))
        + _flag(0x0004, (r.f < 40.0) | (r.f > 10_000.0))
    )


@inlined
def refusal(r: Radio) -> Real:
    """Why the model does not apply, or OK."""
    code = where(r.z_re <= magnitude(r.z_im), lanes(GROUND), OK)
    code = where((r.a_e < 4_000_000.0) | (r.a_e > 13_333_333.0), EARTH_RADIUS, code)
    return where((r.n_s < 150.0) | (r.n_s > 400.0), REFRACTIVITY, code)


@inlined
def _beyond_sight(g: Geometry, r: Radio, hzn: Horizons, line: Line) -> tuple[Real, Real]:
    """Attenuation and mode beyond the smooth-earth horizon: diffraction, or scatter where that is less."""
    d_5, d_6 = hzn.d_max + 200e3, hzn.d_max + 400e3
    a_6, h_0 = scatter(d_6, g, r, hzn, lanes(-1.0))
    a_5, _ = scatter(d_5, g, r, hzn, h_0)
    defined = a_5 < 1000.0
    slope = where(defined, (a_6 - a_5) / 200e3, line.slope)
    meeting = (a_5 - line.intercept - slope * d_5) / (line.slope - slope)
    d_x = larger(larger(hzn.d_smooth, hzn.d_max + 1.088 * hzn.scale * log(r.f)), meeting)
    d_x = where(defined, d_x, 10e6)
    by_diffraction = line.slope * g.d + line.intercept
    by_scatter = where(defined, slope * g.d + ((line.slope - slope) * d_x + line.intercept), by_diffraction)
    farther = g.d > d_x
    return where(farther, by_scatter, by_diffraction), where(farther, lanes(TROPOSCATTER), DIFFRACTION)


@inlined
def reference_attenuation(g: Geometry, r: Radio, c: float) -> tuple[Real, Real]:
    """Reference attenuation [dB], 0 or more or not a number, and the mode of propagation.

    ``c`` as in :func:`~comity.propagation._itm_diffraction.horizon_terms`.
    """
    hzn = horizon_terms(g, r, c)
    d_3 = larger(hzn.d_smooth, hzn.d_max + 5.0 * hzn.scale)
    d_4 = d_3 + 10.0 * hzn.scale
    a_3, a_4 = diffraction(d_3, g, r, hzn), diffraction(d_4, g, r, hzn)
    slope = (a_4 - a_3) / (d_4 - d_3)
    line = Line(slope, a_3 - slope * d_3)
    sight = g.d < hzn.d_smooth
    loss, mode = lanes(0.0), lanes(LINE_OF_SIGHT)
    if any_lane(sight):
        loss = within_sight(g, r, hzn, line)
    if any_lane(g.d >= hzn.d_smooth):
        beyond, region = _beyond_sight(g, r, hzn, line)
        loss, mode = where(sight, loss, beyond), where(sight, mode, region)
    return where(loss < 0.0, 0.0, loss), mode
