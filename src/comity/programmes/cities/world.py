"""The world of a round's decision: the rule pack and the round's data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from pydantic import JsonValue

from comity.casework.world import World
from comity.programmes.cities.files import read_round
from comity.programmes.cities.round import Round
from comity.rules.load import load_pack
from comity.rules.pack import switch


def open_world(
    regime: str, *, today: date, register: Path | None, settings: Mapping[str, JsonValue]
) -> World:
    """Return the world of a round.

    Parameters
    ----------
    regime : rule pack
    today : day whose rules apply
    register : the round's folder
    settings : readings of the pack, as ``{"population.least": 50000}``
    """
    return world_of(
        None if register is None else read_round(register), regime, today=today, settings=settings
    )


def world_of(
    data: Round | None, regime: str, *, today: date, settings: Mapping[str, JsonValue] | None = None
) -> World:
    """Return the world of a round whose data are already read."""
    pack = load_pack(regime)
    readings = {k: v for k, v in (settings or {}).items() if isinstance(v, int | float | str | bool)}
    return World(
        {pack.id: switch(pack, readings) if readings else pack}, today, data, settings=dict(settings or {})
    )
