"""Who was there before counts, who agreed does not stand in the way, and less power never harms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from spectrum_kit import application_of, changed, finding

from comity.casework.changes import with_changes
from comity.casework.decide import decide
from comity.programmes.spectrum.application import SpectrumApplication
from comity.programmes.spectrum.programme import PROGRAMME


@settings(max_examples=8, deadline=None)
@given(less_db=st.integers(1, 25))
def test_less_power_never_loses_a_channel(decisions, worlds, less_db):
    name = "uk-skye-distillery-low"
    eirp_dbm = 30.0 - less_db
    weaker = changed(name, stations__0__eirp_dbm=eirp_dbm, stations__1__eirp_dbm=eirp_dbm)
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
    alone = decide(changed(name, radio__channels=wish), worlds[name], PROGRAMME, alternatives=False)
    (reason,) = [r.en for r in alone.reasons if "would pass with the written consent" in r.en]
    assert "SAL-DRYNOCH (Loch Harport Oysters Ltd (invented))" in reason
    holder = "Loch Harport Oysters Ltd (invented)"
    consents = [{"holder": holder, "subject": "SAL-DRYNOCH", "document": "letter"}]
    with_paper = changed(name, radio__channels=wish, consents=consents, documents=["letter"])
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
    asked = changed(
        name,
        radio__channels=[{"low_mhz": 3985, "high_mhz": 4025}],
        consents=consents,
        documents=["letter"],
    )
    decision = decide(asked, crowded, PROGRAMME, alternatives=False)
    assert decision.outcome == "referred"
    assert any(f.outcome == "fail" and "SAL-DRYNOCH" in f.subject for f in decision.findings)
