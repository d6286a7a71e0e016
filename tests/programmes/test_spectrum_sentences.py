"""What a spectrum decision says of neighbours, limits and days is true of the case that it speaks of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from spectrum_kit import changed, finding

from comity.casework.decide import decide
from comity.casework.decision import DecisionOutcome
from comity.coordination.incumbents import Incumbents
from comity.programmes.spectrum._report_case import case_of, incumbent_of
from comity.programmes.spectrum._report_paths import path_figures
from comity.programmes.spectrum.programme import PROGRAMME
from comity.programmes.spectrum.report import _said
from comity.programmes.spectrum.view import award_rows
from comity.rules.finding import Outcome

SKYE, FAB, PORT, STRONG = (
    "uk-skye-distillery-low",
    "tw-hsinchu-fab",
    "tw-kaohsiung-port",
    "uk-skye-too-strong",
)
OYSTERS = "Loch Harport Oysters Ltd (invented)"
WISH = [{"low_mhz": 3985, "high_mhz": 4025}]
#: The number that an office gives; it holds slashes.
NUMBER = "spectrum/2026/000001"


def decided(name, world, **paths):
    return decide(changed(name, **paths), replace(world, memory={}), PROGRAMME, alternatives=False)


def renumbered(world):
    """The world whose one neighbour at Loch Harport is known by an office's number."""
    networks = tuple(replace(n, id=NUMBER) if n.holder == OYSTERS else n for n in world.register.networks)
    return replace(world, register=replace(world.register, networks=networks))


def test_the_consent_that_would_help_is_named_by_the_whole_register_number(worlds):
    world = renumbered(worlds[SKYE])
    alone = decided(SKYE, world, radio__channels=WISH)
    (reason,) = [r for r in alone.reasons if "would pass with the written consent" in r.en]
    assert f"consent of {NUMBER} ({OYSTERS})" in reason.en
    assert f"如取得 {NUMBER} ({OYSTERS}) 之書面同意" in reason.zh
    assert NUMBER in {incumbent_of(path) for path in case_of(alone, world).paths}
    consents = [{"holder": OYSTERS, "subject": NUMBER, "document": "letter"}]
    agreed = decided(SKYE, world, radio__channels=WISH, consents=consents, documents=["letter"])
    assert agreed.outcome.is_grant


def test_a_receiver_whose_holder_agreed_is_not_said_to_be_far_away(worlds):
    world = worlds[SKYE]
    near = tuple(n for n in world.register.networks if n.holder == OYSTERS)
    world = replace(world, register=Incumbents(near))
    consents = [{"holder": OYSTERS, "subject": near[0].id, "document": "letter"}]
    agreed = decided(SKYE, world, radio__channels=WISH, consents=consents, documents=["letter"])
    assert agreed.outcome.is_grant
    (said,) = [r.en for r in agreed.reasons if r.en.startswith("Channel 3985-4025 MHz")]
    assert "belongs to a holder who agreed" in said
    assert "near enough" not in said


@pytest.mark.parametrize("name", [SKYE, FAB])
def test_nobody_is_said_to_be_far_away_where_no_register_was_given(worlds, name):
    decision = decided(name, replace(worlds[name], register=None))
    said = " ".join(r.en for r in decision.reasons)
    assert "no register was given, so no receiver was tested" in said
    assert "near enough" not in said


def test_an_office_that_knows_its_own_awards_only_grants_with_the_condition_that_says_so(worlds):
    known = {"case.own_awards_only": True}
    decision = decided(SKYE, replace(worlds[SKYE], register=Incumbents(), settings=known))
    assert decision.outcome is DecisionOutcome.GRANTED_WITH_CONDITIONS
    found = finding(decision, "REG-1")
    assert found.outcome is Outcome.WARN
    assert "beside this office's own awards" in found.text.en
    assert any("own awards" in c["en"] and "REG-1" in c["en"] for c in decision.award["conditions"])
    assert any("others are not known" in r.en for r in decision.reasons)
    complete = decided(SKYE, replace(worlds[SKYE], register=Incumbents()))
    assert "REG-1" not in {f.rule for f in complete.findings}
    assert any("no protected receiver is near enough" in r.en for r in complete.reasons)


def test_a_limit_is_cited_from_where_it_stands(decisions):
    found = finding(decisions[STRONG], "UK-P4")
    assert found.limit == 27.0
    assert found.citation.startswith("Ofcom statement of 2024-07-24")
    assert any("UK-P4; Ofcom statement of 2024-07-24" in r.en for r in decisions[STRONG].reasons)


def test_a_limit_of_an_article_is_cited_once(decisions):
    citation = finding(decisions[FAB], "TW-R2").citation
    assert citation == "Dedicated Networks Regulations (K0060162) Art. 18(2)"


def test_what_a_condition_reads_is_cited_beside_the_rule(decisions):
    bands = finding(decisions[SKYE], "UK-B1").citation
    assert (
        bands
        == "Ofcom, Shared access licences (2023-01-20); Ofcom statement of 2024-07-24 on shared spectrum"
    )
    assert "comity default (not Ofcom): duplex" in finding(decisions[SKYE], "UK-B9").citation


def test_a_level_from_another_instrument_is_cited_with_it(decisions):
    assert "ICNIRP guidelines 2020" in finding(decisions[SKYE], "UK-P5").citation
    assert "(K0060144) Art. 10(2) by analogy" in finding(decisions[FAB], "TW-K1").citation


def test_the_tightest_limit_is_named_before_the_margin_towards_a_neighbour(decisions):
    (said,) = [r for r in decisions[FAB].reasons if r.en.startswith("Channel 4800-4900 MHz")]
    boundary_db = f"{finding(decisions[FAB], 'TW-R2').margin:.2f} dB"
    assert said.en.index(boundary_db) < said.en.index("smallest margin towards a neighbour is")
    assert boundary_db in said.zh


def test_two_levels_at_one_link_tell_the_side_lobes_that_they_were_computed_with(decisions, worlds):
    alone = finding(decisions[PORT], "C-fixed-link-single-entry").text
    together = finding(decisions[PORT], "C-fixed-link-long-term").text
    assert "20 % of time, peak side lobes)" in alone.en
    assert "20 % of time, average side lobes)" in together.en
    assert "峰值包絡" in alone.zh
    assert "平均場型" in together.zh
    figures = "".join(str(f) for f in path_figures(case_of(decisions[PORT], worlds[PORT])))
    assert "Receiving antenna, off axis, peak<" in figures


def test_a_deadline_that_went_by_is_marked_in_the_award(worlds):
    late = replace(worlds[FAB], today=date(2026, 11, 22))
    decision = decided(FAB, late, term__start="2026-12-01")
    rows = [value.en for label, value in award_rows(decision) if label.en == "deadline"]
    gone = [row for row in rows if row[:10] < "2026-11-22"]
    assert gone
    assert {row for row in rows if "passed before the decision" in row} == set(gone)
    on_time = award_rows(decided(FAB, worlds[FAB]))
    assert not any("passed before" in value.en for _, value in on_time)


def test_the_banner_counts_all_that_must_be_cleared(decisions):
    open_points = [f for f in decisions[PORT].findings if f.outcome in (Outcome.FAIL, Outcome.UNKNOWN)]
    assert {f.outcome for f in open_points} == {Outcome.FAIL, Outcome.UNKNOWN}
    assert f"({len(open_points) - 1} more below.)" in _said(decisions[PORT]).en
