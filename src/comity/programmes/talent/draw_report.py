"""The part of the public report that shows the lottery, so that everybody can compute her own ticket."""

from __future__ import annotations

from comity.programmes.talent.call import LotteryNotice
from comity.programmes.talent.mechanisms import lottery_of
from comity.programmes.talent.run import CallRun
from comity.report.elements import Child, element
from comity.report.tables import badge, pairs
from comity.rules.finding import Outcome
from comity.rules.text import Text


def lottery_section(run: CallRun) -> tuple[Child, ...]:
    """Return how ties were drawn, what was published when, and a warning where the draw could be chosen."""
    lottery = lottery_of(run.call)
    if lottery is None:
        return (element("p", Text("This call uses no lottery.", "本次徵件未使用抽籤。")),)
    said = Text(
        "Positions may rank students equal. One lottery for all positions decides between them. Your ticket is the "
        "SHA-256 of the line below with your code at its end; the smallest number comes first.",
        "各職缺得將學生並列；並列者由全體共用之單一抽籤決定先後。"
        "您的籤號為下列文字末尾加上您的代碼後之 SHA-256，數值最小者優先。",
    )
    notice = run.call.settings.lottery
    assert notice is not None
    source = notice.beacon_source.text if notice.beacon_source is not None else Text("not named", "未載明")
    day = notice.beacon_on.isoformat() if notice.beacon_on is not None else "–"
    text = f"comity lottery ticket v1\\n{lottery.seed}\\n{lottery.beacon}\\n…"
    return (
        element("p", said),
        _foreseeable(notice),
        pairs(
            (
                (
                    Text("Commitment, published with the call", "事前公布之承諾值"),
                    element("code", lottery.commitment),
                ),
                (
                    Text("Seed, revealed after preferences closed", "截止後揭露之種子"),
                    element("code", lottery.seed),
                ),
                (
                    Text("Public value added after closing", "截止後加入之公開值"),
                    element("code", lottery.beacon or "–"),
                ),
                (Text("Where it was to be read", "公開值來源"), source),
                (Text("Its day", "公開值日期"), day),
                (Text("Text that is hashed", "雜湊文字"), element("code", text)),
            )
        ),
    )


def _foreseeable(notice: LotteryNotice) -> Child:
    """Return a warning where somebody could have known or chosen the draw; ``None`` where nobody could."""
    if not notice.beacon:
        why = Text(
            "No public value was added after closing: whoever knew the seed could foresee this draw.",
            "截止後未加入公開值：知悉種子者得預知抽籤結果。",
        )
    elif notice.beacon_source is None or notice.beacon_on is None:
        why = Text(
            "The call did not name where and on which day the public value was to be read: whoever entered it could "
            "try values until the draw suited.",
            "徵件未載明公開值之來源及日期：輸入者得逐一嘗試，直至抽籤結果合意。",
        )
    else:
        return None
    return element("p", badge(Outcome.WARN, Text("Caution", "注意")), " ", why)
