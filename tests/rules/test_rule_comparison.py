"""Every regime's answer for the same site: rules only, unknown shown as unknown."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from comity.rules.adapt import circles_over
from comity.rules.compare import compare
from comity.rules.load import load_pack

ON = date(2026, 3, 2)
EXAMPLES = Path(__file__).parents[2] / "examples"
PACKS = {name: load_pack(name) for name in ("de-3700", "tw-mbd", "uk-sal")}
FACTORY = {
    "regime": "tw-mbd",
    "product": None,
    "party": {"kind": "company", "country": "TW", "prc_invested": False, "acts_in_own_name": True},
    "site": {"radius_m": 45.0, "indoor": True, "right": {"kind": "owner", "whole_site": True}},
    "stations": [{"id": "C1", "indoor": True, "height_m": 5.0, "eirp_dbm": 36.0}],
    "radio": {"band": "4800-4900", "bandwidth_mhz": 70.0, "channels": [], "technology": "5g_nr"},
    "use": {"network_class": "private", "cloud": False, "foreign_core": False},
    "term": {"start": ON, "end": date(2028, 3, 1)},
    "consents": [],
    "declarations": {},
}
DERIVED = {
    "area_km2": 0.01,
    "station_count": 1,
    "outdoor": False,
    "days": 731,
    "term_years": 2.0,
    "month_span": 24,
    "in_greater_london": False,
}


def answers(application=FACTORY, derived=DERIVED):
    return {a.regime: a for a in compare(PACKS.values(), application, derived, ON)}


def test_the_site_is_asked_under_each_regime_in_its_own_terms():
    found = answers()
    assert found["tw-mbd"].bandwidth_mhz == 70.0
    assert found["de-3700"].bandwidth_mhz == 70.0
    # The British list has 60 and 80 MHz, not 70: the next narrower is taken, and said.
    assert found["uk-sal"].bandwidth_mhz == 60.0
    assert any("60 MHz instead of 70 MHz" in note.en for note in found["uk-sal"].terms)


def test_power_above_a_regimes_limit_is_cut_and_said():
    british = answers()["uk-sal"]
    # 21 dBm in 5 MHz over 60 MHz is 31.79 dBm.
    assert british.eirp_limit_dbm == 31.79
    assert any("EIRP cut from 36 to 31.79 dBm" in note.en for note in british.terms)
    assert british.allowed == "yes"


def test_an_unknown_fee_is_no_amount():
    taiwanese = answers()["tw-mbd"]
    assert taiwanese.fee_amounts == ()
    assert "not computable yet" in taiwanese.fee.en


def test_a_fee_that_depends_on_land_use_is_a_range():
    german = answers()["de-3700"]
    # 1000 + 70 MHz x 2 years x 5 x (1 or 6) x 0.01 km2
    assert german.fee_amounts == (1007.0, 1042.0)


def test_a_missing_statement_makes_the_answer_unknown_and_names_it():
    party = {"kind": "company", "country": "TW", "acts_in_own_name": True}
    taiwanese = answers({**FACTORY, "party": party})["tw-mbd"]
    assert taiwanese.allowed == "unknown"
    assert "TW-E2" in {finding.rule for finding in taiwanese.reasons}


def test_a_rule_that_says_no_makes_the_answer_no():
    party = {**FACTORY["party"], "prc_invested": True}
    found = answers({**FACTORY, "party": party})
    assert found["tw-mbd"].allowed == "no"
    assert found["uk-sal"].allowed == "yes"


def test_what_only_coordination_can_give_is_listed_and_not_held_against_the_site():
    derived = {**DERIVED, "boundary_level_dbm": -60.0}
    taiwanese = answers(derived=derived)["tw-mbd"]
    assert "TW-R2" not in {finding.rule for finding in taiwanese.reasons}
    assert "strongest level at the site boundary" in {text.en for text in taiwanese.to_compute}


def test_documents_are_those_of_the_regime_whatever_was_filed():
    titles = {text.en for text in answers()["de-3700"].documents}
    assert titles == {
        "Application form (spreadsheet)",
        "Proof of site or authorisation",
        "Frequency use concept",
    }


def test_a_yard_of_300_by_200_metres_takes_fifteen_circles():
    latitude = 50.0
    metre_lat = 1 / 111_195.0
    metre_lon = metre_lat / 0.6427876096865393
    polygon = [
        (latitude, 0.0),
        (latitude, 300 * metre_lon),
        (latitude + 200 * metre_lat, 300 * metre_lon),
        (latitude + 200 * metre_lat, 0.0),
    ]
    assert circles_over({"polygon": polygon}, 50.0) == 15


@given(st.floats(50.1, 2_000.0))
@settings(deadline=None)
def test_circles_cover_the_box_around_a_larger_circle(radius_m):
    count = circles_over({"radius_m": radius_m}, 50.0)
    # Each circle covers a square of 100/sqrt(2) m at most, of 5000 m2.
    assert count * 5000 >= (2 * radius_m) ** 2 * 0.999999
    assert circles_over({"radius_m": 50.0}, 50.0) == 1


@pytest.mark.parametrize("file", sorted(p.name for p in EXAMPLES.glob("*.toml")))
def test_every_shipped_example_can_be_compared(file):
    from comity.cli import compare as verb

    runner = CliRunner()
    app = __import__("typer").Typer()
    app.command()(verb.command)
    result = runner.invoke(app, [str(EXAMPLES / file), "--on", "2026-03-02", "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert {"tw-mbd", "uk-sal", "de-3700"} <= {answer["regime"] for answer in found}
    for answer in found:
        assert answer["allowed"] in ("yes", "no", "unknown")
        assert (answer["allowed"] == "yes") == (not answer["reasons"])


def test_a_network_at_26_ghz_is_compared_at_26_ghz():
    radio = {"band": "26ghz", "bandwidth_mhz": 100.0, "channels": []}
    application = {**FACTORY, "regime": "uk-sal", "product": "low_power", "radio": radio}
    german = answers(application)["de-3700"]
    assert german.terms[0].en == "26 GHz"
    assert german.bandwidth_mhz == 100.0


def test_a_regime_without_law_on_that_day_gives_no_answer():
    found = compare(PACKS.values(), FACTORY, DERIVED, date(2020, 1, 1))
    assert [a.regime for a in found] == ["uk-sal"]


def test_a_special_review_leaves_the_answer_open():
    use = {**FACTORY["use"], "cloud": True, "cloud_endpoint_isolates": True}
    taiwanese = answers({**FACTORY, "use": use})["tw-mbd"]
    assert taiwanese.allowed == "unknown"
    assert "TW-S1" in {finding.rule for finding in taiwanese.reasons}


def test_what_only_the_sentence_shows_leaves_a_rule_to_coordination():
    """TW-K2 shows the pending microwave zones; what it needs is the engine's answer alone."""
    assert "TW-K2" not in {finding.rule for finding in answers()["tw-mbd"].reasons}
