"""A flat plain to test on, short ways to build a network, and link budgets in plain Python floats."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from types import SimpleNamespace

import numpy as np

from comity.coordination.incumbents import EarthStation
from comity.coordination.network import Area, Network, Provenance, TddFrame, Terminals, Transmitter
from comity.coordination.policy import Criterion, Policy
from comity.propagation.paths import INLAND, Paths
from comity.terrain.geodesy import distance_km

LAT, LON = 57.0, -6.0
#: Kilometres of a degree of latitude near 57 N: close enough to put stations where a test wants them.
KM_PER_DEGREE = 111.33


@dataclass(frozen=True)
class FlatGround:
    level_m: float = 0.0
    cover_height_m: float = 0.0

    def paths(self, tx_lat, tx_lon, rx_lat, rx_lon, *, spacing_m=50.0, cover="none"):
        length = distance_km(tx_lat, tx_lon, rx_lat, rx_lon)
        points = np.maximum(np.ceil(length * 1000.0 / spacing_m).astype(int), 2) + 1
        offsets = np.r_[0, np.cumsum(points)]
        distance = np.concatenate([np.linspace(0.0, d, n) for d, n in zip(length, points)])
        height = np.full(offsets[-1], self.level_m)
        cover_m = np.full(offsets[-1], 0.0 if cover == "none" else self.cover_height_m)
        zone = np.full(offsets[-1], INLAND, dtype=np.int8)
        return Paths(offsets, distance, height, cover_m, zone, tx_lat, tx_lon, rx_lat, rx_lon)

    def height_m(self, latitude_deg, longitude_deg):
        return np.full(np.shape(latitude_deg), self.level_m)

    def editions(self):
        return [SimpleNamespace(sha256=f"flat-{self.level_m}-{self.cover_height_m}")]


BASE_I_N = Criterion("base", "base", 20.0, aggregate=False, i_over_n_db=-6.0)
TERMINAL_I_N = Criterion("terminal", "terminal", 20.0, aggregate=False, i_over_n_db=-6.0)
EARTH_STATION_SUM = Criterion("earth-station", "earth_station", 20.0, aggregate=True, i_over_n_db=-12.2)


def free_space_policy(*criteria, **changes):
    """Free space everywhere and no leakage: budgets that a hand can work."""
    settings = {
        "mobile_model": "free_space",
        "protected_model": "free_space",
        "clutter": "none",
        "base_mask": (),
        "terminal_mask": (),
        "base_selectivity": (),
        "terminal_selectivity": (),
        "inward": "ignore",
        "pairs": frozenset(["base-base"]),
        "max_distance_km": None,
    }
    return Policy(frequency_mhz=4000.0, criteria=criteria or (BASE_I_N,), **(settings | changes))


def station(north_km=0.0, east_km=0.0, *, name="1", eirp_dbm=30.0, **changes):
    lon = LON + east_km / (KM_PER_DEGREE * math.cos(math.radians(LAT)))
    settings = {"height_m": 10.0} | changes
    return Transmitter(name, LAT + north_km / KM_PER_DEGREE, lon, eirp_dbm=eirp_dbm, **settings)


def network(name, *stations, low_mhz=3800.0, width_mhz=40.0, status="in_force", **changes):
    return Network(name, f"holder of {name}", status, low_mhz, low_mhz + width_mhz, stations, **changes)


def candidate(*stations, **changes):
    return network("candidate", *(stations or (station(),)), **({"status": "applied"} | changes))


def with_terminals(net, radius_m=50.0, **terminals):
    first = net.transmitters[0]
    area = Area(first.latitude_deg, first.longitude_deg, radius_m)
    return replace(net, terminals=Terminals(**terminals), area=area)


def earth_station(name, north_km, east_km=0.0, *, azimuth_deg=180.0, elevation_deg=25.0, **changes):
    at = station(north_km, east_km)
    settings = {"low_mhz": 3800.0, "high_mhz": 4200.0} | changes
    return EarthStation(
        name, "teleport", at.latitude_deg, at.longitude_deg, 5.0, azimuth_deg=azimuth_deg,
        elevation_deg=elevation_deg, **settings,
    )  # fmt: skip


GNSS = TddFrame("DDDSU", 30, "10:2:2", "gnss")


def free_space(frequency_mhz, kilometres):
    """P.525: 32.4 + 20 log f + 20 log d."""
    return 32.4 + 20.0 * math.log10(frequency_mhz) + 20.0 * math.log10(kilometres)


def between(a, b):
    return float(distance_km(a.latitude_deg, a.longitude_deg, b.latitude_deg, b.longitude_deg))


def decibel_sum(*levels):
    return 10.0 * math.log10(sum(10.0 ** (level / 10.0) for level in levels))


def write(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def without_source(register):
    bare = Provenance()
    return tuple(
        tuple(replace(item, source=bare) for item in group)
        for group in (register.networks, register.earth_stations, register.fixed_links)
    )
