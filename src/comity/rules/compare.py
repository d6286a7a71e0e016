"""Every regime's answer for the same site, side by side. Rules only: coordination is left to a decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from comity.rules.adapt import Adapted, variants, wish_mhz
from comity.rules.compute import Computed
from comity.rules.evaluate import evaluate
from comity.rules.fees import eirp_limit_dbm, fees, total_fee
from comity.rules.finding import Finding, Outcome
from comity.rules.pack import RulePack
from comity.rules.sentence import NOT_OBTAINED, quantity, shown
from comity.rules.text import Text
from comity.rules.vocabulary import ENGINEERED, label

DECIDING = ("eligibility", "review", "radio", "siting", "term", "procedure", "coordination")
"""Kinds of rules that say whether something is allowed; papers can still be filed."""

_RANK = {"yes": 0, "unknown": 1, "no": 2}
_STARTS = ("filed_complete", "letter_and_certificate_received", "certificate_issued", "licence_issued")


@dataclass(frozen=True, slots=True)
class RegimeAnswer:
    """What one regime says of the site.

    Parameters
    ----------
    regime, title, revision : which rules
    scope : ``full``, or ``brief`` where the pack holds only part of the regime
    allowed : ``yes``, ``no`` or ``unknown``, as far as rules go
    terms : band, product and what had to be changed to ask under this regime
    power : the limit on power or level, in words
    eirp_limit_dbm : greatest EIRP of a base station [dBm], ``None`` where the regime states none
    bandwidth_mhz : width asked under this regime [MHz]
    fee : fee in words; unknown is said to be unknown
    fee_amounts : least and greatest amount; equal where the fee is certain, empty where it is unknown
    currency : of the amounts
    term : longest term, in words
    documents : what must be filed; ``perhaps`` what depends on values not known yet
    clocks : periods of the procedure
    reasons : findings that say no, or that cannot be decided for want of a statement
    to_compute : values that only coordination can give
    assumptions : ids of facts that are assumptions or pending
    """

    regime: str
    title: Text
    revision: int
    scope: str
    allowed: str
    terms: tuple[Text, ...]
    power: Text
    eirp_limit_dbm: float | None
    bandwidth_mhz: float
    fee: Text
    fee_amounts: tuple[float, ...]
    currency: str
    term: Text
    documents: tuple[Text, ...]
    perhaps: tuple[Text, ...]
    clocks: tuple[Text, ...]
    reasons: tuple[Finding, ...]
    to_compute: tuple[Text, ...]
    assumptions: tuple[str, ...]


def compare(
    packs: Iterable[RulePack], application: Mapping[str, Any], derived: Mapping[str, Any], on: date
) -> list[RegimeAnswer]:
    """Return the answer of every pack that is in force, in order.

    Parameters
    ----------
    packs : regimes to ask
    application : as filed under its own regime
    derived : values that follow from the application alone (area, counts, term); engine values are not used
    on : the day whose law applies
    """
    asked = [pack for pack in packs if pack.is_in_force(on)]
    home = next((pack for pack in asked if pack.id == application.get("regime")), None)
    wanted_mhz = wish_mhz(application, home, on)
    known = {name: value for name, value in derived.items() if f"derived.{name}" not in ENGINEERED}
    return [answer(pack, application, known, on, wanted_mhz) for pack in asked]


def answer(
    pack: RulePack, application: Mapping[str, Any], derived: Mapping[str, Any], on: date, wanted_mhz: float
) -> RegimeAnswer:
    """Return the answer of one regime: of what its bands and products offer, the kindest, then the cheapest."""
    found = [_answer(pack, adapted, on) for adapted in variants(pack, application, derived, on, wanted_mhz)]
    return min(found, key=lambda a: (_RANK[a.allowed], not a.fee_amounts, a.fee_amounts))


def _answer(pack: RulePack, adapted: Adapted, on: date) -> RegimeAnswer:
    application, derived = adapted.application, adapted.derived
    findings = evaluate(pack, application, derived, on)
    deciding = [f for f in findings if f.details["kind"] in DECIDING and f.details["severity"] != "info"]
    refused = [f for f in deciding if f.outcome is Outcome.FAIL]
    unsure = [f for f in deciding if f.outcome is Outcome.UNKNOWN and not _waits_for_engines(f)]
    waiting = {name for f in findings for name in _missing(f) if name in ENGINEERED}
    radio, product = application["radio"], application.get("product")
    limit = eirp_limit_dbm(pack, radio["band"], product, radio["bandwidth_mhz"], on)
    fee, amounts, currency, computed = _fee(pack, application, derived, on)
    doubtful = {name for f in findings for name in f.assumptions} | {
        n for c in computed for n in c.assumptions
    }
    papers = [f for f in findings if f.details["kind"] == "document"]
    return RegimeAnswer(
        regime=pack.id,
        title=pack.title,
        revision=pack.revision,
        scope=pack.scope,
        allowed="no" if refused else "unknown" if unsure else "yes",
        terms=adapted.notes,
        power=_power(pack, limit, on),
        eirp_limit_dbm=None if limit is None else limit.value,
        bandwidth_mhz=float(radio["bandwidth_mhz"]),
        fee=fee,
        fee_amounts=amounts,
        currency=currency,
        term=_term(pack, on),
        documents=tuple(pack.rule(f.rule).title for f in papers if not _missing(f)),
        perhaps=tuple(pack.rule(f.rule).title for f in papers if _missing(f)),
        clocks=_clocks(pack, on),
        reasons=tuple(refused + unsure),
        to_compute=tuple(label(name) for name in sorted(waiting)),
        assumptions=tuple(sorted(doubtful)),
    )


def _missing(finding: Finding) -> list[str]:
    return [name for name in str(finding.details.get("missing", "")).split(", ") if name]


def _waits_for_engines(finding: Finding) -> bool:
    missing = _missing(finding)
    return bool(missing) and all(name in ENGINEERED for name in missing)


def _power(pack: RulePack, limit: Computed | None, on: date) -> Text:
    if limit is not None:
        if limit.value is None:
            return limit.text
        amount = shown(float(limit.value)).en
        return Text(f"EIRP at most {amount} dBm", f"EIRP 至多 {amount} dBm")
    boundary = pack.find_fact("limits.boundary_level_dbm", on)
    if boundary is not None:
        level = shown(boundary.value).en
        return Text(
            f"no EIRP limit; below {level} dBm at the boundary", f"無 EIRP 上限；邊界位準應低於 {level} dBm"
        )
    eirp = pack.find_fact("limits.eirp_dbm", on)
    if eirp is not None:
        amount_text = quantity(eirp.value, eirp.unit)
        return Text(f"EIRP limit: {amount_text.en}", f"EIRP 上限：{amount_text.zh}")
    return Text("no EIRP limit stated", "未訂 EIRP 上限")


def _fee(
    pack: RulePack, application: Mapping[str, Any], derived: Mapping[str, Any], on: date
) -> tuple[Text, tuple[float, ...], str, tuple[Computed, ...]]:
    """The fee; where only the land use is missing, its least and greatest amount."""
    total = total_fee(pack, application, derived, on)
    if total is None:
        parts = fees(pack, application, derived, on)
        return _fee_parts(parts), (), "", parts
    if total.value is not None:
        return total.text, (float(total.value),) * 2, total.unit, (total,)
    area = derived.get("area_km2")
    ends = [
        total_fee(pack, application, {**derived, "settlement_area_km2": a1, "other_area_km2": a2}, on)
        for a1, a2 in ((0.0, area), (area, 0.0))
    ]
    amounts = [float(end.value) for end in ends if end is not None and end.value is not None]
    if len(amounts) < 2 or area is None:
        return total.text, (), total.unit, (total,)
    low, high = (f"{amount:,.2f}" for amount in amounts)
    text = Text(
        f"{total.title.en}: {low} to {high} {total.unit}, by land use",
        f"{total.title.zh}：{low} 至 {high} {total.unit}，依土地用途",
    )
    return text, tuple(amounts), total.unit, (total,)


def _fee_parts(parts: tuple[Computed, ...]) -> Text:
    """Fees without a total: what is known, and what is not computable yet, together."""
    known = [part.text for part in parts if part.is_computable]
    unknown = [part.title for part in parts if not part.is_computable]
    if unknown:
        en, zh = ", ".join(t.en for t in unknown), "、".join(t.zh for t in unknown)
        known.append(Text(f"not computable yet: {en}", f"目前無法計算：{zh}"))
    if not known:
        return Text("no fee stated", "未載明費用")
    return Text("; ".join(t.en for t in known), "；".join(t.zh for t in known))


def _term(pack: RulePack, on: date) -> Text:
    en, zh = [], []
    for name in pack.facts:
        fact = pack.find_fact(name, on) if name.startswith("term.") else None
        if fact is None:
            continue
        value = quantity(fact.value, fact.unit)
        en.append(f"{fact.title.en}: {value.en}")
        zh.append(f"{fact.title.zh}：{value.zh}")
    return Text("; ".join(en), "；".join(zh)) if en else NOT_OBTAINED


def _clocks(pack: RulePack, on: date) -> tuple[Text, ...]:
    """Periods that run from a first event, by the text that prevails."""
    found = []
    for clock in pack.clocks:
        prevails = clock.reading in ("", pack.authoritative_language)
        if clock.start not in _STARTS or not prevails or clock.role != "due" or not clock.dated.holds_on(on):
            continue
        fact = pack.find_fact(clock.period, on)
        period = NOT_OBTAINED if fact is None else quantity(fact.value, fact.unit)
        found.append(Text(f"{clock.title.en}: {period.en}", f"{clock.title.zh}：{period.zh}"))
    return tuple(found)
