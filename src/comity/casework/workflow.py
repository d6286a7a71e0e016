"""The life of a case as one table: state, action, role, guard, next state, and the event that is logged.

The table is printed in the documentation and enumerated by the tests. A guard says whether the step is allowed,
and why not. No step is possible that is not in the table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from comity.errors import ComityError
from comity.rules.text import Text


class State(StrEnum):
    """Where a case stands. ``varied`` means replaced by the case that changed it."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    WITH_APPLICANT = "with_applicant"
    DECIDED = "decided"
    IN_FORCE = "in_force"
    REFUSED = "refused"
    APPEALED = "appealed"
    WITHDRAWN = "withdrawn"
    VARIED = "varied"
    SURRENDERED = "surrendered"
    REVOKED = "revoked"
    EXPIRED = "expired"


class Role(StrEnum):
    """Who may act. ``clock`` is the passage of time."""

    APPLICANT = "applicant"
    OFFICER = "officer"
    PANEL = "panel"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts: an opaque id and a role."""

    id: str
    role: Role


@dataclass(frozen=True, slots=True)
class CaseView:
    """What guards may look at.

    Parameters
    ----------
    state : current state
    applicant : id of the party's account that submitted
    decided_by : id of the officer who decided, if anybody has
    outcome : outcome of the decision on the table (``"granted"``, ...), if any
    award_ends : last day of the award, if it has one
    appeal_until : last day on which an appeal is admissible, if the rules name one
    """

    state: State
    applicant: str
    decided_by: str | None = None
    outcome: str | None = None
    award_ends: date | None = None
    appeal_until: date | None = None


Answer = tuple[bool, Text]
Guard = Callable[[CaseView, Actor, datetime], Answer]

_YES = Text("allowed", "可行")


def _own_case(case: CaseView, actor: Actor, at: datetime) -> Answer:
    return (actor.id == case.applicant), Text(
        "only the applicant of this case may do this", "僅本案申請人得為之"
    )


def _another_officer(case: CaseView, actor: Actor, at: datetime) -> Answer:
    return (case.decided_by is not None and actor.id != case.decided_by), Text(
        "a second officer must countersign, not the one who decided", "須由作成決定者以外之第二位承辦人副署"
    )


def _grant_by_another(case: CaseView, actor: Actor, at: datetime) -> Answer:
    if case.outcome not in ("granted", "granted_with_conditions"):
        return False, Text("the decision grants nothing", "本決定並未核准")
    return _another_officer(case, actor, at)


def _refusal_by_another(case: CaseView, actor: Actor, at: datetime) -> Answer:
    if case.outcome != "refused":
        return False, Text("the decision is not a refusal", "本決定並非駁回")
    return _another_officer(case, actor, at)


def _nothing_unknown(case: CaseView, actor: Actor, at: datetime) -> Answer:
    return case.outcome not in (None, "referred"), Text(
        "something needed is unknown: ask the applicant, or record who settled it",
        "尚有必要事項未明：請通知申請人補正，或載明由何人認定",
    )


def _appeal_open(case: CaseView, actor: Actor, at: datetime) -> Answer:
    own, why = _own_case(case, actor, at)
    if not own:
        return False, why
    open_still = case.appeal_until is None or at.date() <= case.appeal_until
    return open_still, Text(
        f"the time for an appeal ended on {case.appeal_until}", f"申訴期限已於 {case.appeal_until} 屆滿"
    )


def _term_over(case: CaseView, actor: Actor, at: datetime) -> Answer:
    return case.award_ends is not None and at.date() > case.award_ends, Text(
        f"the award runs until {case.award_ends or 'further notice'}",
        f"核准效期至 {case.award_ends or '另行通知'}",
    )


def _anybody(case: CaseView, actor: Actor, at: datetime) -> Answer:
    return True, _YES


GUARDS: Mapping[str, Guard] = {
    "": _anybody,
    "own case": _own_case,
    "second officer": _another_officer,
    "grant, second officer": _grant_by_another,
    "refusal, second officer": _refusal_by_another,
    "nothing unknown": _nothing_unknown,
    "own case, in time": _appeal_open,
    "term over": _term_over,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One row: in ``state``, ``role`` may do ``action`` if ``guard`` allows; then the case is in ``next``.

    ``event`` is the entry in the register (``""``: none); ``clock`` names the deadline of the rule pack that starts.
    """

    state: State
    action: str
    role: Role
    guard: str
    next: State
    event: str = ""
    clock: str = ""


