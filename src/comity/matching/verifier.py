"""An independent check of a result: plain Python on names, sharing no code with the engine.

It checks what the mechanism claims and nothing else. Each property that can be seen in one result is decided
(every blocking pair is named); a property of the mechanism as such (strategy-proofness) is reported as not
visible in a result. Optimality is decided by another road than proposals: the least cut-offs at which no host
is asked for more places than it has (E. Azevedo, J. Leshno, Journal of Political Economy 124, 2016).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from comity.matching.guarantees import Guarantee
from comity.matching.outcome import Matching
from comity.rules.text import Text

Lists = Mapping[str, Sequence[str]]
Places = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Check:
    """One claim, checked: ``holds`` is ``None`` where a single result cannot show it."""

    claim: Guarantee
    holds: bool | None
    text: Text
    witnesses: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """All checks of one result."""

    checks: tuple[Check, ...]

    @property
    def sound(self) -> bool:
        """Whether no claim was found false."""
        return all(check.holds is not False for check in self.checks)


@dataclass(frozen=True, slots=True)
class Market:
    """Lists by name, as the verifier reads them.

    Parameters
    ----------
    students : each student's hosts, best first
    places : each host's ranking as ``{student: place}``; tied students share a place
    seats : posts of each host
    placed : each student's host, ``None`` for none
    """

    students: Lists
    places: Places
    seats: Mapping[str, int]
    placed: Mapping[str, str | None]


def verify(matching: Matching, claims: Iterable[Guarantee] | None = None) -> Verdict:
    """Check a matching against what its mechanism claims (or against ``claims``)."""
    return check_market(market_of(matching), matching.mechanism.guarantees if claims is None else claims)


def market_of(matching: Matching) -> Market:
    """Write a matching out by name."""
    instance = matching.instance
    student, host = instance.student_id, instance.host_id
    return Market(
        {student(s): [host(h) for h in instance.choices_of(s)] for s in range(instance.n_students)},
        {
            host(h): {student(s): place for s, place in instance.places_of(h).items()}
            for h in range(instance.n_hosts)
        },
        {host(h): int(instance.seats[h]) for h in range(instance.n_hosts)},
        matching.as_names(),
    )


def check_market(market: Market, claims: Iterable[Guarantee]) -> Verdict:
    """Check the named lists and result against ``claims``."""
    return Verdict(tuple(_CHECKS[c](market, c) if c in _CHECKS else not_visible(c) for c in sorted(claims)))


def infeasible_pairs(market: Market) -> list[tuple[str, str]]:
    """Return placements that nobody could ask for: not on both lists, or beyond a host's seats."""
    wrong: list[tuple[str, str]] = []
    taken: dict[str, list[str]] = {}
    for student, host in market.placed.items():
        if host is None:
            continue
        taken.setdefault(host, []).append(student)
        if host not in market.students.get(student, ()) or student not in market.places.get(host, {}):
            wrong.append((student, host))
    for host, students in taken.items():
        wrong += [(s, host) for s in students[market.seats.get(host, 0) :]]
    return wrong


def blocking_pairs(market: Market) -> list[tuple[str, str]]:
    """Return every pair that would both rather have each other; a tie is no ground for a claim."""
    filled = dict.fromkeys(market.seats, 0)
    worst = dict.fromkeys(market.seats, 0)
    for student, host in market.placed.items():
        if host is not None and student in market.places[host]:
            filled[host] += 1
            worst[host] = max(worst[host], market.places[host][student])
    blocking: list[tuple[str, str]] = []
    for student, choices in market.students.items():
        for host in choices:
            if host == market.placed[student]:
                break
            place = market.places[host].get(student)
            seats = market.seats[host]
            if place is not None and seats > 0 and (filled[host] < seats or place < worst[host]):
                blocking.append((student, host))
    return blocking


def least_cutoffs(market: Market) -> dict[str, int]:
    """Return the loosest cut-offs at which no host is asked for more seats than it has.

    A host starts open to everyone it ranks. Each student asks for the first host of her list that is open to her;
    a host asked too often tightens to its seats. The fixed point is the student-optimal matching.
    """
    cut = {h: (max(p.values(), default=0) if market.seats[h] > 0 else 0) for h, p in market.places.items()}
    asking: dict[str, list[str]] = {h: [] for h in cut}
    restless = list(market.students)
    while restless:
        touched: set[str] = set()
        for student in restless:
            target = _first_open(market, student, cut)
            if target is not None:
                asking[target].append(student)
                touched.add(target)
        restless = []
        for host in touched:
            if len(asking[host]) > market.seats[host]:
                asking[host].sort(key=market.places[host].__getitem__)
                kept = asking[host][: market.seats[host]]
                restless += asking[host][market.seats[host] :]
                asking[host] = kept
                cut[host] = market.places[host][kept[-1]]
    return cut


def _first_open(market: Market, student: str, cut: Mapping[str, int]) -> str | None:
    for host in market.students[student]:
        place = market.places[host].get(student)
        if place is not None and place <= cut[host]:
            return host
    return None


