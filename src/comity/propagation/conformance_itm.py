"""ITM 1.4 against CSV files of NTIA's layout: point-to-point cases with their profiles, and area cases."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from comity.errors import ComityError, MissingError, Problem
from comity.propagation import itm
from comity.propagation._conformance_tables import Table, number, raise_all, read_table, read_text
from comity.propagation.conformance import Comparison, Report

Float = NDArray[np.float64]

#: Greatest accepted difference [dB]: NTIA prints area losses to 0.1 dB.
TOLERANCE_DB = 0.051

_COMMON = (
    *("h_tx__meter", "h_rx__meter", "epsilon", "sigma", "N_0", "f__mhz", "pol", "climate"),
    *("time", "location", "situation", "mdvar", "A__db"),
)
_AREA = ("delta_h__meter", "d__km", "tx_siting_criteria", "rx_siting_criteria")


def run(files: Sequence[Path], tolerance_db: float = TOLERANCE_DB) -> Report:
    """Compare the loss of every case.

    Parameters
    ----------
    files : CSV files or folders of them; a file with the column ``d__km`` holds area cases, any other point-to-point
        cases whose profiles stand in ``pfls.csv`` beside it, one a row: number of steps, step [m], heights [m]
    tolerance_db : greatest accepted difference [dB]
    """
    comparison = Comparison(itm.MODEL, tolerance_db)
    for path in _case_files(files):
        header = read_text(path).partition("\n")[0].strip().split(",")
        area = "d__km" in header
        table = read_table(path, (*_COMMON, *_AREA) if area else _COMMON)
        values = table.numbers(*_COMMON, *(_AREA if area else ()))
        found = _area(values) if area else _point_to_point(values, table)
        comparison.add_cases(len(table))
        comparison.add(
            "A, area" if area else "A, point-to-point", table.places(), values["A__db"], found.loss_db
        )
    return comparison.report()


def _case_files(files: Sequence[Path]) -> list[Path]:
    found = []
    for given in files:
        if given.is_dir():
            inside = [path for path in sorted(given.glob("*.csv")) if path.name != "pfls.csv"]
            if not inside:
                near = sorted({str(path.parent) for path in given.rglob("pfls.csv")})
                raise MissingError(
                    f"no *.csv in {given}{'; cases lie in ' + ', '.join(near) if near else ''}"
                )
            found += inside
        else:
            found.append(given)
    return found


def _inputs(values: dict[str, Float]) -> itm.Inputs:
    return {
        "tx_height_m": values["h_tx__meter"],
        "rx_height_m": values["h_rx__meter"],
        "climate": values["climate"],
        "n0": values["N_0"],
        "polarisation": values["pol"] + 1.0,
        "permittivity": values["epsilon"],
        "conductivity_s_m": values["sigma"],
        "variability": values["mdvar"],
        "quantile": itm.TimeLocationSituation(values["time"], values["location"], values["situation"]),
    }


def _area(values: dict[str, Float]) -> itm.Prediction:
    return itm.area(
        values["d__km"],
        values["delta_h__meter"],
        values["f__mhz"],
        tx_siting=values["tx_siting_criteria"],
        rx_siting=values["rx_siting_criteria"],
        **_inputs(values),
    )


def _point_to_point(values: dict[str, Float], table: Table) -> itm.Prediction:
    path = table.path.with_name("pfls.csv")
    rows = read_profiles(path)
    if len(rows) != len(table):
        problem = Problem(str(path), f"{len(rows)} profiles for {len(table)} cases", "one profile a case")
        raise ComityError(f"{table.path} cannot be used as reference cases", [problem])
    return itm.point_to_point(itm.Profiles.from_rows(rows), values["f__mhz"], **_inputs(values))


def read_profiles(path: Path) -> list[tuple[float, Float]]:
    """Return step [m] and heights [m] of each row of a profile file."""
    problems: list[Problem] = []
    profiles = []
    for line, text in enumerate(read_text(path).splitlines(), start=1):
        cells = text.strip().rstrip(",").split(",")
        values = np.array(
            [
                number(cell, f"{path}, line {line}, column {i}", problems)
                for i, cell in enumerate(cells, start=1)
            ]
        )
        if np.isfinite(values).all() and values.size != values[0] + 3:
            accepted = f"{values[0]:g} steps have {values[0] + 1:g} heights"
            problems.append(Problem(f"{path}, line {line}", f"{values.size - 2} heights", accepted))
        profiles.append((float(values[1]) if values.size > 1 else np.nan, values[2:]))
    raise_all(path, problems)
    return profiles
