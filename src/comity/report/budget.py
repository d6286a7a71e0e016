"""A link budget as a waterfall: from the power radiated, term by term, to what the victim receives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from comity.report.elements import Markup, Words, amount
from comity.report.svg import Layout, Scale, drawing, fitted, line, rect, responsive, text
from comity.rules.finding import Outcome
from comity.rules.text import Text

_RESULT = Text("Received by the victim", "受干擾方接收位準")
_LIMIT = Text("Limit", "限值")
_MARGIN = Text("Margin to the limit", "距限值之餘裕")
_SIGNS = {Outcome.PASS: "✓", Outcome.FAIL: "✕"}


@dataclass(frozen=True, slots=True)
class BudgetTerm:
    """One term: its name and its signed effect on the level [dB], losses below zero."""

    name: Words
    change_db: float


@dataclass(frozen=True, slots=True)
class Budget:
    """One link budget.

    Parameters
    ----------
    start : what the first level is (EIRP in the victim's bandwidth)
    start_level : first level, in ``unit``
    terms : in the order of the signal's way
    limit : highest level allowed, in ``unit``
    unit : unit of levels (``"dBm/MHz"``)
    result : computed level as it was compared, in ``unit``
    outcome : of the comparison
    result_name : what the last level is
    """

    start: Words
    start_level: float
    terms: tuple[BudgetTerm, ...]
    limit: float
    unit: str
    result: float
    outcome: Outcome
    result_name: Words = _RESULT


def budget_chart(budget: Budget, labelled_by: str) -> Markup:
    """Return the waterfall; each bar spans from the level before a term to the level after it."""
    return responsive(lambda layout: _chart(budget, layout), labelled_by)


def _chart(budget: Budget, layout: Layout) -> Markup:
    row_px = 46.0 if layout.narrow else 32.0
    levels = [budget.start_level]
    for term in budget.terms:
        levels.append(levels[-1] + term.change_db)
    ends = [*levels, budget.limit, budget.result]
    room = 0.03 * (max(ends) - min(ends)) + 1.0
    low, high = min(ends) - room, max(ends) + room
    left = 10.0 if layout.narrow else 290.0
    scale = Scale(low, high, left, layout.width_px - (12 if layout.narrow else 92))
    top = 30.0
    bottom = top + row_px * (len(budget.terms) + 3)
    parts: list[Markup] = []
    ticks = scale.ticks(4 if layout.narrow else 6)
    for tick in ticks:
        parts.append(line((scale(tick), top), (scale(tick), bottom), "grid"))
        parts.append(text(scale(tick), bottom + 17, amount(tick, 0), "soft small middle"))
    parts.append(text(scale.end, bottom + 36, budget.unit, "soft small end"))
    x = scale(budget.limit)
    parts.append(line((x, top - 6), (x, bottom), "limit"))
    side = "end" if x > (scale.start + scale.end) / 2 else ""
    words = Text(*(f"{name} {amount(budget.limit, 1)}" for name in (_LIMIT.en, _LIMIT.zh)))
    parts.append(text(x + (-7 if side else 0), top - 12, words, f"fail small {side}"))
    parts.extend(_rows(budget, levels, scale, layout, row_px, top))
    return drawing(layout.width_px, bottom + 44, parts)


def _rows(
    budget: Budget, levels: Sequence[float], scale: Scale, layout: Layout, row_px: float, top: float
) -> list[Markup]:
    start = amount(budget.start_level, 1)
    parts = _row(budget.start, start, (levels[0], levels[0]), "bar-level", scale, layout, top)
    for k, term in enumerate(budget.terms):
        kind = "bar-gain" if term.change_db > 0 else "bar-loss"
        shown = amount(term.change_db, 1, sign=True)
        y = top + row_px * (k + 1)
        parts.append(_step(levels[k], scale, y, layout))
        parts.extend(_row(term.name, shown, (levels[k], levels[k + 1]), kind, scale, layout, y))
    y = top + row_px * (len(budget.terms) + 1)
    parts.append(_step(levels[-1], scale, y, layout))
    shown = f"{amount(budget.result, 1)} {_SIGNS.get(budget.outcome, '?')}"
    kind = f"bar-{budget.outcome.value}"
    parts.extend(
        _row(
            budget.result_name,
            shown,
            (budget.result, budget.result),
            kind,
            scale,
            layout,
            y,
            budget.outcome.value,
        )
    )
    y += row_px
    margin = budget.limit - budget.result
    shown = f"{amount(margin, 1, sign=True)} dB"
    parts.extend(
        _row(_MARGIN, shown, (budget.result, budget.limit), kind, scale, layout, y, budget.outcome.value)
    )
    return parts


def _row(
    name: Words,
    shown: str,
    span: tuple[float, float],
    kind: str,
    scale: Scale,
    layout: Layout,
    y: float,
    tone: str = "",
) -> list[Markup]:
    bar_top, height = (y + 21, 14.0) if layout.narrow else (y + 8, 16.0)
    room = layout.width_px - 90 if layout.narrow else scale.start - 20
    words = fitted(name, room, 13)
    strong = "strong" if span[0] == span[1] else ""
    baseline = y + (15 if layout.narrow else 20)
    if span[0] == span[1]:
        bar = rect(scale(span[0]) - 4, bar_top - 2, 8, height + 4, kind)
    else:
        bar = rect(scale(span[0]), bar_top, scale(span[1]) - scale(span[0]), height, kind)
    figure = text(layout.width_px, baseline, shown, f"halo end {tone or strong}".strip())
    return [bar, text(0, baseline, words, f"halo {strong}".strip()), figure]


def _step(level: float, scale: Scale, y: float, layout: Layout) -> Markup:
    """Return the hair line that carries a level from one row to the next."""
    above, below = (11.0, 21.0) if layout.narrow else (8.0, 8.0)
    return line((scale(level), y - above), (scale(level), y + below), "hair")
