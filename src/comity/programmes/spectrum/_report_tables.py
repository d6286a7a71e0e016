"""The tables and lists of a report: reasons, award, channels, rules, alternatives, assumptions, provenance."""

from __future__ import annotations

from typing import Any

from comity.casework.decision import Alternative, Assumption, Option
from comity.programmes.spectrum._report_case import Case
from comity.programmes.spectrum.view import award_rows
from comity.report.elements import Child, Markup, element, join
from comity.report.tables import (
    EVIDENCE,
    ChannelRow,
    Column,
    channel_table,
    finding_table,
    listing,
    pairs,
    quantity,
    table,
)
from comity.rules.fact import Evidence
from comity.rules.finding import Finding, Outcome
from comity.rules.text import Text

_REASONS_SHOWN = 6
_CHANNELS_SHOWN = 12
_PENDING = Text("not published yet", "尚未公布")


def reasons(case: Case) -> Markup:
    """Return why, in sentences; a long list is folded after the first six."""
    lines = case.decision.reasons
    head, rest = lines[: _REASONS_SHOWN + 1], lines[_REASONS_SHOWN + 1 :]
    parts: list[Child] = [element("p", head[0])] if head else []
    parts.append(listing([(line, None) for line in head[1:]]))
    if rest:
        more = Text(f"{len(rest)} more reason{'' if len(rest) == 1 else 's'}", f"其餘 {len(rest)} 項理由")
        parts.append(folded(more, listing([(line, None) for line in rest])))
    return join(parts)


def award_table(case: Case) -> Markup:
    """Return what is given, line by line."""
    return pairs([(_capital(label), value) for label, value in award_rows(case.decision)])


def alternatives(case: Case) -> tuple[Child, ...]:
    """Return what would pass, each with its tightest finding; nothing where nothing was looked for."""
    offered = case.decision.alternatives
    if not offered:
        return ()
    said = Text(
        "Each of these was decided in full, by the same rules, and would be granted.",
        "下列各案均依相同規定完整審定，均可核准。",
    )
    return (element("p", said), listing([(_capital(a.title), _tightest(a)) for a in offered]))


def channels(case: Case) -> tuple[Child, ...]:
    """Return the candidate channels: those asked for and the one given first, the others folded."""
    options = case.decision.considered
    if not options:
        return ()
    tag = Text("granted", "核給") if case.decision.outcome.is_grant else Text("proposed", "擬核給")
    nobody = Text("nobody near enough to be tested", "附近無須測試之對象")
    if not case.study.register_given:
        nobody = Text("nobody tested: no register was given", "未提供登記資料，未進行測試")
    first = [o for o in options if o.chosen or o.details.get("asked")]
    others = [o for o in options if o not in first]
    if len(options) <= _CHANNELS_SHOWN:
        return (channel_table([_channel(o, tag, nobody) for o in options]),)
    more = Text(f"{len(others)} other channels of the band", f"頻段內其他 {len(others)} 個頻道")
    folded_rest = folded(more, channel_table([_channel(o, tag, nobody) for o in others]))
    return (
        (channel_table([_channel(o, tag, nobody) for o in first]), folded_rest) if first else (folded_rest,)
    )


def findings(case: Case) -> tuple[Child, ...]:
    """Return the rules: those that stand in the way or hold a limit first, those simply kept after them."""
    every = case.decision.findings
    first = [f for f in every if f.outcome is not Outcome.PASS or f.margin is not None]
    kept = [f for f in every if f not in first]
    parts: list[Child] = [element("p", _count(every)), finding_table(first)] if first else []
    if kept:
        parts += [
            element("h3", Text("Kept, without a number to compare", "符合且無數值可資比較者")),
            finding_table(kept),
        ]
    return tuple(parts)


def assumptions(case: Case) -> Markup:
    """Return every fact that was used although it is not confirmed, and every value not published yet."""
    columns = (
        Column(Text("Value", "項目")),
        Column(Text("Used as", "採用值")),
        Column(Text("Why it is not certain", "未確定原因"), repeated=False),
    )
    facts = case.decision.assumptions
    return table(columns, [(element("code", f.fact), _assumed(f), _source(f)) for f in facts])


