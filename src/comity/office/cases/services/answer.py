"""Answering what an officer asked: the corrected application takes the place of the one before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from comity.casework.application import Application
from comity.casework.canonical import canonical_bytes, normalise, sha256_of
from comity.casework.decide import application_document
from comity.casework.workflow import Actor, State, step_for
from comity.errors import ComityError
from comity.office.cases.cells import locked, snapshot, touch
from comity.office.cases.models import Award, Case, CaseCell, Submission
from comity.office.cases.services.act import view_of
from comity.office.cases.services.deadlines import start_clock
from comity.office.cases.services.find import find_case
from comity.office.cases.services.steps import note_step
from comity.office.desks import Desk, desk_for
from comity.office.ledger.services import Happening, record
from comity.register.event import EventKind


def answer(
    number: str, application: Application, *, applicant: Actor, at: datetime, reason: str = ""
) -> Case:
    """Store ``application`` as the case's newest submission and return the case to review; harmless to repeat.

    The case keeps its place in the queue: only an officer can ask for a correction, under the same reference. What
    officers settled of the application before holds only where the corrected one leaves it as it was.

    Raises
    ------
    StepRefused
        If nothing was asked, or the actor is not the applicant.
    ComityError
        If the application is of another regime or reference than the case, or another matter: of another party, for
        another place or band.
    """
    case = find_case(number)
    desk = desk_for(case.programme)
    digest = sha256_of(normalise(application.model_dump(mode="json")))
    newest = case.submissions.order_by("-sequence")[0]
    if case.state != State.WITH_APPLICANT and newest.digest == digest and applicant.id == case.applicant:
        return case
    _check_same_matter(case, newest, application)
    first = case.submissions.order_by("sequence")[0]
    desk.check_same_matter(first.document, application)
    here = set(desk.home_cells(application))
    # cells of the old place as well: others were decided with this case standing there
    cells = sorted(here | set(case.cells.values_list("key", flat=True)))
    seen, _ = snapshot(case, cells)
    with locked(seen):
        case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        step = step_for(view_of(case), "answer", applicant, at)
        Submission.objects.create(
            case=case,
            sequence=newest.sequence + 1,
            document=application_document(application, desk.programme),
            digest=digest,
            received_at=at,
        )
        CaseCell.objects.filter(case=case).exclude(key__in=here).delete()
        CaseCell.objects.bulk_create(
            [CaseCell(case=case, key=key) for key in sorted(here)], ignore_conflicts=True
        )
        kept = desk.still_settled(case.settled, newest.document, application)
        forgotten = sorted(case.settled.keys() - kept.keys())
        case.state, case.decision, case.settled = step.next, None, kept
        case.changes = _changes(desk, case, application, at)
        case.save(update_fields=["state", "decision", "changes", "settled"])
        touch(cells)
        note_step(case, step.action, applicant, at, reason)
        content = canonical_bytes(normalise(application.model_dump(mode="json")))
        public: dict[str, Any] = (
            {"varies": case.varies.number, "changes": case.changes} if case.varies else {}
        )
        if forgotten:
            public["no_longer_settled"] = forgotten
        record(case.programme, case.number, at, [Happening(EventKind(step.event), content, public)])
        start_clock(desk, case, application, step.clock, at)
    return case


def _check_same_matter(case: Case, newest: Submission, application: Application) -> None:
    asked = (case.regime, newest.document.get("reference"))
    if (application.regime, application.reference) != asked:
        raise ComityError(
            f"case {case.number} is about {asked[1]} under {asked[0]}, "
            f"not {application.reference} under {application.regime}"
        )


def _changes(desk: Desk, case: Case, application: Application, at: datetime) -> dict[str, Any] | None:
    """Return what the corrected variation changes in the case that it varies."""
    held = Award.objects.filter(case=case.varies).select_related("case").first() if case.varies else None
    if held is None:
        return case.changes
    document = held.case.submissions.order_by("-sequence")[0].document
    return desk.changes(document, held.document, application, at.date()).as_dict()
