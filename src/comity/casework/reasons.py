"""The reasons of a decision: sentences with numbers and citations, in both languages."""

from __future__ import annotations

from comity.casework.decision import Alternative, DecisionOutcome
from comity.casework.programme import Assessment
from comity.rules.finding import Finding, Outcome
from comity.rules.text import Text

_LEAD = {
    DecisionOutcome.GRANTED: Text("Granted: every check passed.", "核准：各項審查均符合規定。"),
    DecisionOutcome.GRANTED_WITH_CONDITIONS: Text(
        "Granted with conditions: every binding check passed; see the conditions.",
        "附條件核准：各項必要審查均符合規定，並附所列條件。",
    ),
    DecisionOutcome.REFUSED: Text("Refused, for these reasons:", "不予核准，理由如下："),
    DecisionOutcome.REFERRED: Text(
        "Referred to an officer: the following must be cleared first.",
        "移請承辦人員審酌：下列事項須先釐清。",
    ),
}
_AGAINST = (Outcome.FAIL, Outcome.UNKNOWN)


def reasons_of(
    outcome: DecisionOutcome, assessment: Assessment, alternatives: tuple[Alternative, ...]
) -> tuple[Text, ...]:
    """Return the reasons: the outcome, every no and every unknown, the programme's own, what would pass."""
    against = [f for kind in _AGAINST for f in assessment.findings if f.outcome is kind]
    return (
        _LEAD[outcome],
        *(_cited(finding) for finding in against),
        *assessment.reasons,
        *(_offer(alternative) for alternative in alternatives),
    )


def _cited(finding: Finding) -> Text:
    count = len(finding.assumptions)
    doubt = Text("", "")
    if finding.outcome is Outcome.FAIL and finding.evidence.is_doubtful:
        doubt = Text(
            f" This no rests on {count} unconfirmed value{'s' if count != 1 else ''}, listed under assumptions.",
            f"本項不符係依 {count} 項未經確認之數值，詳見假設清單。",
        )
    return Text(
        en=f"{finding.text.en} [{finding.rule}; {finding.citation}]{doubt.en}",
        zh=f"{finding.text.zh}〔{finding.rule}；{finding.citation}〕{doubt.zh}",
    )


def _offer(alternative: Alternative) -> Text:
    return Text(
        en=f"What would pass: {alternative.title.en}",
        zh=f"可行之替代方案：{alternative.title.zh}",
    )
