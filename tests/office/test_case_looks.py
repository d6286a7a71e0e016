"""What is shown of a case before a step is taken is what then happens, and looking changes nothing."""

from __future__ import annotations

import json

import pytest
from slots import application
from test_cases import AT
from verbs import LETTER, contents, state, step

from comity.casework.machine import StepRefused

#: Ways through the table that between them stand in most of its states.
LIVES = {
    "grant": [("decide", "lin"), ("grant", "chen"), ("propose_revocation", "lin"), ("revoke", "chen"),
              ("admit_appeal", "lin"), ("remit", "wu")],
    "refuse": [("decide", "lin"), ("refuse", "chen"), ("appeal", "lin"), ("uphold", "wu")],
    "refer": [("decide", "lin"), ("ask", "lin"), ("withdraw", "lin")],
}  # fmt: skip


@pytest.mark.parametrize("life", LIVES)
def test_what_a_case_shows_as_possible_is_what_the_services_allow_and_a_look_changes_nothing(
    life: str, comity, filed
) -> None:
    """Every step that the table has there, by every officer: shown, looked at, compared."""
    if life == "refuse":
        filed("X-0", "A1", "firm-0")
    number = filed(unknown=life == "refer")
    for action, by in (*LIVES[life], (None, None)):
        before = contents()
        for officer in ("lin", "chen", "firm-1"):
            for row in offered(number, officer):
                assert row["allowed"] == allowed(number, row["action"], officer), (row["action"], officer)
        assert [c for c in contents() if c[0] != "Cell"] == [c for c in before if c[0] != "Cell"]
        if action is not None:
            assert (
                step(comity, number, action, "--yes", *(() if action == "decide" else LETTER), by=by)[0] != 2
            )


def offered(number: str, by: str):
    from comity.office.cases.services.overview import overview

    return overview(number, by=by, at=AT)["possible"]


def allowed(number: str, action: str, by: str) -> bool:
    """Return whether the services themselves let ``by`` enter ``action``."""
    from comity.office.cases.services.enter import Papers, look, look_at_decision

    papers = Papers(
        "" if action == "decide" else "letter",
        application("X-1", "Z1") if action == "answer" else None,
        {"case.known": True} if action == "settle" else {},
        "build" if action == "meet" else "",
    )
    try:
        if action == "decide":
            look_at_decision(number, by=by, at=AT)
        else:
            look(number, action, by=by, at=AT, papers=papers)
    except StepRefused:
        return False
    return True


@pytest.mark.parametrize("action", ["withdraw", "ask", "decide"])
def test_what_a_look_foretells_is_what_then_happens(action: str, comity, filed) -> None:
    from comity.office.cases.models import Deadline
    from comity.office.ledger.models import Entry

    number, size = filed(unknown=action != "decide"), 1
    if action == "decide":
        foretold = {"outcome": json.loads(step(comity, number, action, "--dry-run")[1])["outcome"]}
        found = json.loads(step(comity, number, action)[1])
        assert found["decision"]["outcome"] == foretold["outcome"] == "granted"
        return
    foretold = json.loads(step(comity, number, action, "--dry-run", *LETTER)[1])
    assert step(comity, number, action, "--yes", *LETTER)[0] == 0
    assert foretold["state"] == ["in_review", state(number)]
    assert [e["kind"] for e in foretold["register"]] == list(
        Entry.objects.filter(index__gte=size).values_list("kind", flat=True)
    )
    running = Deadline.objects.filter(met_at=None).values_list("clock", flat=True)
    assert [d["clock"] for d in foretold["deadlines_set"]] == list(running)
