"""Text of others on a terminal: nothing in it moves the cursor, turns the writing round or forges a line."""

from __future__ import annotations

from comity.casework.people import is_hidden


def shown(text: str) -> str:
    """Return the text with everything that cannot be seen, and every end of a line, written out as an escape."""
    return "".join(c.encode("unicode_escape").decode() if is_hidden(c) else c for c in text)
