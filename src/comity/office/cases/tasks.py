"""Long work, done by a worker process: ``comity office manage db_worker``.

A task may be run twice (a worker dies after the work and before it said so), so each is at most once in effect: a
decided case is not decided again, a published entry not published again, an export is replaced as a whole. What a
task could not finish is taken up by running it again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Thread

from django.db import connection
from django_tasks import task

from comity.casework.workflow import Actor, Role, State
from comity.errors import ComityError
from comity.office.cases.models import Case, Job


def _start(name: str, total: int) -> Callable[[int], None]:
    Job.objects.update_or_create(
        name=name, defaults={"done": 0, "total": total, "result": "", "failed": False}
    )

    def progress(done: int) -> None:
        """Write on a connection of its own: the work may stand in the middle of a transaction."""
        writer = Thread(target=_note, args=(name, done))
        writer.start()
        writer.join()

    return progress


def _note(name: str, done: int) -> None:
    try:
        Job.objects.filter(name=name).update(done=done)
    finally:
        connection.close()


def _end(name: str, result: str, *, failed: bool = False) -> None:
    Job.objects.filter(name=name).update(result=result, failed=failed)


@task()
def decide_cases(name: str, numbers: list[str], officer: str, at: str) -> None:
    """Decide cases under review, one after another; those already decided are passed over."""
    from comity.office.cases.services.decide import decide_case

    progress = _start(name, len(numbers))
    outcomes = []
    for done, number in enumerate(numbers, start=1):
        if Case.objects.get(number=number).state == State.IN_REVIEW:
            actor = Actor(officer, Role.OFFICER)
            try:
                outcomes.append(decide_case(number, officer=actor, at=datetime.fromisoformat(at)).outcome)
            except ComityError as error:
                outcomes.append(f"{number}: {error.message}")
        progress(done)
    _end(name, "; ".join(outcomes))


@task()
def pass_time(name: str, at: str, ahead_days: int = 30) -> None:
    """Expire what is over and say what falls due."""
    from comity.office.cases.services.keep_time import keep_time

    _start(name, 1)(1)
    passed = keep_time(datetime.fromisoformat(at), ahead_days=ahead_days)
    _end(name, f"{len(passed.expired)} expired, {len(passed.reminders)} reminders")


@task()
def publish_register(name: str) -> None:
    """Publish the register's new entries."""
    from comity.office.ledger.services import publish

    _start(name, 1)(1)
    _end(name, f"{publish().size} entries")


@task()
def export_register(name: str, folder: str) -> None:
    """Write the public exports."""
    from comity.office.exports import export

    progress = _start(name, 4)
    try:
        paths = export(Path(folder), lambda done, total: progress(done))
    except ComityError as error:
        _end(name, error.message, failed=True)
        return
    _end(name, ", ".join(path.name for path in paths))
