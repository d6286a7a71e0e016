"""A run and an award in words, for the terminal."""

from __future__ import annotations

from comity.casework.decision import Decision
from comity.matching.verifier import Check
from comity.programmes.talent.run import CallRun
from comity.programmes.talent.statistics import statistics_of
from comity.programmes.talent.words import CLAIMS, FIELDS
from comity.rules.text import Text


def award_rows(decision: Decision) -> tuple[tuple[Text, Text], ...]:
    """Return the award of a student's decision as names and values."""
    award = decision.award
    if award is None:
        return ()
    field = FIELDS.get(str(award["field"]), Text(str(award["field"]), str(award["field"])))
    return (
        (Text("Position", "職缺"), _same(award["position"])),
        (Text("Host", "單位"), _same(award["host"])),
        (Text("Field", "領域"), field),
        (
            Text("From, to", "期間"),
            Text(f"{award['starts']} to {award['ends']}", f"{award['starts']} 至 {award['ends']}"),
        ),
        (Text("Choice", "志願"), _same(award["choice"])),
    )


def run_lines(run: CallRun, status: tuple[bool, Text]) -> tuple[Text, ...]:
    """Return a run in a few lines."""
    figures, mechanism = statistics_of(run), run.matching.mechanism
    title, share = run.call.settings.title.text, figures.first_choice_share or 0.0
    return (
        title,
        status[1],
        Text(f"Mechanism: {mechanism.name.en}", f"機制：{mechanism.name.zh}"),
        Text(
            f"Students {figures.students}: eligible {figures.eligible}, waiting {figures.waiting}, "
            f"refused {figures.refused}",
            f"學生 {figures.students} 名：符合資格 {figures.eligible}、待審酌 {figures.waiting}、"
            f"不符 {figures.refused}",
        ),
        Text(
            f"Placed {figures.placed}, first choice {figures.first_choice} ({100 * share:.0f} %)",
            f"錄取 {figures.placed} 名，第一志願 {figures.first_choice} 名（{100 * share:.0f} %）",
        ),
        Text(
            f"Seats {figures.seats}, filled {figures.filled} ({100 * figures.fill_rate:.0f} %), "
            f"positions with nobody {figures.empty_positions}",
            f"名額 {figures.seats}，已錄取 {figures.filled}（{100 * figures.fill_rate:.0f} %），"
            f"無人錄取之職缺 {figures.empty_positions} 個",
        ),
        *(_checked(c) for c in run.verdict.checks),
        Text(f"Run {run.identity}", f"執行結果識別碼 {run.identity}"),
    )


def _checked(check: Check) -> Text:
    answer = {
        True: Text("holds", "成立"),
        False: Text("BROKEN", "不成立"),
        None: Text("see mechanism", "屬機制性質"),
    }[check.holds]
    name = CLAIMS[check.claim][0]
    return Text(f"  {answer.en}: {name.en}: {check.text.en}", f"  {answer.zh}：{name.zh}：{check.text.zh}")


def _same(value: object) -> Text:
    return Text(str(value), str(value))
