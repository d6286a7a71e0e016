"""Independent checks of results under caps, reserves and country balance; no code shared with the engine.

A student blocks with a host she prefers if the host (or its group), shown the people it holds and her, would keep
her. In a group of hosts her present seat counts as taken, as in flexible deferred acceptance: leaving one host
for another of the same group is no claim if it would bend the group further from its targets. What a host would
keep is worked out here seat by seat and person by person, not by the engine's choosers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from comity.matching.guarantees import Guarantee
from comity.matching.outcome import Matching
from comity.matching.seating import HostGroup, SeatRules
from comity.matching.verifier import Check, Market, Verdict, infeasible_pairs, market_of
from comity.matching.verifier_procedures import (
    as_published,
    by_cumulative_offers,
    by_trades,
    group_choice,
    host_choice,
)
from comity.rules.text import Text

Held = Mapping[str, set[str]]


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
            as_published(market, by_cumulative_offers(market, rules)),
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
    matching: Matching,
    country_of_student: Mapping[str, str],
    country_of_host: Mapping[str, str],
    priority: Mapping[str, Sequence[str]],
) -> Verdict:
    """Check that placements are allowed, that countries send as many as they receive, and that the trades are right."""
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
    traded = by_trades(market, country_of_student, country_of_host, priority)
    return Verdict(
        (
            as_published(market, traded),
            Check(Guarantee.FEASIBLE, not wrong, breach if wrong else allowed, tuple(wrong)),
            Check(Guarantee.BALANCED, not off, uneven if off else even, off),
        )
    )


def wanted_pairs(market: Market, rules: SeatRules) -> list[tuple[str, str]]:
    """Return each student and host that would both rather have each other under the host's rules."""
    group_of, held = {h: g for g in rules.host_groups for h in g.hosts}, _all_held(market)
    found: list[tuple[str, str]] = []
    for student, choices in market.students.items():
        for host in choices:
            if host == market.placed[student]:
                break
            if student not in market.places[host]:
                continue
            if host in group_of:
                kept = _group_keeps(market, group_of[host], held, student, host)
            else:
                kept = _host_keeps(market, rules, held, host, student)
            if kept:
                found.append((student, host))
    return found


def _all_held(market: Market) -> dict[str, set[str]]:
    """Return the people of each host that it ranked."""
    held: dict[str, set[str]] = {h: set() for h in market.seats}
    for student, host in market.placed.items():
        if host is not None and student in market.places[host]:
            held[host].add(student)
    return held


def _line(market: Market, held: Held, host: str, new: str | None = None) -> list[str]:
    people = held[host]
    return sorted(people | ({new} if new else set()), key=market.places[host].__getitem__)


def _host_keeps(market: Market, rules: SeatRules, held: Held, host: str, new: str) -> bool:
    return new in host_choice(market, rules, host, _line(market, held, host, new))


def _group_keeps(market: Market, group: HostGroup, held: Held, new: str, host: str) -> bool:
    lines = {h: _line(market, held, h, new if h == host else None) for h in group.hosts}
    return new in group_choice(market, group, lines)[host]


def _over_limits(market: Market, rules: SeatRules) -> list[tuple[str, str]]:
    """Return people whom their own host or group, shown just the people it holds, would not keep."""
    group_of, held = {h: g for g in rules.host_groups for h in g.hosts}, _all_held(market)
    return [
        (s, h)
        for s, h in market.placed.items()
        if h is not None
        and s in market.places[h]  # whoever is not is named as not allowed already
        and not (
            _group_keeps(market, group_of[h], held, s, h)
            if h in group_of
            else _host_keeps(market, rules, held, h, s)
        )
    ]
