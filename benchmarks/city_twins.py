"""How well the score of pairs ranks true twin cities above fakes: ``python -m benchmarks.city_twins FILE.gexf``.

FILE is a network of twin cities with ``pop``, ``lat``, ``lon`` and ``country`` of each node, as
``data/sister_cities_data/sister_cities.gexf`` of github albertoursino/graphs-comparison. ``--income`` adds GDP per head
of the country, from ``sistercities/cities/gdppc/gdppc.csv`` of github elaragon/wikidatasets (joined by the cities'
names). Neither is part of this repository. Fakes keep every city's number of twins: the ends of true ties are exchanged
at random until nothing of them is left.
"""

from __future__ import annotations

import argparse
import math
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from comity.matching.cities.indicators import Framework, Indicator, Table
from comity.matching.cities.places import Place, unit_vector
from comity.matching.cities.treatment import Method, treat
from comity.rules.text import Text

Ties = NDArray[np.int64]
Floats = NDArray[np.float64]
_EARTH_RADIUS_KM, _HALF_EQUATOR_KM = 6371.0088, 20_015.0
#: The example round's weights; complementarity and challenges are not known here and leave theirs to the rest.
SIMILARITY, FEASIBILITY = 35.0, 15.0


@dataclass(frozen=True)
class Network:
    """Cities with all four values known, and the ties between cities of two countries."""

    population: Floats
    latitude_deg: Floats
    longitude_deg: Floats
    country: NDArray[np.str_]
    ties: Ties
    label: tuple[str, ...]


def read_network(path: Path) -> Network:
    """Return the network of a GEXF file; cities without population, position or country are left out."""
    root = ET.parse(path).getroot()
    space = {"g": root.tag.split("}")[0].strip("{")}
    titles = {a.get("id"): a.get("title") for a in root.findall(".//g:attribute", space)}
    rows: list[tuple[float, float, float, str, str]] = []
    number: dict[str | None, int] = {}
    for node in root.findall(".//g:node", space):
        values = {titles[v.get("for")]: v.get("value", "") for v in node.findall(".//g:attvalue", space)}
        try:
            row = (
                float(values["pop"]),
                float(values["lat"]),
                float(values["lon"]),
                values["country"],
                node.get("label", ""),
            )
        except (KeyError, ValueError):
            continue
        if row[0] > 0 and row[3] and all(math.isfinite(v) for v in row[:3]):
            number[node.get("id")] = len(rows)
            rows.append(row)
    pairs = set()
    for edge in root.findall(".//g:edge", space):
        a, b = number.get(edge.get("source")), number.get(edge.get("target"))
        if a is not None and b is not None and rows[a][3] != rows[b][3]:
            pairs.add((min(a, b), max(a, b)))
    columns = list(zip(*rows, strict=True))
    numbers = [np.array(c, dtype=np.float64) for c in columns[:3]]
    return Network(*numbers, np.array(columns[3]), np.array(sorted(pairs), dtype=np.int64), columns[4])


def fakes(network: Network, seed: int, swaps_per_tie: int = 20) -> Ties:
    """Return as many ties between cities of two countries, none of them true, every city with its own number."""
    generator = np.random.default_rng(seed)
    ties = network.ties.copy()
    true = {tuple(t) for t in network.ties.tolist()}
    now = set(true)
    country = network.country
    for _ in range(200):
        left = [k for k, t in enumerate(ties.tolist()) if tuple(t) in true]
        if not left:
            break
        for _ in range(swaps_per_tie * len(ties) if len(left) == len(ties) else swaps_per_tie * len(left)):
            i = (
                int(generator.integers(len(ties)))
                if len(left) == len(ties)
                else left[int(generator.integers(len(left)))]
            )
            j = int(generator.integers(len(ties)))
            (a, b), (c, d) = ties[i].tolist(), ties[j].tolist()
            if generator.random() < 0.5:
                c, d = d, c
            one, two = (min(a, d), max(a, d)), (min(c, b), max(c, b))
            if len({a, b, c, d}) < 4 or one in now or two in now or one in true or two in true:
                continue
            if country[a] == country[d] or country[c] == country[b]:
                continue
            now -= {tuple(ties[i].tolist()), tuple(ties[j].tolist())}
            now |= {one, two}
            ties[i], ties[j] = one, two
    return np.array([t for t in ties.tolist() if tuple(t) not in true], dtype=np.int64)


def auc(true: Floats, fake: Floats) -> float:
    """Return how often a true tie scores above a fake one, ties of scores counted one half."""
    both = np.concatenate([true, fake])
    order = np.argsort(both, kind="stable")
    ranks = np.empty(len(both))
    ranks[order] = np.arange(1, len(both) + 1)
    _, inverse, counts = np.unique(both, return_inverse=True, return_counts=True)
    mean = np.bincount(inverse, ranks) / counts
    total = mean[inverse][: len(true)].sum()
    return float((total - len(true) * (len(true) + 1) / 2) / (len(true) * len(fake)))


