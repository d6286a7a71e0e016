"""One desk per programme: what the office must know beside the programme's own declaration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from comity.casework.application import Application
from comity.casework.decision import Decision
from comity.casework.programme import Programme
from comity.casework.world import World
from comity.errors import MissingError


@dataclass(frozen=True, slots=True)
class Ahead:
    """A case that a later one must respect: what was applied for, and what is held, if anything."""

    number: str
    received_at: datetime
    application: Mapping[str, Any]
    award: Mapping[str, Any] | None
    in_force: bool


@dataclass(frozen=True, slots=True)
class AwardColumns:
    """What the register shows and searches of an award."""

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
    """A dated duty that a clock of the rule pack sets."""

    clock: str
    due: date
    citation: str


class Desk(Protocol):
    """What the office asks of a programme."""

    @property
    def programme(self) -> Programme[Any]:
        """The declaration."""

    def home_cells(self, application: Application) -> tuple[str, ...]:
        """Return the cells that the application lies in."""

    def reach_cells(self, application: Application) -> tuple[str, ...]:
        """Return the cells whose awards may matter to it, its own included; never too few."""

    def world(self, ahead: Sequence[Ahead], today: date) -> World:
        """Return the world in which the application is decided."""

    def columns(self, decision: Decision) -> AwardColumns:
        """Return what the register shows of a granted decision."""

    def deadlines(self, clock: str, application: Application, at: datetime) -> tuple[Due, ...]:
        """Return the duties that ``clock`` starts."""


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
