"""Collecting every problem of a rule pack before anything is refused."""

from __future__ import annotations

from comity.errors import ComityError, Problem


class Collector:
    """Problems of one file, gathered in one pass."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, place: str, message: str, accepted: str = "") -> None:
        """Note one problem at ``place`` inside the file."""
        self.problems.append(Problem(f"{self.file}: {place}", message, accepted))

    def absorb(self, other: Collector) -> None:
        """Take over the problems of another file."""
        self.problems.extend(other.problems)

    def raise_if_any(self, message: str) -> None:
        """Raise :class:`~comity.errors.ComityError` with all problems, if there are any."""
        if self.problems:
            raise ComityError(message, self.problems)
