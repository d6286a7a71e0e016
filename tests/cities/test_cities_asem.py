"""The published ASEM pipeline of COINr, stage by stage, to 1e-9."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from comity.matching.cities.indicators import Framework, Group, Indicator, Table
from comity.matching.cities.treatment import Method, treat
from comity.rules.text import Text

DATA = Path(__file__).parent / "asem"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def saved(name: str, codes: tuple[str, ...]) -> np.ndarray:
    return np.array([[float(r[c]) if r[c] not in ("", "NA") else np.nan for c in codes] for r in rows(name)])


@pytest.fixture(scope="module")
def treated():
    raw, below, meta = rows("raw"), rows("denominators"), rows("indicators")
    divisors = [c for c in below[0] if c.startswith("Den_")]
    groups = {m["Agg1"]: m["Agg2"] for m in meta} | {m["Agg2"]: m["Agg3"] for m in meta} | {"Index": ""}
    framework = Framework(
        "asem",
        "2018",
        (
            *(
                Indicator(
                    m["IndCode"], Text(m["IndName"], m["IndName"]), m["IndUnit"], int(float(m["Direction"])),
                    m["Agg1"], float(m["IndWeight"]), m["Denominator"],
                )
                for m in meta
            ),
            *(Indicator(d, Text(d, d), "1") for d in divisors),
        ),
        tuple(Group(g, Text(g, g), parent) for g, parent in groups.items()),
    )  # fmt: skip
    codes = tuple(m["IndCode"] for m in meta)
    values = np.hstack([saved("raw", codes), saved("denominators", tuple(divisors))])
    table = Table(tuple(r["UnitCode"] for r in raw), (*codes, *divisors), values)
    method = Method(impute="group_mean", winsorise_most=0.1, normalise="minmax")
    return treat(table, framework, method, {r["UnitCode"]: r["Group_EurAsia"] for r in raw})


@pytest.mark.parametrize("stage", ["denominated", "imputed", "treated", "normalised", "aggregated"])
def test_every_saved_stage_is_reproduced_to_1e_9(treated, stage):
    table = treated.stage(stage).table
    expected = saved(stage, table.indicators)
    assert len(table.indicators) == (11 if stage == "aggregated" else 49)
    assert np.array_equal(np.isnan(table.values), np.isnan(expected))
    scale = np.maximum(1.0, np.abs(np.nan_to_num(expected)))
    assert np.nanmax(np.abs(table.values - expected) / scale) < 1e-9


def test_the_same_65_values_are_imputed_and_the_same_points_pulled_in(treated):
    assert len(treated.stage("imputed").notes) == 65
    found: dict[str, list[int]] = {}
    for note in treated.stage("treated").notes:
        found.setdefault(note.indicator, [0, 0])[note.what == "winsorised high"] += 1
    expected = {
        r["IndCode"]: [int(float(r["Low"])), int(float(r["High"]))]
        for r in rows("treatment")
        if r["Treatment"] != "None"
    }
    assert found == expected


def test_the_index_has_the_published_order(treated):
    table = treated.stage("aggregated").table
    index = dict(zip(table.places, table.column("Index").tolist(), strict=True))
    best = sorted(index, key=lambda p: -index[p])[:5]
    assert [(p, round(index[p], 2)) for p in best] == [
        ("CHE", 68.38), ("NLD", 64.82), ("DNK", 64.8), ("NOR", 64.47), ("BEL", 63.54),
    ]  # fmt: skip
