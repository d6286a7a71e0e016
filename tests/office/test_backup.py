"""A backup restores to the same root, here and on the other database."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest
from test_cases import AT, SECOND, decided, submitted

from comity.errors import ComityError, MissingError


def office_with_a_case() -> None:
    from comity.office.cases.services.act import act

    case = submitted(contact="x@example.org")
    decided(case)
    act(case.number, "grant", actor=SECOND, at=AT)
    submitted("B2", "k7")


def emptied() -> None:
    from conftest import empty_office

    empty_office()


def test_database_key_and_backup_are_their_owners_alone(tmp_path: Path) -> None:

    data = tmp_path / "office"
    environment = os.environ | {"COMITY_OFFICE_DATA": str(data)}
    environment.pop("DATABASE_URL", None)
    for arguments in (("init",), ("backup", str(data / "b.gz"))):
        command = [sys.executable, "-c", "from comity.cli import main; main()", "office", *arguments]
        subprocess.run(command, env=environment, check=True, capture_output=True, umask=0o022)
    modes = {
        name: (data / name).stat().st_mode & 0o777 for name in ("office.sqlite3", "log.seed", "b.gz", ".")
    }
    assert modes == {"office.sqlite3": 0o600, "log.seed": 0o600, "b.gz": 0o600, ".": 0o700}


def test_a_restored_office_has_the_same_root_and_goes_on(tmp_path: Path) -> None:
    from comity.office.backup import backup, restore, root
    from comity.office.cases.models import Award, Case, Deadline, StoredDecision
    from comity.office.ledger import services as ledger
    from comity.office.ledger.models import Entry, Record

    models = (Award, Case, Deadline, StoredDecision, Entry, Record)
    office_with_a_case()
    kept = ledger.publish()
    before = [list(m.objects.order_by("pk").values()) for m in models]
    saved = backup(tmp_path / "b.gz")
    emptied()
    assert restore(tmp_path / "b.gz") == saved == root()
    assert [list(m.objects.order_by("pk").values()) for m in models] == before
    assert ledger.publish().root == kept.root
    assert decided(submitted("C3", "k8")).outcome == "granted"


def test_a_cut_or_changed_backup_is_refused_and_nothing_is_changed(tmp_path: Path) -> None:
    from comity.office.backup import backup, restore
    from comity.office.cases.models import Case

    office_with_a_case()
    backup(tmp_path / "b.gz")
    emptied()
    whole = (tmp_path / "b.gz").read_bytes()
    (tmp_path / "cut.gz").write_bytes(whole[: len(whole) // 2])
    lines = gzip.decompress(whole).decode().splitlines(keepends=True)
    entry = next(i for i, line in enumerate(lines) if '"ledger.entry"' in line)
    (tmp_path / "missing.gz").write_bytes(gzip.compress("".join(lines[:entry] + lines[entry + 1 :]).encode()))
    (tmp_path / "other.gz").write_bytes(gzip.compress(b'{"form": "else"}\n'))
    for name in ("cut.gz", "missing.gz", "other.gz"):
        with pytest.raises(ComityError):
            restore(tmp_path / name)
        assert not Case.objects.exists()


def test_a_backup_that_is_not_there_is_told_with_how_to_make_one(tmp_path: Path) -> None:
    from comity.office.backup import restore

    with pytest.raises(MissingError, match="comity office backup"):
        restore(tmp_path / "none.gz")


def test_a_restore_over_cases_is_refused(tmp_path: Path) -> None:
    from comity.office.backup import backup, restore

    office_with_a_case()
    backup(tmp_path / "b.gz")
    with pytest.raises(ComityError, match="needs an empty office"):
        restore(tmp_path / "b.gz")


def test_an_office_moves_from_its_database_to_the_other_with_the_same_root(tmp_path: Path) -> None:
    """This run's database to a fresh SQLite file, by the command line, in another process."""
    from comity.office.backup import backup

    office_with_a_case()
    _, root = backup(tmp_path / "b.gz")
    environment = os.environ | {
        "COMITY_OFFICE_DATA": str(tmp_path / "new"),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'new.sqlite3'}",
    }
    comity = [sys.executable, "-c", "from comity.cli import main; main()", "office"]
    for arguments in (["init"], ["restore", str(tmp_path / "b.gz")]):
        result = subprocess.run(
            [*comity, *arguments], env=environment, capture_output=True, text=True, check=False
        )
        assert result.returncode == 0, result.stderr
    assert root in result.stdout


def test_a_full_or_forbidden_disk_gives_a_clear_error(tmp_path: Path) -> None:
    from comity.office.backup import backup

    with pytest.raises(ComityError, match="could not be written"):
        backup(tmp_path / "no-such-folder" / "b.gz")
