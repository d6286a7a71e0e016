"""Entries for the public register: the run in the open, each decision as a commitment that names nobody.

A student who is given her salt and her decision can prove that it stands in the log; nobody else learns anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from comity.casework.canonical import canonical_bytes
from comity.casework.decision import Decision
from comity.casework.document import to_bytes
from comity.programmes.talent.run import CallRun
from comity.programmes.talent.statistics import statistics_of
from comity.register.event import Event, EventKind, commitment, new_salt


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
