"""A draft rule is tried on an application before it is law."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "uk-skye-distillery-low.toml"
PACK = 'id = "uk-sal-draft"\nextends = "uk-sal"\nfiles = ["fees.toml"]\n'
FEES = """
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


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    (tmp_path / "pack.toml").write_text(PACK)
    (tmp_path / "fees.toml").write_text(FEES)
    return tmp_path


def test_a_draft_changes_what_it_says_and_nothing_else(draft: Path, monkeypatch, capsys) -> None:
    """40 MHz: 4 x 80 GBP a year by the law of the day, 4 x 100 GBP by the draft."""
    from comity.cli import main

    found = []
    for more in ([], ["--pack", str(draft)]):
        arguments = ["comity", "decide", str(EXAMPLE), "--on", "2026-03-02", "--json", *more]
        monkeypatch.setattr("sys.argv", arguments)
        with pytest.raises(SystemExit) as end:
            main()
        assert end.value.code == 0
        found.append(json.loads(capsys.readouterr().out))
    law, tried = found
    assert [d["award"]["fees"][0]["amount"] for d in found] == [320, 400]
    assert law["award"]["channel"] == tried["award"]["channel"]
    assert law["provenance"]["packs"] != tried["provenance"]["packs"]


def test_the_impact_of_a_draft_names_what_changes_for_whom(draft: Path, monkeypatch, capsys) -> None:
    from comity.cli import main

    too_strong = EXAMPLE.parent / "uk-skye-too-strong.toml"
    monkeypatch.setattr("sys.argv", ["comity", "impact", str(draft), str(EXAMPLE), str(too_strong), "--json",
                                     "--on", "2026-03-02"])  # fmt: skip
    with pytest.raises(SystemExit) as end:
        main()
    assert not end.value.code
    low, strong = json.loads(capsys.readouterr().out)
    amounts = [(c["law"], c["draft"]) for c in low["award"] if c["field"] == "fees.0.amount"]
    assert amounts == [(320, 400)]
    assert low["changed"]
    assert (low["law"], low["draft"], low["findings"]) == ("granted", "granted", [])
    assert (strong["law"], strong["draft"], strong["changed"]) == ("refused", "refused", False)
