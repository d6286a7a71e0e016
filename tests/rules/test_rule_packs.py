"""Promises of the rule packs that ship, and of the loader."""

from __future__ import annotations

import contextlib
import shutil
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import ComityError, MissingError, ValidityError
from comity.programmes.spectrum.application import SpectrumApplication
from comity.rules.evaluate import evaluate
from comity.rules.fact import Evidence
from comity.rules.finding import Outcome
from comity.rules.lint import lint
from comity.rules.load import PACKS, list_packs, load_folder, load_pack
from comity.rules.pack import switch
from comity.rules.schema import field_paths

SPECTRUM = [pack.id for pack in list_packs() if pack.programme == "spectrum"]


ON = date(2026, 3, 2)


FIELDS = field_paths(SpectrumApplication)


@pytest.mark.parametrize("regime", [pack.id for pack in list_packs()])
def test_every_pack_passes_the_lint(regime):
    fields = FIELDS if regime in SPECTRUM else ()
    assert [problem.render() for problem in lint(load_pack(regime), fields)] == []


@pytest.mark.parametrize("regime", SPECTRUM)
def test_every_value_has_unit_date_citation_evidence_and_day_of_checking(regime):
    pack = load_pack(regime)
    for series in pack.facts.values():
        for fact in series:
            assert fact.unit and fact.citation and fact.valid_from and fact.checked.year >= 2019, fact.id
            assert (fact.value is None) == (fact.evidence is Evidence.PENDING), fact.id


@pytest.mark.parametrize("regime", SPECTRUM)
def test_every_rule_answers_an_empty_application_without_a_guess(regime):
    findings = evaluate(load_pack(regime), {}, {}, ON)
    assert findings
    for finding in findings:
        assert finding.outcome is not Outcome.FAIL, finding.rule
        if finding.details["severity"] in ("block", "refer"):
            assert finding.outcome is Outcome.UNKNOWN, finding.rule
        if finding.details["severity"] == "block":
            assert finding.details["missing"], finding.rule
        assert finding.text.en and finding.text.zh


@pytest.mark.parametrize("regime", SPECTRUM)
def test_no_sentence_is_left_with_an_open_slot(regime):
    pack = load_pack(regime)
    for finding in evaluate(pack, {"stations": [{"id": "A"}]}, {}, ON):
        assert "{" not in finding.text.en + finding.text.zh


def test_a_pending_fee_is_never_a_number():
    pack = load_pack("tw-mbd")
    with pytest.raises(MissingError, match="not computable yet"):
        pack.value("fee.frequency.full_year_twd", on=ON)


def test_a_fact_that_the_pack_has_not_says_when_it_was_valid():
    with pytest.raises(MissingError) as caught:
        load_pack("uk-sal").fact("band.2320.low_mhz", on=date(2020, 1, 1))
    assert "2024-07-24" in caught.value.render()


@pytest.mark.parametrize(
    ("receiver", "noise_dbm_per_mhz", "threshold_dbm_per_mhz"),
    [("base", -109.0, -115.0), ("terminal", -105.0, -111.0), ("local_base", -101.0, -107.0)],
)
def test_stand_in_thresholds_are_those_of_the_table(receiver, noise_dbm_per_mhz, threshold_dbm_per_mhz):
    pack = load_pack("uk-sal")
    noise = pack.number("coordination.thermal_noise_density_dbm_per_mhz", on=ON) + pack.number(
        f"coordination.{receiver}_noise_figure_db", on=ON
    )
    assert noise == noise_dbm_per_mhz
    assert noise + pack.number("coordination.mobile_base.i_over_n_db", on=ON) == threshold_dbm_per_mhz


def test_the_boundary_reading_can_be_switched_and_shows_in_hash_and_finding():
    pack = load_pack("tw-mbd")
    other = switch(pack, {"interpretation.boundary_metric": "total_power"})
    assert other.sha256 != pack.sha256
    assert switch(pack, {"interpretation.boundary_metric": "total_power"}).sha256 == other.sha256
    (finding,) = (f for f in evaluate(other, {}, {"boundary_level_dbm": -130.0}, ON) if f.rule == "TW-R2")
    assert "total power of the channel" in finding.text.en
    assert "頻道總功率" in finding.text.zh
    assert "interpretation.boundary_metric" in finding.assumptions


def test_a_rule_lists_every_assumption_that_it_rests_on():
    (finding,) = (
        f for f in evaluate(load_pack("tw-mbd"), {}, {"boundary_level_dbm": -130.0}, ON) if f.rule == "TW-R2"
    )
    assert finding.evidence is Evidence.ASSUMPTION
    assert {name.rsplit("_", 1)[0] for name in finding.assumptions} >= {"interpretation.boundary"}
    assert finding.margin == 5.0


@pytest.mark.parametrize(
    "readings",
    [{"limits.boundary_level_dbm": -100.0}, {"interpretation.boundary_metric": "rsrq"}, {"nothing": 1}],
)
def test_what_the_law_fixes_cannot_be_switched(readings):
    with pytest.raises(ValidityError):
        switch(load_pack("tw-mbd"), readings)


@pytest.mark.parametrize("regime", ["tw-mbd", "uk-sal"])
@pytest.mark.parametrize(
    ("fact_id", "value"),
    [
        ("coordination.location_percent", float("nan")),
        ("coordination.location_percent", 100.0),
        ("coordination.mobile_base.time_percent", 0.0),
        ("coordination.mobile_base.time_percent", 50.1),
        ("coordination.building_entry_percent", 0.0),
        ("coordination.building_entry_percent", True),
        ("coordination.profile_spacing_m", float("inf")),
    ],
)
def test_a_number_outside_the_range_of_its_model_is_no_reading(regime, fact_id, value):
    with pytest.raises(ValidityError, match=r"accepted: .* to "):
        switch(load_pack(regime), {fact_id: value})


