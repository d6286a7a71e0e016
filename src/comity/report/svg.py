"""Draw with numbers: scales with round ticks, and the few SVG shapes that charts are made of."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from comity.report.elements import Attribute, Child, Markup, Words, element, number
from comity.rules.text import Text

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight map from values to places on the page.

    Parameters
    ----------
    low, high : ends of the values shown; ``low < high``
    start, end : their places [px]
    """

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the place of ``value`` [px]."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self, count: int = 5) -> tuple[float, ...]:
        """Return about ``count`` round values between the ends."""
        return nice_ticks(self.low, self.high, count)


@dataclass(frozen=True, slots=True)
class Layout:
    """Room for one drawing: ``width_px`` in its own units, and whether it must read on a phone."""

    width_px: float
    narrow: bool


WIDE, NARROW = Layout(880, False), Layout(360, True)


def nice_step(span: float, count: int = 5) -> float:
    """Return 1, 2 or 5 times a power of ten that cuts ``span`` into about ``count`` parts."""
    rough = span / max(count, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    return power * next(factor for factor in (1, 2, 5, 10) if rough <= factor * power * (1 + 1e-9))


def nice_ticks(low: float, high: float, count: int = 5) -> tuple[float, ...]:
    """Return the multiples of a nice step from ``low`` to ``high``, both included where they are one."""
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(f"an axis needs finite ends with low < high, got {low} and {high}")
    step = nice_step(high - low, count)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(round(k * step, 10) for k in range(first, last + 1))


def nice_range(values: Iterable[float], count: int = 5, zero: bool = False) -> tuple[float, float]:
    """Return round ends that hold all ``values`` (and 0 if asked), never of no length."""
    kept = [float(v) for v in values if math.isfinite(v)] + ([0.0] if zero else [])
    low, high = (min(kept), max(kept)) if kept else (0.0, 1.0)
    if high - low < 1e-9:
        low, high = low - (0.0 if zero and low >= 0 else 0.5), high + 0.5
    step = nice_step(high - low, count)
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step


def tick_digits(ticks: Sequence[float]) -> int:
    """Return the decimals that write every tick in full: a lone tick of a narrow axis must not be rounded."""
    return next(k for k in range(11) if k == 10 or all(abs(round(tick, k) - tick) < 5e-11 for tick in ticks))


def drawing(width: float, height: float, *children: Child, **attributes: Attribute) -> Markup:
    """Return an ``svg`` that scales with its place; its words stand in the caption of its figure."""
    box = f"0 0 {number(width)} {number(height)}"
    return element("svg", *children, viewBox=box, aria_hidden="true", focusable="false", **attributes)


def responsive(draw: Callable[[Layout], Markup], labelled_by: str) -> Markup:
    """Return the drawing twice, for wide and narrow pages; the style sheet shows the one that fits."""
    views = (
        element("div", draw(layout), class_=name, role="img", aria_labelledby=labelled_by)
        for layout, name in ((WIDE, "wide-only"), (NARROW, "narrow-only"))
    )
    return Markup("".join(views))


def line(start: Point, end: Point, class_: str, **attributes: Attribute) -> Markup:
    """Return a straight line."""
    return element("line", x1=start[0], y1=start[1], x2=end[0], y2=end[1], class_=class_, **attributes)


def rect(x: float, y: float, width: float, height: float, class_: str, **attributes: Attribute) -> Markup:
    """Return a rectangle; a negative size is drawn the other way."""
    x, width = (x + width, -width) if width < 0 else (x, width)
    y, height = (y + height, -height) if height < 0 else (y, height)
    return element("rect", x=x, y=y, width=width, height=height, class_=class_, **attributes)


def circle(centre: Point, radius: float, class_: str, **attributes: Attribute) -> Markup:
    """Return a circle."""
    return element("circle", cx=centre[0], cy=centre[1], r=radius, class_=class_, **attributes)


def path(points: Iterable[Point], class_: str, closed: bool = False, **attributes: Attribute) -> Markup:
    """Return a line through ``points``, closed if asked."""
    steps = " ".join(f"{number(x, 1)} {number(y, 1)}" for x, y in points)
    return element("path", d=f"M{steps}{'Z' if closed else ''}", class_=class_, **attributes)


def text(x: float, y: float, words: Words, class_: str = "", **attributes: Attribute) -> Markup:
    """Return one line of text, in both languages where there are two."""
    return element("text", words, x=x, y=y, class_=class_ or None, **attributes)


def text_width(words: str, size_px: float) -> float:
    """Return the width of ``words`` in a bold sans-serif face [px]."""
    return size_px * sum(map(_letter_em, words))


def _letter_em(letter: str) -> float:
    """Return the width of a letter over the size of its face."""
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    if letter in "mwMW@%":
        return 0.92
    if letter in "fijlrtI.,:;'|!()-/ ":
        return 0.35
    return 0.7 if letter.isupper() else 0.58


def clip_words(words: str, width_px: float, size_px: float) -> str:
    """Return ``words`` cut with an ellipsis where they would not fit."""
    if text_width(words, size_px) <= width_px:
        return words
    kept = words
    while kept and text_width(kept + "…", size_px) > width_px:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def fitted(words: Words, width_px: float, size_px: float) -> Words:
    """Return ``words`` cut to a width, each language by itself."""
    if isinstance(words, str):
        return clip_words(words, width_px, size_px)
    return Text(clip_words(words.en, width_px, size_px), clip_words(words.zh, width_px, size_px))
