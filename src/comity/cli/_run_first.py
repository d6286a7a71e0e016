"""A verb whose usual sub-command need not be named: ``comity match FOLDER`` is ``comity match run FOLDER``."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup


class RunFirst(TyperGroup):
    """Reads what begins with no sub-command as ``run``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put ``run`` before a first word that is no sub-command and no request for help."""
        if args and args[0] != "--help" and args[0] not in self.commands:
            args = ["run", *args]
        return super().parse_args(ctx, args)
