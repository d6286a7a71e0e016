"""The whole engine against a slow one in plain Python floats; order, cache and screening change nothing."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest
from coordination_kit import (
    BASE_I_N,
    EARTH_STATION_SUM,
    GNSS,
    FlatGround,
    between,
    candidate,
    decibel_sum,
    earth_station,
    free_space,
    free_space_policy,
    network,
    station,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.coordination.cache import PathLosses
from comity.coordination.coordinate import coordinate
from comity.coordination.incumbents import Incumbents
from comity.coordination.policy import Criterion
from comity.errors import ComityError

BASE_SUM = Criterion("base-sum", "base", 20.0, aggregate=True, i_over_n_db=-6.0)
CHANNELS = ((3800.0, 3840.0), (3820.0, 3860.0), (3900.0, 3940.0))

places = st.tuples(st.floats(-20.0, 20.0), st.floats(-20.0, 20.0))
networks = st.builds(
    lambda at, eirp, low, width: (at, eirp, 3800.0 + 10.0 * low, width),
    at=places,
    eirp=st.sampled_from([24.0, 31.0, 42.0]),
    low=st.integers(0, 12),
    width=st.sampled_from([10.0, 20.0, 40.0, 100.0]),
)


def build(drawn, status="in_force"):
    return tuple(
        network(f"N{i}", station(*at, eirp_dbm=eirp), low_mhz=low, width_mhz=width, status=status)
        for i, (at, eirp, low, width) in enumerate(drawn)
    )


def co_channel(emitter, low, high, rx_low, rx_high):
    """Share of the emission in the receiver's channel [dB], None where they do not overlap."""
    overlap = min(high, rx_high) - max(low, rx_low)
    return 10.0 * math.log10(overlap / (high - low)) if overlap > 0 else None


def received(net, channel, victim):
    """Interference of one network at one base station [dBm/MHz], free space, isotropic."""
    share = co_channel(net, *channel, victim.low_mhz, victim.high_mhz)
    if share is None:
        return None
    a, b = net.transmitters[0], victim.transmitters[0]
    loss = free_space(4000.0, max(between(a, b), 0.001))
    return a.eirp_dbm + share - loss - 10.0 * math.log10(victim.high_mhz - victim.low_mhz)


@settings(max_examples=40)
@given(drawn=st.lists(networks, min_size=1, max_size=8), at=places)
def test_single_entries_and_sums_are_those_of_plain_floats(drawn, at):
    register, cand = build(drawn), candidate(station(*at))
    policy = free_space_policy(BASE_I_N, BASE_SUM)
    answer = coordinate(cand, Incumbents(register), FlatGround(), policy, channels=CHANNELS)
    for result in answer.channels:
        found = {(a.victim, a.aggregate): a for a in answer.assessments(result.channel)}
        worst = math.inf
        for victim in register:
            own = received(cand, result.channel, victim)
            if own is None:
                continue
            single = found.get((f"{victim.id}/1", False))
            if single is not None:
                assert single.interference_dbm_per_mhz == pytest.approx(own, abs=0.05)
            else:
                assert own < -115.0 + 0.05
            worst = min(worst, -115.0 - own)
            others = [received(n, (n.low_mhz, n.high_mhz), victim) for n in register if n.id != victim.id]
            total = decibel_sum(own, *(level for level in others if level is not None))
            whole = found.get((f"{victim.id}/1", True))
            if whole is None:
                assert own < -115.0 - policy.negligible_db + 0.05
                continue
            assert own > -115.0 - policy.negligible_db - 0.05
            assert total - 0.05 <= whole.interference_dbm_per_mhz <= total + 0.6
            worst = min(worst, -115.0 - total)
        exceeded = [a for a in answer.assessments(result.channel) if a.margin_db < 0.0]
        assert list(answer.assessments(result.channel, exceeded=True)) == exceeded
        if abs(worst) > 0.15:
            assert result.passes is (worst > 0.0)


