"""Synchronisation is derived from frames and clocks, never assumed from silence."""

from __future__ import annotations

from dataclasses import replace

import pytest
from coordination_kit import GNSS, FlatGround, candidate, free_space_policy, network, station
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from comity.coordination.coordinate import coordinate
from comity.coordination.incumbents import Incumbents
from comity.coordination.network import TddFrame
from comity.coordination.tdd import synchronised

DERIVE = free_space_policy(synchronisation="derived")


def together(a, b, policy=DERIVE):
    return synchronised(a, b, policy)[0]


def test_the_same_frame_on_two_traceable_clocks_is_synchronised():
    assert together(GNSS, replace(GNSS, clock="ptp"))


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"clock": "free_running"}, "clock"),
        ({"clock": "network"}, "clock"),
        ({"clock": None}, "clock"),
        ({"special_slot": None}, "not fully stated"),
        ({"pattern": "DDDFU"}, "not fully stated"),
        ({"pattern": "DDSUU"}, "sends down"),
        ({"frame_offset_us": 600.0}, "sends down"),
        ({"special_slot": "2:2:10"}, "sends down"),
    ],
)
def test_whatever_differs_or_is_not_known_is_named(change, word):
    value, reason = synchronised(GNSS, replace(GNSS, **change), DERIVE)
    assert value is False
    assert word in reason.en
    assert reason.zh


def test_an_unknown_frame_is_not_synchronised():
    assert not together(GNSS, None)
    assert not together(None, None)


def test_an_offset_of_whole_periods_is_the_same_phase():
    assert together(GNSS, replace(GNSS, frame_offset_us=2500.0))
    assert together(GNSS, replace(GNSS, frame_offset_us=-7500.0 + 2.0))


def test_the_tolerance_is_the_largest_offset_for_down_follows_up_without_a_guard():
    assert together(GNSS, replace(GNSS, frame_offset_us=3.0))
    assert not together(GNSS, replace(GNSS, frame_offset_us=3.1))
    # the guard of 71 us in the special slot does not help where the uplink slot ends
    assert not together(GNSS, replace(GNSS, frame_offset_us=70.0))


def test_nr_moved_by_3_ms_is_in_step_with_lte_configuration_2():
    # LTE TDD configuration 2, special subframe 7, and NR DDDDDDDSUU with 6:4:4: the pair that operators use.
    lte = TddFrame("DSUDD", 15, "10:2:2", "gnss")
    nr = TddFrame("DDDDDDDSUU", 30, "6:4:4", "gnss")
    assert together(lte, replace(nr, frame_offset_us=3000.0))
    assert not together(lte, nr)
    assert not together(lte, replace(nr, frame_offset_us=3000.0, special_slot="12:0:2"))


def test_the_regime_can_assume_or_deny():
    assumed = free_space_policy(synchronisation="assumed")
    assert synchronised(None, None, assumed, ("sal", "sal"))[0]
    assert not together(GNSS, GNSS, free_space_policy(synchronisation="never"))


@pytest.mark.parametrize("groups", [(None, None), ("sal", None), (None, "sal"), ("sal", "national")])
def test_what_a_regime_assumes_holds_only_between_networks_of_one_group(groups):
    assumed = free_space_policy(synchronisation="assumed")
    assert not synchronised(GNSS, replace(GNSS, pattern="DDSUU"), assumed, groups)[0]
    assert not synchronised(GNSS, None, assumed, groups)[0]
    assert synchronised(GNSS, GNSS, assumed, groups)[0]  # derived, from the frames


def test_a_network_outside_the_group_is_tested_base_to_base():
    policy = free_space_policy(synchronisation="assumed", synchronised_pairs=frozenset())
    for group, tested in (("sal", 0), ("national", 1), (None, 1)):
        victim = network("V", station(north_km=5.0), sync_group=group)
        answer = coordinate(candidate(sync_group="sal"), Incumbents((victim,)), FlatGround(), policy)
        assert answer.channels[0].tested == tested
        assert answer.synchronisation["V"][0] is (group == "sal")


def _direction(frame: TddFrame, microseconds: float) -> str:
    """Return what a frame does at a time: D, U, or G for guard."""
    slot = 15000.0 / frame.subcarrier_spacing_khz
    into = (microseconds - frame.frame_offset_us) % (slot * len(frame.pattern))
    kind = frame.pattern[min(int(into // slot), len(frame.pattern) - 1)]
    if kind != "S":
        return kind
    down, guard, _ = (int(part) for part in frame.special_slot.split(":"))
    symbol = (into % slot) / slot * 14.0
    return "D" if symbol < down else "G" if symbol < down + guard else "U"


def _clash(a: TddFrame, b: TddFrame, tolerance_us: float) -> bool:
    """Watch both frames for 40 ms in steps of 1 us: does down of one meet up of the other for long?"""
    run = 0
    for step in range(40_000):
        at = step + 0.5
        run = run + 1 if (_direction(a, at), _direction(b, at)) == ("D", "U") else 0
        if run > tolerance_us + 1.0:
            return True
    return False


frames = st.builds(
    TddFrame,
    pattern=st.sampled_from(["DDDSU", "DSUUU", "DDSUU", "DDDDDDDSUU", "DSU", "DDDDSUUUDD"]),
    subcarrier_spacing_khz=st.sampled_from([15, 30]),
    special_slot=st.sampled_from(["10:2:2", "6:4:4", "2:8:4"]),
    clock=st.just("gnss"),
    frame_offset_us=st.sampled_from([0.0, 50.0, 500.0, 1000.0, 2500.0]),
)


@settings(max_examples=40)
@given(a=frames, b=frames)
def test_it_agrees_with_watching_both_frames_microsecond_by_microsecond(a, b):
    clashing = _clash(a, b, 3.0) or _clash(b, a, 3.0)
    assert together(a, b) is not clashing


@given(a=frames, b=frames)
def test_it_does_not_matter_who_asks(a, b):
    assert together(a, b) is together(b, a)


@given(a=frames, offset=st.floats(-5000.0, 5000.0))
def test_moving_both_frames_alike_changes_nothing(a, offset):
    b = replace(a, pattern="DDDSU", frame_offset_us=0.0)
    assume(abs(offset) > 1.0)
    moved = (replace(f, frame_offset_us=f.frame_offset_us + round(offset)) for f in (a, b))
    assert together(*moved) is together(a, b)
