"""Couples who state pairs of places: fewest blocking choices, and no claim of stability where there is none.

A choice blocks when somebody prefers it and every host in it, choosing its best from the people it holds (without
the couple) plus those who would come, takes all who would come. With couples a stable matching need not exist
(A. Roth, Journal of Political Economy 92, 1984) and deciding it is NP-complete (E. Ronn, Journal of Algorithms 11,
1990). Proposals find one in most markets; where they do not, the search is exact: zero blocking choices is a stable
matching, more is a proof that there is none.
See D. Manlove, I. McBride, J. Trimble, "Almost-stable matchings with couples", Constraints 22 (2017).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from comity.errors import ComityError, Problem
from comity.matching._couples_path import best_by_proposals
from comity.matching._milp import Program, Term
from comity.matching.guarantees import MECHANISMS, Mechanism
from comity.matching.outcome import Proof
from comity.rules.text import Text

Choice = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Couple:
    """Two people with one list of pairs, best first; ``None`` in a pair: this one stays without a place."""

    first: str
    second: str
    choices: tuple[tuple[str | None, str | None], ...]


@dataclass(frozen=True, slots=True)
class CouplesMarket:
    """Lists by name.

    Parameters
    ----------
    singles : each single student's hosts, best first
    couples : couples with their joint lists
    hosts : each host's students, best first, without ties
    seats : posts of each host
    """

    singles: Mapping[str, Sequence[str]]
    couples: tuple[Couple, ...]
    hosts: Mapping[str, Sequence[str]]
    seats: Mapping[str, int]

    def agents(self) -> list[tuple[tuple[str, ...], list[Choice]]]:
        """Return singles and couples alike: the people, and their choices as tuples of hosts."""
        agents: list[tuple[tuple[str, ...], list[Choice]]] = []
        for student, hosts in self.singles.items():
            agents.append(((student,), [(h,) for h in hosts]))
        for couple in self.couples:
            agents.append(((couple.first, couple.second), list(couple.choices)))
        return agents


@dataclass(frozen=True, slots=True)
class CouplesOutcome:
    """Who goes where, and which choices still block.

    Parameters
    ----------
    placed : each person's host, ``None`` for none
    blocking : people and the choice that they and its hosts would rather have
    proof : ``value`` blocking choices; ``complete`` when no matching has fewer
    """

    market: CouplesMarket
    mechanism: Mechanism
    placed: dict[str, str | None]
    blocking: tuple[tuple[tuple[str, ...], Choice], ...]
    proof: Proof

    @property
    def text(self) -> Text:
        """Say plainly whether the result is stable."""
        n = len(self.blocking)
        if n == 0:
            return Text("The matching is stable.", "本媒合結果穩定。")
        if self.proof.complete:
            return Text(
                f"No stable matching exists for these lists; this one has the fewest blocking choices, {n}.",
                f"依所列志願不存在穩定媒合；本結果之阻擋組合最少，共 {n} 組。",
            )
        return Text(
            f"{n} choices block; the search stopped before it could show that fewer are impossible "
            f"(at least {self.proof.bound}).",
            f"尚有 {n} 組阻擋組合；搜尋於證明無法更少之前停止（至少 {self.proof.bound} 組）。",
        )


def match_couples(
    market: CouplesMarket, time_limit_s: float = 60.0, *, most_people: bool = False
) -> CouplesOutcome:
    """Return a stable matching if proposals find one, else a matching with the fewest blocking choices.

    Proposals in the manner of the NRMP are tried first: where they come to rest, nothing blocks and nothing is left to
    prove. Otherwise the search is exact and, among the fewest blocking choices, places the most people.

    Parameters
    ----------
    market : singles, couples, hosts
    time_limit_s : search time; when it is reached, ``proof.complete`` is False [s]
    most_people : search even where proposals found a stable matching, for one that places more people; exact, slow
    """
    problems = validate_couples(market)
    if problems:
        raise ComityError("the lists cannot be matched", problems)
    place = {h: {s: k for k, s in enumerate(ranked)} for h, ranked in market.hosts.items()}
    count = lambda placed: len(blocking_choices(market, placed))  # noqa: E731
    quick, left = best_by_proposals(market.agents(), place, market.seats, count)
    if left == 0 and not most_people:
        return CouplesOutcome(market, MECHANISMS["couples"], quick, (), Proof(0, 0, True))
    exact = _search(market, time_limit_s)
    if len(exact.blocking) <= left:
        return exact
    bound = min(exact.proof.bound, left)
    blocking = tuple(blocking_choices(market, quick))
    return CouplesOutcome(market, exact.mechanism, quick, blocking, Proof(left, bound, bound == left))


def _search(market: CouplesMarket, time_limit_s: float) -> CouplesOutcome:
    """Search for the fewest blocking choices, and most people placed, by integer programming."""
    model = _Model(market)
    solution = model.program.solve(time_limit_s)
    placed: dict[str, str | None] = {person: None for people, _ in market.agents() for person in people}
    if solution.values is not None:
        for (i, k), x in model.taken.items():
            if solution.values[x] > 0.5:
                people, choices = model.agents[i]
                placed.update(zip(people, choices[k], strict=True))
    blocking = tuple(blocking_choices(market, placed))
    bound = max(0, -(-solution.bound // model.weight))
    proof = Proof(len(blocking), min(bound, len(blocking)), solution.complete or bound >= len(blocking))
    return CouplesOutcome(market, MECHANISMS["couples"], placed, blocking, proof)


def blocking_choices(
    market: CouplesMarket, placed: Mapping[str, str | None]
) -> list[tuple[tuple[str, ...], Choice]]:
    """Return every choice that its people prefer and whose hosts would take them, read off the definition."""
    place = {h: {s: k for k, s in enumerate(ranked)} for h, ranked in market.hosts.items()}
    held: dict[str, set[str]] = {h: set() for h in market.hosts}
    for person, host in placed.items():
        if host is not None:
            held[host].add(person)
    found: list[tuple[tuple[str, ...], Choice]] = []
    for people, choices in market.agents():
        have = tuple(placed[person] for person in people)
        for choice in choices:
            if choice == have:
                break
            if all(
                _takes(market, place, held, host, people, choice) for host in set(choice) if host is not None
            ):
                found.append((people, choice))
    return found


def _takes(
    market: CouplesMarket,
    place: Mapping[str, Mapping[str, int]],
    held: Mapping[str, set[str]],
    host: str,
    people: tuple[str, ...],
    choice: Choice,
) -> bool:
    coming = {p for p, h in zip(people, choice, strict=True) if h == host}
    if not coming <= place[host].keys():
        return False
    pool = (held[host] - set(people)) | coming
    return coming <= set(sorted(pool, key=place[host].__getitem__)[: market.seats[host]])


class _Model:
    """The integer program: who takes which choice, and which choices are allowed to block."""

    def __init__(self, market: CouplesMarket) -> None:
        self.market = market
        self.program = Program()
        self.agents = market.agents()
        self.place = {h: {s: k for k, s in enumerate(ranked)} for h, ranked in market.hosts.items()}
        #: one blocking choice costs more than all places together
        self.weight = 1 + sum(len(people) for people, _ in self.agents)
        self.taken = {
            (i, k): self.program.variable(cost=-float(sum(h is not None for h in choice)))
            for i, (people, choices) in enumerate(self.agents)
            for k, choice in enumerate(choices)
            if self._possible(people, choice)
        }
        self.at: dict[tuple[str, str], list[int]] = {}
        for (i, k), x in self.taken.items():
            for person, host in zip(self.agents[i][0], self.agents[i][1][k], strict=True):
                if host is not None:
                    self.at.setdefault((person, host), []).append(x)
        self.ahead = self._count_ahead()
        for i in range(len(self.agents)):
            self._add_agent(i)

    def _possible(self, people: tuple[str, ...], choice: Choice) -> bool:
        need = Counter(h for h in choice if h is not None)
        known = all(p in self.place[h] for p, h in zip(people, choice, strict=True) if h is not None)
        return known and all(self.market.seats[h] >= n for h, n in need.items())

    def _count_ahead(self) -> dict[tuple[str, int], int]:
        """Add, per host and place k, the number of people held among its first k; bounded by the seats."""
        ahead: dict[tuple[str, int], int] = {}
        for host, ranked in self.market.hosts.items():
            total = self.program.variable(upper=0.0, whole=False)
            ahead[host, 0] = total
            for k, person in enumerate(ranked, 1):
                new = [(x, 1.0) for x in self.at.get((person, host), ())]
                if new:  # whoever did not list the host adds nothing
                    before = (total, 1.0)
                    total = self.program.variable(upper=float(self.market.seats[host]), whole=False)
                    self.program.require([(total, -1.0), before, *new], low=0.0, high=0.0)
                ahead[host, k] = total
        return ahead

    def _add_agent(self, i: int) -> None:
        people, choices = self.agents[i]
        reached: list[Term] = []
        for k, choice in enumerate(choices):
            if (i, k) not in self.taken:
                continue
            reached.append((self.taken[i, k], 1.0))
            refused = [
                (self._refusal(people, choice, h), 1.0) for h in dict.fromkeys(choice) if h is not None
            ]
            blocks = (self.program.variable(cost=float(self.weight)), 1.0)
            self.program.require([*reached, *refused, blocks], low=1.0)
        self.program.require(reached, high=1.0)

    def _refusal(self, people: tuple[str, ...], choice: Choice, host: str) -> int:
        """Add a variable that can be 1 only if ``host`` would not take all who come to it by ``choice``."""
        coming = [p for p, h in zip(people, choice, strict=True) if h == host]
        last = max(self.place[host][p] for p in coming)
        rivals: list[Term] = [(self.ahead[host, last], 1.0)]
        for person in people:
            if self.place[host].get(person, last) < last:
                rivals += [(x, -1.0) for x in self.at.get((person, host), ())]
        refusal = self.program.variable()
        enough = float(self.market.seats[host] - len(coming) + 1)
        self.program.require([*rivals, (refusal, -enough)], low=0.0)
        return refusal


def validate_couples(market: CouplesMarket) -> list[Problem]:
    """Return every problem of the lists: unknown names, repeats, seats below zero, chains of couples."""
    people = [p for agent, _ in market.agents() for p in agent]
    problems = [
        Problem(f"student {p}", f"appears {n} times among singles and couples", "one list a person")
        for p, n in Counter(people).items()
        if n > 1
    ]
    problems += [Problem(f"seats of {h}", str(n), "0 or more") for h, n in market.seats.items() if n < 0]
    problems += [
        Problem(f"host {h}", "no number of seats", "0 or more") for h in market.hosts if h not in market.seats
    ]
    known = set(people)
    for host, ranked in market.hosts.items():
        seen: set[str] = set()
        for k, student in enumerate(ranked, 1):
            if student not in known:
                problems.append(Problem(f"host {host}, rank {k}", f"unknown student {student!r}"))
            if student in seen:
                problems.append(Problem(f"host {host}, rank {k}", f"{student} is listed a second time"))
            seen.add(student)
    for agent, choices in market.agents():
        name = " and ".join(agent)
        for k, choice in enumerate(choices, 1):
            problems += [
                Problem(f"{name}, choice {k}", f"unknown host {h!r}")
                for h in choice
                if h is not None and h not in market.hosts
            ]
            if choice in choices[: k - 1]:
                problems.append(Problem(f"{name}, choice {k}", "is listed a second time"))
            if all(h is None for h in choice):
                problems.append(Problem(f"{name}, choice {k}", "names no host", "leave it out"))
    return problems
