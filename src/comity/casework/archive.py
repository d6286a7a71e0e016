"""Archives of decisions: many canonical documents in one solid file, or folders as ``comity decide --out`` left them.

An archive detects change. It is no oracle of correctness: it says that today's engine answers as it did, not that
the answer is right.
"""

from __future__ import annotations

import lzma
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from comity.casework.files import read_whole, write_whole
from comity.errors import ComityError, MissingError, Problem

#: Canonical JSON, one decision a line, as one solid xz stream.
MANY = "decisions.jsonl.xz"
ONE = "decision.json"
#: No decision is longer; what claims to be is no archive.
_LONGEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Archived:
    """One archived decision: where it stands, its bytes, and the register file beside it, if there is one."""

    place: str
    content: bytes
    register: Path | None


def write_archive(file: Path, decisions: Iterable[bytes]) -> int:
    """Write canonical decisions to ``file``, whole or not at all; returns the file's size in bytes."""
    packed = lzma.compress(b"".join(d + b"\n" for d in decisions), preset=9 | lzma.PRESET_EXTREME)
    write_whole(file, packed)
    return len(packed)


def read_archive(folder: Path) -> Iterator[Archived]:
    """Yield every decision in and below ``folder``, in the order of the paths.

    Raises
    ------
    MissingError
        If there is none.
    ComityError
        If an archive is cut or is none.
    """
    files = sorted([*folder.rglob(MANY), *folder.rglob(ONE)])
    if not files:
        raise MissingError("no decisions here", [Problem(str(folder), "nothing found", f"{ONE} or {MANY}")])
    for file in files:
        register = next(iter(sorted(file.parent.glob("register.*"))), None)
        if file.name == ONE:
            yield Archived(str(file), read_whole(file), register)
            continue
        for number, line in enumerate(_lines(file), start=1):
            yield Archived(f"{file}:{number}", line.rstrip(b"\n"), register)


def _lines(file: Path) -> Iterator[bytes]:
    try:
        with lzma.open(file) as stream:
            while line := stream.readline(_LONGEST):
                yield line
    except (OSError, EOFError, lzma.LZMAError) as error:
        problem = Problem(str(file), str(error) or type(error).__name__, "a whole xz file of JSON lines")
        raise ComityError("this archive is cut or is none", [problem]) from error
