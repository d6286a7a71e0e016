"""P.2108-1 against NTIA's 48 rows; a row with an error code is refused by name (data/p2108/README.md)."""

import csv
from pathlib import Path

import numpy as np
import pytest

from comity.errors import ValidityError
from comity.propagation import p2108

DATA = Path(__file__).parent / "data/p2108"
#: NTIA's error codes and the parameter that each blames.
BLAMED = {
    32: "frequency_mhz",
    33: "height_m",
    34: "street_width_m",
    35: "representative_height_m",
    48: "frequency_mhz",
    49: "distance_km",
    50: "location_percent",
    64: "frequency_mhz",
    65: "elevation_deg",
    66: "location_percent",
}


def _rows(name: str) -> list[dict[str, float]]:
    with (DATA / name).open(newline="") as file:
        return [{key: float(value) for key, value in row.items()} for row in csv.DictReader(file)]


def _height_gain(row: dict[str, float]) -> float:
    return p2108.height_gain_correction(
        row["f__ghz"] * 1e3,
        row["h__meter"],
        row["clutter_type"],
        representative_height_m=row["R__meter"],
        street_width_m=row["w_s__meter"],
    ).item()


def _terrestrial(row: dict[str, float]) -> float:
    return p2108.terrestrial_clutter_loss(row["f__ghz"] * 1e3, row["d__km"], row["p"]).item()


def _earth_space(row: dict[str, float]) -> float:
    return p2108.earth_space_clutter_loss(row["f__ghz"] * 1e3, row["theta_deg"], row["p"]).item()


CASES = [
    (compute, row, row[column])
    for compute, name, column in (
        (_height_gain, "HeightGainTerminalCorrectionModelTestData.csv", "A_h__db"),
        (_terrestrial, "TerrestrialStatisticalModelTestData.csv", "L_ctt__db"),
        (_earth_space, "AeronauticalStatisticalModelTestData.csv", "L_ces__db"),
    )
    for row in _rows(name)
]


def test_all_rows_are_there() -> None:
    assert len(CASES) == 48


@pytest.mark.parametrize(("compute", "row", "expected"), [case for case in CASES if case[1]["rtn"] == 0])
def test_the_loss_matches_to_a_tenth_of_a_decibel(compute, row, expected) -> None:
    assert compute(row) == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize(("compute", "row", "expected"), [case for case in CASES if case[1]["rtn"] != 0])
def test_an_input_outside_the_range_is_refused_by_name(compute, row, expected) -> None:
    with pytest.raises(ValidityError, match=r"P\.2108-1") as caught:
        compute(row)
    (problem,) = caught.value.problems
    assert problem.place.endswith(BLAMED[int(row["rtn"])])
    assert BLAMED[int(row["rtn"])] in problem.accepted


def test_clutter_at_both_ends_needs_a_kilometre() -> None:
    with pytest.raises(ValidityError, match=r"section 3\.2"):
        p2108.terrestrial_clutter_loss(4_000.0, 0.5, 50.0, both_ends=True)
    one_end = p2108.terrestrial_clutter_loss(4_000.0, 1.0, 50.0)
    assert p2108.terrestrial_clutter_loss(4_000.0, 1.0, 50.0, both_ends=True) == one_end


def test_the_terrestrial_loss_never_exceeds_its_value_at_two_kilometres() -> None:
    percent = np.array([[1.0], [50.0], [99.0], [99.9]])
    loss = p2108.terrestrial_clutter_loss(3_500.0, np.geomspace(0.25, 100.0, 40), percent)
    assert (loss <= p2108.terrestrial_clutter_loss(3_500.0, 2.0, percent) + 1e-12).all()


def test_all_problems_of_a_call_are_listed() -> None:
    with pytest.raises(ValidityError) as caught:
        p2108.height_gain_correction(4_800.0, -1.0, 9, representative_height_m=10.0)
    assert [problem.place.rsplit(" ", 1)[1] for problem in caught.value.problems] == [
        "frequency_mhz",
        "height_m",
        "clutter",
    ]
