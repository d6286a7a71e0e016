"""``comity rules``: the law as data. What holds, since when, who says so, how sure that is."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from datetime import date

    from comity.rules.fact import Fact
    from comity.rules.pack import Rule, RulePack
    from comity.rules.text import Language

HELP = "List, show, check and try the rule packs: law as dated, cited data."

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
_Regime = Annotated[str, typer.Argument(help="regime id as tw-mbd, or a pack folder as ./draft")]
_On = Annotated[str | None, typer.Option(help="day whose law applies, as 2026-03-02; else today")]
_Tongue = Annotated[str, typer.Option(help="en or zh-Hant")]
_Json = Annotated[bool, typer.Option("--json", help="print JSON")]


@app.command("list", help="List the rule packs, with revision, size and hash.")
def list_(as_json: _Json = False, language: _Tongue = "en") -> None:
    """List every pack that ships, newest revision."""
    from comity.cli._options import spoken
    from comity.cli._table import print_table
    from comity.rules.describe import count_evidence, describe_pack
    from comity.rules.load import list_packs

    packs, tongue = list_packs(), spoken(language)
    if as_json:
        return _print_json([describe_pack(pack) for pack in packs])
    rows = [
        (
            pack.id,
            pack.title.in_language(tongue),
            str(pack.revision),
            str(len(pack.rules)),
            ", ".join(f"{n} {grade}" for grade, n in count_evidence(pack).items()),
            pack.sha256[:12],
        )
        for pack in packs
    ]
    print_table("", ("regime", "title", "rev.", "rules", "facts by evidence", "sha256"), rows)


@app.command(help="Show a regime: its rules, facts, formulas and clocks in force on a day.")
def show(regime: _Regime, on: _On = None, language: _Tongue = "en", as_json: _Json = False) -> None:
    """Show everything of one pack."""
    from comity.cli._options import day, spoken
    from comity.cli._table import print_table
    from comity.rules import describe
    from comity.rules.load import load_pack

    pack, today, tongue = load_pack(regime), day(on), spoken(language)
    facts = [fact for name in pack.facts if (fact := pack.find_fact(name, today)) is not None]
    rules = [rule for rule in pack.rules if rule.dated.holds_on(today)]
    formulas = [formula for formula in pack.formulas if formula.dated.holds_on(today)]
    if as_json:
        content = {
            **describe.describe_pack(pack),
            "on": today.isoformat(),
            "rules": [describe.describe_rule(rule) for rule in rules],
            "facts": [describe.describe_fact(fact) for fact in facts],
            "formulas": [describe.describe_formula(formula) for formula in formulas],
        }
        return _print_json(content)
    clocks = [clock for clock in pack.clocks if clock.dated.holds_on(today)]
    _heading(pack, today, tongue)
    rows = [(r.id, r.kind, r.severity, r.title.in_language(tongue), r.dated.citation) for r in rules]
    print_table("Rules", ("rule", "kind", "severity", "title", "citation"), rows)
    print_table(
        "Facts", ("fact", "value", "unit", "accepts", "evidence", "citation"), [_fact_row(f) for f in facts]
    )
    sources = [(f.id, f.unit, f.expression.source, f.dated.citation) for f in formulas]
    print_table("Formulas", ("formula", "unit", "expression", "citation"), sources)
    periods = [(c.id, c.title.in_language(tongue), c.start, c.direction, c.period) for c in clocks]
    print_table("Clocks", ("clock", "title", "counts from", "direction", "period"), periods)


@app.command(help="Show one fact in every regime that has it, with all its dated values.")
def fact(
    fact_id: Annotated[str, typer.Argument(help="fact id as limits.boundary_level_dbm, or a part of one")],
    language: _Tongue = "en",
    as_json: _Json = False,
) -> None:
    """Show a fact. Exit code 3 where no pack has one of that name."""
    from comity.cli._options import spoken
    from comity.errors import MissingError, Problem
    from comity.rules.describe import describe_fact
    from comity.rules.load import list_packs

    tongue = spoken(language)
    packs = list_packs()
    exact = any(fact_id in pack.facts for pack in packs)
    found = [
        (pack, value)
        for pack in packs
        for name, series in pack.facts.items()
        if (name == fact_id if exact else fact_id in name)
        for value in series
    ]
    if not found:
        raise MissingError(
            "no such fact", [Problem(fact_id, "is in no pack", "see: comity rules show REGIME")]
        )
    if as_json:
        return _print_json([{"regime": pack.id, **describe_fact(value)} for pack, value in found])
    for pack, value in found:
        _print_fact(pack, value, tongue)


@app.command(help="Show one rule: what it asks, what it says, where it stands.")
def rule(
    rule_id: Annotated[str, typer.Argument(help="rule id as printed in a decision, as TW-R5")],
    language: _Tongue = "en",
    as_json: _Json = False,
) -> None:
    """Show a rule. Exit code 3 where no pack has one of that id."""
    from comity.cli._options import spoken
    from comity.errors import MissingError, Problem
    from comity.rules.describe import describe_rule
    from comity.rules.load import list_packs

    tongue = spoken(language)
    found = [(pack, r) for pack in list_packs() for r in pack.rules if r.id == rule_id]
    if not found:
        raise MissingError(
            "no such rule", [Problem(rule_id, "is in no pack", "see: comity rules show REGIME")]
        )
    if as_json:
        return _print_json([{"regime": pack.id, **describe_rule(r)} for pack, r in found])
    for pack, r in found:
        _print_rule(pack, r, tongue)


@app.command(help="Check a rule pack folder, or all packs; exit 1 where something is wrong.")
def lint(
    directory: Annotated[Path | None, typer.Argument(help="folder with pack.toml; else every pack")] = None,
    as_json: _Json = False,
) -> None:
    """Check units, dates, citations, languages, names and numbers of packs."""
    from comity.rules.lint import lint as lint_pack
    from comity.rules.load import list_packs, load_folder

    packs = list_packs() if directory is None else [load_folder(directory)]
    found = [(pack.id, problem) for pack in packs for problem in lint_pack(pack, _fields(pack.programme))]
    if as_json:
        _print_json([{"pack": p, "place": x.place, "message": x.message} for p, x in found])
    else:
        for pack_id, problem in found:
            print(f"{pack_id}:{problem.render()}")
        sizes = ", ".join(f"{p.id} ({len(p.rules)} rules, {len(p.facts)} facts)" for p in packs)
        print(f"{len(found)} problems in {sizes}")
    if found:
        raise typer.Exit(1)


@app.command(help="Deadlines that follow from events, by the regime's own way of counting.")
def deadlines(
    regime: _Regime,
    event: Annotated[
        list[str] | None, typer.Option(help="name=date, as certificate_issued=2026-03-02 (repeatable)")
    ] = None,
    holiday: Annotated[list[str] | None, typer.Option(help="a public holiday (repeatable)")] = None,
    on: _On = None,
    language: _Tongue = "en",
    as_json: _Json = False,
) -> None:
    """Print every deadline; where an event is not given, the deadline names it."""
    from comity.cli._options import day, spoken
    from comity.cli._table import print_table
    from comity.rules.clocks import deadlines as count
    from comity.rules.describe import describe_deadline
    from comity.rules.load import load_pack

    pack, today, tongue = load_pack(regime), day(on), spoken(language)
    events = _events(event or [], {name for clock in pack.clocks for name in (clock.start, *clock.not_after)})
    found = count(pack, events, today, [day(text, "--holiday") for text in holiday or []])
    if as_json:
        return _print_json([describe_deadline(deadline) for deadline in found])
    rows = []
    for deadline in found:
        date_text = (
            "" if deadline.day is None else deadline.day.isoformat() + (" noon" if deadline.noon else "")
        )
        notes = [
            f"needs {deadline.missing}" if deadline.missing else "",
            f"cut by {deadline.cut_by}" if deadline.cut_by else "",
            "" if deadline.authoritative else "does not prevail",
        ]
        title = deadline.title.in_language(tongue)
        rows.append((title, date_text, deadline.citation, "; ".join(n for n in notes if n)))
    print_table(pack.title.in_language(tongue), ("deadline", "day", "citation", "note"), rows)


def _events(texts: Iterable[str], known: set[str]) -> dict[str, date]:
    from comity.cli._options import day
    from comity.errors import ComityError, Problem

    events = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not name:
            problem = Problem("--event", repr(text), "name=date, as certificate_issued=2026-03-02")
            raise ComityError("an event cannot be read", [problem])
        if name not in known:
            raise ComityError(
                "no deadline counts from this event", [Problem("--event", name, ", ".join(sorted(known)))]
            )
        events[name] = day(value, f"--event {name}")
    return events


def _fields(programme: str) -> frozenset[str]:
    """Return the names that rules of a programme may read; none where it has no schema yet."""
    if programme != "spectrum":
        return frozenset()
    from comity.programmes.spectrum.application import SpectrumApplication
    from comity.rules.schema import field_paths

    return field_paths(SpectrumApplication)


def _heading(pack: RulePack, today: date, tongue: Language) -> None:
    print(f"{pack.title.in_language(tongue)}  [{pack.id}, revision {pack.revision}]")
    print(f"on {today}; law read as of {pack.read_as_of}; sha256 {pack.sha256}")


def _fact_row(fact: Fact) -> tuple[str, ...]:
    unit = "" if fact.unit == "1" else fact.unit
    return fact.id, shown(fact.value), unit, fact.accepted(), fact.evidence.value, fact.citation


def shown(value: Any) -> str:
    """Return a fact's value for a table cell; a pending one says so."""
    from comity.rules.sentence import shown as in_sentence

    return "pending" if value is None else in_sentence(value).en


