"""Due dates: what the clocks of a rule pack demand of a case, and by when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache

from comity.casework.application import Application
from comity.casework.workflow import RUNS_ON
from comity.errors import MissingError
from comity.office.cases.models import Award, Case, Deadline
from comity.office.desks import Desk
from comity.rules.load import load_pack
from comity.rules.text import Text


def start_clock(desk: Desk, case: Case, application: Application, clock: str, at: datetime) -> None:
    """Set the due dates that ``clock`` starts; those of an earlier step are met, unless they run on."""
    if clock == RUNS_ON:
        return
    Deadline.objects.filter(case=case, met_at=None).update(met_at=at)
    if not clock:
        return
    award = Award.objects.filter(case=case).first()
    for due in desk.deadlines(clock, application, at, award.ends if award else None):
        Deadline.objects.create(
            case=case, clock=due.clock, due=due.due, role=due.role, who=due.who, citation=due.citation
        )


def title_of(row: Deadline) -> Text:
    """Return what a deadline is, in the words of the rule pack; its clock where the pack has no words for it."""
    return _titles(row.case.regime).get(row.clock, Text(row.clock, row.clock))


@lru_cache(maxsize=64)
def _titles(regime: str) -> Mapping[str, Text]:
    try:
        return {clock.id: clock.title for clock in load_pack(regime).clocks}
    except MissingError:
        return {}


def remind(today: date, *, ahead_days: int, at: datetime) -> list[Deadline]:
    """Return open deadlines and windows that fall within ``ahead_days`` and mark them reminded, each once."""
    rows = Deadline.objects.filter(met_at=None, reminded_at=None).select_related("case").order_by("due", "pk")
    due = [row for row in rows if (row.due - today).days <= ahead_days]
    Deadline.objects.filter(pk__in=[row.pk for row in due]).update(reminded_at=at)
    return due
