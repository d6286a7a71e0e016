"""Entries for the public register: the run in the open, each decision as a commitment that names nobody.

A student who is given her salt and her decision can prove that it stands in the log; nobody else learns anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from comity.casework.canonical import canonical_bytes
from comity.casework.decision import Decision
from comity.casework.document import to_bytes
from comity.errors import ComityError, Problem
from comity.programmes.talent.call import Call
from comity.programmes.talent.run import CallRun
from comity.programmes.talent.statistics import statistics_of
from comity.register.event import Event, EventKind, commitment, new_salt


def closing_record(call: Call, salt: bytes) -> str:
    """Return the commitment to a call as it stood before the draw: all lists, and the students' codes.

    Codes decide tickets: nobody can choose them afterwards.
    """
    before = call.before_the_draw()
    return commitment(salt, canonical_bytes({"call": before.sha256, "students": sorted(before.students)}))


def closing_event(call: Call, at: datetime, salt: bytes) -> Event:
    """Return the entry of a call whose lists are closed, to be logged before seed and beacon are known."""
    notice = call.settings.lottery
    if notice is None or notice.seed or notice.beacon:
        problem = Problem("lottery", "none" if notice is None else "revealed already", "a commitment alone")
        raise ComityError("lists are logged before the lottery is drawn", [problem])
    public: dict[str, str | int] = {
        "step": "lists_closed",
        "students": len(call.students),
        "commitment": notice.commitment,
    }
    if notice.beacon_source is not None and notice.beacon_on is not None:
        public |= {"beacon_source": notice.beacon_source.en, "beacon_on": notice.beacon_on.isoformat()}
    return Event(EventKind.PUBLISHED, "talent", call.settings.id, at, closing_record(call, salt), public)


def run_record(run: CallRun, salt: bytes) -> str:
    """Return the commitment to a run and its whole result: the name under which the run is published.

    It is salted: a plain hash of the lists would confirm a guess at somebody's list.
    """
    return commitment(salt, canonical_bytes({"run": run.identity, "placed": run.placed}))


def run_event(run: CallRun, at: datetime, salt: bytes) -> Event:
    """Return the entry of a confirmed run; its record is the whole result, who went where."""
    figures = statistics_of(run)
    public = {
        "mechanism": run.matching.mechanism.id,
        "sound": run.verdict.sound,
        "students": figures.students,
        "placed": figures.placed,
        "seats": figures.seats,
    }
    return Event(EventKind.PUBLISHED, "talent", run.call.settings.id, at, run_record(run, salt), public)


def decision_events(
    run: CallRun, decisions: Mapping[str, Decision], at: datetime, salt: Callable[[], bytes] = new_salt
) -> tuple[list[Event], dict[str, str]]:
    """Return one entry for each decision, in an order that says nothing, and each student's salt in hexadecimal."""
    events, salts = [], {}
    for student, decision in decisions.items():
        own = salt()
        salts[student] = own.hex()
        record = commitment(own, to_bytes(decision))
        events.append(Event(EventKind.DECIDED, "talent", run.call.settings.id, at, record))
    return sorted(events, key=lambda e: e.record), dict(sorted(salts.items()))
