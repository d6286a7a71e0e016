"""MSI Planet files and antenna specifications: what they build, and how they refuse."""

import json
import subprocess
import sys

import numpy as np
import pytest

from comity.antennas import (
    F699,
    F1245,
    Array,
    ArrayEnvelope,
    Isotropic,
    Sector,
    from_spec,
    parse_msi,
    with_cuts,
)
from comity.antennas.spec import PATTERNS
from comity.errors import ComityError, MissingError, ValidityError


def _msi(horizontal=None, vertical=None, gain="GAIN 15.0 dBi") -> str:
    """A synthetic pattern: 12 (angle / 65)^2 dB across, 12 (angle / 10)^2 dB upright with 4 deg tilt, floor 30 dB."""
    off = np.minimum(np.arange(360), 360 - np.arange(360))
    lean = np.abs((np.arange(360) - 4 + 180) % 360 - 180)
    horizontal = np.minimum(12 * (off / 65) ** 2, 30.0) if horizontal is None else horizontal
    vertical = np.minimum(12 * (lean / 10) ** 2, 30.0) if vertical is None else vertical
    rows = [f"HORIZONTAL {len(horizontal)}", *(f"{a} {loss:.2f}" for a, loss in enumerate(horizontal))]
    rows += [f"VERTICAL {len(vertical)}", *(f"{a}\t{loss:.2f}" for a, loss in enumerate(vertical))]
    return "\n".join(["NAME synthetic", "MAKE comity", "FREQUENCY 3900", gain, "TILT ELECTRICAL", *rows])


def test_an_msi_file_gives_back_its_cuts() -> None:
    antenna = parse_msi(_msi())
    assert (antenna.name, antenna.max_gain_dbi, antenna.frequency_mhz) == ("synthetic", 15.0, 3900.0)
    assert antenna.gain_dbi(0.0, -4.0) == pytest.approx(15.0)
    # at the horizon the horizontal cut holds, up to what the two cuts disagree on ahead and behind
    assert antenna.gain_dbi(65.0, 0.0) - antenna.gain_dbi(0.0, 0.0) == pytest.approx(-12.0, abs=1.0)
    assert antenna.gain_dbi(180.0, 0.0) == pytest.approx(-15.0)


def test_vertical_angles_count_downwards() -> None:
    antenna = parse_msi(_msi())
    assert antenna.gain_dbi(0.0, -14.0) == pytest.approx(3.0)
    assert antenna.gain_dbi(0.0, 6.0) == pytest.approx(3.0)


def test_gain_counts_over_a_dipole_unless_dbi_is_written() -> None:
    assert parse_msi(_msi(gain="GAIN 12.85")).max_gain_dbi == 15.0
    assert parse_msi(_msi(gain="GAIN 12.85 dBd")).max_gain_dbi == 15.0


def test_all_errors_of_an_msi_file_are_listed_with_their_lines() -> None:
    lines = _msi(gain="GAIN loud").splitlines()
    lines[10] = "5 one"
    lines[20] = "15 -3"
    lines[30] = lines[29]
    with pytest.raises(ComityError) as caught:
        parse_msi("\n".join(lines[:-1]), "site.msi")
    places = [problem.place for problem in caught.value.problems]
    assert places == [
        "site.msi, line 11",
        "site.msi, line 21",
        "site.msi, line 31",
        "site.msi, line 4",
        "site.msi, line 6",
        "site.msi, line 367",
    ]
    assert all(problem.accepted for problem in caught.value.problems)


def test_a_file_without_cuts_or_gain_says_what_is_missing() -> None:
    with pytest.raises(ComityError) as caught:
        parse_msi("NAME empty")
    assert [problem.message for problem in caught.value.problems] == [
        "no line GAIN",
        "no block HORIZONTAL",
        "no block VERTICAL",
    ]


def test_a_missing_file_is_named(tmp_path) -> None:
    with pytest.raises(MissingError, match=r"none\.msi"):
        from_spec({"pattern": "msi", "file": "none.msi"}, folder=tmp_path)


