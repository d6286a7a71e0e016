"""Replay tells reproduced, altered, revision unavailable, data edition unavailable and erased apart."""

from __future__ import annotations

import copy
import json
from dataclasses import replace

import pytest

from comity.casework.decide import decide
from comity.casework.document import to_bytes
from comity.casework.replay import ERASED, ReplayVerdict, differences_between, replay


@pytest.fixture
def document(ask, world, seats):
    return json.loads(to_bytes(decide(ask(seats=9), world, seats)))


def _leaves(value, path=()):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, (*path, name))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from _leaves(inner, (*path, i))
    else:
        yield path


def _set(document, path, value):
    changed = copy.deepcopy(document)
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return changed


def test_a_decision_is_reproduced_on_another_day_and_under_other_settings(document, world, seats):
    later = replace(world, today=world.today.replace(year=2040), settings={"x": 1})
    assert replay(document, later, seats).verdict is ReplayVerdict.REPRODUCED


def test_every_single_changed_field_is_found_and_named(document, world, seats):
    for path in _leaves(document):
        changed = _set(document, path, "changed")
        found = replay(changed, world, seats)
        assert found.verdict is not ReplayVerdict.REPRODUCED, path
        named = {d.path for d in found.differences}
        dotted = ".".join(map(str, path[1:] if path[0] == "seal" else path))
        assert any(dotted == n or dotted.startswith(f"{n}.") for n in named), (path, named)


def test_an_output_that_was_changed_is_shown_with_both_values(document, world, seats):
    found = replay(_set(document, ("findings", 0, "margin"), 4), world, seats)
    assert found.verdict is ReplayVerdict.ALTERED
    (difference,) = found.differences
    assert (difference.path, difference.recorded, difference.found) == ("findings.0.margin", 4, -4.0)


@pytest.mark.parametrize("path", [("extra",), ("findings", 0, "extra"), ("application", "extra")])
def test_a_field_that_was_added_is_found(document, world, seats, path):
    found = replay(_set(document, path, 1), world, seats)
    assert found.verdict is ReplayVerdict.ALTERED
    assert ".".join(map(str, path)) in {d.path for d in found.differences}


@pytest.mark.parametrize(
    "name", ["outcome", "award", "findings", "reasons", "alternatives", "seal", "decided_on", "provenance"]
)
def test_a_field_that_was_removed_is_found(document, world, seats, name):
    del document[name]
    found = replay(document, world, seats)
    assert found.verdict is ReplayVerdict.ALTERED
    assert found.differences


def test_another_rule_pack_is_a_revision_that_is_not_here(document, world, seats):
    newer = replace(world, packs={"hall": {"revision": "r2", "most": 10}})
    found = replay(document, newer, seats)
    assert found.verdict is ReplayVerdict.REVISION_UNAVAILABLE
    assert ("provenance.packs.hall.revision", "r1", "r2") in {
        (d.path, d.recorded, d.found) for d in found.differences
    }


def test_a_regime_that_is_gone_is_a_revision_that_is_not_here(document, world, seats):
    found = replay(document, replace(world, packs={"other": {}}), seats)
    assert found.verdict is ReplayVerdict.REVISION_UNAVAILABLE


@pytest.mark.parametrize("change", [{"ground": {"floor plan": "e2"}}, {"register": [1]}])
def test_other_ground_or_another_register_is_a_data_edition_that_is_not_here(document, world, seats, change):
    found = replay(document, replace(world, **change), seats)
    assert found.verdict is ReplayVerdict.DATA_EDITION_UNAVAILABLE
    assert found.differences


def test_what_was_erased_is_told_from_what_was_altered(document, world, seats):
    document["application"]["seats"] = {ERASED: "2031-01-01"}
    found = replay(document, world, seats)
    assert found.verdict is ReplayVerdict.ERASED_BY_POLICY
    assert found.differences[0].path == "application.seats"


def test_true_is_not_one():
    assert [d.path for d in differences_between({"a": True}, {"a": 1})] == ["a"]
