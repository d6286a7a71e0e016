"""Keeping who took a step."""

from __future__ import annotations

from datetime import datetime

from comity.casework.workflow import Actor
from comity.office.cases.models import Case, StepTaken


def note_step(case: Case, action: str, actor: Actor, at: datetime, reason: str = "") -> None:
    """Keep who took a step, inside the transaction in which it is taken."""
    StepTaken.objects.create(
        case=case,
        action=action,
        role=actor.role,
        actor=actor.id,
        through=actor.through,
        account=actor.account,
        reason=reason,
        at=at,
    )
