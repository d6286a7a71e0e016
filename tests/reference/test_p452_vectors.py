"""P.452-18 against the 420 validation examples of Study Group 3 (see data/p452/README.md)."""

import csv
from pathlib import Path

import numpy as np
import pytest

from comity.propagation import p452
from comity.propagation.paths import Paths

DATA = Path(__file__).parent / "data/p452"
RESULTS = sorted((DATA / "results").glob("*.csv"))

SYMBOLS = [
    "ae",
    "dtot",
    "hts",
    "hrs",
    "theta_t",
    "theta_r",
    "theta",
    "hm",
    "hte",
    "hre",
    "hstd",
    "hsrd",
    "dlt",
    "dlr",
    "dtm",
    "dlm",
    "b0",
    "omega",
    "Lbfsg",
    "Lb0p",
    "Lb0b",
    "Ldsph",
    "Ld50",
    "Ldp",
    "Lbs",
    "Lba",
]


class Cases:
    def __init__(self, result: Path) -> None:
        with result.open(newline="") as lines:
            self.rows = list(csv.DictReader(lines))
        profile = DATA / "profiles" / result.name.replace("result", "profile")
        with profile.open(newline="") as lines:
            table = np.array([[float(row[i]) for i in (0, 1, 2, 4)] for row in list(csv.reader(lines))[1:]])
        n, m = len(self), len(table)
        d, h, cover, zone = np.tile(table, (n, 1)).T
        ends = [self["phit_n (deg)"], self["phit_e (deg)"], self["phir_n (deg)"], self["phir_e (deg)"]]
        self.paths = Paths(np.arange(n + 1) * m, d, h, cover, zone.astype(np.int8), *ends)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, column: str) -> np.ndarray:
        return np.array([float(row[column]) for row in self.rows])


@pytest.mark.parametrize("result", RESULTS, ids=lambda path: path.stem.removeprefix("test_result_"))
def test_every_loss_and_intermediate_matches_the_reference(result: Path) -> None:
    cases = Cases(result)
    loss, found = p452.basic_transmission_loss(
        cases.paths,
        cases["f (GHz)"] * 1e3,
        cases["p (%)"],
        tx_height_m=cases["htg (m)"],
        rx_height_m=cases["hrg (m)"],
        polarisation=cases["pol (1-h/2-v)"],
        dn=cases["DN"],
        n0=cases["N0"],
        tx_gain_dbi=cases["Gt (dBi)"],
        rx_gain_dbi=cases["Gr (dBi)"],
        tx_coast_km=cases["dct (km)"],
        rx_coast_km=cases["dcr (km)"],
        pressure_hpa=cases["press (hPa)"],
        temperature_c=cases["temp (deg C)"],
        intermediates=True,
    )
    np.testing.assert_allclose(loss, cases["Lb"], rtol=0, atol=1e-6)
    for symbol in SYMBOLS:
        np.testing.assert_allclose(found[symbol], cases[symbol], rtol=1e-8, atol=2e-6, err_msg=symbol)
    beyond = np.array([row["path"] == "Trans-Horizon" for row in cases.rows])
    np.testing.assert_array_equal(found["transhorizon"] == 1.0, beyond)


def test_all_cases_are_there() -> None:
    assert sum(len(Cases(result)) for result in RESULTS) == 420
