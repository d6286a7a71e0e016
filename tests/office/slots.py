"""A toy programme for tests: parking places, each given once, and squares that bear only so much together.

It stands for any scarce thing; real spectrum decisions race in their own test.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from comity.casework.application import Application
from comity.casework.decision import Decision, Provenance
from comity.casework.programme import Assessment, Candidate
from comity.casework.world import World
from comity.errors import ComityError
from comity.office.desks import DESKS, Ahead, AwardColumns, Changes, Due
from comity.rules.fact import Evidence
from comity.rules.finding import Finding, Outcome
from comity.rules.text import Text

NOTHING = Provenance({}, {}, {}, "")


class SlotApplication(Application):
    """Asks for ``load`` of the capacity 1.0 of ``slot``."""

    programme: Literal["slots"] = "slots"
    slot: str
    load: float = 1.0
    unknown: bool = False
    private: bool = False
    contact: str = ""


@dataclass(frozen=True)
class Slots:
    id: str = "slots"
    schema: type[SlotApplication] = SlotApplication
    unrecorded_fields: tuple[str, ...] = ("contact",)

    def assess(self, application: SlotApplication, world: World) -> Assessment:
        total = application.load + sum(a["load"] for a in world.register if a["slot"] == application.slot)
        outcome = Outcome.PASS if total <= 1.0 else Outcome.FAIL
        if application.unknown and not world.settings.get("case.known"):
            outcome = Outcome.UNKNOWN
        finding = Finding(
            "SLOT", outcome, Text(f"load {total}", f"負載 {total}"), "test", Evidence.VERIFIED,
            measured=total, limit=1.0, unit="1", margin=1.0 - total,
        )  # fmt: skip
        return Assessment((finding,), {"slot": application.slot, "load": application.load}, NOTHING)

    def candidates(
        self, application: SlotApplication, world: World, found: Assessment
    ) -> Iterable[Candidate]:
        return ()

    def recorded_world(self, world: World, provenance: object) -> World:
        return world


@dataclass(frozen=True)
class SlotDesk:
    programme: Slots = Slots()

    def home_cells(self, application: SlotApplication) -> tuple[str, ...]:
        return (f"slots/{application.slot}",)

    def reach_cells(self, application: SlotApplication) -> tuple[str, ...]:
        return (*self.home_cells(application), "slots/neighbour")

    def world(self, ahead: Sequence[Ahead], today: date, *, afresh: bool = False) -> World:
        return World({"test-rules": None}, today, register=[a.award or a.application for a in ahead])

    def known(self, received_at: datetime) -> dict[str, str]:
        return {}

    def begins(self, regime: str, on: date) -> date | None:
        return None

    def check_settled(self, settings: Mapping[str, object], days: tuple[date, date]) -> None:
        if set(settings) - {"case.known"}:
            raise ComityError("accepted is case.known")

    def check_same_matter(self, first: object, asked: SlotApplication) -> None:
        """Any place may be had instead of any other."""

    def still_settled(self, settled: Mapping[str, object], held: object, asked: object) -> dict[str, object]:
        return dict(settled)

    def remarks(self) -> tuple[Text, ...]:
        return ()

    def columns(self, decision: Decision) -> AwardColumns:
        if decision.application["private"]:
            return AwardColumns("private individual", "", decision.decided_on)
        return AwardColumns("Example holder", str(decision.award["slot"]), decision.decided_on)

    def private(self, application: SlotApplication) -> bool:
        return application.private

    def deadlines(
        self, clock: str, application: SlotApplication, at: datetime, award_ends: date | None
    ) -> tuple[Due, ...]:
        return (Due(clock, at.date() + timedelta(days=60), "test rule"),)

    def changes(self, held: object, award: object, asked: SlotApplication, on: date) -> Changes:
        return Changes(("load",), ("approval",))


DESKS.setdefault("slots", SlotDesk())


def application(reference: str, slot: str, load: float = 1.0, **more: object) -> SlotApplication:
    return SlotApplication(
        reference=reference, regime="test-rules", received_on=date(2026, 3, 2), slot=slot, load=load, **more
    )