S, R = State, Role
TABLE: tuple[Step, ...] = (
    Step(S.DRAFT, "submit", R.APPLICANT, "own case", S.SUBMITTED, "submitted", "review"),
    Step(S.DRAFT, "withdraw", R.APPLICANT, "own case", S.WITHDRAWN),
    Step(S.SUBMITTED, "take", R.OFFICER, "", S.IN_REVIEW),
    Step(S.SUBMITTED, "withdraw", R.APPLICANT, "own case", S.WITHDRAWN, "published"),
    Step(S.IN_REVIEW, "ask", R.OFFICER, "", S.WITH_APPLICANT, "", "correction"),
    Step(S.IN_REVIEW, "refer", R.OFFICER, "", S.IN_REVIEW, "finding"),
    Step(S.IN_REVIEW, "decide", R.OFFICER, "nothing unknown", S.DECIDED, "decided"),
    Step(S.IN_REVIEW, "withdraw", R.APPLICANT, "own case", S.WITHDRAWN, "published"),
    Step(S.WITH_APPLICANT, "answer", R.APPLICANT, "own case", S.IN_REVIEW, "submitted", "review"),
    Step(S.WITH_APPLICANT, "withdraw", R.APPLICANT, "own case", S.WITHDRAWN, "published"),
    Step(S.DECIDED, "reopen", R.OFFICER, "", S.IN_REVIEW, "finding"),
    Step(S.DECIDED, "grant", R.OFFICER, "grant, second officer", S.IN_FORCE, "granted", "build"),
    Step(S.DECIDED, "refuse", R.OFFICER, "refusal, second officer", S.REFUSED, "countersigned", "appeal"),
    Step(S.REFUSED, "appeal", R.APPLICANT, "own case, in time", S.APPEALED, "appealed"),
    Step(S.APPEALED, "uphold", R.PANEL, "", S.REFUSED, "published"),
    Step(S.APPEALED, "remit", R.PANEL, "", S.IN_REVIEW, "published", "review"),
    Step(S.IN_FORCE, "vary", R.OFFICER, "second officer", S.VARIED, "varied"),
    Step(S.IN_FORCE, "surrender", R.APPLICANT, "own case", S.SURRENDERED, "surrendered"),
    Step(S.IN_FORCE, "revoke", R.OFFICER, "second officer", S.REVOKED, "revoked", "appeal"),
    Step(S.IN_FORCE, "expire", R.CLOCK, "term over", S.EXPIRED, "expired"),
    Step(S.REVOKED, "appeal", R.APPLICANT, "own case, in time", S.APPEALED, "appealed"),
)


class StepRefused(ComityError):
    """The table or a guard does not allow a step; ``reason`` says why in both languages."""

    exit_code = 1

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def step_for(case: CaseView, action: str, actor: Actor, at: datetime) -> Step:
    """Return the row that allows ``actor`` to do ``action`` now.

    Raises
    ------
    StepRefused
        If no row fits, or its guard does not allow it.
    """
    rows = [s for s in TABLE if s.state == case.state and s.action == action]
    if not rows:
        possible = ", ".join(sorted({s.action for s in TABLE if s.state == case.state})) or "nothing more"
        raise StepRefused(
            Text(
                f"a case that is {case.state} cannot be changed by '{action}'; possible: {possible}",
                f"狀態為 {case.state} 之案件不得執行「{action}」；可執行：{possible}",
            )
        )
    step = next((s for s in rows if s.role == actor.role), None)
    if step is None:
        raise StepRefused(
            Text(
                f"'{action}' is for the {rows[0].role}, not the {actor.role}",
                f"「{action}」僅限 {rows[0].role}",
            )
        )
    allowed, reason = GUARDS[step.guard](case, actor, at)
    if not allowed:
        raise StepRefused(reason)
    return step


def as_markdown() -> str:
    """Return the table as it is printed in the documentation."""
    head = "| state | action | role | guard | next state | register entry | clock |\n" + "| --- " * 7 + "|\n"
    rows = (
        f"| {s.state} | {s.action} | {s.role} | {s.guard} | {s.next} | {s.event} | {s.clock} |" for s in TABLE
    )
    return head + "\n".join(rows) + "\n"
