"""Cut-offs: what the public gets, and how each student checks her own result with them.

A host's cut-off is the place in its ranking of the last student it admitted. A student who knows her own place
at each host she listed needs nothing else: her result must be the first host of her list that she reached.
Preference lists stay private, since they re-identify people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from comity.matching.outcome import Matching


@dataclass(frozen=True, slots=True)
class Cutoff:
    """What is published of one host.

    Parameters
    ----------
    host : name
    seats, filled : posts, and how many were filled
    last_place : place in the host's ranking of the last student admitted, ``None`` if it admitted nobody
    """

    host: str
    seats: int
    filled: int
    last_place: int | None

    def admits(self, place: int | None) -> bool:
        """Whether a student at ``place`` of the host's ranking (``None``: not ranked) reached this host."""
        if place is None:
            return False
        return self.filled < self.seats or (self.last_place is not None and place <= self.last_place)


def cutoffs(matching: Matching) -> dict[str, Cutoff]:
    """Return the cut-off of every host, by name."""
    instance = matching.instance
    published: dict[str, Cutoff] = {}
    for host, placed in enumerate(matching.students()):
        places = instance.places_of(host)
        last = max((places[s] for s in placed), default=None)
        name = instance.host_id(host)
        published[name] = Cutoff(name, int(instance.seats[host]), len(placed), last)
    return published


def own_result(
    choices: Sequence[str], places: Mapping[str, int | None], published: Mapping[str, Cutoff]
) -> str | None:
    """Return the host that the published cut-offs give to a student: the first of her list that she reached.

    Parameters
    ----------
    choices : her list, best first
    places : her place in the ranking of each host, as her letter states it
    published : the public cut-offs
    """
    return next((h for h in choices if h in published and published[h].admits(places.get(h))), None)
