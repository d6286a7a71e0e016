"""What a decision records of its ground is enough to make it again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

from comity.casework.changes import with_changes
from comity.casework.decide import decide
from comity.casework.document import to_bytes
from comity.casework.intake import read_application
from comity.casework.replay import ReplayVerdict, replay
from comity.coordination.incumbents import Incumbents
from comity.coordination.network import Area, Network, Terminals, Transmitter
from comity.programmes.spectrum.application import SpectrumApplication
from comity.programmes.spectrum.programme import PROGRAMME
from comity.programmes.spectrum.world import open_world

EXAMPLES = Path(__file__).parents[2] / "examples"
DAY = date(2026, 3, 2)


def test_an_edition_that_only_the_victim_stands_on_is_recorded():
    """The candidate stands outside the 20 m tile of Hsinchu, its neighbour inside."""
    document = read_application(EXAMPLES / "tw-hsinchu-fab.toml", SpectrumApplication).model_dump(mode="json")
    station = {**document["stations"][0], "latitude": 24.630, "longitude": 120.95, "indoor": False}
    site = {**document["site"], "polygon": None, "centre": [24.630, 120.95], "radius_m": 200, "indoor": False}
    document = with_changes(document, {"stations": [station], "site": site})
    network = Network(
        "NEAR",
        "neighbour",
        "in_force",
        4800,
        4900,
        (Transmitter("A", 24.774, 121.002, 10, 40),),
        terminals=Terminals(),
        area=Area(24.774, 121.002, 200),
    )
    world = replace(open_world("tw-mbd", today=DAY), register=Incumbents(networks=(network,)))
    decision = decide(SpectrumApplication.model_validate(document), world, PROGRAMME, alternatives=False)
    assert any("hsinchu" in name for name in decision.provenance.data)
    found = replay(json.loads(to_bytes(decision)), replace(world, memory={}), PROGRAMME)
    # The replay looks for alternatives, too: only the ground is asked about here.
    assert found.verdict is not ReplayVerdict.DATA_EDITION_UNAVAILABLE
    assert not [d for d in found.differences if d.path.startswith(("findings", "provenance"))]
