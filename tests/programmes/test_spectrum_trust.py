"""What an applicant writes proves nothing of the authority, of neighbours, or of the day it was received."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from comity.casework.changes import with_changes
from comity.casework.decide import decide
from comity.casework.document import to_bytes
from comity.casework.intake import read_application
from comity.casework.replay import ReplayVerdict, replay
from comity.coordination.incumbents import EarthStation, FixedLink, Incumbents, LinkEnd
from comity.errors import ComityError
from comity.programmes.spectrum.application import SpectrumApplication
from comity.programmes.spectrum.programme import PROGRAMME
from comity.programmes.spectrum.world import open_world

EXAMPLES = Path(__file__).parents[2] / "examples"
DAY = date(2026, 3, 2)
SKYE, FAB = "uk-skye-distillery-low", "tw-hsinchu-fab"


@pytest.fixture(scope="module")
def worlds():
    skye = open_world("uk-sal", today=DAY, register=EXAMPLES / "uk-skye-register.csv")
    fab = open_world("tw-mbd", today=DAY, register=EXAMPLES / "tw-hsinchu-register.csv")
    return {SKYE: skye, FAB: replace(fab, ground=skye.ground)}


def changed(name, **paths):
    document = read_application(EXAMPLES / f"{name}.toml", SpectrumApplication).model_dump(mode="json")
    return SpectrumApplication.model_validate(
        with_changes(document, {k.replace("__", "."): v for k, v in paths.items()})
    )


def decided(application, world, **settings):
    world = replace(world, settings={f"case.{k}": v for k, v in settings.items()}, memory={})
    return decide(application, world, PROGRAMME, alternatives=False)


def answers(decision, rule):
    return [f for f in decision.findings if f.rule == rule]


def outcomes(decision, rule):
    return {f.outcome.value for f in answers(decision, rule)}


def _pending(world, **fields):
    """The world with APP-LATER, who asks for the same place and channel, changed."""
    networks = tuple(replace(n, **fields) if n.id == "APP-LATER" else n for n in world.register.networks)
    return replace(world, register=replace(world.register, networks=networks))


def passes(decision, channel):
    return next(o.passes for o in decision.considered if o.id == channel)


SECOND = "3845-3885 MHz"


@pytest.mark.parametrize("reference", ["AAA-FIRST", "ZZZ-LAST"])
def test_on_the_same_day_the_pending_entry_is_protected_whatever_the_reference_says(worlds, reference):
    world = _pending(worlds[SKYE], priority_date=date(2026, 3, 2))
    assert not passes(decided(changed(SKYE, reference=reference), world), SECOND)


def test_an_early_date_in_the_application_does_not_beat_the_day_of_receipt(worlds):
    world = _pending(worlds[SKYE], priority_date=date(2026, 2, 1))
    early = changed(SKYE, received_on="2001-01-01")
    assert not passes(decided(early, world, received_on="2026-03-02"), SECOND)


def test_the_order_of_receipt_decides_within_a_day(worlds):
    world = _pending(worlds[SKYE], priority_date=date(2026, 3, 2), priority_order=7)
    asked = changed(SKYE)
    assert passes(decided(asked, world, received_on="2026-03-02", received_order=3), SECOND)
    assert not passes(decided(asked, world, received_on="2026-03-02", received_order=8), SECOND)


def test_what_the_authority_adds_is_recorded_and_replayed(worlds):
    world = _pending(worlds[SKYE], priority_date=date(2026, 2, 1))
    told = replace(world, settings={"case.received_on": "2026-01-15"}, memory={})
    document = json.loads(to_bytes(decide(changed(SKYE), told, PROGRAMME)))
    assert document["settings"] == {"case.received_on": "2026-01-15"}
    assert replay(document, replace(world, memory={}), PROGRAMME).verdict is ReplayVerdict.REPRODUCED


@pytest.mark.parametrize("settings", [{"no_such_act": True}, {"received_on": "soon"}, {"urban": "yes"}])
def test_a_setting_of_the_case_that_cannot_be_read_is_told(worlds, settings):
    with pytest.raises(ComityError) as caught:
        decided(changed(SKYE), worlds[SKYE], **settings)
    assert f"case.{next(iter(settings))}" in caught.value.render()


FIRST = [{"low_mhz": 3985, "high_mhz": 4025}]
OYSTERS = "Loch Harport Oysters Ltd (invented)"


@pytest.mark.parametrize(
    ("holder", "document", "counts"),
    [(OYSTERS, "letter", True), ("Nobody at all", "letter", False), (OYSTERS, "zzz", False)],
)
def test_a_consent_counts_from_the_holder_of_the_register_and_with_its_paper(
    worlds, holder, document, counts
):
    consents = [{"holder": holder, "subject": "SAL-DRYNOCH", "document": document}]
    asked = changed(SKYE, radio__channels=FIRST, consents=consents, documents=["letter"])
    decision = decided(asked, worlds[SKYE])
    assert decision.outcome == ("granted_with_conditions" if counts else "referred")
    (paper,) = answers(decision, "REG-6")
    assert ("officer verifies" in paper.text.en) == counts
    assert ("does not count" in paper.text.en) != counts


def test_a_consent_that_an_officer_has_verified_leaves_no_condition(worlds):
    consents = [{"holder": OYSTERS, "subject": "SAL-DRYNOCH", "document": "letter"}]
    asked = changed(SKYE, radio__channels=FIRST, consents=consents, documents=["letter"])
    decision = decided(asked, worlds[SKYE], consents_verified=True)
    assert answers(decision, "REG-6") == []


@pytest.mark.parametrize("name", [SKYE, FAB])
def test_without_a_register_nothing_is_plainly_granted_and_the_decision_says_why(worlds, name):
    decision = decided(changed(name), replace(worlds[name], register=None))
    assert decision.outcome in ("granted_with_conditions", "referred")
    assert outcomes(decision, "REG-1") == {"warn"}
    assert "coordination.without_register" in {a.fact for a in decision.assumptions}
    assert decision.provenance.register == "none given"


def test_microwave_zones_that_nobody_obtained_are_never_a_verified_pass(worlds):
    (finding,) = answers(decided(changed(FAB), worlds[FAB]), "TW-K2")
    assert finding.outcome == "pass"
    assert finding.evidence == "pending"
    assert "coordination.microwave_zones" in finding.assumptions


def test_a_link_on_the_site_without_a_zone_is_unknown(worlds):
    world = worlds[FAB]
    links = tuple(replace(link, zone=()) for link in world.register.fixed_links)
    decision = decided(changed(FAB), replace(world, register=replace(world.register, fixed_links=links)))
    assert decision.outcome == "referred"
    (finding,) = answers(decision, "TW-K4")
    assert finding.outcome == "unknown"
    assert "MW-TOUQIAN-BAOSHAN" in finding.text.en


def test_rows_that_could_not_be_used_are_told_in_the_decision(worlds):
    world = worlds[SKYE]
    decision = decided(changed(SKYE), replace(world, register=replace(world.register, unusable=3)))
    (finding,) = answers(decision, "REG-2")
    assert "3 rows" in finding.text.en


def test_an_earth_station_on_the_site_is_protected_in_taiwan_too(worlds):
    world = worlds[FAB]
    station = EarthStation(
        "ES-FAB", "teleport", 24.7745, 121.002, 10, 4790, 4830, azimuth_deg=180, elevation_deg=20
    )
    register = Incumbents(earth_stations=(station,), networks=world.register.networks)
    decision = decided(changed(FAB), replace(world, register=register))
    assert decision.outcome == "referred"
    assert "fail" in outcomes(decision, "C-earth-station-single-entry")
    assert "ES-FAB" in answers(decision, "REG-5")[0].text.en


def test_a_lone_interferer_meets_the_peak_envelope_of_a_links_antenna(worlds):
    """F.699 beside F.1245: off axis the peak envelope hears more than the average one."""
    world = worlds[SKYE]
    link = FixedLink(
        "FL-LONE",
        "links",
        LinkEnd(57.40, -6.20, 20, 38),
        LinkEnd(57.33, -6.30, 20, 38),
        3840,
        3880,
        eirp_dbm=60,
    )
    register = Incumbents(fixed_links=(link,))
    decision = decided(changed(SKYE), replace(world, register=register))
    single = answers(decision, "C-fixed-link-single-entry")
    aggregate = answers(decision, "C-fixed-link-long-term")
    assert single
    assert all(s.measured > a.measured for s in single for a in aggregate if s.subject == a.subject)


@pytest.mark.parametrize(("officer", "expected"), [({}, "unknown"), ({"exception_granted": True}, "pass")])
def test_an_exception_is_granted_by_an_officer_not_by_the_applicant(worlds, officer, expected):
    asked = changed(
        "uk-skye-distillery-medium",
        urban=True,
        radio__band="2300",
        radio__bandwidth_mhz=10,
        radio__channels=[],
        declarations={"exception_granted": True, "defence_clearance": True},
    )
    assert outcomes(decided(asked, worlds[SKYE], **officer), "UK-U2") == {expected}


def test_clearance_with_defence_is_an_act_of_the_authority(worlds):
    asked = changed(
        "uk-skye-distillery-medium",
        radio__band="2300",
        radio__bandwidth_mhz=10,
        radio__channels=[],
        declarations={"defence_clearance": True},
    )
    assert outcomes(decided(asked, worlds[SKYE]), "UK-B6") == {"unknown"}
    assert outcomes(decided(asked, worlds[SKYE], defence_clearance=True), "UK-B6") == {"pass"}


@pytest.mark.parametrize(
    ("officer", "expected"),
    [({}, "fail"), ({"special_approval": True}, "pass"), ({"special_approval": False}, "fail")],
)
def test_special_approval_of_a_foreigner_comes_from_the_authority(worlds, officer, expected):
    asked = changed(FAB, party__country="SG", party__special_approval=True)
    found = outcomes(decided(asked, worlds[FAB], **officer), "TW-E4")
    assert found == ({"unknown"} if not officer else {expected})


@pytest.mark.parametrize(
    ("rural_class", "urban", "expected"),
    [
        ("8", None, "pass"),  # Scotland's own classes count in Skye
        ("1", None, "pass"),  # urban, but 3.8-4.2 GHz has the easier route since December 2024
        ("E1", False, "pass"),
    ],
)
def test_rural_classes_are_those_of_the_nation(worlds, rural_class, urban, expected):
    from comity.programmes.spectrum.derived import derived_values
    from comity.programmes.spectrum.study import study_of
    from comity.rules.compute import compute

    asked = changed("uk-skye-distillery-medium", rural_class=rural_class, urban=urban)
    world = replace(worlds[SKYE], memory={})
    assert outcomes(decided(asked, world), "UK-U2") == {expected}
    study = study_of(asked, world)
    found = compute(study.book.pack, "test.urban", study.case.document(asked), derived_values(study), DAY, {})
    assert found.value is (rural_class != "8")


def test_a_receiver_that_no_criterion_covers_is_named_and_goes_to_an_officer(worlds):
    from comity.programmes.spectrum.register_checks import register_findings
    from comity.programmes.spectrum.study import study_of

    study = study_of(changed(SKYE), replace(worlds[SKYE], memory={}))
    coordination = replace(
        study.coordination,
        uncovered=(("RADAR-1", "earth_station", "no criterion"),),
        beyond=(("FL-FAR", "fixed_link", 700.0),),
    )
    found = {f.rule: f for f in register_findings(replace(study, coordination=coordination))}
    assert found["REG-3"].outcome == "unknown"
    assert "RADAR-1" in found["REG-3"].text.en
    assert found["REG-4"].outcome == "pass"
    assert "FL-FAR (700 km)" in found["REG-4"].text.en


def test_a_pack_without_a_criterion_for_a_victim_near_does_not_grant_in_silence(worlds):
    world = worlds[SKYE]
    pack = world.pack("uk-sal")
    (criteria,) = pack.facts["coordination.criteria"]
    kept = tuple(name for name in criteria.value if "earth_station" not in name)
    silent = replace(
        pack, facts={**pack.facts, "coordination.criteria": (replace(criteria, value=kept),)}, sha256="0" * 64
    )
    decision = decided(changed(SKYE), replace(world, packs={**world.packs, "uk-sal": silent}))
    assert decision.outcome == "referred"
    assert any("ES-FISKAVAIG" in f.text.en for f in answers(decision, "REG-3"))


def test_who_is_ahead_in_the_office_is_not_undone_by_a_date_in_the_application(worlds):
    """The office found the other case ahead by its own books; the candidate writes the year 2001."""
    pytest.importorskip("django")
    from datetime import UTC, datetime

    from comity.office.desk_spectrum import SpectrumDesk
    from comity.office.desks import Ahead

    other = changed(SKYE, reference="EARLIER", radio__channels=[{"low_mhz": 3845, "high_mhz": 3885}])
    ahead = Ahead("CASE-1", datetime(2026, 3, 1, tzinfo=UTC), other.model_dump(mode="json"), None, False)
    world = SpectrumDesk(Incumbents()).world([ahead], DAY)
    asked = changed(SKYE, received_on="2001-01-01", radio__channels=[{"low_mhz": 3845, "high_mhz": 3885}])
    decision = decided(asked, replace(world, ground=worlds[SKYE].ground))
    assert decision.outcome == "referred"
    assert any("CASE-1" in f.subject for f in decision.findings if f.outcome == "fail")
