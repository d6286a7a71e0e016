"""Ids of people: written in one way, and compared so that nobody passes as somebody else."""

from __future__ import annotations

import unicodedata

from comity.errors import ComityError, Problem

MOST = 150


def known_as(text: str, place: str) -> str:
    """Return the id of a person as it is kept: NFKC, without spaces around it.

    Parameters
    ----------
    text : as it was given
    place : where, as ``--by``

    Raises
    ------
    ComityError
        If nothing is left, it is too long, or holds what cannot be seen: control characters and other characters of
        the Unicode categories C, Zl and Zp.
    """
    found = unicodedata.normalize("NFKC", text).strip()
    hidden = sorted({c for c in found if is_hidden(c)})
    accepted = f"the id of a person, 1 to {MOST} characters that can be seen"
    if hidden:
        named = ", ".join(f"U+{ord(c):04X}" for c in hidden)
        raise ComityError("this names nobody", [Problem(place, f"holds {named}", accepted)])
    if not 0 < len(found) <= MOST:
        raise ComityError("this names nobody", [Problem(place, f"{len(found)} characters", accepted)])
    return found


def same(one: str | None, other: str | None) -> bool:
    """Return whether two ids are one person's: neither case, width, spaces nor what is invisible tells them apart."""
    return one is not None and other is not None and _folded(one) == _folded(other)


def is_hidden(character: str) -> bool:
    """Return whether a character cannot be seen, or breaks the line."""
    category = unicodedata.category(character)
    return category[0] == "C" or category in ("Zl", "Zp")


def _folded(text: str) -> str:
    visible = "".join(c for c in unicodedata.normalize("NFKC", text) if not is_hidden(c))
    return unicodedata.normalize("NFKC", visible.casefold()).strip()