def test_a_spec_reads_its_msi_file(tmp_path) -> None:
    (tmp_path / "a.msi").write_text(_msi())
    assert from_spec({"pattern": "msi", "file": "a.msi"}, folder=tmp_path).peak_gain_dbi == 15.0


def test_a_spec_with_its_cuts_needs_no_file(tmp_path) -> None:
    (tmp_path / "a.msi").write_text(_msi())
    spec = {"pattern": "msi", "file": "a.msi"}
    whole = json.loads(json.dumps(with_cuts(spec, tmp_path)))
    angles = np.linspace(-180, 180, 37), np.linspace(-90, 90, 37)
    expected = from_spec(spec, folder=tmp_path).gain_dbi(*angles)
    np.testing.assert_array_equal(from_spec(whole).gain_dbi(*angles), expected)
    sector = {"pattern": "f1336-sector", "gain_dbi": 15}
    assert with_cuts(sector, tmp_path) == sector


@pytest.mark.parametrize("file", ["../secret.msi", "/etc/hostname", "a/../../b.msi"])
def test_a_spec_reads_no_file_outside_its_folder(tmp_path, file) -> None:
    for folder in (tmp_path, None):
        with pytest.raises(ComityError) as caught:
            from_spec({"pattern": "msi", "file": file}, folder=folder)
        assert "not a file that may be read here" in caught.value.problems[0].message


def test_cuts_that_are_none_are_refused_all_at_once() -> None:
    with pytest.raises(ComityError) as caught:
        from_spec(
            {"pattern": "msi", "horizontal_loss_db": [0.0] * 359, "vertical_loss_db": [-1] * 360, "tilt": 3}
        )
    assert [problem.place for problem in caught.value.problems] == [
        "antenna.horizontal_loss_db",
        "antenna.vertical_loss_db",
        "antenna.gain_dbi",
        "antenna.tilt",
    ]


def test_the_statistic_chooses_the_side_lobes() -> None:
    spec = {"pattern": "f1336-sector", "gain_dbi": 15, "beamwidth_deg": 65}
    assert from_spec(spec, frequency_mhz=3_900.0) == Sector(15, 65, 3_900.0)
    assert from_spec(spec, "average", frequency_mhz=3_900.0) == Sector(15, 65, 3_900.0, statistic="average")
    link = {"pattern": "fixed-link", "gain_dbi": 38, "frequency_mhz": 7_500}
    assert from_spec(link) == F699(38, 7_500)
    assert from_spec(link, "average") == F1245(38, 7_500)


def test_arrays_take_the_fields_of_their_element_too() -> None:
    built = from_spec({"pattern": "3gpp-array", "gain_dbi": 6, "rows": 4, "steer_elevation_deg": -5})
    assert isinstance(built, Array)
    assert (built.element.max_gain_dbi, built.rows, built.steer_elevation_deg) == (6, 4, -5)
    envelope = from_spec({"pattern": "3gpp-array-envelope", "columns": 4, "azimuth_limit_deg": 45})
    assert isinstance(envelope, ArrayEnvelope)
    assert (envelope.array.columns, envelope.azimuth_limit_deg) == (4, 45)
    assert from_spec({"pattern": "isotropic", "gain_dbi": 3}) == Isotropic(3)


def test_all_errors_of_a_spec_are_listed_at_once() -> None:
    with pytest.raises(ComityError) as caught:
        from_spec({"pattern": "3gpp-array", "gain": 3, "rows": 2.5, "columns": "8"})
    assert [problem.place for problem in caught.value.problems] == [
        "antenna.gain",
        "antenna.rows",
        "antenna.columns",
    ]
    with pytest.raises(ComityError) as caught:
        from_spec({"pattern": "f1336-sector"})
    assert {problem.place for problem in caught.value.problems} == {
        "antenna.gain_dbi",
        "antenna.beamwidth_deg",
        "antenna.frequency_mhz",
    }


