"""Text in the two languages in which comity speaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "zh-Hant"]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or label in English and in Traditional Chinese (Taiwan).

    Both versions carry the same numbers; neither is a translation at run time.
    """

    en: str
    zh: str

    def in_language(self, language: Language) -> str:
        """Return the version for ``language``."""
        return self.zh if language == "zh-Hant" else self.en

    def as_dict(self) -> dict[str, str]:
        """Return ``{"en": ..., "zh-Hant": ...}`` for canonical JSON."""
        return {"en": self.en, "zh-Hant": self.zh}


NO_TEXT = Text("", "")
"""The absence of a text."""
