"""The shipped examples, decided on real terrain; purity, alternatives, replay, impossible input."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.casework.changes import with_changes
from comity.casework.decide import decide
from comity.casework.document import to_bytes
from comity.casework.intake import read_application
from comity.casework.replay import ReplayVerdict, replay
from comity.errors import ComityError, MissingError
from comity.programmes.spectrum.application import SpectrumApplication, Term
from comity.programmes.spectrum.derived import derived_values, term_values
from comity.programmes.spectrum.programme import PROGRAMME
from comity.programmes.spectrum.study import study_of
from comity.programmes.spectrum.world import open_world
from comity.rules.vocabulary import DECLARATIONS, DERIVED

EXAMPLES = Path(__file__).parents[2] / "examples"
DAY = date(2026, 3, 2)
NAMES = sorted(path.stem for path in EXAMPLES.glob("*-*.toml") if path.stem.startswith(("tw-", "uk-")))


def application_of(name: str) -> SpectrumApplication:
    return read_application(EXAMPLES / f"{name}.toml", SpectrumApplication)


@pytest.fixture(scope="module")
def worlds():
    """One world per example: its regime, its register, the shipped ground."""
    opened = {}
    for name in NAMES:
        application = application_of(name)
        register = EXAMPLES / application.register_file if application.register_file else None
        world = open_world(application.regime, today=DAY, register=register)
        ground = next((w.ground for w in opened.values()), world.ground)
        opened[name] = replace(world, ground=ground)
    return opened


@pytest.fixture(scope="module")
def decisions(worlds):
    return {name: decide(application_of(name), worlds[name], PROGRAMME) for name in NAMES}


def finding(decision, rule):
    return next(f for f in decision.findings if f.rule == rule)


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
            changed = SpectrumApplication.model_validate(
                with_changes(decision.application, alternative.changes)
            )
            again = decide(changed, worlds[name], PROGRAMME, alternatives=False)
            assert again.outcome.is_grant, (name, alternative.title.en)
            assert again.award == alternative.award


def test_rows_in_another_order_and_a_second_time_give_the_same_bytes(decisions, worlds):
    name = "uk-skye-distillery-low"
    world = worlds[name]
    register = world.register
    turned = replace(
        register,
        networks=register.networks[::-1],
        earth_stations=register.earth_stations[::-1],
        fixed_links=register.fixed_links[::-1],
    )
    first = to_bytes(decisions[name])
    assert (
        to_bytes(decide(application_of(name), replace(world, register=turned, memory={}), PROGRAMME)) == first
    )


def test_threads_give_the_same_bytes(decisions, worlds):
    name = "uk-skye-distillery-low"
    fresh = replace(worlds[name], memory={})
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: to_bytes(decide(application_of(name), fresh, PROGRAMME)), range(4)))
    assert set(found) == {to_bytes(decisions[name])}


@pytest.mark.parametrize("name", NAMES)
def test_a_decision_is_reproduced_from_its_file(decisions, worlds, name):
    document = json.loads(to_bytes(decisions[name]))
    later = replace(worlds[name], today=date(2040, 1, 1), memory={})
    found = replay(document, later, PROGRAMME)
    assert found.verdict is ReplayVerdict.REPRODUCED, found.differences


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("award", "stations", 0, "eirp_dbm"), 60),
        (("findings", 5, "margin"), 99),
        (("application", "stations", 0, "height_m"), 9.5),
        (("reasons", 0, "en"), "Refused"),
        (("decided_on",), "2024-01-01"),
        (("provenance", "register"), "0" * 64),
        (("assumptions", 0, "citation"), "nobody"),
    ],
)
def test_one_changed_field_is_named(decisions, worlds, path, value):
    document = json.loads(to_bytes(decisions["uk-skye-distillery-low"]))
    place = document
    for step in path[:-1]:
        place = place[step]
    assert place[path[-1]] != value
    place[path[-1]] = value
    found = replay(document, worlds["uk-skye-distillery-low"], PROGRAMME)
    assert found.verdict is ReplayVerdict.ALTERED
    dotted = ".".join(map(str, path))
    assert any(dotted == d.path or dotted.startswith(f"{d.path}.") for d in found.differences)


def test_another_register_is_a_data_edition_that_is_not_here(decisions, worlds):
    document = json.loads(to_bytes(decisions["uk-skye-distillery-low"]))
    world = worlds["uk-skye-distillery-low"]
    fewer = replace(world.register, networks=world.register.networks[1:])
    found = replay(document, replace(world, register=fewer), PROGRAMME)
    assert found.verdict is ReplayVerdict.DATA_EDITION_UNAVAILABLE
    assert "provenance.register" in {d.path for d in found.differences}


def test_ground_that_is_gone_is_a_data_edition_that_is_not_here(decisions, worlds):
    document = json.loads(to_bytes(decisions["uk-skye-distillery-low"]))
    world = worlds["uk-skye-distillery-low"]
    bare = replace(world.ground, layers=world.ground.of_kind("coastline"))
    found = replay(document, replace(world, ground=bare), PROGRAMME)
    assert found.verdict is ReplayVerdict.DATA_EDITION_UNAVAILABLE


def _changed(name, **paths):
    document = application_of(name).model_dump(mode="json")
    return SpectrumApplication.model_validate(
        with_changes(document, {k.replace("__", "."): v for k, v in paths.items()})
    )


def test_a_station_on_open_sea_is_refused(worlds):
    at_sea = _changed(
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
    away = _changed("uk-skye-distillery-low", stations__0__latitude=57.3030)
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
    strange = _changed("uk-skye-distillery-low", stations__0__antenna=antenna)
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


def test_missing_terrain_is_an_error_that_names_the_place(worlds):
    inland = _changed(
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
    decision = decide(_changed("tw-hsinchu-fab", **changes), worlds["tw-hsinchu-fab"], PROGRAMME)
    assert decision.outcome == "refused"
    assert finding(decision, rule).outcome == "fail"
    assert decision.alternatives == ()


def test_what_was_not_stated_is_unknown_and_goes_to_a_person(worlds):
    decision = decide(
        _changed("tw-hsinchu-fab", party__prc_invested=None), worlds["tw-hsinchu-fab"], PROGRAMME
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
        _changed("tw-hsinchu-fab", radio__bandwidth_mhz=80)


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


@settings(max_examples=8, deadline=None)
@given(less_db=st.integers(1, 25))
def test_less_power_never_loses_a_channel(decisions, worlds, less_db):
    name = "uk-skye-distillery-low"
    eirp_dbm = 30.0 - less_db
    weaker = _changed(name, stations__0__eirp_dbm=eirp_dbm, stations__1__eirp_dbm=eirp_dbm)
    decision = decide(weaker, worlds[name], PROGRAMME, alternatives=False)
    before = {o.id for o in decisions[name].considered if o.passes}
    assert before <= {o.id for o in decision.considered if o.passes}


def test_a_later_application_does_not_count_and_an_earlier_one_does(decisions, worlds):
    """APP-LATER asks for the same place and channel, but came after; dated before, it takes the channel."""
    name = "uk-skye-distillery-low"
    world = worlds[name]
    networks = tuple(
        replace(n, priority_date=date(2026, 2, 1)) if n.id == "APP-LATER" else n
        for n in world.register.networks
    )
    earlier = replace(world, register=replace(world.register, networks=networks))
    decision = decide(application_of(name), earlier, PROGRAMME, alternatives=False)
    assert decisions[name].considered[1].passes
    assert not decision.considered[1].passes
    assert any("APP-LATER" in f.subject for f in decision.considered[1].findings)


def test_with_the_consents_that_the_reasons_name_the_channel_passes(worlds):
    name = "uk-skye-distillery-low"
    wish = [{"low_mhz": 3985, "high_mhz": 4025}]
    alone = decide(_changed(name, radio__channels=wish), worlds[name], PROGRAMME, alternatives=False)
    (reason,) = [r.en for r in alone.reasons if "would pass with the written consent" in r.en]
    assert "SAL-DRYNOCH (Loch Harport Oysters Ltd (invented))" in reason
    holder = "Loch Harport Oysters Ltd (invented)"
    consents = [{"holder": holder, "subject": "SAL-DRYNOCH", "document": "letter"}]
    with_paper = _changed(name, radio__channels=wish, consents=consents, documents=["letter"])
    agreed = decide(with_paper, worlds[name], PROGRAMME, alternatives=False)
    assert alone.outcome == "referred"
    assert agreed.outcome.is_grant
    assert "its holder agreed" in finding(agreed, "C-mobile-terminal").text.en


def test_with_the_consents_and_the_review_the_port_is_left_with_the_boundary_alone(worlds):
    name = "tw-kaohsiung-port"
    document = application_of(name).model_dump(mode="json")
    agreed = with_changes(
        document,
        {
            "documents": [*document["documents"], "D4"],
            "consents": [
                {
                    "holder": "Harbour Microwave Co. (invented)",
                    "subject": "MW-QIJIN-LINYUAN",
                    "document": "D4",
                }
            ],
        },
    )
    reviewed = replace(worlds[name], settings={"case.special_review_passed": True})
    decision = decide(SpectrumApplication.model_validate(agreed), reviewed, PROGRAMME, alternatives=False)
    assert {f.rule for f in decision.findings if f.outcome in ("fail", "unknown")} == {"TW-R2"}


def test_ofcoms_register_is_told_by_its_header(tmp_path):
    from comity.programmes.spectrum.register import read_register

    file = tmp_path / "WTR.csv"
    file.write_text("Licence Number,Station Type\n0001,T\n")
    with pytest.raises(ComityError) as caught:
        read_register(file)
    assert "Frequency" in caught.value.render()


def test_one_neighbour_who_did_not_agree_counts_however_many_others_did(worlds):
    """Eight neighbours in the yard agreed and suffer most; the one across the loch did not agree."""
    name = "uk-skye-distillery-low"
    world = worlds[name]
    drynoch = next(n for n in world.register.networks if n.id == "SAL-DRYNOCH")
    near = tuple(
        replace(
            drynoch,
            id=f"SAL-YARD-{i}",
            transmitters=tuple(
                replace(t, latitude_deg=57.3012, longitude_deg=-6.3555) for t in drynoch.transmitters
            ),
            area=replace(drynoch.area, latitude_deg=57.3012, longitude_deg=-6.3555),
        )
        for i in range(8)
    )
    crowded = replace(world, register=replace(world.register, networks=(*world.register.networks, *near)))
    consents = [{"holder": network.holder, "subject": network.id, "document": "letter"} for network in near]
    asked = _changed(
        name,
        radio__channels=[{"low_mhz": 3985, "high_mhz": 4025}],
        consents=consents,
        documents=["letter"],
    )
    decision = decide(asked, crowded, PROGRAMME, alternatives=False)
    assert decision.outcome == "referred"
    assert any(f.outcome == "fail" and "SAL-DRYNOCH" in f.subject for f in decision.findings)
