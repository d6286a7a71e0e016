"""Terrain profiles in even steps, as ITM needs them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.propagation._validity import Validity
from comity.propagation.paths import Paths

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Profiles:
    """Evenly spaced profiles of n links, m points in all.

    Parameters
    ----------
    offsets : int64 (n + 1,); link i owns the points ``offsets[i]`` to ``offsets[i + 1]``, two or more
    height_m : float64 (m,), terrain height above mean sea level [m]
    spacing_m : float64 (n,), distance between neighbouring points of each link [m], above 0
    """

    offsets: NDArray[np.int64]
    height_m: Float
    spacing_m: Float

    @classmethod
    def from_rows(cls, rows: Iterable[tuple[float, Float]]) -> Profiles:
        """Build from (spacing [m], heights [m]) of each link."""
        pairs = [(spacing, np.asarray(heights, dtype=np.float64)) for spacing, heights in rows]
        offsets = np.concatenate(([0], np.cumsum([len(heights) for _, heights in pairs]))).astype(np.int64)
        return cls(
            offsets, np.concatenate([heights for _, heights in pairs]), np.array([s for s, _ in pairs])
        )

    def __len__(self) -> int:
        """Return the number of links."""
        return len(self.offsets) - 1

    def check(self, check: Validity) -> None:
        """Note profiles that are too short, and heights and steps that cannot be."""
        counts = np.diff(self.offsets)
        if (counts < 2).any():
            link = int(np.argmax(counts < 2))
            check.note(f"paths[{link}]", f"{counts[link]} points", "at least 2 points a link")
        check.within("spacing_m", self.spacing_m, 0.0, np.inf, "m", open_ends=True)
        check.within("height_m", self.height_m, -500.0, 9_000.0, "m")


def profiles(paths: Paths) -> Profiles:
    """Return the terrain of ``paths`` in even steps, as many points a link as it has.

    Parameters
    ----------
    paths : profiles of n links; one whose steps differ by less than a millionth of its length is kept as it is, any
        other is interpolated linearly. Ground cover and zones do not enter ITM.
    """
    heights = np.asarray(paths.height_m, dtype=np.float64).copy()
    spacing = np.empty(len(paths))
    for link in range(len(paths)):
        points = slice(int(paths.offsets[link]), int(paths.offsets[link + 1]))
        distance = paths.distance_km[points]
        even = np.linspace(distance[0], distance[-1], distance.size)
        if np.abs(even - distance).max() > 1e-6 * distance[-1]:
            heights[points] = np.interp(even, distance, heights[points])
        spacing[link] = 1000.0 * (distance[-1] - distance[0]) / max(distance.size - 1, 1)
    return Profiles(np.asarray(paths.offsets, dtype=np.int64), heights, spacing)
