"""The writer of a log: appends entries, publishes tiles, and only then the new signed checkpoint.

Order of writing makes a crash harmless: entries and hashes reach the disk before the checkpoint that covers them
is renamed into place, and whatever lies beyond the checkpoint is no part of the log and is written again.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from comity.errors import ComityError
from comity.register.merkle import EMPTY_ROOT, inclusion_proof, leaf_hash, perfect_root, range_root
from comity.register.note import WITNESSED, Checkpoint, Signer, Verifier
from comity.register.receipt import Receipt
from comity.register.tiles import LEVEL_STEP, MAX_ENTRY, WIDTH, TileReader, pack_entries, tile_path


@dataclass(frozen=True, slots=True)
class Log:
    """An append-only log in ``folder``, signed by ``signer``, whose name is the log's origin."""

    folder: Path
    signer: Signer

    def create(self) -> Checkpoint:
        """Start an empty log and publish its first checkpoint.

        Raises
        ------
        ComityError
            If the folder already holds a log.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._locked():
                if (self.folder / "checkpoint").exists():
                    raise ComityError(f"{self.folder} already holds a log; nothing was changed")
                return self._publish(0, EMPTY_ROOT)
        except OSError as error:
            raise ComityError(f"the log in {self.folder} cannot be written ({error.strerror})") from error

    def checkpoint(self) -> Checkpoint:
        """Return the published checkpoint, its signature checked."""
        path = self.folder / "checkpoint"
        try:
            checkpoint = Checkpoint.decode(path.read_bytes().decode("utf-8"))
        except FileNotFoundError:
            raise ComityError(f"{self.folder} holds no log (no file named checkpoint)") from None
        if checkpoint.origin != self.signer.name or not checkpoint.signed_by(self.signer.verifier):
            raise ComityError(f"{path} is not signed by {self.signer.name}; the log is left as it is")
        return checkpoint

    def append(self, entries: Sequence[bytes], *, at: int | None = None) -> Checkpoint:
        """Append ``entries`` in their order and return the checkpoint that covers them.

        When this returns, the entries are on disk. Concurrent writers wait for one another; a writer that names
        the size ``at`` which it expects appends at most once, however often it is started again.

        Raises
        ------
        ComityError
            If an entry is longer than 65 535 bytes, the disk refuses, or the log is corrupt at its end; then
            nothing was appended.
        """
        for number, entry in enumerate(entries):
            if len(entry) > MAX_ENTRY:
                raise ComityError(f"entry {number} has {len(entry)} bytes; accepted are up to {MAX_ENTRY}")
        with self._locked():
            old = self.checkpoint()
            if not entries or (at is not None and at != old.size):
                return old
            try:
                reader = TileReader(self.folder, old.size)
                _check_end(reader, old)
                size = old.size + len(entries)
                self._write_entries(reader, entries)
                tails = self._write_hashes(reader, entries)
                return self._publish(size, _root(tails, reader, size), after=reader.size)
            except OSError as error:
                raise ComityError(
                    f"the log in {self.folder} could not be written ({error.strerror}); "
                    f"it still holds its {old.size} entries and nothing was appended"
                ) from error

    def cosign(self, signatures: Sequence[str], witnesses: Sequence[Verifier]) -> Checkpoint:
        """Add cosignatures of ``witnesses`` to the published checkpoint and keep it as ``checkpoint.witnessed``.

        Raises
        ------
        ComityError
            If a line is not the valid cosignature of this very checkpoint by one of ``witnesses``.
        """
        with self._locked():
            now = self.checkpoint()
            for line in signatures:
                if not Checkpoint(now.origin, now.size, now.root, (line,)).signed_by(*witnesses):
                    raise ComityError(
                        f"not a known witness's cosignature of the checkpoint of {now.size} entries: {line.strip()!r}"
                    )
            joined = tuple(dict.fromkeys((*now.signatures, *signatures)))
            cosigned = Checkpoint(now.origin, now.size, now.root, joined)
            for name in (WITNESSED, "checkpoint"):
                write_synced(self.folder / name, cosigned.encode().encode())
            _sync(self.folder)
            return cosigned

    def copy_to(self, folder: Path) -> Checkpoint:
        """Copy the published log, cosignatures and all, into the new ``folder``; nothing is signed.

        Returns
        -------
        checkpoint : what the copy holds
        """
        with self._locked():
            checkpoint = self.checkpoint()
            folder.mkdir(parents=True)
            if (self.folder / "tile").exists():
                shutil.copytree(self.folder / "tile", folder / "tile", ignore=shutil.ignore_patterns(".*"))
            for name in (WITNESSED, "checkpoint"):
                if (self.folder / name).exists():
                    shutil.copyfile(self.folder / name, folder / name)
            return checkpoint

    def receipt(self, index: int) -> Receipt:
        """Return checkpoint and inclusion proof of entry ``index``: all that its holder needs to keep."""
        checkpoint = self.checkpoint()
        reader = TileReader(self.folder, checkpoint.size)
        try:
            proof = inclusion_proof(reader.node, index, checkpoint.size)
        except ValueError as error:
            raise ComityError(str(error)) from None
        return Receipt(index, reader.entry(index), tuple(proof), checkpoint)

    def _write_entries(self, reader: TileReader, entries: Sequence[bytes]) -> None:
        first, filled = divmod(reader.size, WIDTH)
        pending = [*(reader.entries(first) if filled else ()), *entries]
        for number, start in enumerate(range(0, len(pending), WIDTH), start=first):
            part = pending[start : start + WIDTH]
            write_synced(self.folder / tile_path("entries", number, len(part)), pack_entries(part))

    def _write_hashes(
        self, reader: TileReader, entries: Sequence[bytes]
    ) -> dict[tuple[int, int], list[bytes]]:
        """Write the hash tiles that ``entries`` touch; return the last tile of each level."""
        tails: dict[tuple[int, int], list[bytes]] = {}
        new, level = [leaf_hash(entry) for entry in entries], 0
        size = reader.size
        while new:
            first, filled = divmod(size, WIDTH)
            row = [*(reader.hashes(level, first) if filled else ()), *new]
            full: list[bytes] = []
            for number, start in enumerate(range(0, len(row), WIDTH), start=first):
                part = row[start : start + WIDTH]
                write_synced(self.folder / tile_path(str(level), number, len(part)), b"".join(part))
                tails[level, number] = part
                if len(part) == WIDTH:
                    full.append(perfect_root(part))
            new, level, size = full, level + 1, size >> LEVEL_STEP
        return tails

    def _publish(self, size: int, root: bytes, after: int = 0) -> Checkpoint:
        unsigned = Checkpoint(self.signer.name, size, root)
        checkpoint = Checkpoint(self.signer.name, size, root, (self.signer.sign(unsigned.text),))
        _sync_tree(self.folder / "tile")
        write_synced(self.folder / "checkpoint", checkpoint.encode().encode())
        _sync(self.folder)
        self._drop_partial_tiles(after, size)
        return checkpoint

    def _drop_partial_tiles(self, old: int, new: int) -> None:
        """Remove partial tiles whose full tile is published; readers of older checkpoints use the full one."""
        kinds = ["entries", *(str(level) for level in range(6))]
        for kind in kinds:
            step = 0 if kind == "entries" else LEVEL_STEP * int(kind)
            number = (old >> step) // WIDTH
            if number < (new >> step) // WIDTH:
                shutil.rmtree(self.folder / (tile_path(kind, number) + ".p"), ignore_errors=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            handle = (self.folder / ".lock").open("ab")
        except OSError as error:
            raise ComityError(f"the log in {self.folder} cannot be written ({error.strerror})") from error
        with handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def _check_end(reader: TileReader, checkpoint: Checkpoint) -> None:
    """Refuse to build on hashes or entries that are not those of the signed root."""
    if range_root(reader.node, 0, reader.size) != checkpoint.root:
        raise ComityError(
            f"the log in {reader.folder} is corrupt: its tiles do not lead to the signed root; nothing was appended. "
            "`comity register verify` names the first bad entry"
        )
    number, filled = divmod(reader.size, WIDTH)
    if not filled:
        return
    for offset, (entry, known) in enumerate(
        zip(reader.entries(number), reader.hashes(0, number), strict=True)
    ):
        if leaf_hash(entry) != known:
            raise ComityError(
                f"the log in {reader.folder} is corrupt: entry {number * WIDTH + offset} was altered; "
                "nothing was appended"
            )


def _root(tails: dict[tuple[int, int], list[bytes]], reader: TileReader, size: int) -> bytes:
    """Return the root of the grown log; tiles just written answer before those on disk."""

    def node(level: int, index: int) -> bytes:
        tile_level, rise = divmod(level, LEVEL_STEP)
        number, offset = divmod(index << rise, WIDTH)
        tail = tails.get((tile_level, number))
        if tail is None:
            return reader.node(level, index)
        return perfect_root(tail[offset : offset + (1 << rise)])

    return range_root(node, 0, size)


def write_synced(path: Path, data: bytes) -> None:
    """Write ``data`` whole or not at all, and have it on disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    with temporary.open("wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())
    temporary.replace(path)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_tree(folder: Path) -> None:
    """Make the names of new files durable: every folder on the way to the newest tiles."""
    if folder.exists():
        for path, _, _ in os.walk(folder):
            _sync(Path(path))
