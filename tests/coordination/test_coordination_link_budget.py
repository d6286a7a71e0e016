"""Single entries, worked by hand: free space over a plain."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from coordination_kit import (
    BASE_I_N,
    EARTH_STATION_SUM,
    GNSS,
    TERMINAL_I_N,
    FlatGround,
    between,
    candidate,
    earth_station,
    free_space,
    free_space_policy,
    network,
    station,
    with_terminals,
)

from comity.antennas import from_spec
from comity.coordination.coordinate import coordinate
from comity.coordination.incumbents import FixedLink, Incumbents, LinkEnd

SECTOR = {"pattern": "f1336-sector", "gain_dbi": 15.0, "beamwidth_deg": 65.0}


def only(answer):
    """Return the one assessment of the one channel."""
    (found,) = answer.assessments(answer.channels[0].channel)
    return found


def named(assessment):
    return {term.name: term.value for term in assessment.terms}


def run(cand, policy, *networks, **others):
    return coordinate(cand, Incumbents(networks, **others), FlatGround(), policy)


def test_the_worked_example_of_30_dbm_in_40_mhz_needs_129_db_of_loss():
    # 30 dBm over 40 MHz are 14.0 dBm/MHz; a base station of 5 dB noise figure may receive -115.0 dBm/MHz.
    victim = network("V", station(north_km=16.8))
    found = only(run(candidate(), free_space_policy(), victim))
    assert found.limit_dbm_per_mhz == -115.0
    needed = 30.0 - 10.0 * math.log10(40.0) + 115.0
    assert needed == pytest.approx(129.0, abs=0.05)
    assert free_space(4000.0, 16.8) == pytest.approx(needed, abs=0.05)
    # The example's 32.44 and our 32.4 (P.525-4) give the same distance to 0.1 km.
    at_limit = 10.0 ** ((needed - 32.4 - 20.0 * math.log10(4000.0)) / 20.0)
    assert at_limit == pytest.approx(16.8, abs=0.1)
    near = network("V", station(north_km=at_limit * 0.99))
    far = network("V", station(north_km=at_limit * 1.01))
    assert only(run(candidate(), free_space_policy(), near)).margin_db < 0.0
    assert only(run(candidate(), free_space_policy(), far)).margin_db > 0.0


def test_one_traditional_wall_shortens_the_worked_example_sixfold():
    # P.2109-2 at 4 GHz, 50 %, traditional: 12.64 + 3.72 log f + 0.96 log^2 f = 15.23 dB, with the 7.29 dB and the
    # -3 dB of its other two terms 15.93 dB in all: 16.8 km / 10^(15.93/20) = 2.68 km.
    log_f = math.log10(4.0)
    parts = (12.64 + 3.72 * log_f + 0.96 * log_f**2, 9.1 - 3.0 * log_f, -3.0)
    wall = 10.0 * math.log10(sum(10.0 ** (0.1 * part) for part in parts))
    inside = candidate(station(indoor=True, building="traditional"))
    near, far = (
        only(run(inside, free_space_policy(), network("V", station(north_km=km)))) for km in (2.60, 2.76)
    )
    assert named(near)["tx_building_entry_loss"] == pytest.approx(-wall, abs=0.011)
    assert near.margin_db < 0.0 < far.margin_db


def test_every_term_is_printed_and_they_add_up_exactly():
    cand = candidate(
        station(antenna=SECTOR, azimuth_deg=70.0, tilt_deg=4.0, indoor=True, building="thermally_efficient")
    )
    victim = network("V", station(north_km=3.0, antenna=SECTOR, azimuth_deg=200.0), low_mhz=3820.0)
    found = only(run(cand, free_space_policy(), victim))
    assert round(sum(term.value for term in found.terms), 2) == found.interference_dbm_per_mhz
    assert round(found.limit_dbm_per_mhz - found.interference_dbm_per_mhz, 2) == found.margin_db
    assert [t.unit for t in found.terms] == ["dBm"] + ["dB"] * (len(found.terms) - 1)
    assert all(term.value == round(term.value, 2) for term in found.terms)


def test_a_budget_with_antennas_walls_and_half_a_channel_is_the_one_worked_in_plain_floats():
    here = station(antenna=SECTOR, azimuth_deg=0.0, indoor=True, building="traditional")
    there = station(north_km=4.0, antenna=SECTOR, azimuth_deg=150.0)
    found = only(run(candidate(here), free_space_policy(), network("V", there, low_mhz=3820.0)))
    pattern = from_spec(SECTOR, frequency_mhz=4000.0)
    towards = float(pattern.gain_dbi(0.0, 0.0)), float(pattern.gain_dbi(30.0, 0.0))
    level = (
        30.0
        + (towards[0] - 15.0)
        - 15.93
        - free_space(4000.0, between(here, there))
        + towards[1]
        + 10.0 * math.log10(20.0 / 40.0)  # half of the emission falls into the victim's channel
        - 10.0 * math.log10(40.0)
    )
    assert found.interference_dbm_per_mhz == pytest.approx(level, abs=0.1)


def test_stations_of_one_licence_count_as_one_interferer():
    one = only(run(candidate(station()), free_space_policy(), network("V", station(north_km=9.0))))
    four = candidate(*(station(name=str(i)) for i in range(4)))
    all_four = only(run(four, free_space_policy(), network("V", station(north_km=9.0))))
    assert all_four.interference_dbm_per_mhz == pytest.approx(one.interference_dbm_per_mhz + 6.02, abs=0.011)
    assert named(all_four)["other_stations"] == pytest.approx(6.02, abs=0.011)


def test_the_bystander_on_another_channel_is_not_harmed():
    answer = run(candidate(), free_space_policy(), network("V", station(north_km=1.0), low_mhz=3840.0))
    assert answer.channels[0].passes
    assert answer.assessments((3800.0, 3840.0)) == ()


def test_both_directions_are_symmetric_where_both_sides_are_alike():
    policy = free_space_policy(inward="refuse")
    out, back = run(candidate(), policy, network("V", station(north_km=5.0))).assessments((3800.0, 3840.0))
    assert {out.direction, back.direction} == {"candidate_to_incumbent", "incumbent_to_candidate"}
    assert out.margin_db == back.margin_db
    assert (out.victim, out.interferer) == (back.interferer, back.victim)


@pytest.mark.parametrize(("inward", "passes"), [("refuse", False), ("warn", True), ("ignore", True)])
def test_what_incumbents_do_to_the_candidate_fails_it_only_where_the_policy_refuses(inward, passes):
    loud = network("V", station(north_km=3.0, eirp_dbm=60.0), consents=frozenset())
    quiet = candidate(station(eirp_dbm=-40.0))
    answer = run(quiet, free_space_policy(inward=inward), loud)
    assert answer.channels[0].passes is passes
    assert any(a.margin_db < 0 for a in answer.channels[0].worst) is (inward != "ignore")


def test_a_victim_that_has_agreed_is_shown_but_does_not_refuse():
    victim = network("V", station(north_km=1.0))
    agreed = candidate(consents=frozenset({("V", "holder of V")}))
    answer = run(agreed, free_space_policy(), victim)
    found = only(answer)
    assert answer.channels[0].passes
    assert found.margin_db < 0.0
    assert found.consented
    assert found.passes


@pytest.mark.parametrize(
    ("consent", "holder"), [(("V", "Nobody at all"), "holder of V"), (("V", ""), ""), (("V", "x"), "")]
)
def test_only_the_holder_that_the_register_names_can_agree(consent, holder):
    victim = replace(network("V", station(north_km=1.0)), holder=holder)
    answer = run(candidate(consents=frozenset({consent})), free_space_policy(), victim)
    assert not answer.channels[0].passes
    assert not only(answer).consented


def test_a_receiving_station_whose_antenna_is_not_known_has_the_gain_of_the_policy():
    victim = network("V", station(north_km=5.0))
    found = {
        gain: only(run(candidate(), free_space_policy(default_receive_gain_dbi=gain), victim)).margin_db
        for gain in (0.0, 17.0)
    }
    assert found[0.0] - found[17.0] == pytest.approx(17.0)
    sector = network("V", station(north_km=5.0, antenna={"pattern": "isotropic", "gain_dbi": 3.0}))
    known = only(run(candidate(), free_space_policy(default_receive_gain_dbi=17.0), sector)).margin_db
    assert found[0.0] - known == pytest.approx(3.0)


def test_synchronised_networks_do_not_test_base_to_base_nor_terminal_to_terminal():
    policy = free_space_policy(
        BASE_I_N,
        TERMINAL_I_N,
        pairs=frozenset(["base-base", "base-terminal", "terminal-base", "terminal-terminal"]),
    )
    cand, victim = with_terminals(candidate()), with_terminals(network("V", station(north_km=2.0)))
    apart = run(cand, policy, victim).assessments((3800.0, 3840.0))
    assert {a.pair for a in apart} == set(policy.pairs)
    together = run(replace(cand, tdd=GNSS), policy, replace(victim, tdd=GNSS)).assessments((3800.0, 3840.0))
    assert {a.pair for a in together} == {"base-terminal", "terminal-base"}
    assert all(a.synchronised and "DDDSU" in a.synchronisation_reason.en for a in together)


def test_a_terminal_stands_at_the_nearest_point_of_its_circle():
    policy = free_space_policy(TERMINAL_I_N, pairs=frozenset(["base-terminal"]))
    victim = with_terminals(network("V", station(north_km=5.0)), radius_m=2000.0)
    found = only(run(candidate(), policy, victim))
    assert found.distance_km == pytest.approx(between(station(), station(north_km=5.0)) - 2.0, abs=0.002)
    assert found.victim == "V/terminals"


def test_inside_the_circle_of_a_terminal_no_discrimination_is_credited():
    policy = free_space_policy(TERMINAL_I_N, pairs=frozenset(["base-terminal"]))
    away = candidate(station(antenna=SECTOR, azimuth_deg=180.0))
    outside = with_terminals(network("V", station(north_km=5.0)), radius_m=2000.0)
    around = with_terminals(network("V", station(north_km=1.0)), radius_m=2000.0)
    assert named(only(run(away, policy, outside)))["tx_antenna_discrimination"] < -10.0
    assert "tx_antenna_discrimination" not in named(only(run(away, policy, around)))


def test_an_earth_station_hears_through_its_off_axis_gain():
    dish = earth_station("E", 30.0, azimuth_deg=180.0, elevation_deg=25.0)
    found = only(run(candidate(), free_space_policy(EARTH_STATION_SUM), earth_stations=(dish,)))
    terms = named(found)
    gain = terms["rx_antenna_gain"] + terms["rx_antenna_discrimination"]
    assert gain == pytest.approx(32.0 - 25.0 * math.log10(25.1), abs=0.1)  # the horizon dips a little
    assert found.limit_dbm_per_mhz == pytest.approx(-118.6 - 12.2, abs=0.011)


def test_the_worst_pointing_of_an_arc_counts_and_an_unknown_pointing_is_the_worst_azimuth():
    policy = free_space_policy(EARTH_STATION_SUM)

    def level(**pointing):
        dish = earth_station("E", 30.0, **pointing)
        return only(run(candidate(), policy, earth_stations=(dish,))).interference_dbm_per_mhz

    steep = level(azimuth_deg=180.0, elevation_deg=40.0)
    low = level(azimuth_deg=180.0, elevation_deg=10.0)
    assert level(azimuth_deg=180.0, elevation_deg=40.0, arc=((180.0, 10.0),)) == low > steep
    unknown = level(azimuth_deg=None, elevation_deg=None)
    assert unknown == level(azimuth_deg=180.0, elevation_deg=policy.unknown_pointing_elevation_deg)


def test_a_fixed_link_in_line_hears_most():
    def link(azimuth_km_east):
        there = station(20.0, 0.0)
        far = station(40.0, azimuth_km_east)
        return FixedLink(
            "F",
            "carrier",
            LinkEnd(far.latitude_deg, far.longitude_deg, 30.0, 35.0),
            LinkEnd(there.latitude_deg, there.longitude_deg, 30.0, 35.0),
            3800.0,
            3830.0,
        )

    criterion = replace(BASE_I_N, id="link", victim="fixed_link", i_over_n_db=-10.0)
    policy = free_space_policy(criterion)
    # The candidate stands south of the receiver; the far end of the link stands north of it, or east.
    behind = only(run(candidate(), policy, fixed_links=(link(0.0),)))
    facing = FixedLink("F", "carrier", link(0.0).receiver, link(0.0).transmitter, 3800.0, 3830.0)
    in_line = only(run(candidate(), policy, fixed_links=(facing,)))
    assert named(behind)["rx_antenna_discrimination"] < -35.0
    assert named(in_line).get("rx_antenna_discrimination", 0.0) > -0.1


def test_a_fixed_link_looks_up_at_its_far_end():
    valley, summit = station(20.0), station(10.0)
    link = FixedLink(
        "F",
        "carrier",
        LinkEnd(summit.latitude_deg, summit.longitude_deg, 900.0, 35.0),
        LinkEnd(valley.latitude_deg, valley.longitude_deg, 20.0, 35.0),
        3800.0,
        3830.0,
    )
    policy = free_space_policy(replace(BASE_I_N, victim="fixed_link", i_over_n_db=-10.0))

    def lost(height_m):
        found = only(run(candidate(station(15.0, height_m=height_m)), policy, fixed_links=(link,)))
        return -named(found).get("rx_antenna_discrimination", 0.0)

    # Half way, the line between the ends is 460 m up less 3 m of Earth bulge.
    assert lost(457.0) < 0.1
    assert lost(10.0) > 10.0
    # a mast of 10 m stands 5.06 degrees below that line: 880 m over 10 km, and 10 m down over 5 km
    pattern = from_spec({"pattern": "f699", "gain_dbi": 35.0}, frequency_mhz=4000.0)
    assert lost(10.0) == pytest.approx(35.0 - float(pattern.gain_dbi(0.0, 5.06)), abs=0.3)


def test_the_first_five_megahertz_rule_stops_where_the_policy_says():
    leaky = {"base_mask": free_space_policy().base_mask or _mask(), "adjacent_limit_mhz": {"base": 5.0}}
    policy = free_space_policy(**leaky)
    for gap, tested in ((0.0, True), (4.9, True), (5.0, False), (60.0, False)):
        victim = network("V", station(north_km=0.5), low_mhz=3840.0 + gap)
        found = run(candidate(), policy, victim).assessments((3800.0, 3840.0))
        assert bool(found) is tested, gap


def _mask():
    from comity.coordination.mask import BASE_MASK

    return BASE_MASK


def test_below_a_quarter_kilometre_neither_terrain_nor_clutter_is_credited():
    policy = free_space_policy(mobile_model="p1812", clutter="profile")
    ground = FlatGround(cover_height_m=15.0)
    found = {}
    for metres in (249.0, 400.0):
        victim = network("V", station(north_km=metres / 1000.0))
        answer = coordinate(candidate(), Incumbents((victim,)), ground, policy)
        found[metres] = only(answer)
    assert found[249.0].model == "free_space"
    assert found[249.0].location_percent is None
    loss = -named(found[249.0])["basic_transmission_loss"]
    assert loss == pytest.approx(free_space(4000.0, found[249.0].distance_km), abs=0.02)
    assert found[400.0].model == "p1812"
    assert -named(found[400.0])["basic_transmission_loss"] > free_space(4000.0, 0.4) + 5.0


@pytest.mark.parametrize("clutter", ["profile", "p2108", "none"])
def test_clutter_is_credited_once(clutter):
    policy = free_space_policy(mobile_model="p1812", clutter=clutter)
    ground = FlatGround(cover_height_m=20.0)
    victim = network("V", station(north_km=3.0))
    terms = named(only(coordinate(candidate(), Incumbents((victim,)), ground, policy)))
    bare = named(only(coordinate(candidate(), Incumbents((victim,)), FlatGround(), policy)))
    profile_pays = terms["basic_transmission_loss"] < bare["basic_transmission_loss"] - 1.0
    ends_pay = "tx_clutter_loss" in terms or "rx_clutter_loss" in terms
    assert (profile_pays, ends_pay) == {
        "profile": (True, False),
        "p2108": (False, True),
        "none": (False, False),
    }[clutter]
