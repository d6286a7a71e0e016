"""Rule packs printed as law tables: ``python -m comity.rules.tables docs/rules``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from comity.rules.describe import count_evidence
from comity.rules.fact import Evidence, Fact
from comity.rules.load import list_packs
from comity.rules.pack import Dated, Rule, RulePack
from comity.rules.parts import KINDS
from comity.rules.sentence import shown
from comity.rules.text import Text
from comity.rules.vocabulary import DECLARATIONS, DERIVED, ENGINEERED

HEAD = "<!-- Printed from the rule packs by `python -m comity.rules.tables docs/rules`; do not edit. -->"
_LANGUAGES = {
    "zh-Hant": "Chinese",
    "en": "English",
    "de": "German",
    "fi": "Finnish",
    "sv": "Swedish",
    "no": "Norwegian",
    "nl": "Dutch",
}
_DIRECTIONS = {"after": "after", "before": "before", "lasting": "from the start of"}
_KIND_TITLES = {
    "eligibility": "Eligibility",
    "document": "Documents",
    "plan": "Fields of the plan",
    "review": "Review",
    "cyber": "Cybersecurity",
    "radio": "Radio",
    "siting": "Siting",
    "coordination": "Coordination",
    "fee": "Fees",
    "term": "Term",
    "procedure": "Procedure and conditions",
}


def pages() -> dict[str, str]:
    """Return every page by file name."""
    packs = list_packs()
    found = {f"{pack.id}.md": pack_page(pack) for pack in packs}
    return {"vocabulary.md": vocabulary_page(), **found}


def write(folder: Path) -> list[Path]:
    """Write every page into ``folder`` and return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")
        paths.append(folder / name)
    return paths


def pack_page(pack: RulePack) -> str:
    """Return the law table of one pack in Markdown."""
    parts = [HEAD, "", f"# {pack.title.en}", "", pack.title.zh, "", *_identity(pack), ""]
    for kind in KINDS:
        parts += _rules(pack, kind)
    parts += _formulas(pack)
    parts += _clocks(pack)
    parts += ["## Facts", ""]
    for group in dict.fromkeys(name.split(".", 1)[0] for name in pack.facts):
        parts += _facts(pack, group)
    parts += _open_points(pack)
    parts += _sources(pack)
    return "\n".join(parts).rstrip() + "\n"


def _identity(pack: RulePack) -> list[str]:
    grades = ", ".join(f"{number} {grade}" for grade, number in count_evidence(pack).items())
    rows = [
        ("regime", f"`{pack.id}`"),
        ("revision", str(pack.revision)),
        (
            "text that prevails",
            _LANGUAGES.get(pack.authoritative_language, pack.authoritative_language),
        ),
        ("scope", pack.scope if pack.scope == "full" else "in brief, for comparison"),
        ("law read as of", pack.read_as_of.isoformat()),
        ("facts by evidence", grades),
        ("sha256", f"`{pack.sha256}`"),
    ]
    return _table(("", ""), rows)


def _rules(pack: RulePack, kind: str) -> list[str]:
    chosen = [rule for rule in pack.rules if rule.kind == kind]
    if not chosen:
        return []
    rows = [
        (
            _anchored(rule.id),
            _both(rule.title),
            _condition(rule),
            rule.severity,
            rule.dated.citation,
            _validity(rule.dated.valid_from, rule.dated.valid_to),
            rule.dated.evidence.value,
        )
        for rule in chosen
    ]
    headings = ("rule", "title", "condition", "if not kept", "citation", "valid", "evidence")
    return [f"## {_KIND_TITLES[kind]}", "", *_table(headings, rows), ""]


def _anchored(rule_id: str) -> str:
    return f"**{rule_id}**"


def _condition(rule: Rule) -> str:
    parts = []
    if rule.each:
        parts.append(f"each `item` of `{rule.each}`")
    if rule.when is not None:
        parts.append(f"where `{rule.when.source}`")
    if rule.require is not None:
        parts.append(f"`{rule.require.source}`")
    if rule.sense and rule.measured is not None and rule.limit is not None:
        parts.append(f"`{rule.measured.source} {rule.sense} {rule.limit.source}`")
    return "; ".join(parts) or "stated to the applicant"


