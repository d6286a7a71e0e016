"""A programme small enough to check by hand: a hall lends out seats, at most as many as its rule says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import Field

from comity.casework.application import Application
from comity.casework.canonical import sha256_of
from comity.casework.decision import Assumption, Option, Provenance
from comity.casework.programme import Assessment, Candidate
from comity.casework.world import World
from comity.rules.fact import Evidence
from comity.rules.finding import Finding, Outcome
from comity.rules.text import Text


class SeatApplication(Application):
    programme: Literal["seats"] = "seats"
    seats: int = Field(ge=1, le=1000)
    gain_dbi: float = 0.0
    consent: bool | None = True
    sure: bool = True
    contact: str | None = None


class Seats:
    """``pack`` is {"revision": str, "most": int}; the register lists seats already taken."""

    id = "seats"
    schema = SeatApplication
    unrecorded_fields = ("contact",)

    def assess(self, application: SeatApplication, world: World) -> Assessment:
        free = world.pack(application.regime)["most"] - sum(world.register or ())
        margin = float(free - application.seats)
        fits = Finding(
            rule="S1",
            outcome=Outcome.PASS if margin >= 0 else Outcome.FAIL,
            text=Text(f"{application.seats} of {free} seats", f"{free} 席中之 {application.seats} 席"),
            citation="House rule 1",
            evidence=Evidence.VERIFIED if application.sure else Evidence.ASSUMPTION,
            measured=float(application.seats),
            limit=float(free),
            unit="1",
            margin=margin,
        )
        consent = {True: Outcome.PASS, False: Outcome.WARN, None: Outcome.UNKNOWN}[application.consent]
        asked = Finding("S2", consent, Text("consent", "同意"), "House rule 2", Evidence.ASSUMPTION)
        return Assessment(
            findings=(fits, asked),
            award={"seats": application.seats, "gain_dbi": application.gain_dbi},
            provenance=self._provenance(application, world),
            conditions=(asked.text,) if consent is Outcome.WARN else (),
            considered=(Option("hall", fits.outcome is Outcome.PASS, True, (fits,)),),
            assumptions=(Assumption("s2", 1.0, "1", "House rule 2", Evidence.ASSUMPTION),),
        )

    def candidates(
        self, application: SeatApplication, world: World, assessment: Assessment
    ) -> Iterable[Candidate]:
        for seats in range(application.seats - 1, -2, -1):
            yield Candidate(Text(f"{seats} seats", f"{seats} 席"), {"seats": seats})

    def recorded_world(self, world: World, provenance: Any) -> World:
        return world

    def _provenance(self, application: SeatApplication, world: World) -> Provenance:
        pack = world.pack(application.regime)
        return Provenance(
            packs={application.regime: {"revision": pack["revision"], "sha256": sha256_of(pack)}},
            models={},
            data=dict(world.ground or {}),
            register=sha256_of(sorted(world.register or ())),
        )
