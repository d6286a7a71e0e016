"""Input that cannot be, and what was not stated: refused with its place, or left to a person."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from spectrum_kit import NAMES, application_of, changed, finding

from comity.casework.decide import decide
from comity.errors import ComityError, MissingError
from comity.programmes.spectrum.application import Term
from comity.programmes.spectrum.derived import derived_values, term_values
from comity.programmes.spectrum.programme import PROGRAMME
from comity.programmes.spectrum.study import study_of
from comity.rules.vocabulary import DECLARATIONS, DERIVED


def test_a_station_on_open_sea_is_refused(worlds):
    at_sea = changed(
        "uk-skye-distillery-low",
        site__centre=[57.40, -6.90],
        stations__0__latitude=57.40,
        stations__0__longitude=-6.90,
        stations__1__latitude=57.40,
        stations__1__longitude=-6.90,
    )
    decision = decide(at_sea, worlds["uk-skye-distillery-low"], PROGRAMME)
    assert decision.outcome == "refused"
    assert "open sea" in finding(decision, "SITE-1").text.en
    assert decision.alternatives == ()


def test_a_station_outside_its_site_is_refused_with_the_distance(worlds):
    away = changed("uk-skye-distillery-low", stations__0__latitude=57.3030)
    found = finding(decide(away, worlds["uk-skye-distillery-low"], PROGRAMME), "SITE-2")
    assert found.outcome == "fail"
    assert found.limit == 0.0
    assert 140 < found.measured < 170


@pytest.mark.parametrize(
    ("antenna", "expected"),
    [
        ({"pattern": "f1336-secter"}, "stations.0.antenna.pattern"),
        ({"pattern": "f1336-sector", "gain_dbi": "high"}, "stations.0.antenna.gain_dbi"),
        ({"pattern": "msi", "file": "/etc/passwd"}, "names a file"),
        ({}, "stations.0.antenna"),
    ],
)
def test_an_antenna_that_is_none_is_refused_with_its_place(worlds, antenna, expected):
    strange = changed("uk-skye-distillery-low", stations__0__antenna=antenna)
    with pytest.raises(ComityError) as caught:
        decide(strange, worlds["uk-skye-distillery-low"], PROGRAMME)
    assert expected in caught.value.render()


def test_a_share_of_time_of_zero_is_refused_with_the_range(worlds):
    world = replace(worlds["tw-hsinchu-fab"], settings={"interpretation.boundary_time_percent": 0.0})
    with pytest.raises(ComityError) as caught:
        decide(application_of("tw-hsinchu-fab"), world, PROGRAMME)
    assert "percent" in caught.value.render()


def test_a_reading_that_the_law_does_not_offer_is_refused_with_the_choices(worlds):
    world = replace(worlds["tw-hsinchu-fab"], settings={"interpretation.boundary_metric": "loudness"})
    with pytest.raises(ComityError) as caught:
        decide(application_of("tw-hsinchu-fab"), world, PROGRAMME)
    assert "per_resource_element" in caught.value.render()


def test_missing_terrain_is_an_error_that_names_the_place(worlds):
    inland = changed(
        "uk-skye-distillery-low",
        site__centre=[52.50, -1.50],
        stations__0__latitude=52.50,
        stations__0__longitude=-1.50,
        stations__1__latitude=52.50,
        stations__1__longitude=-1.50,
    )
    with pytest.raises(MissingError) as caught:
        decide(inland, worlds["uk-skye-distillery-low"], PROGRAMME)
    assert re.search(r"52\.50\d\d N, 1\.50\d\d W.*\n.*comity terrain add", caught.value.render())


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"party__prc_invested": True}, "TW-E2"),
        ({"site__right__whole_site": False}, "TW-E1"),
        ({"use__interconnected_with_other_networks": True}, "TW-E6"),
    ],
)
def test_who_is_not_eligible_is_refused_and_no_radio_plan_is_offered_instead(worlds, changes, rule):
    decision = decide(changed("tw-hsinchu-fab", **changes), worlds["tw-hsinchu-fab"], PROGRAMME)
    assert decision.outcome == "refused"
    assert finding(decision, rule).outcome == "fail"
    assert decision.alternatives == ()


def test_what_was_not_stated_is_unknown_and_goes_to_a_person(worlds):
    decision = decide(
        changed("tw-hsinchu-fab", party__prc_invested=None), worlds["tw-hsinchu-fab"], PROGRAMME
    )
    assert decision.outcome == "referred"
    assert finding(decision, "TW-E2").outcome == "unknown"


def test_every_derived_value_of_the_vocabulary_is_computed(worlds):
    study = study_of(application_of("tw-kaohsiung-port"), worlds["tw-kaohsiung-port"])
    assert set(derived_values(study)) == set(DERIVED)


def test_examples_declare_only_words_that_rules_know():
    for name in NAMES:
        assert set(application_of(name).declarations) <= set(DECLARATIONS)


@pytest.mark.parametrize(
    ("start", "end", "days", "years", "months"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), 365, 1.0, 12),
        (date(2026, 1, 15), date(2027, 3, 14), 424, None, 14),
        (date(2026, 1, 15), date(2027, 3, 15), 425, None, 15),
        (date(2024, 2, 29), date(2025, 2, 27), 365, None, 12),
        (date(2026, 3, 2), date(2026, 3, 11), 10, 10 / 365, 1),
        (date(2026, 4, 1), date(2036, 3, 31), 3653, 10.0, 120),
    ],
)
def test_terms_are_counted_with_both_ends(start, end, days, years, months):
    values = term_values(Term(start=start, end=end))
    assert values["days"] == days
    assert values["month_span"] == months
    if years is not None:
        assert values["term_years"] == pytest.approx(years, abs=1e-5)


def test_a_channel_of_another_width_than_the_bandwidth_is_refused_at_intake():
    with pytest.raises(ValueError, match="is 100 MHz wide, bandwidth_mhz is 80"):
        changed("tw-hsinchu-fab", radio__bandwidth_mhz=80)


def test_ofcoms_register_is_told_by_its_header(tmp_path):
    from comity.programmes.spectrum.register import read_register

    file = tmp_path / "WTR.csv"
    file.write_text("Licence Number,Station Type\n0001,T\n")
    with pytest.raises(ComityError) as caught:
        read_register(file)
    assert "Frequency" in caught.value.render()
