"""Why this result: for each student and each host, in words and numbers, in both languages.

An explanation claims only what the mechanism guarantees. "No other list would have brought you a place that you
prefer" is not asserted but shown: the mechanism is run again with each better host as the student's only choice. Where
truth is always a best answer, a host that a single-host list cannot reach no other list can reach.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from comity.matching.guarantees import Guarantee
from comity.matching.instance import Instance
from comity.matching.outcome import Matching
from comity.rules.text import Text

Rerun = Callable[[Instance], Matching]


class Why(StrEnum):
    """Why a student is not at one of her choices, or that she is."""

    PLACED = "placed"
    FULL = "full"
    TIED = "tied"
    NOT_RANKED = "not_ranked"
    NO_SEATS = "no_seats"
    RULE = "rule"
    LESS_LIKED = "less_liked"


@dataclass(frozen=True, slots=True)
class ChoiceReason:
    """One choice of a student: her place at the host, and the last place admitted there (``None``: no number)."""

    choice: int
    host: str
    why: Why
    place: int | None
    last_place: int | None
    text: Text


@dataclass(frozen=True, slots=True)
class StudentExplanation:
    """Why a student got this result; ``proved`` says whether re-runs showed that no other list helps."""

    student: str
    host: str | None
    reasons: tuple[ChoiceReason, ...]
    proved: bool | None
    text: Text


@dataclass(frozen=True, slots=True)
class HostExplanation:
    """Why a host got these students, and why a seat is empty."""

    host: str
    students: tuple[str, ...]
    seats: int
    text: Text


class Explainer:
    """Explanations of one matching.

    Parameters
    ----------
    matching : the result
    rerun : the mechanism as it was run, for the proof that no other list helps; ``None`` leaves the proof out
    untied : the rankings before the lottery, if there was one: says when a tie was decided by it
    """

    def __init__(
        self, matching: Matching, rerun: Rerun | None = None, untied: Instance | None = None
    ) -> None:
        self._matching = matching
        self._instance = matching.instance
        self._rerun = rerun if matching.mechanism.claims(Guarantee.STRATEGY_PROOF) else None
        self._places = [self._instance.places_of(h) for h in range(self._instance.n_hosts)]
        self._before = [untied.places_of(h) for h in range(untied.n_hosts)] if untied is not None else None
        self._held = matching.students()
        self._last = [
            max(held, key=places.__getitem__, default=None)
            for held, places in zip(self._held, self._places, strict=True)
        ]

    def student(self, student: int) -> StudentExplanation:
        """Explain one student's result."""
        instance, host = self._instance, self._matching.host(student)
        choices = instance.choices_of(student)
        number = choices.index(host) if host is not None else len(choices)
        reasons = tuple(self._reason(student, k, h, number) for k, h in enumerate(choices))
        better = choices[:number]
        proved = self._proved(student, better) if better and self._rerun is not None else None
        parts = [self._result(host, number, len(choices))]
        parts += [r.text for r in reasons[:number]]
        if proved:
            parts.append(_NO_OTHER_LIST)
        return StudentExplanation(
            instance.student_id(student),
            instance.host_id(host) if host is not None else None,
            reasons,
            proved,
            _join(parts),
        )

    def host(self, host: int) -> HostExplanation:
        """Explain one host's result."""
        instance = self._instance
        seats, filled = int(instance.seats[host]), len(self._held[host])
        name = instance.host_id(host)
        parts = [
            Text(
                f"{name}: seats filled: {filled} of {seats}.",
                f"{name}：{seats} 個名額中已錄取 {filled} 名。",
            )
        ]
        if filled < seats:
            parts += self._empty_seats(host, filled)
        elif (last := self._last[host]) is not None:
            place = self._places[host][last]
            parts.append(
                Text(
                    f"The last student admitted stands at place {place} of your ranking.",
                    f"最後錄取者為貴單位排序第 {place} 名。",
                )
            )
        return HostExplanation(
            name, tuple(instance.student_id(s) for s in self._held[host]), seats, _join(parts)
        )

    def _empty_seats(self, host: int, filled: int) -> list[Text]:
        listed_by = [s for s in self._places[host] if host in self._instance.choices_of(s)]
        elsewhere = len(listed_by) - filled
        parts = [
            Text(
                f"Students you ranked who had listed you: {len(listed_by)}.",
                f"貴單位所排序之學生中，有 {len(listed_by)} 名將貴單位列入志願。",
            )
        ]
        if self._matching.mechanism.claims(Guarantee.STABLE):
            parts.append(
                Text(
                    f"Of these, {filled} with you and {elsewhere} at a place they prefer.",
                    f"其中 {filled} 名由貴單位錄取，其餘 {elsewhere} 名已獲更屬意之單位錄取。",
                )
            )
        if self._matching.mechanism.claims(Guarantee.RURAL_HOSPITALS):
            parts.append(
                Text(
                    "Every stable matching of these lists gives you exactly the same students: "
                    "no other stable procedure would have filled the empty seats.",
                    "依這些志願與排序，任何穩定媒合分發予貴單位之學生皆完全相同；"
                    "改用其他穩定程序，亦無法補足缺額。",
                )
            )
        return parts

    def _result(self, host: int | None, number: int, listed: int) -> Text:
        if host is None:
            if listed == 0:
                return Text("You listed no place and have none.", "您未填寫任何志願，故未獲分發。")
            return Text(
                f"You have no place: none of the choices on your list ({listed}) could be given to you.",
                f"您未獲分發：所填 {listed} 個志願均未能錄取。",
            )
        name = self._instance.host_id(host)
        return Text(
            f"You were placed at your choice {number + 1}: {name}.",
            f"您獲分發至第 {number + 1} 志願：{name}。",
        )

    def _reason(self, student: int, k: int, host: int, number: int) -> ChoiceReason:
        place = self._places[host].get(student)
        last = self._last[host]
        last_place = None if last is None else self._places[host][last]
        why = self._why(student, host, place, last_place) if k < number else Why.LESS_LIKED
        if k == number:
            why = Why.PLACED
        name, seats = self._instance.host_id(host), int(self._instance.seats[host])
        text = _reason_text(why, k + 1, name, seats, place, last_place)
        if why is Why.FULL and self._tied_before(student, host, last):
            text = _join([text, _LOTTERY])
        return ChoiceReason(k + 1, name, why, place, last_place, text)

    def _why(self, student: int, host: int, place: int | None, last_place: int | None) -> Why:
        if place is None:
            return Why.NOT_RANKED
        if self._instance.seats[host] == 0:
            return Why.NO_SEATS
        full = len(self._held[host]) >= self._instance.seats[host]
        if full and last_place is not None and place > last_place:
            return Why.FULL
        if full and place == last_place:
            return Why.TIED
        return Why.RULE

    def _tied_before(self, student: int, host: int, last: int | None) -> bool:
        if self._before is None or last is None:
            return False
        return self._before[host][student] == self._before[host][last]

    def _proved(self, student: int, better: list[int]) -> bool:
        assert self._rerun is not None
        return all(
            self._rerun(self._instance.with_student_list(student, [host])).host(student) is None
            for host in better
        )


