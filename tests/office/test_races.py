"""Two officers, or eight processes: the last place is given once."""

from __future__ import annotations

import os
from multiprocessing import get_context

from race_worker import prepare, race, run

PROCESSES = 8
RACES = int(os.environ.get("COMITY_RACES", "12"))


def test_eight_processes_never_both_get_what_only_one_can_have() -> None:
    from django.db import connections
    from slots import application

    from comity.office.cases.models import Award
    from comity.office.ledger import services as ledger
    from comity.office.ledger.models import Entry, Head
    from comity.register.verify import verify_log

    def loads(race_number: int):
        """Whole places in odd races; in even ones, loads that fit alone (0.6) and fail together."""
        rival_load = 1.0 if race_number % 2 else 0.6
        return lambda rival: application("R", f"R{race_number}", rival_load if rival else 1.0)

    races = [prepare("slots", loads(number), PROCESSES, f"race-{number}") for number in range(RACES)]
    connections.close_all()
    barrier = get_context("spawn").Barrier(PROCESSES)
    assert run(race, PROCESSES, races, barrier) == [0] * PROCESSES

    given = sorted(Award.objects.filter(status="in_force").values_list("place", flat=True))
    assert given == sorted(f"R{number}" for number in range(RACES))
    indexes = list(Entry.objects.values_list("index", flat=True))
    assert indexes == list(range(Head.objects.get().size))
    ledger.publish()
    log = ledger.log()
    assert verify_log(log.folder, log.signer.verifier).sound
