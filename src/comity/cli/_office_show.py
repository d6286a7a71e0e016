"""A case in the terminal, and what a step would do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from comity.cli._office import said
from comity.cli._office_words import days_left, state_name, state_of, word
from comity.cli._shown import shown

if TYPE_CHECKING:
    from comity.office.cases.services.enter import Look, Running
    from comity.rules.text import Language

_WIDTH = 24


def print_case(case: dict[str, Any], language: Language) -> None:
    """Print where a case stands, whose move it is, what runs, what can be done, and what happened."""
    print(shown(f"{case['case']}  {case['reference'] or ''}  {case['regime']}"))
    waits = word(case["waits_for"] or "nobody", language)
    print(f"{state_of(case, language)}; {word('waits', language)}: {waits}")
    for remark in case["remarks"]:
        print(f"{word('note', language)}: {said(remark, language)}")
    print()
    _facts(case, language)
    _section(word("deadlines", language), _columns([_deadline(row, language) for row in case["deadlines"]]))
    allowed = [_possible(row, language) for row in case["possible"] if row["allowed"]]
    _section(word("possible", language), allowed)
    others = [
        f"{_label(r, language)}: {said(r['reason'], language)}" for r in case["possible"] if r["reason"]
    ]
    _section(word("not_now", language), others)
    _section(word("happened", language), [_step(row, language) for row in case["steps"]])
    entries = [f"{row['entry']:>6}  {row['at'][:19]}Z  {row['kind']}" for row in case["register"]]
    _section(word("register", language), entries)


def print_look(found: Look, language: Language) -> None:
    """Print what a step would do."""
    by = f"{word(found.actor.role, language)} {found.actor.id}"
    if found.actor.through:
        by += f", {word('through', language)} {found.actor.through}"
    print(shown(f"{found.case}: {found.action} ({by}): {word('would', language)}"))
    rows = [("state", _change((found.before, found.after), language))]
    if any(found.award):
        rows.append(("award", _award_change(found.award, language)))
    if found.replaced is not None:
        was = _change(found.replaced.state, language), _award_change(found.replaced.award, language)
        rows.append(("varies", f"{found.replaced.case}: {was[0]}; {word('award', language)}: {was[1]}"))
    rows.append(("entries", ", ".join(f"{kind} ({case})" for case, kind in found.entries)))
    rows += [
        (key, ", ".join(_run(row, found.case, language) for row in getattr(found, key)))
        for key in ("met", "set")
    ]
    for key, value in rows:
        _fact(word(key, language), value or word("none", language))
    if found.final:
        print(word("final", language))


def look_document(found: Look) -> dict[str, Any]:
    """Return what a step would do, for JSON."""
    return {
        "case": found.case,
        "action": found.action,
        "role": found.actor.role,
        "actor": found.actor.id,
        "through": found.actor.through,
        "state": [found.before, found.after],
        "closes": found.final,
        "award": list(found.award),
        "replaced": None
        if found.replaced is None
        else {
            "case": found.replaced.case,
            "state": list(found.replaced.state),
            "award": list(found.replaced.award),
        },
        "register": [{"case": case, "kind": kind} for case, kind in found.entries],
        "deadlines_met": [_runs(row) for row in found.met],
        "deadlines_set": [_runs(row) for row in found.set],
        "done": False,
    }


def _change(states: Sequence[str], language: Language) -> str:
    return " -> ".join(state_name(state, language) for state in states)


def _award_change(statuses: Sequence[str], language: Language) -> str:
    return " -> ".join(word(status or "none", language) for status in statuses)


def _run(row: Running, case: str, language: Language) -> str:
    of = "" if row.case == case else f" ({row.case})"
    return f"{row.title.in_language(language)} {row.due}{of}"


def _runs(row: Running) -> dict[str, str]:
    return {"case": row.case, "clock": row.clock, "due": row.due.isoformat()}


def _facts(case: dict[str, Any], language: Language) -> None:
    received = f"{word('received', language)} {case['received_at'][:10]}"
    _fact(word("applicant", language), f"{case['applicant']}, {received}")
    for key in ("varies", "proposed_by"):
        if case[key]:
            _fact(word(key, language), case[key])
    if case["varied_by"]:
        _fact(word("varied_by", language), ", ".join(case["varied_by"]))
    if case["changes"]:
        changes = case["changes"]
        needs = ", ".join(changes["needs"] or ()) or word("none", language)
        _fact(word("changes", language), f"{', '.join((*changes['items'], *changes['beside']))}: {needs}")
    for name, value in sorted(case["settled"].items()):
        _fact(word("settled", language), f"{name} = {json.dumps(value, ensure_ascii=False)}")
    for key in ("decision", "last_decision"):
        if case[key]:
            _decision(word(key, language), case[key], language)
    if case["award"]:
        _fact(word("award", language), _award(case["award"], language))


def _decision(label: str, row: dict[str, Any], language: Language) -> None:
    _fact(label, f"{row['outcome']}, {row['made_by']}, {row['made_at'][:10]}, {row['identity'][:16]}")
    for reason in row["reasons"]:
        _fact("", f"- {said(reason, language)}")


def _award(row: dict[str, Any], language: Language) -> str:
    parts = [word(row["status"], language), row["holder"], row["place"]]
    if row["band_low_mhz"] is not None:
        parts.append(f"{row['band_low_mhz']:g}-{row['band_high_mhz']:g} MHz")
    parts.append(f"{row['starts']} - {row['ends'] or ''}")
    return ", ".join(part for part in parts if part)


def _deadline(row: dict[str, Any], language: Language) -> tuple[str, ...]:
    what = word("window", language) if row["role"] == "opens" else days_left(row, language)
    title = said(row["title"], language)
    # the clock is what `step CASE meet --clock` is given
    named = title if title == row["clock"] else f"{title} [{row['clock']}]"
    return row["due"], what, named, word(row["who"], language), row["citation"]


def _label(row: dict[str, Any], language: Language) -> str:
    return f"{row['action']} ({word(row['role'], language)})"


def _possible(row: dict[str, Any], language: Language) -> str:
    closes = f"  [{word('closes', language)}]" if row["closes"] else ""
    return f"{_label(row, language)} -> {state_name(row['next'], language)}{closes}"


def _step(row: dict[str, Any], language: Language) -> str:
    by = f"{word(row['role'], language)} {row['actor']}".rstrip()
    if row["through"]:
        by += f", {word('through', language)} {row['through']}"
    if row["account"] not in ("", row["actor"], row["through"]):
        by += f", {word('account', language)} {row['account']}"
    return f"{row['at'][:19]}Z  {row['action']}  {by}" + (f": {row['reason']}" if row["reason"] else "")


def _fact(label: str, value: str) -> None:
    print(f"{_padded(label, _WIDTH)}{shown(value)}")


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows as lines whose columns stand below each other."""
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(_padded(c, w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows]


def _padded(text: str, width: int) -> str:
    """Return text filled up to a width on the terminal, where a Chinese character takes two places."""
    from rich.cells import cell_len

    return text + " " * (width - cell_len(text))


def _section(title: str, lines: Sequence[str]) -> None:
    if lines:
        print(f"\n{title}")
        for line in lines:
            print(f"  {shown(line)}")
