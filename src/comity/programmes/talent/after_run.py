"""From a confirmed run to offers, the second round and appeals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from comity.errors import ComityError, Problem
from comity.matching.rounds import SecondRound
from comity.programmes.talent.call import Call
from comity.programmes.talent.eligibility import check_place
from comity.programmes.talent.placement import FREES_SEAT, Placement
from comity.programmes.talent.run import CallRun, run_call
from comity.rules.finding import Outcome
from comity.rules.pack import RulePack
from comity.rules.text import Text


def offers(run: CallRun, pack: RulePack, status: tuple[bool, Text]) -> tuple[Placement, ...]:
    """Return one offer for each placed student of a confirmed run, with the day by which to answer."""
    if not status[0]:
        raise ComityError("no offer leaves a run that is not confirmed", [Problem("run", status[1].en)])
    dates = run.call.settings.dates
    days = int(pack.number("clocks.answer_days", on=run.on))
    answer_by = dates.answers_due or dates.results + timedelta(days=days)
    return tuple(
        Placement(s, p, run.call.positions[p].starts, run.call.positions[p].ends, answer_by)
        for s, p in sorted(run.placed.items())
        if p is not None
    )


def second_round(
    run: CallRun, placements: Iterable[Placement], lists: Mapping[str, Sequence[str]], pack: RulePack
) -> SecondRound:
    """Return the second round: seats left or freed, eligible students without a place, each position's new list.

    Parameters
    ----------
    run : the first round
    placements : its offers as they now stand; those declined, expired or withdrawn free their seats
    lists : each position's ranking of the students who applied to it anew
    pack : the rules: a place must fit a student in the second round as in the first

    Raises
    ------
    ComityError
        for students who are not free or whom a place does not fit, and for places under a balance, caps or reserves:
        offers that are answered one by one cannot keep these
    """
    holding = {p.student: p for p in placements if p.stage not in FREES_SEAT}
    held = [p.position for p in holding.values()]
    seats = {p: x.seats - held.count(p) for p, x in run.call.positions.items()}
    eligible = {s for s in run.call.students if run.screening.standing(s) is Outcome.PASS}
    gave_up = {p.student for p in placements if p.stage in FREES_SEAT}
    free = eligible - holding.keys() - gave_up
    problems = [Problem(f"list of {p}", "unknown position") for p in lists if p not in seats]
    problems += _rules_not_kept(run.call, lists)
    problems += [
        Problem(f"list of {p}", f"{s}: {text}")
        for p, ranked in lists.items()
        if p in seats
        for s in ranked
        if s in free
        for text in _misfits(run, s, p, pack)
    ]
    problems += [
        Problem(f"list of {p}", f"{s} is not free: unknown, not eligible, placed, or gave up an offer")
        for p, ranked in lists.items()
        for s in ranked
        if s not in free
    ]
    if problems:
        raise ComityError("the second round cannot start", problems)
    return SecondRound(lists, {p: n for p, n in seats.items() if n > 0}, frozenset(free))


def _misfits(run: CallRun, student: str, position: str, pack: RulePack) -> list[str]:
    """Return why a place is not open to a student; what is not known to fit does not."""
    call = run.call
    found = (
        *check_place(call.students[student], call, call.positions[position], pack, run.on),
        *run.screening.positions[position],
    )
    return [f.text.en for f in found if f.outcome in (Outcome.FAIL, Outcome.UNKNOWN)]


def _rules_not_kept(call: Call, lists: Mapping[str, Sequence[str]]) -> list[Problem]:
    """Return the places whose balance, caps or reserves offers answered one by one would not keep."""
    settings = call.settings
    if settings.mechanism == "balanced-exchange":
        message = "one more offer would put sending and receiving out of balance"
        return [Problem("mechanism", message, "another exchange, or a call of its own")]
    if settings.mechanism != "caps-and-reserves":
        return []
    ruled = {r.position for r in settings.seating} | {p for g in settings.groups for p in g.positions}
    message = "its caps or reserves are not kept by offers that are answered one by one"
    return [
        Problem(f"list of {p}", message, "positions without caps and reserves") for p in lists if p in ruled
    ]


class Ground(StrEnum):
    """Grounds of an appeal: procedure alone. New evidence about a person is none."""

    FILE_MISREAD = "file_misread"
    RULE_MISAPPLIED = "rule_misapplied"
    RANKING_NOT_AS_SUBMITTED = "ranking_not_as_submitted"
    LOTTERY_NOT_AS_ANNOUNCED = "lottery_not_as_announced"
    CONFLICT_OF_INTEREST = "conflict_of_interest"


@dataclass(frozen=True, slots=True)
class Appeal:
    """One appeal by a student."""

    student: str
    ground: Ground
    filed_on: date
    said: str


def admissible(appeal: Appeal, run: CallRun, pack: RulePack) -> tuple[bool, Text]:
    """Return whether an appeal is in time and by a student of the call."""
    dates = run.call.settings.dates
    last = dates.appeals_until or dates.results + timedelta(
        days=int(pack.number("clocks.appeal_days", on=run.on))
    )
    if appeal.student not in run.call.students:
        return False, Text("not a student of this call", "非本次徵件之申請學生")
    if not dates.results <= appeal.filed_on <= last:
        return False, Text(
            f"appeals were open from {dates.results} to {last}", f"申訴期間為 {dates.results} 至 {last}"
        )
    return True, Text("admissible", "程序合法")


@dataclass(frozen=True, slots=True)
class Change:
    """What a run again would change for one student."""

    student: str
    before: str | None
    after: str | None


def impact(run: CallRun, corrected: Call, pack: RulePack) -> tuple[Change, ...]:
    """Return everybody whose result a corrected call would change: what a panel must know before it decides."""
    again = run_call(corrected, pack, run.on)
    students = sorted({*run.placed, *again.placed})
    pairs = ((s, run.placed.get(s), again.placed.get(s)) for s in students)
    return tuple(Change(s, a, b) for s, a, b in pairs if a != b)
