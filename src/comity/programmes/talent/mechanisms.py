"""How a call's lists are matched, and how the result is checked: one function and one check for each mechanism."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from comity.errors import ComityError, Problem
from comity.matching import couples, exchange, maximum, seating, stable
from comity.matching.guarantees import MECHANISMS, Guarantee
from comity.matching.instance import Instance
from comity.matching.lottery import (
    Lottery,
    break_ties,
    host_optimal_by_lottery,
    student_optimal_by_lottery,
)
from comity.matching.outcome import Matching, Proof
from comity.matching.seating import HostGroup, Reserve, Seating, SeatRules
from comity.matching.verifier import Check, Verdict, market_of, not_visible, verify
from comity.matching.verifier_couples import Blocking, blocking_with_couples
from comity.matching.verifier_rules import verify_balance, verify_rules
from comity.programmes.talent.call import SEVERAL_BEST, Adopted, Call
from comity.rules.text import Text


def mechanism_of(call: Call, instance: Instance) -> Callable[[Instance], Matching]:
    """Return the call's mechanism, or say what it lacks."""
    chosen, drawn = call.settings.mechanism, lottery_of(call)
    if drawn is None and (
        chosen == "student-optimal-lottery" or not (instance.strict or chosen in TAKES_TIES)
    ):
        problem = Problem(
            "lottery",
            f"is not revealed, and {chosen} needs it for these lists",
            "commitment before preferences close; seed and beacon after",
        )
        raise ComityError("this mechanism cannot be used yet", [problem])

    def strict(lists: Instance) -> Instance:
        return lists if drawn is None else break_ties(lists, drawn)

    def students_first(lists: Instance) -> Matching:
        if drawn is None or (lists.strict and chosen == "student-optimal"):
            return stable.student_optimal(lists)
        return student_optimal_by_lottery(lists, drawn)

    def hosts_first(lists: Instance) -> Matching:
        if drawn is None or lists.strict:
            return stable.host_optimal(lists)
        return host_optimal_by_lottery(lists, drawn)

    mechanisms: dict[str, Callable[[Instance], Matching]] = {
        "student-optimal": students_first,
        "student-optimal-lottery": students_first,
        "host-optimal": hosts_first,
        "maximum-size": maximum.maximum_size,
        "caps-and-reserves": lambda lists: seating.match_with_rules(strict(lists), seat_rules(call)),
        "balanced-exchange": lambda lists: exchange.balanced_exchange(lists, *countries(call)),
        "couples": lambda lists: by_couples(call, strict(lists)),
    }
    if call.adopted is not None and chosen in SEVERAL_BEST:
        kept = call.adopted
        return lambda lists: _adopted(kept, lists if chosen in TAKES_TIES else strict(lists), chosen)
    return mechanisms[chosen]


def _adopted(kept: Adopted, lists: Instance, mechanism: str) -> Matching:
    """Return the adopted result as a matching of the lists; whoever it does not know is a problem."""
    position = {lists.host_id(h): h for h in range(lists.n_hosts)}
    students = [lists.student_id(s) for s in range(lists.n_students)]
    problems = [Problem("adopted.json", f"student {s} is missing") for s in students if s not in kept.placed]
    problems += [
        Problem(f"adopted.json, {s}", f"unknown student or position {p!r}")
        for s, p in kept.placed.items()
        if s not in set(students) or (p is not None and p not in position)
    ]
    if problems:
        raise ComityError("the adopted result is not one of these lists", problems)
    placed = [kept.placed[s] for s in students]
    host_of = np.array([-1 if p is None else position[p] for p in placed], dtype=np.int32)
    return Matching(lists, MECHANISMS[mechanism], host_of, Proof(kept.value, kept.bound, kept.complete))


#: Mechanisms that leave the hosts' ties as they are.
TAKES_TIES = ("maximum-size", "balanced-exchange")


def lottery_of(call: Call) -> Lottery | None:
    """Return the revealed lottery of a call, ``None`` before it is revealed or where there is none."""
    notice = call.settings.lottery
    return (
        Lottery(notice.seed, notice.commitment, notice.beacon) if notice is not None and notice.seed else None
    )


def by_couples(call: Call, lists: Instance) -> Matching:
    """Return the matching with the fewest blocking choices of a call with couples, as a matching of its lists."""
    outcome = couples.match_couples(couples_market(call, lists))
    position = {lists.host_id(h): h for h in range(lists.n_hosts)}
    placed = [outcome.placed[lists.student_id(s)] for s in range(lists.n_students)]
    host_of = np.array([-1 if p is None else position[p] for p in placed], dtype=np.int32)
    return Matching(lists, outcome.mechanism, host_of, outcome.proof)


def couples_market(call: Call, lists: Instance) -> couples.CouplesMarket:
    """Return both sides' lists with the couples' pairs; a pair stays where both positions are open to the two."""
    market = market_of_lists(lists)
    members = {s for pair in call.couples for s in (pair.first, pair.second)}
    pairs = tuple(
        couples.Couple(
            pair.first,
            pair.second,
            tuple(
                (a, b)
                for a, b in pair.choices
                if (a is None or a in market[0][pair.first]) and (b is None or b in market[0][pair.second])
            ),
        )
        for pair in call.couples
    )
    seats = {lists.host_id(h): int(lists.seats[h]) for h in range(lists.n_hosts)}
    return couples.CouplesMarket(
        {s: v for s, v in market[0].items() if s not in members}, pairs, market[1], seats
    )


