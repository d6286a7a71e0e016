"""Who is there already: earth stations, fixed links and networks, as a register tells them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from comity.coordination.network import Network, Polarisation, Polygon, Provenance
from comity.errors import ComityError, Problem


@dataclass(frozen=True, slots=True)
class EarthStation:
    """A receiving satellite earth station.

    Parameters
    ----------
    id, holder : register number and party
    latitude_deg, longitude_deg : position, WGS 84 [deg]
    height_m : antenna centre above ground [m]
    low_mhz, high_mhz : band in which it may receive [MHz]
    azimuth_deg, elevation_deg : pointing [deg]
    arc : further pointings ``(azimuth_deg, elevation_deg)`` of the arc it may use; the worst one counts
    antenna : pattern specification, ITU-R S.465 by default
    gain_dbi : peak gain [dBi]; ``None`` where only the off-axis envelope is known
    noise_temperature_k : receiving system noise temperature [K]; ``None`` takes the policy's
    bandwidth_mhz : width of one received carrier [MHz], placed where interference is worst
    feeder_loss_db : loss between antenna and receiver input [dB]
    polarisation : of the received carrier
    source : register row
    """

    id: str
    holder: str
    latitude_deg: float
    longitude_deg: float
    height_m: float
    low_mhz: float
    high_mhz: float
    azimuth_deg: float | None = None
    elevation_deg: float | None = None
    arc: tuple[tuple[float, float], ...] = ()
    antenna: Mapping[str, Any] | None = None
    gain_dbi: float | None = None
    noise_temperature_k: float | None = None
    bandwidth_mhz: float = 1.0
    feeder_loss_db: float = 0.0
    polarisation: Polarisation = "slant"
    source: Provenance = field(default_factory=Provenance)


@dataclass(frozen=True, slots=True)
class LinkEnd:
    """One end of a fixed link: position, antenna height above ground [m] and peak gain [dBi]."""

    latitude_deg: float
    longitude_deg: float
    height_m: float
    gain_dbi: float
    feeder_loss_db: float = 0.0


@dataclass(frozen=True, slots=True)
class FixedLink:
    """One direction of a point-to-point link.

    Parameters
    ----------
    id, holder : register number and party
    transmitter, receiver : the two ends; both antennas point at each other
    low_mhz, high_mhz : channel edges [MHz]
    eirp_dbm : of the transmitting end [dBm]; ``None`` where not known: it is then not tested as interferer
    antenna : pattern family, ``"f699"`` (peak envelope) with ``"f1245"`` (average) for aggregates by default
    noise_figure_db : of the receiver [dB]; ``None`` takes the policy's
    polarisation : of the link
    zone : protection zone drawn around the link by its regulator, if any
    source : register row
    """

    id: str
    holder: str
    transmitter: LinkEnd
    receiver: LinkEnd
    low_mhz: float
    high_mhz: float
    eirp_dbm: float | None = None
    antenna: Mapping[str, Any] | None = None
    noise_figure_db: float | None = None
    polarisation: Polarisation = "vertical"
    zone: Polygon = ()
    source: Provenance = field(default_factory=Provenance)


@dataclass(frozen=True, slots=True)
class Incumbents:
    """The register as coordination reads it.

    Parameters
    ----------
    networks : licences in force and earlier applications that are still pending
    earth_stations, fixed_links : protected receivers (a link's transmitter can also harm)
    sources : file names with their SHA-256, for provenance
    unusable : rows of those files that could not be used; they protect nobody
    assumed : values that those files lack and what was taken instead
    """

    networks: tuple[Network, ...] = ()
    earth_stations: tuple[EarthStation, ...] = ()
    fixed_links: tuple[FixedLink, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    unusable: int = 0
    assumed: tuple[Problem, ...] = ()

    def ordered(self) -> Incumbents:
        """Return the same register in canonical order, so that results do not hang on the order of rows.

        Networks in force come first, by id; pending ones follow in their order of priority.
        """
        return replace(
            self,
            networks=tuple(sorted(self.networks, key=_rank)),
            earth_stations=tuple(sorted(self.earth_stations, key=lambda e: e.id)),
            fixed_links=tuple(sorted(self.fixed_links, key=lambda f: f.id)),
            sources=tuple(sorted(self.sources)),
        )

    def before(self, candidate: Network) -> Incumbents:
        """Return the register that ``candidate`` meets: without later applications, and without its own old entry.

        An entry is the candidate's own where number and holder are the same. Of two applications of one date and
        order the one in the register is protected, and so is a pending one whose date is not known.

        Raises
        ------
        ComityError
            where the candidate bears the number of somebody else: nobody is left untested for his number's sake
        """
        self._check_number(candidate)
        mine = candidate.priority_date or date.max, candidate.priority_order
        earlier = tuple(
            n
            for n in self.networks
            if n.id != candidate.id
            and (n.status == "in_force" or (n.priority_date or date.min, n.priority_order) <= mine)
        )
        return replace(self, networks=earlier)

    def _check_number(self, candidate: Network) -> None:
        everyone: tuple[Network | EarthStation | FixedLink, ...] = (
            *self.earth_stations,
            *self.fixed_links,
            *(n for n in self.networks if n.holder != candidate.holder),
        )
        taken = [entry for entry in everyone if entry.id == candidate.id]
        if taken:
            problem = Problem(
                f"candidate {candidate.id}",
                f"this is the register number of {taken[0].holder or 'somebody else'}",
                "a reference that is not in the register",
            )
            raise ComityError("the candidate's reference is taken", [problem])

    def __add__(self, other: Incumbents) -> Incumbents:
        """Return both registers as one."""
        return Incumbents(
            self.networks + other.networks,
            self.earth_stations + other.earth_stations,
            self.fixed_links + other.fixed_links,
            self.sources + other.sources,
            self.unusable + other.unusable,
            self.assumed + other.assumed,
        )


def _rank(network: Network) -> tuple[int, date, int, str]:
    if network.status == "in_force":
        return (0, date.min, 0, network.id)
    return (1, network.priority_date or date.min, network.priority_order, network.id)


def duplicate_ids(items: Iterable[Network | EarthStation | FixedLink]) -> list[str]:
    """Return the ids that occur more than once, sorted."""
    seen: set[str] = set()
    double: set[str] = set()
    for item in items:
        (double if item.id in seen else seen).add(item.id)
    return sorted(double)
