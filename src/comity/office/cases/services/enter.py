"""Entering a step at the desk, whoever takes it: one way to all the services, and a look before it is taken.

The table says whose step an action is. An officer's and the panel's are taken by the name given; the applicant's are
the applicant's own, entered through that officer from a paper that is named.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import transaction
from pydantic import JsonValue

from comity.casework.application import Application
from comity.casework.decision import Decision
from comity.casework.machine import STEPS, StepRefused
from comity.casework.people import known_as, same
from comity.casework.workflow import WITH_REASON, WORKFLOW, Actor, Role, State, Step, final, step_for
from comity.errors import ComityError, Problem
from comity.office.cases.database import whole
from comity.office.cases.models import Award, Case, Deadline
from comity.office.cases.services.act import act, view_of
from comity.office.cases.services.answer import answer
from comity.office.cases.services.deadlines import title_of
from comity.office.cases.services.decide import decide_case, decision_now
from comity.office.cases.services.find import find_case
from comity.office.cases.services.meet import meet
from comity.office.cases.services.settle import settle
from comity.office.ledger.models import Entry
from comity.rules.text import Text

#: Steps that nobody enters, and how each comes about.
BY_THEMSELVES: Mapping[str, Text] = {
    "submit": Text(
        "a case begins with `comity office case submit`", "以 `comity office case submit` 收件立案"
    ),
    "refer": Text(
        "happens by 'decide' where something needed is unknown",
        "作成決定（decide）時如有必要事項未明，即移請審酌",
    ),
    "vary": Text(
        "happens when the case that varies this one is granted: `comity office case submit --varies`",
        "於變更案核准時生效：`comity office case submit --varies`",
    ),
    "expire": Text(
        "happens by the passage of time: `comity office clock`", "期間屆滿即生效：`comity office clock`"
    ),
}


@dataclass(frozen=True, slots=True)
class Papers:
    """What a step brings with it.

    Parameters
    ----------
    reason : why, or the paper that a step of the applicant's was entered from
    application : the corrected application that an answer brings
    settings : what is settled, each by its name ``case.NAME``
    clock : the duty that was met, by its clock
    """

    reason: str = ""
    application: Application | None = None
    settings: Mapping[str, JsonValue] = field(default_factory=dict)
    clock: str = ""


@dataclass(frozen=True, slots=True)
class Running:
    """A deadline of a case."""

    case: str
    clock: str
    title: Text
    due: date


@dataclass(frozen=True, slots=True)
class Replaced:
    """The case that is varied: its state and the status of its award, before and after."""

    case: str
    state: tuple[State, State]
    award: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Look:
    """What a step would do; nothing of it was done.

    Parameters
    ----------
    case, action, actor : what would be taken, by whom
    before, after : state of the case
    final : whether no other step takes it back
    entries : case and kind of every entry that the register would get
    met, set : deadlines that would no longer run, and those that would begin, each with its case and day
    award : status of the award before and after, ``""`` for none
    replaced : what else is touched: the case that this one varies, where its state or award changes
    """

    case: str
    action: str
    actor: Actor
    before: State
    after: State
    final: bool
    entries: tuple[tuple[str, str], ...]
    met: tuple[Running, ...]
    set: tuple[Running, ...]
    award: tuple[str, str]
    replaced: Replaced | None = None


def officer_named(name: str) -> Actor:
    """Return the officer of that name, at the account of the machine from which this runs."""
    return Actor(name, Role.OFFICER, account=account())


def actor_for(row: Step, applicant: str, by: str) -> Actor:
    """Return who takes the step of ``row`` in a case of ``applicant`` when ``by`` enters it."""
    if row.role is Role.APPLICANT:
        return Actor(applicant, Role.APPLICANT, "" if same(by, applicant) else by, account())
    return replace(officer_named(by), role=row.role or Role.OFFICER)


def enter(number: str, action: str, *, by: str, at: datetime, papers: Papers) -> Case:
    """Take ``action`` in a case, through the service that it belongs to.

    Raises
    ------
    StepRefused
        If the table or a guard does not allow it.
    ComityError
        If the step lacks what it must bring.
    """
    actor = _checked(number, action, by, papers)
    if action == "answer" and papers.application is not None:
        return answer(number, papers.application, applicant=actor, at=at, reason=papers.reason)
    if action == "settle":
        return settle(number, papers.settings, officer=actor, at=at, reason=papers.reason)
    if action == "meet":
        return meet(number, papers.clock, officer=actor, at=at, reason=papers.reason)
    if action == "decide":
        decide_case(number, officer=actor, at=at)
        return find_case(number)
    return act(number, action, actor=actor, at=at, reason=papers.reason)


def look(number: str, action: str, *, by: str, at: datetime, papers: Papers) -> Look:
    """Return what ``action`` would do: it is taken, seen and undone in one transaction. Not for ``decide``."""
    actor = _checked(number, action, by, papers)
    with whole():
        case = find_case(number)
        first = Entry.objects.count()
        award, running = _award(case), _running(case)
        before, held = State(case.state), case.varies
        held_before = None if held is None else (State(held.state), _award(held))
        enter(number, action, by=by, at=at, papers=papers)
        after = State(find_case(number).state)
        row = next(r for r in WORKFLOW.rows(before) if r.action == action)
        now = _running(case)
        found = Look(
            number,
            action,
            actor,
            before,
            after,
            final(row),
            tuple(Entry.objects.filter(index__gte=first).order_by("index").values_list("case", "kind")),
            tuple(running[pk] for pk in running if pk not in now),
            tuple(now[pk] for pk in now if pk not in running),
            (award, _award(case)),
            _replaced(held, held_before),
        )
        transaction.set_rollback(True)
    return found


def look_at_decision(number: str, *, by: str, at: datetime) -> Decision:
    """Return the decision that would be made now; nothing is stored, reserved or locked.

    Raises
    ------
    StepRefused
        If the case is not under review, or the actor may not decide it.
    """
    actor = _checked(number, "decide", by, Papers())
    step_for(replace(view_of(find_case(number)), outcome="granted"), "decide", actor, at)
    return decision_now(number, at=at)


def closes(number: str, action: str) -> bool:
    """Return whether ``action`` is one that no other step takes back."""
    rows = WORKFLOW.rows(State(find_case(number).state))
    return any(final(row) for row in rows if row.action == action)


def _checked(number: str, action: str, by: str, papers: Papers) -> Actor:
    """Return who acts, or say everything that the step lacks."""
    case, by = view_of(find_case(number)), known_as(by, "--by")
    row = next((r for r in WORKFLOW.rows(case.state) if r.action == action), None)
    if row is None:
        step_for(case, action, officer_named(by), datetime.min)  # says what is accepted
        raise AssertionError(action)
    if action in BY_THEMSELVES:
        accepted = [r.label for r in WORKFLOW.rows(case.state) if r.action not in BY_THEMSELVES]
        how = BY_THEMSELVES[action]
        raise StepRefused(Text(f"'{action}' {how.en}", f"「{action}」{how.zh}"), accepted, STEPS)
    actor = actor_for(row, case.applicant, by)
    problems = _lacking(action, actor, papers)
    if problems:
        raise ComityError(f"'{action}' cannot be entered like this", problems)
    return actor


def _lacking(action: str, actor: Actor, papers: Papers) -> list[Problem]:
    given = bool(papers.reason.strip())
    wanted = action in WITH_REASON or (actor.role is Role.APPLICANT and actor.through)
    problems = []
    if wanted and not given:
        source = "why, or the paper or letter that it rests on, as 'letter of 3 March'"
        problems.append(Problem("--reason", "not given", source))
    if action == "decide" and given:
        problems.append(Problem("--reason", "a decision states its own reasons", "no --reason"))
    if action == "answer" and papers.application is None:
        problems.append(Problem("--application", "not given", "file of the whole corrected application"))
    if action != "answer" and papers.application is not None:
        problems.append(Problem("--application", f"'{action}' brings no application", "answer"))
    if action == "meet" and not papers.clock:
        problems.append(
            Problem("--clock", "not given", "a clock that runs, as `comity office case show` lists")
        )
    if action != "meet" and papers.clock:
        problems.append(Problem("--clock", f"'{action}' meets no single duty", "meet"))
    if action == "settle" and not papers.settings:
        problems.append(Problem("--set", "not given", "case.NAME=value (repeatable)"))
    if action != "settle" and papers.settings:
        problems.append(Problem("--set", f"'{action}' settles nothing", "settle"))
    return problems


def account() -> str:
    """Return the account of the machine under which this runs, whatever the environment says."""
    number = os.geteuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"uid {number}"


def _award(case: Case) -> str:
    award = Award.objects.filter(case=case).first()
    return "" if award is None else str(award.status)


def _replaced(held: Case | None, before: tuple[State, str] | None) -> Replaced | None:
    if held is None or before is None:
        return None
    after = State(find_case(held.number).state), _award(held)
    return None if after == before else Replaced(held.number, (before[0], after[0]), (before[1], after[1]))


def _running(case: Case) -> dict[int, Running]:
    """Return what runs in the case and in the one that it varies."""
    touched = [pk for pk in (case.pk, case.varies_id) if pk is not None]
    rows = Deadline.objects.filter(case__in=touched, met_at=None).select_related("case")
    return {
        row.pk: Running(row.case.number, row.clock, title_of(row), row.due)
        for row in rows.order_by("due", "pk")
    }
