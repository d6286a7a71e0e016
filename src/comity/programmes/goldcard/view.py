"""A Gold Card check in words, for the terminal."""

from __future__ import annotations

from datetime import date, timedelta

from comity.casework.decision import Decision
from comity.casework.world import World
from comity.programmes.goldcard.application import GoldCardApplication
from comity.programmes.goldcard.programme import Criterion
from comity.rules.finding import Finding, Outcome
from comity.rules.pack import RulePack
from comity.rules.text import Text

_MET = {True: Text("met", "符合"), False: Text("not met", "不符合"), None: Text("not known", "未知")}
_CONCLUSION = {
    "granted": Text("A criterion is met and its papers are there.", "符合要件且文件齊備。"),
    "granted_with_conditions": Text("A criterion is met and its papers are there.", "符合要件且文件齊備。"),
    "refused": Text("By what is stated, the card cannot be had.", "依所載內容，不符合申請資格。"),
    "referred": Text("Something is missing: see below.", "尚有缺漏，詳如下列。"),
}


def award_rows(decision: Decision) -> tuple[tuple[Text, Text], ...]:
    """Return the award as names and values."""
    award = decision.award
    if award is None:
        return ()
    met = award["criteria_met"]
    shown = ", ".join(str(c) for c in met) if isinstance(met, list | tuple) else str(met)
    return (
        (Text("Criteria met", "符合要件"), Text(shown or "none", shown or "無")),
        (Text("Fee", "規費"), Text(f"NT${award['fee_twd']:,}", f"新臺幣 {award['fee_twd']:,} 元")),
    )


def check_lines(
    application: GoldCardApplication, decision: Decision, criteria: tuple[Criterion, ...], world: World
) -> tuple[Text, ...]:
    """Return a check in lines: conclusion, each criterion with its proof, what is missing, fee and clocks."""
    lines = [_CONCLUSION[decision.outcome.value], Text("", "")]
    for c in criteria:
        met = _MET[c.met]
        lines.append(Text(f"{c.id}  {met.en}: {c.title.en}", f"{c.id}  {met.zh}：{c.title.zh}"))
        lines.append(Text(f"       {c.text.en}", f"       {c.text.zh}"))
        if c.proof is not None:
            lines.append(Text(f"       {c.proof.text.en}", f"       {c.proof.text.zh}"))
    against = [f for f in decision.findings if f.outcome in (Outcome.FAIL, Outcome.UNKNOWN)]
    if against:
        lines += [Text("", ""), Text("Missing or in the way:", "缺漏或不符事項：")]
        lines += [_finding_line(f) for f in against]
    pack: RulePack = world.pack(application.regime)
    return (
        *lines,
        Text("", ""),
        *_fee_lines(decision, application),
        *_clock_lines(application, pack, world.today),
    )


def _finding_line(finding: Finding) -> Text:
    return Text(
        f"  {finding.rule}  {finding.text.en} [{finding.citation}]",
        f"  {finding.rule}  {finding.text.zh}〔{finding.citation}〕",
    )


def _fee_lines(decision: Decision, application: GoldCardApplication) -> tuple[Text, ...]:
    award = decision.award
    if award is None:
        return ()
    fee, years = award["fee_twd"], application.card_years
    line = Text(f"Fee: NT${fee:,} for {years} years.", f"規費：{years} 年效期，新臺幣 {fee:,} 元。")
    if award["fee_complete"]:
        return (line,)
    more = Text(
        "The special visa fee of your nationality comes on top; it is not in the fee standard.",
        "另須加收貴國籍之特別簽證規費；該費用未列於收費標準。",
    )
    return line, more


def _clock_lines(application: GoldCardApplication, pack: RulePack, today: date) -> tuple[Text, ...]:
    days = int(pack.number("clocks.review_working_days", on=today))
    end = working_days_after(application.received_on, days)
    corrections = int(pack.number("clocks.correction_days", on=today))
    return (
        Text(
            f"Review: {days} working days from acceptance: {end}, not counting public holidays, passport checks and "
            f"corrections.",
            f"審查：自受理起 {days} 個工作日，計至 {end}（未計國定假日、護照查驗及補正）。",
        ),
        Text(
            f"Corrections: {corrections} days from the notice.",
            f"補正：自通知起 {corrections} 日。",
        ),
    )


def working_days_after(start: date, count: int) -> date:
    """Return the day that is ``count`` Mondays to Fridays after ``start``; public holidays are not known here."""
    day, left = start, count
    while left > 0:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day
