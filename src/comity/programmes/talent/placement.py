"""The life of a placement after the run, as one table: offer, answer, agreement, stay, reports, certificate.

A guard says whether a step is allowed and why not. What is not in the table cannot happen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from comity.casework.machine import Answer, Machine, Step, StepRefused
from comity.rules.text import Text


class Stage(StrEnum):
    """Where a placement stands."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    AGREED = "agreed"
    STARTED = "started"
    ENDED_EARLY = "ended_early"
    COMPLETED = "completed"
    CERTIFIED = "certified"


class Side(StrEnum):
    """Who acts; ``clock`` is the passage of time."""

    STUDENT = "student"
    HOST = "host"
    PROGRAMME = "programme"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Event:
    """One step that was taken, by whom, on which day."""

    day: date
    action: str
    side: Side
    by: str


@dataclass(frozen=True, slots=True)
class Placement:
    """One student at one position.

    Parameters
    ----------
    student, position : codes
    starts, ends : first and last day
    answer_by : last day to answer the offer
    stage : where it stands
    signed : sides that have signed the learning agreement
    reported : sides that have filed their final report
    events : what happened, oldest first
    """

    student: str
    position: str
    starts: date
    ends: date
    answer_by: date
    stage: Stage = Stage.OFFERED
    signed: frozenset[str] = frozenset()
    reported: frozenset[str] = frozenset()
    events: tuple[Event, ...] = ()


Guard = Callable[[Placement, Side, date], Answer]
#: The three who sign a learning agreement.
SIGNERS = ("student", "sending", "receiving")


def _in_time(p: Placement, side: Side, on: date) -> Answer:
    return on <= p.answer_by, Text(
        f"the offer lapsed after {p.answer_by}", f"錄取通知已於 {p.answer_by} 後失效"
    )


def _too_late(p: Placement, side: Side, on: date) -> Answer:
    return on > p.answer_by, Text(f"the offer stands until {p.answer_by}", f"錄取通知至 {p.answer_by} 仍有效")


def _all_signed(p: Placement, side: Side, on: date) -> Answer:
    missing = ", ".join(s for s in SIGNERS if s not in p.signed)
    return not missing, Text(f"signatures are missing: {missing}", f"尚缺簽署：{missing}")


def _has_begun(p: Placement, side: Side, on: date) -> Answer:
    return on >= p.starts, Text(f"the placement starts on {p.starts}", f"實習自 {p.starts} 開始")


def _is_over(p: Placement, side: Side, on: date) -> Answer:
    return on >= p.ends, Text(f"the placement ends on {p.ends}", f"實習至 {p.ends} 結束")


def _both_reported(p: Placement, side: Side, on: date) -> Answer:
    missing = ", ".join(s for s in ("student", "host") if s not in p.reported)
    return not missing, Text(f"final reports are missing: {missing}", f"尚缺結案報告：{missing}")


GUARDS: Mapping[str, Guard] = {
    "in time": _in_time,
    "answer day over": _too_late,
    "three signatures": _all_signed,
    "first day reached": _has_begun,
    "last day reached": _is_over,
    "both reports in": _both_reported,
}


TABLE: tuple[Step[Stage, Side], ...] = (
    Step(Stage.OFFERED, "accept", Side.STUDENT, "in time", Stage.ACCEPTED),
    Step(Stage.OFFERED, "decline", Side.STUDENT, "in time", Stage.DECLINED),
    Step(Stage.OFFERED, "expire", Side.CLOCK, "answer day over", Stage.EXPIRED),
    Step(Stage.ACCEPTED, "withdraw", Side.STUDENT, "", Stage.WITHDRAWN),
    Step(Stage.ACCEPTED, "agree", Side.PROGRAMME, "three signatures", Stage.AGREED),
    Step(Stage.AGREED, "withdraw", Side.STUDENT, "", Stage.WITHDRAWN),
    Step(Stage.AGREED, "start", Side.HOST, "first day reached", Stage.STARTED),
    Step(Stage.STARTED, "end early", Side.STUDENT, "", Stage.ENDED_EARLY),
    Step(Stage.STARTED, "end early", Side.HOST, "", Stage.ENDED_EARLY),
    Step(Stage.STARTED, "complete", Side.HOST, "last day reached", Stage.COMPLETED),
    Step(Stage.COMPLETED, "certify", Side.PROGRAMME, "both reports in", Stage.CERTIFIED),
)

#: Stages that free the seat for the second round.
FREES_SEAT = frozenset({Stage.DECLINED, Stage.EXPIRED, Stage.WITHDRAWN})


NAMES: Mapping[StrEnum, Text] = {
    Stage.OFFERED: Text("offered", "已錄取"),
    Stage.ACCEPTED: Text("accepted", "已接受"),
    Stage.DECLINED: Text("declined", "已放棄"),
    Stage.EXPIRED: Text("lapsed without an answer", "逾期未回覆"),
    Stage.WITHDRAWN: Text("withdrawn", "已退出"),
    Stage.AGREED: Text("agreement signed", "已簽署協議"),
    Stage.STARTED: Text("under way", "實習中"),
    Stage.ENDED_EARLY: Text("ended early", "提前結束"),
    Stage.COMPLETED: Text("completed", "實習期滿"),
    Stage.CERTIFIED: Text("certified", "已發給證明"),
    Side.STUDENT: Text("student", "學生"),
    Side.HOST: Text("host", "實習單位"),
    Side.PROGRAMME: Text("programme", "計畫辦公室"),
    Side.CLOCK: Text("passage of time", "期間屆滿"),
}

PLACEMENTS: Machine[Step[Stage, Side], [Placement, Side, date]] = Machine(
    Text("a placement", "本實習"),
    TABLE,
    GUARDS,
    NAMES,
    {"state": "stage", "action": "action", "role": "side", "guard": "guard", "next": "next stage"},
)


def take(placement: Placement, action: str, side: Side, by: str, on: date) -> Placement:
    """Return the placement after one step, with the step noted.

    Raises
    ------
    StepRefused
        If no row fits, or its guard does not allow it.
    """
    step = PLACEMENTS.step(placement.stage, action, side, placement, side, on)
    return replace(placement, stage=step.next, events=(*placement.events, Event(on, action, side, by)))


def report(placement: Placement, side: Side, by: str, on: date) -> Placement:
    """Return the placement with the final report of one side filed."""
    if placement.stage is not Stage.COMPLETED or side not in (Side.STUDENT, Side.HOST):
        raise StepRefused(
            Text(
                "reports are filed by student and host once the placement is completed",
                "結案報告由學生及單位於實習完成後繳交",
            ),
            PLACEMENTS.accepted(placement.stage),
        )
    noted = Event(on, "report", side, by)
    return replace(placement, reported=placement.reported | {side.value}, events=(*placement.events, noted))
