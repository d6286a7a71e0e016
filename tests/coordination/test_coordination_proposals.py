"""What may be granted: every proposal is checked by coordinating it again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from coordination_kit import (
    BASE_I_N,
    EARTH_STATION_SUM,
    FlatGround,
    candidate,
    earth_station,
    free_space_policy,
    network,
    station,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.coordination.coordinate import coordinate
from comity.coordination.incumbents import Incumbents
from comity.coordination.limits import ProposalPolicy
from comity.coordination.mask import BASE_MASK
from comity.coordination.proposals import powered, proposals

CHANNELS = {
    w: tuple((3800.0 + lo, 3800.0 + lo + w) for lo in range(0, 121 - int(w), 10)) for w in (10.0, 20.0, 40.0)
}
SEARCH = ProposalPolicy(bandwidths_mhz=(10.0, 20.0, 40.0), channels=CHANNELS, min_eirp_dbm=0.0)


def ask(cand, register, policy):
    answer = coordinate(cand, register, FlatGround(), policy, channels=CHANNELS[cand.bandwidth_mhz])
    return answer, list(proposals(cand, answer, policy))


def passes(net, register, policy):
    return coordinate(net, register, FlatGround(), policy).channels[0].passes


def test_a_wish_that_passes_is_the_only_proposal():
    register = Incumbents((network("V", station(40.0)),))
    _, found = ask(candidate(), register, free_space_policy(proposals=SEARCH))
    assert [(p.kind, p.channel, p.eirp_change_db) for p in found] == [("wish", (3800.0, 3840.0), 0.0)]


@settings(max_examples=30)
@given(
    north=st.floats(2.0, 15.0),
    more=st.lists(st.tuples(st.floats(-15.0, 15.0), st.floats(3.0, 15.0)), max_size=4),
    dish=st.booleans(),
    cells=st.integers(1, 3),
)
def test_the_highest_power_passes_and_a_hundredth_of_a_decibel_more_does_not(north, more, dish, cells):
    policy = free_space_policy(BASE_I_N, EARTH_STATION_SUM, proposals=replace(SEARCH, min_eirp_dbm=-50.0))
    others = tuple(network(f"N{i}", station(*at, eirp_dbm=10.0)) for i, at in enumerate(more))
    dishes = (earth_station("E", 20.0, noise_temperature_k=10000.0),) if dish else ()
    register = Incumbents((network("V", station(north)), *others), dishes)
    wish = candidate(*(station(name=str(i), eirp_dbm=35.0 + i) for i in range(cells)))
    answer, found = ask(wish, register, policy)
    power = next((p for p in found if p.kind == "power" and p.channel == (3800.0, 3840.0)), None)
    if power is None:
        assert answer.channels[0].power_margin_db < -80.0
        return
    assert passes(power.network, register, policy)
    assert not passes(powered(power.network, 0.02), register, policy)
    again = coordinate(power.network, register, FlatGround(), policy).channels[0]
    assert again.margin_db == pytest.approx(power.expected_margin_db, abs=0.03)


def test_proposals_come_in_the_order_power_channel_bandwidth_antenna():
    panel = {"pattern": "f1336-sector", "gain_dbi": 15.0, "beamwidth_deg": 65.0}
    register = Incumbents((network("V", station(8.0), width_mhz=20.0),))
    policy = free_space_policy(proposals=replace(SEARCH, max_candidates=100))
    _, found = ask(candidate(station(antenna=panel)), register, policy)
    kinds = [p.kind for p in found]
    first = [kinds.index(kind) for kind in ("power", "channel", "bandwidth", "antenna")]
    assert first == sorted(first)
    assert "wish" not in kinds


def test_another_channel_is_proposed_at_full_power_where_it_is_free():
    register = Incumbents((network("V", station(8.0)),))
    policy = free_space_policy(proposals=SEARCH)
    answer, found = ask(candidate(), register, policy)
    moved = [p for p in found if p.kind == "channel"]
    assert tuple(p.channel for p in moved) == answer.passing()
    assert moved
    assert all(p.eirp_change_db == 0.0 and passes(p.network, register, policy) for p in moved)
    assert all(p.channel[0] >= 3840.0 for p in moved)


def test_a_narrower_channel_keeps_the_power_density_and_leaves_the_victim_alone():
    register = Incumbents((network("V", station(1.0), width_mhz=20.0),))
    policy = free_space_policy(proposals=replace(SEARCH, max_candidates=100))
    _, found = ask(candidate(), register, policy)
    narrow = [p for p in found if p.kind == "bandwidth" and p.channel == (3820.0, 3840.0)]
    assert narrow[0].eirp_change_db == pytest.approx(-3.01)
    assert passes(narrow[0].network, register, policy)


def test_no_power_helps_against_what_others_already_fill():
    loud = network("loud", station(18.0, eirp_dbm=60.0))
    register = Incumbents((loud,), (earth_station("E", 20.0),))
    policy = free_space_policy(EARTH_STATION_SUM, proposals=replace(SEARCH, min_eirp_dbm=-90.0))
    _, found = ask(candidate(), register, policy)
    assert not [p for p in found if p.kind == "power"]


def test_power_is_not_proposed_where_the_candidate_itself_would_suffer():
    loud = network("loud", station(3.0, eirp_dbm=60.0))
    policy = free_space_policy(inward="refuse", proposals=SEARCH)
    _, found = ask(candidate(), Incumbents((loud,)), policy)
    assert not [p for p in found if p.kind == "power" and p.channel == (3800.0, 3840.0)]


def test_less_power_at_the_mast_does_not_mend_what_terminals_do():
    from coordination_kit import with_terminals

    pairs = frozenset(["base-base", "terminal-base"])
    policy = free_space_policy(proposals=SEARCH, pairs=pairs)
    register = Incumbents((network("V", station(3.0)),))
    _, mended = ask(with_terminals(candidate(), eirp_dbm=-60.0), register, policy)
    _, loud = ask(with_terminals(candidate(), eirp_dbm=25.0), register, policy)
    own_channel = [
        [p for p in found if (p.kind, p.channel[0]) == ("power", 3800.0)] for found in (mended, loud)
    ]
    assert passes(own_channel[0][0].network, register, policy)
    assert not own_channel[1]


def test_an_aggregate_of_masts_and_terminals_is_mended_only_as_far_as_terminals_allow():
    from coordination_kit import with_terminals

    policy = free_space_policy(EARTH_STATION_SUM, proposals=replace(SEARCH, min_eirp_dbm=-90.0))
    register = Incumbents((), (earth_station("E", 12.0, elevation_deg=10.0),))
    for eirp, possible in ((-60.0, True), (28.0, False)):
        _, found = ask(with_terminals(candidate(), eirp_dbm=eirp), register, policy)
        power = [p for p in found if (p.kind, p.channel[0]) == ("power", 3800.0)]
        assert bool(power) is possible
        assert all(passes(p.network, register, policy) for p in power)


def test_absolute_caps_make_the_analytic_power_optimistic_and_casework_finds_out():
    # Leakage at its absolute cap does not fall with the power: the proposal is not taken on trust.
    register = Incumbents((network("V", station(0.05), low_mhz=3840.0),))
    policy = free_space_policy(base_mask=BASE_MASK, proposals=replace(SEARCH, min_eirp_dbm=-50.0))
    wish = candidate(station(eirp_dbm=75.0))
    _, found = ask(wish, register, policy)
    power = next(p for p in found if p.kind == "power")
    assert not passes(power.network, register, policy)


def test_turning_away_from_the_victim_helps():
    panel = {"pattern": "f1336-sector", "gain_dbi": 15.0, "beamwidth_deg": 65.0}
    register = Incumbents((network("V", station(10.0)),))
    policy = free_space_policy(proposals=replace(SEARCH, max_candidates=200))
    _, found = ask(candidate(station(antenna=panel, azimuth_deg=0.0)), register, policy)
    turned = [p for p in found if p.kind == "antenna" and passes(p.network, register, policy)]
    assert any(p.network.transmitters[0].azimuth_deg == 180.0 for p in turned)
