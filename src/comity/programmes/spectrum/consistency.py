"""Whether an application hangs together: place and law, channel and raster, power and antenna, term and day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from math import fsum
from typing import Any, cast

from comity.coordination._decibel import centi as hundredths
from comity.coordination._decibel import level, power
from comity.programmes.spectrum.application import SpectrumApplication
from comity.programmes.spectrum.facts import FactBook
from comity.programmes.spectrum.network import Channel
from comity.programmes.spectrum.station import Station
from comity.programmes.spectrum.words import channel_name
from comity.terrain.geodesy import distance_km

#: Milliwatts of one watt [dB].
_WATT_DBM = 30.0
#: NR has other channels from here up [MHz] (frequency range 2).
_RANGE_2_FROM_MHZ = 24_250.0
#: Rectangles certain to lie in one nation: south, north, west, east [deg]; between them the border decides.
_NATIONS = (
    ("scotland", (55.82, 61.0, -8.7, 0.0)),
    ("scotland", (54.60, 55.82, -5.35, -3.70)),
    ("scotland", (55.42, 55.82, -8.7, -5.35)),
    ("england_wales", (49.85, 54.60, -5.80, 1.80)),
    ("northern_ireland", (54.60, 55.20, -6.90, -5.43)),
)


def consistency_values(
    application: SpectrumApplication,
    book: FactBook,
    received_on: date,
    asked: tuple[Channel, ...],
    offered: tuple[Channel, ...],
) -> dict[str, Any]:
    """Return what tells whether the parts of an application agree with one another and with the regime."""
    stations, right = application.stations, application.site.right
    frequency_mhz = asked[0][0] if asked else 4_000.0
    gains = {s.id: _gain_dbi(s, frequency_mhz) for s in stations}
    right_end = None if right is None else right.valid_to
    return {
        "in_territory": in_territory(book, stations),
        "nation": nation(stations),
        "days_to_start": (application.term.start - book.on).days,
        "starts_before_receipt": application.term.start < received_on,
        "days_to_right_end": _days(book.on, right_end),
        "nr_channel": is_nr_channel(application, book),
        "nr_table": _nr_table(application, book),
        "nr_bandwidths_mhz": nr_bandwidths_mhz(application, book),
        "off_raster": tuple(channel_name(c) for c in asked if c not in offered),
        "eirp_mismatch_db": _eirp_mismatch_db(stations, gains),
        "antennas_unfit": _unfit(stations, book.texts("radio.base_antenna_patterns")),
        "antenna_gain_max_dbi": max((g for g in gains.values() if g is not None), default=None),
        "stacked_eirp_dbm": _stacked_eirp_dbm(stations, book.number("siting.stack_radius_m", 0.0)),
    }


def in_territory(book: FactBook, stations: Iterable[Station]) -> bool | None:
    """Return whether every station stands in the territory of the regime; ``None`` near a border."""
    boxes, doubtful = book.rows("territory.boxes"), book.rows("territory.doubtful_boxes")
    if not boxes:
        return None
    outside = [s for s in stations if not _in_any(boxes, s)]
    if not outside:
        return True
    return None if all(_in_any(doubtful, s) for s in outside) else False


def nation(stations: Iterable[Station]) -> str | None:
    """Return the nation of the United Kingdom that all stations certainly stand in, whose rural classes count."""
    found = {next((name for name, box in _NATIONS if _in_any((box,), s)), None) for s in stations}
    return found.pop() if len(found) == 1 else None


def _in_any(boxes: Iterable[tuple[Any, ...]], station: Station) -> bool:
    return any(
        south <= station.latitude <= north and west <= station.longitude <= east
        for south, north, west, east in boxes
    )


def _days(start: date, end: date | None) -> int | None:
    return None if end is None else (end - start).days


def is_nr_channel(application: SpectrumApplication, book: FactBook) -> bool | None:
    """Return whether bandwidth and subcarrier spacing stand in the table; ``None`` without a spacing or a table."""
    spacing = application.radio.subcarrier_spacing_khz
    known = spacing is not None and bool(_nr_rows(application, book))
    return spacing in nr_spacings_khz(application, book) if known else None


def nr_spacings_khz(application: SpectrumApplication, book: FactBook) -> tuple[int, ...]:
    """Return the subcarrier spacings with which the table has the bandwidth asked for [kHz], in its order."""
    width_mhz = application.radio.bandwidth_mhz
    return tuple(spacing for spacing, width in _nr_rows(application, book) if width == width_mhz)


def nr_bandwidths_mhz(application: SpectrumApplication, book: FactBook) -> tuple[float, ...] | None:
    """Return the bandwidths that the table has with the subcarrier spacing asked for [MHz]."""
    asked = application.radio.subcarrier_spacing_khz
    rows = _nr_rows(application, book)
    return None if asked is None else tuple(width for spacing, width in rows if spacing == asked)


def _nr_table(application: SpectrumApplication, book: FactBook) -> str:
    """Return the name of the fact that holds the channels of NR at the frequency of the band."""
    low_mhz = book.number(f"band.{application.radio.band}.low_mhz", 0.0)
    return "resource_blocks" if low_mhz < _RANGE_2_FROM_MHZ else "resource_blocks_range_2"


def _nr_rows(application: SpectrumApplication, book: FactBook) -> list[tuple[int, float]]:
    """Return spacings [kHz] and bandwidths [MHz] of NR in the frequency range that the band lies in."""
    table = _nr_table(application, book)
    return [(cast(int, row[0]), cast(float, row[1])) for row in book.rows(f"coordination.{table}")]


def _gain_dbi(station: Station, frequency_mhz: float) -> float | None:
    from comity.antennas import from_spec

    if station.antenna is None:
        return None
    return float(from_spec(station.antenna, frequency_mhz=frequency_mhz).peak_gain_dbi)


def _eirp_mismatch_db(stations: tuple[Station, ...], gains: Mapping[str, float | None]) -> float | None:
    """Return how far EIRP and output power with gain lie apart, at the worst station that states both.

    A station without a pattern may have any gain from 0 dBi up: it can only state too little EIRP.
    """
    found = []
    for station in stations:
        if station.output_power_w is None:
            continue
        gain = gains[station.id]
        sent_dbm = float(level(station.output_power_w)) + _WATT_DBM + (gain or 0.0)
        short_db = sent_dbm - station.eirp_dbm
        found.append(max(0.0, short_db) if gain is None else abs(short_db))
    return round(max(found), 2) if found else None


def _unfit(stations: tuple[Station, ...], families: tuple[str, ...]) -> tuple[str, ...]:
    named = ((s.id, s.antenna.get("pattern")) for s in stations if s.antenna is not None)
    return tuple(f"{station} ({family})" for station, family in named if family not in families)


def _stacked_eirp_dbm(stations: tuple[Station, ...], radius_m: float) -> float:
    """Return the greatest sum of EIRP of stations within ``radius_m`` of one of them [dBm]."""
    latitudes, longitudes = [s.latitude for s in stations], [s.longitude for s in stations]
    watts = power(hundredths([s.eirp_dbm for s in stations]))
    sums = [
        fsum(watts[distance_km(s.latitude, s.longitude, latitudes, longitudes) * 1000.0 <= radius_m])
        for s in stations
    ]
    return round(float(level(max(sums))), 2)
