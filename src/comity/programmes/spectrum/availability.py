"""Could I get this here? Every channel of a band for one station at a place, without an application."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import floor, inf
from typing import Any

from pydantic import ValidationError

from comity.casework.complaints import problems_of
from comity.casework.document import finding_document
from comity.casework.world import World
from comity.errors import ComityError, Problem
from comity.programmes.spectrum.application import SpectrumApplication
from comity.programmes.spectrum.assess import law_findings
from comity.programmes.spectrum.candidates import EIRP_STEP_DB, LEAST_EIRP_DBM, reduction_db
from comity.programmes.spectrum.channels import bandwidths
from comity.programmes.spectrum.facts import FactBook
from comity.programmes.spectrum.findings import interference_finding
from comity.programmes.spectrum.ground_checks import ground_findings
from comity.programmes.spectrum.register_checks import register_findings
from comity.programmes.spectrum.study import Study, study_of
from comity.programmes.spectrum.words import channel_name
from comity.rules.finding import Finding, Outcome
from comity.rules.text import Text

#: Rectangles that hold each country: south, north, west, east [deg]; only for choosing a default regime.
_COUNTRIES = {"tw-mbd": (21.5, 26.6, 117.5, 122.5), "uk-sal": (49.5, 61.0, -9.0, 2.5)}
#: Kinds of rules that a bare place and radio plan can answer.
_TECHNICAL = ("radio", "siting", "coordination")


@dataclass(frozen=True, slots=True)
class Question:
    """One station at a place; fields as in the application."""

    regime: str
    latitude: float
    longitude: float
    bandwidth_mhz: float
    eirp_dbm: float
    height_m: float
    radius_m: float
    received_on: date
    band: str | None = None
    indoor: bool = False
    product: str | None = None


@dataclass(frozen=True, slots=True)
class ChannelAnswer:
    """Verdict on one channel: its margin [dB], ``None`` where nobody is near, and who is nearest."""

    channel: str
    free: bool
    margin_db: float | None
    nearest: Text | None


@dataclass(frozen=True, slots=True)
class Availability:
    """The whole answer.

    Parameters
    ----------
    question, band : what was asked, and the band that was looked at
    obstacles : findings that stand against every channel
    channels : one verdict a channel, lowest first
    assumptions : number of unconfirmed values behind the answer
    notes : what the answer leaves open, as a register that was not given
    passing_eirp_dbm : where no channel passes, a lower power with which one does, on a grid of 0.1 dB just under the
        tightest limit [dBm]; it was asked in full. ``None`` where none from 0 dBm up is known
    """

    question: Question
    band: str
    obstacles: tuple[Finding, ...]
    channels: tuple[ChannelAnswer, ...]
    assumptions: int
    notes: tuple[Text, ...] = ()
    passing_eirp_dbm: float | None = None

    @property
    def free(self) -> int:
        """Number of channels that could be granted."""
        return 0 if self.obstacles else sum(c.free for c in self.channels)

    def as_dict(self) -> dict[str, Any]:
        """Return the answer as JSON data."""
        return {
            "regime": self.question.regime,
            "band": self.band,
            "free": self.free,
            "obstacles": [finding_document(f) for f in self.obstacles],
            "channels": [
                {
                    "channel": c.channel,
                    "free": c.free,
                    "margin_db": c.margin_db,
                    "nearest": None if c.nearest is None else c.nearest.as_dict(),
                }
                for c in self.channels
            ],
            "assumptions": self.assumptions,
            "notes": [note.as_dict() for note in self.notes],
            "passing_eirp_dbm": self.passing_eirp_dbm,
        }


def regime_at(latitude: float, longitude: float) -> str:
    """Return the regime of the country around a place, or ask for one."""
    degrees = (("latitude", latitude, 90), ("longitude", longitude, 180))
    problems = [
        Problem(name, f"{value} is no {name}", f"-{most} to {most} degrees")
        for name, value, most in degrees
        if not -most <= value <= most
    ]
    if problems:
        raise ComityError("this is no place on Earth", problems)
    for regime, (south, north, west, east) in _COUNTRIES.items():
        if south <= latitude <= north and west <= longitude <= east:
            return regime
    place = f"{latitude}, {longitude}"
    raise ComityError(
        "no regime is known for this place",
        [Problem(place, "outside Taiwan and Great Britain", "--regime ID")],
    )


def availability(question: Question, world: World) -> Availability:
    """Return which channels one station could get, and with what less power one, where it gets none.

    Only rules of radio, siting and coordination are asked; papers and eligibility are not.
    """
    answer, study = _answer(question, world)
    if answer.free:
        return answer
    lower_dbm = _lower_eirp_dbm(study, answer)
    if lower_dbm is None or not _answer(replace(question, eirp_dbm=lower_dbm), world)[0].free:
        return answer
    return replace(answer, passing_eirp_dbm=lower_dbm)


def _answer(question: Question, world: World) -> tuple[Availability, Study]:
    book = FactBook(world.pack(question.regime), world.today)
    band = question.band or _usual_band(book)
    study = study_of(_application(question, band), world)
    against = (Outcome.FAIL, Outcome.UNKNOWN)
    findings = (*ground_findings(study.application, study.ground), *law_findings(study))
    obstacles = tuple(f for f in findings if f.outcome in against and f.details.get("kind") in _TECHNICAL)
    doubtful = {name for finding in findings for name in finding.assumptions}
    notes = tuple(f.text for f in register_findings(study) if f.outcome is not Outcome.PASS)
    return Availability(question, band, obstacles, _channels(study), len(doubtful), notes), study


def _lower_eirp_dbm(study: Study, answer: Availability) -> float | None:
    """Return the power that just keeps every limit that falls with it, decibel for decibel; ``None`` if too low."""
    if study.coordination is None or any(f.margin is None or f.margin >= 0.0 for f in answer.obstacles):
        return None
    over_db = [reduction_db(study)]
    over_db += [-f.margin for f in answer.obstacles if f.unit.startswith("dB") and f.margin is not None]
    over_db.append(-max(study.result(channel).power_margin_db for channel in study.offered))
    (station,) = study.application.stations
    eirp_dbm = floor(round((station.eirp_dbm - max(over_db)) / EIRP_STEP_DB, 6)) * EIRP_STEP_DB
    return round(eirp_dbm, 1) if LEAST_EIRP_DBM <= eirp_dbm < station.eirp_dbm else None


def _channels(study: Study) -> tuple[ChannelAnswer, ...]:
    if study.coordination is None:
        return ()
    answers = []
    for channel in study.offered:
        result = study.result(channel)
        worst = next((p for p in result.worst if p.direction == "candidate_to_incumbent"), None)
        nearest = None if worst is None else interference_finding(worst, study.book).text
        margin = None if result.margin_db == inf else result.margin_db
        answers.append(ChannelAnswer(channel_name(channel), result.passes, margin, nearest))
    return tuple(answers)


def _usual_band(book: FactBook) -> str:
    """Return the band with the most bandwidths on offer: the one that private networks ask for."""
    bands = book.texts("band.ids")
    return max(bands, key=lambda band: len(bandwidths(book, band)), default="")


def _application(question: Question, band: str) -> SpectrumApplication:
    document: Mapping[str, Any] = {
        "reference": "check-site",
        "regime": question.regime,
        "product": question.product,
        "received_on": question.received_on,
        "party": {"name": {"en": "anyone"}, "kind": "company", "country": "ZZ"},
        "site": {
            "name": "place",
            "centre": (question.latitude, question.longitude),
            "radius_m": question.radius_m,
            "indoor": question.indoor,
        },
        "stations": (
            {
                "id": "S",
                "latitude": question.latitude,
                "longitude": question.longitude,
                "height_m": question.height_m,
                "eirp_dbm": question.eirp_dbm,
                "indoor": question.indoor,
            },
        ),
        "radio": {"band": band, "bandwidth_mhz": question.bandwidth_mhz},
        "term": {"start": question.received_on},
    }
    try:
        return SpectrumApplication.model_validate(document)
    except ValidationError as error:
        problems = problems_of(error, SpectrumApplication, document, "check-site", {})
        raise ComityError("this question cannot be answered", problems) from None
