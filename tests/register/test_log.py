"""What the register promises to somebody who does not trust its operator."""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import ComityError
from comity.register import standalone
from comity.register.log import Log
from comity.register.note import COSIGNATURE, Checkpoint, Signer, Verifier, read_checkpoint
from comity.register.receipt import Receipt
from comity.register.tiles import TileReader, pack_entries, tile_path
from comity.register.verify import Frontier, verify_log

SIGNER = Signer("register.example/spectrum", bytes(range(32)))


def filled(folder: Path, count: int, batch: int = 100) -> Log:
    log = Log(folder, SIGNER)
    log.create()
    for start in range(0, count, batch):
        log.append([f"entry {i}".encode() for i in range(start, min(start + batch, count))])
    return log


@pytest.mark.parametrize("count", [0, 1, 255, 256, 257, 700])
def test_a_log_verifies_whatever_its_size(tmp_path: Path, count: int) -> None:
    filled(tmp_path, count)
    result = verify_log(tmp_path, SIGNER.verifier)
    assert result.sound and result.size == count
    assert result.statement == "consistent; rollback not excluded"


@settings(max_examples=15, deadline=None)
@given(batches=st.lists(st.integers(0, 300), min_size=1, max_size=4))
def test_the_root_does_not_depend_on_how_entries_were_batched(
    tmp_path_factory: pytest.TempPathFactory, batches: list[int]
) -> None:
    log = Log(tmp_path_factory.mktemp("log"), SIGNER)
    log.create()
    frontier, count = Frontier(), 0
    from comity.register.merkle import leaf_hash

    for size in batches:
        entries = [f"{count + i}".encode() for i in range(size)]
        checkpoint = log.append(entries)
        for entry in entries:
            frontier.push(leaf_hash(entry))
        count += size
        assert checkpoint.root == frontier.root() and checkpoint.size == count
    assert verify_log(log.folder, SIGNER.verifier).sound


def test_the_first_altered_entry_is_named(tmp_path: Path) -> None:
    filled(tmp_path, 600)
    entries = TileReader(tmp_path, 600).entries(1)
    entries[44] = b"forged"
    (tmp_path / tile_path("entries", 1)).write_bytes(pack_entries(entries))
    result = verify_log(tmp_path, SIGNER.verifier)
    assert not result.sound and result.problems[0].startswith("entry 300: altered")


@pytest.mark.parametrize("change", ["remove", "swap"])
def test_removed_and_reordered_entries_are_found(tmp_path: Path, change: str) -> None:
    filled(tmp_path, 600)
    entries = TileReader(tmp_path, 600).entries(0)
    if change == "remove":
        del entries[10]
    else:
        entries[10], entries[11] = entries[11], entries[10]
    (tmp_path / tile_path("entries", 0)).write_bytes(pack_entries(entries))
    assert not verify_log(tmp_path, SIGNER.verifier).sound


