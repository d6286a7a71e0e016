"""Looking for a stable matching with couples by proposals, in the manner of the NRMP.

Singles and couples apply down their lists in turn. A couple that loses one place gives up the other; every place that
falls free is offered again to all who would rather have it. Where this comes to rest the matching is stable. It may go
round in circles; then nobody may go back up a list any more, which must end, and the matching so reached is counted.
Other orders are tried and the best result is kept. See A. Roth, E. Peranson, American Economic Review 89 (1999).
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Mapping, Sequence

Agent = tuple[tuple[str, ...], list[tuple[str | None, ...]]]

Placed = dict[str, str | None]

_ORDERS = 24
_STEPS_PER_AGENT = 30


def best_by_proposals(
    agents: Sequence[Agent],
    place: Mapping[str, Mapping[str, int]],
    seats: Mapping[str, int],
    blocking: Callable[[Placed], int],
) -> tuple[Placed, int]:
    """Return the best matching found and the number of choices that block it; 0 is a stable matching.

    Parameters
    ----------
    agents : people (one or two) with their choices as tuples of hosts
    place : each host's ranking as ``{person: place}``
    seats : posts of each host
    blocking : counts the blocking choices of a matching
    """
    best: tuple[Placed, int] | None = None
    for attempt in range(_ORDERS):
        path = _Path(agents, place, seats)
        path.walk(_order(agents, attempt))
        count = blocking(path.placed)
        if best is None or count < best[1]:
            best = path.placed, count
        if count == 0:
            break
    assert best is not None
    return best


def _order(agents: Sequence[Agent], attempt: int) -> list[int]:
    """Return singles first, then couples; each attempt shuffles the couples, every other one the singles as well."""
    singles = [i for i, (people, _) in enumerate(agents) if len(people) == 1]
    couples = [i for i, (people, _) in enumerate(agents) if len(people) > 1]

    def shuffled(i: int) -> bytes:
        return hashlib.sha256(f"{attempt} {i}".encode()).digest()

    if attempt > 0:
        couples.sort(key=shuffled)
    if attempt % 2 == 1:
        singles.sort(key=shuffled)
    return [*singles, *couples]


class _Path:
    """One sequence of proposals."""

    def __init__(
        self, agents: Sequence[Agent], place: Mapping[str, Mapping[str, int]], seats: Mapping[str, int]
    ) -> None:
        self.agents, self.place, self.seats = agents, place, seats
        self.agent_of = {person: i for i, (people, _) in enumerate(agents) for person in people}
        self.held: dict[str, set[str]] = {h: set() for h in place}
        self.placed: dict[str, str | None] = dict.fromkeys(self.agent_of)
        self.has = [len(choices) for _, choices in agents]
        self.first = [0] * len(agents)
        self.only_down = False
        self.interested: dict[str, list[int]] = {h: [] for h in place}
        for i, (_, choices) in enumerate(agents):
            for h in {h for choice in choices for h in choice if h is not None}:
                self.interested[h].append(i)

    def walk(self, order: Sequence[int]) -> None:
        """Let agents apply until nobody wants to move; after too many steps, nobody may go back up a list."""
        waiting, steps = deque(order), 0
        queued = set(order)
        while waiting:
            steps += 1
            if steps == _STEPS_PER_AGENT * len(self.agents):
                self.only_down = True
            i = waiting.popleft()
            queued.discard(i)
            for other in self._apply(i):
                if other not in queued:
                    waiting.append(other)
                    queued.add(other)

    def _apply(self, i: int) -> list[int]:
        """Give agent ``i`` the first choice that it prefers and whose hosts take it; return who must apply anew."""
        people, choices = self.agents[i]
        for k in range(self.first[i], self.has[i]):
            lost = self._lost_by(people, choices[k])
            if lost is not None:
                freed = self._leave(i)
                for person in lost:
                    freed |= self._leave(self.agent_of[person])
                for person, host in zip(people, choices[k], strict=True):
                    if host is not None:
                        self.held[host].add(person)
                        self.placed[person] = host
                self.has[i] = k
                losers = {self.agent_of[person] for person in lost}
                if self.only_down:
                    self.first[i] = k
                    return sorted(losers)
                # somebody left: whoever is interested may find a free seat there, or a worse rival than before
                callers = {j for h in freed for j in self.interested[h]}
                # its own new seat may open a better pair: one partner can follow into the seat the other leaves
                again = {i} if k > 0 and len(people) > 1 else set()
                return sorted(losers | callers | again)
        return []

    def _lost_by(self, people: tuple[str, ...], choice: tuple[str | None, ...]) -> set[str] | None:
        """Return whom the hosts would send away to take this choice, ``None`` if they would not take it."""
        lost: set[str] = set()
        for host in dict.fromkeys(h for h in choice if h is not None):
            coming = {p for p, h in zip(people, choice, strict=True) if h == host}
            rank = self.place[host]
            if not coming <= rank.keys():
                return None
            pool = sorted((self.held[host] - set(people)) | coming, key=rank.__getitem__)
            if not coming <= set(pool[: self.seats[host]]):
                return None
            lost |= set(pool[self.seats[host] :])
        return lost

    def _leave(self, i: int) -> set[str]:
        """Take agent ``i`` out of its places and return them."""
        people, choices = self.agents[i]
        freed: set[str] = set()
        for person in people:
            host = self.placed[person]
            if host is not None:
                self.held[host].discard(person)
                self.placed[person] = None
                freed.add(host)
        if self.only_down:
            self.first[i] = max(self.first[i], self.has[i] + 1)
        self.has[i] = len(choices)
        return freed
