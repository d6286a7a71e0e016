"""``comity replay``: compute a decision again and say what differs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from comity.casework.document import Document
    from comity.casework.replay import Replay

HELP = "Compute a decision again under its own revisions; exit 1 when it differs."


def command(
    file: Annotated[Path, typer.Argument(help="decision.json, as comity decide --out wrote it")],
    register: Annotated[
        Path | None, typer.Option(help="the register it was decided on; else the one beside the decision")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Recompute a decision: reproduced, altered, revision or data edition unavailable, erased by policy.

    Exit codes: 0 reproduced, 1 anything else, 2 the file is no decision, 3 something needed is missing.
    """
    from comity.casework.document import document_from_bytes
    from comity.casework.files import read_whole
    from comity.casework.replay import ReplayVerdict, check_inputs

    document = document_from_bytes(read_whole(file), str(file))
    beside = sorted(file.parent.glob("register.*"))
    found = check_inputs(document) or _recomputed(document, register or (beside[0] if beside else None))
    if as_json:
        differences = [{"path": d.path, "recorded": d.recorded, "found": d.found} for d in found.differences]
        print(json.dumps({"verdict": found.verdict.value, "differences": differences}, ensure_ascii=False))
    else:
        print(f"{file}: {found.verdict.value}")
        for difference in found.differences:
            print(f"  {difference.path}\n    recorded: {_short(difference.recorded)}")
            print(f"    found:    {_short(difference.found)}")
    raise typer.Exit(0 if found.verdict is ReplayVerdict.REPRODUCED else 1)


def _recomputed(document: Document, register: Path | None) -> Replay:
    from comity.casework.replay import replay
    from comity.cli._options import day
    from comity.cli._working import working
    from comity.programmes import load_programme, part

    programme_id, regime = str(document["programme"]), str(document["regime"])
    today = day(str(document["decided_on"]))
    with working("computing again"):
        world = part(programme_id, "world").open_world(regime, today=today, register=register, settings={})
        return replay(document, world, load_programme(programme_id))


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:197]}..."
