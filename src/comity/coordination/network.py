"""What coordination works on: transmitters, receivers and the networks they form.

Plain frozen values without any knowledge of application forms or of law. Coordinates are WGS 84 degrees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Polarisation = Literal["vertical", "horizontal", "slant"]
Building = Literal["traditional", "thermally_efficient"]
Status = Literal["in_force", "pending", "applied"]
Clock = Literal["gnss", "ptp", "network", "free_running"]

#: A closed ring of corners ``(latitude_deg, longitude_deg)``; the first corner is not repeated.
Polygon = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a register row came from: file, row number (header is row 1) and the file's SHA-256."""

    file: str = ""
    row: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Transmitter:
    """One transmitting antenna.

    Parameters
    ----------
    id : name, unique inside its network
    latitude_deg, longitude_deg : position, WGS 84 [deg]
    height_m : antenna centre above ground [m]
    eirp_dbm : peak equivalent isotropically radiated power over the whole channel [dBm]
    azimuth_deg : boresight, clockwise from true north [deg]
    tilt_deg : mechanical tilt, positive down [deg]
    indoor : whether it stands inside a building
    building : P.2109 building class of that building
    antenna : pattern specification of :func:`comity.antennas.from_spec`; ``None`` is isotropic
    polarisation : vertical, horizontal or slant
    """

    id: str
    latitude_deg: float
    longitude_deg: float
    height_m: float
    eirp_dbm: float
    azimuth_deg: float = 0.0
    tilt_deg: float = 0.0
    indoor: bool = False
    building: Building | None = None
    antenna: Mapping[str, Any] | None = None
    polarisation: Polarisation = "slant"


@dataclass(frozen=True, slots=True)
class Receiver:
    """One receiving base station antenna.

    Parameters as in :class:`Transmitter`, and

    gain_dbi : peak gain less feeder loss [dBi]; ``None`` takes the peak of the pattern itself
    noise_figure_db : receiver noise figure [dB]; ``None`` takes the policy's
    """

    id: str
    latitude_deg: float
    longitude_deg: float
    height_m: float
    azimuth_deg: float = 0.0
    tilt_deg: float = 0.0
    indoor: bool = False
    building: Building | None = None
    antenna: Mapping[str, Any] | None = None
    polarisation: Polarisation = "slant"
    gain_dbi: float | None = None
    noise_figure_db: float | None = None


@dataclass(frozen=True, slots=True)
class Terminals:
    """The terminals of a network, tested at the worst for the other end of the places tried in its area.

    Parameters
    ----------
    eirp_dbm : power of one terminal over the whole channel [dBm]; ``None`` takes the policy's
    height_m : antenna height above ground [m]
    gain_dbi : receiving gain in every direction [dBi]
    noise_figure_db : noise figure [dB]; ``None`` takes the policy's
    indoor, building : as for :class:`Transmitter`
    simultaneous : how many transmit at the same time in the same channel, for aggregates
    """

    eirp_dbm: float | None = None
    height_m: float = 1.5
    gain_dbi: float = 0.0
    noise_figure_db: float | None = None
    indoor: bool = False
    building: Building | None = None
    simultaneous: int = 1


@dataclass(frozen=True, slots=True)
class TddFrame:
    """Time-division duplex frame and its clock: what synchronisation is derived from.

    Parameters
    ----------
    pattern : slots, ``D`` down, ``U`` up, ``S`` special, ``F`` flexible, as in ``"DDDSU"``
    subcarrier_spacing_khz : gives the slot length, 1 ms x 15 / spacing
    special_slot : symbols ``"down:guard:up"`` of an ``S`` slot, 14 in all; ``None`` is not known
    clock : reference of the frame start; ``gnss`` and ``ptp`` are traceable to UTC
    frame_offset_us : offset of the frame start from the UTC second [us]
    """

    pattern: str
    subcarrier_spacing_khz: int = 30
    special_slot: str | None = None
    clock: Clock | None = None
    frame_offset_us: float = 0.0


#: Frame and clock of a network, and the group that its regime takes as synchronised; ``None`` where not known.
Timing = tuple[TddFrame | None, str | None]


@dataclass(frozen=True, slots=True)
class Area:
    """Where a network's terminals may be: a circle, and the polygon it encloses if there is one.

    Parameters
    ----------
    latitude_deg, longitude_deg : centre [deg]
    radius_m : radius of the circle [m]
    polygon : site boundary inside that circle; ``()`` where the circle itself is the site
    """

    latitude_deg: float
    longitude_deg: float
    radius_m: float
    polygon: Polygon = ()


@dataclass(frozen=True, slots=True)
class Network:
    """One licence or application: stations on one channel.

    Parameters
    ----------
    id, holder : register number and party
    status : ``in_force``, ``pending`` (an earlier application, not yet decided) or ``applied`` (the candidate)
    priority_date, priority_order : rank of a pending application; earlier dates, then lower orders, go first
    low_mhz, high_mhz : channel edges [MHz]
    transmitters, receivers : base stations
    terminals : the terminals, ``None`` where the network has none
    tdd : frame and clock, ``None`` where not known
    area : site or service area; without one it is the smallest circle found around the base stations
    consents : incumbents whose holders have agreed to this network, as pairs of register number and holder; one
        counts only where the holder is the one that the register names
    sync_group : networks of one group synchronise where the regime assumes so; ``None`` belongs to no group
    source : register row
    """

    id: str
    holder: str
    status: Status
    low_mhz: float
    high_mhz: float
    transmitters: tuple[Transmitter, ...]
    receivers: tuple[Receiver, ...] = ()
    terminals: Terminals | None = None
    tdd: TddFrame | None = None
    area: Area | None = None
    priority_date: date | None = None
    priority_order: int = 0
    consents: frozenset[tuple[str, str]] = frozenset()
    sync_group: str | None = None
    source: Provenance = field(default_factory=Provenance)

    @property
    def bandwidth_mhz(self) -> float:
        """Channel width [MHz], to the nearest hertz."""
        return round(self.high_mhz - self.low_mhz, 6)

    @property
    def timing(self) -> Timing:
        """What synchronisation with others follows from: the frame, and the group."""
        return self.tdd, self.sync_group

    def agreed_by(self, incumbent: str, holder: str) -> bool:
        """Return whether the holder that the register names for an incumbent has agreed to this network.

        Where the register names nobody, nobody can agree.
        """
        return bool(holder) and (incumbent, holder) in self.consents
