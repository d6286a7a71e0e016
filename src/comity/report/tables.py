"""Tables of a report: findings, assumptions, channels, plain pairs and any other rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from comity.report.elements import Child, Markup, Words, amount, element, escape, join
from comity.report.page import mark
from comity.rules.fact import Evidence
from comity.rules.finding import Finding, Outcome
from comity.rules.text import Text

OUTCOMES = {
    Outcome.PASS: Text("Pass", "符合"),
    Outcome.FAIL: Text("Fail", "不符合"),
    Outcome.WARN: Text("Attention", "注意"),
    Outcome.UNKNOWN: Text("Unknown", "待查"),
}
EVIDENCE = {
    Evidence.VERIFIED: Text("read in the law", "已核對法規原文"),
    Evidence.SECONDARY: Text("from a secondary source", "依次級資料"),
    Evidence.COMPUTED: Text("follows by calculation", "由計算得出"),
    Evidence.ASSUMPTION: Text("assumption", "假設"),
    Evidence.PENDING: Text("not published yet", "尚未公布"),
}
# What stops an application is read first.
_ORDER = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.WARN, Outcome.PASS)
_LONG_RULE = 12
_UNITS = {"1": "", "degC": "°C", "deg": "°", "W/m2": "W/m²", "km2": "km²", "m2": "m²"}
NOTHING = Text("None.", "無。")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, whether it holds amounts (set right), and whether a phone repeats the heading."""

    title: Text
    amount: bool = False
    repeated: bool = True


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One candidate channel.

    Parameters
    ----------
    name : channel as the pack names it, with its edges
    outcome : whether it could be granted
    verdict : one sentence: why, or what stood against it
    eirp_dbm : highest EIRP found for it [dBm], if any
    margin_db : smallest margin over all victims [dB], if computed
    tag : a word beside its name where it is the channel of the award
    """

    name: Words
    outcome: Outcome
    verdict: Words
    eirp_dbm: float | None = None
    margin_db: float | None = None
    tag: Words = ""


def badge(outcome: Outcome, words: Words | None = None) -> Markup:
    """Return an outcome as sign and word; colour only repeats what they say."""
    return element(
        "span", mark(outcome), element("span", words or OUTCOMES[outcome]), class_=f"badge {outcome.value}"
    )


def table(columns: Sequence[Column], rows: Sequence[Sequence[Child]], caption: Words = "") -> Markup:
    """Return a table whose rows become cards on a phone; the first cell of a row names it."""
    head = (element("th", column.title, scope="col", class_=_class(column)) for column in columns)
    body = (element("tr", tuple(_cells(columns, row)), role="row") for row in rows)
    whole = element(
        "table",
        element("caption", caption) if caption else None,
        element("thead", element("tr", tuple(head))),
        element("tbody", tuple(body)),
        class_="cards",
        role="table",
    )
    return element("div", whole, class_="table")


def finding_table(findings: Sequence[Finding]) -> Markup:
    """Return the findings, those that stop the application first, each with its citation."""
    if not findings:
        return element("p", NOTHING)
    columns = (
        Column(Text("Rule", "規定")),
        Column(Text("Outcome", "結果")),
        Column(Text("What it says of this application", "對本案的判斷"), repeated=False),
        Column(Text("Measured", "實測或計算值"), amount=True),
        Column(Text("Limit", "限值"), amount=True),
        Column(Text("Margin", "餘裕"), amount=True),
    )
    ordered = sorted(findings, key=lambda finding: _ORDER.index(finding.outcome))
    return table(*_known(columns, [_finding_row(finding) for finding in ordered]))


def channel_table(rows: Sequence[ChannelRow]) -> Markup:
    """Return the candidate channels with what became of each."""
    if not rows:
        return element("p", NOTHING)
    columns = (
        Column(Text("Channel", "頻道")),
        Column(Text("Outcome", "結果")),
        Column(Text("Why", "理由"), repeated=False),
        Column(Text("Highest EIRP", "最大 EIRP"), amount=True),
        Column(Text("Smallest margin", "最小餘裕"), amount=True),
    )
    return table(*_known(columns, [_channel_row(row) for row in rows]))


def pairs(entries: Sequence[tuple[Words, Child]]) -> Markup:
    """Return names and values under each other; a name that repeats is written once."""
    names = [None, *(name for name, _ in entries)]
    rows = (
        (element("dt", name) if name != before else None, element("dd", value))
        for before, (name, value) in zip(names, entries)
    )
    return element("dl", tuple(rows), class_="pairs")


def listing(entries: Sequence[tuple[Child, Child]]) -> Markup:
    """Return a list of sentences, each with a small line below: assumptions, alternatives, data credits."""
    if not entries:
        return element("p", NOTHING)
    items = (element("li", said, element("small", below) if below else None) for said, below in entries)
    return element("ul", tuple(items), class_="plain")


def quantity(value: float | str | None, unit: str = "", digits: int = 2, sign: bool = False) -> Markup:
    """Return a value with its unit, ``–`` where there is none; a string is shown as it is."""
    if value is None:
        return escape("–")
    if isinstance(value, str):
        shown: Child = element("span", value, class_="words")
    else:
        shown = amount(value, _digits(value, digits), sign)
    name = unit_name(unit)
    return join((shown, " ", element("small", name)) if name else (shown,))


def unit_name(unit: str) -> str:
    """Return a unit as readers write it; a pure number has none."""
    return _UNITS.get(unit, unit)


def _known(
    columns: Sequence[Column], rows: Sequence[Sequence[Child]]
) -> tuple[list[Column], list[list[Child]]]:
    """Leave out the columns in which no row says anything."""
    known = [k for k in range(len(columns)) if any(row[k] is not None for row in rows)]
    return [columns[k] for k in known], [[row[k] for k in known] for row in rows]


def _is_share(finding: Finding) -> bool:
    """Whether a value is a share of its limit, the limit being the whole, as a sum of exposures is."""
    measured = finding.measured
    return (
        finding.unit == "1"
        and finding.limit == 1.0
        and isinstance(measured, float)
        and not measured.is_integer()
    )


def _share(value: float) -> str:
    return f"{100.0 * value:.2g} %" if value < 1.0 else f"{100.0 * value:.0f} %"


def _spread(spread_db: float) -> Text:
    shown = f" ± {amount(spread_db, 1)} dB"
    return Text(f" location spread{shown}", f" 地點變異{shown}")


def _finding_row(finding: Finding) -> tuple[Child, ...]:
    open_ = finding.evidence in {Evidence.ASSUMPTION, Evidence.PENDING}
    grade = element("strong" if open_ else "span", EVIDENCE[finding.evidence])
    source = join((finding.citation, " · ", grade))
    said = (
        finding.text,
        element("span", finding.subject, class_="subject") if finding.subject else None,
        element("span", source, class_="cite"),
    )
    margin = quantity(finding.margin, finding.unit, sign=True) if finding.margin is not None else None
    if margin is not None and finding.location_spread_db is not None:
        margin = join((margin, element("small", _spread(finding.location_spread_db))))
    measured: Child = quantity(finding.measured, finding.unit) if finding.measured is not None else None
    limit: Child = quantity(finding.limit, finding.unit) if finding.limit is not None else None
    if _is_share(finding):
        measured, limit, margin = _share(float(finding.measured or 0.0)), "100 %", None
    return (
        element("span", finding.rule, class_="rule") if len(finding.rule) > _LONG_RULE else finding.rule,
        badge(finding.outcome),
        join(said),
        measured,
        limit,
        margin,
    )


def _channel_row(row: ChannelRow) -> tuple[Child, ...]:
    tag = badge(row.outcome, row.tag) if row.tag else None
    name = join((element("strong", row.name), " ", tag)) if tag else row.name
    return (
        name,
        badge(row.outcome),
        row.verdict,
        quantity(row.eirp_dbm, "dBm") if row.eirp_dbm is not None else None,
        quantity(row.margin_db, "dB", sign=True) if row.margin_db is not None else None,
    )


def _cells(columns: Sequence[Column], row: Sequence[Child]) -> list[Markup]:
    cells = [element("th", row[0], scope="row", role="rowheader")]
    for column, value in zip(columns[1:], row[1:], strict=True):
        # On a phone the heading row is gone, so each cell carries its own.
        name = element("span", column.title, class_="cell") if column.repeated else None
        classes = " ".join(filter(None, (_class(column), "empty" if value is None else None)))
        cells.append(element("td", name, value, class_=classes or None, role="cell"))
    return cells


def _class(column: Column) -> str | None:
    return "amount" if column.amount else None


def _digits(value: float, digits: int) -> int:
    """Return the decimals that ``value`` needs: a limit of 23 dBm was not set as 23.00."""
    return next((k for k in range(digits) if round(value, k) == round(value, digits)), digits)
