"""Nobody passes as somebody else, nobody judges their own work, and what is irrevocable is not done unasked."""

from __future__ import annotations

import json
import os
import pwd
from datetime import date

import pytest
from test_cases import APPLICANT, AT, FIRST, OTHER, SECOND, decided, submitted
from test_steps import REVOKED, acted, granted
from verbs import LETTER, state, step

from comity.casework.machine import StepRefused
from comity.casework.people import known_as, same
from comity.casework.workflow import Actor, CaseView, Role, State, step_for
from comity.errors import ComityError

#: Ways to write "lin" that look like another name to a program and like the same to a person.
DISGUISES = ("Lin", "LIN", " lin ", "li\u200bn", "\uff4c\uff49\uff4e", "l\u00adin", "lin\u202e")


@pytest.mark.parametrize("name", DISGUISES)
def test_a_name_in_disguise_is_the_same_person_to_every_guard(name: str) -> None:
    officer, panel = Actor(name, Role.OFFICER), Actor(name, Role.PANEL)
    by_lin = CaseView(State.DECIDED, "fab-1", "lin", "granted", reserved=True)
    of_lin = CaseView(State.SUBMITTED, "lin")
    proposed = CaseView(State.IN_FORCE, "fab-1", proposed_by="lin")
    appealed = CaseView(State.APPEALED, "fab-1", took_part=frozenset({"lin"}))
    for case, action, actor in (
        (by_lin, "grant", officer), (of_lin, "take", officer), (proposed, "revoke", officer),
        (appealed, "remit", panel),
    ):  # fmt: skip
        with pytest.raises(StepRefused):
            step_for(case, action, actor, AT)
    assert step_for(of_lin, "withdraw", Actor(name, Role.APPLICANT), AT).next is State.WITHDRAWN


def test_two_people_are_two_and_nobody_is_nobody() -> None:
    assert not same("lin", "chen")
    assert not same(None, None)
    assert known_as(" \uff4c\uff49\uff4e ", "--by") == "lin"
    assert known_as("王小明", "--by") == "王小明"


@pytest.mark.parametrize(
    "name", ["", " ", "\x1b[2J", "li\u200bn", "lin\n", "a\u202eb", "a\nb", "x" * 151, "\u2028"]
)
@pytest.mark.parametrize("option", ["--by", "--applicant"])
def test_a_name_that_cannot_be_seen_is_refused(option: str, name: str, comity, papers) -> None:
    from comity.office.cases.models import Case

    if (option, name) == ("--by", "") or name == "lin\n":
        return  # no name is the account's; a line's end is a space around the name
    given = {"--by": "lin", "--applicant": "fab-1"} | {option: name}
    code, _, err = comity("case", "submit", papers(), *(x for pair in given.items() for x in pair))
    assert (code, option in err) == (2, True)
    assert "\x1b" not in err and "\u202e" not in err
    assert not Case.objects.exists()


def test_the_account_of_the_machine_is_noted_with_every_step_whatever_the_environment_says(
    comity, filed, monkeypatch
) -> None:
    from comity.office.cases.models import StepTaken
    from comity.office.ledger.models import Entry
    from comity.office.ledger.services import opened
    from comity.register.event import Event

    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "chen")
    number, account = filed(), pwd.getpwuid(os.geteuid()).pw_name
    step(comity, number, "decide")
    step(comity, number, "grant", "--yes", by="chen")
    step(comity, number, "surrender", "--yes", *LETTER)
    steps = list(StepTaken.objects.values_list("action", "actor", "through", "account"))
    assert steps == [
        ("submit", "firm-1", "lin", account), ("take", "lin", "", account), ("decide", "lin", "", account),
        ("grant", "chen", "", account), ("surrender", "firm-1", "lin", account),
    ]  # fmt: skip
    sealed = json.loads(opened(Event.decode(bytes(Entry.objects.get(kind="granted").data)).record))
    assert sealed["account"] == account
    assert account in comity("case", "show", number)[1]


@pytest.mark.parametrize("closed", ["refused", "revoked"])
def test_who_decides_an_appeal_neither_made_nor_signed_what_is_appealed(closed: str) -> None:
    if closed == "revoked":
        case, by = acted(granted(), *REVOKED), APPLICANT
    else:
        granted("A1", "k0")
        case, by = submitted(key="k2", applicant=OTHER), OTHER
        decided(case)
        acted(case, ("refuse", SECOND))
    acted(case, ("appeal", by))
    for officer in (FIRST, SECOND):
        for action in ("uphold", "remit"):
            with pytest.raises(StepRefused, match="neither made nor signed"):
                acted(case, (action, Actor(officer.id, Role.PANEL)))
    assert acted(case, ("remit", Actor("somebody else", Role.PANEL))).state == "in_review"


