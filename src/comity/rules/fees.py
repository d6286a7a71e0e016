"""Fees, by the formulas of the pack. A fee whose table was not obtained is unknown, never zero."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from comity.rules.compute import Computed, compute
from comity.rules.pack import RulePack

CURRENCIES = ("GBP", "EUR", "TWD", "SEK", "NOK")


def fees(
    pack: RulePack, application: Mapping[str, Any], derived: Mapping[str, Any], on: date
) -> tuple[Computed, ...]:
    """Return every fee that the pack knows for this application, in its order; days and factors left out."""
    return tuple(
        compute(pack, formula.id, application, derived, on)
        for formula in pack.formulas
        if formula.id.startswith("fee.") and formula.unit in CURRENCIES and formula.dated.holds_on(on)
    )


def total_fee(
    pack: RulePack, application: Mapping[str, Any], derived: Mapping[str, Any], on: date
) -> Computed | None:
    """Return the fee of the whole application (``fee.total``), or ``None`` where the pack has no total."""
    if pack.formula("fee.total", on) is None:
        return None
    return compute(pack, "fee.total", application, derived, on)


def eirp_limit_dbm(
    pack: RulePack, band: str, product: str | None, bandwidth_mhz: float, on: date
) -> Computed | None:
    """Return the greatest base-station EIRP [dBm] for a bandwidth [MHz], or ``None`` where none is stated."""
    if pack.formula("limit.eirp_dbm", on) is None:
        return None
    radio = {"band": band, "bandwidth_mhz": float(bandwidth_mhz)}
    return compute(pack, "limit.eirp_dbm", {"product": product, "radio": radio}, {}, on)
