"""Receiving an application, once, however often it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from comity.casework.application import Application
from comity.casework.canonical import canonical_bytes, normalise, sha256_of
from comity.casework.decide import application_document
from comity.casework.workflow import Actor, State
from comity.errors import ComityError
from comity.office.cases.models import Case, CaseCell, Submission
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
) -> Case:
    """Store ``application`` as a new case and return it; sent again under the same key, return the first.

    Parameters
    ----------
    client_key : chosen by the client, new for each application; what makes a repeated request harmless
    varies : number of the case in force that this one would change

    Raises
    ------
    ComityError
        If the key was used for a different application.
    """
    desk = desk_for(programme)
    document = application_document(application, desk.programme)
    digest = sha256_of(normalise(application.model_dump(mode="json")))
    try:
        with transaction.atomic():
            return _create(desk, application, document, digest, applicant, client_key, at, varies)
    except IntegrityError:
        case = Case.objects.get(applicant=applicant.id, client_key=client_key)
    if case.submissions.order_by("sequence")[0].digest != digest:
        raise ComityError(f"the key {client_key!r} was used for another application: case {case.number}")
    return case


def _create(
    desk: Desk,
    application: Application,
    document: Mapping[str, Any],
    digest: str,
    applicant: Actor,
    client_key: str,
    at: datetime,
    varies: str | None,
) -> Case:
    case = Case.objects.create(
        number=f"new/{applicant.id}/{client_key}"[:80],
        programme=desk.programme.id,
        regime=application.regime,
        state=State.SUBMITTED,
        applicant=applicant.id,
        client_key=client_key,
        received_at=at,
        varies=Case.objects.get(number=varies) if varies else None,
    )
    case.number = f"{desk.programme.id}/{at.year}/{case.pk:06d}"
    case.save(update_fields=["number"])
    Submission.objects.create(case=case, sequence=1, document=document, digest=digest, received_at=at)
    CaseCell.objects.bulk_create(
        [CaseCell(case=case, key=key) for key in sorted(set(desk.home_cells(application)))]
    )
    whole = canonical_bytes(normalise(application.model_dump(mode="json")))
    record(case.programme, case.number, at, [Happening(EventKind.SUBMITTED, whole)])
    return case
