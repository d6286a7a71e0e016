"""The sentences of explanations, in both languages, with the same numbers."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from comity.rules.text import Text


class Why(StrEnum):
    """Why a student is not at one of her choices, or that she is."""

    PLACED = "placed"
    FULL = "full"
    TIED = "tied"
    NOT_RANKED = "not_ranked"
    NO_SEATS = "no_seats"
    RULE = "rule"
    STILL_BLOCKS = "still_blocks"
    NOT_TOGETHER = "not_together"
    LEFT_OUT = "left_out"
    LESS_LIKED = "less_liked"


NO_OTHER_LIST = Text(
    "No other list of yours would have brought you a place that you prefer: the matching was run again with each of "
    "these hosts as your only choice, and none of the runs placed you.",
    "改填任何其他志願序，都不會讓您得到更屬意的單位：已將上述各單位逐一作為您唯一的志願重新媒合，均未錄取。",
)
LOTTERY = Text(
    "Its own ranking had you equal with that student; the public lottery decided.",
    "該單位原將您與該生並列，由公開抽籤決定先後。",
)
SAME_STUDENTS = Text(
    "Every stable matching of these lists gives you exactly the same students: "
    "no other stable procedure would have filled the empty seats.",
    "依這些志願與排序，任何穩定媒合分發予貴單位之學生皆完全相同；改用其他穩定程序，亦無法補足缺額。",
)
NOTHING_LISTED = Text("You listed no place and have none.", "您未填寫任何志願，故未獲分發。")
NOT_ADMITTED = Text(
    "Your application was not admitted to the matching, so you have no place; the rules applied to you say why.",
    "您的申請未進入媒合，故未獲分發；理由詳見適用規定。",
)
ALL_LEFT_OUT = Text(
    "Every place you listed was left out before the matching, so you have none; the rules applied to you say why.",
    "您所填志願於媒合前均未列入，故未獲分發；理由詳見適用規定。",
)


def result(choice: int | None, host: Text | None, listed: int) -> Text:
    """Return the sentence that says where a student is."""
    if host is None or choice is None:
        return Text(
            f"You have no place: none of the choices on your list ({listed}) could be given to you.",
            f"您未獲分發：所填 {listed} 個志願均未能錄取。",
        )
    return Text(
        f"You were placed at your choice {choice}: {host.en}.", f"您獲分發至第 {choice} 志願：{host.zh}。"
    )


def joint_result(choice: int, both: Text) -> Text:
    """Return the sentence that says where a couple is."""
    return Text(
        f"Your choice {choice} as a couple was given to you: {both.en}.",
        f"您二人之第 {choice} 志願獲分發：{both.zh}。",
    )


def reason(why: Why, choice: int, host: Text, seats: int, place: int | None, last: int | None) -> Text:
    """Return the sentence that says what became of one choice."""
    en, zh = {
        Why.PLACED: ("your place.", "已錄取。"),
        Why.FULL: (
            f"its seats ({seats}) went to people it ranks higher, the last at place {last}; you are at place {place}.",
            f"{seats} 個名額已由排序較前者補滿，最後錄取者為第 {last} 名，您為第 {place} 名。",
        ),
        Why.TIED: (
            f"its seats ({seats}) are full; you are equal with the last admitted, at place {last}.",
            f"{seats} 個名額已滿，您與最後錄取者並列第 {last} 名。",
        ),
        Why.NOT_RANKED: ("it did not rank you.", "該單位未將您列入排序。"),
        Why.NO_SEATS: ("it has no seats.", "該單位無名額。"),
        Why.RULE: (
            f"the published rules on caps, reserved seats or balance left no seat for you (you are at place {place}).",
            f"依公告之上限、保留名額或平衡規則，已無名額可供分發（您為第 {place} 名）。",
        ),
        Why.STILL_BLOCKS: (
            "you and it would rather have each other; no result with fewer such cases was found.",
            "您與該志願之單位彼此更屬意對方；惟未能求得此類情形更少之結果。",
        ),
        Why.NOT_TOGETHER: (
            "not every place in it, choosing the best of the people it holds and you, would take you.",
            "其中至少一個單位，就已錄取者與您擇優後，不會錄取。",
        ),
        Why.LEFT_OUT: (
            "left out before the matching; the rules applied say why.",
            "於媒合前未列入；理由詳見適用規定。",
        ),
        Why.LESS_LIKED: (
            "not needed, you have a place that you prefer.",
            "您已獲更屬意之單位錄取，無須考慮。",
        ),
    }[why]
    return Text(f"Choice {choice}, {host.en}: {en}", f"第 {choice} 志願 {host.zh}：{zh}")


def filled_seats(host: Text, filled: int, seats: int) -> Text:
    """Return the sentence that opens a host's explanation."""
    return Text(
        f"{host.en}: seats filled: {filled} of {seats}.", f"{host.zh}：{seats} 個名額中已錄取 {filled} 名。"
    )


def last_admitted(place: int) -> Text:
    """Return the sentence on a full host's last student."""
    return Text(
        f"The last student admitted stands at place {place} of your ranking.",
        f"最後錄取者為貴單位排序第 {place} 名。",
    )


def listed_by(count: int) -> Text:
    """Return how many of the ranked students had listed the host."""
    return Text(
        f"Students you ranked who had listed you: {count}.",
        f"貴單位所排序之學生中，有 {count} 名將貴單位列入志願。",
    )


def elsewhere(here: int, preferred: int) -> Text:
    """Return where those students are; true of stable matchings."""
    return Text(
        f"Of these, {here} with you and {preferred} at a place they prefer.",
        f"其中 {here} 名由貴單位錄取，其餘 {preferred} 名已獲更屬意之單位錄取。",
    )


def join(parts: Iterable[Text]) -> Text:
    """Return sentences one after the other."""
    kept = list(parts)
    return Text(" ".join(p.en for p in kept), "".join(p.zh for p in kept))
