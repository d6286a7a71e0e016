"""Why this result: for each student and each host, in words and numbers, in both languages.

An explanation claims only what the mechanism guarantees. "No other list would have brought you a place that you
prefer" is not asserted but shown: the mechanism is run again with each better host as the student's only choice. Where
truth is always a best answer, a host that a single-host list cannot reach no other list can reach.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from comity.matching import _sentences as say
from comity.matching._sentences import Why
from comity.matching.guarantees import Guarantee
from comity.matching.instance import Instance
from comity.matching.outcome import Matching
from comity.rules.text import Text

__all__ = ["ChoiceReason", "Explainer", "HostExplanation", "StudentExplanation", "Why"]

Rerun = Callable[[Instance], Matching]


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
    sentences: tuple[Text, ...]

    @property
    def text(self) -> Text:
        """All sentences as one paragraph."""
        return say.join(self.sentences)


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
    labels : how hosts are called in the sentences, by id; the id itself where there is none
    choice_number : ``(student, host) -> number`` on the list as it was written, for callers that left places
        out of a list before the matching
    empty_list : ``student -> sentence`` for a student without a list here, for callers that know why
    """

    def __init__(
        self,
        matching: Matching,
        rerun: Rerun | None = None,
        untied: Instance | None = None,
        labels: Mapping[str, Text] | None = None,
        choice_number: Callable[[int, int], int] | None = None,
        empty_list: Callable[[int], Text] | None = None,
    ) -> None:
        self._matching = matching
        self._instance = matching.instance
        self._rerun = rerun if matching.mechanism.claims(Guarantee.STRATEGY_PROOF) else None
        self._places = [self._instance.places_of(h) for h in range(self._instance.n_hosts)]
        self._before = [untied.places_of(h) for h in range(untied.n_hosts)] if untied is not None else None
        self._labels = labels or {}
        self._choice_number = choice_number
        self._empty_list = empty_list or (lambda _: say.NOTHING_LISTED)
        self._held = matching.students()
        self._last = [
            max(held, key=places.__getitem__, default=None)
            for held, places in zip(self._held, self._places, strict=True)
        ]

    def student(self, student: int) -> StudentExplanation:
        """Explain one student's result."""
        instance, host = self._instance, self._matching.host(student)
        choices = instance.choices_of(student)
        better = choices if host is None else choices[: choices.index(host)]
        reasons = tuple(self._reason(student, h, h in better, h == host) for h in choices)
        proved = self._proved(student, better) if better and self._rerun is not None else None
        if not choices:
            parts = [self._empty_list(student)]
        elif host is None:
            parts = [say.result(None, None, len(choices))]
        else:
            parts = [say.result(self._number(student, host), self._label(host), len(choices))]
        parts += [r.text for r in reasons[: len(better)]]
        if proved:
            parts.append(say.NO_OTHER_LIST)
        name = instance.host_id(host) if host is not None else None
        return StudentExplanation(instance.student_id(student), name, reasons, proved, tuple(parts))

    def host(self, host: int) -> HostExplanation:
        """Explain one host's result."""
        instance = self._instance
        seats, filled = int(instance.seats[host]), len(self._held[host])
        parts = [say.filled_seats(self._label(host), filled, seats)]
        last = self._last[host]
        if filled < seats:
            parts += self._empty_seats(host, filled)
        elif last is not None:
            parts.append(say.last_admitted(self._places[host][last]))
        students = tuple(instance.student_id(s) for s in self._held[host])
        return HostExplanation(instance.host_id(host), students, seats, say.join(parts))

    def _empty_seats(self, host: int, filled: int) -> list[Text]:
        mechanism = self._matching.mechanism
        count = sum(host in self._instance.choices_of(s) for s in self._places[host])
        parts = [say.listed_by(count)]
        if mechanism.claims(Guarantee.STABLE) or mechanism.claims(Guarantee.WEAKLY_STABLE):
            parts.append(say.elsewhere(filled, count - filled))
        if mechanism.claims(Guarantee.RURAL_HOSPITALS):
            parts.append(say.SAME_STUDENTS)
        return parts

    def _reason(self, student: int, host: int, better: bool, here: bool) -> ChoiceReason:
        place, last = self._places[host].get(student), self._last[host]
        last_place = None if last is None else self._places[host][last]
        why = Why.PLACED if here else self._why(host, place, last_place) if better else Why.LESS_LIKED
        number, seats = self._number(student, host), int(self._instance.seats[host])
        text = say.reason(why, number, self._label(host), seats, place, last_place)
        if why is Why.FULL and self._tied_before(student, host, last):
            text = say.join([text, say.LOTTERY])
        return ChoiceReason(number, self._instance.host_id(host), why, place, last_place, text)

    def _why(self, host: int, place: int | None, last_place: int | None) -> Why:
        if place is None:
            return Why.NOT_RANKED
        if self._instance.seats[host] == 0:
            return Why.NO_SEATS
        full = len(self._held[host]) >= self._instance.seats[host]
        if full and last_place is not None and place > last_place:
            return Why.FULL
        if full and place == last_place:
            return Why.TIED
        return Why.STILL_BLOCKS if self._matching.mechanism.claims(Guarantee.FEWEST_BLOCKING) else Why.RULE

    def _tied_before(self, student: int, host: int, last: int | None) -> bool:
        if self._before is None or last is None:
            return False
        return self._before[host][student] == self._before[host][last]

    def _proved(self, student: int, better: list[int]) -> bool:
        rerun, instance = self._rerun, self._instance
        assert rerun is not None
        return all(rerun(instance.with_student_list(student, [h])).host(student) is None for h in better)

    def _label(self, host: int) -> Text:
        name = self._instance.host_id(host)
        return self._labels.get(name, Text(name, name))

    def _number(self, student: int, host: int) -> int:
        if self._choice_number is not None:
            return self._choice_number(student, host)
        return self._instance.choices_of(student).index(host) + 1
