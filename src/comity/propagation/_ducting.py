"""Ducting and layer reflection of eight paths: P.452-18 section 4.4, P.1812-8 section 4.5.

Equation numbers are those of P.452-18; P.1812-8 has the same equations one lower.
"""

from __future__ import annotations

from typing import NamedTuple

from comity.propagation._compiled import inlined
from comity.propagation._diffraction import Radio
from comity.propagation._elementary import exp, exp10, log10, power
from comity.propagation._lanes import Real, larger, root, smaller, where
from comity.propagation._path_geometry import Climate, Geometry


class Ducting(NamedTuple):
    """What does not depend on the time percentage: fixed loss [dB], log10(beta), Gamma, slope of the percentage."""

    fixed: Real
    log_beta: Real
    gamma: Real
    slope: Real


@inlined
def _site_shielding(angle: Real, horizon: Real, f: Real, f_third: Real) -> Real:
    """Return Ast or Asr [dB], (48)."""
    excess = larger(angle - 0.1 * horizon, 0.0)
    return 20.0 * log10(1.0 + 0.361 * excess * root(f * horizon)) + 0.264 * excess * f_third


@inlined
def _sea_coupling(coast: Real, horizon: Real, height: Real, omega: Real) -> Real:
    """Return Act or Acr [dB], (49): -3 exp(-dc^2/4) (1 + tanh(0.07 (50 - h)))."""
    coupled = (coast <= 5.0) & (coast <= horizon) & (omega >= 0.75)
    gain = -6.0 * exp(-0.25 * coast * coast) / (1.0 + exp(-0.14 * (50.0 - height)))
    return where(coupled, gain, 0.0)


@inlined
def _anomalous_incidence(g: Geometry, ae: Real, air: Climate, hm: Real) -> Real:
    """Return log10 of beta [%], (54)-(56)."""
    between = smaller(g.dtot - g.dlt - g.dlr, 40.0)
    ln_mu3 = -4.6e-5 * larger(hm - 10.0, 0.0) * (43.0 + 6.0 * between)  # (56)
    alpha = larger(-0.6 - 3.5e-9 * power(g.dtot, 3.1) * air.tau, -3.4)  # (55a)
    roots = root(g.hte) + root(g.hre)
    log_mu2 = alpha * log10(500.0 / ae * g.dtot * g.dtot / (roots * roots))  # (55)
    return log10(air.b0) + smaller(log_mu2, 0.0) + 0.4342944819032518 * ln_mu3


@inlined
def ducting(g: Geometry, radio: Radio, air: Climate, hm: Real, omega: Real, dct: Real, dcr: Real) -> Ducting:
    """Everything of (46)-(56) but the time percentage; gaseous attenuation is the caller's."""
    f, f_third, ae = radio.f, radio.f_third, radio.ae
    low_band = where(f < 0.5, 45.375 - 137.0 * f + 92.5 * f * f, 0.0)  # (47a)
    shielding = _site_shielding(g.theta_t, g.dlt, f, f_third) + _site_shielding(g.theta_r, g.dlr, f, f_third)
    coupling = _sea_coupling(dct, g.dlt, g.hts, omega) + _sea_coupling(dcr, g.dlr, g.hrs, omega)
    coupled = 102.45 + 20.0 * log10(f * (g.dlt + g.dlr)) + low_band + shielding + coupling  # (47)
    angle = 1000.0 * g.dtot / ae + smaller(g.theta_t, 0.1 * g.dlt) + smaller(g.theta_r, 0.1 * g.dlr)  # (52)
    log_beta = _anomalous_incidence(g, ae, air, hm)
    spread = 9.51 - 4.8 * log_beta + 0.198 * log_beta * log_beta
    gamma = 1.076 * power(2.0058 - log_beta, -1.012) * exp(-1e-6 * spread * power(g.dtot, 1.13))  # (53a)
    return Ducting(coupled + 5e-5 * ae * f_third * angle, log_beta, gamma, 1.2 + 3.7e-3 * g.dtot)


@inlined
def ducting_loss(duct: Ducting, log_p: Real) -> Real:
    """Basic transmission loss of ducting [dB] without gases, for log10(p), (46), (50), (53)."""
    log_ratio = log_p - duct.log_beta
    return duct.fixed - 12.0 + duct.slope * log_ratio + 12.0 * exp10(duct.gamma * log_ratio)
