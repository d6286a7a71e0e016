"""General charts: radar, grouped bars, histogram and stacked bar, up to five series told apart by word and colour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from comity.report.elements import Markup, Words, amount, element, join
from comity.report.svg import (
    Layout,
    Point,
    Scale,
    circle,
    drawing,
    fitted,
    line,
    nice_range,
    path,
    rect,
    responsive,
    text,
    tick_digits,
)

_MOST_SERIES = 5


@dataclass(frozen=True, slots=True)
class Series:
    """Values under one name; ``None`` where a value is missing (shown as missing, never as 0)."""

    name: Words
    values: tuple[float | None, ...]


def radar_chart(
    axes: Sequence[Words], series: Sequence[Series], labelled_by: str, highest: float = 1.0
) -> Markup:
    """Return series over three or more axes from 0 in the middle to ``highest`` at the rim; a gap stays open."""
    _check(series, len(axes))
    if len(axes) < 3:
        raise ValueError("a radar chart needs three axes or more")
    return responsive(lambda layout: _radar(axes, series, highest, layout), labelled_by)


def bar_chart(groups: Sequence[Words], series: Sequence[Series], labelled_by: str, unit: str = "") -> Markup:
    """Return bars side by side for each group, with their values."""
    _check(series, len(groups))
    return responsive(lambda layout: _bars(groups, series, unit, layout), labelled_by)


def histogram(names: Sequence[Words], counts: Sequence[int], labelled_by: str) -> Markup:
    """Return one upright bar for each name."""
    if len(names) != len(counts) or not names:
        raise ValueError("a histogram needs one count for each name")
    return responsive(lambda layout: _histogram(names, counts, layout), labelled_by)


def stacked_bar(parts: Sequence[tuple[Words, float]], labelled_by: str) -> Markup:
    """Return one bar cut into up to five parts of a whole; the parts are not negative and not all 0."""
    if (
        not 0 < len(parts) <= _MOST_SERIES
        or min(value for _, value in parts) < 0
        or sum(v for _, v in parts) <= 0
    ):
        raise ValueError(f"a stacked bar needs 1 to {_MOST_SERIES} parts, none negative, not all 0")
    bar = responsive(lambda layout: _stacked(parts, layout), labelled_by)
    return join((bar, series_legend([name for name, _ in parts])))


def series_legend(names: Sequence[Words]) -> Markup:
    """Return the colours of the series."""
    items = (
        element(
            "li",
            element("svg", rect(3, 3, 18, 12, f"fill-{k + 1}"), viewBox="0 0 24 18", aria_hidden="true"),
            name,
        )
        for k, name in enumerate(names)
    )
    return element("ul", tuple(items), class_="legend")


def _check(series: Sequence[Series], count: int) -> None:
    if not 0 < len(series) <= _MOST_SERIES:
        raise ValueError(f"a chart shows 1 to {_MOST_SERIES} series, got {len(series)}")
    if any(len(one.values) != count for one in series):
        raise ValueError(f"every series needs {count} values")


def _radar(axes: Sequence[Words], series: Sequence[Series], highest: float, layout: Layout) -> Markup:
    radius = 105.0 if layout.narrow else 165.0
    size = 2 * radius + 68
    centre = (layout.width_px / 2, size / 2)
    turns = [2 * math.pi * k / len(axes) for k in range(len(axes))]

    def place(turn: float, share: float) -> Point:
        return centre[0] + radius * share * math.sin(turn), centre[1] - radius * share * math.cos(turn)

    parts: list[Markup] = []
    for ring in (0.25, 0.5, 0.75, 1.0):
        parts.append(path([place(turn, ring) for turn in turns], "grid", closed=True, fill="none"))
    for turn, name in zip(turns, axes):
        parts.append(line(centre, place(turn, 1.0), "grid"))
        x, y = place(turn, 1.0 + 12 / radius)
        across = math.sin(turn)
        anchor = "middle" if abs(across) < 0.15 else "" if across > 0 else "end"
        room = (layout.width_px - x) if anchor == "" else x if anchor == "end" else layout.width_px / 2
        parts.append(text(x, y + 4.5 - 5 * math.cos(turn), fitted(name, room - 2, 12), f"small {anchor}"))
    for k, one in enumerate(series):
        known = [
            (turn, min(max(v / highest, 0.0), 1.0)) for turn, v in zip(turns, one.values) if v is not None
        ]
        whole = len(known) == len(axes)
        points = [place(*pair) for pair in known]
        if len(points) > 1:
            kind = f"series stroke-{k + 1} {f'area fill-{k + 1}' if whole else ''}".strip()
            parts.append(path(points, kind, closed=whole, fill=None if whole else "none"))
        parts.extend(circle(point, 3.2, f"fill-{k + 1}") for point in points)
    return drawing(layout.width_px, size, parts)


def _bars(groups: Sequence[Words], series: Sequence[Series], unit: str, layout: Layout) -> Markup:
    thick, gap = 15.0, 12.0
    left = 8.0 if layout.narrow else 230.0
    head = 20.0 if layout.narrow else 0.0
    values = [v for one in series for v in one.values if v is not None]
    scale = Scale(*nice_range(values, 5, zero=True), left, layout.width_px - 62)
    block = head + thick * len(series) + gap
    bottom = 8 + block * len(groups)
    ticks = scale.ticks(4 if layout.narrow else 6)
    digits = tick_digits(ticks)
    shown = 0 if all(v == round(v) for v in values) else digits + 1
    parts: list[Markup] = []
    for tick in ticks:
        parts.append(line((scale(tick), 8), (scale(tick), bottom), "grid"))
        parts.append(text(scale(tick), bottom + 17, amount(tick, digits), "soft small middle"))
    for g, group in enumerate(groups):
        top = 8 + block * g
        room = layout.width_px if layout.narrow else left - 20
        y = top + 14 if layout.narrow else top + gap / 2 + thick * len(series) / 2 + 4.5
        parts.append(text(0, y, fitted(group, room, 13), "halo"))
        for k, one in enumerate(series):
            parts.extend(_bar(one.values[g], k, scale, top + head + gap / 2 + thick * k, thick, shown))
        # Above the bars of a narrow page stands their name, which no axis may strike through.
        start = top + head + gap / 2 - 2 if layout.narrow else top
        parts.append(line((scale(0), start), (scale(0), top + block), "zero"))
    parts.append(text(layout.width_px, bottom + 17, unit, "soft small end"))
    return drawing(layout.width_px, bottom + 28, parts)


def _bar(value: float | None, k: int, scale: Scale, y: float, thick: float, digits: int) -> list[Markup]:
    if value is None:
        return [text(scale(0) + 6, y + thick - 3.5, "–", "soft small")]
    end = scale(value)
    shown = amount(value, digits)
    return [
        rect(scale(0), y + 1, end - scale(0), thick - 2, f"fill-{k + 1}"),
        text(max(end, scale(0)) + 6, y + thick - 3.5, shown, "small"),
    ]


def _histogram(names: Sequence[Words], counts: Sequence[int], layout: Layout) -> Markup:
    height, left, top = (220.0 if layout.narrow else 280.0), 44.0, 22.0
    up = Scale(*nice_range(counts, 4, zero=True), height - 34, top)
    parts: list[Markup] = []
    for tick in up.ticks(4):
        parts.append(line((left, up(tick)), (layout.width_px, up(tick)), "grid"))
        parts.append(text(left - 8, up(tick) + 4, amount(tick, 0), "soft small end"))
    step = (layout.width_px - left) / len(names)
    for k, (name, count) in enumerate(zip(names, counts)):
        x = left + step * (k + 0.5)
        parts.append(rect(x - 0.36 * step, up(count), 0.72 * step, up(0) - up(count), "fill-1"))
        parts.append(text(x, up(count) - 6, amount(count, 0), "small middle strong"))
        parts.append(text(x, height - 14, fitted(name, step - 2, 12), "small middle"))
    parts.append(line((left, up(0)), (layout.width_px, up(0)), "zero"))
    return drawing(layout.width_px, height, parts)


def _stacked(parts: Sequence[tuple[Words, float]], layout: Layout) -> Markup:
    whole = sum(value for _, value in parts)
    drawn: list[Markup] = []
    x = 0.0
    for k, (_, value) in enumerate(parts):
        width = layout.width_px * value / whole
        share = f"{amount(100 * value / whole, 0)} %"
        drawn.append(rect(x, 26, max(width - 1.5, 0), 34, f"fill-{k + 1}"))
        if width > 46:
            drawn.append(text(x, 18, share, "strong"))
        x += width
    return drawing(layout.width_px, 64, drawn)
