"""Receiving an application, once, however often it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError

from comity.casework.application import Application
from comity.casework.canonical import canonical_bytes, normalise, sha256_of
from comity.casework.decide import application_document
from comity.casework.workflow import Actor, CaseView, State, step_for
from comity.errors import ComityError, Problem
from comity.office.cases.database import whole
from comity.office.cases.models import Award, Case, CaseCell, Submission
from comity.office.cases.services.deadlines import start_clock
from comity.office.cases.services.receipt import moment_of_receipt
from comity.office.cases.services.steps import note_step
from comity.office.desks import Desk, desk_for
from comity.office.ledger.services import Happening, record
from comity.register.event import EventKind


def submit(
    programme: str,
    application: Application,
    *,
    applicant: Actor,
    client_key: str,
    at: datetime,
    varies: str | None = None,
    reason: str = "",
    received_on: date | None = None,
) -> Case:
    """Store ``application`` as a new case and return it; sent again under the same key, return the first.

    Parameters
    ----------
    client_key : chosen by the client, new for each application; what makes a repeated request harmless
    varies : number of the applicant's own case in force that this one would change; what the change needs by the
        change matrix of the regime is recorded with the case
    reason : the paper that an officer entered it from, if it did not come from the applicant's own hand
    received_on : day on which that paper came, if before ``at``: the clocks run from it and it ranks the case, while
        number, register and steps say when it was entered

    Raises
    ------
    ComityError
        If the actor is no applicant, the key was used for a different application or day of receipt, the paper cannot
        have come on that day, or the case to be changed is not one of the applicant's in force under the same regime.
    """
    desk = desk_for(programme)
    received_at = moment_of_receipt(received_on, at, desk.begins(application.regime, at.date()))
    document = application_document(application, desk.programme)
    digest = sha256_of(normalise(application.model_dump(mode="json")))
    try:
        with whole():
            changed = (
                _variation(desk, application, applicant, client_key, at, varies) if varies else (None, None)
            )
            case = _create(
                desk, application, document, digest, applicant, client_key, at, received_at, changed
            )
            note_step(case, "submit", applicant, at, reason)
            return case
    except IntegrityError:
        case = Case.objects.get(applicant=applicant.id, client_key=client_key)
    if case.submissions.order_by("sequence")[0].digest != digest:
        raise ComityError(f"the key {client_key!r} was used for another application: case {case.number}")
    first_on = case.received_at.date()
    if received_on not in (None, first_on):
        raise ComityError(
            f"case {case.number} was already taken in; its day of receipt stays as it is",
            [Problem("--received", str(received_on), str(first_on))],
        )
    return case


def _create(
    desk: Desk,
    application: Application,
    document: Mapping[str, Any],
    digest: str,
    applicant: Actor,
    client_key: str,
    at: datetime,
    received_at: datetime,
    changed: tuple[Case | None, dict[str, Any] | None],
) -> Case:
    varies, changes = changed
    step = step_for(CaseView(State.DRAFT, applicant.id), "submit", applicant, at)
    case = Case.objects.create(
        number=f"new/{applicant.id}/{client_key}"[:80],
        programme=desk.programme.id,
        regime=application.regime,
        state=step.next,
        applicant=applicant.id,
        client_key=client_key,
        received_at=received_at,
        varies=varies,
        changes=changes,
    )
    case.number = f"{desk.programme.id}/{at.year}/{case.pk:06d}"
    case.save(update_fields=["number"])
    Submission.objects.create(
        case=case, sequence=1, document=document, digest=digest, received_at=received_at
    )
    CaseCell.objects.bulk_create(
        [CaseCell(case=case, key=key) for key in sorted(set(desk.home_cells(application)))]
    )
    content = canonical_bytes(normalise(application.model_dump(mode="json")))
    public = {"varies": varies.number, "changes": changes} if varies else {}
    record(case.programme, case.number, at, [Happening(EventKind(step.event), content, public)])
    start_clock(desk, case, application, step.clock, received_at)
    return case


def _variation(
    desk: Desk, application: Application, applicant: Actor, client_key: str, at: datetime, varies: str
) -> tuple[Case | None, dict[str, Any] | None]:
    """Return the case that is to be changed, and what the change needs."""
    case = Case.objects.filter(number=varies, applicant=applicant.id).first()
    if case is None:
        raise ComityError(f"there is no case {varies} of this applicant that could be changed")
    if Case.objects.filter(applicant=applicant.id, client_key=client_key).exists():
        return case, None  # sent again: the first submission stands, whatever has become of the award since
    award = Award.objects.filter(case=case, status=Award.Status.IN_FORCE).first()
    if award is None or case.state != State.IN_FORCE:
        raise ComityError(f"case {varies} is {case.state}; only what is in force can be changed")
    if (case.programme, case.regime) != (desk.programme.id, application.regime):
        raise ComityError(f"case {varies} was decided under {case.regime}, not {application.regime}")
    held = case.submissions.order_by("-sequence")[0].document
    return case, desk.changes(held, award.document, application, at.date()).as_dict()
