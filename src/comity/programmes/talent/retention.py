"""Personal data: when it must go, what goes, and the remainder that names nobody."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from comity.casework.replay import ERASED
from comity.programmes.talent.run import CallRun
from comity.programmes.talent.statistics import SMALLEST_GROUP
from comity.rules.clocks import shift
from comity.rules.pack import RulePack

#: Fields of an application that say something about a person; the code, the country and the list's length stay.
PERSONAL = (
    "enrolment", "skills", "languages", "available_from", "available_to", "adult", "needs_visa_support", "documents",
    "groups", "choices",
)  # fmt: skip


def erase_on(last_day: date, pack: RulePack, on: date) -> date:
    """Return the day on which personal data of a placement that ended on ``last_day`` must be gone."""
    fact = pack.fact("retention.years", on=on)
    return shift(last_day, int(pack.number("retention.years", on=on)), fact.unit, "after", pack.counting)


def erased(document: dict[str, Any], on: date, pack: RulePack) -> dict[str, Any]:
    """Return a decision's document with its personal fields destroyed under the retention rule.

    A replay of it answers "erased by policy", which is not "altered". Reasons and options go, too: they quote places.
    So does the seal: it holds plain hashes of what was applied for, from which short answers can be guessed.
    """
    mark = {ERASED: f"{pack.id} retention.years, {on.isoformat()}"}
    application = {k: (mark if k in PERSONAL else v) for k, v in document["application"].items()}
    return {
        **{k: v for k, v in document.items() if k != "seal"},
        "application": application,
        "reasons": [],
        "considered": [],
        "findings": [],
        "award": None,
    }


def remainder(run: CallRun) -> list[dict[str, object]]:
    """Return counts by field, receiving country and level that name nobody; cells of few people are merged."""
    cells: Counter[tuple[str, str, int]] = Counter()
    for s, p in run.placed.items():
        if p is not None:
            position = run.call.positions[p]
            level = run.call.students[s].enrolment.eqf_level or 0
            cells[position.field, run.call.hosts[position.host].country, level] += 1
    kept = [(k, n) for k, n in sorted(cells.items()) if n >= SMALLEST_GROUP]
    rest = sum(n for n in cells.values() if n < SMALLEST_GROUP)
    rows: list[dict[str, object]] = [
        {"field": f, "country": c, "eqf_level": e, "placed": n} for (f, c, e), n in kept
    ]
    return [*rows, {"field": "", "country": "", "eqf_level": 0, "placed": rest}] if rest else rows
