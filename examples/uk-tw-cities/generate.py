"""Writes the data of this example: places and indicators are real, offers, asks, challenges and consents are invented.

Run from the root of the repository: ``python examples/uk-tw-cities/generate.py``.
"""

from __future__ import annotations

import csv
import itertools
import math
from pathlib import Path

from comity.matching.cities import gazetteer
from comity.matching.cities.places import COLUMNS, Place, PlaceRegister, group_of
from comity.rules.text import Text

HERE = Path(__file__).parent
UK = (
    "Bristol", "Manchester", "Leeds", "Liverpool", "Newcastle upon Tyne", "Cardiff", "Belfast", "Glasgow", "Sheffield",
    "Nottingham", "Southampton", "Cambridge", "Bath",
)  # fmt: skip
TAIWAN = (
    "New Taipei City", "Taichung", "Kaohsiung", "Tainan", "Taoyuan", "Hsinchu", "Keelung", "Chiayi City", "Changhua",
    "Taitung", "Hualien City",
)  # fmt: skip
YUNLIN = ("Douliu", "Xiluo", "Beigang")
#: Regional indicators of the UK: code here, series, newest year that most regions have, unit.
REGIONAL = (
    ("patents", "epo_patent_applications", 2012, "application"),
    ("innovation_grants", "gbp_innovate_uk_funding", 2019, "GBP"),
    ("high_tech_quotient", "location_quotient_high_tech", 2018, "1"),
    ("stem_students", "total_stem_students", 2018, "student"),
    ("broadband", "broadband_download_speed_data", 2019, "Mbit/s"),
)


def main() -> None:
    """Write places.csv and values.csv beside this file."""
    known = gazetteer.gazetteer()
    chosen = [_place(known, name, "GB") for name in UK] + [_place(known, name, "TW") for name in TAIWAN]
    towns = [_place(known, name, "TW") for name in YUNLIN]
    yunlin = group_of(
        "yunlin-towns", Text("Yunlin towns (Douliu, Xiluo, Beigang)", "雲林三地（斗六、西螺、北港）"), towns
    )
    places = {_code(p): p for p in (*chosen, *towns)}
    rows = [_row(code, p) for code, p in places.items()]
    rows.append({**_row(yunlin.id, yunlin), "members": ";".join(_code(t) for t in towns)})
    _write("places.csv", COLUMNS, rows)
    values = []
    for code, place in {**{_code(p): p for p in chosen}, yunlin.id: yunlin}.items():
        members = towns if code == yunlin.id else [place]
        values += _values(code, place, members)
    _write("values.csv", ("place", "indicator", "year", "value", "unit"), values)


def _place(known: PlaceRegister, name: str, country: str) -> Place:
    return known.find(name, country)[0]


def _code(place: Place) -> str:
    return place.name.en.lower().removesuffix(" city").replace(" ", "-")


def _row(code: str, place: Place) -> dict[str, object]:
    return {
        "id": code, "name_en": place.name.en.removesuffix(" City") if place.name.en == "Chiayi City" else place.name.en,
        "name_zh": place.name.zh, "country": place.country, "kind": place.kind, "region": place.region, "parent": "",
        "members": "", "latitude_deg": place.latitude_deg, "longitude_deg": place.longitude_deg,
        "population": place.population, "utc_offset_h": f"{place.utc_offset_h:g}",
    }  # fmt: skip


def _values(code: str, place: Place, members: list[Place]) -> list[dict[str, object]]:
    def row(indicator: str, year: int, value: object, unit: str) -> dict[str, object]:
        return {"place": code, "indicator": indicator, "year": year, "value": value, "unit": unit}

    shares = gazetteer.urban_centre_share()
    near, wide = zip(*(shares[m.id] for m in members), strict=True)
    rows = [
        row("population", 2026, place.population, "inhabitant"),
        row("urban_within_10_km", 2025, round(math.fsum(near) / len(near), 4), "1"),
        row("urban_within_50_km", 2025, round(math.fsum(wide) / len(wide), 4), "1"),
        row("universities", 2025, sum(gazetteer.universities_named(m) for m in members), "institution"),
        row("coast", 2022, _coast_km(place), "km"),
    ]
    regional = {(r["indicator"], r["year"], r["nuts_id"]): r["value"] for r in _SERIES}
    for indicator, series, year, unit in REGIONAL:
        found = regional.get((series, str(year), place.region), "")
        rows.append(row(indicator, year, found, unit))
    return rows


_SERIES = list(gazetteer.uk_indicator_rows())


def _coast_km(place: Place) -> int:
    """Return the distance to the shipped outline of land, to 1 km (flat within the few hundred km that matter)."""
    east = 111.32 * math.cos(math.radians(place.latitude_deg))
    best = math.inf
    for ring in gazetteer.land(place.country):
        flat = [((x - place.longitude_deg) * east, (y - place.latitude_deg) * 110.9) for x, y in ring]
        for (ax, ay), (bx, by) in itertools.pairwise(flat):
            dx, dy = bx - ax, by - ay
            share = 0.0 if dx == dy == 0 else max(0.0, min(1.0, -(ax * dx + ay * dy) / (dx * dx + dy * dy)))
            best = min(best, math.hypot(ax + share * dx, ay + share * dy))
    return round(best)


def _write(name: str, columns: tuple[str, ...], rows: list[dict[str, object]]) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
