"""One run of a call: screening, lists, lottery, matching, independent check, cut-offs. A pure function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from comity.casework.canonical import sha256_of
from comity.errors import ComityError, Problem
from comity.matching._sentences import ALL_LEFT_OUT, NOT_ADMITTED, NOTHING_LISTED
from comity.matching.cutoffs import Cutoff, cutoffs
from comity.matching.explain import Explainer
from comity.matching.instance import Instance
from comity.matching.outcome import Matching
from comity.matching.verifier import Verdict
from comity.programmes.talent.call import Call
from comity.programmes.talent.eligibility import Screening, screen
from comity.programmes.talent.mechanisms import mechanism_of, verdict_of
from comity.rules.finding import Outcome
from comity.rules.pack import RulePack
from comity.rules.text import Text

#: Revision of the way a call is run; a change that can change a result gets a new number.
REVISION = "1"


@dataclass(frozen=True, eq=False)
class CallRun:
    """What one run found.

    Parameters
    ----------
    call, on : what was run, under the law of which day
    screening : the rules' answers
    untied : the lists as submitted, without places that are not open to a student
    matching : who goes where; its instance holds the lists after the lottery
    rerun : the same mechanism on other lists
    verdict : the independent check
    cutoffs : what the public gets
    """

    call: Call
    on: date
    screening: Screening
    untied: Instance
    matching: Matching
    rerun: Callable[[Instance], Matching]
    verdict: Verdict
    cutoffs: dict[str, Cutoff]

    @cached_property
    def placed(self) -> dict[str, str | None]:
        """Each student's position, ``None`` for none."""
        return self.matching.as_names()

    @property
    def identity(self) -> str:
        """SHA-256 of what was run and what came out: what the two roles confirm."""
        return sha256_of(
            {
                "call": self.call.sha256,
                "on": self.on,
                "mechanism": self.matching.mechanism.id,
                "revision": REVISION,
                "placed": self.placed,
            }
        )

    def explainer(self) -> Explainer:
        """Return the explanations of this run."""

        def number(student: int, position: int) -> int:
            listed = self.call.students[self.untied.student_id(student)].choices
            return listed.index(self.untied.host_id(position)) + 1

        def no_list(student: int) -> Text:
            return self.why_no_list(self.untied.student_id(student))

        return Explainer(self.matching, self.rerun, self.untied, labels_of(self.call), number, no_list)

    def why_no_list(self, student: str) -> Text:
        """Return why a student has no list in the matching: not admitted, all places left out, or none listed."""
        if self.screening.standing(student) is not Outcome.PASS:
            return NOT_ADMITTED
        return ALL_LEFT_OUT if self.call.students[student].choices else NOTHING_LISTED

    def choice_number(self, student: str) -> int | None:
        """Return which of her choices a student got, 1 first; for one of a couple, which of its pairs."""
        pair, given = self.call.couple_of(student), self.placed[student]
        if pair is not None:
            both = (self.placed[pair.first], self.placed[pair.second])
            return pair.choices.index(both) + 1 if both in pair.choices else None
        return None if given is None else self.call.students[student].choices.index(given) + 1

    def number_of(self, student: str) -> int:
        """Return the number of a student in the instance."""
        return _numbers(self)[student]


@lru_cache(maxsize=4)
def _numbers(run: CallRun) -> dict[str, int]:
    return {run.untied.student_id(s): s for s in range(run.untied.n_students)}


@dataclass(frozen=True, eq=False, slots=True)
class _Request:
    """Call, law and day, compared by content: one run serves every student of a call."""

    call: Call
    pack: RulePack
    on: date

    def _key(self) -> tuple[str, str, date]:
        return self.call.sha256, self.pack.sha256, self.on

    def __hash__(self) -> int:
        return hash(self._key())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Request) and self._key() == other._key()


def run_call(call: Call, pack: RulePack, on: date) -> CallRun:
    """Run a call under a rule pack; the same arguments give the same bytes.

    Raises
    ------
    ComityError
        where the call stops on applications that wait for a paper, where a mechanism cannot be used with these
        lists, or where the independent check finds a claim false
    """
    return _run(_Request(call, pack, on))


@lru_cache(maxsize=4)
def _run(request: _Request) -> CallRun:
    call = request.call
    screening = screen(call, request.pack, request.on)
    _stop_if_unresolved(call, screening)
    untied = lists_of(call, screening)
    mechanism = mechanism_of(call, untied)
    matching = mechanism(untied)
    verdict = verdict_of(call, matching)
    if not verdict.sound:
        problems = [Problem(c.claim.value, c.text.en) for c in verdict.checks if c.holds is False]
        message = "the independent check refuses this result; nothing is published"
        raise ComityError(message, problems, exit_code=70)
    return CallRun(call, request.on, screening, untied, matching, mechanism, verdict, cutoffs(matching))


def labels_of(call: Call) -> dict[str, Text]:
    """Return how positions are called: title, host and id, in both languages."""
    labels = {}
    for p, position in call.positions.items():
        host, title = call.hosts[position.host].name, position.title
        labels[p] = Text(f"{title.en} at {host.en} ({p})", f"{host.zh}「{title.zh}」（{p}）")
    return labels


def lists_of(call: Call, screening: Screening) -> Instance:
    """Return both sides' lists; a student keeps the places that are open to her, in her order."""
    positions = sorted(call.positions)
    students = sorted(call.students)
    wishes = {
        s: [p for p in call.students[s].choices if p in call.positions and screening.fits(s, p)]
        if screening.standing(s) is Outcome.PASS
        else []
        for s in students
    }
    ranked = {p: [list(group) for group in call.rankings.get(p, ())] for p in positions}
    return Instance.from_lists(wishes, ranked, {p: call.positions[p].seats for p in positions})


def _stop_if_unresolved(call: Call, screening: Screening) -> None:
    waiting = [s for s in sorted(call.students) if screening.standing(s) is Outcome.UNKNOWN]
    if waiting and call.settings.unresolved == "stop":
        problems = [
            Problem(
                f"student {s}",
                "; ".join(
                    f.text.en for f in screening.students[s] if f.outcome in (Outcome.FAIL, Outcome.UNKNOWN)
                ),
            )
            for s in waiting
        ]
        raise ComityError("applications wait for a person to look", problems)
