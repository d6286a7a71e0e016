"""Terrain profiles in even steps, as ITM needs them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.propagation._itm_terrain import HIGHEST_M, LOWEST_M, even_steps
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
        """Note profiles that are too short or do not hold together, and steps that cannot be."""
        counts, m = np.diff(self.offsets), self.height_m.size
        if self.offsets[0] != 0 or self.offsets[-1] != m or self.spacing_m.size != len(self):
            accepted = f"offsets from 0 to {m}, the number of heights, and one spacing a link"
            check.note("paths", "offsets, heights and spacings do not fit each other", accepted)
        if (counts < 2).any():
            link = int(np.argmax(counts < 2))
            check.note(f"paths[{link}]", f"{counts[link]} points", "at least 2 points a link")
        check.within("spacing_m", self.spacing_m, 0.0, np.inf, "m", open_ends=True)

    def check_heights(self, check: Validity) -> None:
        """Note heights that do not exist; the walk over the profiles finds out whether there are any."""
        check.within("height_m", self.height_m, LOWEST_M, HIGHEST_M, "m")


def profiles(paths: Paths) -> Profiles:
    """Return the terrain of ``paths`` in even steps, as many points a link as it has.

    Parameters
    ----------
    paths : profiles of n links; one whose steps differ by less than a millionth of its length is kept as it is, any
        other is interpolated linearly. Ground cover and zones do not enter ITM.

    Notes
    -----
    Where all links are even, the heights are those of ``paths``, not a copy.
    """
    offsets = np.ascontiguousarray(paths.offsets, dtype=np.int64)
    distance = np.ascontiguousarray(paths.distance_km, dtype=np.float64)
    heights = np.ascontiguousarray(paths.height_m, dtype=np.float64)
    spacing, uneven = np.empty(len(paths)), np.empty(len(paths))
    even_steps(offsets, distance, spacing, uneven)
    links = np.flatnonzero(uneven)
    if links.size:
        heights = heights.copy()
    for link in links:
        points = slice(offsets[link], offsets[link + 1])
        own = distance[points]
        heights[points] = np.interp(np.linspace(own[0], own[-1], own.size), own, heights[points])
    return Profiles(offsets, heights, spacing)
