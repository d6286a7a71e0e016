"""What the passing of time does to cases: awards end, duties fall due, windows of renewal open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from comity.casework.machine import StepRefused
from comity.casework.workflow import Actor, Role
from comity.office.cases.models import Award, Deadline
from comity.office.cases.services.act import act
from comity.office.cases.services.deadlines import remind

CLOCK = Actor("clock", Role.CLOCK)


@dataclass(frozen=True, slots=True)
class Passed:
    """Cases whose award ended, and the duties and windows that somebody must now be told of."""

    expired: tuple[str, ...]
    reminders: tuple[Deadline, ...]


def keep_time(at: datetime, *, ahead_days: int = 30) -> Passed:
    """Expire every award whose last day is over at ``at``, then collect reminders ``ahead_days`` ahead.

    Harmless to repeat and to interrupt: an award expires once, a reminder is given once.
    """
    over = Award.objects.filter(status=Award.Status.IN_FORCE, ends__lt=at.date())
    expired = []
    for number in list(over.order_by("ends", "pk").values_list("case__number", flat=True)):
        try:
            act(number, "expire", actor=CLOCK, at=at, reason="the term is over")
        except StepRefused:  # given up or replaced a moment ago
            continue
        expired.append(number)
    return Passed(tuple(expired), tuple(remind(at.date(), ahead_days=ahead_days, at=at)))
