"""One basic transmission loss from line of sight, diffraction, ducting and troposcatter, for eight paths.

P.452-18 sections 4.1, 4.2.4, 4.3, 4.5; P.1812-8 sections 4.2, 4.3.5, 4.4, 4.6. Equation numbers are P.452-18's.
"""

from __future__ import annotations

from typing import NamedTuple

from comity.propagation._compiled import inlined
from comity.propagation._ducting import Ducting, ducting_loss
from comity.propagation._elementary import exp, exp10, log, log10, power
from comity.propagation._lanes import Real, larger, magnitude, root, smaller, where


class Mechanisms(NamedTuple):
    """All that the losses of one path need whatever the time percentage [dB unless said]."""

    lb_free: Real  # free space with gases
    multipath: Real  # factor of log10(p/50) in Esp
    lb0b: Real
    ld50: Real
    ldb: Real
    duct: Ducting
    duct_gas: Real
    lbs_median: Real  # troposcatter without its time variability
    lbs_slope: Real  # factor of log10(50/p)^0.7
    omega: Real
    b0: Real  # [%]
    normal_b0: Real  # I(beta_0/100)
    fj: Real
    fk: Real


class Losses(NamedTuple):
    """Losses at one time percentage [dB], in the Recommendation's symbols."""

    Lb: Real
    Fi: Real
    Lb0p: Real
    Ldp: Real
    Lbd50: Real
    Lbd: Real
    Lminb0p: Real
    Lba: Real
    Lminbap: Real
    Lbda: Real
    Lbam: Real
    Lbs: Real


@inlined
def normal(x: Real) -> Real:
    """Inverse complementary cumulative normal I(x), approximated as in (172), for x in [1e-6, 0.5]."""
    t = root(-2.0 * log(larger(x, 0.000001)))
    upper = (0.010328 * t + 0.802853) * t + 2.515516698
    return t - upper / (((0.001308 * t + 0.189269) * t + 1.432788) * t + 1.0)


@inlined
def blend(z: Real) -> Real:
    """Return ``1 - (1 + tanh(z)) / 2``, the interpolation of (58) and (59)."""
    return 1.0 / (1.0 + exp(2.0 * z))


@inlined
def multipath_factor(dlt: Real, dlr: Real) -> Real:
    """Factor of log10(p/50) in the multipath and focusing correction, (10)."""
    return 2.6 * (1.0 - exp(-0.1 * (dlt + dlr)))


@inlined
def frequency_loss(f: Real) -> Real:
    """Troposcatter's frequency-dependent loss Lf [dB], (45a)."""
    half = log10(0.5 * f)
    return 25.0 * log10(f) - 2.5 * half * half


@inlined
def soft_minimum(a: Real, b: Real) -> Real:
    """Return eta ln(exp(a/eta) + exp(b/eta)) with eta = 2.5, (61), without overflow."""
    return larger(a, b) + 2.5 * log(1.0 + exp(-0.4 * magnitude(a - b)))


@inlined
def power_sum(a: Real, b: Real) -> Real:
    """Return -5 log10(10^(-0.2 a) + 10^(-0.2 b)), (64), without underflow."""
    return smaller(a, b) - 5.0 * log10(1.0 + exp10(-0.2 * magnitude(a - b)))


@inlined
def losses_at(m: Mechanisms, p: Real) -> Losses:
    """All losses not exceeded for p % of an average year."""
    log_p = log10(p)
    log_p50 = log10(p / 50.0)
    lb0p = m.lb_free + m.multipath * log_p50  # (11)
    beyond = p > m.b0
    fi = where(beyond, normal(0.01 * p) / m.normal_b0, 1.0)  # (41a)
    ldp = m.ld50 + where(p == 50.0, 0.0, fi) * (m.ldb - m.ld50)  # (42)
    lbd50 = m.lb_free + m.ld50
    lbd = lb0p + ldp
    over_land = (1.0 - m.omega) * ldp
    lminb0p = where(beyond, lbd50 + (m.lb0b + over_land - lbd50) * fi, lb0p + over_land)  # (60)
    lba = ducting_loss(m.duct, log_p) + m.duct_gas
    lminbap = soft_minimum(lba, lb0p)
    lbda = where(lminbap <= lbd, lminbap + (lbd - lminbap) * m.fk, lbd)  # (62)
    lbam = lbda + (lminb0p - lbda) * m.fj  # (63)
    lbs = m.lbs_median - m.lbs_slope * power(larger(-log_p50, 0.0), 0.7)  # (45)
    return Losses(power_sum(lbs, lbam), fi, lb0p, ldp, lbd50, lbd, lminb0p, lba, lminbap, lbda, lbam, lbs)
