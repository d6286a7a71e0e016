"""The programmes: each one declaration of schema, checks, allocator, letters and register view.

A programme is a package here with ``programme.py``, which holds ``PROGRAMME`` (see
:class:`comity.casework.programme.Programme`), and ``world.py``, which holds ``open_world``. It may have
``view.py`` (``award_rows``: the award in words) and ``report.py`` (``write_report``).
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import Any

from comity.errors import MissingError, Problem


def programme_ids() -> tuple[str, ...]:
    """Return the names of the programmes there are."""
    return tuple(sorted(m.name for m in pkgutil.iter_modules(__path__) if m.ispkg))


def part(programme_id: str, name: str) -> ModuleType:
    """Return module ``name`` of a programme (``"programme"``, ``"world"``, ``"view"``, ``"report"``)."""
    if programme_id not in programme_ids():
        known = "one of " + ", ".join(programme_ids())
        raise MissingError("there is no such programme", [Problem("programme", repr(programme_id), known)])
    return importlib.import_module(f"comity.programmes.{programme_id}.{name}")


def optional_part(programme_id: str, name: str) -> ModuleType | None:
    """Return module ``name`` of a programme, or ``None`` where the programme has none."""
    wanted = f"comity.programmes.{programme_id}.{name}"
    try:
        return part(programme_id, name)
    except ModuleNotFoundError as error:
        if error.name == wanted:
            return None
        raise


def load_programme(programme_id: str) -> Any:
    """Return the declaration of a programme."""
    return part(programme_id, "programme").PROGRAMME
