"""Reading one row of a register: every value checked, every problem noted with its place."""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from comity.errors import Problem

_TRUE, _FALSE = ("true", "yes", "1"), ("false", "no", "0")


def _float(value: Any) -> float:
    """Return a number; ``float`` would take "4_5" for 45, in a register that is a slip of the pen."""
    return math.nan if isinstance(value, str) and "_" in value else float(value)


def _short(value: object) -> str:
    """Return a value as a message shows it, whatever its length."""
    try:
        text = str(value)
    except ValueError:  # an integer of more digits than Python prints
        return "a number of thousands of digits"
    return text if len(text) <= 60 else f"{text[:60]}…"


@dataclass(slots=True)
class Reading:
    """One row on its way into the register.

    Parameters
    ----------
    place : file and row, the beginning of every problem's place
    values : the row by column or key; ``""`` and missing are the same
    problems : where problems are collected
    """

    place: str
    values: Mapping[str, Any]
    problems: list[Problem]
    asked: set[str] = field(default_factory=set)

    def _get(self, name: str) -> Any:
        self.asked.add(name)
        value = self.values.get(name, "")
        return value.strip() if isinstance(value, str) else value

    def wrong(self, name: str, message: str, accepted: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(f"{self.place}, {name}", message, accepted))

    def has(self, name: str) -> bool:
        """Whether the row gives a value."""
        return self._get(name) not in ("", None)

    def number(self, name: str, low: float, high: float, unit: str) -> float:
        """Return a number in [low, high]; where it is missing or wrong, a problem and ``low``."""
        found = self.optional(name, low, high, unit)
        if found is None and not self.has(name):
            self.wrong(name, "missing", f"{low:g} to {high:g} {unit}")
        return low if found is None else found

    def optional(self, name: str, low: float, high: float, unit: str) -> float | None:
        """Return a number in [low, high], ``None`` where the row has none (or a wrong one: a problem)."""
        value, accepted = self._get(name), f"{low:g} to {high:g} {unit}"
        if value in ("", None):
            return None
        try:
            number = _float(value)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if math.isnan(number):
            self.wrong(name, f"{_short(value)!r} is not a number", accepted)
            return None
        if isinstance(value, bool) or not low <= number <= high:
            self.wrong(name, f"{_short(value)} {unit} is out of range", accepted)
            return None
        return number

    def text(self, name: str, *, required: bool = False) -> str:
        """Return a text, ``""`` where the row has none."""
        value = self._get(name)
        if required and value in ("", None):
            self.wrong(name, "missing", "a text")
        return "" if value is None else str(value)

    def choice(self, name: str, accepted: Sequence[str], default: str) -> Any:
        """Return one of the accepted words."""
        value = self.text(name) or default
        if value not in accepted:
            self.wrong(name, f"{value!r}", "one of " + ", ".join(accepted))
            return default
        return value

    def flag(self, name: str) -> bool:
        """Return a truth value, false where the row has none."""
        value = self._get(name)
        word = str(value).lower()
        if value in ("", None) or word in _FALSE:
            return False
        if word not in _TRUE:
            self.wrong(name, f"{value!r}", "true or false")
        return word in _TRUE

    def day(self, name: str) -> date | None:
        """Return a date, ``None`` where the row has none."""
        value = self._get(name)
        if value in ("", None):
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.wrong(name, f"{value!r} is not a date", "YYYY-MM-DD")
            return None

    def mapping(self, name: str) -> dict[str, Any] | None:
        """Return an antenna specification: a table, or JSON in a cell."""
        value = self._get(name)
        if value in ("", None):
            return None
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                value = None
        if not isinstance(value, Mapping):
            self.wrong(
                name, "is not a table", '{"pattern": "f1336-sector", "gain_dbi": 15, "beamwidth_deg": 65}'
            )
            return None
        return dict(value)

    def corners(self, name: str) -> tuple[tuple[float, float], ...]:
        """Return a polygon as ``lat lon; lat lon; ...`` or a list of pairs."""
        value = self._get(name)
        if value in ("", None):
            return ()
        parts = [p.split() for p in value.split(";")] if isinstance(value, str) else value
        try:
            ring = tuple((_float(lat), _float(lon)) for lat, lon in parts)
        except (TypeError, ValueError, OverflowError):
            ring = ()
        inside = all(abs(lat) <= 90.0 and abs(lon) <= 180.0 for lat, lon in ring)
        if len(set(ring)) < 3 or not inside:
            self.wrong(name, "is not a polygon", "three corners or more: 57.1 -6.2; 57.1 -6.1; 57.2 -6.1")
            return ()
        return ring

    def unknown(self, accepted: Sequence[str]) -> None:
        """Note every key that nobody reads."""
        for name in self.values:
            if name not in accepted and self.values[name] not in ("", None):
                near = difflib.get_close_matches(str(name), accepted, n=1)
                hint = f"did you mean {near[0]}?" if near else ", ".join(accepted)
                self.problems.append(Problem(f"{self.place}, {name}", "unknown", hint))
