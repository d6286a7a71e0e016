"""P.1812-8 against the 45 validation examples of Study Group 3, with their logs (see data/p1812/README.md)."""

from pathlib import Path

import numpy as np
import pytest

from comity.propagation import p1812
from comity.propagation.paths import COASTAL_LAND, INLAND, SEA, Paths

DATA = Path(__file__).parent / "data/p1812"
PROFILES = sorted((DATA / "profiles").glob("*.csv"))
ZONES = {1: SEA, 3: COASTAL_LAND, 4: INLAND}

GEOMETRY = {
    "d (km)": "dtot",
    "th_t (mrad)": "theta_t",
    "th_r (mrad)": "theta_r",
    "th (mrad)": "theta",
    "phi (deg)": "phi",
    "w": "omega",
    "b0 (%)": "b0",
    "ae (km)": "ae",
    **{f"{s} (km)": s for s in ("dlt", "dlr", "dtm", "dlm")},
    **{f"{s} (m)": s for s in ("hts", "hrs", "hstd", "hsrd", "hte", "hre", "hm")},
}
FACTORS = {s: s for s in ("Fi", "Fj", "Fk", "Lbfs", "Lb0p", "Lb0b")}
LOSSES = [
    "Lbulla",
    "Lbulls",
    "Ldsph",
    "Ld50",
    "Ldb",
    "Ldp",
    "Lbd50",
    "Lminb0p",
    "Lba",
    "Lminbap",
    "Lbda",
    "Lbam",
    "Lbs",
    "Lbc",
]
LOGGED = GEOMETRY | FACTORS | {f"{s} (dB)": s for s in LOSSES}


class Measurements:
    """A profile with its cases, in the measurement format of Study Group 3."""

    def __init__(self, path: Path) -> None:
        self.lines = [line.strip().rstrip(",") for line in path.read_text().splitlines()]
        self.name = path.stem
        self.cases = self._block("{Begin of Measurements}", 1)
        d, h, _, cover, zone = self._block("{Begin of Profile}", 2).T
        n, one = len(self.cases), np.ones(len(self.cases))
        self.paths = Paths(
            np.arange(n + 1) * len(d),
            *(np.tile(values, n) for values in (d, h, cover)),
            np.tile([ZONES[int(z)] for z in zone], n).astype(np.int8),
            *(self.header(key) * one for key in ("Tx LAT", "Tx LON", "Rx LAT", "Rx LON")),
        )

    def _block(self, begin: str, skip: int) -> np.ndarray:
        start = self.lines.index(begin) + skip
        stop = next(i for i in range(start, len(self.lines)) if self.lines[i].startswith("{End"))
        return np.array([[float(x or "nan") for x in line.split(",")] for line in self.lines[start:stop]])

    def header(self, key: str) -> float:
        return float(next(line for line in self.lines if line.startswith(key)).split(",")[-1])

    def log(self, case: int) -> dict[str, float]:
        log = (DATA / f"results/{self.name}_{case}_log.csv").read_text().splitlines()
        return {
            cells[0]: float(cells[3]) for cells in (line.split(",") for line in log) if cells[0] in LOGGED
        }

    def decimals(self, column: int) -> int:
        """Decimals to which a column of the cases is printed."""
        return len(
            self.lines[self.lines.index("{Begin of Measurements}") + 1].split(",")[column].split(".")[1]
        )


@pytest.fixture(params=PROFILES, ids=lambda path: path.stem)
def measured(request: pytest.FixtureRequest) -> Measurements:
    return Measurements(request.param)


def computed(measured: Measurements) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    f, htg, hrg, polarisation, p = measured.cases[:, [0, 1, 3, 4, 14]].T
    return p1812.basic_transmission_loss(
        measured.paths,
        f,
        p,
        tx_height_m=htg,
        rx_height_m=hrg,
        polarisation=polarisation,
        dn=measured.header("Average annual values dN"),
        n0=measured.header("Average annual sea-level surface"),
        tx_coast_km=500.0,  # in every log, whatever the zones say
        rx_coast_km=500.0,
        intermediates=True,
    )


def test_every_loss_matches_the_reference(measured: Measurements) -> None:
    loss, _ = computed(measured)
    rounding = 0.5 * 10.0 ** -measured.decimals(17)
    np.testing.assert_allclose(loss, measured.cases[:, 17], rtol=0, atol=max(1e-8, rounding))


def test_every_intermediate_matches_the_log(measured: Measurements) -> None:
    _, found = computed(measured)
    for case in range(len(measured.cases)):
        log = measured.log(case)
        assert log.keys() == LOGGED.keys()
        for key, value in log.items():
            symbol = LOGGED[key]
            np.testing.assert_allclose(found[symbol][case], value, rtol=1e-9, atol=2e-9, err_msg=symbol)


def test_field_strength_matches_the_reference(measured: Measurements) -> None:
    loss, _ = computed(measured)
    erp_dbw = np.nan_to_num(measured.cases[:, 10], nan=30.0)  # 1 kW where the file gives none
    field = p1812.field_strength(loss, measured.cases[:, 0], erp_kw=10.0 ** (erp_dbw / 10.0 - 3.0))
    rounding = 0.5 * 10.0 ** -measured.decimals(16)
    np.testing.assert_allclose(field, measured.cases[:, 16], rtol=0, atol=max(1e-8, rounding))


def test_all_cases_are_there() -> None:
    assert sum(len(Measurements(path).cases) for path in PROFILES) == 45
