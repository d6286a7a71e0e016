"""Caps and reserved seats: how a host, or a group of hosts under one cap, fills its seats, and matching under it.

Every rule here is a choice function with substitutes (a student turned away from a smaller crowd is turned away from
a larger one), which is what makes deferred acceptance stable and strategy-proof for students.

``Seating.order`` decides whether open or reserved seats are filled first; the two give different people seats
(S. Kominers, T. Sonmez, Theoretical Economics 11, 2016), so it has no default. Caps over several hosts follow flexible
deferred acceptance (Y. Kamada, F. Kojima, American Economic Review 105, 2015): targets first, then one seat at a
time in the published order of the hosts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from comity.errors import ComityError, Problem
from comity.matching.guarantees import MECHANISMS
from comity.matching.instance import Instance
from comity.matching.outcome import Matching
from comity.matching.validation import require_valid

Groups = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Reserve:
    """Seats kept for a group.

    Parameters
    ----------
    group : whose members come first
    seats : how many
    strict : ``True``: a seat no member takes stays empty; ``False``: it opens to everybody
    """

    group: str
    seats: int
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Seating:
    """How one host fills its seats.

    Parameters
    ----------
    order : which seats are filled first; within the reserves, their written order
    reserves : reserved seats; the rest are open
    caps : the most members of a group; capped groups must not overlap; not together with reserves
    """

    order: Literal["open-first", "reserved-first"]
    reserves: tuple[Reserve, ...] = ()
    caps: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HostGroup:
    """Hosts under one cap (a country, a region, a field).

    Parameters
    ----------
    name : for people
    hosts : in the order in which they take seats beyond their targets
    cap : the most students of all these hosts together
    targets : seats each host is sure of; not above its seats, together not above the cap
    """

    name: str
    hosts: tuple[str, ...]
    cap: int
    targets: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SeatRules:
    """All caps and reserves of a call: ``seating`` by host, ``groups`` of hosts, ``members`` of student groups."""

    seating: Mapping[str, Seating] = field(default_factory=dict)
    host_groups: tuple[HostGroup, ...] = ()
    members: Groups = field(default_factory=dict)

    def validate(self, instance: Instance) -> list[Problem]:
        """Return every contradiction in the rules."""
        seats = {instance.host_id(h): int(instance.seats[h]) for h in range(instance.n_hosts)}
        problems: list[Problem] = []
        for host, seating in self.seating.items():
            problems += _seating_problems(host, seating, seats.get(host), self.members)
        grouped: dict[str, str] = {}
        for group in self.host_groups:
            problems += _group_problems(group, seats)
            for host in group.hosts:
                if host in grouped:
                    accepted = "every host in at most one group"
                    problems.append(
                        Problem(f"group {group.name}", f"{host} is in {grouped[host]} too", accepted)
                    )
                if host in self.seating:
                    problems.append(
                        Problem(
                            f"group {group.name}", f"{host} has its own caps or reserves", "one or the other"
                        )
                    )
                grouped[host] = group.name
        return problems


def match_with_rules(instance: Instance, rules: SeatRules) -> Matching:
    """Match students to hosts under caps and reserves by student-proposing deferred acceptance.

    Parameters
    ----------
    instance : lists with strict rankings
    rules : caps and reserves; hosts that are not named fill their seats by rank alone
    """
    require_valid(instance)
    problems = rules.validate(instance)
    if not instance.strict:
        problems.append(
            Problem("host_ties", "this mechanism needs strict rankings", "break_ties(instance, lottery)")
        )
    if problems:
        raise ComityError("the seat rules cannot be used", problems)
    choosers = _choosers(instance, rules)
    unit_of = {h: u for u, unit in enumerate(choosers) for h in unit.hosts}
    lists = [instance.choices_of(s) for s in range(instance.n_students)]
    next_choice = [0] * instance.n_students
    held: list[set[tuple[int, int]]] = [set() for _ in choosers]
    waiting = list(range(instance.n_students))
    while waiting:
        touched: set[int] = set()
        for s in waiting:
            while next_choice[s] < len(lists[s]):
                h = lists[s][next_choice[s]]
                next_choice[s] += 1
                unit = unit_of[h]
                if s in choosers[unit].places[h]:
                    held[unit].add((h, s))
                    touched.add(unit)
                    break
        waiting = []
        for unit in sorted(touched):
            kept = choosers[unit].choose(held[unit])
            waiting += sorted(s for _, s in held[unit] - kept)
            held[unit] = kept
    host_of = np.full(instance.n_students, -1, dtype=np.int32)
    for pairs in held:
        for h, s in pairs:
            host_of[s] = h
    return Matching(instance, MECHANISMS["caps-and-reserves"], host_of)


class _Chooser:
    """What one host, or one group of hosts, keeps of the pairs (host, student) that apply."""

    def __init__(self, hosts: Sequence[int], places: Mapping[int, dict[int, int]]) -> None:
        self.hosts = tuple(hosts)
        self.places = {h: places[h] for h in hosts}

    def choose(self, pairs: set[tuple[int, int]]) -> set[tuple[int, int]]:
        raise NotImplementedError

    def ranked(self, pairs: set[tuple[int, int]], host: int) -> list[int]:
        return sorted((s for h, s in pairs if h == host), key=self.places[host].__getitem__)


class _OneHost(_Chooser):
    """Seats in a fixed order, each taking the best applicant it may."""

    def __init__(
        self,
        host: int,
        places: Mapping[int, dict[int, int]],
        seats: int,
        seating: Seating,
        groups: Mapping[str, set[int]],
    ) -> None:
        super().__init__([host], places)
        self.seats, self.caps, self.groups = seats, seating.caps, groups
        reserved = [(r.group, r.strict) for r in seating.reserves for _ in range(r.seats)]
        opened: list[tuple[str | None, bool]] = [(None, False)] * (seats - len(reserved))
        self.slots = [*opened, *reserved] if seating.order == "open-first" else [*reserved, *opened]

    def choose(self, pairs: set[tuple[int, int]]) -> set[tuple[int, int]]:
        host = self.hosts[0]
        left = self.ranked(pairs, host)
        if self.caps:
            return {(host, s) for s in self._within_caps(left)}
        kept: set[tuple[int, int]] = set()
        for group, strict in self.slots:
            members = left if group is None else [s for s in left if s in self.groups[group]]
            best = members or ([] if strict else left)
            if best:
                kept.add((host, best[0]))
                left.remove(best[0])
        return kept

    def _within_caps(self, ranked: Sequence[int]) -> list[int]:
        room = dict(self.caps)
        kept: list[int] = []
        for s in ranked:
            mine = [g for g in room if s in self.groups[g]]
            if len(kept) < self.seats and all(room[g] > 0 for g in mine):
                kept.append(s)
                for g in mine:
                    room[g] -= 1
        return kept


class _ManyHosts(_Chooser):
    """Targets first, then one seat a host in turn, until the group's cap."""

    def __init__(
        self,
        hosts: Sequence[int],
        places: Mapping[int, dict[int, int]],
        seats: Sequence[int],
        targets: Sequence[int],
        cap: int,
    ) -> None:
        super().__init__(hosts, places)
        self.seats, self.targets, self.cap = tuple(seats), tuple(targets), cap

    def choose(self, pairs: set[tuple[int, int]]) -> set[tuple[int, int]]:
        ranked = [self.ranked(pairs, h) for h in self.hosts]
        taken = [min(len(r), t) for r, t in zip(ranked, self.targets, strict=True)]
        moved = True
        while moved:
            moved = False
            for i, r in enumerate(ranked):
                if sum(taken) < self.cap and taken[i] < min(len(r), self.seats[i]):
                    taken[i] += 1
                    moved = True
        return {(h, s) for h, r, n in zip(self.hosts, ranked, taken, strict=True) for s in r[:n]}


