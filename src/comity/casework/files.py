"""Files that are there whole or not at all, and texts in UTF-8."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from comity.errors import ComityError, MissingError, Problem


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


def read_whole(path: Path, most_bytes: int = 64 * 1024 * 1024) -> bytes:
    """Return the content of ``path``, at most ``most_bytes`` of it, or say why it cannot be had."""
    try:
        if path.stat().st_size > most_bytes:
            problem = Problem(str(path), f"{path.stat().st_size} bytes", f"at most {most_bytes} bytes")
            raise ComityError("this file is too large", [problem])
        return path.read_bytes()
    except FileNotFoundError:
        raise MissingError("there is no such file", [Problem(str(path), "not found")]) from None
    except OSError as error:
        problem = Problem(str(path), error.strerror or str(error), "a file that can be read")
        raise MissingError("this file cannot be read", [problem]) from None


def read_text(path: Path, most_bytes: int = 64 * 1024 * 1024) -> str:
    """Return a text in UTF-8, without a byte order mark, or say where it is none."""
    content = read_whole(path, most_bytes)
    if b"\0" in content:
        raise ComityError(
            "this is not a text file",
            [Problem(str(path), "holds zero bytes (binary or UTF-16)", "text in UTF-8")],
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = f"byte 0x{content[error.start]:02x} is not UTF-8"
        raise ComityError(
            "this file is in another encoding", [Problem(f"{path}:{line}", message, "text saved as UTF-8")]
        ) from None


def _refusal(path: Path, error: OSError) -> ComityError:
    reason = error.strerror or str(error)
    return ComityError("cannot write a file", [Problem(str(path), reason, "a folder that can be written")])


@contextlib.contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Yield a new folder whose files move into ``folder`` at the end, or vanish when the block fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))
    except OSError as error:
        raise _refusal(folder, error) from error
    try:
        yield new
        for file in sorted(p for p in new.rglob("*") if p.is_file()):
            target = folder / file.relative_to(new)
            target.parent.mkdir(parents=True, exist_ok=True)
            file.replace(target)
    except OSError as error:
        raise _refusal(folder, error) from error
    finally:
        shutil.rmtree(new, ignore_errors=True)
