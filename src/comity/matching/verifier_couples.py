"""What blocks in a result with couples, found a second time: by cut-offs of each host, person by person.

The engine lets a host choose its best from a pool; here a host is read as a ladder. Without the couple it holds
some people; whoever would come is taken if fewer people than it has seats stand above the last of those who come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Pairs = Sequence[tuple[str | None, str | None]]
Blocking = tuple[tuple[str, ...], tuple[str | None, ...]]


def blocking_with_couples(
    singles: Mapping[str, Sequence[str]],
    couples: Mapping[tuple[str, str], Pairs],
    places: Mapping[str, Mapping[str, int]],
    seats: Mapping[str, int],
    placed: Mapping[str, str | None],
) -> list[Blocking]:
    """Return the people and the choice of every case in which they and all its hosts would rather have it.

    Parameters
    ----------
    singles : each single student's hosts, best first
    couples : each couple's pairs of hosts, best first; ``None``: this one stays without a place
    places : each host's ranking as ``{student: place}``, without ties
    seats : posts of each host
    placed : each student's host, ``None`` for none
    """
    at: dict[str, list[str]] = {}
    for person, host in placed.items():
        if host is not None:
            at.setdefault(host, []).append(person)

    def takes(host: str, coming: list[str], leaving: tuple[str, ...]) -> bool:
        ladder = places[host]
        if any(person not in ladder for person in coming):
            return False
        last = max(ladder[person] for person in coming)
        stay = [p for p in at.get(host, ()) if p not in leaving]
        return sum(ladder[p] < last for p in stay) + len(coming) <= seats[host]

    found: list[Blocking] = []
    for student, hosts in singles.items():
        for host in hosts:
            if host == placed[student]:
                break
            if takes(host, [student], (student,)):
                found.append(((student,), (host,)))
    for pair, choices in couples.items():
        now = (placed[pair[0]], placed[pair[1]])
        for choice in choices[: choices.index(now)] if now in choices else choices:
            asked: dict[str, list[str]] = {}
            for person, wanted in zip(pair, choice, strict=True):
                if wanted is not None:
                    asked.setdefault(wanted, []).append(person)
            if all(takes(host, people, pair) for host, people in asked.items()):
                found.append((pair, choice))
    return found
