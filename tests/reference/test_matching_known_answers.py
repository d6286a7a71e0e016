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


# D. McVitie, L. Wilson (1971), the instance of size 8 on which D. Gusfield and R. Irving (1989) show the lattice of
# stable marriages; as printed in public teaching code with its man-optimal answer.
EIGHT_MEN = ["57126843", "23754186", "85146237", "32741685", "72513684", "16758423", "25763481", "38457261"]
EIGHT_WOMEN = ["53761284", "86357214", "15624873", "87324156", "64738125", "28546371", "75218643", "74152368"]


def test_instance_of_size_eight_of_mcvitie_wilson_and_gusfield_irving() -> None:
    men = {f"m{i}": [f"w{c}" for c in row] for i, row in enumerate(EIGHT_MEN, 1)}
    women = {f"w{i}": [f"m{c}" for c in row] for i, row in enumerate(EIGHT_WOMEN, 1)}
    answer = {"m1": "w5", "m2": "w3", "m3": "w8", "m4": "w6", "m5": "w7", "m6": "w1", "m7": "w2", "m8": "w4"}
    assert student_optimal(Instance.from_lists(men, women, dict.fromkeys(women, 1))).as_names() == answer


# Examples of the library `matching` (MIT): its README, and its issue 67.
@pytest.mark.parametrize(
    ("students", "hosts", "answer"),
    [
        (
            {"A": ["C"], "S": ["C", "M"], "D": ["C", "M", "G"], "J": ["C", "G", "M"], "L": ["M", "C", "G"]},
            {"M": ["D", "L", "S", "J"], "C": ["D", "A", "S", "L", "J"], "G": ["D", "J", "L"]},
            {"A": "C", "S": "M", "D": "C", "J": "G", "L": "M"},
        ),
        (
            {"1": ["Property", "Privacy"], "2": ["Privacy", "Fairness"], "3": ["Privacy", "Social"]},
            {"Fairness": ["2"], "Property": ["1"], "Privacy": ["3", "2", "1"], "Social": ["3"]},
            {"1": "Property", "2": "Privacy", "3": "Privacy"},
        ),
    ],
    ids=["readme", "issue 67"],
)
def test_examples_of_the_library_matching(
    students: dict[str, list[str]], hosts: dict[str, list[str]], answer: dict[str, str]
) -> None:
    assert student_optimal(Instance.from_lists(students, hosts, dict.fromkeys(hosts, 2))).as_names() == answer
