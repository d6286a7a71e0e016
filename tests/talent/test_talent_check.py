"""Results of a call that somebody has improved upon are refused, whatever the mechanism."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from comity.programmes.talent.check import check_results
from comity.programmes.talent.files import read_call
from comity.programmes.talent.output import adopt
from comity.programmes.talent.run import run_call
from comity.programmes.talent.world import world_of

DAY = date(2026, 5, 4)
PACK = world_of(None, "tw-talent", today=DAY).pack("tw-talent")


def written(folder: Path, mechanism: str, choices: str, rankings: str) -> Path:
    """The call of the tests, every student admitted and every place open to all but PZ."""
    for name, old, new in (
        ("call.toml", "student-optimal-lottery", mechanism),
        ("students.csv", "D1;D2;D4", "D1;D2;D3;D4"),
        ("positions.csv", "en:B2", "en:B1"),
    ):
        path = folder / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    (folder / "choices.csv").write_text("student,choice,position\n" + choices, encoding="utf-8")
    (folder / "rankings.csv").write_text("position,rank,student\n" + rankings, encoding="utf-8")
    return folder


def broken(folder: Path, results: str) -> set[str]:
    path = folder / "results.csv"
    path.write_text("student,position\n" + results, encoding="utf-8")
    return {
        c.claim.value for c in check_results(read_call(folder), PACK, DAY, path).checks if c.holds is False
    }


CROSSED = ("S1,1,PX\nS1,2,PY\nS2,1,PY\nS2,2,PX\n", "PX,1,S2\nPX,2,S1\nPY,1,S1\nPY,2,S2\n")
SECOND_BEST = "S1,PY\nS2,PX\nS3,\nS4,\n"


@pytest.mark.parametrize(
    ("mechanism", "claim"),
    [
        ("student-optimal-lottery", "student_optimal_after_draw"),
        ("student-optimal", "student_optimal"),
        ("caps-and-reserves", "as_published"),
    ],
)
def test_a_result_that_gives_both_students_their_second_choice_is_refused(
    call_folder: Path, mechanism: str, claim: str
) -> None:
    folder = written(call_folder, mechanism, *CROSSED)
    assert broken(folder, SECOND_BEST) == {claim}
    assert broken(folder, "S1,PX\nS2,PY\nS3,\nS4,\n") == set()


def test_a_result_other_than_the_adopted_one_is_refused(call_folder: Path) -> None:
    """Two may be placed (S1 at PY, S3 at PX); S1 alone at PX is weakly stable, and smaller."""
    folder = written(
        call_folder, "maximum-size", "S1,1,PX\nS1,2,PY\nS3,1,PX\n", "PX,1,S1\nPX,1,S3\nPY,1,S1\n"
    )
    smaller = "S1,PX\nS2,\nS3,\nS4,\n"
    assert broken(folder, smaller) == set()  # nothing adopted yet: the size of one result cannot be judged
    adopt(run_call(read_call(folder), PACK, DAY), folder)
    assert broken(folder, smaller) == {"maximum_size", "as_published"}
    assert broken(folder, "S1,PY\nS2,\nS3,PX\nS4,\n") == set()


def test_a_drawn_order_claims_nothing_about_the_tied_rankings(call_folder: Path) -> None:
    """PX ranks S1 and S3 equal: were S3 to win the draw, other students would be placed. So "same students" is
    not claimed to PY, whose seat stays empty."""
    folder = written(
        call_folder, "student-optimal", "S1,1,PX\nS1,2,PY\nS3,1,PX\n", "PX,1,S1\nPX,1,S3\nPY,1,S1\n"
    )
    run = run_call(read_call(folder), PACK, DAY)
    claims = {c.claim.value for c in run.verdict.checks}
    assert "rural_hospitals" not in claims
    assert "student_optimal" not in claims
    said = " ".join(run.explainer().host(h).text.en for h in range(run.untied.n_hosts))
    assert "exactly the same students" not in said
