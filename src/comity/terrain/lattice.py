"""From latitude and longitude to a data set's own coordinates, without a projection library at query time.

When a data set is added, its projection is evaluated once on a lattice of latitudes and longitudes, rounded to
1 mm, checked, and stored and hashed with the data. Every later use interpolates that lattice by bicubic Lagrange
polynomials in plain IEEE arithmetic. So no decision hangs on the last bit, the version or the installed datum
grids of a library, and 20 million points a second need no call into one.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from comity.errors import ComityError, Problem
from comity.terrain._compiled import kernel
from comity.terrain.edition import Grid, LatticeShape

if TYPE_CHECKING:
    from pyproj import CRS, Transformer

Float = NDArray[np.float64]

#: Ground kept around a data set, so that every path segment that touches it has its nodes on the lattice [deg].
_PAD_LATITUDE_DEG = 0.6
_START_STEP_DEG = 0.25
_HIGHEST_LATITUDE_DEG = 88.0


@kernel
def _weights(s: float) -> tuple[float, float, float, float]:
    """Return the cubic Lagrange weights of nodes -1, 0, 1, 2 at ``s`` between nodes 0 and 1."""
    return (
        -s * (s - 1.0) * (s - 2.0) / 6.0,
        (s + 1.0) * (s - 1.0) * (s - 2.0) / 2.0,
        -(s + 1.0) * s * (s - 2.0) / 2.0,
        (s + 1.0) * s * (s - 1.0) / 6.0,
    )


@kernel
def locate(latitude_deg: float, longitude_deg: float, place: Float, nodes: Float) -> tuple[float, float]:
    """Return column and row (cell centres at whole numbers) of a place; NaN away from the data set.

    Parameters
    ----------
    latitude_deg, longitude_deg : [deg], WGS 84
    place : (4,) first latitude and longitude [deg], steps a degree
    nodes : (2, n, m) columns and rows at the lattice's nodes
    """
    u = (latitude_deg - place[0]) * place[2]
    east = longitude_deg - place[1]
    while east < 0.0:
        east += 360.0
    while east >= 360.0:
        east -= 360.0
    v = east * place[3]
    i, j = int(math.floor(u)), int(math.floor(v))  # noqa: RUF046 (floats on a GPU)
    if not (1 <= i <= nodes.shape[1] - 3 and 1 <= j <= nodes.shape[2] - 3):
        return math.nan, math.nan
    p, q = _weights(u - i), _weights(v - j)
    column, row = 0.0, 0.0
    for a in range(4):
        line = nodes[0, i - 1 + a]
        other = nodes[1, i - 1 + a]
        k = j - 1
        column += p[a] * (q[0] * line[k] + q[1] * line[k + 1] + q[2] * line[k + 2] + q[3] * line[k + 3])
        row += p[a] * (q[0] * other[k] + q[1] * other[k + 1] + q[2] * other[k + 2] + q[3] * other[k + 3])
    return column, row


@kernel
def _locate_all(lat: Float, lon: Float, place: Float, nodes: Float, column: Float, row: Float) -> None:
    for i in range(lat.size):
        column[i], row[i] = locate(lat[i], lon[i], place, nodes)


def node_pixels(grid: Grid, shape: LatticeShape, lattice: NDArray[np.int64]) -> tuple[Float, Float]:
    """Return ``place`` and ``nodes`` as :func:`locate` wants them."""
    x, y = lattice[0] * shape.unit, lattice[1] * shape.unit
    nodes = np.stack([(x - grid.west) / grid.cell_x - 0.5, (grid.north - y) / grid.cell_y - 0.5])
    place = [shape.south, shape.west, 1.0 / shape.step_latitude, 1.0 / shape.step_longitude]
    return np.array(place), np.ascontiguousarray(nodes)


def pixels(lat: Float, lon: Float, place: Float, nodes: Float) -> tuple[Float, Float]:
    """Return columns and rows of places, see :func:`locate`."""
    column, row = np.empty(lat.size), np.empty(lat.size)
    _locate_all(lat, lon, place, nodes, column, row)
    return column, row


def build(
    grid: Grid, crs: str, place: str
) -> tuple[LatticeShape, NDArray[np.int64], tuple[float, float, float, float], str]:
    """Evaluate the projection of ``crs`` around ``grid``.

    Returns
    -------
    shape, lattice (2, n, m), bounds in WGS 84 (west, south, east, north), description of the transformation
    """
    from pyproj import CRS
    from pyproj.network import set_network_enabled  # type: ignore[attr-defined]

    set_network_enabled(False)
    system = CRS.from_user_input(crs)
    if not (system.is_geographic or system.is_projected):
        raise ComityError(
            "unusable coordinate reference system", [Problem(place, f"{crs} is not a map projection")]
        )
    transformer = _transformer(system)
    east, south = grid.west + grid.cell_x * grid.columns, grid.north - grid.cell_y * grid.rows
    west_deg, *rest = transformer.transform_bounds(
        grid.west, south, east, grid.north, 21, direction="INVERSE"
    )
    bounds = (_wrap(west_deg), rest[0], _wrap(rest[1]), rest[2])
    if not all(map(math.isfinite, bounds)) or max(abs(bounds[1]), abs(bounds[3])) > _HIGHEST_LATITUDE_DEG:
        message = f"the grid does not lie on the Earth between {-_HIGHEST_LATITUDE_DEG} and {_HIGHEST_LATITUDE_DEG} deg"
        raise ComityError("unusable georeference", [Problem(place, message, "a grid placed in its own CRS")])
    unit = 1e-8 if system.is_geographic else 1e-3
    step = _START_STEP_DEG
    for _ in range(6):
        shape, lattice, error = _evaluate(transformer, bounds, step, unit)
        if error <= unit:
            note = f"{transformer.description}; stated accuracy {transformer.accuracy} m"
            return shape, lattice, bounds, note
        step /= 2.0
    message = f"{crs} cannot be interpolated to 1 mm here (error {error:.3g})"
    raise ComityError("unusable coordinate reference system", [Problem(place, message, "another CRS")])


def _wrap(longitude_deg: float) -> float:
    return longitude_deg if -180.0 <= longitude_deg <= 180.0 else (longitude_deg + 180.0) % 360.0 - 180.0


def _transformer(system: CRS) -> Transformer:
    """Return WGS 84 (longitude, latitude) -> ``system`` by the best operation that is installed."""
    import warnings

    from pyproj import Transformer
    from pyproj.transformer import TransformerGroup

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        group = TransformerGroup("OGC:CRS84", system, always_xy=True)
    return (
        group.transformers[0]
        if group.transformers
        else Transformer.from_crs("OGC:CRS84", system, always_xy=True)
    )


def _evaluate(
    transformer: Transformer, bounds: tuple[float, float, float, float], step: float, unit: float
) -> tuple[LatticeShape, NDArray[np.int64], float]:
    """Return a lattice of spacing ``step`` around ``bounds`` and its greatest error at cell centres [unit]."""
    west, south, east, north = bounds
    if east < west:
        east += 360.0
    widen = 1.0 / math.cos(math.radians(max(abs(south), abs(north)) + _PAD_LATITUDE_DEG))
    step_lon = step * max(1.0, math.floor(widen))
    first_lat = math.floor((south - _PAD_LATITUDE_DEG) / step - 1.0) * step
    first_lon = math.floor((west - _PAD_LATITUDE_DEG * widen) / step_lon - 1.0) * step_lon
    n = math.ceil((north + _PAD_LATITUDE_DEG - first_lat) / step) + 3
    m = math.ceil((east + _PAD_LATITUDE_DEG * widen - first_lon) / step_lon) + 3

    def project(lat: NDArray[Any], lon: NDArray[Any]) -> Float:
        mesh_lon, mesh_lat = np.meshgrid(lon, np.clip(lat, -89.9999, 89.9999))
        wrapped = (mesh_lon + 180.0) % 360.0 - 180.0
        x, y = transformer.transform(wrapped, mesh_lat)
        if unit < 1e-6:  # a geographic grid's longitudes must not jump inside the lattice
            x = x + 360.0 * np.rint((mesh_lon - x) / 360.0)
        return np.stack([x, y])

    lat = first_lat + step * np.arange(n, dtype=np.float64)
    lon = first_lon + step_lon * np.arange(m, dtype=np.float64)
    lattice = np.rint(project(lat, lon) / unit).astype(np.int64)
    shape = LatticeShape(first_lat, first_lon, step, step_lon, unit)
    inner_lat, inner_lon = lat[1:-2] + 0.5 * step, lon[1:-2] + 0.5 * step_lon
    truth = project(inner_lat, inner_lon)
    place = np.array([first_lat, first_lon, 1.0 / step, 1.0 / step_lon])
    mesh_lon, mesh_lat = np.meshgrid(inner_lon, inner_lat)
    x, y = pixels(mesh_lat.reshape(-1), mesh_lon.reshape(-1), place, np.asarray(lattice * unit, np.float64))
    error = max(np.abs(x - truth[0].reshape(-1)).max(), np.abs(y - truth[1].reshape(-1)).max())
    return shape, lattice, float(error) if math.isfinite(error) else math.inf
