"""Erasing a closed case under a retention policy: what it said of people is gone, what was decided stays provable."""

from __future__ import annotations

import json
from datetime import datetime

from django.db.models import TextField
from django.db.models.functions import Cast

from comity.casework.canonical import canonical_bytes
from comity.casework.replay import ERASED
from comity.casework.workflow import Role, State
from comity.errors import ComityError
from comity.office.cases.database import whole
from comity.office.cases.models import (
    Award,
    AwardTerm,
    Case,
    CaseCell,
    Deadline,
    StepTaken,
    StoredDecision,
    Submission,
)
from comity.office.cases.services.find import find_case
from comity.office.ledger import services as ledger
from comity.office.ledger.models import Entry
from comity.office.ledger.services import Happening, record
from comity.register.event import Event, EventKind

#: A case in another state may still be acted upon, and needs its papers.
CLOSED = (State.WITHDRAWN, State.REFUSED, State.VARIED, State.SURRENDERED, State.REVOKED, State.EXPIRED)
#: What stays of a decision. Its seal goes too: it holds plain hashes of what was applied for.
_KEPT = ("form", "programme", "regime", "reference", "decided_on", "outcome", "provenance")


def erase_case(number: str, *, policy: str, at: datetime) -> int:
    """Destroy records, salts, submissions, contents of decisions, award and names of a closed case.

    The register says that and under which policy it was erased.

    Returns
    -------
    int
        How many records of the register were erased.

    Raises
    ------
    ComityError
        If the case is not closed, or a time in which it can still be acted upon runs; nothing is erased then.
    """
    if not policy.strip():
        raise ComityError("name the retention policy under which the case is erased")
    with whole():
        case = Case.objects.select_for_update(of=("self",)).get(pk=find_case(number).pk)
        if case.state not in CLOSED:
            raise ComityError(f"case {number} is {case.state}; only a closed case can be erased")
        running = Deadline.objects.filter(case=case, met_at=None, due__gte=at.date()).order_by("due").first()
        if running is not None:
            raise ComityError(
                f"case {number}: the time '{running.clock}' runs until {running.due}; erase it later"
            )
        content = canonical_bytes({"action": "erase", "policy": policy})
        record(case.programme, number, at, [Happening(EventKind.PUBLISHED, content, {"erased": policy})])
        Submission.objects.filter(case=case).update(document={ERASED: policy}, digest="")
        for stored in StoredDecision.objects.filter(case=case):
            document = json.loads(bytes(stored.document))
            kept = {name: document[name] for name in _KEPT} | {"application": {ERASED: policy}}
            StoredDecision.objects.filter(pk=stored.pk).update(
                document=canonical_bytes(kept), identity=_public_identity(stored), cells={}
            )
        _forget_ahead(number)
        _erase_award(case, policy)
        StepTaken.objects.filter(case=case).update(reason="")
        StepTaken.objects.filter(case=case, role=Role.APPLICANT).update(actor="", through="", account="")
        Case.objects.filter(pk=case.pk).update(
            changes=None, settled={}, applicant="", client_key=f"erased/{case.pk}"
        )
        return ledger.erase(number, policy=policy, at=at)


def _public_identity(stored: StoredDecision) -> str:
    """Return the plain hash of a decision where the register names it anyway; it lets a guess be tested."""
    entry = Entry.objects.filter(index=stored.entry).first() if stored.entry is not None else None
    return "" if entry is None else str(Event.decode(bytes(entry.data)).public.get("decision", ""))


def _forget_ahead(number: str) -> None:
    """Empty what was settled of the case in the decisions on later cases that respected it."""
    rows = StoredDecision.objects.annotate(said=Cast("ahead", TextField())).filter(said__contains=number)
    for pk, ahead in rows.values_list("pk", "ahead"):
        emptied = [{**row, "settled": {}} if row["number"] == number else row for row in ahead]
        StoredDecision.objects.filter(pk=pk).update(ahead=emptied)


def _erase_award(case: Case, policy: str) -> None:
    """Empty the award of holder and place, and take away what it is found by."""
    empty = {"holder": "", "place": "", "latitude": None, "longitude": None, "square": None}
    Award.objects.filter(case=case).update(document={ERASED: policy}, **empty)
    AwardTerm.objects.filter(award__case=case).delete()
    CaseCell.objects.filter(case=case).delete()
