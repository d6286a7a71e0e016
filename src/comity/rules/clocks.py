"""Deadlines: events and the periods of a pack turned into dates. Pure: no clock is read here.

Two ways to count are known. ``calendar``: n months after the 2nd end on the 2nd. ``apa48``, Article 48 of
Taiwan's Administrative Procedure Act: the day of the event does not count; a period of weeks, months or years
ends on the day before the day that corresponds to its first day, or with the last month where that day does
not exist; a period that ends on a Sunday or holiday ends on the next working day, one that ends on a Saturday
on the following Monday at noon.
"""

from __future__ import annotations

import calendar
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from comity.errors import ComityError
from comity.rules.fact import Evidence
from comity.rules.kleene import add_months
from comity.rules.pack import Clock, RulePack
from comity.rules.text import Text

UNITS = ("day", "week", "month", "year")


@dataclass(frozen=True, slots=True)
class Deadline:
    """One date that follows from an event.

    Parameters
    ----------
    clock, title, who, citation, evidence : from the pack
    role : ``opens`` or ``due``
    nominal : the date as counted; ``None`` where the event or the period is not known
    day : the date that binds, moved from a Sunday, holiday or Saturday
    noon : whether it ends at noon of that day
    reading : language of the text that was read, ``""`` where the texts agree
    authoritative : whether that text prevails
    cut_by : event or clock that ended the period early
    missing : event, clock or fact that is not known
    """

    clock: str
    title: Text
    role: str
    who: str
    nominal: date | None
    day: date | None
    noon: bool
    reading: str
    authoritative: bool
    cut_by: str
    missing: str
    citation: str
    evidence: Evidence


def period_end_apa48(event: date, amount: int, unit: str) -> date:
    """Return the last day of a period that starts with ``event``, counted by Article 48."""
    first = event + timedelta(days=1)
    if unit == "day":
        return event + timedelta(days=amount)
    if unit == "week":
        return first + timedelta(weeks=amount) - timedelta(days=1)
    months = amount if unit == "month" else 12 * amount
    index = first.year * 12 + first.month - 1 + months
    year, month = index // 12, index % 12 + 1
    last = calendar.monthrange(year, month)[1]
    if first.day > last:
        return date(year, month, last)
    return date(year, month, first.day) - timedelta(days=1)


def working_day(day: date, holidays: Collection[date]) -> tuple[date, bool]:
    """Return the day on which a period that would end on ``day`` ends, and whether at noon."""
    if day.weekday() == 5 and day not in holidays:
        monday = day + timedelta(days=2)
        moved = _next_open(monday, holidays)
        return moved, moved == monday
    return _next_open(day, holidays), False


def _next_open(day: date, holidays: Collection[date]) -> date:
    while day.weekday() >= 5 or day in holidays:
        day += timedelta(days=1)
    return day


def shift(event: date, amount: int, unit: str, direction: str, counting: str) -> date:
    """Return the day ``amount`` units after or before ``event``, or the last day of a use that begins on it."""
    if unit not in UNITS:
        raise ComityError(f"a period cannot be counted in {unit!r}; units are {', '.join(UNITS)}")
    if direction == "lasting":
        return shift(event, amount, unit, "after", "calendar") - timedelta(days=1)
    if direction == "after" and counting == "apa48":
        return period_end_apa48(event, amount, unit)
    signed = -amount if direction == "before" else amount
    if unit in ("day", "week"):
        return event + timedelta(days=signed * (7 if unit == "week" else 1))
    return add_months(event, signed * (1 if unit == "month" else 12))


def deadlines(
    pack: RulePack,
    events: Mapping[str, date],
    on: date,
    holidays: Collection[date] = (),
) -> tuple[Deadline, ...]:
    """Return every deadline of the pack in its order.

    Parameters
    ----------
    events : dates by event name, as ``{"letter_and_certificate_received": date(2026, 3, 2)}``
    on : the day whose law applies
    holidays : days that are no working days besides Sundays and Saturdays, an input and never assumed

    Notes
    -----
    Later clocks count from the nominal date of earlier ones. A clock whose event is not given, or whose
    period is pending, is returned with what is missing.
    """
    frozen = frozenset(holidays)
    nominal: dict[str, date] = dict(events)
    found: list[Deadline] = []
    for clock in pack.clocks:
        if not clock.dated.holds_on(on):
            continue
        deadline = _one(pack, clock, nominal, on, frozen)
        if deadline.nominal is not None:
            nominal[clock.id] = deadline.nominal
        found.append(deadline)
    return tuple(found)


def _one(
    pack: RulePack, clock: Clock, known: Mapping[str, date], on: date, holidays: frozenset[date]
) -> Deadline:
    fact = pack.find_fact(clock.period, on)
    end: date | None = None
    cut_by = missing = ""
    if fact is None or not isinstance(fact.value, int):
        missing = clock.period
    elif clock.start not in known:
        missing = clock.start
    else:
        end = shift(known[clock.start], fact.value, fact.unit, clock.direction, pack.counting)
        for name in clock.not_after:
            if name in known and known[name] < end:
                end, cut_by = known[name], name
    day, noon = end, False
    if end is not None and clock.role == "due" and clock.who == "applicant" and not cut_by:
        day, noon = _moved(pack, clock, end, holidays)
    grades = [clock.dated.evidence] if fact is None else [clock.dated.evidence, fact.evidence]
    return Deadline(
        clock=clock.id,
        title=clock.title,
        role=clock.role,
        who=clock.who,
        nominal=end,
        day=day,
        noon=noon,
        reading=clock.reading,
        authoritative=clock.reading in ("", pack.authoritative_language),
        cut_by=cut_by,
        missing=missing,
        citation=clock.dated.citation,
        evidence=max(grades, key=lambda grade: grade.rank),
    )


def _moved(pack: RulePack, clock: Clock, end: date, holidays: frozenset[date]) -> tuple[date, bool]:
    """Only periods for an act of the applicant are moved, never a notice counted backwards or a use that lasts."""
    if pack.counting != "apa48" or clock.direction != "after":
        return end, False
    return working_day(end, holidays)