def _formulas(pack: RulePack) -> list[str]:
    if not pack.formulas:
        return []
    rows = [
        (f"`{f.id}`", _both(f.title), f.unit, f"`{f.expression.source}`", f.dated.citation, _dated(f.dated))
        for f in pack.formulas
    ]
    headings = ("formula", "title", "unit", "expression", "citation", "valid, evidence")
    return ["## Formulas", "", *_table(headings, rows), ""]


def _clocks(pack: RulePack) -> list[str]:
    if not pack.clocks:
        return []
    rows = [
        (
            f"`{c.id}`",
            _both(c.title),
            f"{_period(pack, c.period)} {_DIRECTIONS[c.direction]} `{c.start}`"
            + "".join(f", not past `{name}`" for name in c.not_after),
            c.who,
            c.reading,
            c.dated.citation,
        )
        for c in pack.clocks
    ]
    headings = ("clock", "title", "counts", "whose", "reading", "citation")
    return ["## Clocks", "", *_table(headings, rows), ""]


def _period(pack: RulePack, fact_id: str) -> str:
    fact = pack.facts[fact_id][-1]
    return "pending" if fact.value is None else f"{fact.value} {fact.unit}"


def _facts(pack: RulePack, group: str) -> list[str]:
    rows = [
        (
            f"`{fact.id}`",
            _both(fact.title),
            _value(fact),
            _validity(fact.valid_from, fact.valid_to),
            fact.citation,
            f"{fact.evidence.value}, {fact.checked}",
            fact.note,
        )
        for name, series in pack.facts.items()
        if name.split(".", 1)[0] == group
        for fact in series
    ]
    headings = ("fact", "title", "value", "valid", "citation", "evidence, checked", "note")
    return [f"### {group}", "", *_table(headings, rows), ""]


def _value(fact: Fact) -> str:
    if fact.value is None:
        return "**pending**"
    unit = "" if fact.unit in ("1", "date") else f" {fact.unit}"
    readings = f" (may be read as {fact.accepted()})" if fact.is_switchable else ""
    return f"{shown(fact.value).en}{unit}{readings}"


def _open_points(pack: RulePack) -> list[str]:
    pending = [f for s in pack.facts.values() for f in s if f.evidence is Evidence.PENDING]
    if not pending:
        return []
    rows = [(f"`{fact.id}`", _both(fact.title), fact.citation, fact.note) for fact in pending]
    intro = (
        "Known to exist and not obtained. What needs them is not computable yet; it is never taken as zero."
    )
    return ["## Open points", "", intro, "", *_table(("fact", "title", "where it stands", "note"), rows), ""]


def _sources(pack: RulePack) -> list[str]:
    rows = [
        (s.short, _both(s.title), s.edition, f"<{s.url}>" if s.url else "") for s in pack.sources.values()
    ]
    return ["## Sources", "", *_table(("cited as", "title", "edition", "address"), rows)]


def vocabulary_page() -> str:
    """Return the page of the words that rules may use."""
    derived = [
        (f"`derived.{name}`", term.unit, _both(term.meaning), _giver(f"derived.{name}"))
        for name, term in DERIVED.items()
    ]
    declared = [(f"`application.declarations.{name}`", _both(text)) for name, text in DECLARATIONS.items()]
    intro = (
        "Rules read the fields of the application (`application.*`), values that the programme computes "
        "(`derived.*`), facts and formulas of their own pack, and nothing else. A rule that reads a name which "
        "is not here fails the lint."
    )
    parts = [HEAD, "", "# Vocabulary of the spectrum rules", "", intro, ""]
    parts += ["## Derived values", "", *_table(("name", "unit", "meaning", "from"), derived), ""]
    parts += ["## Declarations", "", *_table(("name", "meaning"), declared)]
    return "\n".join(parts).rstrip() + "\n"


def _giver(name: str) -> str:
    return "coordination" if name in ENGINEERED else "the application"


def _both(text: Text) -> str:
    return text.en if text.en == text.zh or not text.zh else f"{text.en}<br>{text.zh}"


def _validity(valid_from: date | None, valid_to: date | None) -> str:
    return f"{valid_from or ''} to {valid_to or 'open'}"


def _dated(dated: Dated) -> str:
    return f"{_validity(dated.valid_from, dated.valid_to)}, {dated.evidence.value}"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return list(_lines(headings, rows))


def _lines(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(headings) + " |"
    yield "|" + "|".join(" --- " for _ in headings) + "|"
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |"


if __name__ == "__main__":
    for path in write(Path(sys.argv[1])):
        print(path)
