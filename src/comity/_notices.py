"""What the command line tells a person who waits; as a library comity stays silent."""

from __future__ import annotations

from collections.abc import Callable

#: Receives each notice, one sentence; the command line sets it.
listener: Callable[[str], None] | None = None
_told: set[str] = set()


def tell_once(notice: str) -> None:
    """Hand ``notice`` to the listener, if there is one and it has not heard it yet."""
    if listener is not None and notice not in _told:
        _told.add(notice)
        listener(notice)
