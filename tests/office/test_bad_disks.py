"""A full disk and files that cannot be written: a clear error, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_cases import AT, FIRST, SECOND, decided, submitted

from comity.errors import ComityError

FULL = Path("/dev/full")
pytestmark = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")


def full_disk_at(path: Path) -> None:
    """Make every write to ``path`` fail as on a full disk (ENOSPC, from the kernel)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(FULL)


def in_force() -> None:
    from comity.office.cases.services.act import act

    case = submitted()
    decided(case)
    act(case.number, "grant", actor=SECOND, at=AT)


@pytest.mark.parametrize("name", ["tile/entries/000.p/.4.tmp", "tile/0/000.p/.4.tmp", ".checkpoint.tmp"])
def test_a_log_on_a_full_disk_keeps_what_it_has_and_goes_on_when_there_is_room(name: str) -> None:
    from comity.office.ledger import services as ledger
    from comity.register.verify import verify_log

    in_force()
    kept = ledger.publish()
    log = ledger.log()
    submitted("B2", "k2")
    full_disk_at(log.folder / name)
    with pytest.raises(ComityError, match=r"No space left on device.*still holds its 3 entries"):
        ledger.publish()
    assert log.checkpoint() == kept
    assert verify_log(log.folder, log.signer.verifier, since=[kept]).sound
    (log.folder / name).unlink(missing_ok=True)
    assert ledger.publish().size == 4
    assert verify_log(log.folder, log.signer.verifier, since=[kept]).sound


def test_a_backup_on_a_full_disk_leaves_the_one_before_whole(tmp_path: Path) -> None:
    from comity.office.backup import backup, restore

    in_force()
    saved = backup(tmp_path / "b.gz")
    submitted("B2", "k2")
    full_disk_at(tmp_path / "b.gz.part")
    with pytest.raises(ComityError, match="could not be written: No space left on device"):
        backup(tmp_path / "b.gz")
    from conftest import empty_office

    empty_office()
    assert restore(tmp_path / "b.gz") == saved


@pytest.mark.parametrize("name", [".register.csv.part", ".register.parquet.part"])
def test_an_export_on_a_full_disk_leaves_the_tables_before_whole(tmp_path: Path, name: str) -> None:
    from comity.office.exports import export

    in_force()
    export(tmp_path)
    before = (tmp_path / name.removeprefix(".").removesuffix(".part")).read_bytes()
    submitted("B2", "k2")
    full_disk_at(tmp_path / name)
    with pytest.raises(ComityError, match="could not be written: No space left on device"):
        export(tmp_path)
    assert (tmp_path / name.removeprefix(".").removesuffix(".part")).read_bytes() == before


def test_a_database_that_cannot_be_written_says_so_and_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """SQLite at its last page, PostgreSQL read-only: what a full disk and a read-only file come to for each."""
    from django.db import connection

    from comity.office.cases.models import Case
    from comity.office.cases.services.act import act
    from comity.office.cases.services.decide import decide_case
    from comity.office.ledger.models import Entry

    case = submitted()
    act(case.number, "take", actor=FIRST, at=AT)
    statements = {
        "sqlite": ("PRAGMA query_only=ON", "PRAGMA query_only=OFF"),
        "postgresql": ("SET default_transaction_read_only=on", "SET default_transaction_read_only=off"),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(statements[0])
    try:
        for attempt in (
            lambda: submitted("B2", "k2"),
            lambda: decide_case(case.number, officer=FIRST, at=AT),
            lambda: act(case.number, "ask", actor=FIRST, at=AT),
        ):
            with pytest.raises(ComityError, match=r"the database could not be written .*nothing was changed"):
                attempt()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(statements[1])
    assert Case.objects.get().state == "in_review"
    assert Entry.objects.count() == 1
    assert decide_case(case.number, officer=FIRST, at=AT).outcome == "granted"


def fill(acknowledged: list[str]) -> None:
    for number in range(2_000):
        acknowledged.append(submitted(f"S{number}", f"k{number}", contact="x" * 4_000).number)


def test_a_full_sqlite_file_says_so_and_takes_up_work_again() -> None:
    from django.db import connection

    from comity.office.cases.models import Case

    if connection.vendor != "sqlite":
        pytest.skip("a limit of SQLite's own")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count={pages}")
    acknowledged = []
    try:
        with pytest.raises(ComityError, match="database or disk is full"):
            fill(acknowledged)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count=1073741823")
    assert sorted(Case.objects.values_list("number", flat=True)) == sorted(acknowledged)
    assert submitted("later", "later").number not in acknowledged


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A file stands where the folder should be: nobody, root included, can write there."""
    from comity.office.backup import backup
    from comity.office.exports import export
    from comity.register.log import Log
    from comity.register.note import Signer

    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ComityError, match="could not be written"):
        backup(tmp_path / "file" / "b.gz")
    with pytest.raises(ComityError, match="could not be written"):
        export(tmp_path / "file" / "out")
    with pytest.raises(ComityError, match="cannot be written"):
        Log(tmp_path / "file" / "log", Signer("x", bytes(32))).create()


def test_a_log_that_was_corrupted_is_not_written_on() -> None:
    """The newest entry was altered on disk: it is named, and no new checkpoint covers it."""
    from comity.office.ledger import services as ledger
    from comity.register.tiles import TileReader, pack_entries, tile_path

    in_force()
    ledger.publish()
    log = ledger.log()
    entries = TileReader(log.folder, 3).entries(0)
    (log.folder / tile_path("entries", 0, 3)).write_bytes(pack_entries([entries[0], b"{}", entries[2]]))
    submitted("B2", "k2")
    with pytest.raises(ComityError, match="entry 1 was altered; nothing was appended"):
        ledger.publish()
    assert log.checkpoint().size == 3
    tile = log.folder / tile_path("0", 0, 3)
    tile.write_bytes(bytes(96))
    with pytest.raises(ComityError, match="do not lead to the signed root"):
        ledger.publish()
