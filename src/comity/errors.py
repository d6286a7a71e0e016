"""Errors that a user can act on.

Every error of the library that input can cause is a :class:`ComityError`: it names the place, says what is
wrong and what would be right. The command line prints it without a traceback and leaves with ``exit_code``.

Exit codes: 0 done, 1 the answer is "no" (refused, a case missed its tolerance, a replay differs),
2 the input or the command line cannot be used, 3 something needed is missing (terrain, a file, an extra),
4 the case is referred to a person (something is unknown, a consent is missing, a no rests on an assumption),
70 a defect of comity itself, 141 whoever read the output closed it (``| head``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import category

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: ``place`` (file, line, field path), ``message``, and ``accepted`` (the form that works)."""

    place: str
    message: str
    accepted: str = ""

    def render(self) -> str:
        """Return the problem as one or two lines of text."""
        hint = f"\n    accepted: {self.accepted}" if self.accepted else ""
        return f"  {self.place}: {self.message}{hint}"


class ComityError(Exception):
    """A failure that its reader can mend.

    Parameters
    ----------
    message : one sentence
    problems : all problems found in one pass, each with its place
    exit_code : process exit code for the command line
    """

    exit_code = 2

    def __init__(self, message: str, problems: Sequence[Problem] = (), exit_code: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.problems = tuple(problems)
        if exit_code is not None:
            self.exit_code = exit_code

    def __str__(self) -> str:
        """Return the message with every problem, as a traceback shows it."""
        return "\n".join([self.message, *(p.render() for p in self.problems)])

    def render(self) -> str:
        """Return the whole message for a terminal; what cannot be seen in what it quotes is written as an escape."""
        return "".join(
            c.encode("unicode_escape").decode() if c != "\n" and category(c) in _HIDDEN else c
            for c in f"error: {self}"
        )


class MissingError(ComityError):
    """Something needed is not there: terrain, a file, an optional extra; the message says how to get it."""

    exit_code = 3


class ValidityError(ComityError):
    """An input lies outside the validity range of a model, which is named with the range."""
