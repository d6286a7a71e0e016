"""What a spectrum decision gives: channel, power, term, deadlines, fees."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from pydantic import JsonValue

from comity.casework.canonical import normalise
from comity.programmes.spectrum.derived import derived_values
from comity.programmes.spectrum.study import Study
from comity.rules.clocks import deadlines
from comity.rules.fact import Evidence, Fact
from comity.rules.fees import CURRENCIES, fees
from comity.rules.kleene import add_months


def award_of(study: Study) -> Mapping[str, JsonValue] | None:
    """Return the award on the channel that passes, else on the one that comes nearest to it.

    Whether it may be used is for casework to say. ``None`` where the band has no such channel.
    """
    if study.coordination is None:
        return None
    application = study.application
    low_mhz, high_mhz = study.chosen or study.least_bad
    award = normalise(
        {
            "regime": study.book.pack.title,
            "band": application.radio.band,
            "product": application.product,
            "product_title": study.book.pack.words.get(application.product or ""),
            "channel": {"low_mhz": low_mhz, "high_mhz": high_mhz},
            "bandwidth_mhz": application.radio.bandwidth_mhz,
            "tdd": application.radio.tdd,
            "site": {"name": application.site.name, "area_km2": derived_values(study)["area_km2"]},
            "stations": [_station(s) for s in application.stations],
            "term": term_of(study),
            "fees": fee_lines(study),
            "deadlines": deadline_lines(study),
        }
    )
    assert isinstance(award, dict)
    return award


def _station(station: Any) -> dict[str, Any]:
    fields = ("id", "latitude", "longitude", "height_m", "indoor", "azimuth_deg", "tilt_deg", "eirp_dbm")
    return {name: getattr(station, name) for name in fields}


def term_of(study: Study) -> dict[str, Any]:
    """Return the term that can be given: the one asked for, cut by the regime's cap and by the site right.

    Nothing starts before the decision."""
    term, right, book = study.application.term, study.application.site.right, study.book
    ends: list[tuple[date, str]] = []
    if term.end is not None:
        ends.append((term.end, "application"))
    cap = book.find("term.certificate_years_max")
    if cap is not None and isinstance(cap.value, int):
        # The certificate runs from its issue, whenever the applicant means to start.
        day_after = add_months(book.on, 12 * cap.value)
        ends.append((day_after - timedelta(days=1), "longest_term"))
    if right is not None and right.valid_to is not None and cap is not None:
        ends.append((right.valid_to, "site_right"))
    end, limited_by = min(ends, default=(None, ""))
    citation = cap.citation if cap is not None and limited_by in ("longest_term", "site_right") else ""
    return {
        "start": max(term.start, book.on),
        "end": end,
        "limited_by": limited_by,
        "citation": citation,
        "continuing": end is None,
    }


def fee_lines(study: Study) -> list[dict[str, Any]]:
    """Return every fee; one that is not computable yet has no amount, and that is not zero."""
    book, application = study.book, study.case.document(study.application)
    computed = [
        {
            "id": fee.formula,
            "title": fee.title,
            "amount": fee.value,
            "currency": fee.unit,
            "citation": fee.citation,
            "evidence": fee.evidence,
            "missing": list(fee.missing),
        }
        for fee in fees(book.pack, application, derived_values(study), book.on)
    ]
    known = {line["id"] for line in computed}
    return computed + [_pending(fact) for fact in _pending_fees(study) if fact.id not in known]


def _pending_fees(study: Study) -> list[Fact]:
    """Return fees that the pack knows to exist and has no value for, where it has no formula either."""
    if any(
        formula.id.startswith("fee.") and formula.unit in CURRENCIES for formula in study.book.pack.formulas
    ):
        return []
    facts = study.book.known(f for f in study.book.pack.facts if f.startswith("fee."))
    return [f for f in facts if f.evidence is Evidence.PENDING and f.unit in CURRENCIES]


def _pending(fact: Fact) -> dict[str, Any]:
    return {
        "id": fact.id,
        "title": fact.title,
        "amount": None,
        "currency": fact.unit,
        "citation": fact.citation,
        "evidence": fact.evidence,
        "missing": [fact.id],
    }


def deadline_lines(study: Study) -> list[dict[str, Any]]:
    """Return the deadlines that follow if papers are issued and received on the day of the decision."""
    right, end = study.application.site.right, term_of(study)["end"]
    events = {
        "filed_complete": study.case.rank(study.application)[0],
        "letter_and_certificate_received": study.book.on,
        "certificate_issued": study.book.on,
        "licence_issued": study.book.on,
    }
    if right is not None and right.valid_to is not None:
        events["site_right_ends"] = right.valid_to
    if end is not None:  # a certificate ends with the term that is given, as it would with the band plan
        events["band_plan_ends"] = end
    return [
        {
            "id": deadline.clock,
            "title": deadline.title,
            "day": deadline.day,
            "noon": deadline.noon,
            "role": deadline.role,
            "who": deadline.who,
            "reading": deadline.reading,
            "authoritative": deadline.authoritative,
            "citation": deadline.citation,
        }
        for deadline in deadlines(study.book.pack, events, study.book.on)
        if deadline.day is not None
    ]
