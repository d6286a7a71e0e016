"""One desk per programme: what the office must know beside the programme's own declaration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from pydantic import JsonValue

from comity.casework.application import Application
from comity.casework.decision import Decision
from comity.casework.programme import Programme
from comity.casework.world import World
from comity.errors import MissingError
from comity.rules.text import Text


@dataclass(frozen=True, slots=True)
class Ahead:
    """A case that a later one must respect: what was applied for, and what is held, if anything.

    ``submission`` and ``decision`` name the rows that a replay reads both from; ``settled`` is what officers had found
    out of the case by then.
    """

    number: str
    received_at: datetime
    application: Mapping[str, Any]
    award: Mapping[str, Any] | None
    in_force: bool
    submission: int = 1
    decision: str | None = None
    settled: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AwardColumns:
    """What the register shows and searches of an award; of a private individual neither name nor place."""

    holder: str
    place: str
    starts: date
    ends: date | None = None
    latitude: float | None = None
    longitude: float | None = None
    band_low_mhz: float | None = None
    band_high_mhz: float | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A dated duty that a clock of the rule pack sets, or (``role`` is ``opens``) the first day of a window.

    ``who`` is ``applicant`` or ``authority``.
    """

    clock: str
    due: date
    citation: str
    role: str = "due"
    who: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a variation changes, and what that needs by the change matrix of the regime.

    Parameters
    ----------
    items : items of the matrix that change
    needs : what they need (``approval``, ``network_inspection``); ``None`` where the regime has no matrix
    beside : changed fields that the matrix does not speak of; an officer settles what they need
    """

    items: tuple[str, ...]
    needs: tuple[str, ...] | None
    beside: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the changes for JSON."""
        needs = None if self.needs is None else list(self.needs)
        return {"items": list(self.items), "needs": needs, "beside": list(self.beside)}


class Desk(Protocol):
    """What the office asks of a programme."""

    @property
    def programme(self) -> Programme[Any]:
        """The declaration."""

    def home_cells(self, application: Application) -> tuple[str, ...]:
        """Return the cells that the application lies in."""

    def reach_cells(self, application: Application) -> tuple[str, ...]:
        """Return the cells whose awards may matter to it, its own included; never too few."""

    def world(self, ahead: Sequence[Ahead], today: date, *, afresh: bool = False) -> World:
        """Return the world in which the application is decided.

        ``afresh``: nothing is used that earlier decisions left behind to be quicker; a replay asks for that.
        """

    def known(self, received_at: datetime) -> Mapping[str, JsonValue]:
        """Return what the office's own books say of a case, as settings of its decision."""

    def begins(self, regime: str, on: date) -> date | None:
        """Return the first day of the rules of a regime, as they are read on a day; ``None`` where nobody knows."""

    def check_settled(self, settings: Mapping[str, JsonValue], days: tuple[date, date]) -> None:
        """Raise a ``ComityError`` that names every setting of a case that the programme cannot read.

        ``days`` are the first and the last on which the case may have been received.
        """

    def check_same_matter(self, first: Mapping[str, Any], asked: Application) -> None:
        """Raise a ``ComityError`` where ``asked`` is no correction of what was first applied for but another matter."""

    def still_settled(
        self, settled: Mapping[str, JsonValue], held: Mapping[str, Any], asked: Application
    ) -> dict[str, JsonValue]:
        """Return what of ``settled``, which officers found out of ``held``, holds of its correction ``asked``."""

    def remarks(self) -> tuple[Text, ...]:
        """Return what an officer must know of this office before deciding anything here."""

    def columns(self, decision: Decision) -> AwardColumns:
        """Return what the register shows of a granted decision."""

    def private(self, application: Application) -> bool:
        """Whether the applicant is a private individual, of whom the public register says no name and no place."""

    def deadlines(
        self, clock: str, application: Application, at: datetime, award_ends: date | None
    ) -> tuple[Due, ...]:
        """Return the duties and windows that ``clock`` starts; those of renewal count back from ``award_ends``."""

    def changes(
        self, held: Mapping[str, Any], award: Mapping[str, Any], asked: Application, on: date
    ) -> Changes:
        """Return what ``asked`` changes in the application ``held`` under which ``award`` was given."""


DESKS: dict[str, Desk] = {}


def desk_for(programme: str) -> Desk:
    """Return the desk of a programme.

    Raises
    ------
    MissingError
        If the office has none.
    """
    try:
        return DESKS[programme]
    except KeyError:
        known = ", ".join(sorted(DESKS)) or "none"
        raise MissingError(f"the office has no desk for {programme!r}; it has: {known}") from None
