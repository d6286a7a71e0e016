"""``comity conformance``: the published files pass, altered ones miss, malformed ones are named by line and column."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from comity.cli import conformance
from comity.cli.conformance import app
from comity.errors import ComityError, MissingError
from comity.propagation import conformance_itm, conformance_p452, conformance_p1812, conformance_rows
from comity.propagation.conformance import Comparison

DATA = Path(__file__).parents[1] / "reference/data"


def _folder(tmp_path: Path, model: str) -> Path:
    """A writable copy of a model's reference files."""
    target = tmp_path / model
    shutil.copytree(DATA / model, target)
    return target


def _edit(path: Path, line: int, old: str, new: str) -> None:
    lines = path.read_text().splitlines()
    assert old in lines[line - 1], lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    path.write_text("\n".join(lines) + "\n")


ARGUMENTS = {
    "p452": ["--profiles", DATA / "p452/profiles", "--results", DATA / "p452/results"],
    "p1812": ["--profiles", DATA / "p1812/profiles", "--results", DATA / "p1812/results"],
    "p2108": [DATA / "p2108"],
    "p2109": [DATA / "p2109/validation.csv"],
    "p676": [DATA / "p676/validation.csv"],
    "itm": [DATA / "itm/ntia"],
}
CASES = {"p452": 420, "p1812": 45, "p2108": 48, "p2109": 3000, "p676": 1500, "itm": 10}


@pytest.mark.parametrize("model", ARGUMENTS)
def test_the_published_cases_pass(model) -> None:
    ran = CliRunner().invoke(app, [model, *map(str, ARGUMENTS[model]), "--json"])
    assert ran.exit_code == 0, ran.output
    report = json.loads(ran.output)
    assert (report["cases"], report["passed"], report["misses"]) == (CASES[model], True, [])
    assert report["worst"][0]["difference"] <= report["worst"][0]["accepted"]


# P.1812-8 agrees to the last printed digit, which a tolerance of zero still grants
@pytest.mark.parametrize("model", sorted(ARGUMENTS.keys() - {"p1812"}))
def test_a_tolerance_that_nothing_meets_ends_with_1(model) -> None:
    ran = CliRunner().invoke(app, [model, *map(str, ARGUMENTS[model]), "--tolerance", "0"])
    assert ran.exit_code == 1
    assert "FAILED" in ran.output
    assert "MISS" in ran.output


def test_without_a_model_every_case_of_the_checkout_runs_one_line_a_model() -> None:
    ran = CliRunner().invoke(app, [])
    assert ran.exit_code == 0, ran.output
    lines = ran.output.splitlines()
    assert len(lines) == len(CASES)
    for line, cases in zip(lines, CASES.values(), strict=True):
        assert f": {cases} cases, worst" in line
        assert line.endswith("passed")


def test_without_a_model_one_miss_ends_with_1(tmp_path, monkeypatch) -> None:
    shutil.copytree(DATA, tmp_path / "tests/reference/data")
    path = tmp_path / "tests/reference/data/p2109/validation.csv"
    cells = path.read_text().splitlines()[6].split(",")
    _edit(path, 7, cells[-1], f"{float(cells[-1]) + 1e-3:.10f}")
    monkeypatch.chdir(tmp_path)
    ran = CliRunner().invoke(app, [])
    assert ran.exit_code == 1
    assert [line for line in ran.output.splitlines() if "FAILED: 1 values" in line and "P.2109" in line]


