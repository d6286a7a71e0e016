"""The spectrum desk: where a site lies, how far its interference may reach, and who is there before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from math import ceil, cos, floor, radians
from typing import TYPE_CHECKING, Any

from comity.casework.canonical import canonical_bytes
from comity.casework.world import World
from comity.errors import ComityError, Problem
from comity.office.desks import Ahead, AwardColumns, Changes, Due
from comity.rules.text import Text

if TYPE_CHECKING:
    from pydantic import JsonValue

    from comity.casework.decision import Decision
    from comity.coordination.incumbents import Incumbents
    from comity.coordination.network import Network
    from comity.programmes.spectrum.application import SpectrumApplication
    from comity.programmes.spectrum.facts import FactBook
    from comity.programmes.spectrum.programme import Spectrum

#: Side of a cell [deg].
SIDE_DEG = 1.0
#: Beyond this no station of these products is coordinated [km]; it bounds which cells are locked and read.
REACH_KM = 200.0
_KM_PER_DEG = 111.0
#: Events of the rule packs by the clock of the workflow table that they start. The day of the second signature is
#: taken for the day on which letter and certificate are issued and received.
_EVENTS: Mapping[str, tuple[str, ...]] = {
    "review": ("filed_complete",),
    "build": ("letter_and_certificate_received", "licence_issued", "certificate_issued"),
}
_AWARDED, _END = "build", "certificate_ends"


class SpectrumDesk:
    """Opens what the spectrum programme needs, once per process.

    ``register`` holds what is protected beside the office's own awards: earth stations, fixed links, licences
    imported from elsewhere; by default the file of the setting ``REGISTER``. Without either, the office states that
    nobody else is there.
    """

    def __init__(self, register: Incumbents | None = None) -> None:
        self.register = register
        self._read: Incumbents | None = None
        self._base: World | None = None

    @property
    def programme(self) -> Spectrum:
        """The declaration."""
        from comity.programmes.spectrum.programme import PROGRAMME

        return PROGRAMME

    def home_cells(self, application: SpectrumApplication) -> tuple[str, ...]:
        """Return the cells in which a station stands."""
        return tuple(sorted({_cell(s.latitude, s.longitude) for s in application.stations}))

    def reach_cells(self, application: SpectrumApplication) -> tuple[str, ...]:
        """Return the cells within ``REACH_KM`` of any station."""
        found: set[str] = set()
        for station in application.stations:
            found |= set(_around(station.latitude, station.longitude))
        return tuple(sorted(found))

    def world(self, ahead: Sequence[Ahead], today: date, *, afresh: bool = False) -> World:
        """Return the world with every award ahead, and what earlier applications would be given, in their order."""
        from comity.coordination.incumbents import Incumbents

        base, incumbents = self._opened(today), self._protected()
        if afresh:
            base = replace(base, memory={})
        for place, case in enumerate(ahead):
            network = self._network(case, replace(base, register=incumbents), place)
            if network is not None:
                incumbents = incumbents + Incumbents(networks=(network,))
        return replace(base, register=incumbents)

    def known(self, received_at: datetime) -> Mapping[str, JsonValue]:
        """Return the day of receipt, which ranks the case whatever the applicant wrote, and who else is not known."""
        known: dict[str, JsonValue] = {"case.received_on": received_at.date().isoformat()}
        return known if self._others_given() else known | {"case.own_awards_only": True}

    def begins(self, regime: str, on: date) -> date | None:
        """Return the first day on which the pack of the regime holds a rule."""
        starts = [rule.dated.valid_from for rule in self._opened(on).pack(regime).rules]
        return min((day for day in starts if day is not None), default=None)

    def check_settled(self, settings: Mapping[str, JsonValue], days: tuple[date, date]) -> None:
        """Raise where a setting is none that an officer makes, or cannot be read, or is no day of receipt."""
        from comity.programmes.spectrum.case import case_of

        (first, last), received_on = days, case_of(World({}, date.min, settings=dict(settings))).received_on
        if received_on is not None and not first <= received_on <= last:
            raise ComityError(
                "the case was not received on such a day",
                [Problem("case.received_on", str(received_on), f"a day from {first} up to {last}")],
            )

    def check_same_matter(self, first: Mapping[str, Any], asked: SpectrumApplication) -> None:
        """Raise where the applicant, the place or the band is another."""
        from comity.office.answer_spectrum import check_same_matter

        check_same_matter(self._read_back(first), asked)

    def still_settled(
        self, settled: Mapping[str, JsonValue], held: Mapping[str, Any], asked: SpectrumApplication
    ) -> dict[str, JsonValue]:
        """Return all of it, or only the day of receipt where what it was said of has changed."""
        from comity.office.answer_spectrum import still_settled

        return still_settled(settled, self._read_back(held), asked)

    def _read_back(self, document: Mapping[str, Any]) -> SpectrumApplication:
        return self.programme.schema.model_validate_json(canonical_bytes(document))

    def remarks(self) -> tuple[Text, ...]:
        """Return that nobody else is protected, where no file of others was given."""
        if self._others_given():
            return ()
        return (
            Text(
                "COMITY_REGISTER names no file: nobody is protected here but this office's own awards",
                "COMITY_REGISTER 未指定檔案：除本機關自行核准者外，其他既設台均未納入保護",
            ),
        )

    def columns(self, decision: Decision) -> AwardColumns:
        """Return what the register shows; of private individuals neither name nor place."""
        application, award = decision.application, decision.award
        assert award is not None
        party, site = _mapping(application["party"]), _mapping(application["site"])
        name = _mapping(party["name"])
        corners = site.get("polygon") or [site.get("centre")]
        private = party["kind"] == "individual"
        term, channel = _mapping(award["term"]), _mapping(award["channel"])
        return AwardColumns(
            holder="private individual" if private else " ".join(n for n in (name["en"], name["zh"]) if n),
            place="" if private else str(site["name"]),
            starts=date.fromisoformat(term["start"]),
            ends=date.fromisoformat(term["end"]) if term["end"] else None,
            latitude=None if private else sum(c[0] for c in corners) / len(corners),
            longitude=None if private else sum(c[1] for c in corners) / len(corners),
            band_low_mhz=channel["low_mhz"],
            band_high_mhz=channel["high_mhz"],
        )

    def private(self, application: SpectrumApplication) -> bool:
        """Whether a private individual applies."""
        return application.party.kind == "individual"

    def deadlines(
        self, clock: str, application: SpectrumApplication, at: datetime, award_ends: date | None
    ) -> tuple[Due, ...]:
        """Return the duties and windows that begin with ``clock``, by the regime's own clocks."""
        from comity.rules.clocks import deadlines

        pack, day = self._opened(at.date()).pack(application.regime), at.date()
        found = {d.clock: d for d in deadlines(pack, dict.fromkeys(_EVENTS.get(clock, ()), day), day)}
        if clock == _AWARDED and award_ends is not None:
            # what counts from the end counts from the end of this award, which may come before the longest term
            ending = deadlines(pack, {_END: award_ends}, day)
            found |= {d.clock: d for d in ending if d.day is not None}
        return tuple(
            Due(d.clock, d.day, d.citation, d.role, d.who)
            for d in found.values()
            if d.day is not None and d.authoritative and d.clock != _END
        )

    def changes(
        self, held: Mapping[str, Any], award: Mapping[str, Any], asked: SpectrumApplication, on: date
    ) -> Changes:
        """Return what ``asked`` changes, by the change matrix of the regime."""
        from comity.office.variation_spectrum import changes_of

        return changes_of(self._opened(on).pack(asked.regime), held, award, asked, on)

    def _others_given(self) -> bool:
        """Whether anybody said who is protected beside the office's own awards."""
        from django.conf import settings

        return self.register is not None or settings.REGISTER is not None

    def _protected(self) -> Incumbents:
        """Return who is there beside the office's own awards, by the file that ``COMITY_REGISTER`` names."""
        from django.conf import settings

        from comity.coordination.incumbents import Incumbents
        from comity.programmes.spectrum.register import read_register

        if self.register is not None:
            return self.register
        if self._read is None:
            self._read = read_register(settings.REGISTER) if settings.REGISTER else Incumbents()
        return self._read

    def _opened(self, today: date) -> World:
        if self._base is None:
            from comity.programmes.spectrum.memory import share
            from comity.programmes.spectrum.world import open_world

            self._base = open_world("uk-sal", today=today)
            share(self._base)
        return replace(self._base, today=today)

    def _network(self, case: Ahead, world: World, place: int) -> Network | None:
        """Return a case ahead as coordination sees it: its award, or what it would be given now."""
        from comity.casework.decide import decide
        from comity.programmes.spectrum.study import network_in

        application = self._read_back(case.application)
        award = case.award
        if award is None:
            known = self.known(case.received_at)
            books = replace(world, settings={**world.settings, **known, **case.settled})
            award = decide(application, books, self.programme, alternatives=False).award
        if award is None:
            return None
        given = _as_given(application, award)
        channel = _mapping(award["channel"])
        # The office's own books say who is ahead: no date that an applicant wrote may take that back.
        rank = date.min, place
        return replace(
            network_in(_book(world, given), given, (channel["low_mhz"], channel["high_mhz"]), rank),
            id=case.number,
            status="in_force" if case.in_force else "pending",
        )