def _swapped(market: Market) -> Market:
    """Exchange the two sides of a market with one seat a host, seats written out one by one."""
    seat_names = {h: [f"{h}\n{k}" for k in range(n)] for h, n in market.seats.items()}
    rankings = {h: sorted(p, key=p.__getitem__) for h, p in market.places.items()}
    seats_list = {
        seat: [s for s in rankings[h] if h in market.students[s]]
        for h, names in seat_names.items()
        for seat in names
    }
    places = {
        s: {seat: i for i, seat in enumerate((x for h in hs for x in seat_names[h]), 1)}
        for s, hs in market.students.items()
    }
    return Market(seats_list, places, dict.fromkeys(market.students, 1), {})


def host_best(market: Market) -> dict[str, str | None]:
    """Return the host-optimal stable matching: seats ask, students tighten."""
    swapped = _swapped(market)
    cut = least_cutoffs(swapped)
    best: dict[str, str | None] = dict.fromkeys(market.students)
    for seat in swapped.students:
        student = _first_open(swapped, seat, cut)
        if student is not None:
            best[student] = seat.rsplit("\n", 1)[0]
    return best


def student_best(market: Market) -> dict[str, str | None]:
    """Return the student-optimal stable matching, from the least cut-offs."""
    cut = least_cutoffs(market)
    return {s: _first_open(market, s, cut) for s in market.students}


def _feasible(market: Market, claim: Guarantee) -> Check:
    wrong = infeasible_pairs(market)
    if wrong:
        text = Text(f"{len(wrong)} placements are not allowed.", f"有 {len(wrong)} 筆分發不符規定。")
        return Check(claim, False, text, tuple(wrong))
    placed = sum(h is not None for h in market.placed.values())
    total = len(market.students)
    return Check(
        claim,
        True,
        Text(
            f"All {placed} placements of {total} students are on both lists and within the seats.",
            f"{total} 名學生中已分發之 {placed} 名，均為雙方所列且未超過名額。",
        ),
    )


def _stable(market: Market, claim: Guarantee) -> Check:
    found = blocking_pairs(market)
    if found:
        text = Text(f"{len(found)} blocking pairs.", f"共有 {len(found)} 組阻擋配對。")
        return Check(claim, False, text, tuple(found))
    return Check(
        claim,
        True,
        Text(
            "No student and host would both rather have each other.",
            "沒有任何一名學生與任何單位彼此更屬意對方。",
        ),
    )


def _same_as(market: Market, claim: Guarantee, best: Mapping[str, str | None], side: Text) -> Check:
    other = tuple((s, best[s] or "-") for s in market.students if best[s] != market.placed[s])
    if other:
        text = Text(
            f"{len(other)} students differ from the stable matching that is best for {side.en}.",
            f"有 {len(other)} 名學生與對{side.zh}最有利之穩定媒合不同。",
        )
        return Check(claim, False, text, other)
    return Check(
        claim,
        True,
        Text(
            f"Equal to the stable matching that is best for {side.en}, found a second time from cut-offs.",
            f"與另以錄取門檻法求得、對{side.zh}最有利之穩定媒合完全相同。",
        ),
    )


def _student_optimal(market: Market, claim: Guarantee) -> Check:
    return _same_as(market, claim, student_best(market), Text("students", "學生"))


def _host_optimal(market: Market, claim: Guarantee) -> Check:
    return _same_as(market, claim, host_best(market), Text("hosts", "接待單位"))


def _rural(market: Market, claim: Guarantee) -> Check:
    for best in (student_best(market), host_best(market)):
        unlike = tuple(
            (s, best[s] or "-") for s in market.students if (best[s] is None) != (market.placed[s] is None)
        )
        if unlike:
            text = Text(
                "Other students are placed in another stable matching.", "另一穩定媒合所分發之學生不同。"
            )
            return Check(claim, False, text, unlike)
    return Check(
        claim,
        True,
        Text(
            "The student-best and the host-best stable matching place the same students.",
            "對學生最有利與對單位最有利之穩定媒合，所分發之學生相同。",
        ),
    )


def not_visible(claim: Guarantee) -> Check:
    """Return what can be said of a property of the mechanism as such."""
    text = Text(
        "A property of the mechanism; one result alone cannot show it.",
        "此為機制本身之性質，無法由單一結果看出。",
    )
    return Check(claim, None, text)


_CHECKS = {
    Guarantee.FEASIBLE: _feasible,
    Guarantee.STABLE: _stable,
    Guarantee.WEAKLY_STABLE: _stable,
    Guarantee.STUDENT_OPTIMAL: _student_optimal,
    Guarantee.HOST_OPTIMAL: _host_optimal,
    Guarantee.STUDENT_OPTIMAL_DRAWN: _student_optimal,
    Guarantee.HOST_OPTIMAL_DRAWN: _host_optimal,
    Guarantee.RURAL_HOSPITALS: _rural,
}
