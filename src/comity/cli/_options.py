"""Options that several verbs share, checked."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from comity.errors import ComityError, Problem

if TYPE_CHECKING:
    from pydantic import JsonValue

    from comity.rules.text import Language


def day(text: str | None, option: str = "--on") -> date:
    """Return the day that ``option`` names, or today: the only place where the clock is read."""
    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ComityError("no such day", [Problem(option, repr(text), "a day as 2026-03-02")]) from None


def spoken(text: str) -> Language:
    """Return the language that ``--language`` names."""
    if text == "en":
        return "en"
    if text == "zh-Hant":
        return "zh-Hant"
    raise ComityError("no such language", [Problem("--language", repr(text), "en or zh-Hant")])


def readings(texts: list[str] | None) -> dict[str, JsonValue]:
    """Return the readings that ``--set name=value`` names; numbers are read as numbers."""
    found: dict[str, JsonValue] = {}
    for text in texts or ():
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            problem = Problem("--set", repr(text), "name=value, as coordination.mobile_model=p452")
            raise ComityError("a setting cannot be read", [problem])
        found[name.strip()] = _value(value.strip())
    return found


def _value(text: str) -> JsonValue:
    if text in ("true", "false"):
        return text == "true"
    try:
        return float(text)
    except ValueError:
        return text
