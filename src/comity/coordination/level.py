"""Answers of the tests that are not link budgets towards a receiver: boundary, contour, exposure, proposals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from comity.coordination.assessment import Channel, Term
from comity.coordination.network import Network


@dataclass(frozen=True, slots=True)
class BoundaryPoint:
    """Aggregate level at one point of the boundary [dBm, in the sense of the interpretation]."""

    latitude_deg: float
    longitude_deg: float
    level_dbm: float


@dataclass(frozen=True, slots=True)
class BoundaryLevel:
    """Level of a network along a boundary.

    Parameters
    ----------
    points : every point in order along the ring
    worst : the point with the highest level (the first of equals)
    limit_dbm, margin_db : limit and limit less worst level [dB]; the law's "below" needs a margin above zero
    passes : whether every point lies below the limit
    interpretation : what the level speaks of
    strongest : id of the transmitter that contributes most at the worst point
    terms : its link budget there
    distance_km : its distance from that point [km]
    model : path model used on that path
    location_spread_db : location spread stated for that model (P.1812 4.7) [dB], if any
    facts : ids of the facts behind the limit
    """

    points: tuple[BoundaryPoint, ...]
    worst: BoundaryPoint
    limit_dbm: float
    margin_db: float
    passes: bool
    interpretation: Literal["per_resource_element", "total_power"]
    strongest: str
    terms: tuple[Term, ...]
    distance_km: float
    model: str
    location_spread_db: float | None
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContourTouch:
    """A neighbour's site or a protection zone, and the highest level of the candidate in it.

    ``margin_db`` is the contour level less that level: negative or zero means that the coverage adjoins or
    overlaps, and its holder's consent is needed.
    """

    neighbour: str
    holder: str
    kind: Literal["site", "zone"]
    level_dbm: float
    contour_dbm: float
    margin_db: float
    touches: bool
    consented: bool
    distance_km: float
    latitude_deg: float
    longitude_deg: float


@dataclass(frozen=True, slots=True)
class ExposureResult:
    """Public exposure near one station.

    Parameters
    ----------
    station : transmitter id
    tested : whether it is above the policy's power threshold
    power_density_w_per_m2 : at the nearest point that a person can reach, all stations summed
    limit_w_per_m2 : reference level
    ratio : total exposure ratio there; at most 1 passes
    compliance_distance_m : in the main beam, beyond this the station alone keeps the level [m]
    nearest_m : distance to the nearest accessible point [m]
    """

    station: str
    tested: bool
    power_density_w_per_m2: float
    limit_w_per_m2: float
    ratio: float
    compliance_distance_m: float
    nearest_m: float
    passes: bool
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something that might be granted; casework decides it before anybody sees it.

    Parameters
    ----------
    kind : what differs from the wish
    network : the candidate as it would be granted
    channel : its channel [MHz]
    eirp_change_db : change of every station's power against the wish [dB], at most 0
    expected_margin_db : margin that the arithmetic promises [dB]; ``None`` where only casework can tell
    """

    kind: Literal["wish", "power", "channel", "bandwidth", "antenna"]
    network: Network
    channel: Channel
    eirp_change_db: float = 0.0
    expected_margin_db: float | None = None