def test_an_unknown_pattern_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ComityError) as caught:
        from_spec({"pattern": "f1336-sectr"})
    assert "did you mean f1336-sector?" in caught.value.problems[0].accepted
    assert all(name in caught.value.problems[0].accepted for name in PATTERNS)


def test_values_outside_a_patterns_range_are_refused_by_name() -> None:
    with pytest.raises(ValidityError, match=r"F\.1336-5") as caught:
        from_spec({"pattern": "f1336-sector", "gain_dbi": 900, "beamwidth_deg": 170, "frequency_mhz": 100})
    assert len(caught.value.problems) == 3
    with pytest.raises(ValidityError, match=r"F\.699-8"):
        F699(10.0, 4_000.0)
    with pytest.raises(ValidityError) as caught:
        F699(20.0, 8_000.0, diameter_m=3.7)
    assert "first side lobe" in caught.value.render()


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, comity.antennas; print({'numba', 'numpy', 'scipy'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert ran.stdout == "set()\n"


def _cuts(gain_dbi, across, upright, floor_db=30.0):
    off = np.minimum(np.arange(360), 360 - np.arange(360))
    horizontal = np.minimum(12 * (off / across) ** 2, floor_db)
    vertical = np.minimum(12 * (off / upright) ** 2, floor_db)
    return {
        "pattern": "msi",
        "gain_dbi": gain_dbi,
        "horizontal_loss_db": horizontal.tolist(),
        "vertical_loss_db": vertical.tolist(),
    }


def test_an_antenna_cannot_be_declared_away() -> None:
    # cuts of 100 dB everywhere: six cells of 60 dBm vanished behind them
    gone = {
        "pattern": "msi",
        "gain_dbi": 15,
        "horizontal_loss_db": [100] * 360,
        "vertical_loss_db": [100] * 360,
    }
    with pytest.raises(ComityError) as caught:
        from_spec(gone)
    assert {p.place for p in caught.value.problems} == {
        "antenna.horizontal_loss_db",
        "antenna.vertical_loss_db",
    }


def test_the_gain_of_measured_cuts_agrees_with_their_directivity() -> None:
    # Gaussian beams: the solid angle is pi / (4 ln 2) of the product of the beamwidths, so
    # D = 10 log (41253 / (1.133 x 65 x 10)) = 17.5 dBi, less what the floor takes
    assert from_spec(_cuts(16.0, 65.0, 10.0)).directivity_dbi() == pytest.approx(17.3, abs=0.5)
    for gain in (12.0, 22.0):
        with pytest.raises(ComityError) as caught:
            from_spec(_cuts(gain, 65.0, 10.0))
        assert [p.place for p in caught.value.problems] == ["antenna.gain_dbi"]


def test_an_isotropic_pair_of_cuts_has_a_directivity_of_0_dbi() -> None:
    flat = {"pattern": "msi", "gain_dbi": 0.0, "horizontal_loss_db": [0] * 360, "vertical_loss_db": [0] * 360}
    assert from_spec(flat).directivity_dbi() == pytest.approx(0.0, abs=0.01)


def test_no_measured_antenna_is_credited_with_more_than_40_db_off_its_beam() -> None:
    assert from_spec(_cuts(16.0, 65.0, 10.0, floor_db=100.0)).gain_dbi(180.0, 0.0) == pytest.approx(-24.0)


@pytest.mark.parametrize("name", ["f699", "f1245", "s465", "fixed-link"])
def test_a_dish_is_no_base_station(name) -> None:
    spec = {"pattern": name, "gain_dbi": 36.0}
    assert from_spec(spec, frequency_mhz=4_000.0).peak_gain_dbi == 36.0
    with pytest.raises(ComityError) as caught:
        from_spec(spec, frequency_mhz=4_000.0, use="base_station")
    assert [p.place for p in caught.value.problems] == ["antenna.pattern"]
    sector = {"pattern": "f1336-sector", "gain_dbi": 15.0, "beamwidth_deg": 65.0}
    assert from_spec(sector, frequency_mhz=4_000.0, use="base_station").peak_gain_dbi == 15.0
