"""Erasing a closed case under a retention policy: what it said of people is gone, what was decided stays provable."""

from __future__ import annotations

import json
from datetime import datetime

from comity.casework.canonical import canonical_bytes
from comity.casework.replay import ERASED
from comity.casework.workflow import State
from comity.errors import ComityError
from comity.office.cases.database import whole
from comity.office.cases.models import Case, StoredDecision, Submission
from comity.office.cases.services.find import find_case
from comity.office.ledger import services as ledger

#: A case in another state may still be acted upon, and needs its papers.
CLOSED = (State.WITHDRAWN, State.REFUSED, State.VARIED, State.SURRENDERED, State.REVOKED, State.EXPIRED)
#: What stays of a decision. Its seal goes too: it holds plain hashes of what was applied for.
_KEPT = ("form", "programme", "regime", "reference", "decided_on", "outcome", "provenance")


def erase_case(number: str, *, policy: str, at: datetime) -> int:
    """Destroy records, salts, submissions and the contents of decisions of a closed case.

    Returns
    -------
    int
        How many records of the register were erased.

    Raises
    ------
    ComityError
        If the case is not closed; nothing is erased then.
    """
    if not policy.strip():
        raise ComityError("name the retention policy under which the case is erased")
    with whole():
        case = Case.objects.select_for_update(of=("self",)).get(pk=find_case(number).pk)
        if case.state not in CLOSED:
            raise ComityError(f"case {number} is {case.state}; only a closed case can be erased")
        Submission.objects.filter(case=case).update(document={ERASED: policy}, digest="")
        for stored in StoredDecision.objects.filter(case=case):
            document = json.loads(bytes(stored.document))
            kept = {name: document[name] for name in _KEPT} | {"application": {ERASED: policy}}
            StoredDecision.objects.filter(pk=stored.pk).update(document=canonical_bytes(kept))
        Case.objects.filter(pk=case.pk).update(changes=None)
        return ledger.erase(number, policy=policy, at=at)
