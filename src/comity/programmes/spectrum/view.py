"""The award of a spectrum decision in words, for terminal, letter and page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from comity.casework.decision import Decision
from comity.programmes.spectrum.words import channel_name, decimal
from comity.rules.text import Text

Row = tuple[Text, Text]

_CUTS = {
    "longest_term": Text("the longest term there is", "最長效期"),
    "site_right": Text("ends with the right to the site", "以場域使用權期限為限"),
}


def award_rows(decision: Decision) -> Sequence[Row]:
    """Return label and value of everything that the award gives, in reading order; nothing when refused."""
    award: Mapping[str, Any] | None = decision.award
    if award is None:
        return ()
    return (
        (Text("channel", "頻道"), _channel(award)),
        (Text("power", "功率"), _power(award["stations"])),
        (Text("term", "效期"), _term(award["term"])),
        *((Text("fee", "費用"), _fee(fee)) for fee in award["fees"]),
        *(
            (Text("deadline", "期限"), _deadline(line, decision.decided_on))
            for line in _in_order(award["deadlines"])
        ),
        *((Text("condition", "條件"), _text(condition)) for condition in award["conditions"]),
    )


def _text(document: Mapping[str, str]) -> Text:
    return Text(document["en"], document["zh-Hant"])


def _channel(award: Mapping[str, Any]) -> Text:
    name = channel_name((award["channel"]["low_mhz"], award["channel"]["high_mhz"]))
    if award["product_title"] is None:
        return Text(name, name)
    product = _text(award["product_title"])
    return Text(f"{name}, {product.en}", f"{name}，{product.zh}")


def _power(stations: Sequence[Mapping[str, Any]]) -> Text:
    powers = sorted({s["eirp_dbm"] for s in stations})
    shown = decimal(powers[0], 1) if len(powers) == 1 else f"{decimal(powers[0], 1)}-{decimal(powers[-1], 1)}"
    count = len(stations)
    return Text(
        f"{shown} dBm EIRP, {count} station{'s' if count > 1 else ''}", f"EIRP {shown} dBm，基地臺 {count} 座"
    )


def _term(term: Mapping[str, Any]) -> Text:
    start, end, why = term["start"], term["end"], term["limited_by"]
    if end is None:
        return Text(f"from {start}, continuing", f"自 {start} 起，持續有效")
    if why not in _CUTS:
        return Text(f"{start} to {end}", f"{start} 至 {end}")
    cut, citation = _CUTS[why], term["citation"]
    return Text(f"{start} to {end} ({cut.en}; {citation})", f"{start} 至 {end}（{cut.zh}；{citation}）")


def _fee(fee: Mapping[str, Any]) -> Text:
    title = _text(fee["title"])
    if fee["amount"] is None:
        return Text(f"{title.en}: not computable yet", f"{title.zh}：目前無法計算")
    amount = f"{fee['currency']} {fee['amount']:,.2f}"
    return Text(f"{title.en}: {amount}", f"{title.zh}：{amount}")


def _in_order(lines: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the deadlines that bind, by day; readings of a text that does not prevail are left out."""
    return sorted((line for line in lines if line["authoritative"]), key=lambda line: line["day"])


def _deadline(line: Mapping[str, Any], decided_on: date) -> Text:
    title, noon = _text(line["title"]), Text(" noon", " 中午") if line["noon"] else Text("", "")
    gone = date.fromisoformat(line["day"]) < decided_on
    passed = Text(" (passed before the decision)", "（審定前已屆期）") if gone else Text("", "")
    return Text(
        f"{line['day']}{noon.en}  {title.en}{passed.en}", f"{line['day']}{noon.zh}  {title.zh}{passed.zh}"
    )
