"""At least 100 000 distinct links cut from the shipped terrain, the same at every run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from comity.propagation.paths import Paths, select

Float = NDArray[np.float64]

SEED = 20261122
PERCENTAGES = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0)


@dataclass(frozen=True, slots=True)
class Links:
    """Paths and what each needs besides: arrays of one value a link."""

    paths: Paths
    frequency_mhz: Float
    time_percent: Float
    tx_height_m: Float
    rx_height_m: Float
    polarisation: Float
    dn: Float
    n0: Float
    pressure_hpa: Float
    temperature_c: Float

    def site(self) -> dict[str, Float]:
        """Return the keyword arguments that both models take."""
        return {
            name: getattr(self, name) for name in ("tx_height_m", "rx_height_m", "polarisation", "dn", "n0")
        }


def cut_from_terrain(count: int = 100_000, spacing_m: float = 50.0) -> Links:
    """Links of 2 to 18 km between places of Taiwan: plains, ranges, coasts and sea, with their clutter."""
    from comity.terrain import open_ground
    from comity.terrain.geodesy import destination

    ground, rng = open_ground(), np.random.default_rng(SEED)
    parts: list[Paths] = []
    kept = 0
    while kept < count:
        lat, lon = rng.uniform(22.1, 25.1), rng.uniform(120.2, 121.8)
        there = destination(lat, lon, rng.uniform(0, 360, 250), rng.uniform(2.0, 18.0, 250))
        paths, holes = ground.paths_with_holes(lat, lon, *there, spacing_m=spacing_m, cover="degurba")
        whole = np.flatnonzero(~np.logical_or.reduceat(holes, paths.offsets[:-1]))
        if whole.size:
            parts.append(select(paths, whole[: count - kept]))
            kept += len(parts[-1])
    return with_radio(join(parts), rng)


def equal_length(count: int, points: int) -> Links:
    """Synthetic links of 10 km with a given number of points each, for scaling curves."""
    rng = np.random.default_rng(SEED)
    d = np.tile(np.linspace(0.0, 10.0, points), count)
    h = np.abs(np.cumsum(rng.normal(0.0, 60.0 / np.sqrt(points), (count, points)), axis=1)).ravel() + 40.0
    cover = np.where(rng.random(h.size) < 0.3, 10.0, 0.0)
    lat = rng.uniform(22.0, 25.0, count)
    lon = np.full(count, 121.0)
    offsets = np.arange(count + 1) * points
    zone = np.full(h.size, 2, dtype=np.int8)
    return with_radio(Paths(offsets, d, h, cover, zone, lat, lon, lat + 10.0 / 111.2, lon), rng)


def with_radio(paths: Paths, rng: np.random.Generator) -> Links:
    """Give each link a frequency, a percentage, heights and weather."""
    n = len(paths)
    return Links(
        paths,
        frequency_mhz=rng.choice([700.0, 2600.0, 3900.0, 4850.0], n),
        time_percent=rng.choice(PERCENTAGES, n),
        tx_height_m=rng.uniform(5.0, 60.0, n),
        rx_height_m=rng.uniform(1.5, 30.0, n),
        polarisation=rng.integers(1, 3, n).astype(np.float64),
        dn=rng.uniform(40.0, 70.0, n),
        n0=rng.uniform(330.0, 370.0, n),
        pressure_hpa=np.full(n, 1013.25),
        temperature_c=np.full(n, 15.0),
    )


def join(parts: list[Paths]) -> Paths:
    """Return the links of all parts in one record."""
    sizes = np.concatenate([np.diff(part.offsets) for part in parts])
    fields = ("distance_km", "height_m", "cover_m", "zone")
    ends = ("tx_latitude_deg", "tx_longitude_deg", "rx_latitude_deg", "rx_longitude_deg")
    flat = {name: np.concatenate([getattr(part, name) for part in parts]) for name in (*fields, *ends)}
    return Paths(offsets=np.concatenate([[0], np.cumsum(sizes)]), **flat)


def write_for_peer(links: Links, folder: Path) -> None:
    """Write little-endian arrays for a peer that is a program of its own.

    ``offsets.bin`` int64, ``distance_km.bin``, ``height_m.bin``, ``cover_m.bin`` float64, ``zone.bin`` int8, and
    ``links.bin`` float64 with one row for each of: frequency [GHz], percentage, heights of transmitter and receiver,
    latitude and longitude of both, DN, N0, polarisation (1 horizontal, 2 vertical), pressure [hPa], temperature [C].
    """
    paths = links.paths
    for name in ("distance_km", "height_m", "cover_m", "zone"):
        getattr(paths, name).tofile(folder / f"{name}.bin")
    paths.offsets.astype(np.int64).tofile(folder / "offsets.bin")
    rows = [links.frequency_mhz * 1e-3, links.time_percent, links.tx_height_m, links.rx_height_m]
    rows += [paths.tx_latitude_deg, paths.tx_longitude_deg, paths.rx_latitude_deg, paths.rx_longitude_deg]
    rows += [links.dn, links.n0, links.polarisation, links.pressure_hpa, links.temperature_c]
    np.array(rows).tofile(folder / "links.bin")
