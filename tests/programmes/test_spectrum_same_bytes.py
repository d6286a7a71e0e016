"""The same application is decided to the same bytes, and a decision is reproduced from its file or told as altered."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from spectrum_kit import NAMES, application_of

from comity.casework.decide import decide
from comity.casework.document import to_bytes
from comity.casework.replay import ReplayVerdict, replay
from comity.programmes.spectrum.programme import PROGRAMME


def test_rows_in_another_order_and_a_second_time_give_the_same_bytes(decisions, worlds):
    name = "uk-skye-distillery-low"
    world = worlds[name]
    register = world.register
    turned = replace(
        register,
        networks=register.networks[::-1],
        earth_stations=register.earth_stations[::-1],
        fixed_links=register.fixed_links[::-1],
    )
    first = to_bytes(decisions[name])
    assert (
        to_bytes(decide(application_of(name), replace(world, register=turned, memory={}), PROGRAMME)) == first
    )


def test_threads_give_the_same_bytes(decisions, worlds):
    name = "uk-skye-distillery-low"
    fresh = replace(worlds[name], memory={})
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: to_bytes(decide(application_of(name), fresh, PROGRAMME)), range(4)))
    assert set(found) == {to_bytes(decisions[name])}


@pytest.mark.parametrize("name", NAMES)
def test_a_decision_is_reproduced_from_its_file(decisions, worlds, name):
    document = json.loads(to_bytes(decisions[name]))
    later = replace(worlds[name], today=date(2040, 1, 1), memory={})
    found = replay(document, later, PROGRAMME)
    assert found.verdict is ReplayVerdict.REPRODUCED, found.differences


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("award", "stations", 0, "eirp_dbm"), 60),
        (("findings", 5, "margin"), 99),
        (("application", "stations", 0, "height_m"), 9.5),
        (("reasons", 0, "en"), "Refused"),
        (("decided_on",), "2024-01-01"),
        (("provenance", "register"), "0" * 64),
        (("assumptions", 0, "citation"), "nobody"),
    ],
)
def test_one_changed_field_is_named(decisions, worlds, path, value):
    document = json.loads(to_bytes(decisions["uk-skye-distillery-low"]))
    place = document
    for step in path[:-1]:
        place = place[step]
    assert place[path[-1]] != value
    place[path[-1]] = value
    found = replay(document, worlds["uk-skye-distillery-low"], PROGRAMME)
    assert found.verdict is ReplayVerdict.ALTERED
    dotted = ".".join(map(str, path))
    assert any(dotted == d.path or dotted.startswith(f"{d.path}.") for d in found.differences)


def test_another_register_is_a_data_edition_that_is_not_here(decisions, worlds):
    document = json.loads(to_bytes(decisions["uk-skye-distillery-low"]))
    world = worlds["uk-skye-distillery-low"]
    fewer = replace(world.register, networks=world.register.networks[1:])
    found = replay(document, replace(world, register=fewer), PROGRAMME)
    assert found.verdict is ReplayVerdict.DATA_EDITION_UNAVAILABLE
    assert "provenance.register" in {d.path for d in found.differences}


def test_ground_that_is_gone_is_a_data_edition_that_is_not_here(decisions, worlds):
    document = json.loads(to_bytes(decisions["uk-skye-distillery-low"]))
    world = worlds["uk-skye-distillery-low"]
    bare = replace(world.ground, layers=world.ground.of_kind("coastline"))
    found = replay(document, replace(world, ground=bare), PROGRAMME)
    assert found.verdict is ReplayVerdict.DATA_EDITION_UNAVAILABLE
