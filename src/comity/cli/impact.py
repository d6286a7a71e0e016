"""``comity impact``: what a draft rule would change for applications that were already made."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from comity.cli._kept import CACHE_HELP, share

if TYPE_CHECKING:
    from comity.casework.impact import Impact
    from comity.casework.world import World

HELP = "Decide applications under the law and under a draft rule pack, and show what would change."

_SHOWN = 8


def command(
    draft: Annotated[Path, typer.Argument(help="folder of the draft rule pack")],
    files: Annotated[list[Path], typer.Argument(help="applications, or folders of them")],
    on: Annotated[str | None, typer.Option(help="day whose rules apply, as 2026-03-02; else today")] = None,
    cache: Annotated[bool, typer.Option(help=CACHE_HELP)] = True,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Decide every application twice, under its regime's pack and under the draft, and compare.

    Applications under another regime than the one that the draft extends are decided under both all the same:
    name those that the draft is meant for. Exit code 0 whether anything changes or not.
    """
    from comity.casework.impact import impact_of
    from comity.casework.intake import read_document, validated
    from comity.cli._options import day
    from comity.cli._progress import progress
    from comity.programmes import load_programme, part
    from comity.rules.load import load_folder

    today, pack, found = day(on), load_folder(draft), []
    worlds: dict[tuple[str, str, Path | None], World] = {}
    paths = [p for f in files for p in (sorted(f.glob("*.toml")) if f.is_dir() else [f])]
    with progress("deciding twice") as report:
        for count, path in enumerate(paths, start=1):
            document, lines = read_document(path)
            programme = load_programme(str(document.get("programme", "spectrum")))
            application = validated(document, programme.schema, str(path), lines)
            beside = getattr(application, "register_file", None)
            register = path.parent / beside if beside else None
            key = (programme.id, application.regime, register)
            if key not in worlds:
                worlds[key] = part(programme.id, "world").open_world(
                    application.regime, today=today, register=register, settings={}
                )
                if cache:
                    share(programme.id, worlds[key])
            law = worlds[key]
            tried = replace(law, packs={**law.packs, application.regime: pack})
            found.append(impact_of(application, law, tried, programme))
            report(count, len(paths))
    print(json.dumps([_as_data(i) for i in found], ensure_ascii=False) if as_json else _as_text(found))


def _as_data(impact: Impact) -> dict[str, object]:
    return {
        "reference": impact.reference,
        "changed": impact.is_changed,
        "law": impact.law.outcome,
        "draft": impact.draft.outcome,
        "award": [{"field": d.path, "law": d.recorded, "draft": d.found} for d in impact.award],
        "findings": [
            {"rule": rule, "subject": subject, "law": law, "draft": draft}
            for rule, subject, law, draft in impact.findings
        ],
    }


def _as_text(found: list[Impact]) -> str:
    lines = []
    for impact in found:
        law, draft = impact.law.outcome.value, impact.draft.outcome.value
        lines.append(f"{impact.reference}: {law if law == draft else f'{law} -> {draft}'}")
        changes = [
            f"  {rule}{f' {subject}' if subject else ''}: {a or 'no such rule'} -> {b or 'no such rule'}"
            for rule, subject, a, b in impact.findings
        ] + [f"  {d.path}: {json.dumps(d.recorded)} -> {json.dumps(d.found)}" for d in impact.award]
        lines += changes[:_SHOWN]
        if len(changes) > _SHOWN:
            lines.append(f"  and {len(changes) - _SHOWN} more; --json shows them")
    changed = sum(i.is_changed for i in found)
    turned = sum(i.law.outcome is not i.draft.outcome for i in found)
    lines.append(f"\n{len(found)} applications: {changed} changed, {turned} of them with another outcome")
    return "\n".join(lines)