def market_of_lists(lists: Instance) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return both sides' lists by name."""
    students = {
        lists.student_id(s): [lists.host_id(h) for h in lists.choices_of(s)] for s in range(lists.n_students)
    }
    hosts = {
        lists.host_id(h): [lists.student_id(s) for s in lists.ranking_of(h)] for h in range(lists.n_hosts)
    }
    return students, hosts


def seat_rules(call: Call) -> SeatRules:
    """Return the call's caps and reserves as the engine reads them."""
    members: dict[str, set[str]] = {}
    for reference, application in call.students.items():
        for group in application.groups:
            members.setdefault(group, set()).add(reference)
    for rule in call.settings.seating:
        for group in (*(r.group for r in rule.reserves), *rule.caps):
            members.setdefault(group, set())
    return SeatRules(
        {
            r.position: Seating(
                r.order, tuple(Reserve(x.group, x.seats, x.strict) for x in r.reserves), r.caps
            )
            for r in call.settings.seating
        },
        tuple(HostGroup(g.name, g.positions, g.cap, g.targets) for g in call.settings.groups),
        {name: frozenset(people) for name, people in members.items()},
    )


def countries(call: Call) -> tuple[dict[str, str], dict[str, str], dict[str, list[str]]]:
    """Return sending countries, receiving countries, and each country's own order of its students.

    The order is that of the lottery where there is one, else of the students' codes.
    """
    sending = {s: a.country for s, a in call.students.items()}
    receiving = {p: call.hosts[x.host].country for p, x in call.positions.items()}
    drawn = lottery_of(call)
    order = sorted(sending, key=drawn.ticket if drawn else str)
    return (
        sending,
        receiving,
        {c: [s for s in order if sending[s] == c] for c in sorted(set(sending.values()))},
    )


def verdict_of(call: Call, matching: Matching) -> Verdict:
    """Return the independent check of a result: every claim of its mechanism, in a fixed order, and no other."""
    checks = {c.claim: c for c in _checked(call, matching).checks}
    claims = sorted(matching.mechanism.guarantees)
    return Verdict(tuple(checks.get(claim, not_visible(claim)) for claim in claims))


def _checked(call: Call, matching: Matching) -> Verdict:
    if call.settings.mechanism == "caps-and-reserves":
        return verify_rules(matching, seat_rules(call))
    if call.settings.mechanism == "balanced-exchange":
        return verify_balance(matching, *countries(call))
    if call.settings.mechanism == "couples":
        return _verify_couples(call, matching)
    verdict = verify(matching)
    if call.settings.mechanism == "maximum-size":
        return Verdict(
            tuple(_size(c, matching) if c.claim is Guarantee.MAXIMUM_SIZE else c for c in verdict.checks)
        )
    return verdict


def _size(check: Check, matching: Matching) -> Check:
    """Return what can be said of the size: that it is what was proved, and how far the proof went."""
    proof = matching.proof
    if proof is None:
        return check
    text = Text(
        f"Placed {matching.n_placed}; the solver's bound is {proof.bound}.",
        f"錄取 {matching.n_placed} 名；求解器之上限為 {proof.bound}。",
    )
    if matching.n_placed != proof.value:
        return Check(check.claim, False, text)
    return Check(check.claim, True if proof.complete else None, text)


def blocking_of(call: Call, matching: Matching) -> list[Blocking]:
    """Return every choice of a call with couples that blocks a result, by the verifier's own reading of the lists.

    A pair of places counts where both are open to the two; a lone ``None`` counts always.
    """
    market = market_of(matching)
    couples_lists = {
        (pair.first, pair.second): [
            (a, b)
            for a, b in pair.choices
            if (a is None or a in market.students[pair.first])
            and (b is None or b in market.students[pair.second])
        ]
        for pair in call.couples
    }
    together = {s for pair in couples_lists for s in pair}
    singles = {s: hosts for s, hosts in market.students.items() if s not in together}
    return blocking_with_couples(singles, couples_lists, market.places, market.seats, market.placed)


def _verify_couples(call: Call, matching: Matching) -> Verdict:
    """Return the check of a result with couples: allowed, and as many blocking choices as the proof says."""
    blocking = blocking_of(call, matching)
    (allowed,) = verify(matching, [Guarantee.FEASIBLE]).checks
    proof = matching.proof
    holds: bool | None = True if not blocking else None
    if proof is not None:
        holds = False if proof.value != len(blocking) else True if proof.complete else None
    text = Text(f"Blocking choices: {len(blocking)}.", f"阻擋組合：{len(blocking)} 組。")
    named = tuple((" and ".join(p), ", ".join(h or "-" for h in c)) for p, c in blocking)
    return Verdict((allowed, Check(Guarantee.FEWEST_BLOCKING, holds, text, named)))
