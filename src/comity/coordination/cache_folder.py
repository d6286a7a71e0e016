"""Where kept values lie on disk, how much room they may take, and when a folder is believed.

Whoever can write there can alter decisions. So the folder, and every file that is read from it, must belong to the
user who runs comity or to the administrator, and nobody else may write to it.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from comity.errors import ComityError, Problem

#: Room for kept values [MiB] where ``COMITY_CACHE_MIB`` says nothing.
DEFAULT_MIB = 1024


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


def may_use_folder(folder: Path) -> tuple[bool, str]:
    """Return whether what lies in ``folder`` is believed, and else why not and the way out."""
    if not hasattr(os, "geteuid"):
        return False, "this system does not tell whose a folder is"
    try:
        status = folder.stat()
    except OSError as error:
        return False, f"{folder}: {error.strerror}"
    if not stat.S_ISDIR(status.st_mode):
        return False, f"{folder} is no folder"
    allowed, reason = may_use(status)
    return allowed, "" if allowed else f"{folder} {reason}"


def may_use(status: os.stat_result) -> tuple[bool, str]:
    """Return whether a file or folder of this ``status`` is the user's own, and nobody else may write to it."""
    if status.st_uid not in (os.geteuid(), 0):
        return False, "belongs to another user; COMITY_CACHE chooses another folder"
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return False, "can be written by others; `chmod go-w` takes that away"
    return True, ""
