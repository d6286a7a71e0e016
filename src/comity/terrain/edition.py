"""An edition: one data set of the ground, named by the hash of everything that a decision can depend on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Kind = Literal["height", "clutter", "coastline"]
KINDS: tuple[Kind, ...] = ("height", "clutter", "coastline")

#: Changes when the meaning of the stored arrays changes; part of every hash.
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """A north-up grid in its own coordinate reference system.

    Parameters
    ----------
    west, north : outer edges of the first column and row [unit of the CRS]
    cell_x, cell_y : cell size, both positive [unit of the CRS]
    rows, columns : size
    """

    west: float
    north: float
    cell_x: float
    cell_y: float
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class LatticeShape:
    """Where the nodes lie at which grid coordinates are stored (see :mod:`comity.terrain.lattice`).

    Parameters
    ----------
    south, west : first node [deg], WGS 84
    step_latitude, step_longitude : spacing [deg]
    unit : size of one count of the stored integers [unit of the CRS]
    """

    south: float
    west: float
    step_latitude: float
    step_longitude: float
    unit: float


@dataclass(frozen=True, slots=True)
class Edition:
    """One data set of the ground and where it comes from.

    Parameters
    ----------
    id : short name, ``<title in letters>-<first eight digits of sha256>``
    kind : ``"height"`` [m above mean sea level], ``"clutter"`` (degree-of-urbanisation codes) or ``"coastline"``
    title : name for people
    licence, attribution : terms, and the line that must travel with the data
    crs : coordinate reference system as given (``"EPSG:27700"``)
    resolution_m : cell size on the ground [m]
    bounds_wgs84 : west, south, east, north [deg]; east < west where the antimeridian is crossed
    sha256 : hash over heights, nodata, sea, grid and georeference; the identity of the edition
    source : where the data were obtained
    sample : whether the edition ships with the package
    notes : epoch, vertical datum, transformation, quality
    """

    id: str
    kind: Kind
    title: str
    licence: str
    attribution: str
    crs: str
    resolution_m: float
    bounds_wgs84: tuple[float, float, float, float]
    sha256: str
    source: str
    grid: Grid
    lattice: LatticeShape
    sample: bool = False
    notes: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the record for JSON."""
        return asdict(self)

    def covers(self, latitude_deg: float, longitude_deg: float) -> bool:
        """Whether a place lies inside ``bounds_wgs84``."""
        west, south, east, north = self.bounds_wgs84
        inside = west <= longitude_deg <= east if west <= east else not east < longitude_deg < west
        return south <= latitude_deg <= north and inside

    def meets(self, west: float, south: float, east: float, north: float) -> bool:
        """Whether the bounds meet a box [deg]; its longitudes may run beyond 180."""
        a, b, c, d = self.bounds_wgs84
        c += 360.0 if c < a else 0.0
        turns = (-720.0, -360.0, 0.0, 360.0, 720.0)
        return any(a + t <= east and west <= c + t for t in turns) and b <= north and south <= d


def from_dict(record: dict[str, Any]) -> Edition:
    """Return the edition whose :meth:`Edition.as_dict` is ``record``."""
    parts = dict(record)
    parts["grid"] = Grid(**parts["grid"])
    parts["lattice"] = LatticeShape(**parts["lattice"])
    parts["bounds_wgs84"] = tuple(parts["bounds_wgs84"])
    return Edition(**parts)


def read_record(folder: Path) -> Edition:
    """Read ``edition.json`` of a stored edition."""
    return from_dict(json.loads((folder / "edition.json").read_text(encoding="utf-8")))


def content_hash(
    kind: Kind,
    grid: Grid,
    shape: LatticeShape,
    lattice: NDArray[np.int64],
    rows: Callable[[], Iterator[NDArray[Any]]],
) -> str:
    """Return the SHA-256 of what decisions depend on.

    A header (kind, grid and lattice as hexadecimal floats), the lattice's integers, then the cells row by row,
    little-endian: float32 heights with one NaN for nodata and -0.0 for sea, or uint8 codes. Titles, licences and
    the spelling of a CRS do not enter: they may be corrected without a new edition.
    """
    header = {
        "format": FORMAT,
        "kind": kind,
        "grid": {k: v.hex() if isinstance(v, float) else v for k, v in asdict(grid).items()},
        "lattice": {k: float(v).hex() for k, v in asdict(shape).items()},
        "nodes": list(lattice.shape),
    }
    digest = hashlib.sha256(json.dumps(header, sort_keys=True, separators=(",", ":")).encode())
    digest.update(lattice.astype("<i8").tobytes())
    for block in rows():
        digest.update(block.astype(block.dtype.newbyteorder("<"), copy=False).tobytes())
    return digest.hexdigest()
