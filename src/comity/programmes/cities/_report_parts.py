"""Parts that the report of a round and the sheets of its pairs share: values, words and small tables."""

from __future__ import annotations

import math
from collections.abc import Sequence

from comity.matching.cities.indicators import Indicator
from comity.matching.cities.problem import Pair
from comity.matching.cities.scores import COMPONENT_NAMES
from comity.programmes.cities.run import RoundRun
from comity.report.elements import Child, amount, element, join
from comity.report.tables import Column, table
from comity.rules.text import Text

NONE = "–"
COUNTRIES = {
    "GB": Text("United Kingdom", "英國"),
    "TW": Text("Taiwan", "臺灣"),
    "KR": Text("Korea", "韓國"),
    "AU": Text("Australia", "澳洲"),
}
WHAT_WAS_DONE = {
    "imputed": Text("imputed", "插補"),
    "winsorised high": Text("pulled in from above", "高端縮尾"),
    "winsorised low": Text("pulled in from below", "低端縮尾"),
    "logarithm": Text("logarithm", "取對數"),
    "divided": Text("divided by its denominator", "除以分母"),
}


def country(code: str) -> Text:
    """Return a country's name, its code where it is not known here."""
    return COUNTRIES.get(code, Text(code, code))


def name(run: RoundRun, place: str) -> Text:
    """Return a place's name."""
    return run.data.places[place].name


def both(run: RoundRun, pair: Pair) -> Text:
    """Return a pair's names with a dash between."""
    a, b = name(run, pair[0]), name(run, pair[1])
    return Text(f"{a.en} – {b.en}", f"{a.zh}－{b.zh}")


def listed(names: Sequence[Text]) -> Text:
    """Return names one after the other."""
    return Text(", ".join(n.en for n in names), "、".join(n.zh for n in names))


def value(number: float, indicator: Indicator) -> Child:
    """Return a raw value with its unit, a dash where it is missing."""
    if math.isnan(number):
        return Text("missing", "缺漏")
    digits = 0 if number == round(number) else 2 if abs(number) >= 1 else 3
    unit = "" if indicator.unit == "1" else indicator.unit
    return join((amount(number, digits), " ", element("small", unit)) if unit else (amount(number, digits),))


def standing(run: RoundRun, place: str, indicator: str) -> float | None:
    """Return the share of places in the round that do not stand above a place under an indicator (0 to 1)."""
    table_ = run.treated.normalised
    column = [v for v in table_.column(indicator).tolist() if not math.isnan(v)]
    own = float(table_.column(indicator)[table_.places.index(place)])
    if math.isnan(own) or len(column) < 2:
        return None
    below: int = sum(v < own for v in column)
    return below / (len(column) - 1)


def shared_indicators(run: RoundRun, pair: Pair) -> list[str]:
    """Return the indicators that both places of a pair have."""
    return [
        i for i in run.treated.normalised.indicators if all(standing(run, p, i) is not None for p in pair)
    ]


def indicator_title(run: RoundRun, indicator: str) -> Text:
    """Return what an indicator is called."""
    return run.data.framework[indicator].title


def not_compared(run: RoundRun, indicator: str) -> Text | None:
    """Return why an indicator compares nobody: it is missing in all of a country, or has no weight."""
    if run.application.policy.indicators.get(indicator, 1.0) == 0.0:
        return Text("not compared: its weight is 0", "未比較：權重為 0")
    sides = zip(run.application.countries, (run.side("left"), run.side("right")), strict=True)
    lacking = [
        country(code) for code, side in sides if all(math.isnan(v) for v in side.column(indicator).tolist())
    ]
    names = listed(lacking)
    return Text(f"not compared: missing in {names.en}", f"未比較：{names.zh}無資料") if lacking else None


def component(name_: str) -> Text:
    """Return what a component is called."""
    return COMPONENT_NAMES[name_]


def percent(share: float) -> str:
    """Return a share in whole percent."""
    return f"{100 * share:.0f} %"


def points(value_: float | None) -> str:
    """Return points with one decimal, a dash for none."""
    return NONE if value_ is None else amount(value_, 1)


def rows_or_none(columns: Sequence[Column], rows: Sequence[Sequence[Child]], otherwise: Text) -> Child:
    """Return a table, or a sentence where it would be empty."""
    return table(columns, rows) if rows else element("p", otherwise)
