"""What is kept on disk, for a person to see and to clear."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from comity.coordination.cache_engine import engine_digest
from comity.coordination.cache_folder import files, limit_bytes, may_use, removed, values_folder


@dataclass(frozen=True, slots=True)
class Shelf:
    """The kept values of a user.

    Parameters
    ----------
    folder : where they lie
    used : whether they are used; ``reason`` says why not and the way out
    limit : most room they may take [bytes]
    files, size : how many files there are, and the room they take [bytes]
    usable_size : what of it this version of comity computed [bytes]
    """

    folder: str
    used: bool
    reason: str
    limit: int
    files: int
    size: int
    usable_size: int

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON, sizes in bytes."""
        return {
            name + ("_bytes" if name in ("limit", "size", "usable_size") else ""): value
            for name, value in asdict(self).items()
        }


def shelf() -> Shelf:
    """Return what is kept, by COMITY_CACHE and COMITY_CACHE_MIB."""
    folder, limit = values_folder(), limit_bytes()
    used, reason = may_use(folder, limit)
    here = files(folder)
    mark = engine_digest()[:8].hex()
    return Shelf(
        folder=str(folder),
        used=used,
        reason=reason,
        limit=limit,
        files=len(here),
        size=sum(file.size for file in here),
        usable_size=sum(file.size for file in here if file.path.name.startswith(mark)),
    )


def clear() -> int:
    """Remove all kept values, whether they are used or not; return how many files there were."""
    return sum(removed(file.path) for file in files(values_folder()))
