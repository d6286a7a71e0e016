"""Three tables, one machine: what is printed is what happens, whoever does whatever in whatever order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.casework.machine import Machine, StepRefused
from comity.casework.workflow import WORKFLOW, Actor, CaseView, Role, State
from comity.programmes.cities.lifecycle import (
    PARTNERSHIPS,
    Instrument,
    InstrumentKind,
    Partnership,
    Signature,
)
from comity.programmes.cities.lifecycle import Side as Place
from comity.programmes.cities.lifecycle import Stage as PartnershipStage
from comity.programmes.talent.placement import PLACEMENTS, Placement
from comity.programmes.talent.placement import Side as Party
from comity.programmes.talent.placement import Stage as PlacementStage
from comity.rules.text import Text

GUIDE = Path(__file__).parents[2] / "docs" / "guide"
MACHINES: dict[str, Machine[Any, Any]] = {
    "workflow": WORKFLOW,
    "talent": PLACEMENTS,
    "cities": PARTNERSHIPS,
}
ROLES = {"workflow": list(Role), "talent": list(Party), "cities": list(Place)}
STATES = {
    "workflow": list(State),
    "talent": list(PlacementStage),
    "cities": list(PartnershipStage),
}
NOBODY = ["somebody else"]
DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
near = st.integers(-2, 2).map(lambda days: DAY + timedelta(days=days))


def printed(page: str) -> list[dict[str, str]]:
    """Return the table of steps in a page of the guide, read as a reader reads it: the oracle of this file."""
    lines = (GUIDE / f"{page}.md").read_text(encoding="utf-8").splitlines()
    (start,) = [n for n, line in enumerate(lines) if line.startswith(("| state | action", "| stage | "))]
    heads = [cell.strip() for cell in lines[start].strip("|").split("|")]
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append(dict(zip(heads, (c.strip() for c in line[1:-1].split("|")), strict=True)))
    return rows


def ways(page: str) -> dict[tuple[str, str], dict[str, str]]:
    """Return, by state and action, where each role (``""``: anybody) comes to."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in printed(page):
        first, action = next(iter(row.values())), row.get("action") or row["step"]
        role = row.get("role") or row.get("side") or ""
        found.setdefault((first, action), {})[role] = row.get("next state") or row["next stage"]
    return found


@pytest.mark.parametrize("page", MACHINES)
def test_the_printed_table_is_current(page: str) -> None:
    assert MACHINES[page].as_markdown() in (GUIDE / f"{page}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", MACHINES)
def test_a_state_an_action_and_a_role_stand_in_one_row_and_every_name_is_known(page: str) -> None:
    machine = MACHINES[page]
    keys = [(row.state, row.action, row.role) for row in machine.table]
    assert len(keys) == len(set(keys))
    assert {row.guard for row in machine.table} - {""} == set(machine.guards)
    assert {x for row in machine.table for x in (row.state, row.next, row.role)} - {None} <= set(
        machine.names
    )


def case_facts(state: Any, role: Any, draw: Callable[[Any], Any]) -> tuple[Any, ...]:
    people = st.sampled_from(["applicant", "first", "second", None])
    case = CaseView(
        state,
        "applicant",
        decided_by=draw(people),
        outcome=draw(st.sampled_from([None, "granted", "granted_with_conditions", "refused", "referred"])),
        reserved=draw(st.booleans()),
        proposed_by=draw(people),
        took_part=draw(st.frozensets(st.sampled_from(["first", "second"]))),
        award_ends=draw(st.none() | near),
        appeal_until=draw(st.none() | near),
    )
    return case, Actor(draw(st.sampled_from(["applicant", "first", "second"])), role), NOON


def placement_facts(state: Any, role: Any, draw: Callable[[Any], Any]) -> tuple[Any, ...]:
    some = st.frozensets(st.sampled_from(["student", "sending", "receiving", "host"]))
    starts = draw(near)
    placement = Placement(
        "S", "P", starts, starts + timedelta(days=1), draw(near), state, draw(some), draw(some)
    )
    return placement, role, DAY


def partnership_facts(state: Any, role: Any, draw: Callable[[Any], Any]) -> tuple[Any, ...]:
    instruments = []
    for kind in draw(st.sets(st.sampled_from(list(InstrumentKind)))):
        signed = draw(st.sets(st.sampled_from(["A", "B"])))
        plain = Instrument(kind.value, kind, ("A", "B"), False, draw(near), draw(st.none() | near), {})
        office = Text("office", "機關")
        instruments.append(
            replace(plain, signatures=tuple(Signature(p, office, DAY) for p in sorted(signed)))
        )
    agreed = draw(st.frozensets(st.sampled_from([Place.FIRST, Place.SECOND])))
    return Partnership("a", "b", state, agreed, tuple(instruments)), DAY


FACTS = {"workflow": case_facts, "talent": placement_facts, "cities": partnership_facts}


def names_what_is_accepted(refused: StepRefused, actions: set[str]) -> None:
    assert {label.split(" (")[0] for label in refused.accepted} == actions
    assert all(label in str(refused) for label in refused.accepted)
    assert refused.reason.en and refused.reason.zh


@pytest.mark.parametrize("page", MACHINES)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_sequence_of_steps_leaves_the_printed_table_and_every_refusal_names_what_is_accepted(
    page: str, data: st.DataObject
) -> None:
    machine, table = MACHINES[page], ways(page)
    actions = [*sorted({action for _, action in table}), "fly"]
    state = data.draw(st.sampled_from(STATES[page]))
    for _ in range(data.draw(st.integers(1, 12))):
        action, role = data.draw(st.sampled_from(actions)), data.draw(st.sampled_from(ROLES[page]))
        asked = FACTS[page](state, role, data.draw)
        there = table.get((state.value, action), {})
        try:
            step = machine.step(state, action, role, *asked)
        except StepRefused as refused:
            names_what_is_accepted(refused, {a for s, a in table if s == state.value})
            continue
        assert step.next.value == there.get(role.value, there.get(""))
        state = step.next


@pytest.mark.parametrize("page", MACHINES)
def test_a_role_that_a_row_does_not_name_is_told_whose_step_it_is(page: str) -> None:
    machine = MACHINES[page]
    for (state, action), there in ways(page).items():
        for role in ROLES[page]:
            if "" in there or role.value in there:
                continue
            with pytest.raises(StepRefused, match="is for the") as refused:
                machine.step(type(machine.table[0].state)(state), action, role, *NOBODY)
            assert all(
                machine.names[r].en in refused.value.reason.en for r in ROLES[page] if r.value in there
            )
