"""What a run leaves on disk: a public part without persons, and a private part."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, time
from pathlib import Path

from comity.casework.canonical import canonical_bytes
from comity.casework.decide import decide
from comity.casework.decision import Decision
from comity.casework.document import to_bytes
from comity.casework.files import whole_folder, write_whole
from comity.casework.world import World
from comity.errors import ComityError, Problem
from comity.programmes.talent.call import SEVERAL_BEST, Adopted
from comity.programmes.talent.check import check_rows
from comity.programmes.talent.joint import explained
from comity.programmes.talent.log import decision_events, run_event, run_record
from comity.programmes.talent.programme import PROGRAMME
from comity.programmes.talent.run import CallRun
from comity.programmes.talent.statistics import statistics_of
from comity.register.event import new_salt
from comity.rules.text import Text

RESULT_COLUMNS = ("student", "position", "choice", "standing")
CUTOFF_COLUMNS = ("position", "seats", "filled", "last_place")


def write_run(run: CallRun, world: World, folder: Path, status: tuple[bool, Text]) -> list[Path]:
    """Write a run into ``folder``, all of it or nothing, and return the files.

    ``public/`` holds the report, cut-offs, statistics and the check; it names nobody, and its name of the run is a
    salted commitment. ``private/`` holds results, the check with its witnesses, explanations, a decision for each
    student, and the salts. A confirmed run adds the entries for the public register, and the salts that open them.
    """
    from comity.programmes.talent.call_report import call_page
    from comity.report.page import render_page

    with whole_folder(folder) as new:
        public, private = new / "public", new / "private"
        (private / "decisions").mkdir(parents=True)
        public.mkdir()
        salt = new_salt()
        record = run_record(run, salt)
        page = render_page(call_page(run, world, status, record))
        (public / "report.html").write_text(page, encoding="utf-8")
        _table(public / "cutoffs.csv", CUTOFF_COLUMNS, cutoff_rows(run))
        _json(public / "statistics.json", asdict(statistics_of(run).for_public()))
        _json(public / "check.json", public_check(run, status, record))
        _json(private / "check.json", check_document(run, status))
        _table(private / "results.csv", RESULT_COLUMNS, result_rows(run))
        _json(private / "explanations.json", _explanations(run))
        decisions = {s: decide(a, world, PROGRAMME) for s, a in sorted(run.call.students.items())}
        for reference, decision in decisions.items():
            (private / "decisions" / f"{reference}.json").write_bytes(to_bytes(decision))
        salts: dict[str, object] = {"run": salt.hex()}
        if status[0]:
            salts["students"] = _register(run, decisions, salt, public / "register-entries.jsonl")
        _json(private / "salts.json", salts)
        names = sorted(p.relative_to(new) for p in new.rglob("*") if p.is_file())
    return [folder / name for name in names]


def _register(run: CallRun, decisions: Mapping[str, Decision], salt: bytes, entries: Path) -> dict[str, str]:
    """Write the entries that a confirmed run adds to the public register; return the students' salts."""
    at = datetime.combine(run.call.settings.dates.results, time(), UTC)
    events, kept = decision_events(run, decisions, at)
    entries.write_bytes(b"".join(e.encode() + b"\n" for e in (run_event(run, at, salt), *events)))
    return kept


def adopt(run: CallRun, folder: Path) -> Path:
    """Write a run's result into its call's folder, where several are equally good; later runs check it."""
    proof = run.matching.proof
    if proof is None:
        problem = Problem("mechanism", run.matching.mechanism.id, "one of " + ", ".join(SEVERAL_BEST))
        raise ComityError("the result of this mechanism is unique and needs no adoption", [problem])
    kept = Adopted(placed=run.placed, value=proof.value, bound=proof.bound, complete=proof.complete)
    path = folder / "adopted.json"
    write_whole(path, canonical_bytes(kept) + b"\n")
    return path


def result_rows(run: CallRun) -> Iterable[tuple[object, ...]]:
    """Yield each student's result."""
    for s, p in sorted(run.placed.items()):
        choice = run.choice_number(s) if p else ""
        yield s, p or "", choice, run.screening.standing(s).value


def cutoff_rows(run: CallRun) -> Iterable[tuple[object, ...]]:
    """Yield each position's public cut-off."""
    for p, cut in sorted(run.cutoffs.items()):
        yield p, cut.seats, cut.filled, "" if cut.last_place is None else cut.last_place


def check_document(run: CallRun, status: tuple[bool, Text]) -> dict[str, object]:
    """Return the independent check as JSON data."""
    mechanism = run.matching.mechanism
    return {
        "run": run.identity,
        "call": run.call.sha256,
        "confirmed": status[0],
        "status": status[1].as_dict(),
        "mechanism": mechanism.id,
        "guarantees": sorted(g.value for g in mechanism.guarantees),
        "sound": run.verdict.sound,
        "checks": check_rows(run.verdict),
        "proof": asdict(run.matching.proof) if run.matching.proof else None,
    }


def public_check(run: CallRun, status: tuple[bool, Text], record: str) -> dict[str, object]:
    """Return the check as it is published: counts without witnesses, and the run by its salted commitment."""
    document = check_document(run, status)
    checks = [{k: v for k, v in row.items() if k != "witnesses"} for row in check_rows(run.verdict)]
    return {k: v for k, v in document.items() if k != "call"} | {"run": record, "checks": checks}


def _explanations(run: CallRun) -> dict[str, object]:
    explain = run.explainer()
    students = {s: explained(run, s) for s in sorted(run.call.students)}
    positions = [explain.host(h) for h in range(run.untied.n_hosts)]
    return {
        "students": {s: {"text": e.text.as_dict(), "proved": e.proved} for s, e in students.items()},
        "positions": {e.host: {"text": e.text.as_dict(), "students": list(e.students)} for e in positions},
    }


def _table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _json(path: Path, document: object) -> None:
    path.write_text(
        json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8"
    )
