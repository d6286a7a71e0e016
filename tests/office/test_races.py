"""Two officers, or eight processes: the last place is given once."""

from __future__ import annotations

import os
from multiprocessing import get_context

from race_worker import race, run

PROCESSES = 8
RACES = int(os.environ.get("COMITY_RACES", "12"))


def test_eight_processes_never_both_get_what_only_one_can_have() -> None:
    from django.db import connections
    from django.db.models import Sum

    from comity.office.cases.models import Award, Case
    from comity.office.ledger import services as ledger
    from comity.office.ledger.models import Entry, Head
    from comity.register.verify import verify_log

    connections.close_all()
    barrier = get_context("spawn").Barrier(PROCESSES)
    assert run(race, PROCESSES, RACES, barrier, 1) == [0] * PROCESSES

    assert Case.objects.count() == PROCESSES * RACES
    given = dict(Award.objects.filter(status="in_force").values_list("place").annotate(n=Sum(1)))
    assert given == {f"R{number}": 1 for number in range(RACES)}  # two loads of 0.6 do not fit either
    assert Case.objects.filter(state="in_force").count() == RACES
    indexes = list(Entry.objects.values_list("index", flat=True))
    assert indexes == list(range(Head.objects.get().size))
    ledger.publish()
    log = ledger.log()
    assert verify_log(log.folder, log.signer.verifier).sound