def _choosers(instance: Instance, rules: SeatRules) -> list[_Chooser]:
    number = {instance.host_id(h): h for h in range(instance.n_hosts)}
    student = {instance.student_id(s): s for s in range(instance.n_students)}
    groups = {name: {student[x] for x in members if x in student} for name, members in rules.members.items()}
    places = {h: instance.places_of(h) for h in range(instance.n_hosts)}
    seats = instance.seats.tolist()
    choosers: list[_Chooser] = []
    alone = set(range(instance.n_hosts))
    for group in rules.host_groups:
        hosts = [number[name] for name in group.hosts]
        alone -= set(hosts)
        targets = [group.targets.get(name, 0) for name in group.hosts]
        choosers.append(_ManyHosts(hosts, places, [seats[h] for h in hosts], targets, group.cap))
    for h in sorted(alone):
        seating = rules.seating.get(instance.host_id(h), Seating("open-first"))
        choosers.append(_OneHost(h, places, seats[h], seating, groups))
    return choosers


def _seating_problems(host: str, seating: Seating, seats: int | None, members: Groups) -> list[Problem]:
    place = f"seating of {host}"
    if seats is None:
        return [Problem(place, "unknown host")]
    problems = [
        Problem(place, f"{r.seats} reserved seats", "0 or more") for r in seating.reserves if r.seats < 0
    ]
    problems += [Problem(place, f"cap {n} for {g}", "0 or more") for g, n in seating.caps.items() if n < 0]
    named = [*(r.group for r in seating.reserves), *seating.caps]
    problems += [Problem(place, f"unknown student group {g!r}") for g in named if g not in members]
    if sum(r.seats for r in seating.reserves) > seats:
        problems.append(Problem(place, "more reserved seats than seats", f"{seats} or fewer"))
    if seating.reserves and seating.caps:
        problems.append(Problem(place, "caps and reserves at one host", "one of the two"))
    capped = [g for g in seating.caps if g in members]
    for i, g in enumerate(capped):
        for other in capped[i + 1 :]:
            if members[g] & members[other]:
                problems.append(
                    Problem(place, f"capped groups {g} and {other} overlap", "groups without a common member")
                )
    return problems


def _group_problems(group: HostGroup, seats: Mapping[str, int]) -> list[Problem]:
    place = f"group {group.name}"
    problems = [Problem(place, f"unknown host {h!r}") for h in group.hosts if h not in seats]
    problems += [
        Problem(place, f"target of {h!r}, which is not in the group")
        for h in group.targets
        if h not in group.hosts
    ]
    if group.cap < 0:
        problems.append(Problem(place, f"cap {group.cap}", "0 or more"))
    for host, target in group.targets.items():
        if not 0 <= target <= seats.get(host, target):
            problems.append(Problem(place, f"target {target} of {host}", f"0 to {seats.get(host)}"))
    if sum(group.targets.values()) > group.cap:
        problems.append(Problem(place, "targets together above the cap", f"{group.cap} or fewer"))
    return problems
