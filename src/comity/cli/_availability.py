"""The answer of ``comity check-site`` in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comity.programmes.spectrum.availability import Availability
    from comity.rules.text import Language

_WORDS = {
    "en": (
        "channels free",
        "free",
        "taken",
        "nobody near",
        "Against every channel",
        "unconfirmed values used",
        "neighbours not asked",
    ),
    "zh-Hant": (
        "個頻道可用",
        "可用",
        "不可用",
        "附近無受保護者",
        "各頻道共同障礙",
        "項未經確認之數值",
        "未查詢鄰近使用者",
    ),
}


def print_availability(answer: Availability, language: Language, *, register_given: bool) -> None:
    """Print what limits the answer, the obstacles, then the verdict on every channel."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text as Line

    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=120)
    free_count, free, taken, nobody, against, unconfirmed, unasked = _WORDS[language]
    for note in answer.notes:
        console.print(note.in_language(language), style="yellow", markup=False)
    total = len(answer.channels)
    console.print(
        f"{answer.question.regime}  {answer.band}  {answer.free}/{total} {free_count}", style="bold"
    )
    if answer.obstacles:
        console.print(f"{against}:", style="red")
        for finding in answer.obstacles:
            console.print(f"  {finding.rule}  {finding.text.in_language(language)}", markup=False)
    table = Table(box=None, show_header=False, pad_edge=False)
    for channel in answer.channels:
        passes = channel.free and not answer.obstacles
        margin = "" if channel.margin_db is None else f"{channel.margin_db:+.2f} dB".replace("-", "−")
        absent = nobody if register_given else unasked
        who = absent if channel.nearest is None else channel.nearest.in_language(language)
        verdict = Line(free if passes else taken, style="green" if passes else "red")
        table.add_row(f"  {channel.channel}", verdict, Line(margin), Line(who, overflow="fold"))
    console.print(table)
    console.print(f"{answer.assumptions} {unconfirmed}", style="dim")
