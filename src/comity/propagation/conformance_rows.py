"""P.2108, P.2109 and P.676 against CSV files of one case a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from comity.errors import ComityError, Problem
from comity.propagation import p676, p2108, p2109
from comity.propagation._conformance_tables import Table, files_in, read_table, read_text
from comity.propagation.conformance import Comparison, Report

Float = NDArray[np.float64]
Columns = dict[str, Float]

#: Greatest accepted differences; that of P.676 is relative.
P2108_TOLERANCE_DB = 0.1
P2109_TOLERANCE_DB = 1e-6
P676_TOLERANCE = 1e-6

_P2109 = (
    "freqency (GHz)",
    "probability (%)",
    "building type",
    "elevation angle (deg)",
    "building entry loss (dB)",
)
_P676 = ("f (GHz)", "P (hPa)", "rho (g/m3)", "T (k)", "gamma0 (dB/km)", "gammaw (dB/km)")


def _height_gain(rows: Columns) -> Float:
    return p2108.height_gain_correction(
        rows["f__ghz"] * 1e3,
        rows["h__meter"],
        rows["clutter_type"],
        representative_height_m=rows["R__meter"],
        street_width_m=rows["w_s__meter"],
    )


def _terrestrial(rows: Columns) -> Float:
    return p2108.terrestrial_clutter_loss(rows["f__ghz"] * 1e3, rows["d__km"], rows["p"])


def _earth_space(rows: Columns) -> Float:
    return p2108.earth_space_clutter_loss(rows["f__ghz"] * 1e3, rows["theta_deg"], rows["p"])


#: P.2108's models by the result column that marks their files: inputs, function.
_P2108: dict[str, tuple[tuple[str, ...], Callable[[Columns], Float]]] = {
    "A_h__db": (("f__ghz", "h__meter", "w_s__meter", "R__meter", "clutter_type"), _height_gain),
    "L_ctt__db": (("f__ghz", "d__km", "p"), _terrestrial),
    "L_ces__db": (("f__ghz", "theta_deg", "p"), _earth_space),
}


def run_p2108(files: Sequence[Path], tolerance_db: float = P2108_TOLERANCE_DB) -> Report:
    """Compare rows of P.2108-1's three models; a row whose ``rtn`` is not 0 must be refused.

    Parameters
    ----------
    files : CSV files, or folders of them; the result column tells the model
    tolerance_db : greatest accepted difference [dB]
    """
    comparison = Comparison("ITU-R P.2108-1", tolerance_db)
    for path in _expanded(files):
        header = read_text(path).partition("\n")[0].strip().split(",")
        result = next((column for column in _P2108 if column in header), None)
        if result is None:
            place = f"{path}, line 1"
            raise ComityError(
                "not rows of P.2108", [Problem(place, "no result column", f"one of {', '.join(_P2108)}")]
            )
        inputs, function = _P2108[result]
        _compare_rows(read_table(path, (*inputs, "rtn", result)), inputs, result, function, comparison)
    return comparison.report()


def _compare_rows(
    table: Table,
    inputs: Sequence[str],
    result: str,
    function: Callable[[Columns], Float],
    comparison: Comparison,
) -> None:
    values = table.numbers(*inputs, "rtn", result)
    places = table.places()
    good = values["rtn"] == 0
    comparison.add_cases(len(table))
    found = function({name: values[name][good] for name in inputs})
    comparison.add(result, [places[i] for i in np.flatnonzero(good)], values[result][good], found)
    for i in np.flatnonzero(~good):
        one = {name: values[name][i : i + 1] for name in inputs}
        comparison.expect_refusal(result, places[i], lambda one=one: function(one))  # type: ignore[misc]


def run_p2109(files: Sequence[Path], tolerance_db: float = P2109_TOLERANCE_DB) -> Report:
    """Compare rows of building entry loss.

    Parameters
    ----------
    files : CSV files, or folders of them
    tolerance_db : greatest accepted difference [dB]
    """
    comparison = Comparison(p2109.MODEL, tolerance_db)
    for path in _expanded(files):
        table = read_table(path, _P2109)
        frequency, probability, building, elevation, expected = table.numbers(*_P2109).values()
        found = p2109.building_entry_loss(frequency * 1e3, probability, building, elevation_deg=elevation)
        comparison.add_cases(len(table))
        comparison.add("L_BEL", table.places(), expected, found)
    return comparison.report()


def run_p676(files: Sequence[Path], tolerance: float = P676_TOLERANCE) -> Report:
    """Compare rows of specific attenuation, relative to the expected value.

    Parameters
    ----------
    files : CSV files, or folders of them
    tolerance : greatest accepted relative difference
    """
    comparison = Comparison(p676.MODEL, tolerance, relative=True)
    for path in _expanded(files):
        table = read_table(path, _P676)
        frequency, pressure, vapour, temperature, dry, wet = table.numbers(*_P676).values()
        found = p676.specific_attenuation(
            frequency * 1e3, pressure_hpa=pressure, water_vapour_gm3=vapour, temperature_k=temperature
        )
        comparison.add_cases(len(table))
        comparison.add("gamma_o", table.places(), dry, found.dry_air_db_per_km)
        comparison.add("gamma_w", table.places(), wet, found.water_vapour_db_per_km)
    return comparison.report()


def _expanded(files: Sequence[Path]) -> list[Path]:
    """Return files, and the CSV files of folders."""
    return [path for given in files for path in (files_in(given) if given.is_dir() else [given])]
