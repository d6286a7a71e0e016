"""Opening the world that a spectrum application is decided in: rule packs, ground, register."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from pydantic import JsonValue

from comity.casework.world import World


def open_world(
    regime: str,
    *,
    today: date,
    register: Path | None = None,
    settings: Mapping[str, JsonValue] | None = None,
) -> World:
    """Return the world for applications under ``regime``.

    Parameters
    ----------
    regime : id of a shipped rule pack, or path of a folder with one
    today : the day whose rules apply
    register : file of licences, protected receivers and pending applications; without one nobody is known to be
        there, and a decision says so
    settings : readings of the law that differ from the pack's own, and what the authority itself knows of the
        case (see :mod:`comity.programmes.spectrum.case`)
    """
    from comity.programmes.spectrum.register import read_register
    from comity.rules.load import list_packs, load_pack
    from comity.terrain.ground import open_ground

    packs = {pack.id: pack for pack in list_packs()} | {regime: load_pack(regime)}
    return World(
        packs=packs,
        today=today,
        register=None if register is None else read_register(register),
        ground=open_ground(),
        settings=dict(settings or {}),
    )
