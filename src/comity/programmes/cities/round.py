"""What a round is decided on: places, participants, indicators, offers and asks, challenges, rankings; with a hash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from comity.casework.canonical import sha256_of
from comity.matching.cities.indicators import Framework, Table
from comity.matching.cities.places import PlaceRegister
from comity.rules.text import Text


@dataclass(frozen=True, slots=True)
class Participant:
    """One place that wants a partner.

    Parameters
    ----------
    place : code in the place register
    consent : whether the place's own decision to take part was shown; ``None`` where nothing was said
    months : how long it commits itself [month], ``None`` where not said
    contact_role : office that answers, never a person
    """

    place: str
    consent: bool | None
    months: int | None
    contact_role: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """One offer or ask of a place: its field, in words of its own."""

    field: str
    text: Text


@dataclass(frozen=True)
class Round:
    """Everything that a round reads.

    Parameters
    ----------
    table : raw values of the participants, newest year of each cell
    years : year of each value that is there
    rankings : by place, its partners, best first; empty where the cities do not rank each other
    """

    places: PlaceRegister
    participants: Mapping[str, Participant]
    framework: Framework
    table: Table
    years: Mapping[tuple[str, str], int]
    offers: Mapping[str, tuple[Wish, ...]]
    asks: Mapping[str, tuple[Wish, ...]]
    challenges: Mapping[str, tuple[Text, ...]]
    rankings: Mapping[str, tuple[str, ...]]

    @cached_property
    def sha256(self) -> str:
        """Hash of everything that is read, whatever the order of rows."""
        return sha256_of(
            {
                "places": [p for _, p in sorted(self.places.places.items())],
                "participants": [p for _, p in sorted(self.participants.items())],
                "framework": self.framework,
                "values": self.table.sha256,
                "years": sorted((*cell, year) for cell, year in self.years.items()),
                "offers": dict(sorted(self.offers.items())),
                "asks": dict(sorted(self.asks.items())),
                "challenges": dict(sorted(self.challenges.items())),
                "rankings": dict(sorted(self.rankings.items())),
            }
        )

    def of_country(self, country: str) -> tuple[str, ...]:
        """Return the participants of a country by code."""
        return tuple(sorted(p for p in self.participants if self.places[p].country == country))
