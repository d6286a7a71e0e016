"""Where the ground lies on disk, and how something appears there whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from comity.errors import ComityError, Problem


def store_folder(store: str | os.PathLike[str] | None = None) -> Path:
    """Return the folder of editions that the user added: ``store``, else COMITY_HOME, else the user's data."""
    if store is not None:
        return Path(store)
    home = os.environ.get("COMITY_HOME")
    if not home:
        from platformdirs import user_data_dir

        home = user_data_dir("comity", appauthor=False)
    return Path(home) / "ground"


def cache_folder() -> Path:
    """Return a writable folder for unpacked samples: COMITY_CACHE, else the user's cache, else a temporary one."""
    chosen = os.environ.get("COMITY_CACHE")
    if chosen:
        return Path(chosen) / "ground"
    from platformdirs import user_cache_dir

    folder = Path(user_cache_dir("comity", appauthor=False)) / "ground"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    return Path(tempfile.gettempdir()) / f"comity-ground-{os.getuid()}"


@contextmanager
def scratch(parent: Path) -> Iterator[Path]:
    """Give a temporary folder inside ``parent`` that is gone after the block, unless it was published.

    A process that is killed leaves a folder whose name begins with a dot: nothing reads it, and the next
    :func:`sweep` clears it.
    """
    folder = None
    try:
        parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{os.getpid()}-", dir=parent))
        yield folder
    except OSError as error:
        accepted = "a folder with room that can be written; COMITY_HOME and COMITY_CACHE choose others"
        problem = Problem(str(parent), error.strerror or str(error), accepted)
        raise ComityError("the ground cannot be written", [problem]) from error
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def publish(folder: Path, target: Path) -> None:
    """Let ``folder`` appear as ``target``, whole or not at all."""
    for file in folder.iterdir():
        with file.open("rb") as handle:
            os.fsync(handle.fileno())
    folder.chmod(0o755)
    try:
        folder.rename(target)
    except OSError:
        # Another process was first: the content is named by its hash, so theirs is ours.
        if not target.is_dir():
            raise


def sweep(folder: Path) -> None:
    """Remove what killed processes left behind; folders of living processes stay."""
    for left in folder.glob(".*-*"):
        owner = left.name[1:].split("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            shutil.rmtree(left, ignore_errors=True)
