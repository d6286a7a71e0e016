"""The printed law tables and the verbs that show the law."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from comity.cli.rules import app
from comity.rules.load import list_packs, load_pack
from comity.rules.tables import pages

DOCS = Path(__file__).parents[2] / "docs" / "rules"
CURRENT = {f"{pack.id}.md" for pack in list_packs()} | {"vocabulary.md"}
runner = CliRunner()


@pytest.mark.parametrize("name", sorted(CURRENT))
def test_the_printed_law_tables_are_current(name):
    printed = (DOCS / name).read_text(encoding="utf-8")
    assert printed == pages()[name], "run: python -m comity.rules.tables docs/rules"


@pytest.mark.parametrize("regime", ["tw-mbd", "uk-sal", "de-3700"])
def test_every_rule_fact_formula_and_clock_is_printed(regime):
    pack, printed = load_pack(regime), (DOCS / f"{regime}.md").read_text(encoding="utf-8")
    for name in (
        [r.id for r in pack.rules] + list(pack.facts) + [x.id for x in (*pack.formulas, *pack.clocks)]
    ):
        assert f"**{name}**" in printed or f"`{name}`" in printed, name


def test_every_row_of_a_table_has_the_cells_of_its_heading():
    for name in sorted(CURRENT):
        width = 0
        for line in (DOCS / name).read_text(encoding="utf-8").splitlines():
            cells = len(re.findall(r"(?<!\\)\|", line)) - 1
            if not line.startswith("|"):
                width = 0
            else:
                width = width or cells
                assert cells == width, line


def run(*words):
    result = runner.invoke(app, list(words))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_list_names_every_pack_with_its_hash():
    found = json.loads(run("list", "--json").stdout)
    assert {"tw-mbd", "uk-sal", "de-3700"} <= {pack["id"] for pack in found}
    assert all(re.fullmatch(r"[0-9a-f]{64}", pack["sha256"]) for pack in found)


def test_show_gives_the_law_of_the_day():
    then = json.loads(run("show", "uk-sal", "--on", "2023-06-01", "--json").stdout)
    now = json.loads(run("show", "uk-sal", "--on", "2026-06-01", "--json").stdout)
    assert "UK-U1" in {rule["id"] for rule in then["rules"]} - {rule["id"] for rule in now["rules"]}
    assert "UK-U2" in {rule["id"] for rule in now["rules"]} - {rule["id"] for rule in then["rules"]}
    assert then["sha256"] == now["sha256"]


def test_fact_gives_the_whole_series():
    found = json.loads(run("fact", "eirp.3800-4200.low_power.carrier_dbm", "--json").stdout)
    assert [(f["value"], f["valid_from"], f["valid_to"]) for f in found] == [
        (24.0, "2019-12-09", "2025-01-13"),
        (27.0, "2025-01-14", None),
    ]


def test_show_and_fact_speak_chinese():
    assert "設置場域" in run("show", "tw-mbd", "--language", "zh-Hant").stdout
    assert "場域邊界位準" in run("fact", "limits.boundary_level_dbm", "--language", "zh-Hant").stdout


def test_lint_of_a_folder_ends_with_1_where_something_is_wrong(tmp_path):
    (tmp_path / "pack.toml").write_text(
        'id = "draft"\nextends = "uk-sal"\nfiles = ["x.toml"]\n', encoding="utf-8"
    )
    text = """
[[fact]]
id = "fee.per_10_mhz_gbp"
title = { en = "Fee for 10 MHz", zh = "每 20 MHz 費用" }
value = 100
unit = "GBP"
cite = "S4"
evidence = "verified"
checked = 2026-01-01
from = 2019-12-09
"""
    (tmp_path / "x.toml").write_text(text, encoding="utf-8")
    result = run("lint", str(tmp_path))
    assert result.exit_code == 1
    assert "numbers differ" in result.stdout


def test_deadlines_prints_dates_and_what_is_missing():
    result = run(
        "deadlines", "tw-mbd", "--event", "certificate_issued=2026-03-02", "--on", "2026-03-02", "--json"
    )
    found = {d["clock"]: d for d in json.loads(result.stdout)}
    assert found["certificate_ends"]["day"] == "2036-03-02"
    assert found["build_ends"]["missing"] == "letter_and_certificate_received"


def test_rule_shows_what_a_finding_rests_on():
    result = run("rule", "TW-R5")
    assert "item.clear_front_m >= " in result.stdout
    assert "Art. 18(1)" in result.stdout
    (found,) = json.loads(run("rule", "UK-U1", "--json").stdout)
    assert (found["regime"], found["valid_to"]) == ("uk-sal", "2024-12-01")
    assert set(found["sentences"]) == {"pass", "fail"}


@pytest.mark.parametrize("words", [("rule", "TW-R99"), ("fact", "no.such.fact")])
def test_what_is_in_no_pack_is_named(words):
    from comity.errors import MissingError

    result = runner.invoke(app, list(words))
    assert isinstance(result.exception, MissingError)
    assert words[1] in result.exception.render()