def test_where_there_are_no_cases_it_says_where_they_are(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(conformance, "__file__", str(tmp_path / "a/b/c/d/conformance.py"))
    with pytest.raises(MissingError) as caught:
        CliRunner().invoke(app, [], catch_exceptions=False)
    assert "tests/reference/data" in caught.value.render()
    assert "checkout" in caught.value.render()


def test_a_folder_above_the_cases_of_itm_names_the_folder_that_has_them() -> None:
    with pytest.raises(MissingError, match=r"itm/ntia"):
        conformance_itm.run([DATA / "itm"])


def test_one_altered_loss_is_found_with_its_place(tmp_path) -> None:
    folder = _folder(tmp_path, "p2109")
    cells = (folder / "validation.csv").read_text().splitlines()[6].split(",")
    _edit(folder / "validation.csv", 7, cells[-1], f"{float(cells[-1]) + 1e-5:.10f}")
    report = conformance_rows.run_p2109([folder / "validation.csv"])
    assert [miss.place for miss in report.misses] == ["validation.csv, line 7"]
    assert report.misses[0].difference == pytest.approx(1e-5, rel=0.1)


def test_one_altered_loss_of_p1812_is_found_with_its_place(tmp_path) -> None:
    folder = _folder(tmp_path, "p1812")
    path = folder / "profiles/b2iseac_rural_land_1km.csv"
    line = next(i for i, text in enumerate(path.read_text().splitlines(), 1) if "87.03854330" in text)
    _edit(path, line, "87.03854330", "87.03854334")
    report = conformance_p1812.run(folder / "profiles", folder / "results")
    assert [(miss.quantity, miss.place) for miss in report.misses] == [("Lb", f"{path.name}, line {line}")]


def test_a_row_that_should_be_refused_and_is_not_is_a_miss(tmp_path) -> None:
    folder = _folder(tmp_path, "p2108")
    path = folder / "TerrestrialStatisticalModelTestData.csv"
    _edit(path, 9, "0.24,2,50,48", "0.6,2,50,48")
    report = conformance_rows.run_p2108([folder])
    assert [(miss.quantity, miss.place) for miss in report.misses] == [
        ("L_ctt__db (to be refused)", "TerrestrialStatisticalModelTestData.csv, line 9")
    ]
    assert not report.passed


def test_every_unreadable_cell_is_listed_with_line_and_column(tmp_path) -> None:
    path = _folder(tmp_path, "p676") / "validation.csv"
    _edit(path, 3, "112.0", "a hundred")
    _edit(path, 5, "445.0", "")
    with pytest.raises(ComityError) as caught:
        conformance_rows.run_p676([path])
    assert [problem.place for problem in caught.value.problems] == [
        f"{path}, line 3, column f (GHz)",
        f"{path}, line 5, column f (GHz)",
    ]


def test_a_row_with_a_missing_cell_is_named(tmp_path) -> None:
    path = _folder(tmp_path, "p2109") / "validation.csv"
    _edit(path, 4, ",", "")
    with pytest.raises(ComityError) as caught:
        conformance_rows.run_p2109([path])
    assert "line 4" in caught.value.problems[0].place
    assert caught.value.problems[0].message == "4 cells"


def test_a_missing_column_is_named(tmp_path) -> None:
    folder = _folder(tmp_path, "p452")
    result = folder / "results/test_result_mixed_109km.csv"
    _edit(result, 1, "Lb0b", "L?")
    with pytest.raises(ComityError) as caught:
        conformance_p452.run(folder / "profiles", folder / "results")
    assert [problem.place for problem in caught.value.problems] == [f"{result}, line 1, column Lb0b"]


def test_a_faulty_profile_is_named_by_line_and_column(tmp_path) -> None:
    folder = _folder(tmp_path, "p452")
    profile = folder / "profiles/test_profile_mixed_109km.csv"
    text = profile.read_text().splitlines()
    cells = text[4].split(",")
    text[4] = ",".join([cells[0], "x", *cells[2:4], "7"])
    profile.write_text("\n".join(text))
    with pytest.raises(ComityError) as caught:
        conformance_p452.run(folder / "profiles", folder / "results")
    assert "line 5, column h" in caught.value.problems[0].place


def test_a_missing_profile_names_its_file(tmp_path) -> None:
    folder = _folder(tmp_path, "p452")
    (folder / "profiles/test_profile_mixed_109km.csv").unlink()
    with pytest.raises(MissingError, match="test_profile_mixed_109km"):
        conformance_p452.run(folder / "profiles", folder / "results")


def test_everything_wrong_in_a_measurement_file_is_listed(tmp_path) -> None:
    folder = _folder(tmp_path, "p1812")
    path = folder / "profiles/b2iseac_rural_land_1km.csv"
    _edit(path, 2, "53.1833333333", "north")
    lines = path.read_text().splitlines()
    first = lines.index("{Begin of Profile}") + 2
    _edit(path, first + 1, "0,754.4,2,10,4", "0,754.4,2,10,9")
    _edit(path, first + 3, "729.9", "high")
    with pytest.raises(ComityError) as caught:
        conformance_p1812.run(folder / "profiles", folder / "results")
    places = [problem.place.removeprefix(f"{path}, ") for problem in caught.value.problems]
    assert places == [
        f"line {first + 1}, column radio-met code",
        f"line {first + 3}, column ground height",
        "line 2, column Tx LAT:",
    ]


def test_a_missing_log_is_named(tmp_path) -> None:
    folder = _folder(tmp_path, "p1812")
    (folder / "results/rburg_0_log.csv").unlink()
    with pytest.raises(MissingError, match="rburg_0_log"):
        conformance_p1812.run(folder / "profiles", folder / "results")


def test_a_profile_with_too_few_heights_is_named(tmp_path) -> None:
    folder = _folder(tmp_path, "itm") / "ntia"
    _edit(folder / "pfls.csv", 2, ",", "1,")
    with pytest.raises(ComityError) as caught:
        conformance_itm.run([folder / "p2p.csv"])
    assert "line 2" in caught.value.problems[0].place


def test_an_empty_folder_is_an_error_not_a_pass(tmp_path) -> None:
    with pytest.raises(MissingError):
        conformance_rows.run_p2108([tmp_path])
    assert not Comparison("nothing", 1.0).report().passed


def test_a_value_that_is_not_a_number_never_passes() -> None:
    comparison = Comparison("model", 1e9)
    comparison.add_cases(1)
    comparison.add("L", ["here"], [1.0], [float("nan")])
    assert not comparison.report().passed
