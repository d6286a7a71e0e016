"""The folder of kept values: where it lies, how much room it may take, and when it is believed.

Whoever can write there can alter decisions. So the folder, and every file that is read from it, must belong to the
user who runs comity or to the administrator, and nobody else may write to it.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from comity.errors import ComityError, Problem

#: Room for kept values [MiB] where ``COMITY_CACHE_MIB`` says nothing.
DEFAULT_MIB = 1024
SUFFIX = ".values"
#: How the name of a file begins that is not whole yet.
PART = ".part-"


def values_folder() -> Path:
    """Return the folder of kept values: in COMITY_CACHE, else in the user's cache folder."""
    chosen = os.environ.get("COMITY_CACHE")
    if not chosen:
        from platformdirs import user_cache_dir

        chosen = user_cache_dir("comity", appauthor=False)
    return Path(chosen) / "path-losses"


def limit_bytes() -> int:
    """Return the most room that kept values may take, by COMITY_CACHE_MIB; 0 keeps none."""
    text = os.environ.get("COMITY_CACHE_MIB") or str(DEFAULT_MIB)
    if not (text.isascii() and text.isdigit()):
        problem = Problem("COMITY_CACHE_MIB", repr(text), "whole mebibytes, as 1024; 0 keeps nothing")
        raise ComityError("the room for kept path losses cannot be read", [problem])
    return int(text) << 20


def may_use(folder: Path, limit: int) -> tuple[bool, str]:
    """Return whether what lies in ``folder`` is used, and else why not and the way out; it is made if need be."""
    if not limit:
        return False, "COMITY_CACHE_MIB is 0"
    if not hasattr(os, "geteuid"):
        return False, "this system does not tell whose a folder is"
    try:
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except OSError as error:
        return False, f"{folder}: {error.strerror}; COMITY_CACHE chooses another folder"
    if not stat.S_ISDIR(status.st_mode):
        return False, f"{folder} is no folder; COMITY_CACHE chooses another one"
    allowed, reason = is_own(status)
    return allowed, "" if allowed else f"{folder} {reason}"


def is_own(status: os.stat_result) -> tuple[bool, str]:
    """Return whether a file or folder of this ``status`` is the user's own, and nobody else may write to it."""
    if status.st_uid not in (os.geteuid(), 0):
        return False, "belongs to another user; COMITY_CACHE chooses another folder"
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return False, "can be written by others; `chmod go-w` takes that away"
    return True, ""


@dataclass(frozen=True, slots=True)
class File:
    """A file of kept values, or the beginning of one: when it was used last [s since 1970], its size [bytes]."""

    path: Path
    used_at: float
    size: int


def files(folder: Path) -> list[File]:
    """Return all files of kept values in a folder, whole or not."""
    found = []
    for path in (*folder.glob(f"*{SUFFIX}"), *folder.glob(f"{PART}*")):
        with suppress(OSError):
            status = path.lstat()
            found.append(File(path, status.st_mtime, status.st_size))
    return found


def removed(path: Path) -> bool:
    """Remove a file; return whether it was there and is gone."""
    with suppress(OSError):
        path.unlink()
        return True
    return False
