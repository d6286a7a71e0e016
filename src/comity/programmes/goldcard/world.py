"""The world of a Gold Card check: the rule pack and the day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from pydantic import JsonValue

from comity.casework.world import World
from comity.rules.load import load_pack


def open_world(
    regime: str, *, today: date, register: Path | None, settings: Mapping[str, JsonValue]
) -> World:
    """Return the world of a check; a Gold Card has no register and no readings to switch."""
    pack = load_pack(regime)
    return World({pack.id: pack}, today, settings=dict(settings))
