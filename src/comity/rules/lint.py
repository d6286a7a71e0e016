"""The lint of rule packs: what a pack must have before anybody may be decided by it.

Reading a pack already refuses values without unit, date, citation, evidence or day of checking, and sentences
without both languages. The lint adds what needs the whole pack: dates that overlap, names that nobody knows,
numbers that differ between the languages, citations without a source.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import pairwise

from comity.errors import Problem
from comity.rules.expression import Expression
from comity.rules.fact import Evidence, Fact
from comity.rules.pack import Clock, Dated, Rule, RulePack
from comity.rules.sentence import slots
from comity.rules.text import Text
from comity.rules.vocabulary import DECLARATIONS, VOCABULARIES

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_STANDARD_SLOTS = {"measured", "limit", "unit", "subject", "margin"}


def lint(pack: RulePack, application_fields: Collection[str] = ()) -> list[Problem]:
    """Return every problem of a pack; an empty list is a clean pack.

    Parameters
    ----------
    pack : as loaded
    application_fields : dotted names of the application's schema (lists as ``stations[].height_m``), checked
        where given
    """
    problems: list[Problem] = []
    problems += _facts(pack)
    problems += _parts(pack)
    for rule in pack.rules:
        problems += _rule(pack, rule)
    for place, each, expression in _expressions(pack):
        problems += _names(pack, place, each, expression, frozenset(application_fields))
    problems += _clocks(pack)
    return problems


def _facts(pack: RulePack) -> Iterator[Problem]:
    for fact_id, series in pack.facts.items():
        for fact in series:
            yield from _languages(f"fact {fact_id}", fact.title)
            if fact.source not in pack.sources:
                yield Problem(f"fact {fact_id}", f"citation {fact.citation!r} names no source of the pack")
        yield from _overlaps(f"fact {fact_id}", [(f.valid_from, f.valid_to) for f in series])
        if len({fact.unit for fact in series}) > 1:
            yield Problem(f"fact {fact_id}", "values of one fact differ in unit")
        yield from _orderly(series)


def _orderly(series: tuple[Fact, ...]) -> Iterator[Problem]:
    for fact in series:
        if fact.valid_from and fact.valid_to and fact.valid_to < fact.valid_from:
            yield Problem(f"fact {fact.id}", "ends before it begins")


def _overlaps(place: str, spans: Iterable[tuple[date | None, date | None]]) -> Iterator[Problem]:
    ordered = sorted((start or date.min, end or date.max) for start, end in spans)
    for (_, end), (start, _) in pairwise(ordered):
        if start <= end:
            yield Problem(place, f"two values are valid on {start}", "dates that do not overlap")


def _parts(pack: RulePack) -> Iterator[Problem]:
    parts: dict[str, list[tuple[str, Dated, Text]]] = {
        "rule": [(r.id, r.dated, r.title) for r in pack.rules],
        "formula": [(f.id, f.dated, f.title) for f in pack.formulas],
        "clock": [(c.id, c.dated, c.title) for c in pack.clocks],
    }
    for section, entries in parts.items():
        for name, count in Counter(entry[0] for entry in entries).items():
            if count > 1:
                spans = [(d.valid_from, d.valid_to) for i, d, _ in entries if i == name]
                yield from _overlaps(f"{section} {name}", spans)
        for name, dated, title in entries:
            yield from _languages(f"{section} {name}", title)
            if dated.source not in pack.sources:
                yield Problem(f"{section} {name}", f"citation {dated.citation!r} names no source of the pack")


def _languages(place: str, text: Text) -> Iterator[Problem]:
    if not text.en or not text.zh:
        yield Problem(place, "a text is missing in one language", "English and Traditional Chinese")
        return
    numbers_en, numbers_zh = (Counter(_NUMBER.findall(t)) for t in (text.en, text.zh))
    extra = (numbers_en - numbers_zh) + (numbers_zh - numbers_en)
    if extra:
        yield Problem(place, f"numbers differ between the languages: {', '.join(sorted(extra))}")
    if slots(text.en) != slots(text.zh):
        differing = ", ".join(sorted(slots(text.en) ^ slots(text.zh)))
        yield Problem(place, f"values differ between the languages: {differing}")


def _rule(pack: RulePack, rule: Rule) -> Iterator[Problem]:
    place = f"rule {rule.id}"
    known = _STANDARD_SLOTS | {name for name, _ in rule.values}
    sentences = [rule.passed, rule.failed, *([rule.unknown] if rule.unknown else [])]
    for text in sentences:
        if text.en:
            yield from _languages(place, text)
        for slot in sorted(slots(text.en) - known):
            yield Problem(place, f"{{{slot}}} is not among its values", ", ".join(sorted(known)))
    if rule.severity == "block" and rule.dated.evidence in (Evidence.ASSUMPTION, Evidence.PENDING):
        yield Problem(place, "a rule that nobody confirmed must not refuse", "severity refer, warn or info")
    if rule.severity in ("block", "refer") and rule.require is None and not rule.sense:
        yield Problem(place, "requires nothing")
    if not rule.failed.en and rule.require is not None:
        yield Problem(place, "has a condition and no sentence for its failure")


def _expressions(pack: RulePack) -> Iterator[tuple[str, str, Expression]]:
    """Yield place, the list that ``item`` runs over, and expression."""
    for rule in pack.rules:
        parts = [rule.when, rule.require, rule.measured, rule.limit, *(part for _, part in rule.values)]
        for part in parts:
            if part is not None:
                yield f"rule {rule.id}", rule.each, part
    for formula in pack.formulas:
        yield f"formula {formula.id}", "", formula.expression
        if formula.when is not None:
            yield f"formula {formula.id}", "", formula.when


def _names(
    pack: RulePack, place: str, each: str, expression: Expression, application_fields: frozenset[str]
) -> Iterator[Problem]:
    for fact_id in sorted(expression.facts - set(pack.facts)):
        yield Problem(place, f"fact {fact_id!r} is not in the pack")
    for prefix, suffix in sorted(expression.open_facts):
        if not any(f.startswith(prefix) and f.endswith(suffix) for f in pack.facts):
            yield Problem(place, f"no fact is called {prefix}...{suffix}")
    for formula_id in sorted(expression.formulas - {f.id for f in pack.formulas}):
        yield Problem(place, f"formula {formula_id!r} is not in the pack")
    for path in sorted(expression.paths):
        if path.split(".", 1)[0] == "item":
            if not each:
                yield Problem(place, f"{path}: there is no item, the rule runs over no list", "each = ...")
            path = f"{each}[]{path.removeprefix('item')}"
        yield from _path(pack, place, path, application_fields)


def _path(pack: RulePack, place: str, path: str, application_fields: frozenset[str]) -> Iterator[Problem]:
    vocabulary = VOCABULARIES.get(pack.programme)
    root, _, rest = path.partition(".")
    if root == "derived" and vocabulary is not None and rest not in vocabulary:
        yield Problem(place, f"{path} is not in the vocabulary", ", ".join(vocabulary))
    declared = path.removeprefix("application.declarations.")
    if declared != path:
        if vocabulary is not None and declared not in DECLARATIONS:
            yield Problem(place, f"{path} is not in the vocabulary", ", ".join(DECLARATIONS))
    elif root == "application" and application_fields and rest not in application_fields:
        yield Problem(place, f"{path} is no field of the application")


def _clocks(pack: RulePack) -> Iterator[Problem]:
    for clock in pack.clocks:
        yield from _clock(pack, clock)


def _clock(pack: RulePack, clock: Clock) -> Iterator[Problem]:
    series = pack.facts.get(clock.period, ())
    if not series:
        yield Problem(f"clock {clock.id}", f"fact {clock.period!r} is not in the pack")
    for fact in series:
        if fact.unit not in ("day", "week", "month", "year"):
            yield Problem(
                f"clock {clock.id}", f"period {fact.id} is in {fact.unit}", "day, week, month, year"
            )
