"""Killed at any moment: what was acknowledged is there, what was not is whole or absent, the log verifies."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

KILLS = int(os.environ.get("COMITY_KILLS", "6"))
WORKER = Path(__file__).parent / "kill_worker.py"


def killed_worker(name: str, words: int, delay_s: float) -> list[list[str]]:
    """Start a worker, wait for ``words`` words of it, kill it ``delay_s`` later; returns what it had acknowledged."""
    process = subprocess.Popen([sys.executable, str(WORKER), name], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    first = "".join(process.stdout.readline() for _ in range(words))
    time.sleep(delay_s)
    process.kill()
    said = first + process.stdout.read()
    process.wait()
    return [line.split() for line in said.splitlines() if line]


def check_whole(acknowledged: list[list[str]]) -> None:
    from comity.office.cases.models import Award, Case, StoredDecision, Submission
    from comity.office.ledger import services as ledger
    from comity.office.ledger.models import Entry, Head, Record
    from comity.register.note import Checkpoint
    from comity.register.verify import verify_log

    states = dict(Case.objects.values_list("number", "state"))
    identities = set(StoredDecision.objects.values_list("identity", flat=True))
    kept: list[Checkpoint] = []
    for word, subject, *more in acknowledged:
        if word == "published":
            kept.append(Checkpoint.decode(bytes.fromhex(subject).decode()))
            continue
        assert subject in states
        assert word != "decided" or more[0] in identities
        assert word != "granted" or states[subject] == "in_force"
    for case in Case.objects.all():  # nothing is half-done
        kinds = list(Entry.objects.filter(case=case.number).values_list("kind", flat=True))
        decisions, award = StoredDecision.objects.filter(case=case).count(), Award.objects.filter(case=case)
        done = {"submitted": 1, "in_review": 1, "decided": 2, "in_force": 3}[case.state]
        assert len(kinds) == done
        assert Submission.objects.filter(case=case).count() == 1
        assert decisions == award.count() == (1 if done >= 2 else 0)
        assert Record.objects.filter(case=case.number).count() == done
    assert list(Entry.objects.values_list("index", flat=True)) == list(range(Head.objects.get().size))
    ledger.publish()
    log = ledger.log()
    assert verify_log(log.folder, log.signer.verifier, since=kept[-1:]).problems == ()


def test_nothing_acknowledged_is_lost_and_nothing_is_half_done_when_killed() -> None:
    from django.db import connections

    connections.close_all()
    chance = random.Random(20260302)
    acknowledged: list[list[str]] = []
    for kill in range(KILLS):
        acknowledged += killed_worker(f"firm-{kill}", chance.randint(1, 9), chance.random() * 0.05)
        check_whole(acknowledged)
        connections.close_all()
    assert sum(word == "granted" for word, *_ in acknowledged) > 0
