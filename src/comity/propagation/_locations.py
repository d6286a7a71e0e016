"""Small formulas of P.1812-8 over arrays: location variability and field strength."""

from __future__ import annotations

from comity.propagation._combination import normal
from comity.propagation._elementary import log10, power
from comity.propagation._elementwise import elementwise
from comity.propagation._lanes import Real


@elementwise
def location_loss(percent: Real, sigma: Real) -> Real:
    """Location variability Lloc = -I(pL/100) sigma_L [dB]."""
    above = percent > 50.0
    tail = normal(0.01 * (100.0 - percent if above else percent))
    return tail * sigma if above else -tail * sigma


@elementwise
def standard_deviation(frequency_mhz: Real, width_m: Real) -> Real:
    """(0.52 + 0.024 f) wa^0.28 [dB], f in GHz."""
    return (0.52 + 0.024 * (frequency_mhz * 1e-3)) * power(width_m, 0.28)


@elementwise
def field_strength(loss_db: Real, frequency_mhz: Real, erp_kw: Real) -> Real:
    """Field strength Ep of ``erp_kw`` [dB(uV/m)]."""
    return 199.36 + 20.0 * log10(frequency_mhz * 1e-3) - loss_db + 10.0 * log10(erp_kw)
