"""Somebody's results of a call, checked by the independent verifier."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import numpy as np

from comity.casework.files import read_text
from comity.errors import ComityError, Problem
from comity.matching.guarantees import MECHANISMS, Guarantee
from comity.matching.instance import Instance
from comity.matching.lottery import break_ties
from comity.matching.outcome import Matching, Proof
from comity.matching.verifier import Check, Verdict
from comity.programmes.talent.call import SEVERAL_BEST, Adopted, Call
from comity.programmes.talent.eligibility import screen
from comity.programmes.talent.mechanisms import TAKES_TIES, lottery_of, verdict_of
from comity.programmes.talent.run import lists_of
from comity.rules.pack import RulePack
from comity.rules.text import Text


def check_results(call: Call, pack: RulePack, on: date, results: Path) -> Verdict:
    """Check the results in a CSV file against the call's lists and what its mechanism claims."""
    lists = lists_of(call, screen(call, pack, on))
    lottery = lottery_of(call)
    mechanism = MECHANISMS[call.settings.mechanism]
    if lottery is not None and mechanism.id not in TAKES_TIES:
        drawn = f"{mechanism.id}-lottery"
        mechanism = mechanism if lists.strict else MECHANISMS.get(drawn, mechanism)
        lists = break_ties(lists, lottery)
    host_of = np.array(_placed(results, lists), dtype=np.int32)
    kept = call.adopted if mechanism.id in SEVERAL_BEST else None
    proof = Proof(kept.value, kept.bound, kept.complete) if kept is not None else None
    matching = Matching(lists, mechanism, host_of, proof)
    verdict = verdict_of(call, matching)
    return verdict if kept is None else Verdict((*verdict.checks, _as_adopted(kept, matching)))


def _as_adopted(kept: Adopted, matching: Matching) -> Check:
    """Return the check that a result is the one that was adopted."""
    other = tuple(
        (s, kept.placed.get(s) or "-") for s, p in matching.as_names().items() if kept.placed.get(s) != p
    )
    same = Text("Equal to the adopted result.", "與已採用之結果完全相同。")
    unlike = Text(
        f"{len(other)} students differ from the adopted result.",
        f"有 {len(other)} 名學生與已採用之結果不同。",
    )
    return Check(Guarantee.AS_PUBLISHED, not other, unlike if other else same, other)


def check_rows(verdict: Verdict) -> list[dict[str, object]]:
    """Return the checks of a verdict as JSON data; the witnesses are students, and no part of what is published."""
    return [
        {
            "claim": c.claim.value,
            "holds": c.holds,
            "text": c.text.as_dict(),
            "witnesses": [list(pair) for pair in c.witnesses],
        }
        for c in verdict.checks
    ]


def _placed(results: Path, lists: Instance) -> list[int]:
    if not results.is_file():
        raise ComityError("there are no results", [Problem(str(results), "not found")], exit_code=3)
    student = {lists.student_id(s): s for s in range(lists.n_students)}
    position = {lists.host_id(h): h for h in range(lists.n_hosts)} | {"": -1}
    placed: dict[int, int] = {}
    problems: list[Problem] = []
    with io.StringIO(read_text(results), newline="") as stream:
        reader = csv.DictReader(stream)
        for row in reader:
            place = f"{results.name}:{reader.line_num}"
            s, p = (row.get("student") or "").strip(), (row.get("position") or "").strip()
            if s not in student:
                problems.append(Problem(f"{place}, column student", f"unknown student {s!r}"))
            elif student[s] in placed:
                problems.append(Problem(f"{place}, column student", f"{s} stands there a second time"))
            if p not in position:
                problems.append(Problem(f"{place}, column position", f"unknown position {p!r}"))
            placed.setdefault(student.get(s, -1), position.get(p, -1))
    problems += [
        Problem(results.name, f"student {s} is missing") for s, i in student.items() if i not in placed
    ]
    if problems:
        raise ComityError("these are not the results of this call", problems)
    return [placed[s] for s in range(lists.n_students)]
