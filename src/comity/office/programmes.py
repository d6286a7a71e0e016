"""The desks that the office opens: one line per programme."""

from __future__ import annotations

from importlib import import_module

from comity.office.desks import DESKS

#: Module of each desk; each has one object ``DESK``.
MODULES: dict[str, str] = {"spectrum": "comity.office.desk_spectrum"}


def open_desks() -> None:
    """Open every desk; nothing heavy is imported before a decision asks for it."""
    for programme, module in MODULES.items():
        if programme not in DESKS:
            DESKS[programme] = import_module(module).DESK
