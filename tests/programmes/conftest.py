from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from comity.casework.decide import decide
from comity.programmes.spectrum.programme import PROGRAMME
from comity.programmes.spectrum.world import open_world

_spec = importlib.util.spec_from_file_location("spectrum_kit", Path(__file__).with_name("kit.py"))
assert _spec is not None
assert _spec.loader is not None
_kit = importlib.util.module_from_spec(_spec)
sys.modules["spectrum_kit"] = _kit
_spec.loader.exec_module(_kit)


@pytest.fixture(scope="session")
def worlds():
    """One world per example: its regime, its register, the shipped ground."""
    opened = {}
    for name in _kit.NAMES:
        application = _kit.application_of(name)
        register = _kit.EXAMPLES / application.register_file if application.register_file else None
        world = open_world(application.regime, today=_kit.DAY, register=register)
        ground = next((w.ground for w in opened.values()), world.ground)
        opened[name] = replace(world, ground=ground)
    return opened


@pytest.fixture(scope="session")
def decisions(worlds):
    return {name: decide(_kit.application_of(name), worlds[name], PROGRAMME) for name in _kit.NAMES}
