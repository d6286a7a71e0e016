"""Published instances with published answers."""

from __future__ import annotations

import pytest

from comity.matching import Instance, host_optimal, student_optimal, verify
from comity.matching.couples import Couple, CouplesMarket, match_couples

# NRMP, "How the matching algorithm works" (reprinted by permission on many school pages): eight applicants and four
# programs with two posts each; the table of programs as in the AMA-MSS couples page that builds on it.
NRMP_APPLICANTS = {
    "Anderson": ["City"],
    "Brown": ["City", "Mercy"],
    "Chen": ["City", "Mercy"],
    "Davis": ["Mercy", "City", "General", "State"],
    "Eastman": ["City", "Mercy", "State", "General"],
    "Ford": ["City", "General", "Mercy", "State"],
    "Garcia": ["City", "Mercy", "State", "General"],
    "Hassan": ["State", "City", "Mercy", "General"],
}
NRMP_PROGRAMS = {
    "Mercy": ["Chen", "Garcia"],
    "City": ["Garcia", "Hassan", "Eastman", "Anderson", "Brown", "Chen", "Davis", "Ford"],
    "General": ["Brown", "Eastman", "Hassan", "Anderson", "Chen", "Davis", "Garcia"],
    "State": ["Brown", "Eastman", "Anderson", "Chen", "Hassan", "Ford", "Davis", "Garcia"],
}
NRMP_ANSWER = {
    "Anderson": None,
    "Brown": None,
    "Chen": "Mercy",
    "Davis": "General",
    "Eastman": "City",
    "Ford": "State",
    "Garcia": "City",
    "Hassan": "State",
}


@pytest.mark.parametrize("backend", ["numba", "python"])
def test_nrmp_worked_example(backend: str) -> None:
    instance = Instance.from_lists(NRMP_APPLICANTS, NRMP_PROGRAMS, dict.fromkeys(NRMP_PROGRAMS, 2))
    matching = student_optimal(instance, backend)  # type: ignore[arg-type]
    assert matching.as_names() == NRMP_ANSWER
    assert verify(matching).sound


# D. Gale, L. Shapley (1962), Example 1: three men, three women, exactly three stable sets of marriages. "All men get
# their first choice" and "all women get their first choice" are the two extremes.
MEN = {"alpha": ["A", "B", "C"], "beta": ["B", "C", "A"], "gamma": ["C", "A", "B"]}
WOMEN = {"A": ["beta", "gamma", "alpha"], "B": ["gamma", "alpha", "beta"], "C": ["alpha", "beta", "gamma"]}


def test_gale_shapley_example_1() -> None:
    instance = Instance.from_lists(MEN, WOMEN, dict.fromkeys(WOMEN, 1))
    assert student_optimal(instance).as_names() == {"alpha": "A", "beta": "B", "gamma": "C"}
    assert host_optimal(instance).as_names() == {"alpha": "C", "beta": "A", "gamma": "B"}


# A. Roth (1984): a couple that wants H1 and H2 together, one single; whatever is done, somebody blocks.
WITHOUT_STABLE = CouplesMarket(
    {"single": ["H1", "H2"]},
    (Couple("first", "second", (("H1", "H2"),)),),
    {"H1": ["first", "single"], "H2": ["single", "second"]},
    {"H1": 1, "H2": 1},
)


def test_couples_without_a_stable_matching_are_told_so() -> None:
    outcome = match_couples(WITHOUT_STABLE)
    assert outcome.proof.complete
    assert len(outcome.blocking) == 1
    assert "No stable matching exists" in outcome.text.en
    assert "不存在穩定媒合" in outcome.text.zh


# The NRMP example with Davis and Eastman as a couple and one more applicant, "Issacs" (AMA-MSS page): its programs
# and lists, in which a stable matching is reached.
COUPLES_NRMP = CouplesMarket(
    {**{s: v for s, v in NRMP_APPLICANTS.items() if s not in ("Davis", "Eastman")}, "Issacs": ["City"]},
    (
        Couple(
            "Davis",
            "Eastman",
            (
                ("Mercy", "Mercy"),
                ("City", "City"),
                ("General", "City"),
                ("Mercy", "State"),
                ("State", "Mercy"),
                ("State", "State"),
                ("General", "General"),
                (None, "City"),
                (None, "Mercy"),
                (None, "General"),
            ),
        ),
    ),
    {h: (["Issacs"] if h != "Mercy" else []) + v for h, v in NRMP_PROGRAMS.items()},
    dict.fromkeys(NRMP_PROGRAMS, 2),
)


def test_nrmp_example_with_a_couple_has_a_stable_matching() -> None:
    outcome = match_couples(COUPLES_NRMP)
    assert outcome.blocking == ()
    assert outcome.proof.complete
    assert outcome.text.en == "The matching is stable."