_NO_OTHER_LIST = Text(
    "No other list of yours would have brought you a place that you prefer: the matching was run again with each of "
    "these hosts as your only choice, and none of the runs placed you.",
    "改填任何其他志願序，都不會讓您得到更屬意的單位：已將上述各單位逐一作為您唯一的志願重新媒合，均未錄取。",
)
_LOTTERY = Text(
    "Its own ranking had you equal with that student; the public lottery decided.",
    "該單位原將您與該生並列，由公開抽籤決定先後。",
)


def _reason_text(why: Why, choice: int, host: str, seats: int, place: int | None, last: int | None) -> Text:
    texts = {
        Why.PLACED: (f"Choice {choice}, {host}: your place.", f"第 {choice} 志願 {host}：已錄取。"),
        Why.FULL: (
            f"Choice {choice}, {host}: its seats ({seats}) went to people it ranks higher, the last at place {last}; "
            f"you are at place {place}.",
            f"第 {choice} 志願 {host}：{seats} 個名額已由排序較前者補滿，最後錄取者為第 {last} 名，您為第 {place} 名。",
        ),
        Why.TIED: (
            f"Choice {choice}, {host}: its seats ({seats}) are full; you are equal with the last admitted, at "
            f"place {last}.",
            f"第 {choice} 志願 {host}：{seats} 個名額已滿，您與最後錄取者並列第 {last} 名。",
        ),
        Why.NOT_RANKED: (
            f"Choice {choice}, {host}: it did not rank you.",
            f"第 {choice} 志願 {host}：該單位未將您列入排序。",
        ),
        Why.NO_SEATS: (
            f"Choice {choice}, {host}: it has no seats.",
            f"第 {choice} 志願 {host}：該單位無名額。",
        ),
        Why.RULE: (
            f"Choice {choice}, {host}: the published rules on caps, reserved seats or balance left no seat for you "
            f"(you are at place {place}).",
            f"第 {choice} 志願 {host}：依公告之上限、保留名額或平衡規則，已無名額可供分發（您為第 {place} 名）。",
        ),
        Why.LESS_LIKED: (
            f"Choice {choice}, {host}: not needed, you have a place that you prefer.",
            f"第 {choice} 志願 {host}：您已獲更屬意之單位錄取，無須考慮。",
        ),
    }
    return Text(*texts[why])


def _join(parts: list[Text]) -> Text:
    return Text(" ".join(p.en for p in parts), "".join(p.zh for p in parts))
