"""Files of a call: everything wrong is said at once, with row and column, and nothing runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity.errors import ComityError, MissingError
from comity.programmes.talent.files import read_call, read_lists


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_call_is_read_with_both_sides_lists(call_folder: Path) -> None:
    call = read_call(call_folder)
    assert call.students["S1"].choices == ("PX", "PY")
    assert call.rankings["PY"] == (("S3", "S1"), ("S4",))
    assert call.positions["PX"].languages == {"en": "B2"}


def test_problems_of_all_files_come_at_once_with_row_and_column(call_folder: Path) -> None:
    change(call_folder, "positions.csv", "python;nlp,1", "python;nlp,-1")
    change(call_folder, "positions.csv", "PZ,HB", "PZ,HQ")
    change(call_folder, "hosts.csv", "HB,Beta", "HA,Beta")
    change(call_folder, "students.csv", "S4,TW", "S4,Taiwan")
    change(call_folder, "choices.csv", "S2,2,PZ", "S2,1,PQ\nS2,2,PX")
    change(call_folder, "rankings.csv", "PZ,1,S2", "PZ,one,S9\nPX,4,S2")
    with pytest.raises(ComityError) as error:
        read_call(call_folder)
    places = [p.place for p in error.value.problems]
    assert places == [
        "hosts.csv:3, column id",
        "positions.csv:2: seats",
        "positions.csv:4, column host",
        "choices.csv:5, column position",
        "choices.csv:6, column position",
        "rankings.csv:8, column student",
        "rankings.csv:8, column rank",
        "rankings.csv:9, column student",
        "students.csv:5: country",
    ]
    assert "-1" in error.value.problems[1].message


def test_two_places_at_one_choice_number_contradict_each_other(call_folder: Path) -> None:
    change(call_folder, "choices.csv", "S1,2,PY", "S1,1,PY")
    with pytest.raises(ComityError) as error:
        read_call(call_folder)
    assert [(p.place, p.message) for p in error.value.problems] == [
        ("choices.csv:3, column choice", "S1 gives 1 a second time")
    ]


def test_a_header_that_lacks_a_column_is_one_problem_and_not_one_a_row(call_folder: Path) -> None:
    change(call_folder, "rankings.csv", "position,rank,student", "position,rang,student")
    with pytest.raises(ComityError) as error:
        read_call(call_folder)
    assert [p.message for p in error.value.problems] == [
        "column 'rank' is missing",
        "column 'rang' is not known",
    ]


def test_a_folder_without_a_call_says_what_a_call_is(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="no call"):
        read_call(tmp_path)


def test_many_rows_are_read_in_one_pass_and_every_bad_one_is_found(tmp_path: Path) -> None:
    n = 20_000
    rows = [f"S{i % n},{i // n + 1},P{i % 7}" for i in range(3 * n)]
    for i in range(0, 3 * n, 1000):
        rows[i] = f"S{i % n},{i // n + 1},unknown"
    path = tmp_path / "choices.csv"
    path.write_text("student,choice,position\n" + "\n".join(rows) + "\n", encoding="utf-8")
    problems: list[object] = []
    columns = ("student", "choice", "position")
    read_lists(path, columns, [f"S{i}" for i in range(n)], [f"P{i}" for i in range(7)], problems)  # type: ignore[arg-type]
    assert len([p for p in problems if "unknown" in p.message]) == 60  # type: ignore[attr-defined]