def test_a_step_against_a_party_is_not_taken_without_its_reason(comity, filed) -> None:
    def wants_a_reason(number: str, action: str, by: str = "lin") -> None:
        before = state(number)
        code, _, err = step(comity, number, action, "--yes", by=by)
        assert (code, "--reason" in err, state(number)) == (2, True, before)
        assert step(comity, number, action, "--yes", *LETTER, by=by)[0] == 0

    number = filed()
    step(comity, number, "decide")
    wants_a_reason(number, "reopen")
    step(comity, number, "decide")
    step(comity, number, "grant", "--yes", by="chen")
    for action, by in (
        ("propose_revocation", "lin"), ("revoke", "chen"), ("admit_appeal", "lin"), ("uphold", "wu"),
        ("admit_appeal", "lin"), ("remit", "wu"), ("ask", "lin"),
    ):  # fmt: skip
        wants_a_reason(number, action, by)


def test_the_clock_is_not_put_ahead_of_the_day(comity, filed, monkeypatch) -> None:
    from datetime import UTC, datetime

    from comity.cli import office
    from comity.office.cases.models import Award

    number = filed()
    step(comity, number, "decide")
    step(comity, number, "grant", "--yes", by="chen")
    Award.objects.update(ends=date(2026, 6, 30))
    monkeypatch.setattr(office, "now", lambda: datetime(2026, 6, 30, 23, 59, tzinfo=UTC))
    for day in ("2033-01-01", "2026-07-01"):
        code, _, err = comity("clock", "--on", day)
        assert (code, "a day up to 2026-06-30" in err) == (2, True)
    assert comity("clock")[0] == 0
    assert state(number) == "in_force"
    monkeypatch.setattr(office, "now", lambda: datetime(2026, 7, 1, tzinfo=UTC))
    assert comity("clock", "--on", "2026-06-30")[0] == 0
    assert state(number) == "in_force"
    assert comity("clock")[0] == 0
    assert state(number) == "expired"


def test_the_time_of_the_authority_runs_until_the_second_signature() -> None:
    case = submitted()
    decided(case)
    assert running(case) == ["review"]
    acted(case, ("reopen", SECOND))
    assert running(case) == ["review"]
    from comity.office.cases.services.decide import decide_case

    decide_case(case.number, officer=FIRST, at=AT)
    assert running(case) == ["review"]
    acted(case, ("grant", SECOND))
    assert running(case) == ["build"]


def running(case) -> list[str]:
    from comity.office.cases.models import Deadline

    return list(Deadline.objects.filter(case=case, met_at=None).values_list("clock", flat=True))


def test_a_duty_is_not_noted_as_met_unasked_and_a_window_never(comity, filed) -> None:
    from comity.office.cases.models import Deadline

    number = filed()
    step(comity, number, "decide")
    step(comity, number, "grant", "--yes", by="chen")
    row = Deadline.objects.get(met_at=None)
    Deadline.objects.create(case=row.case, clock="renewal", due=row.due, role="opens", who="applicant")
    code, _, err = step(comity, number, "meet", "--clock", "build", *LETTER)
    assert (code, "--yes" in err) == (2, True)
    code, _, err = step(comity, number, "meet", "--clock", "renewal", "--yes", *LETTER)
    assert (code, "accepted: build\n" in err + "\n") == (2, True)
    assert sorted(running(row.case)) == ["build", "renewal"]
    assert step(comity, number, "meet", "--clock", "build", "--yes", *LETTER)[0] == 0
    assert running(row.case) == ["renewal"]


def test_a_proposal_to_revoke_shows_no_date_of_another_duty(comity, filed) -> None:
    from comity.office.cases.models import Deadline

    number = filed()
    step(comity, number, "decide")
    step(comity, number, "grant", "--yes", by="chen")
    Deadline.objects.update(who="authority")
    step(comity, number, "propose_revocation", *LETTER)
    rows = json.loads(comity("inbox", "--ahead-days", "400", "--json")[1])
    assert [(r["steps"], r["deadline"] and r["deadline"]["clock"]) for r in rows] == [
        ([], "build"), (["revoke"], None),
    ]  # fmt: skip


def test_an_id_is_refused_with_what_is_hidden_in_it() -> None:
    with pytest.raises(ComityError, match=r"U\+200B"):
        known_as("li\u200bn", "--by")
