"""A round's award in words, for the terminal."""

from __future__ import annotations

from typing import Any, cast

from comity.casework.decision import Decision
from comity.rules.text import Text


def award_rows(decision: Decision) -> tuple[tuple[Text, Text], ...]:
    """Return the award of a round as names and values, one row a pair."""
    if decision.award is None:
        return ()
    pairs = cast(list[dict[str, Any]], decision.award["pairs"])
    rows = []
    for pair in pairs:
        label = f"{pair['first']} – {pair['second']}"
        en, zh = f"{pair['score']:.2f} points", f"{pair['score']:.2f} 分"
        if "survival" in pair:
            share = f"{100 * pair['survival']:.0f} %"
            en, zh = f"{en}, stays in {share} of the draws", f"{zh}，於 {share} 之抽樣中留存"
        elif pair.get("fixed"):
            en, zh = f"{en}, set by the round", f"{zh}，由本輪次指定"
        rows.append((Text(label, label), Text(en, zh)))
    total = cast(float, decision.award["total"])
    rows.append((Text("Total", "總分"), Text(f"{total:.2f}", f"{total:.2f}")))
    return tuple(rows)
