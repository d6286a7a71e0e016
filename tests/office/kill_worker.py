"""A process that works until it is killed, and says aloud what was acknowledged to it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime


def work(name: str) -> None:
    from race_worker import FIRST, SECOND, start_office

    start_office()
    from slots import application

    from comity.casework.workflow import Actor, Role
    from comity.office.cases.services.act import act
    from comity.office.cases.services.decide import decide_case
    from comity.office.cases.services.submit import submit
    from comity.office.ledger import services as ledger

    firm = Actor(name, Role.APPLICANT)
    at = datetime.now(UTC)
    count = 0
    while True:
        key = f"{name}/{count}"
        case = submit("slots", application(f"K-{count}", key), applicant=firm, client_key=key, at=at)
        _say("submitted", case.number)
        act(case.number, "take", actor=FIRST, at=at)
        _say("decided", case.number, decide_case(case.number, officer=FIRST, at=at).identity)
        act(case.number, "grant", actor=SECOND, at=at)
        _say("granted", case.number)
        _say("published", ledger.publish().encode().encode().hex())
        count += 1


def _say(*words: str) -> None:
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    work(sys.argv[1])
