"""A couple's result, explained by the pairs it listed and not place by place."""

from __future__ import annotations

from comity.matching import _sentences as say
from comity.matching.explain import ChoiceReason, StudentExplanation, Why
from comity.programmes.talent.call import Pair
from comity.programmes.talent.mechanisms import blocking_of
from comity.programmes.talent.run import CallRun, labels_of
from comity.rules.finding import Outcome
from comity.rules.text import Text

Choice = tuple[str | None, str | None]


def explained(run: CallRun, student: str) -> StudentExplanation:
    """Return why a student has her result: as one of a couple, or on her own."""
    pair = run.call.couple_of(student)
    if pair is None:
        return run.explainer().student(run.number_of(student))
    return _joint(run, pair, student)


def name_of(choice: Choice) -> str:
    """Return how a pair of positions is written in a decision."""
    return " + ".join(p or "-" for p in choice)


def is_open(run: CallRun, pair: Pair, choice: Choice) -> bool:
    """Whether both positions of a pair were open to the two, so that it entered the matching."""
    return all(
        p is None or (run.screening.standing(s) is Outcome.PASS and run.screening.fits(s, p))
        for s, p in zip((pair.first, pair.second), choice, strict=True)
    )


def _joint(run: CallRun, pair: Pair, student: str) -> StudentExplanation:
    given, number = (run.placed[pair.first], run.placed[pair.second]), run.choice_number(student)
    blocking = {
        choice
        for people, choice in blocking_of(run.call, run.matching)
        if people == (pair.first, pair.second)
    }
    reasons = []
    for n, choice in enumerate(pair.choices, 1):
        if choice == given:
            why = Why.PLACED
        elif number is not None and n > number:
            why = Why.LESS_LIKED
        elif not is_open(run, pair, choice):
            why = Why.LEFT_OUT
        else:
            why = Why.STILL_BLOCKS if choice in blocking else Why.NOT_TOGETHER
        text = say.reason(why, n, _label(run, pair, choice), 0, None, None)
        reasons.append(ChoiceReason(n, name_of(choice), why, None, None, text))
    if number is not None:
        first = say.joint_result(number, _label(run, pair, given))
    elif any(r.why is not Why.LEFT_OUT for r in reasons):
        first = say.result(None, None, len(pair.choices))
    else:
        first = run.why_no_list(student)
    better = reasons if number is None else reasons[: number - 1]
    return StudentExplanation(
        student, run.placed[student], tuple(reasons), None, (first, *(r.text for r in better))
    )


def _label(run: CallRun, pair: Pair, choice: Choice) -> Text:
    labels = labels_of(run.call)
    parts = [
        Text(f"{s} without a place", f"{s} 不分發")
        if p is None
        else Text(f"{s} at {labels[p].en}", f"{s} 至{labels[p].zh}")
        for s, p in zip((pair.first, pair.second), choice, strict=True)
    ]
    return Text(" and ".join(t.en for t in parts), "、".join(t.zh for t in parts))
