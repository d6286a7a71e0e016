"""The shipped examples, decided on real terrain: outcomes, numbers, alternatives, sentences."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from spectrum_kit import application_of, finding

from comity.casework.changes import with_changes
from comity.casework.decide import decide
from comity.programmes.spectrum.application import SpectrumApplication
from comity.programmes.spectrum.programme import PROGRAMME


def test_every_example_says_that_it_is_one(decisions):
    assert len(decisions) >= 5
    assert all(d.application["example"] is True for d in decisions.values())


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("tw-hsinchu-fab", "granted_with_conditions"),
        ("tw-kaohsiung-port", "referred"),
        ("uk-skye-distillery-low", "granted"),
        ("uk-skye-distillery-medium", "granted"),
        ("uk-skye-too-strong", "refused"),
    ],
)
def test_an_example_ends_as_its_guide_says(decisions, name, outcome):
    assert decisions[name].outcome == outcome


def test_the_hsinchu_fab_keeps_the_boundary_level_only_because_of_its_building(decisions):
    decision = decisions["tw-hsinchu-fab"]
    # Facts A7: 113.9 dB needed from -11.2 dBm per resource element; one cell at 180 m, 91.2 dB of free space.
    level = finding(decision, "TW-R2")
    assert level.details["term_eirp"] + level.details["term_reference_bandwidth"] == pytest.approx(
        -11.2, abs=0.06
    )
    assert level.details["term_basic_transmission_loss"] == pytest.approx(-91.2, abs=0.1)
    assert 0 < level.margin < 7.8
    (condition,) = [c for c in decision.award["conditions"] if "thermally efficient" in c["en"]]
    assert "measured" in condition["en"]
    assert "量測" in condition["zh-Hant"]


def test_a_fee_that_is_not_published_is_shown_as_not_computable_and_never_as_zero(decisions):
    fees = decisions["tw-hsinchu-fab"].award["fees"]
    assert fees
    assert all(fee["amount"] is None and fee["missing"] for fee in fees)


def test_a_british_fee_is_80_pounds_for_each_10_mhz(decisions):
    (total,) = [f for f in decisions["uk-skye-distillery-low"].award["fees"] if f["id"] == "fee.total"]
    assert (total["amount"], total["currency"]) == (320, "GBP")


def test_the_port_needs_the_consent_of_the_microwave_link_and_a_special_review(decisions):
    decision = decisions["tw-kaohsiung-port"]
    zone = finding(decision, "TW-K2")
    assert zone.outcome == "unknown"
    assert zone.margin < 0
    assert finding(decision, "TW-D4").outcome == "unknown"
    assert finding(decision, "TW-S1").outcome == "unknown"
    assert decision.award["term"]["end"] == "2032-06-30"


def test_on_skye_one_channel_is_refused_with_numbers_and_another_granted(decisions):
    decision = decisions["uk-skye-distillery-low"]
    first, second = decision.considered[:2]
    assert (first.id, first.passes, first.chosen) == ("3985-4025 MHz", False, False)
    assert (second.id, second.passes, second.chosen) == ("3845-3885 MHz", True, True)
    worst = next(f for f in first.findings if f.outcome == "fail")
    assert worst.margin == pytest.approx(worst.limit - worst.measured)
    assert worst.margin < 0
    assert worst.citation
    assert any("3985-4025 MHz" in r.en and "dB above the limit" in r.en for r in decision.reasons)


@pytest.mark.parametrize("name", ["uk-skye-distillery-low", "uk-skye-distillery-medium"])
def test_flattening_the_terrain_changes_the_award(decisions, worlds, name):
    """The hill between Carbost and Fiskavaig hides the earth station; on flat land its channel is lost."""
    world = worlds[name]
    real = decisions[name]
    flat = decide(application_of(name), replace(world, ground=world.ground.flattened()), PROGRAMME)
    assert real.outcome == "granted"
    assert flat.outcome == "referred"
    lost = next(o for o in flat.considered if o.id == real.considered[1].id)
    assert real.considered[1].chosen
    assert not lost.passes
    assert any("ES-FISKAVAIG" in f.subject and f.outcome == "fail" for f in lost.findings)
    assert all(
        a.award["channel"] != real.award["channel"] for a in flat.alternatives if "dB less" not in a.title.en
    )


def test_who_asks_for_too_much_power_is_refused_with_limit_and_margin_and_told_what_would_pass(decisions):
    decision = decisions["uk-skye-too-strong"]
    power = finding(decision, "UK-P4")
    assert (power.measured, power.limit, power.margin) == (33.0, 27.0, -6.0)
    assert decision.alternatives[0].changes["stations.0.eirp_dbm"] == 27.0
    assert decision.alternatives[0].outcome == "granted"


def test_every_alternative_passes_when_it_is_decided_by_itself(decisions, worlds):
    for name, decision in decisions.items():
        for alternative in decision.alternatives:
            other = SpectrumApplication.model_validate(
                with_changes(decision.application, alternative.changes)
            )
            again = decide(other, worlds[name], PROGRAMME, alternatives=False)
            assert again.outcome.is_grant, (name, alternative.title.en)
            assert again.award == alternative.award


def test_the_other_reading_of_the_boundary_level_is_missed_by_as_much_as_the_channel_is_wider(
    decisions, worlds
):
    """Total power against one of 3276 resource elements: 35.15 dB."""
    name = "tw-hsinchu-fab"
    world = replace(worlds[name], settings={"interpretation.boundary_metric": "total_power"})
    decision = decide(application_of(name), world, PROGRAMME, alternatives=False)
    shift = finding(decisions[name], "TW-R2").margin - finding(decision, "TW-R2").margin
    assert shift == pytest.approx(35.15, abs=0.02)
    assert decision.outcome == "referred"
    assert decision.settings == {"interpretation.boundary_metric": "total_power"}


def _numbers(text: str) -> list[str]:
    return sorted(re.findall(r"−?\d+(?:[.,]\d+)*", text))


def test_both_languages_carry_the_same_numbers(decisions):
    for decision in decisions.values():
        texts = [f.text for f in decision.findings]
        texts += [f.text for o in decision.considered for f in o.findings]
        texts += [*decision.reasons, *(a.title for a in decision.alternatives)]
        for text in texts:
            assert _numbers(text.en) == _numbers(text.zh), text
        for condition in (decision.award or {}).get("conditions", ()):
            assert _numbers(condition["en"]) == _numbers(condition["zh-Hant"])


def test_every_no_carries_rule_citation_and_evidence(decisions):
    for decision in decisions.values():
        for finding_ in decision.findings:
            if finding_.outcome in ("fail", "unknown"):
                assert finding_.rule
                assert finding_.citation
                assert finding_.evidence


def test_every_assumption_that_a_finding_names_is_listed(decisions):
    for decision in decisions.values():
        listed = {assumption.fact for assumption in decision.assumptions}
        assert all(set(f.assumptions) <= listed for f in decision.findings)
