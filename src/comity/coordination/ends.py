"""Every antenna that takes part, as columns: what networks, earth stations and links come down to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.coordination import _rows
from comity.coordination._angles import chord_km, earth_centred_km, elevation_deg
from comity.coordination._rows import Row
from comity.coordination.ground import Ground
from comity.coordination.incumbents import FixedLink, Incumbents
from comity.coordination.network import Network, Polygon, Provenance
from comity.coordination.policy import Policy, VictimKind

Float = NDArray[np.float64]
Int = NDArray[np.int64]

KINDS: tuple[VictimKind, ...] = ("base", "terminal", "earth_station", "fixed_link")
BASE, TERMINAL, EARTH_STATION, FIXED_LINK = range(4)
BUILDINGS = ("", "traditional", "thermally_efficient")
POLARISATIONS = ("vertical", "horizontal", "slant")


@dataclass(frozen=True, slots=True)
class Ends:
    """Transmitting or receiving antennas as columns of ``n`` rows, in the order of the register.

    Parameters
    ----------
    id : ``network/station``, or the id of the earth station or link
    owner, holder : register number and party of each row
    owner_index : int64 (n,), the same number for rows of one owner, rising
    source : register row of each
    kind : int64 (n,), index into :data:`KINDS`
    latitude_deg, longitude_deg, height_m : float64 (n,), antenna height above ground
    radius_km : float64 (n,), terminals may stand anywhere in this radius; 0 for what stands still
    outline : where they may stand inside that radius, ``()`` where it is the whole circle
    building : int64 (n,), index into :data:`BUILDINGS`, 0 outdoors
    azimuth_deg, tilt_deg : float64 (n,), of antennas with a boresight
    axis : float64 (n, k, 2), azimuth and elevation of pointings of antennas known by their off-axis gain, NaN
        where there are fewer; an azimuth of infinity looks towards every azimuth
    antenna : int64 (n,), index into ``specs``
    specs : canonical JSON of the pattern specifications, ``""`` is isotropic
    frequency_mhz : frequency of patterns that name none
    peak_dbi : float64 (n,), peak gain less feeder loss where the record gives it, else NaN
    feeder_loss_db : float64 (n,), where the peak comes from the pattern itself
    low_mhz, high_mhz : float64 (n,), channel of an emitter; tuning range of a receiver
    width_mhz : float64 (n,), bandwidth over which power is sent or interference is averaged
    level_dbm : float64 (n,), EIRP over the channel of an emitter [dBm]; noise of a receiver [dBm/MHz]
    simultaneous : float64 (n,), how many such emitters send at once
    polarisation : int64 (n,), index into :data:`POLARISATIONS`
    """

    id: tuple[str, ...]
    owner: tuple[str, ...]
    holder: tuple[str, ...]
    owner_index: Int
    source: tuple[Provenance, ...]
    kind: Int
    latitude_deg: Float
    longitude_deg: Float
    height_m: Float
    radius_km: Float
    outline: tuple[Polygon, ...]
    building: Int
    azimuth_deg: Float
    tilt_deg: Float
    axis: Float
    antenna: Int
    specs: tuple[str, ...]
    frequency_mhz: float
    peak_dbi: Float
    feeder_loss_db: Float
    low_mhz: Float
    high_mhz: Float
    width_mhz: Float
    level_dbm: Float
    simultaneous: Float
    polarisation: Int

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.id)


@dataclass(slots=True)
class _Gathered:
    rows: list[Row] = field(default_factory=list)
    owners: list[tuple[str, str, Provenance]] = field(default_factory=list)

    def add(self, owner: str, holder: str, source: Provenance, rows: Iterable[Row]) -> None:
        for row in rows:
            self.rows.append(row)
            self.owners.append((owner, holder, source))


def emitters(
    networks: Iterable[Network],
    policy: Policy,
    incumbents: Incumbents | None = None,
    ground: Ground | None = None,
) -> Ends:
    """Return what transmits: base stations and terminals of ``networks``, then the fixed links of ``incumbents``."""
    gathered = _Gathered()
    for network in networks:
        gathered.add(network.id, network.holder, network.source, _rows.network_emitters(network, policy))
    for link, elevation in _pointed(incumbents, ground, sending=True):
        gathered.add(link.id, link.holder, link.source, _rows.link_emitter(link, elevation))
    return _columns(gathered, policy.frequency_mhz)


def receivers(
    networks: Iterable[Network],
    policy: Policy,
    incumbents: Incumbents | None = None,
    ground: Ground | None = None,
) -> Ends:
    """Return what receives: base stations and terminals of ``networks``, then earth stations and fixed links."""
    gathered = _Gathered()
    for network in networks:
        gathered.add(network.id, network.holder, network.source, _rows.network_receivers(network, policy))
    for station in incumbents.earth_stations if incumbents else ():
        gathered.add(station.id, station.holder, station.source, _rows.earth_station(station, policy))
    for link, elevation in _pointed(incumbents, ground, sending=False):
        gathered.add(link.id, link.holder, link.source, _rows.link_receiver(link, elevation, policy))
    return _columns(gathered, policy.frequency_mhz)


def _pointed(
    incumbents: Incumbents | None, ground: Ground | None, *, sending: bool
) -> list[tuple[FixedLink, float]]:
    """Return the fixed links and the elevation at which one end sees the other [deg]."""
    links = incumbents.fixed_links if incumbents else ()
    if not links or ground is None:
        return [(link, 0.0) for link in links]
    pairs = [(k.transmitter, k.receiver) if sending else (k.receiver, k.transmitter) for k in links]
    own, far = ([pair[side] for pair in pairs] for side in (0, 1))
    heights = [
        ground.height_m([e.latitude_deg for e in ends], [e.longitude_deg for e in ends])
        + np.array([e.height_m for e in ends])
        for ends in (own, far)
    ]
    here, there = (
        earth_centred_km([e.latitude_deg for e in ends], [e.longitude_deg for e in ends])
        for ends in (own, far)
    )
    distance = np.maximum(np.diagonal(chord_km(here, there)), 1e-6)
    elevation = elevation_deg(heights[0], heights[1], distance)
    return list(zip(links, elevation.tolist(), strict=True))


def measuring_points(
    latitude_deg: Float, longitude_deg: Float, height_m: float, gain_dbi: float, share: float
) -> Ends:
    """Return receivers at places, which measure ``1 / share`` of the power of a channel without noise of their own."""
    gathered = _Gathered()
    for i, (latitude, longitude) in enumerate(
        zip(latitude_deg.tolist(), longitude_deg.tolist(), strict=True)
    ):
        row = _rows.measuring_point(str(i), latitude, longitude, height_m, gain_dbi, share)
        gathered.add("", "", Provenance(), [row])
    return _columns(gathered, 0.0)


def canonical(spec: Mapping[str, Any] | None) -> str:
    """Return a pattern specification as canonical JSON; ``""`` for none."""
    return "" if spec is None else json.dumps(dict(spec), sort_keys=True, separators=(",", ":"))


def take(ends: Ends, index: Int) -> Ends:
    """Return the rows ``index`` of ``ends``."""
    chosen: dict[str, Any] = {}
    for name in Ends.__slots__:
        column = getattr(ends, name)
        if name in ("specs", "frequency_mhz"):
            chosen[name] = column
        elif isinstance(column, tuple):
            chosen[name] = tuple(column[i] for i in index)
        else:
            chosen[name] = column[index]
    return Ends(**chosen)


def fingerprints(ends: Ends) -> list[bytes]:
    """Return for every row all that a link can depend on, as bytes."""
    numbers = [getattr(ends, name) for name in (*_rows.NUMBERS, *_rows.CODES)]
    table = np.column_stack([np.asarray(column, dtype=np.float64) for column in numbers])
    table = np.ascontiguousarray(np.hstack([table, ends.axis.reshape(len(ends), 2 * ends.axis.shape[1])]))
    raw, width = table.tobytes(), table.shape[1] * 8
    antenna = [f"|{ends.frequency_mhz}|{spec}|".encode() for spec in ends.specs]
    return [
        raw[i * width : (i + 1) * width] + antenna[code] + owner.encode() + repr(outline).encode()
        for i, (code, owner, outline) in enumerate(
            zip(ends.antenna.tolist(), ends.owner, ends.outline, strict=True)
        )
    ]


def _columns(gathered: _Gathered, frequency_mhz: float) -> Ends:
    rows = gathered.rows
    specs = sorted({canonical(row.antenna) for row in rows})
    place = {spec: i for i, spec in enumerate(specs)}
    order: dict[str, int] = {}
    for owner, _, _ in gathered.owners:
        order.setdefault(owner, len(order))
    longest = max((len(row.axis) for row in rows), default=0)
    axis = np.full((len(rows), longest, 2), np.nan)
    for i, row in enumerate(rows):
        for k, pointing in enumerate(row.axis):
            axis[i, k] = pointing
    columns: dict[str, Any] = {
        name: np.array([getattr(row, name) for row in rows], dtype=np.float64) for name in _rows.NUMBERS
    }
    columns |= {name: np.array([getattr(row, name) for row in rows], dtype=np.int64) for name in _rows.CODES}
    return Ends(
        id=tuple(row.id for row in rows),
        owner=tuple(owner for owner, _, _ in gathered.owners),
        holder=tuple(holder for _, holder, _ in gathered.owners),
        owner_index=np.array([order[owner] for owner, _, _ in gathered.owners], dtype=np.int64),
        source=tuple(source for _, _, source in gathered.owners),
        outline=tuple(row.outline for row in rows),
        axis=axis,
        antenna=np.array([place[canonical(row.antenna)] for row in rows], dtype=np.int64),
        specs=tuple(specs),
        frequency_mhz=frequency_mhz,
        **columns,
    )
