"""What ships with comity: places of GB, TW, KR and AU, UK regional indicators, universities, land outlines."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from comity.matching.cities.places import Place, PlaceRegister
from comity.rules.text import Text

COUNTRIES = ("GB", "TW", "KR", "AU")
_DATA = files("comity.matching.cities").joinpath("data")
Row = dict[str, str]


@cache
def gazetteer() -> PlaceRegister:
    """Return the shipped places (GeoNames, CC BY 4.0), each with its GeoNames id as code.

    GeoNames holds a few places twice (``PlaceRegister.twins`` names them); they are kept as they are there.
    """
    names = {row["geonameid"]: row for row in _rows("names.csv")}
    regions = {row["geonameid"]: row["nuts_id"] for row in _rows("uk_regions_of_places.csv")}
    places = {}
    for row in _rows("places.csv.gz"):
        key = row["geonameid"]
        other = names.get(key, {})
        people = int(row["population"])
        places[key] = Place(
            key,
            Text(row["name"], other.get("zh-Hant") or row["name"]),
            row["country_code"],
            float(row["latitude"]),
            float(row["longitude"]),
            people or None,  # GeoNames writes 0 for "not known"
            float(row["utc_offset_h"]),
            "city",
            regions.get(key) or f"{row['country_code']}-{row['admin1_code']}",
            names={"ko": other["ko"]} if other.get("ko") else {},
        )
    return PlaceRegister(places)


@cache
def uk_regions() -> dict[str, Text]:
    """Return the names of the UK's NUTS 2 regions."""
    return {row["nuts_id"]: Text(row["name"], row["name"]) for row in _rows("uk_regions.csv")}


def uk_indicator_rows() -> Iterator[Row]:
    """Yield the UK regional indicators: ``indicator, year, nuts_id, nuts_version, value``."""
    return _rows("uk_nuts2_indicators.csv.gz")


@cache
def uk_indicator_meta() -> dict[str, Row]:
    """Return title, source and licence of each UK regional indicator."""
    return {row["indicator"]: row for row in _rows("uk_nuts2_indicators_meta.csv")}


@cache
def urban_centre_share() -> dict[str, tuple[float, float]]:
    """Return, by GeoNames id, the share of land within 10 and within 50 km that is urban centre (JRC)."""
    rows = _rows("urban_centre_share.csv")
    return {r["geonameid"]: (float(r["within_10_km"]), float(r["within_50_km"])) for r in rows}


def universities_named(place: Place) -> int:
    """Return how many universities of the country carry the place's name in theirs: a lower bound of its own."""
    pattern = re.compile(rf"\b{re.escape(place.name.en.removesuffix(' City'))}\b", re.IGNORECASE)
    return sum(bool(pattern.search(name)) for name in _university_names().get(place.country, ()))


@cache
def land(country: str) -> tuple[tuple[tuple[float, float], ...], ...]:
    """Return outlines of land as rings of longitude and latitude [deg]; none where no outline ships."""
    outlines = json.loads(_DATA.joinpath("land.json").read_text(encoding="utf-8"))
    return tuple(tuple((x, y) for x, y in ring) for ring in outlines.get(country, ()))


@cache
def _university_names() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in _rows("universities.csv.gz"):
        found.setdefault(row["country_code"], []).append(row["name"])
    return found


def _rows(name: str) -> Iterator[Row]:
    content = _DATA.joinpath(name).read_bytes()
    text = (gzip.decompress(content) if name.endswith(".gz") else content).decode("utf-8-sig")
    return iter(csv.DictReader(io.StringIO(text)))
