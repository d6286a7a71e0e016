"""Make the golden archive again: ``python tests/golden/make.py`` (about a minute).

1 000 synthetic applications on real ground: the shipped examples, moved about the shipped terrain, with other powers,
heights, antennas, channels and widths, under both regimes, with registers and without. Every application is marked as
an example. The archive tells whether today's engine answers as it did when the archive was made: it detects change,
and is no oracle of correctness. Make it again only when a change is meant, and say in the commit which and why.
"""

from __future__ import annotations

import random
import shutil
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from comity.casework.archive import MANY, write_archive
from comity.casework.decide import decide
from comity.casework.document import to_bytes
from comity.errors import ComityError
from comity.programmes.spectrum.programme import PROGRAMME
from comity.programmes.spectrum.world import open_world

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
ON = date(2026, 3, 2)
SEED = 20260302
#: Folder: examples it varies, register, how many.
GROUPS = {
    "uk-skye": (
        ("uk-skye-distillery-low", "uk-skye-distillery-medium", "uk-skye-too-strong"),
        "uk-skye-register",
        400,
    ),
    "uk-alone": (("uk-skye-distillery-low", "uk-skye-distillery-medium"), None, 150),
    "tw-kaohsiung": (("tw-kaohsiung-port",), "tw-kaohsiung-register", 250),
    "tw-hsinchu": (("tw-hsinchu-fab",), None, 200),
}
#: What is moved by how much at most [deg]: the examples on Skye stand in the middle of much more ground.
MOVES = {
    "uk-skye": (0.06, 0.12),
    "uk-alone": (0.10, 0.25),
    "tw-kaohsiung": (0.004, 0.006),
    "tw-hsinchu": (0.02, 0.02),
}


def main(folder: Path = HERE) -> int:
    for group, (examples, register, count) in GROUPS.items():
        target = folder / group
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        beside = target / "register.csv" if register else None
        if beside is not None:
            shutil.copyfile(EXAMPLES / f"{register}.csv", beside)
        outcomes: Counter[str] = Counter()
        decisions = []
        for decision in made(group, examples, beside, count):
            outcomes[decision.outcome.value] += 1
            decisions.append(to_bytes(decision))
        size = write_archive(target / MANY, decisions)
        print(f"{group:<14} {count:>4} decisions, {size / 1e3:7.1f} kB: {dict(outcomes)}", flush=True)
    return 0


def made(group: str, examples: tuple[str, ...], register: Path | None, count: int) -> Iterator[Any]:
    """Yield decisions until there are ``count``; what is no valid application, or stands in the sea, is left out."""
    chance = random.Random(f"{SEED} {group}")
    bases = [tomllib.loads((EXAMPLES / f"{name}.toml").read_text(encoding="utf-8")) for name in examples]
    world = open_world(bases[0]["regime"], today=ON, register=register)
    done = 0
    while done < count:
        document = varied(chance, bases[done % len(bases)], MOVES[group])
        document["reference"] = f"GOLDEN-{group.upper()}-{done:04d}"
        try:
            application = PROGRAMME.schema.model_validate(document)
            decision = decide(application, world, PROGRAMME)
        except (ValidationError, ComityError):
            continue
        done += 1
        yield decision


def varied(chance: random.Random, base: dict[str, Any], reach: tuple[float, float]) -> dict[str, Any]:
    """Return a copy of an example, moved as a whole and with another radio plan."""
    north, east = (chance.uniform(-r, r) for r in reach)
    site = dict(base["site"])
    if "centre" in site:
        site["centre"] = moved(site["centre"], north, east)
        site["radius_m"] = chance.choice([site["radius_m"], 50, 200])
    else:
        site["polygon"] = [moved(corner, north, east) for corner in site["polygon"]]
    raised, turned, stronger_db = chance.choice([-3, 0, 0, 5]), chance.randrange(360), chance.uniform(-14, 5)
    stations = []
    for station in base["stations"]:
        latitude, longitude = moved((station["latitude"], station["longitude"]), north, east)
        other = {
            "latitude": latitude,
            "longitude": longitude,
            "height_m": max(3, station["height_m"] + raised),
            "eirp_dbm": round(station["eirp_dbm"] + stronger_db, 1),
        }
        if "antenna" in station:
            other["azimuth_deg"] = (station.get("azimuth_deg", 0) + turned) % 360
        stations.append(station | other)
    return base | {"site": site, "stations": stations, "radio": radio(chance, base["radio"])}


def moved(place: Any, north_deg: float, east_deg: float) -> list[float]:
    return [round(place[0] + north_deg, 6), round(place[1] + east_deg, 6)]


def radio(chance: random.Random, base: dict[str, Any]) -> dict[str, Any]:
    """Return another width and wish, or none: then any channel of the band will do."""
    low, high = (int(edge) for edge in base["band"].split("-"))
    width = chance.choice([10, 20, 40, 60, 100])
    starts = range(low, high - width + 1, 10)
    lows = [base["channels"][0]["low_mhz"], chance.choice(starts)][: chance.randrange(3)]
    wishes = [{"low_mhz": at, "high_mhz": at + width} for at in lows if at + width <= high]
    pattern = chance.choice([base["tdd"]["pattern"]] * 3 + ["DDDDDDDSUU"])
    return base | {"bandwidth_mhz": width, "channels": wishes, "tdd": base["tdd"] | {"pattern": pattern}}


if __name__ == "__main__":
    raise SystemExit(main(*map(Path, sys.argv[1:])))
