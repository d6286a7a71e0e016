from __future__ import annotations

import importlib.util
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

_spec = importlib.util.spec_from_file_location("casework_toy", Path(__file__).with_name("toy.py"))
assert _spec is not None
assert _spec.loader is not None
toy = importlib.util.module_from_spec(_spec)
sys.modules["casework_toy"] = toy
_spec.loader.exec_module(toy)


@pytest.fixture
def seats() -> Any:
    return toy.Seats()


@pytest.fixture
def world() -> Any:
    from comity.casework.world import World

    return World(
        packs={"hall": {"revision": "r1", "most": 10}},
        today=date(2026, 3, 2),
        register=[3, 2],
        ground={"floor plan": "e1"},
    )


@pytest.fixture
def ask() -> Any:
    """Make an application for some seats."""

    def make(**changes: Any) -> Any:
        fields = {"reference": "A-1", "regime": "hall", "received_on": date(2026, 3, 1), "seats": 4}
        return toy.SeatApplication(**(fields | changes))

    return make
