"""``comity compare``: every regime's answer for the same site, side by side."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from comity.programmes.spectrum.application import SpectrumApplication
    from comity.rules.compare import RegimeAnswer
    from comity.rules.text import Language

HELP = "Lay every regime's answer for the same site side by side."

_HEADING_WIDTH = 22
_COLUMN_WIDTH = 34
_COLOURS = {"yes": "green", "no": "red", "unknown": "cyan"}
_ROWS = {
    "en": {
        "allowed": "allowed by the rules",
        "terms": "asked as",
        "reasons": "because",
        "power": "power",
        "bandwidth": "bandwidth",
        "fee": "fee",
        "term": "term",
        "documents": "documents",
        "clocks": "periods",
        "to_compute": "left to coordination",
        "assumptions": "assumptions",
    },
    "zh-Hant": {
        "allowed": "依規則可否",
        "terms": "申請條件",
        "reasons": "理由",
        "power": "功率",
        "bandwidth": "頻寬",
        "fee": "費用",
        "term": "效期",
        "documents": "文件",
        "clocks": "期間",
        "to_compute": "待協調計算",
        "assumptions": "假設",
    },
}
_WORDS = {
    "en": {
        "yes": "YES",
        "no": "NO",
        "unknown": "UNKNOWN",
        "perhaps": "perhaps: ",
        "none": "not obtained",
        "brief": " (regime held in brief)",
    },
    "zh-Hant": {
        "yes": "可",
        "no": "否",
        "unknown": "未知",
        "perhaps": "視情形：",
        "none": "尚未取得",
        "brief": "（僅收錄該制度摘要）",
    },
}


def command(
    file: Annotated[Path, typer.Argument(help="application as .toml, .json or .csv")],
    regime: Annotated[
        list[str] | None,
        typer.Option(help="regime id, or a pack folder as ./draft (repeatable); else every pack"),
    ] = None,
    on: Annotated[str | None, typer.Option(help="day whose rules apply, as 2026-03-02; else today")] = None,
    language: Annotated[str, typer.Option(help="en or zh-Hant")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Compare regimes by their rules alone; interference is left to ``comity decide``.

    Exit codes: 0 done, 2 the input cannot be used, 3 a regime is not known.
    """
    from comity.casework.intake import read_application
    from comity.cli._options import day, spoken
    from comity.programmes.spectrum.application import SpectrumApplication
    from comity.rules.compare import compare
    from comity.rules.load import list_packs, load_pack

    tongue, today = spoken(language), day(on)
    application = read_application(file, SpectrumApplication)
    packs = (
        [load_pack(name) for name in regime]
        if regime
        else [pack for pack in list_packs() if pack.programme == "spectrum"]
    )
    packs.sort(key=lambda pack: (pack.id != application.regime, pack.scope != "full", pack.id))
    answers = compare(packs, application.model_dump(), own_values(application), today)
    if as_json:
        print(json.dumps([_as_json(a) for a in answers], ensure_ascii=False, indent=2))
    else:
        _print_table(application, answers, tongue)


def own_values(application: SpectrumApplication) -> dict[str, Any]:
    """Return the derived values that follow from the application alone, without ground or register."""
    from comity.programmes.spectrum.derived import _in_greater_london, station_values, term_values
    from comity.programmes.spectrum.geometry import area_m2

    return {
        **station_values(application),
        **term_values(application.term),
        "area_km2": round(area_m2(application.site) / 1e6, 6),
        "in_greater_london": _in_greater_london(application),
    }


