"""A second round: places left over are offered in rounds with deadlines, down each host's own list.

Hosts first submit a list of the people who applied to them; after that the list decides, not private talk. In every
round a host offers its open seats to the next people of its list who are still free. Silence until the deadline
is a refusal, an accepted offer binds both and ends the person's search. Modelled on the NRMP's Supplemental Offer
and Acceptance Program (SOAP). No stability is claimed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from comity.errors import ComityError, Problem


class Answer(StrEnum):
    """What became of an offer."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Reply:
    """A student's reply: the host whose offer she accepts (all others lapse), and when it came in."""

    student: str
    accepts: str
    received: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer of one round, with its answer once the round is closed."""

    round: int
    host: str
    student: str
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class SecondRound:
    """The state between two rounds; each step returns a new one.

    Parameters
    ----------
    lists : each host's list of applicants, best first
    seats : open seats of each host
    free : students who may still accept
    closes : deadline of the round that is open, ``None`` between rounds
    offers : all offers made so far, the open round's last
    """

    lists: Mapping[str, Sequence[str]]
    seats: Mapping[str, int]
    free: frozenset[str]
    closes: datetime | None = None
    offers: tuple[Offer, ...] = ()

    @property
    def placed(self) -> dict[str, str]:
        """Students who accepted, with their host."""
        return {o.student: o.host for o in self.offers if o.answer is Answer.ACCEPTED}

    @property
    def open_offers(self) -> tuple[Offer, ...]:
        """Offers that wait for an answer."""
        return tuple(o for o in self.offers if o.answer is None)

    def open(self, closes: datetime) -> SecondRound:
        """Make the next round's offers, to be answered up to and including ``closes``."""
        if self.closes is not None:
            raise ComityError(
                "a round is still open", [Problem("round", f"closes at {self.closes.isoformat()}")]
            )
        problems = [Problem(f"seats of {h}", str(n), "0 or more") for h, n in self.seats.items() if n < 0]
        problems += [
            Problem(f"list of {h}", f"{s} is listed a second time")
            for h, ranked in self.lists.items()
            for s in sorted({s for s in ranked if list(ranked).count(s) > 1})
        ]
        if problems:
            raise ComityError("the round cannot be opened", problems)
        number = max((o.round for o in self.offers), default=0) + 1
        seen = {(o.host, o.student) for o in self.offers}
        new: list[Offer] = []
        for host in sorted(self.lists):
            nexts = [s for s in self.lists[host] if s in self.free and (host, s) not in seen]
            new += [Offer(number, host, s) for s in nexts[: self.seats.get(host, 0)]]
        return replace(self, closes=closes, offers=(*self.offers, *new))

    def close(self, replies: Sequence[Reply]) -> SecondRound:
        """Close the open round: acceptances in time bind, everything else frees the seat for the next on the list."""
        if self.closes is None:
            raise ComityError("no round is open", [Problem("round", "nothing to close", "open one first")])
        standing = {(o.student, o.host) for o in self.open_offers}
        problems: list[Problem] = []
        accepted: dict[str, str] = {}
        for i, reply in enumerate(replies, 1):
            if (reply.student, reply.accepts) not in standing:
                problems.append(
                    Problem(f"reply {i}", f"{reply.student} has no open offer of {reply.accepts}")
                )
            elif reply.received > self.closes:
                continue  # too late counts as silence
            elif accepted.setdefault(reply.student, reply.accepts) != reply.accepts:
                problems.append(
                    Problem(f"reply {i}", f"{reply.student} accepts two offers", "one, which binds")
                )
        if problems:
            raise ComityError("the replies contradict the offers", problems)
        closed = tuple(
            o if o.answer is not None else replace(o, answer=_answer(o, accepted)) for o in self.offers
        )
        seats = {h: n - sum(a == h for a in accepted.values()) for h, n in self.seats.items()}
        return replace(self, closes=None, offers=closed, seats=seats, free=self.free - accepted.keys())

    @property
    def exhausted(self) -> bool:
        """Whether another round would make no offer."""
        return self.closes is None and not self.open(datetime.max).open_offers


def _answer(offer: Offer, accepted: Mapping[str, str]) -> Answer:
    if offer.student not in accepted:
        return Answer.EXPIRED
    return Answer.ACCEPTED if accepted[offer.student] == offer.host else Answer.DECLINED