@settings(max_examples=30)
@given(drawn=st.lists(networks, min_size=2, max_size=8), at=places, seed=st.integers(0, 10**6))
def test_the_order_of_rows_in_the_register_does_not_matter(drawn, at, seed):
    register, cand = list(build(drawn)), candidate(station(*at))
    dishes = [earth_station(f"E{i}", 25.0 - i, 3.0 * i) for i in range(3)]
    policy = free_space_policy(BASE_I_N, BASE_SUM, EARTH_STATION_SUM, inward="refuse")

    def ask(networks, stations):
        incumbents = Incumbents(tuple(networks), tuple(stations))
        answer = coordinate(cand, incumbents, FlatGround(), policy, channels=CHANNELS)
        return repr([answer.channels, [answer.assessments(c) for c in CHANNELS]])

    first = ask(register, dishes)
    random.Random(seed).shuffle(register)
    assert ask(register, dishes[::-1]) == first


@settings(max_examples=20)
@given(drawn=st.lists(networks, min_size=1, max_size=6), at=places)
def test_what_the_cache_holds_does_not_matter(drawn, at):
    policy = free_space_policy(BASE_I_N, BASE_SUM, mobile_model="p1812", inward="refuse")
    register, cand, cache = Incumbents(build(drawn)), candidate(station(*at)), PathLosses()
    answers = [
        coordinate(cand, register, FlatGround(), policy, channels=CHANNELS, cache=known)
        for known in (None, cache, cache)
    ]
    assert repr(answers[0].channels) == repr(answers[1].channels) == repr(answers[2].channels)


@settings(max_examples=15)
@given(drawn=st.lists(networks, min_size=3, max_size=8), first=places, second=places, gone=st.integers(0, 2))
def test_a_register_that_changed_is_summed_anew(drawn, first, second, gone):
    policy = free_space_policy(BASE_SUM, mobile_model="p1812", inward="refuse")
    register, cache = build(drawn), PathLosses()
    louder = replace(register[gone], transmitters=(replace(register[gone].transmitters[0], eirp_dbm=45.0),))
    fewer = register[:gone] + register[gone + 1 :]
    changed = (*fewer, louder)
    for at in (first, second):
        for state in (register, fewer, changed, register):
            known, fresh = (
                coordinate(
                    candidate(station(*at)),
                    Incumbents(state),
                    FlatGround(),
                    policy,
                    channels=CHANNELS,
                    cache=c,
                )
                for c in (cache, None)
            )
            assert repr(known.channels) == repr(fresh.channels)


def test_another_policy_and_another_frame_are_summed_anew():
    policy = free_space_policy(BASE_SUM, pairs=frozenset(["base-base"]), synchronised_pairs=frozenset())
    mine, cache = candidate(), PathLosses()
    victim, loud = network("V", station(9.0), tdd=GNSS), network("W", station(10.0, eirp_dbm=45.0), tdd=GNSS)
    level = {}
    for name, settings_, other in (
        ("in phase", policy, loud),
        ("out of phase", policy, replace(loud, tdd=None)),
        ("never in phase", replace(policy, synchronisation="never"), loud),
    ):
        answer = coordinate(mine, Incumbents((victim, other)), FlatGround(), settings_, cache=cache)
        found = {a.victim: a for a in answer.assessments((3800.0, 3840.0))}
        level[name] = found["V/1"].interference_dbm_per_mhz
    assert level["in phase"] < level["out of phase"] == level["never in phase"]


def test_another_ground_is_another_cache_entry():
    register, cache = Incumbents((network("V", station(5.0)),)), PathLosses()
    policy = free_space_policy(mobile_model="p1812", clutter="profile")
    levels = [
        coordinate(candidate(), register, ground, policy, cache=cache).channels[0].margin_db
        for ground in (FlatGround(), FlatGround(cover_height_m=20.0), FlatGround())
    ]
    assert levels[0] == levels[2] != levels[1]


def test_a_cache_that_is_full_starts_anew_and_answers_alike():
    policy = free_space_policy(BASE_I_N, BASE_SUM, mobile_model="p1812")
    register = Incumbents(build([((0.5 * i, 1.0), 30.0, 3800.0, 40.0) for i in range(8)]))
    small = PathLosses(capacity=10)
    for _ in range(3):
        tight = coordinate(candidate(), register, FlatGround(), policy, cache=small)
    roomy = coordinate(candidate(), register, FlatGround(), policy)
    assert repr(tight.channels) == repr(roomy.channels)
    assert len(small) <= 60


