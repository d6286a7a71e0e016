"""One row of :class:`comity.coordination.ends.Ends` for every antenna of a network, earth station or link."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf, nan
from typing import Any

from comity.coordination._decibel import level
from comity.coordination.incumbents import EarthStation, FixedLink, LinkEnd
from comity.coordination.network import Network, Polygon, Receiver, Transmitter
from comity.coordination.policy import Policy
from comity.coordination.ring import around

NUMBERS = (
    "latitude_deg",
    "longitude_deg",
    "height_m",
    "radius_km",
    "azimuth_deg",
    "tilt_deg",
    "peak_dbi",
    "feeder_loss_db",
    "low_mhz",
    "high_mhz",
    "width_mhz",
    "level_dbm",
    "simultaneous",
)
CODES = ("kind", "building", "polarisation")

_BOLTZMANN_MW_PER_MHZ_K = 1.380649e-14
_BUILDING = {None: 0, "traditional": 1, "thermally_efficient": 2}
_POLARISATION = {"vertical": 0, "horizontal": 1, "slant": 2}


@dataclass(frozen=True, slots=True)
class Row:
    """One antenna; fields as the columns of :class:`comity.coordination.ends.Ends`."""

    id: str
    kind: int
    latitude_deg: float
    longitude_deg: float
    height_m: float
    low_mhz: float
    high_mhz: float
    width_mhz: float
    level_dbm: float
    radius_km: float = 0.0
    outline: Polygon = ()
    building: int = 0
    azimuth_deg: float = 0.0
    tilt_deg: float = 0.0
    axis: tuple[tuple[float, float], ...] = ()
    antenna: Mapping[str, Any] | None = None
    peak_dbi: float = nan
    feeder_loss_db: float = 0.0
    simultaneous: float = 1.0
    polarisation: int = 2


def network_emitters(network: Network, policy: Policy) -> Iterator[Row]:
    """Yield the base stations of a network, then its terminals."""
    width = network.bandwidth_mhz
    for t in sorted(network.transmitters, key=lambda t: t.id):
        yield _base(network, t, width, t.eirp_dbm, policy, receiving=False)
    if network.terminals is not None and network.transmitters:
        eirp = network.terminals.eirp_dbm
        yield _terminal(network, width, policy.terminal_eirp_dbm if eirp is None else eirp, policy)


def network_receivers(network: Network, policy: Policy) -> Iterator[Row]:
    """Yield the receiving base stations of a network, then its terminals.

    Without receivers of its own, every transmitting antenna of the network also receives.
    """
    width = _window(network.bandwidth_mhz, policy)
    own: tuple[Receiver | Transmitter, ...] = network.receivers or network.transmitters
    for r in sorted(own, key=lambda r: r.id):
        figure = r.noise_figure_db if isinstance(r, Receiver) else None
        noise = policy.thermal_noise_dbm_per_mhz + (policy.base_noise_figure_db if figure is None else figure)
        yield _base(network, r, width, noise, policy, receiving=True)
    if network.terminals is not None and own:
        figure = network.terminals.noise_figure_db
        noise = policy.thermal_noise_dbm_per_mhz + (
            policy.terminal_noise_figure_db if figure is None else figure
        )
        yield _terminal(network, width, noise, policy)


def earth_station(station: EarthStation, policy: Policy) -> Iterator[Row]:
    """Yield the receiver of an earth station."""
    pointings = list(station.arc)
    if station.azimuth_deg is not None and station.elevation_deg is not None:
        pointings.insert(0, (station.azimuth_deg, station.elevation_deg))
    if not pointings:
        elevation = station.elevation_deg
        pointings = [(inf, policy.unknown_pointing_elevation_deg if elevation is None else elevation)]
    temperature = station.noise_temperature_k or policy.noise_temperature_k
    gain = policy.earth_station_gain_dbi if station.gain_dbi is None else station.gain_dbi
    yield Row(
        id=station.id,
        kind=2,
        latitude_deg=station.latitude_deg,
        longitude_deg=station.longitude_deg,
        height_m=station.height_m,
        low_mhz=station.low_mhz,
        high_mhz=station.high_mhz,
        width_mhz=min(station.bandwidth_mhz, station.high_mhz - station.low_mhz),
        level_dbm=float(level(_BOLTZMANN_MW_PER_MHZ_K * temperature)),
        axis=tuple(pointings),
        antenna=station.antenna or _dish("s465", gain),
        feeder_loss_db=station.feeder_loss_db,
        polarisation=_POLARISATION[station.polarisation],
    )


def link_emitter(link: FixedLink, elevation_deg: float) -> Iterator[Row]:
    """Yield the transmitting end of a fixed link, if its power is known; it looks at the other end."""
    if link.eirp_dbm is not None:
        width = link.high_mhz - link.low_mhz
        yield _link_row(link, link.transmitter, link.receiver, elevation_deg, width, link.eirp_dbm)


def link_receiver(link: FixedLink, elevation_deg: float, policy: Policy) -> Iterator[Row]:
    """Yield the receiving end of a fixed link; it looks at the other end."""
    figure = policy.link_noise_figure_db if link.noise_figure_db is None else link.noise_figure_db
    width = _window(link.high_mhz - link.low_mhz, policy)
    noise = policy.thermal_noise_dbm_per_mhz + figure
    yield _link_row(link, link.receiver, link.transmitter, elevation_deg, width, noise)


def _window(width_mhz: float, policy: Policy) -> float:
    return width_mhz if policy.density == "victim_channel" else min(1.0, width_mhz)


def measuring_point(
    name: str, latitude_deg: float, longitude_deg: float, height_m: float, gain_dbi: float, share: float
) -> Row:
    """Return an isotropic receiver that measures ``1 / share`` of the power in a channel."""
    return Row(
        id=name,
        kind=1,
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        height_m=height_m,
        low_mhz=0.0,
        high_mhz=0.0,
        width_mhz=share,
        level_dbm=0.0,
        peak_dbi=gain_dbi,
    )


def _base(
    network: Network,
    end: Transmitter | Receiver,
    width: float,
    level_dbm: float,
    policy: Policy,
    *,
    receiving: bool,
) -> Row:
    gain = end.gain_dbi if isinstance(end, Receiver) else None
    if receiving and gain is None and end.antenna is None:
        gain = policy.default_receive_gain_dbi
    building = end.building or policy.default_building
    return Row(
        id=f"{network.id}/{end.id}",
        kind=0,
        latitude_deg=end.latitude_deg,
        longitude_deg=end.longitude_deg,
        height_m=end.height_m,
        low_mhz=network.low_mhz,
        high_mhz=network.high_mhz,
        width_mhz=width,
        level_dbm=level_dbm,
        building=_BUILDING[building] if end.indoor else 0,
        azimuth_deg=end.azimuth_deg,
        tilt_deg=end.tilt_deg,
        antenna=end.antenna,
        peak_dbi=nan if gain is None else gain,
        polarisation=_POLARISATION[end.polarisation],
    )


def _terminal(network: Network, width: float, level_dbm: float, policy: Policy) -> Row:
    terminals, area = network.terminals, network.area or around(network)
    assert terminals is not None
    building = terminals.building or policy.default_building
    return Row(
        id=f"{network.id}/terminals",
        kind=1,
        latitude_deg=area.latitude_deg,
        longitude_deg=area.longitude_deg,
        height_m=terminals.height_m,
        low_mhz=network.low_mhz,
        high_mhz=network.high_mhz,
        width_mhz=width,
        level_dbm=level_dbm,
        radius_km=area.radius_m / 1000.0,
        outline=area.polygon,
        building=_BUILDING[building] if terminals.indoor else 0,
        peak_dbi=terminals.gain_dbi,
        simultaneous=float(terminals.simultaneous),
    )


def _dish(pattern: str, gain_dbi: float) -> Mapping[str, Any]:
    return {"pattern": pattern, "gain_dbi": gain_dbi}


def _link_row(
    link: FixedLink, end: LinkEnd, other: LinkEnd, elevation_deg: float, width: float, level_dbm: float
) -> Row:
    from comity.terrain.geodesy import bearing_deg

    places = (end.latitude_deg, end.longitude_deg, other.latitude_deg, other.longitude_deg)
    return Row(
        id=link.id,
        kind=3,
        latitude_deg=end.latitude_deg,
        longitude_deg=end.longitude_deg,
        height_m=end.height_m,
        low_mhz=link.low_mhz,
        high_mhz=link.high_mhz,
        width_mhz=width,
        level_dbm=level_dbm,
        axis=((float(bearing_deg(*places)), elevation_deg),),
        antenna=link.antenna or _dish("fixed-link", end.gain_dbi),
        feeder_loss_db=end.feeder_loss_db,
        polarisation=_POLARISATION[link.polarisation],
    )
