"""One of several processes that try to be given the same thing at the same moment."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier

from comity.casework.workflow import Actor, Role


def start_office() -> None:
    """Set Django up in this process; the environment names the database."""
    import django

    django.setup()
    import slots  # noqa: F401
    from sites import open_desk

    open_desk()


FIRM = [Actor(f"firm-{worker}", Role.APPLICANT) for worker in range(64)]
FIRST, SECOND = Actor("officer-1", Role.OFFICER), Actor("officer-2", Role.OFFICER)
PANEL = Actor("panel", Role.PANEL)


def prepare(programme: str, application: Callable[[int], object], rivals: int, key: str) -> list[str]:
    """Bring ``rivals`` cases to an appeal against a refusal whose ground has since gone.

    Appealed cases stand in no queue. Once the panel remits them, nothing but the locking recipe keeps two that
    are decided at the same moment from both being granted.
    """
    from comity.office.cases.services.act import act
    from comity.office.cases.services.decide import decide_case
    from comity.office.cases.services.submit import submit

    at = datetime.now(UTC)
    numbers = []
    for rival in range(rivals + 1):
        case = submit(
            programme, application(rival), applicant=FIRM[rival], client_key=f"{key}/{rival}", at=at
        )
        act(case.number, "take", actor=FIRST, at=at)
        outcome = decide_case(case.number, officer=FIRST, at=at).outcome
        assert outcome.startswith("refused" if rival else "granted"), outcome
        act(case.number, "refuse" if rival else "grant", actor=SECOND, at=at)
        if rival:
            act(case.number, "appeal", actor=FIRM[rival], at=at)
        numbers.append(case.number)
    act(numbers[0], "surrender", actor=FIRM[0], at=at)
    return numbers[1:]


def race(worker: int, races: list[list[str]], barrier: Barrier) -> None:
    """In each race, have the own case remitted, decided and countersigned, beside all other processes."""
    start_office()
    from comity.office.cases.services.act import act
    from comity.office.cases.services.decide import decide_case

    jitter = random.Random(worker)
    for rivals in races:
        at = datetime.now(UTC)
        barrier.wait(120)
        time.sleep(jitter.random() * 0.004)
        act(rivals[worker], "remit", actor=PANEL, at=at)
        if decide_case(rivals[worker], officer=FIRST, at=at).outcome.startswith("granted"):
            act(rivals[worker], "grant", actor=SECOND, at=at)


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
