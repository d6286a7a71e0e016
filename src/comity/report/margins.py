"""Margins of all victims at one glance: how far each lies from its limit, and how sure the model is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from comity.report.elements import Markup, Words, amount
from comity.report.svg import (
    Layout,
    Scale,
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
from comity.rules.finding import Outcome
from comity.rules.text import Text

#: Bars drawn at most; the smallest margins are those that matter.
MOST_BARS = 16
#: A margin of a tenth of a decibel must not fill the chart [dB].
_LEAST_DB = 10.0
_ROW_PX, _HEAD_PX, _FOOT_PX = 30.0, 10.0, 44.0


@dataclass(frozen=True, slots=True)
class Margin:
    """One victim's margin.

    Parameters
    ----------
    name : the victim
    margin_db : limit less interference [dB], positive where the limit is kept
    outcome : of the rule (an unknown has a margin too where a middle value could be computed)
    location_spread_db : location spread, one standard deviation between places of a pixel (P.1812 4.7) [dB], if stated
    """

    name: Words
    margin_db: float
    outcome: Outcome
    location_spread_db: float | None = None


def margin_chart(
    margins: Sequence[Margin], labelled_by: str, most: int = MOST_BARS, clip_db: float = 60.0
) -> Markup:
    """Return the bars, the smallest margin on top.

    Parameters
    ----------
    margins : one for each victim; only the ``most`` smallest are drawn
    labelled_by : id of the caption
    most : most bars drawn
    clip_db : margins beyond it end in an arrow, so that near cases keep their room [dB]
    """
    rows = sorted(margins, key=lambda row: row.margin_db)[:most]
    if not rows:
        return Markup("")
    return responsive(lambda layout: _chart(rows, layout, clip_db), labelled_by)


def _chart(rows: Sequence[Margin], layout: Layout, clip_db: float) -> Markup:
    label_px = 0.0 if layout.narrow else 330.0
    row_px = 48.0 if layout.narrow else _ROW_PX
    shown = [min(max(row.margin_db, -clip_db), clip_db) for row in rows]
    spread = [row.location_spread_db or 0.0 for row in rows]
    ends = [value + sign * sigma for value, sigma in zip(shown, spread) for sign in (-1, 1)]
    low, high = nice_range([min(max(end, -clip_db), clip_db) for end in ends] + [_LEAST_DB], 6, zero=True)
    # Room for the figure beside each bar.
    scale = Scale(low, high, label_px + (58 if low < 0 else 12), layout.width_px - (70 if high > 0 else 12))
    bottom = _HEAD_PX + row_px * len(rows)
    ticks = scale.ticks(4 if layout.narrow else 7)
    digits = tick_digits(ticks)
    parts: list[Markup] = []
    for tick in ticks:
        x = scale(tick)
        parts.append(line((x, _HEAD_PX), (x, bottom), "grid"))
        parts.append(text(x, bottom + 17, amount(tick, digits, sign=True), "soft small middle"))
    for k, (row, value) in enumerate(zip(rows, shown)):
        parts.extend(_row(row, value, scale, _HEAD_PX + row_px * k, layout, label_px))
    words = Text("0 dB = the limit", "0 dB ＝ 限值")
    if scale(0) < 60:  # half of the words would lie outside
        parts.append(text(max(scale(0) - 8, 0), bottom + 36, words, "soft small"))
    else:
        parts.append(text(scale(0), bottom + 36, words, "soft small middle"))
    return drawing(layout.width_px, bottom + _FOOT_PX, parts)


def _row(
    row: Margin, value: float, scale: Scale, top: float, layout: Layout, label_px: float
) -> list[Markup]:
    bar_top, height = (top + 22, 15.0) if layout.narrow else (top + 7, 16.0)
    middle = bar_top + height / 2
    zero, end = scale(0), scale(value)
    room = layout.width_px if layout.narrow else label_px - 20
    # Above the bar of a narrow page stands its name, which no axis may strike through.
    start, stop = (bar_top - 2, top + 48) if layout.narrow else (top, top + _ROW_PX)
    parts = [
        text(0, top + (15 if layout.narrow else 20), fitted(row.name, room, 13), "halo"),
        line((zero, start), (zero, stop), "zero"),
        rect(zero, bar_top, end - zero, height, f"bar-{row.outcome.value}"),
    ]
    reach = 0.0
    if row.location_spread_db:
        reach = abs(scale(row.location_spread_db) - zero)
        start, stop = max(end - reach, scale.start), min(end + reach, scale.end)
        parts.append(line((start, middle), (stop, middle), "whisker"))
        parts.extend(line((x, middle - 4), (x, middle + 4), "whisker") for x in (start, stop))
    if value != row.margin_db:
        step = 7 if value > 0 else -7
        parts.append(
            path([(end, bar_top), (end + step, middle), (end, bar_top + height)], f"bar-{row.outcome.value}")
        )
    figure = f"{amount(row.margin_db, 1, sign=True)} {'✓' if row.margin_db >= 0 else '✕'}"
    out = reach + 12
    place, side = (
        (min(end + out, scale.end + 10), "") if value >= 0 else (max(end - out, scale.start - 8), " end")
    )
    parts.append(text(place, middle + 4.5, figure, f"{row.outcome.value}{side}"))
    return parts