def _as_given(application: SpectrumApplication, award: Mapping[str, Any]) -> SpectrumApplication:
    """Return the application with the powers that were given."""
    powers = {s["id"]: s["eirp_dbm"] for s in award["stations"]}
    stations = tuple(s.model_copy(update={"eirp_dbm": powers[s.id]}) for s in application.stations)
    return application.model_copy(update={"stations": stations})


def _book(world: World, application: SpectrumApplication) -> FactBook:
    from comity.programmes.spectrum.facts import FactBook

    return FactBook(world.pack(application.regime), world.today)


def _cell(latitude: float, longitude: float) -> str:
    return f"spectrum/{floor(latitude / SIDE_DEG)}/{floor(longitude / SIDE_DEG)}"


def _around(latitude: float, longitude: float) -> list[str]:
    rise = REACH_KM / _KM_PER_DEG
    rows = range(floor((latitude - rise) / SIDE_DEG), floor((latitude + rise) / SIDE_DEG) + 1)
    widest = max(0.01, cos(radians(min(89.0, abs(latitude) + rise))))
    columns = min(180, ceil(REACH_KM / (_KM_PER_DEG * widest) / SIDE_DEG))
    middle = floor(longitude / SIDE_DEG)
    turn = round(360 / SIDE_DEG)
    wrapped = {
        (column + turn // 2) % turn - turn // 2 for column in range(middle - columns, middle + columns + 1)
    }
    return [f"spectrum/{row}/{column}" for row in rows for column in wrapped]


def _mapping(value: Any) -> Mapping[str, Any]:
    assert isinstance(value, Mapping)
    return value


DESK = SpectrumDesk()
