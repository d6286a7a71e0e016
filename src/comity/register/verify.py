"""Verification of a whole log, offline, without trusting whoever published it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from comity.errors import ComityError
from comity.register.merkle import EMPTY_ROOT, leaf_hash, node_hash, perfect_root
from comity.register.note import WITNESSED, Checkpoint, Verifier, read_checkpoint
from comity.register.tiles import LEVEL_STEP, WIDTH, TileReader

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome: ``problems`` is empty for a sound log; ``statement`` says what that excludes."""

    size: int
    root: bytes
    problems: tuple[str, ...]
    statement: str

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


class Frontier:
    """The right edge of a growing tree: enough to tell the root after every entry."""

    def __init__(self) -> None:
        self._subtrees: list[bytes] = []
        self.size = 0

    def push(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        size = self.size
        while size & 1:
            leaf = node_hash(self._subtrees.pop(), leaf)
            size >>= 1
        self._subtrees.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Return the root over all leaves so far."""
        if not self._subtrees:
            return EMPTY_ROOT
        total = self._subtrees[-1]
        for subtree in reversed(self._subtrees[:-1]):
            total = node_hash(subtree, total)
        return total


def verify_log(
    folder: Path,
    verifier: Verifier,
    *,
    since: Sequence[Checkpoint] = (),
    witnesses: Sequence[Verifier] = (),
    progress: Progress | None = None,
) -> Verification:
    """Check every entry, every hash and the checkpoint of the log in ``folder``.

    Parameters
    ----------
    folder : the log, as published or exported
    verifier : the log's public key, from a source other than the log
    since : checkpoints somebody kept; the log must begin with exactly what they cover
    witnesses : keys of witnesses whose cosignatures count
    progress : called with entries done and entries in all

    Returns
    -------
    Verification
        Problems name the first bad entry. Without a kept checkpoint and without a witness, a sound log is
        "consistent; rollback not excluded": a shorter history could have been published in its place.
    """
    checkpoint = _published(folder)
    witnessed = _witnessed(folder, witnesses)
    problems = []
    if not checkpoint.signed_by(verifier):
        problems.append(f"checkpoint: not signed by {verifier.name}")
    if checkpoint.origin != verifier.name:
        problems.append(f"checkpoint: origin is {checkpoint.origin!r}, not {verifier.name!r}")
    kept: dict[int, list[Checkpoint]] = {}
    for old in (*since, *witnessed):
        kept.setdefault(old.size, []).append(old)
        if not old.signed_by(verifier):
            problems.append(f"kept checkpoint of size {old.size}: not signed by {verifier.name}")
        if old.size > checkpoint.size:
            problems.append(
                f"rolled back: a kept checkpoint covers {old.size} entries, the log {checkpoint.size}"
            )
    root = _walk(folder, checkpoint, kept, problems, progress)
    if root is not None and root != checkpoint.root:
        problems.append(
            "checkpoint: its root hash is not that of the entries; some were altered, or the root was"
        )
    return Verification(
        checkpoint.size, checkpoint.root, tuple(problems), _statement(checkpoint, since, witnessed, witnesses)
    )


def _witnessed(folder: Path, witnesses: Sequence[Verifier]) -> list[Checkpoint]:
    """Return the checkpoint that the log publishes beside its newest as cosigned, if it is, by one of ``witnesses``."""
    if not witnesses or not (folder / WITNESSED).exists():
        return []
    found = read_checkpoint(folder / WITNESSED)
    return [found] if found.signed_by(*witnesses) else []


def _walk(
    folder: Path,
    checkpoint: Checkpoint,
    kept: dict[int, list[Checkpoint]],
    problems: list[str],
    progress: Progress | None,
) -> bytes | None:
    """Recompute the tree from the entries alone; stop at the first bad entry or tile and name it."""
    reader, frontier = TileReader(folder, checkpoint.size), Frontier()
    rows: list[list[bytes]] = [[]]
    try:
        _check_kept(frontier, kept, problems)
        for number in range(-(-checkpoint.size // WIDTH)):
            leaves = [leaf_hash(entry) for entry in reader.entries(number)]
            _compare(reader, 0, number, leaves)
            for leaf in leaves:
                frontier.push(leaf)
                if frontier.size in kept:
                    _check_kept(frontier, kept, problems)
            _lift(reader, rows, number, leaves)
            if progress:
                progress(frontier.size, checkpoint.size)
        for level, row in enumerate(rows[1:], start=1):
            if row:
                _compare(reader, level, (checkpoint.size >> (LEVEL_STEP * level)) // WIDTH, row)
    except ComityError as error:
        problems.append(error.message)
        return None
    return frontier.root()


def _lift(reader: TileReader, rows: list[list[bytes]], number: int, hashes: list[bytes]) -> None:
    """Carry a full tile's root into the tile above, and compare that one when it is full."""
    level = 0
    while len(hashes) == WIDTH:
        level, hashes = level + 1, [perfect_root(hashes)]
        if len(rows) == level:
            rows.append([])
        rows[level] += hashes
        if len(rows[level]) < WIDTH:
            return
        hashes, rows[level] = rows[level], []
        number //= WIDTH
        _compare(reader, level, number, hashes)


def _compare(reader: TileReader, level: int, number: int, computed: list[bytes]) -> None:
    stored = reader.hashes(level, number)
    for offset, (ours, theirs) in enumerate(zip(computed, stored, strict=True)):
        if ours != theirs:
            index = number * WIDTH + offset
            what = f"entry {index}" if level == 0 else f"tile level {level}, hash {index}"
            raise ComityError(f"{what}: altered, its hash is not the one in the tree")


def _check_kept(frontier: Frontier, kept: dict[int, list[Checkpoint]], problems: list[str]) -> None:
    for old in kept.get(frontier.size, ()):
        if old.root != frontier.root():
            problems.append(
                f"history rewritten: the first {old.size} entries are not those of the kept checkpoint"
            )


def _published(folder: Path) -> Checkpoint:
    if not (folder / "checkpoint").exists():
        raise ComityError(f"{folder} holds no log (no file named checkpoint)")
    return read_checkpoint(folder / "checkpoint")


def _statement(
    checkpoint: Checkpoint,
    since: Sequence[Checkpoint],
    witnessed: Sequence[Checkpoint],
    witnesses: Sequence[Verifier],
) -> str:
    parts = []
    if since:
        parts.append(f"nothing rolled back since the kept checkpoint of {max(c.size for c in since)} entries")
    for witness in witnesses:
        sizes = [c.size for c in (checkpoint, *since, *witnessed) if c.signed_by(witness)]
        if sizes:
            upto = "" if max(sizes) == checkpoint.size else f" up to its first {max(sizes)} entries"
            parts.append(f"cosigned by {witness.name}{upto}")
    return "consistent; " + ("; ".join(parts) if parts else "rollback not excluded")
