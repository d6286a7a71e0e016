"""P.1812-8 against files in Study Group 3's measurement format (profiles) and logs of its equations (results)."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from comity.errors import MissingError, Problem
from comity.propagation import p1812
from comity.propagation._conformance_tables import files_in, number, raise_all, read_text
from comity.propagation._sg3_format import MeasurementFile, read_measurements
from comity.propagation.conformance import Comparison, Report

#: Greatest accepted difference [dB].
TOLERANCE_DB = 1e-8

#: Share of an intermediate by which it may differ besides: the logs give ten significant digits.
ROUNDED_LOG = 1e-9

#: Intermediates compared: name in the log -> symbol.
LOGGED = {
    "Lbfs": "Lbfs",
    "Lb0p": "Lb0p",
    "Lb0b": "Lb0b",
    "Ld50 (dB)": "Ld50",
    "Ldp (dB)": "Ldp",
    "Lbd50 (dB)": "Lbd50",
    "Lba (dB)": "Lba",
    "Lbs (dB)": "Lbs",
    "Lbc (dB)": "Lbc",
}


def run(profiles: Path, results: Path, tolerance_db: float = TOLERANCE_DB) -> Report:
    """Compare the loss of every case, and the intermediates of its log.

    Parameters
    ----------
    profiles : folder of measurement files, one path each with its cases
    results : folder of logs, one case each, named ``PROFILE_NUMBER_log.csv``, numbers from 0
    tolerance_db : greatest accepted difference [dB]
    """
    comparison = Comparison(p1812.MODEL, tolerance_db)
    logs = set(files_in(results))
    for path in files_in(profiles):
        measured = read_measurements(path)
        expected = [_log(results / f"{measured.name}_{i}_log.csv", logs) for i in range(len(measured.lines))]
        _compare(measured, expected, comparison)
    return comparison.report()


#: Distance to the coast in every published case, whatever its zones say.
COAST_KM = 500.0


def _compare(measured: MeasurementFile, logs: list[dict[str, float]], comparison: Comparison) -> None:
    cases = measured.cases
    loss, found = p1812.basic_transmission_loss(
        measured.paths(),
        cases["frequency_mhz"],
        cases["time_percent"],
        tx_height_m=cases["tx_height_m"],
        rx_height_m=cases["rx_height_m"],
        dn=measured.header["dn"],
        n0=measured.header["n0"],
        polarisation=cases["polarisation"],
        tx_coast_km=COAST_KM,
        rx_coast_km=COAST_KM,
        intermediates=True,
    )
    comparison.add_cases(len(measured.lines))
    places = [f"{measured.name}.csv, line {line}" for line in measured.lines]
    comparison.add("Lb", places, cases["loss_db"], loss, measured.rounding_db)
    places = [f"{measured.name}_{i}_log.csv" for i in range(len(logs))]
    for name, symbol in LOGGED.items():
        expected = np.array([log[name] for log in logs])
        comparison.add(symbol, places, expected, found[symbol], ROUNDED_LOG * np.abs(expected))


def _log(path: Path, known: set[Path]) -> dict[str, float]:
    """Return the compared intermediates of a log by name."""
    if path not in known:
        raise MissingError(f"{path} is missing: every case of a profile needs its log")
    problems: list[Problem] = []
    values: dict[str, float] = {}
    for line, row in enumerate(csv.reader(read_text(path).splitlines()), start=1):
        name = row[0].strip() if row else ""
        if name in LOGGED:
            cell = row[3] if len(row) > 3 else ""
            values[name] = number(cell, f"{path}, line {line}, column Value", problems)
    for name in LOGGED.keys() - values.keys():
        problems.append(Problem(str(path), f"no line {name}", f"{name},,,number,"))
    raise_all(path, problems)
    return values
