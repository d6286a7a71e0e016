"""Independent checks of results under caps, reserves and country balance; no code shared with the engine.

A student blocks with a host she prefers if the host (or its group), shown the people it holds and her, would keep
her. In a group of hosts her present seat counts as taken, as in flexible deferred acceptance: leaving one host
for another of the same group is no claim if it would bend the group further from its targets. What a host would
keep is worked out here seat by seat and person by person, not by the engine's choosers.
"""

from __future__ import annotations

from collections.abc import Mapping

from comity.matching.guarantees import Guarantee
from comity.matching.outcome import Matching
from comity.matching.seating import HostGroup, Seating, SeatRules
from comity.matching.verifier import Check, Market, Verdict, infeasible_pairs, market_of
from comity.rules.text import Text


def verify_rules(matching: Matching, rules: SeatRules) -> Verdict:
    """Check a matching under caps and reserves: feasible, and no student wanted by a host she prefers."""
    market = market_of(matching)
    over = [*infeasible_pairs(market), *_over_limits(market, rules)]
    wanted = wanted_pairs(market, rules)
    ok, bad = Text("All seats, caps and reserves are kept.", "名額、上限及保留名額均符合規定。"), len(over)
    fair = Text(
        "No host that a student prefers would keep her under its rules.",
        "依各單位規則，無任一學生更屬意之單位會錄取該生。",
    )
    return Verdict(
        (
            Check(
                Guarantee.FEASIBLE,
                not over,
                Text(f"{bad} placements break a rule.", f"有 {bad} 筆分發違反規則。") if over else ok,
                tuple(over),
            ),
            Check(
                Guarantee.STABLE_UNDER_CHOICE,
                not wanted,
                Text(f"{len(wanted)} blocking pairs.", f"共有 {len(wanted)} 組阻擋配對。")
                if wanted
                else fair,
                tuple(wanted),
            ),
        )
    )


def verify_balance(
    matching: Matching, country_of_student: Mapping[str, str], country_of_host: Mapping[str, str]
) -> Verdict:
    """Check that placements are allowed and that every country sends as many as it receives."""
    market = market_of(matching)
    wrong = infeasible_pairs(market)
    net: dict[str, int] = {}
    for student, host in market.placed.items():
        if host is not None:
            net[country_of_student[student]] = net.get(country_of_student[student], 0) + 1
            net[country_of_host[host]] = net.get(country_of_host[host], 0) - 1
    off = tuple((c, f"{n:+d}") for c, n in sorted(net.items()) if n)
    even = Text("Every country sends as many as it receives.", "各國派出與接待人數相等。")
    uneven = Text(f"{len(off)} countries are out of balance.", f"有 {len(off)} 國收支不平衡。")
    allowed = Text(
        "All placements are on both lists and within the seats.", "所有分發均為雙方所列且未超過名額。"
    )
    breach = Text(f"{len(wrong)} placements are not allowed.", f"有 {len(wrong)} 筆分發不符規定。")
    return Verdict(
        (
            Check(Guarantee.FEASIBLE, not wrong, breach if wrong else allowed, tuple(wrong)),
            Check(Guarantee.BALANCED, not off, uneven if off else even, off),
        )
    )


def wanted_pairs(market: Market, rules: SeatRules) -> list[tuple[str, str]]:
    """Return each student and host that would both rather have each other under the host's rules."""
    group_of = {h: g for g in rules.host_groups for h in g.hosts}
    found: list[tuple[str, str]] = []
    for student, choices in market.students.items():
        for host in choices:
            if host == market.placed[student]:
                break
            if student not in market.places[host]:
                continue
            if host in group_of:
                kept = _group_keeps(market, group_of[host], student, host)
            else:
                kept = _host_keeps(market, rules, host, student)
            if kept:
                found.append((student, host))
    return found


def _holding(market: Market, host: str, new: str | None = None) -> list[str]:
    people = {s for s, h in market.placed.items() if h == host}
    return sorted(people | ({new} if new else set()), key=market.places[host].__getitem__)


def _host_keeps(market: Market, rules: SeatRules, host: str, new: str) -> bool:
    seating = rules.seating.get(host, Seating("open-first"))
    pool = _holding(market, host, new)
    seats = market.seats[host]
    if seating.caps:
        return _kept_by_caps(pool, new, seats, seating, rules)
    reserved = sum(r.seats for r in seating.reserves)
    plan: list[tuple[str | None, bool]] = [
        (r.group, r.strict) for r in seating.reserves for _ in range(r.seats)
    ]
    free: list[tuple[str | None, bool]] = [(None, False)] * (seats - reserved)
    for group, strict in free + plan if seating.order == "open-first" else plan + free:
        first = next((s for s in pool if group is None or s in rules.members[group]), None)
        if first is None and not strict and pool:
            first = pool[0]
        if first == new:
            return True
        if first is not None:
            pool.remove(first)
    return False


def _kept_by_caps(pool: list[str], new: str, seats: int, seating: Seating, rules: SeatRules) -> bool:
    """She is kept if, among those ahead of her who are kept themselves, there is a seat and room in her group."""
    kept: list[str] = []
    for s in pool:
        groups = [g for g in seating.caps if s in rules.members[g]]
        room = all(sum(k in rules.members[g] for k in kept) < seating.caps[g] for g in groups)
        if s == new:
            return room and len(kept) < seats
        if room and len(kept) < seats:
            kept.append(s)
    return False


def _group_keeps(market: Market, group: HostGroup, new: str, host: str) -> bool:
    """Replay the published order: a round-robin of seats beyond the targets, one person at a time."""
    lines = {h: _holding(market, h, new if h == host else None) for h in group.hosts}
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
    return new in admitted[host]


def _over_limits(market: Market, rules: SeatRules) -> list[tuple[str, str]]:
    """Return people whom their own host or group, shown just the people it holds, would not keep."""
    group_of = {h: g for g in rules.host_groups for h in g.hosts}
    return [
        (s, h)
        for s, h in market.placed.items()
        if h is not None
        and not (
            _group_keeps(market, group_of[h], s, h) if h in group_of else _host_keeps(market, rules, h, s)
        )
    ]
