"""One site asked under another regime: the application put into that regime's own terms, every step noted.

Pure rules: band, channel width, product, units of licence and power are taken from the pack's facts and
formulas. Nothing is invented that the applicant did not state; what a regime needs to know and the
application does not say stays unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil, cos, radians, sqrt
from typing import Any

from comity.rules.evaluate import normalised
from comity.rules.fees import eirp_limit_dbm
from comity.rules.pack import RulePack
from comity.rules.text import Text

_METRES_PER_DEGREE = 111_195.0
MID_BAND_MHZ = 4_000.0
"""Frequency taken where an application names neither channel nor a band that its regime knows [MHz]."""


@dataclass(frozen=True, slots=True)
class Adapted:
    """An application in a regime's terms: fields, derived values, and what had to be changed."""

    application: Mapping[str, Any]
    derived: Mapping[str, Any]
    notes: tuple[Text, ...]


def variants(
    pack: RulePack,
    application: Mapping[str, Any],
    derived: Mapping[str, Any],
    on: date,
    wanted_mhz: float,
) -> list[Adapted]:
    """Return the application under every product of the band that fits it best.

    An application that was written for this regime is returned as it is.

    Parameters
    ----------
    wanted_mhz : frequency that the application is about [MHz], see :func:`wish_mhz`
    """
    source = normalised(application)
    if source.get("regime") == pack.id:
        note = _note_band(pack, source["radio"]["band"], source.get("product"))
        return [Adapted(source, dict(derived), (note,))]
    asked = float(source["radio"]["bandwidth_mhz"])
    bands = sorted(_strings(pack, "band.ids", on), key=lambda band: _miss(pack, band, asked, wanted_mhz, on))
    products: tuple[str | None, ...] = _strings(pack, "product.ids", on) or (None,)
    found = []
    for band in bands[:1]:
        for product in products:
            offered = _strings(pack, f"band.{band}.products", on)
            if product is None or not offered or product in offered:
                found.append(_adapted(pack, source, derived, on, band, product))
    return found or [Adapted(source, dict(derived), ())]


def wish_mhz(application: Mapping[str, Any], home: RulePack | None, on: date) -> float:
    """Return the frequency that an application is about [MHz]: its first wish, else its band's centre."""
    wishes = application["radio"].get("channels") or ()
    if wishes:
        return (float(wishes[0]["low_mhz"]) + float(wishes[0]["high_mhz"])) / 2
    centre = None if home is None else _centre_mhz(home, application["radio"]["band"], on)
    return MID_BAND_MHZ if centre is None else centre


def _adapted(
    pack: RulePack,
    source: Mapping[str, Any],
    derived: Mapping[str, Any],
    on: date,
    band: str,
    product: str | None,
) -> Adapted:
    notes = [_note_band(pack, band, product)]
    asked = float(source["radio"]["bandwidth_mhz"])
    width = _width_mhz(pack, band, asked, on)
    if width is not None and width != asked:
        notes.append(Text(f"{width:g} MHz instead of {asked:g} MHz", f"以 {width:g} MHz 代替 {asked:g} MHz"))
    radio = {**source["radio"], "band": band, "bandwidth_mhz": width or asked, "channels": ()}
    party = {**source.get("party", {}), "country": pack.country}
    if party["country"] != source.get("party", {}).get("country"):
        notes.append(Text("applicant taken as a local party", "申請人視為當地主體"))
    changed = {
        **source,
        "regime": pack.id,
        "product": product,
        "radio": radio,
        "party": party,
        "documents": (),
    }
    numbers = dict(derived)
    _fit_units(pack, changed, numbers, product, on, notes)
    _fit_power(pack, changed, band, product, on, notes)
    _fit_term(changed, numbers, notes)
    return Adapted(changed, numbers, tuple(notes))


def _note_band(pack: RulePack, band: str, product: str | None) -> Text:
    words = [pack.words.get(code, Text(code, code)) for code in (band, product) if code]
    return Text(", ".join(w.en for w in words), "，".join(w.zh for w in words))