def _as_json(answer: RegimeAnswer) -> dict[str, Any]:
    from comity.rules.describe import describe_finding

    texts = {name: getattr(answer, name).as_dict() for name in ("title", "power", "fee", "term")}
    lists = {
        name: [text.as_dict() for text in getattr(answer, name)]
        for name in ("terms", "documents", "perhaps", "clocks", "to_compute")
    }
    return {
        "regime": answer.regime,
        "revision": answer.revision,
        "allowed": answer.allowed,
        "scope": answer.scope,
        "bandwidth_mhz": answer.bandwidth_mhz,
        "eirp_limit_dbm": answer.eirp_limit_dbm,
        "fee_amounts": list(answer.fee_amounts),
        "currency": answer.currency,
        **texts,
        **lists,
        "reasons": [describe_finding(finding) for finding in answer.reasons],
        "assumptions": list(answer.assumptions),
    }


def _print_table(application: SpectrumApplication, answers: list[RegimeAnswer], tongue: Language) -> None:
    """Print the regimes as columns where the terminal holds all of them, else by question."""
    from rich.console import Console

    console = Console()
    if _HEADING_WIDTH + len(answers) * _COLUMN_WIDTH <= console.width:
        console.print(_table(application.reference, answers, tongue))
    else:
        _print_questions(console, application.reference, answers, tongue)


def _print_questions(console: Console, reference: str, answers: list[RegimeAnswer], tongue: Language) -> None:
    """Print question by question every regime's answer below each other, so that they still can be compared."""
    from rich.table import Table
    from rich.text import Text

    console.print(Text(reference, style="bold"))
    for answer in answers:
        console.print(Text(f"  {answer.regime}: {answer.title.in_language(tongue)}"))
    cells = [_cells(answer, tongue) for answer in answers]
    for name, heading in _ROWS[tongue].items():
        table = Table.grid(padding=(0, 2))
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for answer, column in zip(answers, cells):
            if column[name]:
                colour = _COLOURS[answer.allowed] if name == "allowed" else ""
                # Reasons are sentences and keep their lines; the rest are short items.
                words = column[name] if name == "reasons" else column[name].replace("\n", "; ")
                table.add_row(f"  {answer.regime}", Text(words, style=colour))
        if table.row_count:
            console.print(Text(f"\n{heading}", style="bold"))
            console.print(table)


def _table(reference: str, answers: list[RegimeAnswer], tongue: Language) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.HORIZONTALS, show_lines=True, pad_edge=False, expand=True)
    table.add_column(Text(reference), overflow="fold", width=_HEADING_WIDTH)
    for answer in answers:
        title = f"{answer.title.in_language(tongue)} ({answer.regime})"
        table.add_column(Text(title), overflow="fold", ratio=1)
    cells = [_cells(answer, tongue) for answer in answers]
    for name, heading in _ROWS[tongue].items():
        if not any(column[name] for column in cells):
            continue
        row: list[Text] = [Text(heading, style="bold")]
        for answer, column in zip(answers, cells):
            row.append(Text(column[name], style=_COLOURS[answer.allowed] if name == "allowed" else ""))
        table.add_row(*row)
    return table


def _cells(answer: RegimeAnswer, tongue: Language) -> dict[str, str]:
    words = _WORDS[tongue]
    papers = [text.in_language(tongue) for text in answer.documents]
    papers += [words["perhaps"] + text.in_language(tongue) for text in answer.perhaps]
    reasons = [f"{f.rule}: {f.text.in_language(tongue)}" for f in answer.reasons]
    return {
        "allowed": words[answer.allowed] + ("" if answer.scope == "full" else words["brief"]),
        "terms": "\n".join(text.in_language(tongue) for text in answer.terms),
        "reasons": "\n".join(reasons),
        "power": answer.power.in_language(tongue),
        "bandwidth": f"{answer.bandwidth_mhz:g} MHz",
        "fee": answer.fee.in_language(tongue),
        "term": answer.term.in_language(tongue),
        "documents": "\n".join(papers) or words["none"],
        "clocks": "\n".join(text.in_language(tongue) for text in answer.clocks) or words["none"],
        "to_compute": "\n".join(text.in_language(tongue) for text in answer.to_compute),
        "assumptions": str(len(answer.assumptions)),
    }