@pytest.mark.parametrize("path", ["tile/0/000", "tile/0/002.p/88", "tile/1/000.p/2", "tile/entries/002.p/88"])
def test_a_flipped_byte_in_any_tile_is_found(tmp_path: Path, path: str) -> None:
    filled(tmp_path, 600)
    target = tmp_path / path
    data = bytearray(target.read_bytes())
    data[len(data) // 2] ^= 1
    target.write_bytes(data)
    assert not verify_log(tmp_path, SIGNER.verifier).sound


def test_a_history_rewritten_by_the_operator_is_found_by_a_kept_checkpoint(tmp_path: Path) -> None:
    kept = filled(tmp_path / "true", 300).checkpoint()
    forged = Log(tmp_path / "forged", SIGNER)
    forged.create()
    forged.append([f"entry {i}".encode() if i != 7 else b"forged" for i in range(400)])
    assert verify_log(forged.folder, SIGNER.verifier).sound  # alone, it looks right
    result = verify_log(forged.folder, SIGNER.verifier, since=[kept])
    assert result.problems == (
        "history rewritten: the first 300 entries are not those of the kept checkpoint",
    )


def test_a_rollback_is_found_by_a_kept_checkpoint(tmp_path: Path) -> None:
    kept = filled(tmp_path / "long", 300).checkpoint()
    filled(tmp_path / "short", 200)
    result = verify_log(tmp_path / "short", SIGNER.verifier, since=[kept])
    assert result.problems[0].startswith("rolled back")


def test_a_kept_checkpoint_excludes_rollback(tmp_path: Path) -> None:
    log = filled(tmp_path, 300)
    kept = log.checkpoint()
    log.append([b"later"])
    result = verify_log(tmp_path, SIGNER.verifier, since=[kept])
    assert result.sound and "nothing rolled back since the kept checkpoint of 300" in result.statement


def test_a_witness_counts_only_with_its_own_key(tmp_path: Path) -> None:
    log = filled(tmp_path, 5)
    witness = Signer("witness.example", bytes(32), COSIGNATURE)
    other = Signer("witness.example", bytes([1] * 32), COSIGNATURE)
    checkpoint = log.checkpoint()
    note = checkpoint.encode() + witness.sign(checkpoint.text, unix_time=1_790_000_000)
    (tmp_path / "checkpoint").write_text(note)
    assert "cosigned by witness.example" in verify_log(
        tmp_path, SIGNER.verifier, witnesses=[witness.verifier]
    ).statement  # fmt: skip
    result = verify_log(tmp_path, SIGNER.verifier, witnesses=[other.verifier])
    assert result.statement == "consistent; rollback not excluded"


def test_a_checkpoint_of_another_key_is_refused(tmp_path: Path) -> None:
    filled(tmp_path, 5)
    stranger = Signer(SIGNER.name, bytes([9] * 32)).verifier
    assert "not signed by" in verify_log(tmp_path, stranger).problems[0]


def test_a_receipt_proves_its_entry_and_fails_for_any_change(tmp_path: Path) -> None:
    log = filled(tmp_path, 300)
    receipt = Receipt.from_dict(json.loads(json.dumps(log.receipt(123).as_dict())))
    assert receipt.entry == b"entry 123" and receipt.holds(SIGNER.verifier)[0]
    forged = receipt.as_dict() | {"entry": b64encode(b"entry 124").decode()}
    assert not Receipt.from_dict(forged).holds(SIGNER.verifier)[0]


def test_what_was_written_beyond_the_checkpoint_is_no_part_of_the_log(tmp_path: Path) -> None:
    """A crash between the tiles and the checkpoint: the old log stands, and the next append is whole."""
    log = filled(tmp_path, 300)
    before = (tmp_path / "checkpoint").read_text()
    log.append([b"lost"] * 50)
    (tmp_path / "checkpoint").write_text(before)
    assert verify_log(tmp_path, SIGNER.verifier).size == 300
    log.append([b"kept"])
    assert verify_log(tmp_path, SIGNER.verifier).sound and log.receipt(300).entry == b"kept"


def test_a_log_is_not_created_over_another(tmp_path: Path) -> None:
    log = filled(tmp_path, 3)
    with pytest.raises(ComityError, match="already holds a log"):
        log.create()
    assert log.checkpoint().size == 3


def test_an_entry_too_long_for_its_tile_is_refused_and_nothing_is_appended(tmp_path: Path) -> None:
    log = filled(tmp_path, 3)
    with pytest.raises(ComityError, match="65536 bytes"):
        log.append([b"fine", bytes(65_536)])
    assert log.checkpoint().size == 3 and verify_log(tmp_path, SIGNER.verifier).sound


def test_tile_paths_are_those_of_the_specification() -> None:
    assert tile_path("0", 1_234_067) == "tile/0/x001/x234/067"
    assert tile_path("entries", 5, 17) == "tile/entries/005.p/17"


def test_a_key_line_is_that_of_the_reference_implementation() -> None:
    """The example key of C2SP's signed-note tooling (golang.org/x/mod/sumdb/note documentation)."""
    line = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    verifier = Verifier.decode(line)
    assert verifier.encode() == line
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    signature = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    from base64 import b64decode

    raw = b64decode(signature)
    assert raw[:4] == verifier.key_id and verifier.verifies(text, raw[4:])


@pytest.mark.parametrize("note", ["", "a\nb\nc\n\n", "o\n01\nAAAA\n\n", "o\n1\nAAAA\n\n", "o\n-1\nAAAA\n\n"])
def test_a_malformed_checkpoint_is_refused(note: str) -> None:
    with pytest.raises(ComityError):
        Checkpoint.decode(note)


def test_a_checkpoint_is_read_in_the_form_that_was_signed_and_in_no_other(tmp_path: Path) -> None:
    note = filled(tmp_path / "log", 12).checkpoint().encode()
    origin, size, rest = note.split("\n", 2)
    arabic = "".join(chr(0x660 + int(digit)) for digit in size)
    root, tail = rest.split("\n", 1)
    for forged in (
        f"{origin}\n{arabic}\n{rest}",
        note.replace("\n", "\r\n"),
        f"{origin}\n{size}\n{root[:-2]}{chr(ord(root[-2]) + 1)}=\n{tail}",
    ):
        (tmp_path / "forged").write_bytes(forged.encode())
        with pytest.raises(ComityError, match="not a checkpoint"):
            read_checkpoint(tmp_path / "forged")
        assert run_standalone(tmp_path / "log", SIGNER.verifier.encode(), tmp_path / "forged").returncode == 1
    (tmp_path / "true").write_bytes(note.encode())
    assert read_checkpoint(tmp_path / "true").size == 12


@pytest.mark.parametrize(
    "change",
    [
        {"checkpoint": 5},
        {"index": float("inf")},
        {"index": []},
        {"entry": "é"},
        {"proof": [3]},
        {"proof": None},
    ],
)
def test_whatever_is_no_receipt_is_refused_in_words(tmp_path: Path, change: dict[str, object]) -> None:
    receipt = filled(tmp_path, 3).receipt(1).as_dict()
    with pytest.raises(ComityError, match="not a receipt"):
        Receipt.from_dict(receipt | change)
    with pytest.raises(ComityError, match="not a receipt"):
        Receipt.from_dict([])  # type: ignore[arg-type]


def run_standalone(*arguments: object) -> subprocess.CompletedProcess[str]:
    script = Path(standalone.__file__)
    return subprocess.run(
        [sys.executable, "-I", "-S", script, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_citizens_script_agrees_with_the_library(tmp_path: Path) -> None:
    log = filled(tmp_path / "log", 600)
    (tmp_path / "kept").write_text(log.checkpoint().encode())
    log.append([b"later"])
    key = SIGNER.verifier.encode()
    assert run_standalone(log.folder, key).stdout == "sound: 601 entries; rollback not excluded\n"
    assert (
        run_standalone(log.folder, key, tmp_path / "kept").stdout
        == "sound: 601 entries, nothing rolled back since the 600 that you kept\n"
    )
    entries = TileReader(log.folder, 601).entries(1)
    entries[3] = b"forged"
    (log.folder / tile_path("entries", 1)).write_bytes(pack_entries(entries))
    result = run_standalone(log.folder, key)
    assert result.returncode == 1 and "NOT SOUND" in result.stderr


def test_the_citizens_script_compares_every_checkpoint_that_was_kept(tmp_path: Path) -> None:
    """Of two signed histories of one length, one kept checkpoint shows that there was another."""
    log = filled(tmp_path / "log", 3)
    true, other = log.checkpoint(), filled(tmp_path / "other", 2)
    other.append([b"another history"])
    (tmp_path / "true").write_text(true.encode())
    (tmp_path / "fork").write_text(other.checkpoint().encode())
    key = SIGNER.verifier.encode()
    for kept in (("true", "fork"), ("fork", "true")):
        result = run_standalone(log.folder, key, *(tmp_path / name for name in kept))
        assert result.returncode == 1 and "NOT SOUND" in result.stderr
    empty = Log(tmp_path / "empty", SIGNER)
    (tmp_path / "nothing").write_text(empty.create().encode())
    assert "rollback not excluded" in run_standalone(log.folder, key, tmp_path / "nothing").stdout


def test_the_citizens_script_refuses_a_foreign_key_and_is_short_enough_to_read(tmp_path: Path) -> None:
    log = filled(tmp_path, 3)
    stranger = Signer(SIGNER.name, bytes([9] * 32)).verifier.encode()
    assert "not signed by" in run_standalone(log.folder, stranger).stderr
    assert len(Path(standalone.__file__).read_text().splitlines()) <= 150


def test_of_two_kept_checkpoints_of_one_size_the_one_that_differs_is_found(tmp_path: Path) -> None:
    """A log that showed two histories to two readers: whoever holds both checkpoints sees it, in either order."""
    log = filled(tmp_path / "true", 300)
    other = Log(tmp_path / "other", SIGNER)
    other.create()
    other.append([f"other {i}".encode() for i in range(300)])
    kept = [log.checkpoint(), other.checkpoint()]
    for since in (kept, kept[::-1]):
        assert verify_log(log.folder, SIGNER.verifier, since=since).problems == (
            "history rewritten: the first 300 entries are not those of the kept checkpoint",
        )


def test_an_append_on_top_of_altered_tiles_is_refused(tmp_path: Path) -> None:
    log = filled(tmp_path, 300)
    entries = TileReader(tmp_path, 300).entries(1)
    (tmp_path / tile_path("entries", 1, 44)).write_bytes(pack_entries([b"forged", *entries[1:]]))
    with pytest.raises(ComityError, match="entry 256 was altered; nothing was appended"):
        log.append([b"later"])
    (tmp_path / tile_path("1", 0, 1)).write_bytes(bytes(32))
    with pytest.raises(ComityError, match="do not lead to the signed root"):
        log.append([b"later"])
    assert log.checkpoint().size == 300
