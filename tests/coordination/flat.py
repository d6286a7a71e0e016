"""A tiny ground for tests: a flat plain, profiles of great circles, no clutter."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

from comity.propagation.paths import INLAND, Paths
from comity.terrain.geodesy import distance_km


@dataclass(frozen=True)
class FlatGround:
    level_m: float = 0.0
    cover_height_m: float = 0.0

    def paths(self, tx_lat, tx_lon, rx_lat, rx_lon, *, spacing_m=50.0, cover="none"):
        length = distance_km(tx_lat, tx_lon, rx_lat, rx_lon)
        points = np.maximum(np.ceil(length * 1000.0 / spacing_m).astype(int), 2) + 1
        offsets = np.r_[0, np.cumsum(points)]
        distance = np.concatenate([np.linspace(0.0, d, n) for d, n in zip(length, points)])
        size = offsets[-1]
        height = np.full(size, self.level_m)
        cover_m = np.full(size, 0.0 if cover == "none" else self.cover_height_m)
        zone = np.full(size, INLAND, dtype=np.int8)
        return Paths(offsets, distance, height, cover_m, zone, tx_lat, tx_lon, rx_lat, rx_lon)

    def height_m(self, latitude_deg, longitude_deg):
        return np.full(np.shape(latitude_deg), self.level_m)

    def editions(self):
        return [SimpleNamespace(sha256=f"flat-{self.level_m}-{self.cover_height_m}")]
