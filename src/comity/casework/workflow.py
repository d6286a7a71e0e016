"""The life of a case as one table: state, action, role, guard, next state, and the event that is logged.

The table is printed in the documentation and enumerated by the tests. A guard says whether the step is allowed,
and why not. No step is possible that is not in the table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from comity.casework.machine import Answer, Machine
from comity.casework.machine import Step as MachineStep
from comity.casework.people import same
from comity.rules.text import Text


class State(StrEnum):
    """Where a case stands. ``varied`` means replaced by the case that changed it.

    An appeal against a refusal and one against a revocation are two states: what is upheld goes back to its own.
    """

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    WITH_APPLICANT = "with_applicant"
    DECIDED = "decided"
    IN_FORCE = "in_force"
    REFUSED = "refused"
    APPEALED = "appealed"
    REVOCATION_APPEALED = "revocation_appealed"
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
    """Somebody who acts: an opaque id and a role.

    ``through`` is the id of the officer who entered what an applicant wrote; ``account`` is the account of the
    machine at which the step was entered.
    """

    id: str
    role: Role
    through: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class CaseView:
    """What guards may look at.

    Parameters
    ----------
    state : current state
    applicant : id of the party's account that submitted
    decided_by : id of the officer who made the decision on the table, if there is one
    outcome : outcome of the decision on the table (``"granted"``, ...), if any; a case that comes back into review
        has none until it is decided again
    reserved : whether what that decision gives is reserved for this case, and for that decision
    proposed_by : id of the officer who proposed to revoke the award, if anybody has
    took_part : ids of those who made or signed what is now under appeal
    award_ends : last day of the award, if it has one
    appeal_until : last day on which an appeal is admissible, if the rules name one and it was not yet used
    """

    state: State
    applicant: str
    decided_by: str | None = None
    outcome: str | None = None
    reserved: bool = False
    proposed_by: str | None = None
    took_part: frozenset[str] = frozenset()
    award_ends: date | None = None
    appeal_until: date | None = None


Guard = Callable[[CaseView, Actor, datetime], Answer]


def _own_case(case: CaseView, actor: Actor, at: datetime) -> Answer:
    return same(actor.id, case.applicant), Text(
        "only the applicant of this case may do this", "僅本案申請人得為之"
    )


def _not_the_applicant(case: CaseView, actor: Actor, at: datetime) -> Answer:
    return not same(actor.id, case.applicant), Text(
        "nobody acts in office on an application of their own", "承辦人不得經辦本人之申請案"
    )


def _another_officer(case: CaseView, actor: Actor, at: datetime) -> Answer:
    allowed, why = _not_the_applicant(case, actor, at)
    if not allowed:
        return allowed, why
    return (case.decided_by is not None and not same(actor.id, case.decided_by)), Text(
        "a second officer must countersign, not the one who decided", "須由作成決定者以外之第二位承辦人副署"
    )


def _grant_by_another(case: CaseView, actor: Actor, at: datetime) -> Answer:
    if case.outcome not in ("granted", "granted_with_conditions"):
        return False, Text("no decision that grants is on the table", "目前並無核准之決定")
    if not case.reserved:
        return False, Text(
            "what the decision gives is not reserved for this case: decide again",
            "本決定所核准之內容未經保留予本案，須重新決定",
        )
    return _another_officer(case, actor, at)


def _refusal_by_another(case: CaseView, actor: Actor, at: datetime) -> Answer:
    if case.outcome != "refused":
        return False, Text("no decision that refuses is on the table", "目前並無駁回之決定")
    return _another_officer(case, actor, at)


def _nothing_unknown(case: CaseView, actor: Actor, at: datetime) -> Answer:
    allowed, why = _not_the_applicant(case, actor, at)
    if not allowed:
        return allowed, why
    return case.outcome not in (None, "referred"), Text(
        "something needed is unknown: ask the applicant, or record who settled it",
        "尚有必要事項未明：請通知申請人補正，或載明由何人認定",
    )


def _proposed_by_another(case: CaseView, actor: Actor, at: datetime) -> Answer:
    allowed, why = _not_the_applicant(case, actor, at)
    if not allowed:
        return allowed, why
    return (case.proposed_by is not None and not same(actor.id, case.proposed_by)), Text(
        "one officer proposes to revoke, a second officer revokes",
        "廢止須由一位承辦人提出，另由第二位承辦人為之",
    )


def _took_no_part(case: CaseView, actor: Actor, at: datetime) -> Answer:
    allowed, why = _not_the_applicant(case, actor, at)
    if not allowed:
        return allowed, why
    return not any(same(actor.id, other) for other in case.took_part), Text(
        "who decides an appeal neither made nor signed what is appealed against",
        "申訴之審議，不得由作成或副署原決定之人為之",
    )


def _appeal_open(case: CaseView, actor: Actor, at: datetime) -> Answer:
    own, why = _own_case(case, actor, at)
    if not own:
        return False, why
    if case.appeal_until is None:
        return False, Text(
            "no time for an appeal is running: an officer decides whether it is admitted",
            "目前無進行中之申訴期限，是否受理由承辦人認定",
        )
    return at.date() <= case.appeal_until, Text(
        f"the time for an appeal ended on {case.appeal_until}; an officer decides whether it is admitted",
        f"申訴期限已於 {case.appeal_until} 屆滿，是否受理由承辦人認定",
    )


def _term_over(case: CaseView, actor: Actor, at: datetime) -> Answer:
    return case.award_ends is not None and at.date() > case.award_ends, Text(
        f"the award runs until {case.award_ends or 'further notice'}",
        f"核准效期至 {case.award_ends or '另行通知'}",
    )


GUARDS: Mapping[str, Guard] = {
    "own case": _own_case,
    "not the applicant": _not_the_applicant,
    "grant, second officer": _grant_by_another,
    "refusal, second officer": _refusal_by_another,
    "nothing unknown": _nothing_unknown,
    "proposed by another": _proposed_by_another,
    "took no part": _took_no_part,
    "own case, in time": _appeal_open,
    "term over": _term_over,
}

#: In place of a clock: the deadlines that run go on. Every other step meets them.
RUNS_ON = "runs on"


@dataclass(frozen=True, slots=True)
class Step(MachineStep[State, Role]):
    """One row, with its ``event`` in the register (``""``: none) and its ``clock``.

    ``clock`` names the deadline of the rule pack that starts, or is ``RUNS_ON``.
    """

    event: str = ""
    clock: str = ""


S, R = State, Role
_OFFICE = "not the applicant"
TABLE: tuple[Step, ...] = (
    Step(S.DRAFT, "submit", R.APPLICANT, "own case", S.SUBMITTED, "submitted", "review"),
    Step(S.DRAFT, "withdraw", R.APPLICANT, "own case", S.WITHDRAWN),
    Step(S.SUBMITTED, "take", R.OFFICER, _OFFICE, S.IN_REVIEW, "", RUNS_ON),
    Step(S.SUBMITTED, "withdraw", R.APPLICANT, "own case", S.WITHDRAWN, "published"),
    Step(S.IN_REVIEW, "ask", R.OFFICER, _OFFICE, S.WITH_APPLICANT, "", "correction"),
    Step(S.IN_REVIEW, "refer", R.OFFICER, _OFFICE, S.IN_REVIEW, "finding", RUNS_ON),
    Step(S.IN_REVIEW, "settle", R.OFFICER, _OFFICE, S.IN_REVIEW, "finding", RUNS_ON),
    Step(S.IN_REVIEW, "decide", R.OFFICER, "nothing unknown", S.DECIDED, "decided", RUNS_ON),
    Step(S.IN_REVIEW, "withdraw", R.APPLICANT, "own case", S.WITHDRAWN, "published"),
    Step(S.WITH_APPLICANT, "answer", R.APPLICANT, "own case", S.IN_REVIEW, "submitted", "review"),
    Step(S.WITH_APPLICANT, "withdraw", R.APPLICANT, "own case", S.WITHDRAWN, "published"),
    Step(S.DECIDED, "reopen", R.OFFICER, _OFFICE, S.IN_REVIEW, "finding", RUNS_ON),
    Step(S.DECIDED, "grant", R.OFFICER, "grant, second officer", S.IN_FORCE, "granted", "build"),
    Step(S.DECIDED, "refuse", R.OFFICER, "refusal, second officer", S.REFUSED, "countersigned", "appeal"),
    Step(S.REFUSED, "appeal", R.APPLICANT, "own case, in time", S.APPEALED, "appealed"),
    Step(S.REFUSED, "admit_appeal", R.OFFICER, _OFFICE, S.APPEALED, "appealed"),
    Step(S.APPEALED, "uphold", R.PANEL, "took no part", S.REFUSED, "published"),
    Step(S.APPEALED, "remit", R.PANEL, "took no part", S.IN_REVIEW, "published", "review"),
    Step(S.IN_FORCE, "vary", R.OFFICER, _OFFICE, S.VARIED, "varied"),
    Step(S.IN_FORCE, "surrender", R.APPLICANT, "own case", S.SURRENDERED, "surrendered"),
    Step(S.IN_FORCE, "meet", R.OFFICER, _OFFICE, S.IN_FORCE, "", RUNS_ON),
    Step(S.IN_FORCE, "propose_revocation", R.OFFICER, _OFFICE, S.IN_FORCE, "finding", RUNS_ON),
    Step(S.IN_FORCE, "revoke", R.OFFICER, "proposed by another", S.REVOKED, "revoked", "appeal"),
    Step(S.IN_FORCE, "expire", R.CLOCK, "term over", S.EXPIRED, "expired"),
    Step(S.REVOKED, "appeal", R.APPLICANT, "own case, in time", S.REVOCATION_APPEALED, "appealed"),
    Step(S.REVOKED, "admit_appeal", R.OFFICER, _OFFICE, S.REVOCATION_APPEALED, "appealed"),
    Step(S.REVOCATION_APPEALED, "uphold", R.PANEL, "took no part", S.REVOKED, "published"),
    Step(S.REVOCATION_APPEALED, "remit", R.PANEL, "took no part", S.IN_REVIEW, "published", "review"),
)

#: Steps of those who make, sign or revoke a decision; none of them decides the appeal against it.
TAKING_PART = frozenset({"decide", "grant", "refuse", "propose_revocation", "revoke"})

#: Steps against a party or a decision, which are taken for a reason that is recorded.
WITH_REASON = frozenset(
    {"ask", "reopen", "propose_revocation", "revoke", "admit_appeal", "uphold", "remit", "settle", "meet"}
)

#: Steps that bring something with them: a document, what was settled, a decision, the duty that was met, the award
#: that takes another's place. Each has a service of its own, and none can be taken bare.
WITH_SOMETHING = frozenset({"submit", "answer", "settle", "decide", "refer", "meet", "vary"})


NAMES: Mapping[StrEnum, Text] = {
    State.DRAFT: Text("draft", "草稿"),
    State.SUBMITTED: Text("submitted", "已收件"),
    State.IN_REVIEW: Text("under review", "審查中"),
    State.WITH_APPLICANT: Text("with the applicant", "待申請人補正"),
    State.DECIDED: Text("decided, to be countersigned", "已作成決定，待副署"),
    State.IN_FORCE: Text("in force", "有效"),
    State.REFUSED: Text("refused", "已駁回"),
    State.APPEALED: Text("refusal under appeal", "不服駁回，申訴中"),
    State.REVOCATION_APPEALED: Text("revocation under appeal", "不服廢止，申訴中"),
    State.WITHDRAWN: Text("withdrawn", "已撤回"),
    State.VARIED: Text("replaced by a variation", "已由變更案取代"),
    State.SURRENDERED: Text("surrendered", "已繳回"),
    State.REVOKED: Text("revoked", "已廢止"),
    State.EXPIRED: Text("expired", "已屆期"),
    Role.APPLICANT: Text("applicant", "申請人"),
    Role.OFFICER: Text("officer", "承辦人"),
    Role.PANEL: Text("panel", "申訴審議小組"),
    Role.CLOCK: Text("passage of time", "期間屆滿"),
}

#: Whose move it is, in the states in which a case waits for somebody. In the others nothing has to be done.
WAITS_FOR: Mapping[State, Role] = {
    S.DRAFT: R.APPLICANT,
    S.SUBMITTED: R.OFFICER,
    S.IN_REVIEW: R.OFFICER,
    S.WITH_APPLICANT: R.APPLICANT,
    S.DECIDED: R.OFFICER,
    S.APPEALED: R.PANEL,
    S.REVOCATION_APPEALED: R.PANEL,
}

WORKFLOW: Machine[Step, [CaseView, Actor, datetime]] = Machine(
    Text("a case", "本案"),
    TABLE,
    GUARDS,
    NAMES,
    {
        "state": "state",
        "action": "action",
        "role": "role",
        "guard": "guard",
        "next": "next state",
        "event": "register entry",
        "clock": "clock",
    },
)


def step_for(case: CaseView, action: str, actor: Actor, at: datetime) -> Step:
    """Return the row that allows ``actor`` to do ``action`` now.

    Raises
    ------
    StepRefused
        If no row fits, or its guard does not allow it.
    """
    return WORKFLOW.step(case.state, action, actor.role, case, actor, at)


def settles(step: Step) -> bool:
    """Return whether a step closes the case or puts something in force: it is not taken back by another step."""
    return step.next not in WAITS_FOR and step.next is not step.state


def final(step: Step) -> bool:
    """Return whether no other step takes this one back: it settles the case, or notes a duty as met."""
    return settles(step) or step.action == "meet"
