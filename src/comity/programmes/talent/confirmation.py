"""A run counts only when two named roles have confirmed this very run; everything before is a dry run."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from comity.casework.files import read_text, write_whole
from comity.errors import ComityError, Problem
from comity.programmes.talent.call import SEVERAL_BEST
from comity.programmes.talent.run import CallRun
from comity.programmes.talent.words import role_name
from comity.rules.text import Text

COLUMNS = ("role", "name", "day", "run")


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Somebody in a role has looked at a run and confirms it; ``run`` is the run's identity."""

    role: str
    name: str
    day: date
    run: str


def confirmed(run: CallRun, confirmations: Sequence[Confirmation]) -> tuple[bool, Text]:
    """Return whether a run may be published, and why not yet."""
    if run.call.settings.mechanism in SEVERAL_BEST and run.call.adopted is None:
        return False, _ADOPT
    roles = run.call.settings.confirmers
    mine = {c.role: c for c in confirmations if c.run == run.identity and c.role in roles}
    missing = [role for role in roles if role not in mine]
    if missing:
        waiting = _listed([role_name(role) for role in missing])
        stale = any(c.run != run.identity for c in confirmations)
        more = _OTHER_RUN if stale else Text("", "")
        return False, Text(
            f"Not confirmed by: {waiting.en}.{more.en}", f"尚未經下列人員確認：{waiting.zh}。{more.zh}"
        )
    if len({_person(c.name) for c in mine.values()}) < len(roles):
        return False, _TWO_ROLES
    # the text is published: it names roles; the names stay in the confirmations
    who = _listed([role_name(role) for role in roles])
    return True, Text(f"Confirmed by {who.en}.", f"已由{who.zh}確認。")


def may_confirm(run: CallRun, before: Sequence[Confirmation], wanted: Confirmation) -> tuple[bool, Text]:
    """Return whether a person may confirm a run in a role after others have, and why not."""
    person = _person(wanted.name)
    for c in before:
        if c.run != wanted.run or c.role not in run.call.settings.confirmers:
            continue
        if c.role != wanted.role and _person(c.name) == person:
            return False, _TWO_ROLES
        if c.role == wanted.role and _person(c.name) != person:
            role = role_name(c.role)
            return False, Text(
                f"Another person has already confirmed this run as {role.en}.",
                f"本次執行結果已由他人以{role.zh}身分確認。",
            )
    return True, Text("", "")


def _person(name: str) -> str:
    """Return a name as it is compared: the same person whatever the spaces, the case or the width of letters."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).split())


_TWO_ROLES = Text("One person cannot confirm in two roles.", "同一人不得以兩種身分確認。")
_ADOPT = Text(
    "Several results are equally good: adopt this one first (comity match adopt), so that it stays the same.",
    "有數個結果同樣最佳：請先採用其一（comity match adopt），以確保結果固定。",
)
_OTHER_RUN = Text(" Earlier confirmations are of another run.", "先前之確認屬另一次執行結果。")


def _listed(names: Sequence[Text]) -> Text:
    return Text(", ".join(n.en for n in names), "、".join(n.zh for n in names))


def read_confirmations(path: Path) -> tuple[Confirmation, ...]:
    """Return the confirmations in a CSV file; none where there is no file."""
    if not path.is_file():
        return ()
    found, problems = [], []
    reader = csv.reader(io.StringIO(read_text(path), newline=""))
    if tuple(next(reader, ())) != COLUMNS:
        problems.append(Problem(f"{path.name}:1", "another header", ", ".join(COLUMNS)))
        reader = csv.reader(())
    for cells in filter(None, reader):
        where = f"{path.name}:{reader.line_num}"
        if len(cells) != len(COLUMNS):
            problems.append(Problem(where, f"{len(cells)} cells", ", ".join(COLUMNS)))
            continue
        role, name, day, run = cells
        try:
            found.append(Confirmation(role, name, date.fromisoformat(day), run))
        except ValueError:
            problems.append(Problem(f"{where}, column day", repr(day), "2026-05-04"))
    if problems:
        raise ComityError("the confirmations cannot be read", problems)
    return tuple(found)


def add_confirmation(path: Path, run: CallRun, confirmation: Confirmation) -> None:
    """Add one confirmation; what cannot count is refused before anything is written.

    Raises
    ------
    ComityError
        Where the call names no such role or the name is empty; and, with exit code 1, where somebody else has
        confirmed the run in this role, or this person in the other.
    """
    roles = run.call.settings.confirmers
    if confirmation.role not in roles or not confirmation.name.strip():
        problem = Problem("role", repr(confirmation.role), f"one of {', '.join(roles)}, with a name")
        raise ComityError("this role does not confirm runs of this call", [problem])
    before = read_confirmations(path)
    allowed, reason = may_confirm(run, before, confirmation)
    if not allowed:
        problem = Problem("--name", repr(confirmation.name), "two roles, two people, one confirmation each")
        raise ComityError(reason.en, [problem], exit_code=1)
    kept = [c for c in before if not (c.role == confirmation.role and c.run == confirmation.run)]
    lines = [",".join(COLUMNS)]
    for c in (*kept, confirmation):
        lines.append(",".join(_cell(v) for v in (c.role, c.name, c.day.isoformat(), c.run)))
    write_whole(path, ("\n".join(lines) + "\n").encode())


def _cell(value: str) -> str:
    return '"' + value.replace('"', '""') + '"' if any(x in value for x in ',"\n') else value