def distances_km(network: Network, ties: Ties) -> Floats:
    """Return the great-circle distance of each tie [km]."""
    places = zip(network.latitude_deg.tolist(), network.longitude_deg.tolist(), strict=True)
    vectors = np.array([unit_vector(Place("", Text("", ""), "", lat, lon)) for lat, lon in places])
    chord = np.sqrt(((vectors[ties[:, 0]] - vectors[ties[:, 1]]) ** 2).sum(axis=1))
    return 2 * _EARTH_RADIUS_KM * np.arcsin(np.minimum(chord / 2, 1.0))


def income(network: Network, path: Path) -> Floats:
    """Return GDP per head of each city's country: the median of what the file gives for its cities; NaN for none."""
    rows = (line.rstrip("\n").split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    given = {row[1].split(",")[0].replace("_", " "): float(row[2]) for row in rows if len(row) == 3}
    found: dict[str, list[float]] = {}
    for name, country in zip(network.label, network.country.tolist(), strict=True):
        if name in given:
            found.setdefault(country, []).append(given[name])
    # One name may be that of another country's city: three names at least must speak for a country.
    middle = {c: float(np.median(v)) for c, v in found.items() if len(v) >= 3}
    return np.array([middle.get(c, math.nan) for c in network.country.tolist()])


def profile(network: Network, gdp_per_head: Floats | None) -> Floats:
    """Return the normalised indicators of every city: population, latitude, income; treated as a round treats them."""
    columns = {"population": network.population, "latitude": np.abs(network.latitude_deg)}
    if gdp_per_head is not None:
        columns["income"] = gdp_per_head
    by_ratio = ("population", "income")
    indicators = tuple(Indicator(n, Text(n, n), "1", ratio=n in by_ratio) for n in columns)
    table = Table(
        tuple(map(str, range(len(network.population)))),
        tuple(columns),
        np.column_stack(list(columns.values())),
    )
    return treat(table, Framework("twins", "1", indicators), Method()).normalised.values


def scores(
    network: Network, ties: Ties, farthest: float, normalised: Floats, weights: tuple[float, float]
) -> Floats:
    """Return the score of each tie, 0 to 1: similarity of profile and feasibility, by the library's formulas."""
    gap = normalised[ties[:, 0]] - normalised[ties[:, 1]]
    alike = 1 - np.sqrt(np.nanmean(gap**2, axis=1)) / farthest
    near = 1 - np.minimum(distances_km(network, ties) / _HALF_EQUATOR_KM, 1)
    apart = np.abs(network.longitude_deg[ties[:, 0]] - network.longitude_deg[ties[:, 1]]) / 15
    hours = np.maximum(8 - np.minimum(apart, 24 - apart), 0) / 8
    easy = (0.4 * near + 0.3 * hours) / 0.7
    return (weights[0] * alike + weights[1] * easy) / sum(weights)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--income", type=Path, default=None)
    parser.add_argument("--seeds", type=int, default=5)
    arguments = parser.parse_args()
    started = time.perf_counter()
    network = read_network(arguments.file)
    print(
        f"{len(np.unique(network.ties))} cities with twins abroad, {len(network.ties)} ties between two countries"
    )
    gdp_per_head = None if arguments.income is None else income(network, arguments.income)
    if gdp_per_head is not None:
        print(f"GDP per head known of {100 * np.isfinite(gdp_per_head).mean():.0f} % of the cities")
    normalised = profile(network, gdp_per_head)
    low, high = np.nanmin(normalised, axis=0), np.nanmax(normalised, axis=0)
    farthest = float(np.sqrt(((high - low) ** 2).mean()))
    size = np.log(network.population)
    found: dict[str, list[float]] = {}
    for seed in range(arguments.seeds):
        fake = fakes(network, seed)
        lists = {
            "population closeness": lambda t: -np.abs(size[t[:, 0]] - size[t[:, 1]]),
            "geographic closeness": lambda t: -distances_km(network, t),
            "score, weights of the example (similarity 35, feasibility 15)": lambda t: scores(
                network, t, farthest, normalised, (SIMILARITY, FEASIBILITY)
            ),
            "score, similarity alone": lambda t: scores(network, t, farthest, normalised, (1.0, 0.0)),
            "score, feasibility alone": lambda t: scores(network, t, farthest, normalised, (0.0, 1.0)),
            "score, equal weights": lambda t: scores(network, t, farthest, normalised, (1.0, 1.0)),
        }
        for name, measure in lists.items():
            found.setdefault(name, []).append(auc(measure(network.ties), measure(fake)))
        print(f"seed {seed}: {len(fake)} fakes")
    for name, values in found.items():
        print(f"AUC {np.mean(values):.3f} (from {min(values):.3f} to {max(values):.3f})  {name}")
    print(f"{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
