"""``comity replay``: compute decisions again and say what differs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from comity.casework.archive import Archived
    from comity.casework.document import Document
    from comity.casework.replay import Difference, Replay
    from comity.casework.world import World

HELP = "Compute decisions again under their own revisions; exit 1 when one differs."


def command(
    file: Annotated[
        Path, typer.Argument(help="decision.json, as comity decide --out wrote it; with --all a folder")
    ],
    register: Annotated[
        Path | None, typer.Option(help="the register it was decided on; else the one beside the decision")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="every decision.json and decisions.jsonl.xz in and below the folder")
    ] = False,
    every: Annotated[int, typer.Option(min=1, help="with --all: only every n-th decision")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON, one line a decision")] = False,
) -> None:
    """Recompute decisions: reproduced, altered, revision or data edition unavailable, erased by policy.

    Exit codes: 0 all reproduced, 1 anything else, 2 a file is no decision, 3 something needed is missing.
    """
    from comity.casework.archive import Archived, read_archive
    from comity.casework.files import read_whole
    from comity.cli._progress import progress

    if everything:
        cases = list(read_archive(file))[::every]
    else:
        beside = sorted(file.parent.glob("register.*"))
        cases = [Archived(str(file), read_whole(file), beside[0] if beside else None)]
    found: Counter[str] = Counter()
    replayed = replayer(register)
    with progress("computing again") as report:
        for done, case in enumerate(cases, start=1):
            result = replayed(case)
            found[result.verdict.value] += 1
            if as_json or not everything or result.differences:
                _show(case.place, result, as_json)
            report(done, len(cases))
    if everything and not as_json:
        print(f"{len(cases)} decisions: " + ", ".join(f"{n} {verdict}" for verdict, n in found.items()))
    raise typer.Exit(0 if set(found) == {"reproduced"} else 1)


def replayer(register: Path | None = None) -> Callable[[Archived], Replay]:
    """Return a function that replays one decision after another and opens each world once."""
    from comity.casework.document import document_from_bytes
    from comity.casework.replay import check_bytes, check_inputs, replay
    from comity.programmes import load_programme

    worlds: dict[tuple[str, str, Path | None], World] = {}

    def replayed(case: Archived) -> Replay:
        document = document_from_bytes(case.content, case.place)
        unusable = check_inputs(document)
        if unusable is not None:
            return unusable
        key = (str(document["programme"]), str(document["regime"]), register or case.register)
        if key not in worlds:
            worlds[key] = _world(document, key[2])
        found = replay(document, worlds[key], load_programme(key[0]))
        return check_bytes(case.content, document, found)

    return replayed


def _world(document: Document, register: Path | None) -> World:
    from comity.cli._options import day
    from comity.cli._working import working
    from comity.programmes import part

    today = day(str(document["decided_on"]))
    module = part(str(document["programme"]), "world")
    with working("opening rules, register and ground"):
        world: World = module.open_world(str(document["regime"]), today=today, register=register, settings={})
    return world


def _show(place: str, found: Replay, as_json: bool) -> None:
    if as_json:
        differences = [{"path": d.path, "recorded": d.recorded, "found": d.found} for d in found.differences]
        line = {"file": place, "verdict": found.verdict.value, "differences": differences}
        print(json.dumps(line, ensure_ascii=False))
        return
    print(f"{place}: {found.verdict.value}")
    for difference in found.differences:
        print(f"  {difference.path}\n    recorded: {_short(difference.recorded)}")
        print(f"    found:    {_short(difference.found)}")
        if hint := _hint(difference):
            print(f"    {hint}")


def _hint(difference: Difference) -> str:
    """Return what two hashes do not say by themselves."""
    if difference.path == "provenance.register" and difference.found == "none given":
        return "no register file lies beside the decision; --register FILE names the one it was decided on"
    if difference.path == "provenance.register":
        return "this is another register than the one it was decided on; --register FILE names that one"
    hashes = (difference.recorded, difference.found)
    if all(isinstance(h, str) and len(h) == 64 and set(h) <= set("0123456789abcdef") for h in hashes):
        return "these are hashes of the content: it is no longer what was decided on"
    return ""


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:197]}..."
