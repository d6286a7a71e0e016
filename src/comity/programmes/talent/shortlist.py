"""Shortlists and interviews of a position, and the ranking that follows from grades.

``interviews.csv`` in a call's folder: position, student, reader, step (shortlisted, invited, interviewed, declined),
day, grade. Grades are whole numbers, higher is better; equal grades are a tie. A reader with an interest in a
student says so by the step ``stood_aside`` and gives no grade.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Literal, cast, get_args

from comity.casework.files import read_text
from comity.errors import ComityError, Problem
from comity.programmes.talent.call import Call, Ranking

Step = Literal["shortlisted", "invited", "interviewed", "declined", "stood_aside"]
COLUMNS = ("position", "student", "reader", "step", "day", "grade")


@dataclass(frozen=True, slots=True)
class Interview:
    """One line of a position's file on a student; ``grade`` only where somebody interviewed."""

    position: str
    student: str
    reader: str
    step: Step
    day: date
    grade: int | None = None


def read_interviews(path: Path, call: Call) -> tuple[Interview, ...]:
    """Return the interviews in a CSV file; every problem at once, with row and column."""
    if not path.is_file():
        return ()
    found: list[Interview] = []
    problems: list[Problem] = []
    with io.StringIO(read_text(path), newline="") as stream:
        reader = csv.DictReader(stream)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise ComityError(
                "interviews cannot be read", [Problem(f"{path.name}:1", "header", ", ".join(COLUMNS))]
            )
        for row in reader:
            wrong = list(_wrong(row, call))
            problems += [Problem(f"{path.name}:{reader.line_num}, column {c}", m, a) for c, m, a in wrong]
            if not wrong:
                step = cast(Step, row["step"])
                grade = int(row["grade"]) if row["grade"] else None
                day = date.fromisoformat(row["day"])
                found.append(Interview(row["position"], row["student"], row["reader"], step, day, grade))
    if problems:
        raise ComityError("interviews cannot be used", problems)
    return tuple(found)


def _wrong(row: dict[str, str], call: Call) -> Iterable[tuple[str, str, str]]:
    if row["position"] not in call.positions:
        yield "position", f"unknown position {row['position']!r}", "an id of positions.csv"
    if row["student"] not in call.students:
        yield "student", f"unknown student {row['student']!r}", "an id of students.csv"
    elif row["position"] not in call.students[row["student"]].choices:
        yield (
            "student",
            f"{row['student']} did not list {row['position']}",
            "a student who listed the position",
        )
    if row["step"] not in get_args(Step):
        yield "step", repr(row["step"]), ", ".join(get_args(Step))
    if (row["step"] == "interviewed") != bool(row["grade"]):
        yield "grade", repr(row["grade"]), "a grade with the step 'interviewed', and with no other"
    elif row["grade"] and not (row["grade"].isascii() and row["grade"].isdigit() and len(row["grade"]) <= 9):
        yield "grade", repr(row["grade"]), "a whole number, higher is better"
    try:
        date.fromisoformat(row["day"])
    except ValueError:
        yield "day", repr(row["day"]), "a day as 2026-04-10"


def rankings_from(interviews: Iterable[Interview]) -> dict[str, Ranking]:
    """Return each position's ranking by mean grade, best first; equal means are a tie.

    A student who declined, or whom nobody interviewed, is not ranked. The mean is compared as a fraction, exactly.
    """
    grades: dict[tuple[str, str], list[int]] = {}
    gone: set[tuple[str, str]] = set()
    for interview in interviews:
        key = (interview.position, interview.student)
        if interview.step == "declined":
            gone.add(key)
        if interview.grade is not None:
            grades.setdefault(key, []).append(interview.grade)
    means: dict[str, dict[Fraction, list[str]]] = {}
    for (position, student), given in grades.items():
        if (position, student) not in gone:
            means.setdefault(position, {}).setdefault(Fraction(sum(given), len(given)), []).append(student)
    return {
        position: tuple(tuple(sorted(by_mean[m])) for m in sorted(by_mean, reverse=True))
        for position, by_mean in sorted(means.items())
    }


def remarks(call: Call, interviews: Iterable[Interview]) -> list[Problem]:
    """Return what somebody should look at before the run: ranked without interview, two minds, a reader alone."""
    seen = list(interviews)
    held = {(i.position, i.student) for i in seen if i.step == "interviewed"}
    aside = {(i.position, i.student, i.reader) for i in seen if i.step == "stood_aside"}
    found = [
        Problem(f"ranking of {p}", f"{s} is ranked and was not interviewed")
        for p, groups in sorted(call.rankings.items())
        for group in groups
        for s in group
        if seen and (p, s) not in held
    ]
    found += [
        Problem(f"interview of {i.student} for {i.position}", f"{i.reader} stood aside and graded")
        for i in seen
        if i.grade is not None and (i.position, i.student, i.reader) in aside
    ]
    return found
