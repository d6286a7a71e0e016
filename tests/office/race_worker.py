"""One of several processes that try to be given the same thing at the same moment."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier


def start_office() -> None:
    """Set Django up in this process; the environment names the database."""
    import django

    django.setup()
    import slots  # noqa: F401


def settle(programme: str, application: object, worker: int, key: str) -> str:
    """Submit, decide and countersign one case; returns its outcome."""
    from comity.casework.workflow import Actor, Role
    from comity.office.cases.services.act import act
    from comity.office.cases.services.decide import decide_case
    from comity.office.cases.services.submit import submit

    at = datetime.now(UTC)
    first, second = Actor(f"first-{worker}", Role.OFFICER), Actor(f"second-{worker}", Role.OFFICER)
    case = submit(
        programme, application, applicant=Actor(f"firm-{worker}", Role.APPLICANT), client_key=key, at=at
    )
    act(case.number, "take", actor=first, at=at)
    decision = decide_case(case.number, officer=first, at=at)
    if decision.outcome == "granted":
        act(case.number, "grant", actor=second, at=at)
    return decision.outcome


def race(worker: int, races: int, barrier: Barrier, seed: int) -> None:
    """Run all races of one process: whole places (load 1) and places that bear one and a half of us (0.6)."""
    start_office()
    from slots import application

    jitter = random.Random(seed * 1000 + worker)
    for number in range(races):
        load = 1.0 if number % 2 else 0.6
        barrier.wait()
        _pause(jitter)
        settle("slots", application(f"R-{number}", f"R{number}", load), worker, f"race-{seed}-{number}")
    os._exit(0)  # connections are not shared; nothing to clean up


def _pause(jitter: random.Random) -> None:
    import time

    time.sleep(jitter.random() * 0.004)


def run(target: Callable[..., None], processes: int, *arguments: object) -> list[int]:
    """Start ``processes`` fresh processes of ``target(worker, *arguments)``; returns their exit codes."""
    from multiprocessing import get_context

    context = get_context("spawn")
    started = [context.Process(target=target, args=(worker, *arguments)) for worker in range(processes)]
    for process in started:
        process.start()
    for process in started:
        process.join(600)
    return [process.exitcode if process.exitcode is not None else -1 for process in started]