def provenance(case: Case) -> Markup:
    """Return revisions of rules and models, editions of terrain with their hashes, and the register."""
    source = case.decision.provenance
    rows: list[tuple[Text | str, Child]] = []
    for name, pack in sorted(source.packs.items()):
        words = Text(
            f"Rule pack {name}, revision {pack['revision']}", f"規定集 {name}，第 {pack['revision']} 版"
        )
        rows.append((words, _hash(pack["sha256"])))
    rows += [(_model(name), revision) for name, revision in sorted(source.models.items())]
    titles = {edition.id: edition.title for edition in case.study.ground.editions()}
    rows += [(titles.get(name, name), _hash(sha256)) for name, sha256 in sorted(source.data.items())]
    rows.append((Text("Register", "登記簿"), _hash(source.register)))
    rows += [(name, str(value)) for name, value in sorted(case.decision.settings.items())]
    return pairs(rows)


def data_credits(case: Case) -> Markup:
    """Return the attribution lines of the data sets that were used, each once."""
    used = set(case.decision.provenance.data)
    lines = dict.fromkeys(e.attribution for e in case.study.ground.editions() if e.id in used)
    return join(list(lines), " · ")


def folded(title: Text, body: Child) -> Markup:
    """Return something that opens on demand, without script."""
    return element("details", element("summary", title), body)


def _count(every: tuple[Finding, ...]) -> Text:
    number = {outcome: sum(f.outcome is outcome for f in every) for outcome in Outcome}
    return Text(
        f"{len(every)} checks: {number[Outcome.PASS]} kept, {number[Outcome.FAIL]} not kept, "
        f"{number[Outcome.WARN]} need attention, {number[Outcome.UNKNOWN]} cannot be answered yet.",
        f"共 {len(every)} 項審查：符合 {number[Outcome.PASS]} 項、不符合 {number[Outcome.FAIL]} 項、"
        f"須注意 {number[Outcome.WARN]} 項、待查 {number[Outcome.UNKNOWN]} 項。",
    )


def _channel(option: Option, tag: Text, nobody: Text) -> ChannelRow:
    margin, tested = option.details.get("margin_db"), option.details.get("paths_computed")
    worst = option.findings[0].text if option.findings and not option.passes else None
    if worst is None and tested:
        kept = (
            Text("every limit kept", "均符合限值")
            if option.passes
            else Text("a limit is not kept", "超出限值")
        )
        worst = Text(f"{tested} interference paths tested, {kept.en}", f"測試干擾路徑 {tested} 條，{kept.zh}")
    if worst is None:
        worst = nobody
    return ChannelRow(
        name=option.id.replace("-", "–"),
        outcome=Outcome.PASS if option.passes else Outcome.FAIL,
        verdict=worst,
        margin_db=float(margin) if isinstance(margin, int | float) else None,
        tag=tag if option.chosen else "",
    )


def _tightest(alternative: Alternative) -> Child:
    return alternative.findings[0].text if alternative.findings else None


def _assumed(fact: Assumption) -> Child:
    if fact.evidence is Evidence.PENDING:
        return element("span", _PENDING, class_="words")
    value = fact.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return quantity(float(value), fact.unit)
    return quantity(_plain(value), fact.unit)


def _source(fact: Assumption) -> Child:
    return join((EVIDENCE[fact.evidence], " · ", fact.citation, f" · {fact.note}" if fact.note else ""))


def _plain(value: Any) -> str:
    """Return a value that is not one number as words."""
    if isinstance(value, list | tuple):
        return ", ".join(_plain(part) for part in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _model(name: str) -> Text:
    return Text(f"Model {name}", f"模型 {name}")


def _hash(sha256: str) -> Markup:
    return element("span", sha256, class_="hash")


def _capital(label: Text) -> Text:
    return Text(label.en[:1].upper() + label.en[1:], label.zh)
