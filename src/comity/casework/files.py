"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from comity.errors import ComityError, Problem


def write_whole(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` so that a reader, or a crash, sees the old file or the new one entire."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise _refusal(path, error) from error
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        raise _refusal(path, error) from error
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(temporary).unlink()


def _refusal(path: Path, error: OSError) -> ComityError:
    reason = error.strerror or str(error)
    return ComityError("cannot write a file", [Problem(str(path), reason, "a folder that can be written")])
