"""Noting that a duty of an award in force was met: it no longer falls due."""

from __future__ import annotations

from datetime import datetime

from comity.casework.workflow import Actor, step_for
from comity.errors import ComityError, Problem
from comity.office.cases.database import whole
from comity.office.cases.models import Case, Deadline
from comity.office.cases.services.act import view_of
from comity.office.cases.services.find import find_case
from comity.office.cases.services.steps import note_step


def meet(number: str, clock: str, *, officer: Actor, at: datetime, reason: str) -> Case:
    """Note that the duty with this clock was met; the others run on. The award stays as it is.

    Parameters
    ----------
    clock : name of a deadline that runs; a window in which something may be done is not met
    reason : by what it was met: a payment, an inspection, minutes

    Raises
    ------
    StepRefused
        If the case has no award in force, or the actor may not note it.
    ComityError
        If no such clock runs, or no reason is given.
    """
    if not reason.strip():
        raise ComityError("say by what the duty was met")
    with whole():
        case = Case.objects.select_for_update(of=("self",)).get(pk=find_case(number).pk)
        step = step_for(view_of(case), "meet", officer, at)
        running = Deadline.objects.filter(case=case, met_at=None, role="due")  # a window is not met
        if not running.filter(clock=clock).update(met_at=at):
            known = ", ".join(running.order_by("due").values_list("clock", flat=True)) or "none runs"
            raise ComityError("no such duty runs", [Problem(number, repr(clock), known)])
        note_step(case, step.action, officer, at, f"{clock}: {reason}")
    return case
