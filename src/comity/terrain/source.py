"""A data set on its way in: a north-up grid, its reference system, and rows on request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from comity.terrain.edition import Grid

#: Heights outside this range are not ground on Earth but an undeclared nodata value or another unit [m].
LOWEST_M, HIGHEST_M = -500.0, 9000.0


@dataclass(frozen=True, slots=True)
class Source:
    """One grid that can be added.

    Parameters
    ----------
    name : file name, for messages
    grid : see :class:`comity.terrain.edition.Grid`
    crs : ``"EPSG:..."`` or WKT; empty where the file does not tell
    read : ``read(first, stop)`` returns rows as float32 with NaN for nodata (heights) or uint8 (codes)
    title, licence, attribution, origin : as far as the file tells
    notes : what else the file tells (vertical datum, epoch)
    """

    name: str
    grid: Grid
    crs: str
    read: Callable[[int, int], NDArray[np.float32]]
    title: str
    licence: str = ""
    attribution: str = ""
    origin: str = ""
    notes: dict[str, str] = field(default_factory=dict)


def trim_nodata(values: NDArray[np.float64], nodata: float | None) -> NDArray[np.float32]:
    """Return heights as float32 with NaN where ``values`` is ``nodata`` or not finite."""
    bad = ~np.isfinite(values)
    if nodata is not None:
        bad |= values == nodata
    out = values.astype(np.float32)
    out[bad] = np.nan
    # Negative zero is the mark of the sea; a height of -0 in a file is land at 0 m.
    out[out == 0.0] = 0.0
    return out
