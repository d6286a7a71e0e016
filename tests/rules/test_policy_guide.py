"""The guide for policy engineers says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from comity.rules.expression import FUNCTIONS, MAX_DEPTH, MAX_LENGTH, ROOTS
from comity.rules.fact import Evidence
from comity.rules.load import load_folder, load_pack
from comity.rules.parts import SEVERITIES

GUIDE = (Path(__file__).parents[2] / "docs" / "guide" / "policy.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml\n# draft/(\S+)\n(.*?)```", GUIDE, flags=re.DOTALL)


@pytest.mark.parametrize("word", [*FUNCTIONS, *ROOTS, *Evidence, *SEVERITIES])
def test_every_word_of_the_language_is_explained(word):
    assert re.search(rf"\b{word}\b", GUIDE)


def test_the_limits_of_an_expression_are_as_said():
    assert f"{MAX_LENGTH} characters and {MAX_DEPTH} levels" in " ".join(GUIDE.split())


def test_the_draft_of_the_guide_loads(tmp_path):
    assert len(BLOCKS) == 2
    for name, text in BLOCKS:
        (tmp_path / name).write_text(text, encoding="utf-8")
    draft, base = load_folder(tmp_path), load_pack("uk-sal")
    changed = [name for name in base.facts if draft.facts[name] != base.facts[name]]
    assert changed == ["fee.per_10_mhz_gbp"]


def test_the_fact_of_the_guide_is_the_fact_of_the_pack():
    shown = re.search(r"value = (\S+)\nunit = \"dBm\"", GUIDE)
    (fact,) = load_pack("tw-mbd").facts["limits.boundary_level_dbm"]
    assert float(shown[1]) == fact.value
