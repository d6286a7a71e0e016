"""Drafts and the lint: every problem of a broken pack at once, every name a rule may read known."""

from __future__ import annotations

import shutil
from datetime import date

import pytest

from comity.errors import ComityError, MissingError
from comity.programmes.spectrum.application import SpectrumApplication
from comity.rules.lint import lint
from comity.rules.load import PACKS, load_folder, load_pack
from comity.rules.schema import field_paths

ON = date(2026, 3, 2)
FIELDS = field_paths(SpectrumApplication)

BROKEN = """
[[fact]]
id = "x.no_unit"
title = { en = "No unit", zh = "無單位" }
value = 3
cite = "S1"
evidence = "verified"
checked = 2026-01-01
from = 2026-01-01

[[fact]]
id = "x.no_date"
title = { en = "No date", zh = "無日期" }
value = 3
unit = "m"
cite = "S1"
evidence = "verified"
checked = 2026-01-01

[[fact]]
id = "x.no_citation"
title = { en = "No citation", zh = "無出處" }
value = 3
unit = "m"
evidence = "verified"
checked = 2026-01-01
from = 2026-01-01

[[fact]]
id = "x.no_evidence"
title = { en = "No evidence", zh = "無證據等級" }
value = 3
unit = "m"
cite = "S1"
checked = 2026-01-01
from = 2026-01-01

[[fact]]
id = "x.never_checked"
title = { en = "Never checked", zh = "未查核" }
value = 3
unit = "m"
cite = "S1"
evidence = "verified"
from = 2026-01-01

[[fact]]
id = "x.no_value"
title = { en = "No value" }
unit = "m"
cite = "S1"
evidence = "verified"
checked = 2026-01-01
from = 2026-01-01

[[rule]]
id = "X-1"
kind = "magic"
severity = "block"
title = { en = "Rule", zh = "規則" }
require = "__import__('os')"
cite = "S1"
evidence = "verified"
checked = 2026-01-01
from = 2026-01-01
pass = { en = "yes", zh = "是" }
fail = { en = "no" }
colour = "red"
"""


def draft(folder, text, head='id = "draft"\nextends = "uk-sal"\nfiles = ["draft.toml"]\n'):
    folder.mkdir(exist_ok=True)
    (folder / "pack.toml").write_text(head, encoding="utf-8")
    (folder / "draft.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_broken_pack_lists_all_its_problems_at_once(tmp_path):
    with pytest.raises(ComityError) as caught:
        load_folder(draft(tmp_path / "broken", BROKEN))
    said = caught.value.render()
    for place in (
        "x.no_unit: unit",
        "x.no_date: from",
        "x.no_citation: cite",
        "x.no_evidence: evidence",
        "x.never_checked: checked",
        "x.no_value: value",
        "x.no_value: title",
        "X-1: kind",
        "X-1: require",
        "X-1: fail",
        "X-1: colour",
    ):
        assert place in said, place


DRAFT = """
[[fact]]
id = "fee.per_10_mhz_gbp"
title = { en = "Annual fee for each 10 MHz (draft)", zh = "每 10 MHz 年費（草案）" }
value = 100
unit = "GBP"
cite = "S4 draft"
evidence = "assumption"
checked = 2026-11-22
from = 2019-12-09
"""


def test_a_draft_holds_only_what_it_changes(tmp_path):
    from comity.rules.fees import total_fee

    pack = load_folder(draft(tmp_path / "draft", DRAFT))
    base = load_pack("uk-sal")
    application = {
        "product": "low_power",
        "radio": {"band": "3800-4200", "bandwidth_mhz": 40.0},
        "term": {"start": ON},
    }
    assert total_fee(pack, application, {}, ON).value == 400.0
    assert total_fee(base, application, {}, ON).value == 320.0
    assert len(pack.rules) == len(base.rules)
    assert pack.sha256 != base.sha256
    assert lint(pack, FIELDS) == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (DRAFT + DRAFT.replace("2019-12-09", "2025-01-01"), "two values are valid on 2025-01-01"),
        (DRAFT.replace('cite = "S4 draft"', 'cite = "Nowhere 1"'), "names no source"),
        (DRAFT.replace("每 10 MHz", "每 20 MHz"), "numbers differ between the languages"),
        (DRAFT.replace("from = 2019-12-09", "from = 2019-12-09\nto = 2018-01-01"), "ends before it begins"),
    ],
)
def test_the_lint_finds(tmp_path, text, complaint):
    pack = load_folder(draft(tmp_path / "draft", text))
    assert complaint in "\n".join(problem.render() for problem in lint(pack, FIELDS))


RULE = """
[[rule]]
id = "X-1"
kind = "radio"
severity = "block"
title = { en = "Rule", zh = "規則" }
require = "REQUIRE"
cite = "S1"
evidence = "verified"
checked = 2026-01-01
from = 2026-01-01
pass = { en = "yes {measured}", zh = "是 {measured}" }
fail = { en = "no", zh = "否" }
"""


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("REQUIRE", "derived.eirp_maximum_dbm < 3"), "not in the vocabulary"),
        (("REQUIRE", "application.radio.bandwith_mhz < 3"), "no field of the application"),
        (("REQUIRE", "application.declarations.all_fine"), "not in the vocabulary"),
        (("REQUIRE", "facts.fee.per_10_mhz < 3"), "is not in the pack"),
        (("REQUIRE", "fact('bend.' + application.radio.band) < 3"), "no fact is called"),
        (("REQUIRE", "formulas.fee.sum < 3"), "is not in the pack"),
        (('{measured}", zh', '{colour}", zh'), "values differ between the languages"),
        (('evidence = "verified"', 'evidence = "assumption"'), "must not refuse"),
        (("REQUIRE", "item.eirp_dbm < 3"), "runs over no list"),
        (
            ('require = "REQUIRE"', 'each = "application.stations"\nrequire = "item.eirp < 3"'),
            "application.stations[].eirp is no field",
        ),
    ],
)
def test_the_lint_knows_every_name_a_rule_may_read(tmp_path, change, complaint):
    text = RULE.replace(*change).replace("REQUIRE", "application.urban")
    pack = load_folder(draft(tmp_path / "draft", text))
    assert complaint in "\n".join(problem.render() for problem in lint(pack, FIELDS))


def test_an_unknown_regime_lists_the_known_ones():
    with pytest.raises(MissingError) as caught:
        load_pack("fr-local")
    assert "tw-mbd" in caught.value.render()


def test_a_revision_is_found_by_number_or_named_as_missing():
    assert load_pack("tw-mbd", 1).revision == 1
    with pytest.raises(MissingError, match="no such rule pack"):
        load_pack("tw-mbd", 999)


def test_the_regime_of_an_application_never_reaches_a_folder(tmp_path, monkeypatch):
    shutil.copytree(PACKS / "de", tmp_path / "tw-mbd")
    shutil.copytree(PACKS / "de", tmp_path / "mine")
    monkeypatch.chdir(tmp_path)
    assert load_pack("tw-mbd").country == "TW"
    assert load_pack("./mine").country == "DE"
    with pytest.raises(MissingError):
        load_pack("mine")
