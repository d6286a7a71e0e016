"""Bad input: every error with its row and column, in one pass, before anything runs."""

from __future__ import annotations

import random

import numpy as np
import pytest

from comity.errors import ComityError
from comity.matching import Instance, student_optimal
from comity.matching.couples import Couple, CouplesMarket, validate_couples
from comity.matching.validation import join, validate


def arrays(students: list[list[int]], hosts: list[list[int]], seats: list[int]) -> Instance:
    def rows(lists: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
        return np.cumsum([0, *map(len, lists)]), np.array([x for v in lists for x in v], dtype=np.int32)

    return Instance(*rows(students), *rows(hosts), np.array(seats))


def test_all_errors_come_at_once_with_row_and_column() -> None:
    instance = arrays([[0, 1, 0], [7]], [[1, 0, 1], [-3]], [1, -2])
    with pytest.raises(ComityError) as error:
        student_optimal(instance)
    assert [(p.place, p.message) for p in error.value.problems] == [
        ("student 1 (row 2), choice 1", "unknown host 7"),
        ("student 0 (row 1), choice 3", "host 0 is listed a second time"),
        ("host 1 (row 2), rank 1", "unknown student -3"),
        ("host 0 (row 1), rank 3", "student 1 is listed a second time"),
        ("host 1", "-2 seats"),
    ]


def test_names_that_nobody_knows_are_all_reported() -> None:
    with pytest.raises(ComityError) as error:
        Instance.from_lists({"Ann": ["X", "Q"]}, {"X": ["Bo", "Ann"]}, {"Z": 1})
    assert [p.place for p in error.value.problems] == [
        "student Ann, choice 2",
        "host X, rank 1",
        "host X",
        "seats of Z",
    ]


@pytest.mark.parametrize("backend", ["numba", "python"])
def test_the_fast_pass_finds_an_error_exactly_when_the_speaking_pass_does(backend: str) -> None:
    rng = random.Random(5)
    wrong = 0
    for _ in range(400):
        n, h = rng.randint(1, 4), rng.randint(1, 3)
        instance = arrays(
            [
                [rng.randint(-1 if rng.random() < 0.05 else 0, h - 1) for _ in range(rng.randint(0, 2))]
                for _ in range(n)
            ],
            [
                [rng.randint(0, n if rng.random() < 0.05 else n - 1) for _ in range(rng.randint(0, 2))]
                for _ in range(h)
            ],
            [rng.randint(0, 2) for _ in range(h)],
        )
        problems = validate(instance)
        wrong += bool(problems)
        if problems:
            with pytest.raises(ComityError) as error:
                join(instance, backend)  # type: ignore[arg-type]
            assert error.value.problems == tuple(problems)
        else:
            join(instance, backend)  # type: ignore[arg-type]
    assert 50 < wrong < 350


def test_broken_offsets_are_named_before_any_loop_runs() -> None:
    instance = Instance(np.array([0, 2, 1]), np.array([0]), np.array([0, 1]), np.array([0]), np.array([1, 1]))
    with pytest.raises(ComityError) as error:
        student_optimal(instance)
    assert [p.place for p in error.value.problems] == ["student_offsets[2]", "seats"]


@pytest.mark.parametrize("values", [np.array([0.5]), np.array([[0]]), np.array([2**40])])
def test_choices_that_are_no_list_of_small_whole_numbers_are_refused(values: np.ndarray) -> None:
    with pytest.raises(ComityError, match="arrays cannot be matched"):
        Instance(np.array([0, 1]), values, np.array([0, 1]), np.array([0]), np.array([1]))


def test_empty_markets_are_valid() -> None:
    assert student_optimal(arrays([], [], [])).host_of.tolist() == []
    assert student_optimal(arrays([[]], [[]], [0])).host_of.tolist() == [-1]


def test_ties_must_be_broken_before_a_strict_mechanism_runs() -> None:
    instance = Instance.from_lists({"Ann": ["X"], "Bo": ["X"]}, {"X": [["Ann", "Bo"]]}, {"X": 1})
    with pytest.raises(ComityError, match="ties"):
        student_optimal(instance)


def test_a_person_in_two_couples_and_a_host_listed_twice_are_both_reported() -> None:
    market = CouplesMarket(
        {"Cy": ["X", "X"]},
        (Couple("Ann", "Bo", (("X", "Q"),)), Couple("Bo", "Cy", (("X", None), (None, None)))),
        {"X": ["Ann", "Bo", "Cy", "Ann"]},
        {"X": -1},
    )
    assert [(p.place, p.message) for p in validate_couples(market)] == [
        ("student Cy", "appears 2 times among singles and couples"),
        ("student Bo", "appears 2 times among singles and couples"),
        ("seats of X", "-1"),
        ("host X, rank 4", "Ann is listed a second time"),
        ("Cy, choice 2", "is listed a second time"),
        ("Ann and Bo, choice 1", "unknown host 'Q'"),
        ("Bo and Cy, choice 2", "names no host"),
    ]
