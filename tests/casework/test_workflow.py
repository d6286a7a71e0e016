"""The workflow is exactly its printed table."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path

import pytest

from comity.casework.workflow import (
    GUARDS,
    TABLE,
    Actor,
    CaseView,
    Role,
    State,
    StepRefused,
    as_markdown,
    step_for,
)
from comity.register.event import EventKind

AT = datetime(2026, 3, 2, tzinfo=UTC)
ACTIONS = sorted({s.action for s in TABLE})
FINAL = {State.WITHDRAWN, State.SURRENDERED, State.EXPIRED, State.VARIED}


def view(state: State, outcome: str | None) -> CaseView:
    return CaseView(state, "me", "first", outcome, award_ends=date(2026, 3, 1), appeal_until=date(2026, 3, 2))


@pytest.mark.parametrize("state", State)
def test_nothing_is_possible_that_is_not_in_the_table(state: State) -> None:
    """Every state, action, role and outcome, by somebody whom every guard on persons lets pass."""
    for action, role, outcome in product(ACTIONS, Role, [None, "granted", "refused", "referred"]):
        rows = [s for s in TABLE if (s.state, s.action, s.role) == (state, action, role)]
        actor, case = Actor("me", role), view(state, outcome)
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


def test_a_refusal_names_its_reason_in_both_languages() -> None:
    with pytest.raises(StepRefused) as refused:
        step_for(view(State.SUBMITTED, None), "grant", Actor("first", Role.OFFICER), AT)
    assert "take" in refused.value.reason.en
    assert "take" in refused.value.reason.zh


def test_the_printed_table_is_current() -> None:
    page = Path(__file__).parents[2] / "docs" / "guide" / "workflow.md"
    assert as_markdown() in page.read_text(encoding="utf-8")
