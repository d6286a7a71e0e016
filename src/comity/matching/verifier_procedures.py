"""The published procedures worked out a second time: plain Python on names, by other roads than the engine's.

Seat rules: cumulative offers (J. Hatfield, P. Milgrom, American Economic Review 95, 2005). A host chooses each time
from everybody who ever asked for it, where the engine lets it choose from those it holds; with substitutes both end
at the same result. Exchange: all circles of a turn trade together,
where the engine trades one circle at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from comity.matching.guarantees import Guarantee
from comity.matching.seating import HostGroup, Seating, SeatRules
from comity.matching.verifier import Check, Market
from comity.rules.text import Text


def as_published(market: Market, expected: Mapping[str, str | None]) -> Check:
    """Check that a result is the one that the published procedure gives; whoever differs is named."""
    other = tuple((s, expected[s] or "-") for s in market.students if expected[s] != market.placed[s])
    if other:
        text = Text(
            f"{len(other)} students differ from the result of the published procedure.",
            f"有 {len(other)} 名學生與公告程序之結果不同。",
        )
        return Check(Guarantee.AS_PUBLISHED, False, text, other)
    text = Text(
        "Equal to the result of the published procedure, worked out a second time.",
        "與另行依公告程序重算之結果完全相同。",
    )
    return Check(Guarantee.AS_PUBLISHED, True, text)


def by_cumulative_offers(market: Market, rules: SeatRules) -> dict[str, str | None]:
    """Return the result under caps and reserves: everybody asks down her list until somebody keeps her."""
    group_of = {h: g for g in rules.host_groups for h in g.hosts}
    asked: dict[str, set[str]] = {h: set() for h in market.seats}
    held: dict[str, str | None] = dict.fromkeys(market.students)
    todo = {s: [h for h in hosts if s in market.places[h]] for s, hosts in market.students.items()}
    while restless := [s for s, h in held.items() if h is None and todo[s]]:
        touched: dict[str, None] = {}
        for student in restless:
            host = todo[student].pop(0)
            asked[host].add(student)
            touched |= dict.fromkeys(group_of[host].hosts if host in group_of else (host,))
        kept = _kept(market, rules, group_of, asked, list(touched))
        held |= {s: None for s, h in held.items() if h in kept}
        held |= {s: h for h, people in kept.items() for s in people}
    return held


def _kept(
    market: Market,
    rules: SeatRules,
    group_of: Mapping[str, HostGroup],
    asked: Mapping[str, set[str]],
    hosts: list[str],
) -> dict[str, list[str]]:
    lines = {h: sorted(asked[h], key=market.places[h].__getitem__) for h in hosts}
    kept: dict[str, list[str]] = {}
    for host in hosts:
        if host not in group_of:
            kept[host] = host_choice(market, rules, host, lines[host])
        elif host not in kept:
            kept |= group_choice(market, group_of[host], lines)
    return kept


def by_trades(
    market: Market,
    country_of_student: Mapping[str, str],
    country_of_host: Mapping[str, str],
    priority: Mapping[str, Sequence[str]],
) -> dict[str, str | None]:
    """Return the result of the exchange: in every turn each circle of countries sends and receives one."""
    wishes = {s: [h for h in hosts if s in market.places[h]] for s, hosts in market.students.items()}
    seats, placed = dict(market.seats), dict[str, str | None].fromkeys(market.students)
    waiting = {c: list(people) for c, people in priority.items()}

    def wish(student: str) -> str | None:
        return next((h for h in wishes[student] if seats[h] > 0 and waiting.get(country_of_host[h])), None)

    while True:
        # whoever has nothing left to ask for leaves; that may close a country, so look again until nobody leaves
        while gone := [c for c, people in waiting.items() if people and wish(people[0]) is None]:
            waiting[gone[0]].pop(0)
        goal = {c: h for c, people in waiting.items() if people and (h := wish(people[0])) is not None}
        circle = set(goal)
        while circle != (inside := {country_of_host[goal[c]] for c in circle}):
            circle = inside
        if not circle:
            return placed
        for country in circle:
            placed[waiting[country].pop(0)] = goal[country]
            seats[goal[country]] -= 1


def host_choice(market: Market, rules: SeatRules, host: str, line: list[str]) -> list[str]:
    """Return whom a host keeps of a line of people in the order of its ranking, seat by seat."""
    seating = rules.seating.get(host, Seating("open-first"))
    seats, pool, kept = market.seats[host], list(line), list[str]()
    if seating.caps:
        return _kept_by_caps(pool, seats, seating, rules)
    reserved = sum(r.seats for r in seating.reserves)
    plan: list[tuple[str | None, bool]] = [
        (r.group, r.strict) for r in seating.reserves for _ in range(r.seats)
    ]
    free: list[tuple[str | None, bool]] = [(None, False)] * (seats - reserved)
    for group, strict in free + plan if seating.order == "open-first" else plan + free:
        first = next((s for s in pool if group is None or s in rules.members[group]), None)
        if first is None and not strict and pool:
            first = pool[0]
        if first is not None:
            pool.remove(first)
            kept.append(first)
    return kept


def _kept_by_caps(pool: list[str], seats: int, seating: Seating, rules: SeatRules) -> list[str]:
    """One is kept if, among those ahead who are kept themselves, there is a seat and room in the group."""
    kept: list[str] = []
    for s in pool:
        groups = [g for g in seating.caps if s in rules.members[g]]
        room = all(sum(k in rules.members[g] for k in kept) < seating.caps[g] for g in groups)
        if room and len(kept) < seats:
            kept.append(s)
    return kept


def group_choice(market: Market, group: HostGroup, lines: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Replay the published order: a round-robin of seats beyond the targets, one person at a time."""
    admitted: dict[str, list[str]] = {h: lines[h][: group.targets.get(h, 0)] for h in group.hosts}
    room = group.cap - sum(len(a) for a in admitted.values())
    before = -1
    while room > 0 and room != before:
        before = room
        for h in group.hosts:
            n = len(admitted[h])
            if room > 0 and n < min(market.seats[h], len(lines[h])):
                admitted[h] = lines[h][: n + 1]
                room -= 1
    return admitted
