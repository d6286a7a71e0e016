"""Filling the numbers into the sentences of a rule, the same in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from comity.rules.text import Text

_SLOT = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
_WORDS = {
    True: Text("yes", "是"),
    False: Text("no", "否"),
    None: Text("unknown", "未知"),
}


def slots(template: str) -> frozenset[str]:
    """Return the names in braces of a template."""
    return frozenset(_SLOT.findall(template))


def fill(template: Text, values: Mapping[str, Any], words: Mapping[str, Text]) -> Text:
    """Return ``template`` with every ``{name}`` replaced by its value in the language's own form."""
    return Text(
        _SLOT.sub(lambda m: shown(values.get(m[1]), words).en, template.en),
        _SLOT.sub(lambda m: shown(values.get(m[1]), words).zh, template.zh),
    )


def shown(value: Any, words: Mapping[str, Text] = MappingProxyType({})) -> Text:
    """Return a value as text: numbers to two decimals, lists joined, truth values and unknown in words."""
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, float):
        number = _decimal(value)
        number = number.replace("-", "−")
        return Text(number, number)
    if isinstance(value, int):
        number = str(value).replace("-", "−")
        return Text(number, number)
    if isinstance(value, list | tuple):
        parts = [shown(part, words) for part in value]
        if not parts:
            return Text("none", "無")
        return Text(", ".join(p.en for p in parts), "、".join(p.zh for p in parts))
    return words.get(str(value), Text(str(value), str(value)))


def _decimal(value: float) -> str:
    """Two decimals; below 1 three; a smaller value still shows two digits, for it is not nothing."""
    if 0 < abs(value) < 0.001:
        return f"{Decimal(f'{value:.2g}'):f}"
    number = f"{value:.{3 if abs(value) < 1 else 2}f}"
    return number.rstrip("0").rstrip(".")


_UNITS = {
    "day": Text("day", "日"),
    "week": Text("week", "週"),
    "month": Text("month", "個月"),
    "year": Text("year", "年"),
}
NOT_OBTAINED = Text("not obtained", "尚未取得")


def quantity(value: Any, unit: str) -> Text:
    """Return a value with its unit in words: ``6 months``; a pending one says that it was not obtained."""
    if value is None:
        return NOT_OBTAINED
    amount = shown(value)
    if unit in ("1", "date"):
        return amount
    if unit not in _UNITS:
        return Text(f"{amount.en} {unit}", f"{amount.zh} {unit}")
    word = _UNITS[unit]
    return Text(f"{amount.en} {word.en}" + ("" if value == 1 else "s"), f"{amount.zh} {word.zh}")


def generic_unknown(title: Text, missing: Sequence[Text], pending: Sequence[Text] = ()) -> Text:
    """Return the sentence for what cannot be decided: ``missing`` statements, ``pending`` constants of law."""
    en, zh = [], []
    if missing:
        en.append(f"not stated: {'; '.join(text.en for text in missing)}")
        zh.append(f"未載明：{'、'.join(text.zh for text in missing)}")
    if pending:
        en.append(f"not obtained yet: {'; '.join(text.en for text in pending)}")
        zh.append(f"尚未取得：{'、'.join(text.zh for text in pending)}")
    if not en:
        return Text(f"{title.en}: cannot be decided.", f"{title.zh}：無法判定。")
    if not missing:
        return Text(f"{title.en}: not computable yet, {en[0]}.", f"{title.zh}：目前無法計算，{zh[0]}。")
    return Text(
        f"{title.en}: cannot be decided, {'; '.join(en)}.", f"{title.zh}：無法判定，{'；'.join(zh)}。"
    )
