"""P.452-18 against files in the layout of ITU-R Study Group 3's validation examples: profiles and results as CSV."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from comity.errors import Problem
from comity.propagation import p452
from comity.propagation._conformance_tables import Table, files_in, raise_all, read_table
from comity.propagation.conformance import Comparison, Report
from comity.propagation.paths import Paths

Float = NDArray[np.float64]

#: Greatest accepted difference [dB].
TOLERANCE_DB = 1e-6

#: Share of an intermediate by which it may differ besides: the files give DN and N0 with six decimals.
ROUNDED_INPUTS = 1e-8

#: Columns of a profile, by position: distance [km], height [m], cover [m], zone letter, zone code 1 to 3.
_PROFILE_COLUMNS = 5
_INPUTS = (
    *(
        "f (GHz)",
        "p (%)",
        "htg (m)",
        "hrg (m)",
        "phit_e (deg)",
        "phit_n (deg)",
        "phir_e (deg)",
        "phir_n (deg)",
    ),
    *(
        "Gt (dBi)",
        "Gr (dBi)",
        "pol (1-h/2-v)",
        "dct (km)",
        "dcr (km)",
        "press (hPa)",
        "temp (deg C)",
        "DN",
        "N0",
    ),
)
LOSSES = ("Lb", "Lbfsg", "Lb0p", "Lb0b", "Ldsph", "Ld50", "Ldp", "Lbs", "Lba")


def run(profiles: Path, results: Path, tolerance_db: float = TOLERANCE_DB) -> Report:
    """Compare every loss of every case.

    Parameters
    ----------
    profiles : folder of profile files
    results : folder of result files, each row a case that names its profile's file
    tolerance_db : greatest accepted difference [dB]
    """
    comparison = Comparison(p452.MODEL, tolerance_db)
    for path in files_in(results):
        table = read_table(path, ("profile", *_INPUTS, *LOSSES))
        _compare(table, profiles, comparison)
    return comparison.report()


def _compare(table: Table, profiles: Path, comparison: Comparison) -> None:
    expected = table.numbers(*_INPUTS, *LOSSES)
    names = _profile_names(table, profiles)
    known = {name: read_profile(profiles / name) for name in dict.fromkeys(names)}
    inputs = {name: expected[name] for name in _INPUTS}
    loss, found = p452.basic_transmission_loss(
        _paths([known[name] for name in names], inputs),
        inputs["f (GHz)"] * 1e3,
        inputs["p (%)"],
        tx_height_m=inputs["htg (m)"],
        rx_height_m=inputs["hrg (m)"],
        dn=inputs["DN"],
        n0=inputs["N0"],
        polarisation=inputs["pol (1-h/2-v)"],
        tx_gain_dbi=inputs["Gt (dBi)"],
        rx_gain_dbi=inputs["Gr (dBi)"],
        tx_coast_km=inputs["dct (km)"],
        rx_coast_km=inputs["dcr (km)"],
        pressure_hpa=inputs["press (hPa)"],
        temperature_c=inputs["temp (deg C)"],
        intermediates=True,
    )
    comparison.add_cases(len(table))
    comparison.add("Lb", table.places(), expected["Lb"], loss)
    for symbol in LOSSES[1:]:
        slack = ROUNDED_INPUTS * np.abs(expected[symbol])
        comparison.add(symbol, table.places(), expected[symbol], found[symbol], slack)


def _profile_names(table: Table, profiles: Path) -> list[str]:
    """Return the profile of each case: the one named as the result file is, else the one that the row names.

    The published rows of ``test_result_b2iseac_land_eqdist_no_clutter.csv`` name the profile without "land",
    though they were computed over the other.
    """
    partner = table.path.name.replace("result", "profile")
    if partner != table.path.name and (profiles / partner).is_file():
        return [partner] * len(table)
    return table.text("profile")


def read_profile(path: Path) -> tuple[Float, Float, Float, NDArray[np.int8]]:
    """Return distance [km], height [m], cover [m] and zone code of a profile file."""
    table = read_table(path, ())
    problems = []
    if len(table.header) != _PROFILE_COLUMNS:
        accepted = "distance [km], height [m], cover height [m], zone letter, zone code"
        problems.append(Problem(f"{path}, line 1", f"{len(table.header)} columns", accepted))
    raise_all(path, problems)
    columns = [table.header[i] for i in (0, 1, 2, 4)]
    values = table.numbers(*columns)
    distance, height, cover, zone = (values[column] for column in columns)
    for i in np.flatnonzero(~np.isin(zone, (1, 2, 3))):
        problems.append(
            Problem(f"{path}, line {table.lines[i]}, column {columns[3]}", f"zone {zone[i]:g}", "1, 2 or 3")
        )
    raise_all(path, problems)
    return distance, height, cover, zone.astype(np.int8)


def _paths(rows: list[tuple[Float, Float, Float, NDArray[np.int8]]], inputs: dict[str, Float]) -> Paths:
    offsets = np.concatenate(([0], np.cumsum([row[0].size for row in rows]))).astype(np.int64)
    distance, height, cover, zone = (np.concatenate(column) for column in zip(*rows, strict=True))
    return Paths(
        offsets,
        distance,
        height,
        cover,
        zone.astype(np.int8),
        inputs["phit_n (deg)"],
        inputs["phit_e (deg)"],
        inputs["phir_n (deg)"],
        inputs["phir_e (deg)"],
    )
