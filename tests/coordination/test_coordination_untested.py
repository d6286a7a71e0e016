"""Whoever hears the candidate is tested, or named among those who are not."""

from __future__ import annotations

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

from comity.coordination.coordinate import coordinate
from comity.coordination.incumbents import Incumbents


def test_an_earth_station_without_a_criterion_is_named_and_one_in_another_band_is_not():
    near = earth_station("near", 3.0)
    other = earth_station("other", 3.0, low_mhz=5000.0, high_mhz=5100.0)
    answer = coordinate(
        candidate(), Incumbents(earth_stations=(near, other)), FlatGround(), free_space_policy(BASE_I_N)
    )
    assert [(victim, kind) for victim, kind, _ in answer.uncovered] == [("near", "earth_station")]
    covered = coordinate(
        candidate(), Incumbents(earth_stations=(near,)), FlatGround(), free_space_policy(EARTH_STATION_SUM)
    )
    assert covered.uncovered == ()


class NoGround(FlatGround):
    """A ground that knows nothing outside the neighbourhood."""

    def paths(self, *args, **settings):
        raise AssertionError("no terrain is read towards what lies beyond the coordination distance")


def test_an_earth_station_700_km_away_is_named_and_needs_no_terrain():
    policy = free_space_policy(EARTH_STATION_SUM, protected_model="p452", max_distance_km=200.0)
    far = earth_station("far", 700.0)
    answer = coordinate(candidate(), Incumbents(earth_stations=(far,)), NoGround(), policy)
    ((victim, kind, km),) = answer.beyond
    assert (victim, kind) == ("far", "earth_station")
    assert 695.0 < km < 705.0
    assert answer.channels[0].passes
    assert answer.channels[0].tested == 0


def test_the_coordination_distance_is_met_on_either_side():
    policy = free_space_policy(max_distance_km=50.0)
    names = {49.0: False, 51.0: True}
    for km, named in names.items():
        victim = network("V", station(north_km=km))
        answer = coordinate(candidate(station(eirp_dbm=80.0)), Incumbents((victim,)), FlatGround(), policy)
        assert bool(answer.beyond) is named
        assert answer.channels[0].tested == (0 if named else 1)
