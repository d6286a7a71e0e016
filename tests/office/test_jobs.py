"""Long work by a worker: progress is visible, and doing it twice has the effect of once."""

from __future__ import annotations

from pathlib import Path

from test_cases import AT, FIRST, submitted


def work_off() -> None:
    from django.core.management import call_command

    call_command("db_worker", "--batch", "--interval", "0", "--no-startup-delay", "--no-reload", verbosity=0)


def test_cases_are_decided_by_the_worker_once_however_often_it_is_asked() -> None:
    from comity.office.cases.models import Job, StoredDecision
    from comity.office.cases.services.act import act
    from comity.office.cases.tasks import decide_cases

    numbers = [submitted(f"S{i}", f"k{i}").number for i in range(3)]
    for number in numbers:
        act(number, "take", actor=FIRST, at=AT)
    for _ in range(2):
        decide_cases.enqueue("deciding", numbers, FIRST.id, AT.isoformat())
    assert not StoredDecision.objects.exists()
    work_off()
    assert StoredDecision.objects.count() == 3
    job = Job.objects.get(name="deciding")
    assert (job.done, job.total, job.failed) == (3, 3, False)


def test_an_export_that_fails_says_so(tmp_path: Path) -> None:
    from comity.office.cases.models import Job
    from comity.office.cases.tasks import export_register

    (tmp_path / "file").write_text("in the way")
    export_register.enqueue("good", str(tmp_path / "out"))
    export_register.enqueue("bad", str(tmp_path / "file" / "out"))
    work_off()
    good = Job.objects.get(name="good")
    assert "register.csv" in good.result
    assert (good.done, good.total) == (4, 4)
    bad = Job.objects.get(name="bad")
    assert bad.failed
    assert "could not be written" in bad.result
