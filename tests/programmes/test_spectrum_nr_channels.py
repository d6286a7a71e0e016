"""A width and subcarrier spacing that NR does not have together are decided: to a person, with what NR has instead."""

from __future__ import annotations

from dataclasses import replace

import pytest
from spectrum_kit import DAY, application_of, changed, finding

from comity.casework.decide import decide
from comity.coordination.field import RANGE_1, RANGE_2
from comity.programmes.spectrum.availability import Question, availability
from comity.programmes.spectrum.candidates import candidates
from comity.programmes.spectrum.coverage import measure_of
from comity.programmes.spectrum.facts import FactBook
from comity.programmes.spectrum.programme import PROGRAMME
from comity.programmes.spectrum.study import study_of
from comity.rules.load import load_pack

FAB = "tw-hsinchu-fab"


def fab(width_mhz, spacing_khz, **more):
    plan = {"radio__bandwidth_mhz": width_mhz, "radio__subcarrier_spacing_khz": spacing_khz}
    return changed(FAB, radio__channels=[], **plan, **more)


@pytest.mark.parametrize(
    ("width_mhz", "spacing_khz", "has"),
    [
        (100, 15, "5, 10, 15, 20, 25, 30, 35, 40, 45, 50"),
        (12, 30, "5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 60, 70, 80, 90, 100"),
        (7.5, 60, "10, 15, 20, 25, 30, 35, 40, 45, 50, 60, 70, 80, 90, 100"),
    ],
)
def test_a_channel_that_nr_does_not_have_goes_to_a_person_with_what_it_has(
    worlds, width_mhz, spacing_khz, has
):
    decision = decide(fab(width_mhz, spacing_khz), worlds[FAB], PROGRAMME, alternatives=False)
    assert decision.outcome == "referred"
    said = finding(decision, "TW-R13")
    assert said.outcome == "unknown"
    for text, listed in ((said.text.en, has), (said.text.zh, has.replace(", ", "、"))):
        assert f"{width_mhz:g} MHz" in text
        assert f"{listed} MHz" in text


def test_what_hangs_on_the_level_of_a_resource_element_is_unknown_and_never_passed(worlds):
    decision = decide(fab(100, 15), worlds[FAB], PROGRAMME, alternatives=False)
    for rule in ("TW-R2", "TW-K1", "TW-K2"):
        assert finding(decision, rule).outcome == "unknown"
        assert "TW-R13" in finding(decision, rule).text.en
    assert finding(decision, "TW-D4").outcome == "unknown"


def test_the_total_power_reading_needs_no_resource_elements(worlds):
    world = replace(worlds[FAB], settings={"interpretation.boundary_metric": "total_power"}, memory={})
    decision = decide(fab(100, 15), world, PROGRAMME, alternatives=False)
    assert finding(decision, "TW-R2").outcome == "fail"
    assert finding(decision, "TW-K1").outcome in ("pass", "unknown")
    assert finding(decision, "TW-R13").outcome == "unknown"


def test_the_spacings_that_nr_has_at_that_width_are_offered_where_they_pass(worlds):
    """The example itself passes at 30 kHz: the same plan at 15 kHz is led back to it."""
    decision = decide(fab(100, 15), worlds[FAB], PROGRAMME)
    offered = [a.changes for a in decision.alternatives]
    assert {"radio.subcarrier_spacing_khz": 30} in offered
    assert all(set(change) == {"radio.subcarrier_spacing_khz"} for change in offered)


def test_a_narrower_channel_is_tried_where_no_spacing_gives_the_width(worlds):
    application = fab(12, 30, stations__0__eirp_dbm=10)
    assessment = PROGRAMME.assess(application, worlds[FAB])
    tried = list(candidates(application, worlds[FAB], assessment))
    assert tried
    assert {c.changes["radio.bandwidth_mhz"] for c in tried} == {10.0}


def test_the_map_of_such_a_channel_shows_a_density_and_no_limit(worlds):
    study = study_of(fab(100, 15), worlds[FAB])
    assert study.boundary is None
    assert study.touches is None
    measure = measure_of(study.candidate, study.policy)
    assert (measure.unit, measure.per_element, measure.limit_dbm) == ("dBm/MHz", False, None)
    usual = study_of(application_of(FAB), worlds[FAB])
    assert measure_of(usual.candidate, usual.policy).limit_dbm == -125.0


def test_a_question_for_a_width_that_nr_does_not_have_is_answered(worlds):
    question = Question("tw-mbd", 24.7745, 121.002, 12.0, 10.0, 9.0, 200.0, DAY)
    answer = availability(question, worlds[FAB])
    assert "TW-R2" in {f.rule for f in answer.obstacles}
    assert answer.free == 0


def book_of(regime):
    return FactBook(load_pack(regime), DAY)


@pytest.mark.parametrize("regime", ["tw-mbd", "uk-sal"])
def test_the_tables_of_the_regimes_are_those_that_the_engine_divides_by(regime):
    book = book_of(regime)
    tables = {"resource_blocks": RANGE_1}
    if regime == "uk-sal":
        tables["resource_blocks_range_2"] = RANGE_2
    for name, engine in tables.items():
        kept = {(spacing, width): blocks for spacing, width, blocks in book.rows(f"coordination.{name}")}
        assert kept == {(scs, width): n for scs, row in engine.items() for width, n in row.items()}


@pytest.mark.parametrize("width_mhz", [15, 35, 45])
def test_the_widths_between_the_tens_are_nr_channels(worlds, width_mhz):
    """3GPP TS 38.104 table 5.3.2-1 has them at 30 kHz; 35 and 45 MHz came with Release 17."""
    decision = decide(fab(width_mhz, 30), worlds[FAB], PROGRAMME, alternatives=False)
    assert finding(decision, "TW-R13").outcome == "pass"


@pytest.mark.parametrize(
    ("width_mhz", "spacing_khz", "outcome"), [(100, 120, "pass"), (200, 60, "pass"), (100, 30, "unknown")]
)
def test_above_24_ghz_the_channels_of_range_2_count(worlds, width_mhz, spacing_khz, outcome):
    """26 GHz indoors at the distillery: 120 kHz is what networks there use, 30 kHz does not exist."""
    name = "uk-skye-distillery-low"
    application = changed(
        name, radio__band="26ghz", radio__channels=[], radio__bandwidth_mhz=width_mhz,
        radio__subcarrier_spacing_khz=spacing_khz,
    )  # fmt: skip
    decision = decide(application, worlds[name], PROGRAMME, alternatives=False)
    assert finding(decision, "UK-B10").outcome == outcome
