"""A decision in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from comity.casework.decision import Decision
    from comity.rules.finding import Finding
    from comity.rules.text import Language, Text

_COLOURS = {
    "granted": "green",
    "granted_with_conditions": "yellow",
    "refused": "red",
    "referred": "cyan",
    "pass": "green",
    "fail": "red",
    "warn": "yellow",
    "unknown": "cyan",
}
_WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "granted": "GRANTED",
        "granted_with_conditions": "GRANTED WITH CONDITIONS",
        "refused": "REFUSED",
        "referred": "REFERRED TO AN OFFICER",
        "pass": "pass",
        "fail": "FAIL",
        "warn": "warn",
        "unknown": "unknown",
        "example": "example: invented parties",
        "award": "What is granted",
        "proposal": "What would be granted once the open points are cleared",
        "reasons": "Reasons",
        "findings": "Checks with a limit, and all that did not pass",
        "more": "further checks passed; --all shows them",
        "considered": "Considered",
        "chosen": "chosen",
        "alternatives": "Alternatives, each decided and passing",
        "assumptions": "Assumptions and open values",
        "limit": "limit",
        "margin": "margin",
        "spread": "location spread",
        "pending": "not published yet",
        "identity": "identity",
    },
    "zh-Hant": {
        "granted": "核准",
        "granted_with_conditions": "附條件核准",
        "refused": "不予核准",
        "referred": "移請承辦人員審酌",
        "pass": "符合",
        "fail": "不符",
        "warn": "注意",
        "unknown": "未知",
        "example": "範例：當事人均屬虛構",
        "award": "核准內容",
        "proposal": "待釐清事項解決後可核准之內容",
        "reasons": "理由",
        "findings": "具限值之審查項目及所有未通過項目",
        "more": "項其他審查均符合；以 --all 顯示",
        "considered": "已評估選項",
        "chosen": "採用",
        "alternatives": "替代方案（均經審定可行）",
        "assumptions": "假設及待確認數值",
        "limit": "限值",
        "margin": "餘裕",
        "spread": "地點變異",
        "pending": "尚未公布",
        "identity": "識別碼",
    },
}


def print_decision(
    decision: Decision, rows: Sequence[tuple[Text, Text]], language: Language, *, everything: bool = False
) -> None:
    """Print ``decision``; ``rows`` is the award in words, ``everything`` includes each check that passed."""
    from rich.console import Console

    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=120)
    words = _WORDS[language]
    _headline(console, decision, words)
    _section(console, words["reasons"])
    for reason in decision.reasons:
        console.print(f"  {reason.in_language(language)}", markup=False, soft_wrap=True)
    if rows:
        _section(console, words["award" if decision.outcome.is_grant else "proposal"])
        console.print(_pairs(rows, language))
    _findings(console, decision.findings, language, everything)
    _considered(console, decision, language)
    _alternatives(console, decision, language)
    _assumptions(console, decision, language)


def _headline(console: Console, decision: Decision, words: dict[str, Any]) -> None:
    from rich.text import Text as Line

    colour = _COLOURS[decision.outcome]
    console.print()
    console.print(Line(f" {words[decision.outcome]} ", style=f"bold reverse {colour}"), end=" ")
    console.print(
        f"{decision.reference}  {decision.regime}  {decision.decided_on}", style="bold", markup=False
    )
    if decision.application.get("example"):
        console.print(f" {words['example']}", style="dim")
    console.print(f" {words['identity']} {decision.identity}", style="dim")


def _section(console: Console, title: str) -> None:
    console.print()
    console.print(title, style="bold underline")


def _pairs(rows: Sequence[tuple[Text, Text]], language: Language) -> Table:
    from rich.table import Table
    from rich.text import Text as Line

    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    above = ""
    for label, value in rows:
        name = label.in_language(language)
        table.add_row(Line("" if name == above else f"  {name}"), Line(value.in_language(language)))
        above = name
    return table


def _findings(console: Console, findings: Sequence[Finding], language: Language, everything: bool) -> None:
    words = _WORDS[language]
    shown = [f for f in findings if everything or f.outcome != "pass" or f.margin is not None]
    _section(console, words["findings"])
    for finding in shown:
        _finding(console, finding, language)
    if len(shown) < len(findings):
        console.print(f"  {len(findings) - len(shown)} {words['more']}", style="dim")


def _finding(console: Console, finding: Finding, language: Language) -> None:
    """Print one finding: its answer and numbers on one line, its sentence below."""
    from rich.padding import Padding
    from rich.text import Text as Line

    words = _WORDS[language]
    line = Line(f"  {words[finding.outcome]:<8}", style=f"bold {_COLOURS[finding.outcome]}")
    line.append(f"{finding.rule:<12}  ", style="default")
    if finding.margin is not None:
        unit = f" {finding.unit}" if finding.unit not in ("", "1") else ""
        margin = number(finding.margin, " dB" if unit.startswith(" dB") else unit)
        if finding.location_spread_db is not None:
            margin += f" ({words['spread']} ± {number(finding.location_spread_db, ' dB')})"
        line.append(
            f"{number(finding.measured, unit)}  {words['limit']} {number(finding.limit, unit)}"
            f"  {words['margin']} {margin}  ",
            style="default",
        )
    line.append(finding.subject, style="default")
    console.print(line, soft_wrap=True)
    console.print(Padding(Line(finding.text.in_language(language), style="dim"), (0, 0, 0, 10)))


def _considered(console: Console, decision: Decision, language: Language) -> None:
    from rich.padding import Padding
    from rich.text import Text as Line

    options = [o for o in decision.considered if o.findings or o.chosen]
    if len(options) < 2:
        return
    words = _WORDS[language]
    _section(console, words["considered"])
    for option in options:
        answer = "pass" if option.passes else "fail"
        mark = f"{words[answer]}, {words['chosen']}" if option.chosen else words[answer]
        line = Line(f"  {option.id}  ")
        line.append(mark, style=_COLOURS[answer])
        console.print(line)
        if option.findings:
            worst = Line(option.findings[0].text.in_language(language), style="dim")
            console.print(Padding(worst, (0, 0, 0, 10)))


def _alternatives(console: Console, decision: Decision, language: Language) -> None:
    if not decision.alternatives:
        return
    words = _WORDS[language]
    _section(console, words["alternatives"])
    for alternative in decision.alternatives:
        console.print(f"  {alternative.title.in_language(language)}", markup=False)
        for finding in alternative.findings[:1]:
            console.print(f"    {finding.text.in_language(language)}", style="dim", markup=False)


def _assumptions(console: Console, decision: Decision, language: Language) -> None:
    if not decision.assumptions:
        return
    words = _WORDS[language]
    _section(console, words["assumptions"])
    for fact in decision.assumptions:
        unit = f" {fact.unit}" if fact.unit not in ("", "1") else ""
        value = words["pending"] if fact.value is None else f"{_short(fact.value)}{unit}"
        console.print(
            f"  {fact.fact} = {value}  [{fact.evidence.value}; {fact.citation}]", markup=False, style="dim"
        )


def number(value: float | str | None, unit: str = "") -> str:
    """Return a measured value as people read it: two decimals, or two digits, and a true minus sign."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    digits = f"{value:.2g}" if 0.0 < abs(value) < 0.01 else f"{value:.2f}".rstrip("0").rstrip(".")
    return digits.replace("-", "−") + unit


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 48 else f"{text[:45]}..."
