"""Checks of the application against the ground: every station stands on land and on the site."""

from __future__ import annotations

from comity.programmes.spectrum.application import SpectrumApplication
from comity.programmes.spectrum.geometry import outside_m
from comity.programmes.spectrum.station import Station
from comity.programmes.spectrum.words import decimal
from comity.rules.fact import Evidence
from comity.rules.finding import Finding, Outcome
from comity.rules.text import Text
from comity.terrain.ground import Ground

_CITATION = "Application, site and stations"


def ground_findings(application: SpectrumApplication, ground: Ground) -> tuple[Finding, ...]:
    """Return one finding per check, or one per station that fails it."""
    stations = application.stations
    at_sea = ground.is_sea([s.latitude for s in stations], [s.longitude for s in stations])
    drowned = [s for s, sea in zip(stations, at_sea, strict=True) if sea]
    away = {s.id: outside_m(application.site, (s.latitude, s.longitude)) for s in stations}
    misplaced = [s for s in stations if away[s.id] > 0.0]
    count = str(len(stations))
    land = [_sea_finding(s) for s in drowned] or [
        _finding("SITE-1", Text(f"All {count} stations stand on land.", f"{count} 座基地臺均位於陸地。"))
    ]
    inside = [_outside_finding(s, away[s.id]) for s in misplaced] or [
        _finding(
            "SITE-2", Text(f"All {count} stations stand on the site.", f"{count} 座基地臺均位於場域內。")
        )
    ]
    return (*land, *inside)


def _sea_finding(station: Station) -> Finding:
    place = f"{station.latitude:.5f}, {station.longitude:.5f}"
    return _finding(
        "SITE-1",
        Text(
            f"Station {station.id} at {place} stands on open sea; a base station stands on land.",
            f"基地臺 {station.id}（{place}）位於海面；基地臺應設於陸地。",
        ),
        Outcome.FAIL,
        station.id,
    )


def _outside_finding(station: Station, away_m: float) -> Finding:
    metres = decimal(away_m)
    return _finding(
        "SITE-2",
        Text(
            f"Station {station.id} stands {metres} m outside the site; the limit is 0 m.",
            f"基地臺 {station.id} 位於場域外 {metres} m；限值為 0 m。",
        ),
        Outcome.FAIL,
        station.id,
        away_m,
    )


def _finding(
    rule: str, text: Text, outcome: Outcome = Outcome.PASS, subject: str = "", away_m: float | None = None
) -> Finding:
    return Finding(
        rule=rule,
        outcome=outcome,
        text=text,
        citation=_CITATION,
        evidence=Evidence.COMPUTED,
        subject=subject,
        measured=away_m,
        limit=None if away_m is None else 0.0,
        unit="" if away_m is None else "m",
        margin=None if away_m is None else -away_m,
        details={"kind": "siting"},
    )
