"""A student's letter: her result, why, and what she needs to check it herself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from comity.casework.decision import Decision, Option
from comity.casework.world import World
from comity.programmes.talent.call import Call
from comity.programmes.talent.run import labels_of
from comity.programmes.talent.view import award_rows
from comity.report.elements import Child, element
from comity.report.page import Page, Section, render_page, verdict
from comity.report.tables import Column, badge, finding_table, listing, pairs, table
from comity.rules.finding import Outcome
from comity.rules.text import Text

_WORDS = {
    "granted": (Outcome.PASS, Text("Placed", "已錄取")),
    "granted_with_conditions": (Outcome.PASS, Text("Placed", "已錄取")),
    "refused": (Outcome.FAIL, Text("Not placed", "未錄取")),
    "referred": (Outcome.UNKNOWN, Text("Waits for a person to look", "待人工審酌")),
}
_WHY = {
    "placed": Text("your place", "錄取"),
    "full": Text("full", "額滿"),
    "tied": Text("full, equal with the last admitted", "額滿，與最後錄取者並列"),
    "not_ranked": Text("did not rank you", "未列入排序"),
    "no_seats": Text("no seats", "無名額"),
    "rule": Text("closed by the seat rules", "依名額規則未錄取"),
    "still_blocks": Text("you and it would rather have each other", "彼此更屬意對方"),
    "not_together": Text("would not take you together", "無法一併錄取"),
    "left_out": Text("left out: does not fit", "未列入：不符條件"),
    "less_liked": Text("you have a place you prefer", "已獲更屬意之職缺"),
}
_LEFT_OUT = Text("left out: does not fit", "未列入：不符條件")


def write_report(decision: Decision, world: World, folder: Path) -> None:
    """Write the letter as ``report.html`` into ``folder``."""
    (folder / "report.html").write_text(render_page(letter(decision, world.register)), encoding="utf-8")


def letter(decision: Decision, call: Call) -> Page:
    """Return a student's letter as a page."""
    tone, word = _WORDS[decision.outcome.value]
    labels = labels_of(call)
    rows = [
        (name, labels.get(value.en, value) if name.en == "Position" else value)
        for name, value in award_rows(decision)
        if name.en != "Host"
    ]
    result: tuple[Child, ...] = (pairs(rows),) if rows else ()
    return Page(
        title=Text(f"Your result: {decision.reference}", f"您的媒合結果：{decision.reference}"),
        kicker=call.settings.title.text,
        summary=(verdict(tone, word, decision.reasons[0]), *result),
        sections=(
            Section("why", Text("Why", "理由"), (listing([(r, None) for r in decision.reasons[1:]]),)),
            Section(
                "list", Text("Your list, place by place", "您的志願序"), (_list(decision.considered, call),)
            ),
            Section("rules", Text("Rules applied to you", "適用規定"), (finding_table(decision.findings),)),
        ),
        footer=(element("p", Text("Decision", "決定書識別碼"), " ", element("code", decision.identity)),),
        notice=Text("Invented example.", "虛構範例。") if call.settings.example else None,
    )


def _list(options: tuple[Option, ...], call: Call) -> Child:
    labels = labels_of(call)
    columns = (
        Column(Text("Choice", "志願")),
        Column(Text("What became of it", "結果")),
        Column(Text("Place", "職缺")),
        Column(Text("Seats", "名額"), amount=True),
        Column(Text("Your place", "您的名次"), amount=True),
        Column(Text("Last admitted", "最後錄取名次"), amount=True),
    )
    return table(columns, [_row(o, _named(o.id, labels)) for o in options])


def _named(option: str, labels: Mapping[str, Text]) -> Text:
    """Return a place's name, or the names of a couple's two places."""
    parts = [labels.get(p, Text(p, p)) for p in option.split(" + ")]
    return Text(" + ".join(p.en for p in parts), " + ".join(p.zh for p in parts))


def _row(option: Option, label: Text) -> tuple[Child, ...]:
    details = option.details
    why = _WHY.get(str(details.get("why")), _LEFT_OUT) if option.passes else _LEFT_OUT
    tone = Outcome.PASS if option.chosen else Outcome.WARN if option.passes else Outcome.FAIL
    shown = (details.get("seats"), details.get("place"), details.get("last_place"))
    numbers = tuple("–" if v is None else str(v) for v in shown)
    return (str(details["choice"]), badge(tone, why), label, *numbers)
