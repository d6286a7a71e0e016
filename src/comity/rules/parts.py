"""From TOML tables to facts, rules, formulas and clocks; each reader notes every problem it meets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from comity.rules.expression import Expression, ExpressionError, parse
from comity.rules.fact import Evidence, Fact, FactValue
from comity.rules.pack import Clock, Dated, Formula, Rule, Source
from comity.rules.problems import Collector
from comity.rules.text import Text

KINDS = (
    "eligibility",
    "document",
    "plan",
    "review",
    "cyber",
    "radio",
    "siting",
    "coordination",
    "fee",
    "term",
    "procedure",
)
SEVERITIES = ("block", "refer", "warn", "info")
SENSES = ("<=", "<", ">=", ">")
_DATED = {"id", "title", "cite", "evidence", "checked", "from", "to"}
_KEYS = {
    "fact": _DATED | {"value", "unit", "note", "choices", "range"},
    "formula": _DATED | {"unit", "expression", "when"},
    "clock": _DATED | {"start", "direction", "period", "role", "not_after", "reading", "who"},
    "rule": _DATED
    | {"kind", "severity", "when", "require", "each", "measured", "limit", "unit", "sense", "values"}
    | {"pass", "fail", "unknown"},
    "source": {"id", "short", "title", "url", "edition"},
    "word": {"id", "title"},
}


class _Table:
    """One TOML table being read: remembers its place, notes what is wrong, hands out safe values."""

    def __init__(self, section: str, raw: Mapping[str, Any], collector: Collector) -> None:
        self.raw, self.collector = raw, collector
        self.place = f"{section} {raw.get('id', '(without id)')}"
        for key in sorted(set(raw) - _KEYS[section]):
            self.note(key, "is not a field here", ", ".join(sorted(_KEYS[section])))

    def note(self, key: str, message: str, accepted: str = "") -> None:
        self.collector.add(f"{self.place}: {key}", message, accepted)

    def string(self, key: str, default: str | None = None, among: tuple[str, ...] = ()) -> str:
        value = self.raw.get(key, default)
        if not isinstance(value, str) or (default is None and not value):
            self.note(key, "is missing", ", ".join(among) or "text")
            return ""
        if among and value not in among:
            self.note(key, f"{value!r} is not known", ", ".join(among))
        return value

    def text(self, key: str, optional: bool = False) -> Text:
        value = self.raw.get(key)
        if value is None and optional:
            return Text("", "")
        if not isinstance(value, dict) or not (value.get("en") and value.get("zh")):
            self.note(key, "must be given in both languages", '{ en = "...", zh = "..." }')
            return Text("", "")
        return Text(str(value["en"]), str(value["zh"]))

    def day(self, key: str, required: bool = False) -> date | None:
        value = self.raw.get(key)
        if value is None and not required:
            return None
        if not isinstance(value, date):
            self.note(key, "is missing" if value is None else "is not a date", "a date as 2023-06-01")
            return None
        return value

    def expression(self, key: str) -> Expression | None:
        source = self.raw.get(key)
        if source is None:
            return None
        return self.parsed(key, str(source))

    def parsed(self, key: str, source: str) -> Expression | None:
        try:
            return parse(source)
        except ExpressionError as error:
            for problem in error.problems:
                self.note(key, f"{source[:60]!r}: {problem.message}", problem.accepted)
            return None

    def dated(self) -> Dated:
        grade = self.string("evidence", among=tuple(Evidence))
        return Dated(
            citation=self.string("cite"),
            evidence=Evidence(grade) if grade in tuple(Evidence) else Evidence.PENDING,
            checked=self.day("checked", required=True) or date.min,
            valid_from=self.day("from", required=True),
            valid_to=self.day("to"),
        )


def read_source(raw: Mapping[str, Any], collector: Collector) -> Source:
    """Return a source of citations."""
    table = _Table("source", raw, collector)
    title = table.text("title")
    return Source(
        id=table.string("id"),
        short=table.string("short", title.en),
        title=title,
        url=table.string("url", ""),
        edition=table.string("edition", ""),
    )


def read_word(raw: Mapping[str, Any], collector: Collector) -> tuple[str, Text]:
    """Return how a code reads in a sentence."""
    table = _Table("word", raw, collector)
    return table.string("id"), table.text("title")


def read_fact(raw: Mapping[str, Any], collector: Collector) -> Fact:
    """Return a fact; a value is required unless its evidence is ``pending``, which forbids one."""
    table = _Table("fact", raw, collector)
    dated = table.dated()
    pending = raw.get("evidence") == Evidence.PENDING
    if pending and "value" in raw:
        table.note("value", "a pending fact has no value", "leave value out, or give other evidence")
    if not pending and "value" not in raw:
        table.note("value", "is missing", 'a value, or evidence = "pending"')
    fact = Fact(
        id=table.string("id"),
        value=_frozen(raw.get("value")),
        unit=table.string("unit"),
        valid_from=dated.valid_from,
        valid_to=dated.valid_to,
        citation=dated.citation,
        checked=dated.checked,
        evidence=dated.evidence,
        note=table.string("note", ""),
        title=table.text("title"),
        choices=tuple(_frozen(c) for c in raw.get("choices", ())),
        span=_span(table),
    )
    if fact.value is not None and fact.is_switchable and not fact.accepts(fact.value):
        table.note("value", f"{fact.value!r} is not among what the fact accepts", fact.accepted())
    return fact


def _span(table: _Table) -> tuple[float, float] | None:
    pair = table.raw.get("range")
    if pair is None:
        return None
    numeric = isinstance(pair, list) and all(isinstance(end, int | float) for end in pair)
    if not numeric or len(pair) != 2 or not pair[0] < pair[1]:
        table.note("range", "is not a range", "[least, greatest], as [0.001, 50.0]")
        return None
    if "choices" in table.raw:
        table.note("range", "stands beside choices", "one of the two")
    return float(pair[0]), float(pair[1])


def _frozen(value: Any) -> FactValue:
    return tuple(_frozen(part) for part in value) if isinstance(value, list) else value


def read_formula(raw: Mapping[str, Any], collector: Collector) -> Formula | None:
    """Return a formula, or ``None`` where its expression is not allowed."""
    table = _Table("formula", raw, collector)
    expression = table.parsed("expression", table.string("expression"))
    when, dated = table.expression("when"), table.dated()
    name, title, unit = table.string("id"), table.text("title"), table.string("unit")
    return None if expression is None else Formula(name, title, unit, expression, when, dated)


def read_clock(raw: Mapping[str, Any], collector: Collector) -> Clock:
    """Return a clock."""
    table = _Table("clock", raw, collector)
    return Clock(
        id=table.string("id"),
        title=table.text("title"),
        start=table.string("start"),
        direction=table.string("direction", "after", ("after", "before", "lasting")),
        period=table.string("period"),
        role=table.string("role", "due", ("opens", "due")),
        not_after=tuple(str(part) for part in raw.get("not_after", ())),
        reading=table.string("reading", ""),
        who=table.string("who", "applicant", ("applicant", "authority")),
        dated=table.dated(),
    )


def read_rule(raw: Mapping[str, Any], collector: Collector) -> Rule:
    """Return a rule; its sentences must be there in both languages."""
    table = _Table("rule", raw, collector)
    sense = table.string("sense", "", ("", *SENSES))
    measured, limit, require = (table.expression(key) for key in ("measured", "limit", "require"))
    severity = table.string("severity", among=SEVERITIES)
    if "require" not in raw and not (sense and "measured" in raw and "limit" in raw) and severity != "info":
        table.note("require", "is missing", "a condition, or measured with sense and limit")
    values = tuple((key, table.parsed(key, str(text))) for key, text in raw.get("values", {}).items())
    return Rule(
        id=table.string("id"),
        kind=table.string("kind", among=KINDS),
        severity=severity,
        title=table.text("title"),
        dated=table.dated(),
        when=table.expression("when"),
        require=require,
        each=table.string("each", ""),
        measured=measured,
        limit=limit,
        unit=table.string("unit", ""),
        sense=sense,
        values=tuple((key, value) for key, value in values if value is not None),
        passed=table.text("pass"),
        failed=table.text("fail", optional=severity == "info"),
        unknown=table.text("unknown") if "unknown" in raw else None,
    )