def _fit_units(
    pack: RulePack,
    changed: dict[str, Any],
    numbers: dict[str, Any],
    product: str | None,
    on: date,
    notes: list[Text],
) -> None:
    """A product sold by the circle or by the station is taken as often as the site needs."""
    radius = pack.find_fact(f"product.{product}.radius_m", on)
    most = pack.find_fact(f"product.{product}.stations_max", on)
    if radius is not None and isinstance(radius.value, int | float):
        count = circles_over(changed["site"], float(radius.value))
        changed["site"] = {**changed["site"], "radius_m": float(radius.value)}
        numbers["licence_units"] = count
        if count is not None and count > 1:
            notes.append(
                Text(
                    f"{count} circles of {radius.value:g} m", f"{count} 個半徑 {radius.value:g} m 之圓形範圍"
                )
            )
    elif most is not None and isinstance(most.value, int) and numbers.get("station_count"):
        count = ceil(numbers["station_count"] / most.value)
        numbers["licence_units"], numbers["station_count"] = count, min(most.value, numbers["station_count"])
        if count > 1:
            notes.append(Text(f"{count} licences, one a station", f"{count} 張執照，每座基地臺一張"))


def circles_over(site: Mapping[str, Any], radius_m: float) -> int | None:
    """Return how many circles of ``radius_m`` cover the box around a site without gaps, in rows.

    The circles stand on a square grid of pitch ``radius_m`` times the square root of 2, which leaves no gap.
    """
    if site.get("polygon"):
        latitudes = [float(corner[0]) for corner in site["polygon"]]
        longitudes = [float(corner[1]) for corner in site["polygon"]]
        height_m = (max(latitudes) - min(latitudes)) * _METRES_PER_DEGREE
        narrowing = cos(radians((max(latitudes) + min(latitudes)) / 2))
        width_m = (max(longitudes) - min(longitudes)) * _METRES_PER_DEGREE * narrowing
    elif site.get("radius_m"):
        if float(site["radius_m"]) <= radius_m:
            return 1
        width_m = height_m = 2 * float(site["radius_m"])
    else:
        return None
    pitch_m = radius_m * sqrt(2)
    return max(1, ceil(round(width_m / pitch_m, 6))) * max(1, ceil(round(height_m / pitch_m, 6)))


def _fit_power(
    pack: RulePack, changed: dict[str, Any], band: str, product: str | None, on: date, notes: list[Text]
) -> None:
    limit = eirp_limit_dbm(pack, band, product, changed["radio"]["bandwidth_mhz"], on)
    if limit is None or limit.value is None:
        return
    stations = changed.get("stations", ())
    cut = [s for s in stations if float(s["eirp_dbm"]) > limit.value]
    if cut:
        top = max(float(s["eirp_dbm"]) for s in cut)
        notes.append(
            Text(f"EIRP cut from {top:g} to {limit.value:g} dBm", f"EIRP 由 {top:g} 降為 {limit.value:g} dBm")
        )
        changed["stations"] = tuple(
            {**s, "eirp_dbm": min(float(s["eirp_dbm"]), limit.value)} for s in stations
        )


def _fit_term(changed: dict[str, Any], numbers: dict[str, Any], notes: list[Text]) -> None:
    if changed.get("term", {}).get("end") is None:
        numbers.update(days=365, term_years=1.0, month_span=12)
        notes.append(Text("no end stated: 1 year for fees", "未載明末日：費用以 1 年計"))


def _strings(pack: RulePack, fact_id: str, on: date) -> tuple[str, ...]:
    fact = pack.find_fact(fact_id, on)
    return tuple(str(v) for v in fact.value) if fact is not None and isinstance(fact.value, tuple) else ()


def _width_mhz(pack: RulePack, band: str, asked: float, on: date) -> float | None:
    """The widest channel on offer that is not wider than asked, else the narrowest; ``None``: not known."""
    fact = pack.find_fact(f"band.{band}.bandwidths_mhz", on)
    values = fact.value if fact is not None and isinstance(fact.value, tuple) else ()
    offered = sorted(float(v) for v in values if isinstance(v, int | float))
    narrower = [width for width in offered if width <= asked]
    return narrower[-1] if narrower else (offered[0] if offered else None)


def _miss(
    pack: RulePack, band: str, asked_mhz: float, wanted_mhz: float, on: date
) -> tuple[bool, float, float]:
    """How far a band misses the wish: an octave away is another kind of network; then width; then frequency."""
    centre = _centre_mhz(pack, band, on)
    width = _width_mhz(pack, band, asked_mhz, on)
    if centre is None:
        return True, 0.0, 0.0
    far = max(centre, wanted_mhz) >= 2 * min(centre, wanted_mhz)
    return far, abs((width or 0.0) - asked_mhz), abs(centre - wanted_mhz)


def _centre_mhz(pack: RulePack, band: str, on: date) -> float | None:
    edges = [pack.find_fact(f"band.{band}.{edge}_mhz", on) for edge in ("low", "high")]
    values = [float(e.value) for e in edges if e is not None and isinstance(e.value, int | float)]
    return sum(values) / len(values) if values else None
