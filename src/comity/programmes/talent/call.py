"""A call: its settings, its places, its students and both sides' lists, as one value with a hash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, model_validator

from comity.casework.application import Record
from comity.casework.canonical import sha256_of
from comity.programmes.talent.application import Cefr, Code, Country, Identifier, StudentApplication
from comity.rules.text import Text

Ranking = tuple[tuple[str, ...], ...]
MechanismId = Literal[
    "student-optimal",
    "student-optimal-lottery",
    "host-optimal",
    "maximum-size",
    "caps-and-reserves",
    "balanced-exchange",
    "couples",
]


class Words(Record):
    """A label in both languages."""

    en: str
    zh: str

    @property
    def text(self) -> Text:
        """The label as library text."""
        return Text(self.en, self.zh)


class Host(Record):
    """A company or body that takes students."""

    id: Identifier
    name: Words
    country: Country
    vetted: bool = False


class Position(Record):
    """Places of one kind at one host.

    ``languages`` are the CEFR levels asked; ``pay_per_month`` stays empty where the host has not stated it.
    """

    id: Identifier
    host: Identifier
    title: Words
    field: Code
    skills: tuple[Code, ...] = ()
    seats: int = Field(ge=0, le=1000)
    mode: Literal["on_site", "hybrid", "remote"] = "on_site"
    starts: date
    ends: date
    languages: dict[str, Cefr] = Field(default_factory=dict)
    eqf_min: int = Field(default=6, ge=5, le=8)
    pay_per_month: float | None = Field(default=None, ge=0)
    currency: Annotated[str, Field(pattern=r"^([A-Z]{3})?$")] = ""
    visa_support: bool = False
    about: Words = Words(en="", zh="")


class Dates(Record):
    """The days of a call; those left out follow from the rule pack's periods."""

    opens: date
    closes: date
    rankings_due: date
    results: date
    answers_due: date | None = None
    second_round: date | None = None
    appeals_until: date | None = None


class LotteryNotice(Record):
    """The lottery: commitment, source and day of the beacon are published with the call, seed and beacon later.

    ``beacon_source`` says where anybody will read the public value of ``beacon_on``, a day after all lists are due:
    without it, whoever enters the beacon could try values until the draw suits.
    """

    commitment: Annotated[
        str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256, see `comity match commit`")
    ]
    beacon_source: Words | None = None
    beacon_on: date | None = None
    seed: str = ""
    beacon: str = ""


class ReserveRule(Record):
    """Seats kept for a group at one position."""

    group: Code
    seats: int = Field(ge=0)
    strict: bool = False


class SeatingRule(Record):
    """How one position fills its seats."""

    position: Identifier
    order: Literal["open-first", "reserved-first"]
    reserves: tuple[ReserveRule, ...] = ()
    caps: dict[str, int] = Field(default_factory=dict)


class GroupRule(Record):
    """A cap over several positions, which take seats beyond their targets in the order in which they are named."""

    name: str
    positions: tuple[Identifier, ...]
    cap: int = Field(ge=0)
    targets: dict[str, int] = Field(default_factory=dict)


class CallSettings(Record):
    """What ``call.toml`` says.

    ``unresolved`` says what a run does with applications that wait for a paper: stop, or leave them out.
    ``confirmers`` are the two roles that must confirm a run before it may be published.
    ``readings`` switch parameters of the rule pack, as ``{"choices.most" = 5}``.
    """

    id: Identifier
    title: Words
    example: bool = False
    regime: str = "tw-talent"
    sending_countries: tuple[Country, ...] = Field(min_length=1)
    receiving_countries: tuple[Country, ...] = Field(min_length=1)
    dates: Dates
    mechanism: MechanismId = "student-optimal-lottery"
    lottery: LotteryNotice | None = None
    unresolved: Literal["stop", "leave_out"] = "stop"
    confirmers: tuple[str, str] = ("programme_officer", "observer")
    readings: dict[str, int | float | str | bool] = Field(default_factory=dict)
    seating: tuple[SeatingRule, ...] = ()
    groups: tuple[GroupRule, ...] = ()

    @model_validator(mode="after")
    def _drawn_after_lists_are_due(self) -> CallSettings:
        day = self.lottery.beacon_on if self.lottery is not None else None
        last = max(self.dates.closes, self.dates.rankings_due)
        if day is not None and day <= last:
            raise ValueError(f"lottery.beacon_on: {day}; lists change until {last}, so a day after that")
        return self

    def before_the_draw(self) -> CallSettings:
        """Return the settings as they were announced: without seed and beacon."""
        if self.lottery is None:
            return self
        return self.model_copy(update={"lottery": self.lottery.model_copy(update={"seed": "", "beacon": ""})})


@dataclass(frozen=True, slots=True)
class Pair:
    """Two students with one list of pairs of positions, best first; ``None``: this one stays without a place."""

    first: str
    second: str
    choices: tuple[tuple[str | None, str | None], ...]


class Adopted(Record):
    """A result that was adopted where several are equally good: a run then checks it instead of searching again.

    ``value`` students placed, or choices that block; ``bound``: the solver's proof that none is better.
    """

    placed: dict[str, str | None]
    value: int
    bound: int
    complete: bool


#: Mechanisms whose best result is not unique: another machine may find another one of the same worth.
SEVERAL_BEST = ("maximum-size", "couples")


@dataclass(frozen=True, eq=False)
class Call:
    """A whole call.

    Parameters
    ----------
    settings : the call's own text
    hosts, positions, students : by id
    rankings : each position's students, best first; students of one tuple are ranked equal
    couples : students who list pairs of positions, for the mechanism ``couples``
    adopted : the result that stands, for mechanisms whose best result is not unique
    """

    settings: CallSettings
    hosts: Mapping[str, Host]
    positions: Mapping[str, Position]
    students: Mapping[str, StudentApplication]
    rankings: Mapping[str, Ranking]
    couples: tuple[Pair, ...] = ()
    adopted: Adopted | None = None

    @cached_property
    def sha256(self) -> str:
        """Hash of everything that a run reads; statements and contact data are left out, order does not matter."""
        return sha256_of(
            {
                "settings": self.settings,
                "hosts": sorted((h.model_dump(mode="json") for h in self.hosts.values()), key=_id),
                "positions": sorted((p.model_dump(mode="json") for p in self.positions.values()), key=_id),
                "students": {s: _read(a) for s, a in sorted(self.students.items())},
                "rankings": {p: [sorted(g) for g in r] for p, r in self.rankings.items()},
                "couples": sorted((c.first, c.second, c.choices) for c in self.couples),
                "adopted": self.adopted,
            }
        )

    def before_the_draw(self) -> Call:
        """Return the call as it stood when the lists closed: without seed, beacon and adopted result."""
        return replace(self, settings=self.settings.before_the_draw(), adopted=None)

    def couple_of(self, student: str) -> Pair | None:
        """Return the couple that a student is one of."""
        return next((c for c in self.couples if student in (c.first, c.second)), None)

    def with_student(self, application: StudentApplication) -> Call:
        """Return the call with this application in the place of the one of the same reference."""
        known = self.students.get(application.reference)
        if known is not None and _read(known) == _read(application):
            return self
        students = {**self.students, application.reference: application}
        return replace(self, students=students, adopted=None)


def _id(record: dict[str, object]) -> str:
    return str(record["id"])


def _read(application: StudentApplication) -> dict[str, object]:
    """Return what a run reads of an application."""
    return application.model_dump(mode="json", exclude={"statement", "contact"})
