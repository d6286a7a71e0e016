"""What coordination answers: one link budget held against one limit, and all of them by channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from comity.coordination.network import Polarisation, Provenance
from comity.coordination.policy import VictimKind
from comity.rules.text import Text

Direction = Literal["candidate_to_incumbent", "incumbent_to_candidate"]
#: Channel edges ``(low_mhz, high_mhz)``.
Channel = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a link budget: its stable name, its sign-carrying value and unit, in the order of the sum."""

    name: str
    value: float
    unit: str = "dB"


@dataclass(frozen=True, slots=True)
class PathEnds:
    """The two ends of an assessed path, enough to draw its profile."""

    tx_latitude_deg: float
    tx_longitude_deg: float
    tx_height_m: float
    rx_latitude_deg: float
    rx_longitude_deg: float
    rx_height_m: float
    frequency_mhz: float
    polarisation: Polarisation


@dataclass(frozen=True, slots=True)
class Assessment:
    """One interference path, or one sum of them, held against one criterion.

    Parameters
    ----------
    victim, victim_kind, victim_holder : who is protected: ``network/station`` or the id of the receiver
    interferer, interferer_holder : who harms; of an aggregate the strongest contribution
    direction : towards an incumbent, or from one into the candidate
    pair : ends of the path, ``"base-terminal"``: transmitting end first
    criterion : :attr:`Criterion.id`
    aggregate : whether the level is a sum over several interferers
    channel : candidate channel [MHz]
    time_percent, location_percent : of the path loss [%]
    terms : link budget in order; its sum is ``interference_dbm_per_mhz``
    interference_dbm_per_mhz, limit_dbm_per_mhz : compared values, rounded to 0.01 dB
    margin_db : limit less interference [dB]; negative fails
    distance_km : length of the path [km], rounded to 1 m
    model : path model used (``"p1812"``, ``"p452"``, ``"free_space"``)
    location_spread_db : location spread stated for that model (P.1812 4.7) [dB], if any
    contributors : ids and levels [dBm/MHz] of the strongest in an aggregate, the candidate among them
    negligible_dbm_per_mhz : bound of what was left out, counted in the aggregate
    path : ends of the path
    consented : whether the victim's holder agreed, so that the test does not fail
    synchronised : whether both networks were taken as synchronised, with the reason
    facts : ids of facts behind the criterion
    source : register row of the incumbent
    """

    victim: str
    victim_kind: VictimKind
    victim_holder: str
    interferer: str
    interferer_holder: str
    direction: Direction
    pair: str
    criterion: str
    aggregate: bool
    channel: Channel
    time_percent: float
    location_percent: float | None
    terms: tuple[Term, ...]
    interference_dbm_per_mhz: float
    limit_dbm_per_mhz: float
    margin_db: float
    distance_km: float
    model: str
    location_spread_db: float | None
    path: PathEnds
    contributors: tuple[tuple[str, float], ...] = ()
    negligible_dbm_per_mhz: float | None = None
    consented: bool = False
    synchronised: bool | None = None
    synchronisation_reason: Text | None = None
    facts: tuple[str, ...] = ()
    source: Provenance = field(default_factory=Provenance)

    @property
    def passes(self) -> bool:
        """Whether the limit is kept, or the victim's holder agreed."""
        return self.margin_db >= 0.0 or self.consented


@dataclass(frozen=True, slots=True)
class ChannelResult:
    """All tests of one candidate channel.

    Parameters
    ----------
    channel : edges [MHz]
    passes : whether every test that counts is kept
    margin_db : smallest margin of the tests that count [dB]; ``inf`` where nothing is near. What was not computed
        keeps its limit by the policy's ``negligible_db`` at least
    power_margin_db : change of its base stations' power that just passes every test which that power decides
        [dB]; ``inf`` where nothing is near
    fixed_margin_db : smallest margin of the tests that count and that this power does not change [dB]
    tested, screened : number of tests computed in full, and of those that a bound already passed
    worst : the tightest assessments, smallest margin first (the policy's ``inward`` tests included)
    """

    channel: Channel
    passes: bool
    margin_db: float
    power_margin_db: float
    fixed_margin_db: float
    tested: int
    screened: int
    worst: tuple[Assessment, ...]


@dataclass(frozen=True, slots=True)
class Coordination:
    """The whole answer for one candidate.

    Parameters
    ----------
    candidate : id of the candidate
    channels : one result per candidate channel, in the order asked
    synchronisation : by incumbent network: synchronised or not, and why
    provenance : models with their revisions, terrain editions, sources of the register
    uncovered : receivers that hear the candidate and that no criterion covers: id, kind and reason
    beyond : register entries that would hear the candidate but lie beyond the coordination distance: id, kind and
        distance [km]; they are not tested
    """

    candidate: str
    channels: tuple[ChannelResult, ...]
    synchronisation: Mapping[str, tuple[bool, Text]]
    provenance: Mapping[str, str]
    _assessments: Callable[[Channel, bool], tuple[Assessment, ...]] = field(repr=False, compare=False)
    uncovered: tuple[tuple[str, VictimKind, str], ...] = ()
    beyond: tuple[tuple[str, VictimKind, float], ...] = ()

    def passing(self) -> tuple[Channel, ...]:
        """Return the channels that pass, in the order asked."""
        return tuple(result.channel for result in self.channels if result.passes)

    def result(self, channel: Channel) -> ChannelResult:
        """Return the result of one channel."""
        return next(result for result in self.channels if result.channel == channel)

    def assessments(self, channel: Channel, *, exceeded: bool = False) -> tuple[Assessment, ...]:
        """Return the assessments of one channel, smallest margin first, with all link-budget terms.

        All of them, or those alone whose limit is ``exceeded``: of a large register these are few.
        """
        return self._assessments(channel, exceeded)
