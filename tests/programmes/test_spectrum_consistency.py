"""Whether what is stated hangs together: place and law, channel and raster, power and antenna, term and day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from comity.casework.changes import with_changes
from comity.casework.decide import decide
from comity.casework.intake import read_application
from comity.programmes.spectrum.application import SpectrumApplication
from comity.programmes.spectrum.consistency import nation
from comity.programmes.spectrum.geometry import inside_m
from comity.programmes.spectrum.programme import PROGRAMME
from comity.programmes.spectrum.site import Site
from comity.programmes.spectrum.station import Station
from comity.programmes.spectrum.world import open_world

EXAMPLES = Path(__file__).parents[2] / "examples"
DAY = date(2026, 3, 2)
SKYE, FAB = "uk-skye-distillery-low", "tw-hsinchu-fab"
MEDIUM = "uk-skye-distillery-medium"


@pytest.fixture(scope="module")
def worlds():
    skye = open_world("uk-sal", today=DAY, register=EXAMPLES / "uk-skye-register.csv")
    fab = open_world("tw-mbd", today=DAY, register=EXAMPLES / "tw-hsinchu-register.csv")
    return {SKYE: skye, MEDIUM: skye, FAB: replace(fab, ground=skye.ground)}


def document_of(name):
    return read_application(EXAMPLES / f"{name}.toml", SpectrumApplication).model_dump(mode="json")


def changed(name, **paths):
    return SpectrumApplication.model_validate(
        with_changes(document_of(name), {k.replace("__", "."): v for k, v in paths.items()})
    )


def decided(worlds, name, **paths):
    return decide(changed(name, **paths), worlds[name], PROGRAMME, alternatives=False)


def answer(decision, rule):
    return next(f for f in decision.findings if f.rule == rule)


@pytest.mark.parametrize(("regime", "name", "rule"), [("tw-mbd", SKYE, "TW-R11"), ("uk-sal", FAB, "UK-B8")])
def test_a_law_ends_at_the_border(worlds, regime, name, rule):
    band = {"tw-mbd": "4800-4900", "uk-sal": "3800-4200"}[regime]
    decision = decided(worlds, name, regime=regime, radio__band=band, radio__channels=[])
    assert decision.outcome == "refused"
    assert answer(decision, rule).outcome == "fail"


def test_near_the_land_border_of_northern_ireland_an_officer_answers(worlds):
    """Newry, 54.18 N 6.34 W: no box can tell the sides of that border."""
    from comity.programmes.spectrum.consistency import in_territory
    from comity.programmes.spectrum.facts import FactBook

    book = FactBook(worlds[SKYE].pack("uk-sal"), DAY)
    places = {
        "Newry": (54.18, -6.34),
        "Paris": (48.86, 2.35),
        "Leeds": (53.80, -1.55),
        "Dublin": (53.35, -6.26),
    }
    found = {name: in_territory(book, [_station(*place)]) for name, place in places.items()}
    assert found == {"Newry": None, "Paris": False, "Leeds": True, "Dublin": False}


def test_the_taiwan_strait_has_two_sides(worlds):
    from comity.programmes.spectrum.consistency import in_territory
    from comity.programmes.spectrum.facts import FactBook

    book = FactBook(worlds[FAB].pack("tw-mbd"), DAY)
    inside = {
        "Kinmen": (24.43, 118.32),
        "Magong": (23.57, 119.57),
        "Nangan": (26.16, 119.94),
        "Lanyu": (22.05, 121.55),
    }
    outside = {"Xiamen": (24.48, 118.09), "Fuzhou": (26.07, 119.30), "Pingtan": (25.50, 119.79)}
    assert all(in_territory(book, [_station(*place)]) for place in inside.values())
    assert not any(in_territory(book, [_station(*place)]) for place in outside.values())


def _station(latitude, longitude):
    return Station(id="S", latitude=latitude, longitude=longitude, height_m=5, eirp_dbm=20)


@pytest.mark.parametrize(
    ("latitude", "longitude", "expected"),
    [
        (57.30, -6.36, "scotland"),
        (55.86, -4.25, "scotland"),
        (53.80, -1.55, "england_wales"),
        (51.48, -3.18, "england_wales"),
        (54.60, -5.93, "northern_ireland"),
        (55.60, -2.44, None),  # Coldstream, on the border
    ],
)
def test_the_nation_is_named_only_where_it_is_certain(latitude, longitude, expected):
    assert nation([_station(latitude, longitude)]) == expected


@pytest.mark.parametrize(
    ("name", "changes", "rule", "outcome"),
    [
        (FAB, {"radio__duplex": "fdd"}, "TW-R12", "fail"),
        (SKYE, {"radio__duplex": "fdd"}, "UK-B9", "fail"),
        (
            SKYE,
            {"radio__subcarrier_spacing_khz": 15, "radio__bandwidth_mhz": 60, "radio__channels": []},
            "UK-B10",
            "unknown",
        ),
        (SKYE, {"radio__channels": [{"low_mhz": 3847.3, "high_mhz": 3887.3}]}, "UK-B11", "unknown"),
        (SKYE, {"stations__0__indoor": True, "stations__0__height_m": 900}, "UK-P9", "unknown"),
        (FAB, {"stations__0__height_m": 60}, "TW-R18", "unknown"),
        (FAB, {"stations__0__height_m": 60, "site__building_height_m": 70}, "TW-R18", "pass"),
        (FAB, {"site__right__valid_to": "2020-01-01"}, "TW-T3", "fail"),
        (FAB, {"term__start": "2090-01-01", "term__end": "2099-01-01"}, "TW-T4", "unknown"),
        (SKYE, {"term__start": "2001-01-01"}, "UK-T4", "unknown"),
        (SKYE, {"term__start": "2090-01-01", "term__end": "2190-01-01"}, "UK-T4", "unknown"),
    ],
)
def test_what_does_not_hang_together_is_not_granted(worlds, name, changes, rule, outcome):
    decision = decided(worlds, name, **changes)
    assert answer(decision, rule).outcome == outcome
    assert decision.outcome.is_grant == (outcome == "pass")


def test_a_right_that_ended_before_the_start_is_refused_and_a_raster_from_memory_only_refers(worlds):
    assert decided(worlds, FAB, site__right__valid_to="2020-01-01").outcome == "refused"
    off = decided(worlds, SKYE, radio__channels=[{"low_mhz": 3847.3, "high_mhz": 3887.3}])
    assert off.outcome == "referred"
    assert "3847.3-3887.3" in answer(off, "UK-B11").text.en


def test_a_start_that_went_by_during_the_procedure_becomes_the_day_of_the_decision(worlds):
    world = replace(worlds[FAB], today=date(2026, 6, 1), memory={})
    decision = decide(changed(FAB), world, PROGRAMME, alternatives=False)
    assert decision.outcome.is_grant
    assert str(decision.award["term"]["start"]) == "2026-06-01"


def test_the_longest_term_runs_from_the_issue(worlds):
    """Ten years from 2 March 2026, though the applicant means to start in August."""
    decision = decided(worlds, FAB, term__start="2026-08-01", term__end="2040-01-01")
    assert str(decision.award["term"]["end"]) == "2036-03-01"


def test_a_dish_that_looks_at_the_ground_is_no_base_station_antenna(worlds):
    dish = {"pattern": "f699", "gain_dbi": 60}
    stated = {"eirp_dbm": 30, "tilt_deg": 90, "output_power_w": 100, "antenna": dish}
    decision = decided(worlds, MEDIUM, stations=[{**document_of(MEDIUM)["stations"][0], **stated}])
    assert decision.outcome == "referred"
    assert answer(decision, "UK-P7").outcome == "unknown"
    assert answer(decision, "UK-P8").outcome == "unknown"
    mismatch = answer(decision, "UK-P6")
    # 100 W is 50 dBm; with 60 dBi that is 110 dBm, and 30 dBm were stated.
    assert (mismatch.outcome, mismatch.measured) == ("unknown", 80.0)


@pytest.mark.parametrize(("eirp_dbm", "agrees"), [(42, True), (30, False)])
def test_eirp_agrees_with_output_power_and_gain(worlds, eirp_dbm, agrees):
    """0.4 W is 26 dBm, with 16 dBi of the sector 42 dBm."""
    decision = decided(worlds, MEDIUM, stations__0__output_power_w=0.4, stations__0__eirp_dbm=eirp_dbm)
    assert (answer(decision, "UK-P6").outcome == "pass") == agrees


@pytest.mark.parametrize("height_m", [0, 0.5])
def test_an_antenna_lower_than_a_metre_is_refused_at_intake(height_m):
    with pytest.raises(ValueError, match="height_m"):
        changed(SKYE, stations__0__height_m=height_m)


def test_a_fence_ends_at_the_boundary_and_is_a_condition(worlds):
    decision = decided(worlds, FAB, stations__0__public_distance_m=9999, stations__1__public_distance_m=3)
    (condition,) = [c["en"] for c in decision.award["conditions"] if "Nobody of the public" in c["en"]]
    assert "C2 3.0 m" in condition
    stated = float(condition.split("C1 ")[1].split(" m")[0])
    # C1 stands 180 m inside the southern fence and 170 m inside the western one.
    assert 160 < stated < 180


def test_a_place_lies_as_far_inside_a_circle_as_its_radius_leaves():
    circle = Site(name="x", centre=(57.30, -6.36), radius_m=100, indoor=False)
    assert inside_m(circle, (57.30, -6.36)) == 100.0
    assert inside_m(circle, (57.40, -6.36)) == 0.0


def test_a_smaller_circle_does_not_take_medium_power_away_from_neighbours(worlds):
    wide, narrow = (decided(worlds, MEDIUM, site__radius_m=r) for r in (500, 5))
    assert [o.details["margin_db"] for o in wide.considered] == [
        o.details["margin_db"] for o in narrow.considered
    ]


def test_several_low_power_stations_at_one_place_are_told(worlds):
    station = document_of(SKYE)["stations"][0]
    stations = [{**station, "id": f"S{i}"} for i in range(4)]
    found = answer(decided(worlds, SKYE, stations=stations), "UK-P10")
    # Four of 30 dBm are 36.02 dBm.
    assert (found.outcome, found.measured) == ("warn", 36.02)


def test_26_ghz_is_decided_by_a_model_that_holds_there(worlds):
    decision = decided(
        worlds,
        SKYE,
        radio__band="26ghz",
        radio__bandwidth_mhz=50,
        radio__channels=[],
        radio__subcarrier_spacing_khz=120,
    )
    assert decision.award is not None


@pytest.mark.parametrize(
    ("band", "group"), [("3800-4200", "uk-sal 3800-4200"), ("2300", None), ("26ghz", None)]
)
def test_synchronisation_is_assumed_only_where_it_was_said(worlds, band, group):
    from comity.programmes.spectrum.study import study_of

    width = {"3800-4200": 40, "2300": 10, "26ghz": 50}[band]
    asked = changed(SKYE, radio__band=band, radio__bandwidth_mhz=width, radio__channels=[])
    study = study_of(asked, replace(worlds[SKYE], memory={}))
    assert study.candidate.sync_group == group
    assert study.policy.synchronisation == ("assumed" if group else "derived")


def test_what_the_engine_assumes_is_listed(worlds):
    listed = {a.fact for a in decided(worlds, FAB).assumptions} | {
        a.fact for a in decided(worlds, SKYE).assumptions
    }
    assert {
        "terrain.cover.degurba_21_m",
        "interpretation.boundary_indoor_exit_percent",
        "interpretation.boundary_spacing_m",
        "coordination.resource_blocks",
        "coordination.density",
        "coordination.default_receive_gain_dbi",
    } <= listed
