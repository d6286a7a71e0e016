"""P.676 specific attenuation against 1 500 rows published by CRC Canada (see data/p676/README.md)."""

from pathlib import Path

import numpy as np
import pytest

from comity.errors import ValidityError
from comity.propagation import p676

ROWS = np.loadtxt(Path(__file__).parent / "data/p676/validation.csv", delimiter=",", skiprows=1)


@pytest.mark.parametrize("frequency_ghz", np.unique(ROWS[:, 0]))
def test_dry_air_and_water_vapour_match_to_one_in_a_million(frequency_ghz: float) -> None:
    rows = ROWS[ROWS[:, 0] == frequency_ghz]
    f, p, rho, t, gamma_o, gamma_w = rows.T
    found = p676.specific_attenuation(f * 1e3, pressure_hpa=p, water_vapour_gm3=rho, temperature_k=t)
    np.testing.assert_allclose(found.dry_air_db_per_km, gamma_o, rtol=1e-6)
    np.testing.assert_allclose(found.water_vapour_db_per_km, gamma_w, rtol=1e-6)


def test_all_rows_are_there() -> None:
    assert len(ROWS) == 1500


def test_inputs_broadcast() -> None:
    found = p676.specific_attenuation(np.array([[4_000.0], [28_000.0]]), temperature_k=[280.0, 290.0, 300.0])
    assert found.dry_air_db_per_km.shape == found.water_vapour_db_per_km.shape == (2, 3)


def test_dry_air_is_found_with_no_water_vapour() -> None:
    found = p676.specific_attenuation(60_000.0, water_vapour_gm3=0.0)
    assert found.water_vapour_db_per_km == 0.0
    assert 14.0 < found.dry_air_db_per_km < 16.0  # the 60 GHz oxygen complex, Figure 1 of the Recommendation


def test_every_range_violated_is_named_at_once() -> None:
    with pytest.raises(ValidityError) as caught:
        p676.specific_attenuation([500.0, 4000.0], pressure_hpa=0.0, water_vapour_gm3=-1.0, temperature_k=0.0)
    places = [problem.place for problem in caught.value.problems]
    assert [place.split(", ")[-1] for place in places] == [
        "frequency_mhz",
        "pressure_hpa",
        "water_vapour_gm3",
        "temperature_k",
    ]
    assert "1000 <= frequency_mhz <= 1e+06 MHz" in caught.value.render()
    assert "P.676" in caught.value.message
