"""Values that rules read under ``derived``: what the programme computes from application, register and ground."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from comity.coordination._decibel import level
from comity.coordination.incumbents import FixedLink
from comity.coordination.level import ContourTouch
from comity.programmes.spectrum.application import SpectrumApplication, Term
from comity.programmes.spectrum.consistency import consistency_values
from comity.programmes.spectrum.geometry import area_m2, outside_m
from comity.programmes.spectrum.network import filed_consents
from comity.programmes.spectrum.study import Study
from comity.terrain.geodesy import distance_km

_PUBLIC_BODIES = (
    "government_agency",
    "public_school",
    "state_owned_enterprise",
    "administrative_corporation",
)
#: A microwave link is looked at in so many steps.
_PATH_POINTS = 20
#: Greater London lies inside this box; outside it the answer is no, inside it an officer looks.
_LONDON_BOX = (51.28, 51.70, -0.52, 0.34)


def derived_values(study: Study) -> Mapping[str, Any]:
    """Return every name of :data:`comity.rules.vocabulary.DERIVED`; ``None`` where its value is not known."""
    application = study.application
    touched = None if study.touches is None else [t for t in study.touches if t.touches and not t.consented]
    rivals = applicants_beside(study)
    filed = filed_consents(application)
    boundary = study.boundary
    return {
        "boundary_level_dbm": None if boundary is None else boundary.worst.level_dbm,
        "boundary_margin_db": None if boundary is None else boundary.margin_db,
        "emf_ratio": max((e.ratio for e in study.exposure), default=None),
        "coverage_touches": None if touched is None else _names(touched, "site"),
        "microwave_zone_hits": None if touched is None else _names(touched, "zone"),
        "applicants_on_site": 1 + len(rivals),
        "consents_cover_all": _consents_cover_all(touched, rivals, filed),
        "is_public_body": application.party.kind in _PUBLIC_BODIES,
        "area_km2": round(area_m2(application.site) / 1e6, 6),
        "in_greater_london": _in_greater_london(application),
        "settlement_area_km2": None,
        "other_area_km2": None,
        "population": None,
        "links_without_zone": links_without_zone(study),
        **station_values(application),
        **consistency_values(
            application, study.book, study.case.rank(application)[0], study.asked, study.offered
        ),
        **term_values(application.term),
    }


def _consents_cover_all(
    touched: Sequence[ContourTouch] | None,
    rivals: Iterable[tuple[str, str]],
    filed: frozenset[tuple[str, str]],
) -> bool | None:
    """Return whether nobody who is touched and no rival is left without consent; ``None`` where it is not known."""
    if touched or not all(rival in filed for rival in rivals):
        return False
    return None if touched is None else True


def station_values(application: SpectrumApplication) -> dict[str, Any]:
    """Return counts and extremes of the stations."""
    stations, width_mhz = application.stations, application.radio.bandwidth_mhz
    powers = [s.output_power_w for s in stations if s.output_power_w is not None]
    fronts = [s.clear_front_m for s in stations if not s.indoor and s.clear_front_m is not None]
    eirp_max_dbm = max(s.eirp_dbm for s in stations)
    return {
        "outdoor": any(not s.indoor for s in stations),
        "station_count": len(stations),
        "licence_units": len(stations) if application.product == "medium_power" else 1,
        "antenna_height_max_m": max(s.height_m for s in stations),
        "output_power_max_w": max(powers) if len(powers) == len(stations) else None,
        "clear_front_min_m": min(fronts, default=None),
        "bandwidth_mhz": width_mhz,
        "eirp_max_dbm": eirp_max_dbm,
        "eirp_carrier_max_dbm": eirp_max_dbm,
        "eirp_density_dbm_per_5mhz": round(eirp_max_dbm + float(level(min(1.0, 5.0 / width_mhz))), 2),
    }


def applicants_beside(study: Study) -> tuple[tuple[str, str], ...]:
    """Return number and holder of earlier applications, still pending, with a station on this site."""
    site = study.application.site
    return tuple(
        (network.id, network.holder)
        for network in study.incumbents.before(study.candidate).networks
        if network.status == "pending"
        and any(outside_m(site, (t.latitude_deg, t.longitude_deg)) == 0.0 for t in network.transmitters)
    )


def links_without_zone(study: Study) -> tuple[str, ...]:
    """Return the microwave links near the site that name no coordination zone."""
    near_km = study.book.number("coordination.microwave_zone_near_km", 0.0)
    stations = study.application.stations
    here = [s.latitude for s in stations], [s.longitude for s in stations]
    return tuple(
        f"{link.id} ({link.holder})"
        for link in sorted(study.incumbents.fixed_links, key=lambda f: f.id)
        if not link.zone and _path_km(link, *here) <= near_km
    )


def _path_km(link: FixedLink, latitudes: list[float], longitudes: list[float]) -> float:
    """Return how near stations come to the path of a link, by points along it [km]."""
    a, b = link.transmitter, link.receiver
    shares = [i / _PATH_POINTS for i in range(_PATH_POINTS + 1)]
    return min(
        float(
            distance_km(
                a.latitude_deg + s * (b.latitude_deg - a.latitude_deg),
                a.longitude_deg + s * (b.longitude_deg - a.longitude_deg),
                latitudes,
                longitudes,
            ).min()
        )
        for s in shares
    )


def term_values(term: Term) -> dict[str, Any]:
    """Return the length of a term: days with both ends, years with their fraction, calendar months touched."""
    if term.end is None:
        return {"days": None, "term_years": None, "month_span": None}
    after = term.end + timedelta(days=1)
    whole = after.year - term.start.year - ((after.month, after.day) < (term.start.month, term.start.day))
    last = _anniversary(term.start, whole)
    length = (_anniversary(term.start, whole + 1) - last).days
    months = (after.year - term.start.year) * 12 + after.month - term.start.month
    return {
        "days": (after - term.start).days,
        "term_years": round(whole + (after - last).days / length, 6),
        "month_span": months + (after.day > term.start.day),
    }


def _anniversary(start: date, years: int) -> date:
    try:
        return start.replace(year=start.year + years)
    except ValueError:  # 29 February
        return date(start.year + years, 3, 1)


def _names(touches: list[ContourTouch], kind: str) -> tuple[str, ...]:
    return tuple(f"{t.neighbour} ({t.holder})" for t in touches if t.kind == kind)


def _in_greater_london(application: SpectrumApplication) -> bool | None:
    south, north, west, east = _LONDON_BOX
    inside = any(south <= s.latitude <= north and west <= s.longitude <= east for s in application.stations)
    return None if inside else False
