"""Figures of a run for the public: shares and counts, none of them about a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from comity.programmes.talent.run import CallRun
from comity.rules.finding import Outcome

#: Groups smaller than this are not broken down: a share of three people is a statement about people.
SMALLEST_GROUP = 5


@dataclass(frozen=True, slots=True)
class Share:
    """Students and places of one group; ``placed`` is ``None`` where it, or what is left, is a handful."""

    applied: int
    placed: int | None


@dataclass(frozen=True, slots=True)
class Statistics:
    """Figures of one run.

    Parameters
    ----------
    students, eligible, waiting, refused : applications, and how the rules left them
    placed, first_choice : students with a place, and with the first choice of their own list (a couple: its first pair)
    seats, filled, empty_positions : seats, seats taken, positions that got nobody
    by_choice : students by number of the choice they got ("2", or "4-7" where choices are put together)
    by_field : (seats, filled) by field
    by_country : (seats, filled) by receiving country
    by_group : students of each declared group, small groups left out
    days_to_result : days from the close of applications to the results
    """

    students: int
    eligible: int
    waiting: int
    refused: int
    placed: int
    first_choice: int | None
    seats: int
    filled: int
    empty_positions: int
    by_choice: Mapping[str, int]
    by_field: Mapping[str, tuple[int, int]]
    by_country: Mapping[str, tuple[int, int]]
    by_group: Mapping[str, Share]
    days_to_result: int

    @property
    def first_choice_share(self) -> float | None:
        """Students at their first choice, of those placed; ``None`` where that is not published."""
        if self.first_choice is None:
            return None
        return self.first_choice / self.placed if self.placed else 0.0

    def for_public(self) -> Statistics:
        """Return the figures without groups of fewer than five: neighbouring choices are put together until there are.

        Counts of the whole call stay as they are.
        """
        by_choice = _merged(self.by_choice)
        return replace(self, by_choice=by_choice, first_choice=by_choice.get("1"))

    @property
    def fill_rate(self) -> float:
        """Seats taken, of all seats."""
        return self.filled / self.seats if self.seats else 0.0


def statistics_of(run: CallRun) -> Statistics:
    """Return the figures of a run."""
    call, placed = run.call, {s: p for s, p in run.placed.items() if p is not None}
    standing = Counter(run.screening.standing(s) for s in call.students)
    taken = Counter(placed.values())
    by_choice = Counter(number for s in placed if (number := run.choice_number(s)) is not None)
    fields: dict[str, list[int]] = {}
    countries: dict[str, list[int]] = {}
    for p, position in call.positions.items():
        for table, key in ((fields, position.field), (countries, call.hosts[position.host].country)):
            entry = table.setdefault(key, [0, 0])
            entry[0] += position.seats
            entry[1] += taken[p]
    groups: dict[str, list[int]] = {}
    for s, application in call.students.items():
        for group in application.groups:
            entry = groups.setdefault(group, [0, 0])
            entry[0] += 1
            entry[1] += s in placed
    return Statistics(
        students=len(call.students),
        eligible=standing[Outcome.PASS],
        waiting=standing[Outcome.UNKNOWN],
        refused=standing[Outcome.FAIL],
        placed=len(placed),
        first_choice=by_choice[1],
        seats=sum(p.seats for p in call.positions.values()),
        filled=len(placed),
        empty_positions=sum(1 for p, x in call.positions.items() if x.seats and not taken[p]),
        by_choice={str(k): by_choice[k] for k in range(1, max(by_choice, default=0) + 1)},
        by_field={k: (a, b) for k, (a, b) in sorted(fields.items())},
        by_country={k: (a, b) for k, (a, b) in sorted(countries.items())},
        by_group={k: _share(a, b) for k, (a, b) in sorted(groups.items()) if a >= SMALLEST_GROUP},
        days_to_result=(call.settings.dates.results - call.settings.dates.closes).days,
    )


def is_handful(count: int) -> bool:
    """Whether a count is of so few people that it says something about them."""
    return 0 < count < SMALLEST_GROUP


def _share(applied: int, placed: int) -> Share:
    told = not (is_handful(placed) or is_handful(applied - placed))
    return Share(applied, placed if told else None)


def _merged(by_choice: Mapping[str, int]) -> dict[str, int]:
    """Put neighbouring choices together until no count is a handful; the last ones join those before them."""
    bins: list[list[int]] = []
    for choice, count in ((int(k), n) for k, n in by_choice.items()):
        if bins and is_handful(bins[-1][2]):
            bins[-1][1:] = [choice, bins[-1][2] + count]
        else:
            bins.append([choice, choice, count])
    while len(bins) > 1 and is_handful(bins[-1][2]):
        _, last, count = bins.pop()
        bins[-1][1:] = [last, bins[-1][2] + count]
    return {str(a) if a == b else f"{a}-{b}": n for a, b, n in bins}
