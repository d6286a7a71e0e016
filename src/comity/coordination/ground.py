"""What coordination asks of the ground."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comity.propagation.paths import Paths

Float = NDArray[np.float64]


class Ground(Protocol):
    """What coordination asks of the ground; :class:`comity.terrain.ground.Ground` answers it."""

    def paths(
        self,
        tx_latitude_deg: ArrayLike,
        tx_longitude_deg: ArrayLike,
        rx_latitude_deg: ArrayLike,
        rx_longitude_deg: ArrayLike,
        *,
        spacing_m: float,
        cover: Any,
    ) -> Paths:
        """Return terrain profiles."""

    def height_m(self, latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> Float:
        """Return terrain heights above mean sea level [m]."""

    def editions(self) -> Sequence[Any]:
        """Return the editions in reach, each with its ``sha256``."""


def ground_key(ground: Ground) -> str:
    """Return the editions of the ground, and whether it was flattened."""
    hashes = [edition.sha256 for edition in ground.editions()]
    return ",".join([*hashes, str(getattr(ground, "flat_m", None))])
