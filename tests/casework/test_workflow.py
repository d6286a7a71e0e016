"""The workflow is exactly its printed table."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest

from comity.casework.machine import StepRefused
from comity.casework.workflow import (
    GUARDS,
    TABLE,
    WAITS_FOR,
    WORKFLOW,
    Actor,
    CaseView,
    Role,
    State,
    Step,
    settles,
    step_for,
)
from comity.register.event import EventKind

AT = datetime(2026, 3, 2, tzinfo=UTC)
ACTIONS = sorted({s.action for s in TABLE})
FINAL = {State.WITHDRAWN, State.SURRENDERED, State.EXPIRED, State.VARIED}


def view(state: State, outcome: str | None) -> CaseView:
    return CaseView(
        state, "me", "first", outcome, reserved=True, proposed_by="first",
        award_ends=date(2026, 3, 1), appeal_until=date(2026, 3, 2),
    )  # fmt: skip


@pytest.mark.parametrize("state", State)
def test_nothing_is_possible_that_is_not_in_the_table(state: State) -> None:
    """Every state, action, role and outcome, by somebody whom every guard on persons lets pass."""
    for action, role, outcome in product(ACTIONS, Role, [None, "granted", "refused", "referred"]):
        rows = [s for s in TABLE if (s.state, s.action, s.role) == (state, action, role)]
        actor, case = Actor("me" if role is Role.APPLICANT else "second", role), view(state, outcome)
        if rows and GUARDS[rows[0].guard](case, actor, AT)[0]:
            assert step_for(case, action, actor, AT) == rows[0]
        else:
            with pytest.raises(StepRefused):
                step_for(case, action, actor, AT)


def test_a_state_and_an_action_lead_to_one_place() -> None:
    keys = [(s.state, s.action, s.role) for s in TABLE]
    assert len(keys) == len(set(keys))


def test_every_state_is_reached_and_only_ends_have_no_way_out() -> None:
    reached, frontier = {State.DRAFT}, {State.DRAFT}
    while frontier:
        frontier = {s.next for s in TABLE if s.state in frontier} - reached
        reached |= frontier
    assert reached == set(State)
    assert {state for state in State if not any(s.state == state for s in TABLE)} == FINAL


def test_every_guard_is_used_and_every_event_is_one_of_the_register() -> None:
    assert {s.guard for s in TABLE} == set(GUARDS)
    assert {s.event for s in TABLE} - {""} <= {kind.value for kind in EventKind}


def test_no_way_leads_into_force_past_a_second_officer() -> None:
    into_force = [s for s in TABLE if s.next is State.IN_FORCE and s.state is not State.IN_FORCE]
    assert [s.guard for s in into_force] == ["grant, second officer"]
    with pytest.raises(StepRefused, match="second officer"):
        step_for(view(State.DECIDED, "granted"), "grant", Actor("first", Role.OFFICER), AT)


@pytest.mark.parametrize("row", [s for s in TABLE if s.role in (Role.OFFICER, Role.PANEL)])
def test_nobody_acts_in_office_on_an_application_of_their_own(row: Step) -> None:
    outcome = {"refuse": "refused"}.get(row.action, "granted")
    assert step_for(view(row.state, outcome), row.action, Actor("second", row.role), AT) == row
    with pytest.raises(StepRefused, match="of their own"):
        step_for(view(row.state, outcome), row.action, Actor("me", row.role), AT)


def test_nothing_is_granted_that_is_not_reserved_for_that_decision() -> None:
    case = replace(view(State.DECIDED, "granted"), reserved=False)
    with pytest.raises(StepRefused, match="not reserved"):
        step_for(case, "grant", Actor("second", Role.OFFICER), AT)


def test_one_officer_alone_revokes_nothing() -> None:
    for proposed_by in (None, "second"):
        case = replace(view(State.IN_FORCE, "granted"), proposed_by=proposed_by)
        with pytest.raises(StepRefused, match="a second officer revokes"):
            step_for(case, "revoke", Actor("second", Role.OFFICER), AT)


def test_an_appeal_without_a_running_time_is_admitted_by_an_officer_alone() -> None:
    for days, message in ((None, "no time for an appeal"), (date(2026, 3, 1), "ended on 2026-03-01")):
        case = replace(view(State.REFUSED, "refused"), appeal_until=days)
        with pytest.raises(StepRefused, match=message):
            step_for(case, "appeal", Actor("me", Role.APPLICANT), AT)
        admitted = step_for(case, "admit_appeal", Actor("first", Role.OFFICER), AT)
        assert admitted.next is State.APPEALED


def test_what_is_upheld_goes_back_to_the_state_that_was_appealed() -> None:
    for state in (State.REFUSED, State.REVOKED):
        appealed = step_for(view(state, "refused"), "appeal", Actor("me", Role.APPLICANT), AT).next
        assert step_for(view(appealed, None), "uphold", Actor("p", Role.PANEL), AT).next is state


def test_a_refusal_names_its_reason_in_both_languages() -> None:
    with pytest.raises(StepRefused) as refused:
        step_for(view(State.SUBMITTED, None), "grant", Actor("first", Role.OFFICER), AT)
    assert "'grant'" in refused.value.reason.en
    assert "「grant」" in refused.value.reason.zh
    assert refused.value.accepted == ("take (officer)", "withdraw (applicant)")
    assert "the table has here: take (officer), withdraw (applicant)" in str(refused.value)


def test_a_case_waits_for_somebody_whom_the_table_lets_act() -> None:
    assert set(WAITS_FOR.items()) <= {(s.state, s.role) for s in TABLE}
    assert set(State) - set(WAITS_FOR) == FINAL | {State.IN_FORCE, State.REFUSED, State.REVOKED}


def test_what_settles_a_case_is_what_ends_it_or_puts_something_in_force() -> None:
    found = {s.action for s in TABLE if settles(s)}
    assert found == {"withdraw", "grant", "refuse", "uphold", "vary", "surrender", "revoke", "expire"}


def test_every_state_and_role_has_a_name_in_both_languages() -> None:
    assert set(WORKFLOW.names) == {*State, *Role}
