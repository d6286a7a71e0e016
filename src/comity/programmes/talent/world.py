"""The world of a student's decision: the rule pack under the call's readings, and the call."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from pydantic import JsonValue

from comity.casework.world import World
from comity.programmes.talent.call import Call
from comity.programmes.talent.files import read_call
from comity.rules.load import load_pack
from comity.rules.pack import RulePack, switch


def open_world(
    regime: str, *, today: date, register: Path | None, settings: Mapping[str, JsonValue]
) -> World:
    """Return the world of a call.

    Parameters
    ----------
    regime : rule pack
    today : day whose rules apply
    register : the call's folder
    settings : further readings of the pack, as ``{"choices.most": 5}``
    """
    call = read_call(register) if register is not None else None
    return world_of(call, regime, today=today, settings=settings)


def world_of(
    call: Call | None, regime: str, *, today: date, settings: Mapping[str, JsonValue] | None = None
) -> World:
    """Return the world of a call that is already read."""
    pack = load_pack(regime)
    return World({pack.id: under(pack, call, settings or {})}, today, call, settings=dict(settings or {}))


def under(pack: RulePack, call: Call | None, settings: Mapping[str, JsonValue]) -> RulePack:
    """Return the pack under the readings that the call announced and ``settings`` add."""
    announced = dict(call.settings.readings) if call is not None else {}
    readings = {**announced, **{k: v for k, v in settings.items() if isinstance(v, int | float | str | bool)}}
    return switch(pack, readings) if readings else pack
