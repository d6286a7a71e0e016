"""The answer of ``comity check-site`` in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.rules.text import Text

if TYPE_CHECKING:
    from comity.programmes.spectrum.availability import Availability, ChannelAnswer
    from comity.rules.finding import Finding
    from comity.rules.text import Language

_FREE_COUNT = Text("channels free", "個頻道可用")
_PASS_COUNT = Text("channels pass the rules; neighbours unknown", "個頻道符合規定；鄰近使用情形不明")
_FREE = Text("free", "可用")
_PASSES = Text("passes the rules; neighbours unknown", "符合規定；鄰近使用情形不明")
_FAILS = Text("does not pass", "不符合")
_NOBODY_NEAR = Text("nobody near", "附近無受保護者")
_AGAINST = Text("Against every channel", "各頻道共同障礙")
_UNCONFIRMED = Text("unconfirmed values used", "項未經確認之數值")
_LIMIT = Text(", limit", "，限值")


def print_availability(answer: Availability, language: Language, *, register_given: bool) -> None:
    """Print what limits the answer, the obstacles, then the verdict on every channel."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text as Line

    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=120)
    for note in answer.notes:
        console.print(note.in_language(language), style="yellow", markup=False)
    count = (_FREE_COUNT if register_given else _PASS_COUNT).in_language(language)
    console.print(
        f"{answer.question.regime}  {answer.band}  {answer.free}/{len(answer.channels)} {count}", style="bold"
    )
    if answer.obstacles:
        console.print(f"{_AGAINST.in_language(language)}:", style="red")
        for finding in answer.obstacles:
            console.print(f"  {finding.rule}  {finding.text.in_language(language)}", markup=False)
    if answer.passing_eirp_dbm is not None:
        console.print(_less_power(answer).in_language(language))
    table = Table(box=None, show_header=False, pad_edge=False)
    for channel in answer.channels:
        passes = channel.free and not answer.obstacles
        margin = "" if channel.margin_db is None else f"{channel.margin_db:+.2f} dB".replace("-", "−")
        word = (_FREE if register_given else _PASSES) if passes else _FAILS
        verdict = Line(word.in_language(language), style="green" if passes else "red")
        why = _why(answer, channel, language, register_given=register_given)
        table.add_row(f"  {channel.channel}", verdict, Line(margin), Line(why, overflow="fold"))
    console.print(table)
    console.print(f"{answer.assumptions} {_UNCONFIRMED.in_language(language)}", style="dim")


def _why(answer: Availability, channel: ChannelAnswer, language: Language, *, register_given: bool) -> str:
    """Return the rules against every channel with their numbers, then the neighbour nearest to a limit."""
    said = [_numbers(finding, language) for finding in answer.obstacles]
    if channel.nearest is not None:
        said.append(channel.nearest.in_language(language))
    elif register_given and not said:
        said.append(_NOBODY_NEAR.in_language(language))
    return "; ".join(said)


def _numbers(finding: Finding, language: Language) -> str:
    """Return a rule with the value that it compares and its limit, where both are numbers."""
    measured, limit = finding.measured, finding.limit
    if not isinstance(measured, int | float) or not isinstance(limit, int | float):
        return finding.rule
    unit = "" if finding.unit == "1" else f" {finding.unit}"
    values = f"{measured:g}{unit}{_LIMIT.in_language(language)} {limit:g}{unit}".replace("-", "−")
    return f"{finding.rule}  {values}"


def _less_power(answer: Availability) -> Text:
    asked, lower = f"{answer.question.eirp_dbm:g}", f"{answer.passing_eirp_dbm:g}"
    return Text(
        f"With {lower} dBm EIRP instead of {asked} dBm a channel passes.",
        f"EIRP 由 {asked} dBm 降為 {lower} dBm，即有頻道通過。",
    )
