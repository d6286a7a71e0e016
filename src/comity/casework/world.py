"""The world that a decision is made in: everything beside the application that may change the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import JsonValue

from comity.errors import MissingError, Problem


@dataclass(frozen=True)
class World:
    """Rules, register, ground and day of one decision.

    Parameters
    ----------
    packs : rule packs by regime id
    today : the day the decision is made; nothing below the command line reads a clock
    register : what is already licensed, protected or pending, in the programme's own form (``None``: nothing)
    ground : terrain, clutter and coast, for programmes that stand on it
    settings : named interpretations and policy overrides (``{"boundary_bandwidth": "total_power"}``); they are
        recorded in the decision
    memory : what a programme keeps from one assessment to the next to be quicker; it never changes an answer
    """

    packs: Mapping[str, Any]
    today: date
    register: Any = None
    ground: Any = None
    settings: Mapping[str, JsonValue] = field(default_factory=dict)
    memory: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def pack(self, regime: str) -> Any:
        """Return the rule pack of ``regime`` or say which regimes there are."""
        if regime not in self.packs:
            raise MissingError(
                f"there is no rule pack for the regime {regime!r}",
                [Problem("regime", regime, "one of " + ", ".join(sorted(self.packs)))],
            )
        return self.packs[regime]
