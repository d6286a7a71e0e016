"""A table of steps that answers for itself: who may do what in which state, what comes next, and why not.

A case, a placement and a partnership each have one such table. What is not in the table cannot happen; a guard says
whether a step that is in it is allowed, and why not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, ParamSpec, TypeVar

from comity.errors import ComityError
from comity.rules.text import Text

#: Whether a step is allowed, and what it needs.
Answer = tuple[bool, Text]
StateT = TypeVar("StateT", bound=StrEnum)
RoleT = TypeVar("RoleT", bound=StrEnum)
ALLOWED = Text("allowed", "可行")
ACCEPTED = Text("accepted", "可執行")
STEPS = Text("the table has here", "流程表於此所列步驟")
#: What the guards of one table look at: the matter, who acts, the time.
Asked = ParamSpec("Asked")


@dataclass(frozen=True, slots=True)
class Step(Generic[StateT, RoleT]):
    """One row: in ``state``, ``role`` may do ``action`` if ``guard`` allows; then ``next``.

    ``role`` is ``None`` where it does not matter who acts, ``guard`` is ``""`` where nothing more is asked.
    """

    state: StateT
    action: str
    role: RoleT | None
    guard: str
    next: StateT

    @property
    def label(self) -> str:
        """The action, and in brackets who may take it."""
        return self.action if self.role is None else f"{self.action} ({self.role})"


class StepRefused(ComityError):
    """The table or a guard does not allow a step.

    Parameters
    ----------
    reason : why, in both languages
    accepted : what would be accepted instead, or the steps that the table has there, each with who may take it
    heading : which of the two: a guard may refuse a step that the table has
    """

    exit_code = 1

    def __init__(self, reason: Text, accepted: Sequence[str], heading: Text = ACCEPTED) -> None:
        super().__init__(reason.en)
        self.reason = reason
        self.accepted = tuple(accepted)
        self.heading = heading

    def __str__(self) -> str:
        """Return the reason, and below it what is accepted or what the table has there."""
        return f"{self.message}\n    {self.heading.en}: {', '.join(self.accepted) or 'nothing more'}"


StepT = TypeVar("StepT", bound=Step)  # type: ignore[type-arg]


@dataclass(frozen=True)
class Machine(Generic[StepT, Asked]):
    """The steps that one kind of matter can take.

    Parameters
    ----------
    matter : what takes them, as ``a case``
    table : its rows; a state, an action and a role stand in one row only
    guards : by the name that stands in the rows
    names : states and roles in words
    headings : what the printed table shows: field of a row, heading of its column
    """

    matter: Text
    table: tuple[StepT, ...]
    guards: Mapping[str, Callable[Asked, Answer]]
    names: Mapping[StrEnum, Text]
    headings: Mapping[str, str]

    def rows(self, state: StrEnum) -> tuple[StepT, ...]:
        """Return the rows of ``state``; none where nothing can follow."""
        return tuple(row for row in self.table if row.state is state)

    def accepted(self, state: StrEnum) -> tuple[str, ...]:
        """Return the labels of the steps that ``state`` has."""
        return tuple(sorted(row.label for row in self.rows(state)))

    def answer(self, row: StepT, *asked: Asked.args, **named: Asked.kwargs) -> Answer:
        """Return whether the guard of ``row`` allows it, and what it needs."""
        return self.guards[row.guard](*asked, **named) if row.guard else (True, ALLOWED)

    def step(
        self, state: StrEnum, action: str, role: StrEnum, *asked: Asked.args, **named: Asked.kwargs
    ) -> StepT:
        """Return the row that allows ``role`` to do ``action`` in ``state``.

        Raises
        ------
        StepRefused
            If no row fits, or its guard does not allow it.
        """
        rows = [row for row in self.rows(state) if row.action == action]
        if not rows:
            raise StepRefused(self._no_such_step(state, action), self.accepted(state), STEPS)
        row = next((row for row in rows if row.role in (None, role)), None)
        if row is None:
            raise StepRefused(self._for_others(rows, action, role), self.accepted(state), STEPS)
        allowed, reason = self.answer(row, *asked, **named)
        if not allowed:
            raise StepRefused(reason, self.accepted(state), STEPS)
        return row

    def as_markdown(self) -> str:
        """Return the table as it is printed in the documentation."""
        head = f"| {' | '.join(self.headings.values())} |\n" + "| --- " * len(self.headings) + "|\n"
        rows = (f"| {' | '.join(getattr(row, field) for field in self.headings)} |" for row in self.table)
        return head + "\n".join(rows) + "\n"

    def _no_such_step(self, state: StrEnum, action: str) -> Text:
        name = self.names[state]
        return Text(
            f"{self.matter.en} cannot be changed by '{action}' at {state} ({name.en})",
            f"{self.matter.zh}現為「{name.zh}」（{state}），不得執行「{action}」",
        )

    def _for_others(self, rows: Sequence[StepT], action: str, role: StrEnum) -> Text:
        entitled = [self.names[row.role] for row in rows if row.role is not None]
        return Text(
            f"'{action}' is for the {' or the '.join(n.en for n in entitled)}, not the {self.names[role].en}",
            f"「{action}」僅限{'或'.join(n.zh for n in entitled)}為之，{self.names[role].zh}不得為之",
        )
