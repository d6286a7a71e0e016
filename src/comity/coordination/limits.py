"""What a regime limits besides interference: boundary level, coverage contour, public exposure, search space."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from comity.coordination.network import Polygon


@dataclass(frozen=True, slots=True)
class BoundaryPolicy:
    """A limit on the level at the boundary of the site.

    Parameters
    ----------
    limit_dbm : the level that must not be reached [dBm]
    interpretation : power that the limit speaks of, of one resource element or of the whole channel
    receiver_height_m, receiver_gain_dbi : the measuring receiver
    spacing_m : step between points along the boundary [m]
    time_percent, location_percent : of the path model
    indoor_exit_percent : probability of the building entry loss that counts [%]
    facts : ids of the facts behind it
    """

    limit_dbm: float
    interpretation: Literal["per_resource_element", "total_power"] = "per_resource_element"
    receiver_height_m: float = 1.5
    receiver_gain_dbi: float = 0.0
    spacing_m: float = 10.0
    time_percent: float = 50.0
    location_percent: float = 50.0
    indoor_exit_percent: float = 50.0
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContourPolicy:
    """The coverage contour that must not touch neighbours without their consent.

    Parameters
    ----------
    level_dbm : level of the contour [dBm], in the sense of ``interpretation``
    interpretation, receiver_height_m, time_percent, location_percent : as in :class:`BoundaryPolicy`
    zones : further protected areas ``(id, corners)``, as microwave coordination zones
    spacing_m : step between points along a neighbour's boundary [m]
    """

    level_dbm: float
    interpretation: Literal["per_resource_element", "total_power"] = "per_resource_element"
    receiver_height_m: float = 1.5
    time_percent: float = 50.0
    location_percent: float = 50.0
    zones: tuple[tuple[str, Polygon], ...] = ()
    spacing_m: float = 50.0
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExposurePolicy:
    """Public exposure to radio-frequency fields.

    Parameters
    ----------
    limit_w_per_m2 : reference level of the power density for the general public [W/m2]
    head_height_m : height of the person's head above ground [m]
    min_distance_m : nearest that a person can come where the application names no distance [m]
    average_duty : share of time in which the station transmits, 1 where not known
    threshold_eirp_dbm : stations below this are not tested; ``None`` tests all
    facts : ids of the facts behind it
    """

    limit_w_per_m2: float
    head_height_m: float = 2.0
    min_distance_m: float = 0.5
    average_duty: float = 1.0
    threshold_eirp_dbm: float | None = None
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProposalPolicy:
    """Where to look for what may be granted when the wish fails.

    Parameters
    ----------
    bandwidths_mhz : bandwidths of the product [MHz]
    channels : every channel of the band by bandwidth: ``{bandwidth_mhz: ((low_mhz, high_mhz), ...)}``
    min_eirp_dbm : lowest power of a station worth granting [dBm]
    power_step_db : grid to which a reduced power is rounded down [dB]
    extra_tilts_deg : additional down-tilts to try [deg]
    azimuth_turns_deg : turns of every azimuth to try [deg]
    max_candidates : at most so many proposals
    """

    bandwidths_mhz: tuple[float, ...] = ()
    channels: Mapping[float, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    min_eirp_dbm: float = 0.0
    power_step_db: float = 0.01
    extra_tilts_deg: tuple[float, ...] = (4.0, 8.0)
    azimuth_turns_deg: tuple[float, ...] = (-30.0, 30.0, 60.0, -60.0, 180.0)
    max_candidates: int = 16
