"""Filling the numbers into the sentences of a rule, the same in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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


def fill(template: Text, values: Mapping[str, Any]) -> Text:
    """Return ``template`` with every ``{name}`` replaced by its value in the language's own form."""
    return Text(
        _SLOT.sub(lambda m: shown(values.get(m[1])).en, template.en),
        _SLOT.sub(lambda m: shown(values.get(m[1])).zh, template.zh),
    )


def shown(value: Any) -> Text:
    """Return a value as text: numbers to two decimals, lists joined, truth values and unknown in words."""
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, float):
        number = f"{value:.3f}".rstrip("0").rstrip(".") if abs(value) < 1 else f"{value:.2f}"
        number = number.removesuffix(".00")
        number = number.replace("-", "−")
        return Text(number, number)
    if isinstance(value, int):
        number = str(value).replace("-", "−")
        return Text(number, number)
    if isinstance(value, list | tuple):
        parts = [shown(part) for part in value]
        if not parts:
            return Text("none", "無")
        return Text(", ".join(p.en for p in parts), "、".join(p.zh for p in parts))
    return Text(str(value), str(value))


def generic_unknown(title: Text, missing: Sequence[str]) -> Text:
    """Return the sentence for a rule that cannot be decided, naming what is missing."""
    names = ", ".join(missing)
    if not names:
        return Text(f"{title.en}: cannot be decided.", f"{title.zh}：無法判定。")
    return Text(
        f"{title.en}: cannot be decided, not stated: {names}.",
        f"{title.zh}：無法判定，未載明：{names}。",
    )