def test_the_ends_of_a_range_are_readings():
    pack = switch(load_pack("uk-sal"), {"coordination.mobile_base.time_percent": 50})
    assert pack.number("coordination.mobile_base.time_percent", on=ON) == 50.0


def test_a_fact_that_there_is_not_is_told_with_those_that_can_be_set():
    with pytest.raises(ValidityError, match=r"(?s)no such fact.*location_percent.*rules show uk-sal"):
        switch(load_pack("uk-sal"), {"coordination.locations_percent": 50.0})


def test_a_rule_over_stations_answers_once_where_all_pass_and_by_station_where_not():
    pack = load_pack("uk-sal")
    radio = {"band": "3800-4200", "bandwidth_mhz": 20.0, "channels": ()}
    stations = [{"id": f"S{n}", "indoor": True, "eirp_dbm": 20.0 + n} for n in range(4)]
    application = {"product": "low_power", "radio": radio, "stations": stations}
    (finding,) = (f for f in evaluate(pack, application, {}, ON) if f.rule == "UK-P4")
    assert (finding.subject, finding.margin) == ("S3", 4.0)
    stations[1]["eirp_dbm"] = 30.0
    failed = [f for f in evaluate(pack, application, {}, ON) if f.rule == "UK-P4"]
    assert [(f.subject, f.outcome, f.margin) for f in failed] == [("S1", Outcome.FAIL, -3.0)]


def test_findings_come_in_the_packs_order_whatever_the_order_of_fields():
    pack = load_pack("uk-sal")
    application = {"product": "low_power", "radio": {"band": "1800", "bandwidth_mhz": 3.3}}
    backwards = {key: application[key] for key in reversed(application)}
    assert evaluate(pack, application, {}, ON) == evaluate(pack, backwards, {}, ON)


def test_the_hash_follows_content_not_comments(tmp_path):
    for name in ("a", "b", "c"):
        shutil.copytree(PACKS / "de", tmp_path / name)
    fees = tmp_path / "b" / "fees.toml"
    fees.write_text("# a remark\n\n" + fees.read_text(encoding="utf-8"), encoding="utf-8")
    changed = tmp_path / "c" / "fees.toml"
    changed.write_text(
        changed.read_text(encoding="utf-8").replace("value = 1000", "value = 1001"), encoding="utf-8"
    )
    one, same, other = (load_folder(tmp_path / name).sha256 for name in ("a", "b", "c"))
    assert one == same == load_pack("de-3700").sha256
    assert other != one


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 300),
    st.floats(-200, 9000),
    st.sampled_from(["", "A", "2026-02-30"]),
)


@st.composite
def malformed(draw):
    """An application in which a few fields, or whole branches, hold something else."""
    application = {
        "product": "low_power",
        "party": {"kind": "company", "country": "TW"},
        "site": {"indoor": True, "radius_m": 50.0, "right": {"kind": "owner", "whole_site": True}},
        "stations": [{"id": "A", "indoor": False, "height_m": 9.0, "eirp_dbm": 24.0, "output_power_w": 2.0}],
        "radio": {"band": "3800-4200", "bandwidth_mhz": 40.0, "channels": [], "tdd": {"pattern": "DDDSU"}},
        "use": {"cloud": True, "foreign_core": False, "network_class": "private"},
        "term": {"start": ON, "end": ON},
        "documents": ["D1"],
        "plan_fields": ["P1"],
        "consents": [],
        "equipment": [],
    }
    for _ in range(draw(st.integers(1, 4))):
        branch = application
        key = draw(st.sampled_from(sorted(branch)))
        if isinstance(branch[key], dict) and branch[key] and draw(st.booleans()):
            branch, key = branch[key], draw(st.sampled_from(sorted(branch[key])))
        branch[key] = draw(st.one_of(SCALARS, st.lists(SCALARS, max_size=2)))
    return application


@given(malformed(), st.sampled_from(SPECTRUM))
@settings(max_examples=150, deadline=None)
def test_a_malformed_application_never_ends_in_a_traceback(application, regime):
    with contextlib.suppress(ComityError):
        assert all(finding.text.en for finding in evaluate(load_pack(regime), application, {}, ON))


def test_stations_that_lack_the_same_statement_share_one_answer():
    stations = [{"id": f"S{n}", "indoor": False} for n in range(7)]
    stations.append({"id": "T", "indoor": False, "output_power_w": 20.0, "clear_front_m": 3.0})
    stations.append({"id": "U", "indoor": False, "output_power_w": 20.0})
    found = [f for f in evaluate(load_pack("tw-mbd"), {"stations": stations}, {}, ON) if f.rule == "TW-R5"]
    assert [(f.subject, f.outcome) for f in found] == [
        ("S0, S1, S2, S3, S4 + 2", Outcome.UNKNOWN),
        ("T", Outcome.FAIL),
        ("U", Outcome.UNKNOWN),
    ]
    assert "S0, S1, S2, S3, S4 + 2" in found[0].text.en
    assert "S0, S1, S2, S3, S4 + 2" in found[0].text.zh


@pytest.mark.parametrize("regime", SPECTRUM)
def test_before_its_law_a_regime_decides_nothing(regime):
    with pytest.raises(ValidityError, match="without law in force"):
        evaluate(load_pack(regime), {}, {}, date(2010, 1, 1))