def _print_fact(pack: RulePack, fact: Fact, tongue: Language) -> None:
    source = pack.sources.get(fact.source)
    unit = "" if fact.unit == "1" else f" {fact.unit}"
    print(f"{pack.id}  {fact.id}: {fact.title.in_language(tongue)}")
    print(f"  value     {shown(fact.value)}{unit}")
    print(f"  valid     {fact.valid_from} to {fact.valid_to or 'open'}")
    print(f"  citation  {fact.citation}" + (f" ({source.title.in_language(tongue)})" if source else ""))
    print(f"  evidence  {fact.evidence.value}, checked {fact.checked}")
    if fact.is_switchable:
        print(f"  accepts   {fact.accepted()}")
    if fact.note:
        print(f"  note      {fact.note}")


def _print_rule(pack: RulePack, rule: Rule, tongue: Language) -> None:
    conditions = {"applies to": rule.each, "where": rule.when, "requires": rule.require}
    print(f"{pack.id}  {rule.id}: {rule.title.in_language(tongue)}")
    for name, part in conditions.items():
        if part:
            print(f"  {name:<11} {part if isinstance(part, str) else part.source}")
    if rule.sense and rule.measured is not None and rule.limit is not None:
        print(f"  {'compares':<11} {rule.measured.source} {rule.sense} {rule.limit.source} [{rule.unit}]")
    print(f"  {'if not kept':<11} {rule.severity}")
    print(f"  {'says':<11} {rule.passed.in_language(tongue)}")
    if rule.failed.en:
        print(f"  {'or':<11} {rule.failed.in_language(tongue)}")
    dated = rule.dated
    print(f"  {'valid':<11} {dated.valid_from} to {dated.valid_to or 'open'}")
    print(f"  {'citation':<11} {dated.citation}")
    print(f"  {'evidence':<11} {dated.evidence.value}, checked {dated.checked}")


def _print_json(content: Any) -> None:
    print(json.dumps(content, ensure_ascii=False, indent=2))