@settings(max_examples=25)
@given(drawn=st.lists(networks, min_size=5, max_size=40), at=places, seed=st.integers(0, 9))
def test_screening_never_understates_an_aggregate_and_overstates_it_by_a_tenth_at_most(drawn, at, seed):
    register, cand = Incumbents(build(drawn), (earth_station("E", 12.0),)), candidate(station(*at))
    policy = free_space_policy(BASE_SUM, EARTH_STATION_SUM)
    # Without an allowance nothing is left out.
    brute = replace(policy, screening_error_db=0.0)
    screened = coordinate(cand, register, FlatGround(), policy, channels=CHANNELS)
    whole = coordinate(cand, register, FlatGround(), brute, channels=CHANNELS)
    for channel in CHANNELS:
        exact = {a.victim: a for a in whole.assessments(channel)}
        for found in screened.assessments(channel):
            true = exact[found.victim].interference_dbm_per_mhz
            assert found.interference_dbm_per_mhz >= true - 0.011
            if true >= found.limit_dbm_per_mhz:
                assert found.interference_dbm_per_mhz <= true + 0.111


def test_screening_leaves_out_what_is_far_away_and_says_so():
    far = [((400.0 + 0.01 * i, 12.0), 24.0, 3800.0, 40.0) for i in range(60)]
    near = network("near", station(2.0))
    register = Incumbents((near, *build(far)))
    answer = coordinate(candidate(), register, FlatGround(), free_space_policy(BASE_I_N, BASE_SUM))
    result = answer.channels[0]
    assert result.screened > 0
    assert result.tested < 2 * 61
    whole = next(a for a in answer.assessments(result.channel) if a.aggregate and a.victim == "near/1")
    assert (
        whole.negligible_dbm_per_mhz is None or whole.negligible_dbm_per_mhz < whole.limit_dbm_per_mhz - 10.0
    )


def test_a_pending_application_counts_in_its_order_and_a_later_one_does_not():
    from datetime import date

    policy = free_space_policy(BASE_SUM)
    victim = network("V", station(12.0))
    pending = replace(build([((0.5, 0.5), 42.0, 3800.0, 40.0)], status="pending")[0], id="P")
    mine = candidate(priority_date=date(2026, 3, 2), priority_order=5)

    def level(**rank):
        register = Incumbents((victim, replace(pending, **rank)))
        answer = coordinate(mine, register, FlatGround(), policy)
        found = {a.victim: a for a in answer.assessments((3800.0, 3840.0))}
        return found["V/1"].interference_dbm_per_mhz, "P/1" in found

    alone = level(priority_date=date(2026, 3, 3))
    assert level(priority_date=date(2026, 3, 1))[0] > alone[0]
    assert level(priority_date=date(2026, 3, 2), priority_order=4)[0] > alone[0]
    assert level(priority_date=date(2026, 3, 2), priority_order=6) == alone
    assert level(priority_date=date(2026, 3, 1))[1]
    assert not alone[1]


@pytest.mark.parametrize("inward", ["refuse", "ignore"])
def test_nothing_to_test_against_and_nothing_to_test_pass(inward):
    policy = free_space_policy(BASE_I_N, BASE_SUM, EARTH_STATION_SUM, inward=inward)
    alone = coordinate(candidate(), Incumbents(), FlatGround(), policy, channels=[])
    assert alone.passing() == ((3800.0, 3840.0),)
    assert alone.channels[0].margin_db == math.inf
    silent = replace(candidate(), transmitters=())
    register = Incumbents((network("V", station(1.0)),), (earth_station("E", 5.0),))
    assert coordinate(silent, register, FlatGround(), policy).passing() == ((3800.0, 3840.0),)


def test_nobody_escapes_a_test_by_bearing_the_victims_number():
    victim, dish = network("V", station(1.0)), earth_station("E", 5.0)
    for name in ("V", "E"):
        thief = replace(candidate(), id=name)
        with pytest.raises(ComityError, match="reference is taken"):
            coordinate(thief, Incumbents((victim,), (dish,)), FlatGround(), free_space_policy())


def test_base_stations_and_terminals_of_one_network_do_not_add_up():
    from coordination_kit import with_terminals

    policy = free_space_policy(EARTH_STATION_SUM)
    dish = (earth_station("E", 20.0),)
    plain = coordinate(candidate(), Incumbents((), dish), FlatGround(), policy)
    both = coordinate(with_terminals(candidate(), eirp_dbm=28.0), Incumbents((), dish), FlatGround(), policy)
    assert plain.channels[0].margin_db == both.channels[0].margin_db
