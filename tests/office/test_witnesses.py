"""Witnesses, receipts and downloaded exports, by the command line as their users meet them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from test_cases import APPLICANT, AT, SECOND, decided, submitted
from typer.testing import CliRunner

from comity.cli import _build
from comity.errors import ComityError


def comity(*arguments: object) -> tuple[int, str]:
    """Run a command as a user would; a user error is its exit code and message."""
    result = CliRunner().invoke(_build(), [str(a) for a in arguments])
    if isinstance(result.exception, ComityError):
        return result.exception.exit_code, result.exception.render()
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.fixture
def key() -> str:
    """Return the public key of an office with one award in force and one ended, published."""
    from comity.office.cases.services.act import act
    from comity.office.ledger import services as ledger

    for slot, name in (("A1", "k1"), ("=B2", "k2")):
        case = submitted(slot, name)
        decided(case)
        act(case.number, "grant", actor=SECOND, at=AT)
    act(case.number, "surrender", actor=APPLICANT, at=AT)
    ledger.publish()
    return ledger.log().signer.verifier.encode()


def log_folder() -> Path:
    from comity.office.ledger.services import log

    return log().folder


def test_a_witness_cosigns_what_extends_its_last_checkpoint_and_the_office_publishes_it(
    key: str, tmp_path: Path, settings_witnesses: list[str]
) -> None:
    from comity.office.ledger import services as ledger

    code, public = comity("register", "witness-key", "witness.example", tmp_path / "seed")
    assert code == 0
    assert (tmp_path / "seed").stat().st_mode & 0o077 == 0
    settings_witnesses.append(public.strip())
    witness = ("--name", "witness.example", "--seed", tmp_path / "seed", "--state", tmp_path / "state")
    note = tmp_path / "cosignature"
    for more in (0, 1):
        if more:
            submitted("later", "k9")
            ledger.publish()
        assert comity("register", "cosign", log_folder(), "--key", key, *witness, "--out", note)[0] == 0
        code, said = comity("office", "witness", note)
        assert code == 0, said
        assert "cosigned by witness.example" in said
        said = comity("register", "verify", log_folder(), "--key", key, "--witness", public.strip())[1]
        assert said == f"{7 + more} entries: consistent; cosigned by witness.example\n"
    submitted("latest", "k10")
    ledger.publish()  # not yet cosigned; the one before still is
    said = comity("register", "verify", log_folder(), "--key", key, "--witness", public.strip())[1]
    assert said == "9 entries: consistent; cosigned by witness.example up to its first 8 entries\n"
    assert "does not hold" not in said
    assert comity("office", "witness", note)[0] == 2  # of an older checkpoint


def test_a_witness_does_not_cosign_a_rewritten_or_shortened_log(key: str, tmp_path: Path) -> None:
    from comity.office.ledger.services import log
    from comity.register.log import Log
    from comity.register.tiles import TileReader

    comity("register", "witness-key", "witness.example", tmp_path / "seed")
    witness = ("--name", "witness.example", "--seed", tmp_path / "seed", "--state", tmp_path / "state")
    assert comity("register", "cosign", log_folder(), "--key", key, *witness)[0] == 0
    state = (tmp_path / "state").read_bytes()
    entries = TileReader(log_folder(), 7).entries(0)
    for name, changed, says in (
        ("short", entries[:-1], "rolled back"),
        ("rewritten", [*entries[:2], b"{}", *entries[3:], b"{}"], "history rewritten"),
    ):
        other = Log(tmp_path / name, log().signer)
        other.create()
        other.append(changed)
        code, said = comity("register", "cosign", tmp_path / name, "--key", key, *witness)
        assert (code, says in said) == (2, True), said
    assert (tmp_path / "state").read_bytes() == state


def test_an_unknown_witness_is_not_published(key: str, tmp_path: Path) -> None:
    comity("register", "witness-key", "stranger.example", tmp_path / "seed")
    witness = ("--name", "stranger.example", "--seed", tmp_path / "seed", "--state", tmp_path / "state")
    comity("register", "cosign", log_folder(), "--key", key, *witness, "--out", tmp_path / "note")
    before = (log_folder() / "checkpoint").read_bytes()
    code, said = comity("office", "witness", tmp_path / "note")
    assert (code, "not a known witness" in said) == (2, True)
    assert (log_folder() / "checkpoint").read_bytes() == before


def test_receipts_hold_without_the_office_and_fail_when_changed(key: str, tmp_path: Path) -> None:
    from comity.office.cases.models import Case

    number = Case.objects.order_by("pk")[0].number
    code, said = comity("office", "receipt", number, tmp_path)
    files = [Path(line) for line in said.split()]
    assert (code, len(files)) == (0, 3)
    for file in files:
        code, said = comity("register", "receipt", file, "--key", key)
        assert code == 0
        assert number in said
    forged = json.loads(files[0].read_text())
    forged["index"] += 1
    files[0].write_text(json.dumps(forged))
    assert comity("register", "receipt", files[0], "--key", key)[0] == 1
    assert comity("office", "receipt", "slots/2026/999999", tmp_path)[0] == 3


def test_a_downloaded_export_is_checked_against_its_own_log(key: str, tmp_path: Path) -> None:
    assert comity("office", "export", tmp_path)[0] == 0
    code, said = comity("register", "verify", tmp_path, "--key", key)
    assert (code, said) == (0, "7 entries: consistent; rollback not excluded; agree with the log: "
                            "register.csv, register.geojson, register.parquet\n")  # fmt: skip
    table = tmp_path / "register.csv"
    rows = list(csv.reader(table.read_text(encoding="utf-8").splitlines()))
    holder, status = rows[0].index("holder"), rows[0].index("status")
    other = [*rows[1]]
    other[holder] = "Somebody else"
    revived = [*rows[2]]
    revived[status] = "in_force"
    for forged in (
        [rows[0], other, rows[2]],
        [rows[0], rows[1], revived],
        rows[:-1],
        [*rows, ["slots/2026/000099", *rows[1][1:]]],
    ):
        with table.open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle).writerows(forged)
        code, said = comity("register", "verify", tmp_path, "--key", key)
        assert (code, "BAD  register.csv" in said) == (1, True), said


def test_a_second_export_replaces_the_first_as_a_whole(key: str, tmp_path: Path) -> None:
    assert comity("office", "export", tmp_path)[0] == 0
    submitted("later", "k9")
    assert comity("office", "export", tmp_path)[0] == 0
    assert comity("register", "verify", tmp_path, "--key", key)[1].startswith("8 entries")
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_an_office_restored_from_an_old_backup_does_not_publish_another_history(
    key: str, tmp_path: Path
) -> None:
    """The published log is ahead of the database: what differs first is named, and the log stays as it is."""
    from comity.office.ledger import services as ledger
    from comity.office.ledger.models import Entry, Head

    before = (log_folder() / "checkpoint").read_bytes()
    Entry.objects.filter(index__gte=5).delete()
    Head.objects.update(size=5)
    submitted("other", "k20")
    with pytest.raises(ComityError, match="entry 5 differs"):
        ledger.publish()
    assert (log_folder() / "checkpoint").read_bytes() == before


@pytest.fixture
def settings_witnesses():
    from django.conf import settings

    settings.WITNESSES.clear()
    yield settings.WITNESSES
    settings.WITNESSES.clear()
