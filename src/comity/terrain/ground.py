"""The ground: heights, clutter, land and sea at places and along paths, from every edition in reach.

At each place the finest data set that has a value there counts. A valid height is land whatever the coastline
says (unless the data set itself shows the sea, see :mod:`comity.terrain.sea`). No data outside the coastline is
sea at 0 m; no data inside it, or where no coastline is known, is an error that names the place.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comity.errors import MissingError, Problem, ValidityError
from comity.propagation.paths import INLAND, SEA, Paths
from comity.terrain import _sample as kernels
from comity.terrain.cover import heights_m
from comity.terrain.edition import Edition
from comity.terrain.folders import store_folder
from comity.terrain.frame import Frame
from comity.terrain.lattice import pixels
from comity.terrain.layer import Layer, open_layer
from comity.terrain.track import GreatCircles, Rows, Track

if TYPE_CHECKING:
    from comity.terrain.window import Window

Float = NDArray[np.float64]
Cover = Literal["none", "degurba"]

_NAMED = 5
_BLOCK_POINTS = 2_000_000


def open_ground(store: str | os.PathLike[str] | None = None, samples: bool = True) -> Ground:
    """Open the user's store and the samples that ship with the package.

    Parameters
    ----------
    store : folder of added editions; default COMITY_HOME, else the user's data folder
    samples : whether the shipped samples count

    Examples
    --------
    >>> ground = open_ground()
    >>> ground.height_m([24.7740], [120.9977])  # doctest: +SKIP
    array([21.])
    """
    from comity.terrain.samples import open_samples

    folder = store_folder(store)
    layers = (
        [open_layer(f.parent) for f in sorted(folder.glob("[0-9a-f]*/edition.json"))]
        if folder.is_dir()
        else []
    )
    known = {layer.edition.sha256 for layer in layers}
    if samples:
        layers += [layer for layer in open_samples() if layer.edition.sha256 not in known]
    return Ground(tuple(layers))


@dataclass(frozen=True)
class Ground:
    """All editions in reach, finest first.

    Parameters
    ----------
    layers : opened editions in any order
    flat_m : every land point has this height instead of its own [m], if given
    """

    layers: tuple[Layer, ...]
    flat_m: float | None = None

    def __post_init__(self) -> None:
        order = sorted(
            self.layers, key=lambda a: (a.edition.resolution_m, a.edition.sample, a.edition.sha256)
        )
        object.__setattr__(self, "layers", tuple(order))

    def __repr__(self) -> str:
        flat = "" if self.flat_m is None else f", flat at {self.flat_m:g} m"
        return f"Ground({', '.join(edition.id for edition in self.editions())}{flat})"

    def of_kind(self, kind: str) -> tuple[Layer, ...]:
        """Return the layers of one kind, finest first."""
        return tuple(layer for layer in self.layers if layer.edition.kind == kind)

    def editions(self) -> tuple[Edition, ...]:
        """Return the editions in reach, finest first."""
        return tuple(layer.edition for layer in self.layers)

    def editions_used(self, latitudes: ArrayLike, longitudes: ArrayLike) -> tuple[Edition, ...]:
        """Return every edition that can have a say between the given places: those that meet their bounding box.

        Parameters
        ----------
        latitudes, longitudes : (n,) [deg], WGS 84
        """
        lat, lon = np.atleast_1d(np.asarray(latitudes, float)), np.atleast_1d(np.asarray(longitudes, float))
        turned = lon[0] + (lon - lon[0] + 180.0) % 360.0 - 180.0
        west, east, south, north = turned.min(), turned.max(), lat.min(), lat.max()

        def meets(edition: Edition) -> bool:
            a, b, c, d = edition.bounds_wgs84
            c += 360.0 if c < a else 0.0
            return (
                any(a + s <= east and west <= c + s for s in (-360.0, 0.0, 360.0))
                and b <= north
                and south <= d
            )

        return tuple(e for e in self.editions() if meets(e))

    def restricted(self, sha256s: Iterable[str]) -> Ground:
        """Return the ground made of the named editions alone, as a replay needs it.

        Parameters
        ----------
        sha256s : hashes of editions; one that is not in reach raises MissingError
        """
        wanted = set(sha256s)
        absent = sorted(wanted - {layer.edition.sha256 for layer in self.layers})
        if absent:
            problems = [Problem(h, "this edition is not in reach", "comity terrain add FILE") for h in absent]
            raise MissingError("ground editions are missing", problems)
        return replace(self, layers=tuple(a for a in self.layers if a.edition.sha256 in wanted))

    def flattened(self, height_m: float = 0.0) -> Ground:
        """Return the same land, sea and zones with every land point at one height [m]."""
        return replace(self, flat_m=float(height_m))

    def height_m(self, latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> Float:
        """Return terrain heights above mean sea level, the sea at 0.

        Parameters
        ----------
        latitude_deg, longitude_deg : (n,) [deg], WGS 84

        Returns
        -------
        float64 (n,) [m]
        """
        return self._settled(latitude_deg, longitude_deg)[0]

    def is_sea(self, latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> NDArray[np.bool_]:
        """Return whether places lie on the sea; parameters as :meth:`height_m`."""
        return np.equal(self._settled(latitude_deg, longitude_deg)[1], SEA)

    def zone(self, latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> NDArray[np.int8]:
        """Return radio-climatic zones (1 coastal land, 2 inland, 3 sea); parameters as :meth:`height_m`."""
        return self._settled(latitude_deg, longitude_deg)[1]

    def clutter_class(self, latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> NDArray[np.int16]:
        """Return degree-of-urbanisation codes, 0 where unknown.

        Parameters
        ----------
        latitude_deg, longitude_deg : (n,) [deg], WGS 84

        Returns
        -------
        int16 (n,), codes of :data:`comity.terrain.cover.CLASSES`
        """
        return self._codes("clutter", *_places(latitude_deg, longitude_deg)).astype(np.int16)

    def paths(
        self,
        tx_latitude_deg: ArrayLike,
        tx_longitude_deg: ArrayLike,
        rx_latitude_deg: ArrayLike,
        rx_longitude_deg: ArrayLike,
        *,
        spacing_m: float = 50.0,
        max_points: int | None = None,
        cover: Cover = "none",
    ) -> Paths:
        """Return terrain profiles along great circles.

        The track is the great circle through both ends on the sphere of geographic latitudes, as ITU-R models
        take it; its length is that of the WGS 84 geodesic, to 1 mm. Points are equally spaced, three or more.

        Parameters
        ----------
        tx_latitude_deg, tx_longitude_deg, rx_latitude_deg, rx_longitude_deg : (n,) [deg], WGS 84, broadcast
        spacing_m : greatest distance between points [m]
        max_points : greatest number of points of one path; where it binds, the spacing grows
        cover : ``"degurba"`` adds clutter heights (see :mod:`comity.terrain.cover`), none on the sea and where the
            surveyed ground lies at or below 0 m; ``"none"`` leaves them 0

        Raises
        ------
        MissingError : where a path crosses land without data, naming the places
        """
        ends = [
            np.asarray(v, np.float64)
            for v in (tx_latitude_deg, tx_longitude_deg, rx_latitude_deg, rx_longitude_deg)
        ]
        lat1, lon1, lat2, lon2 = (np.array(a).reshape(-1) for a in np.broadcast_arrays(*ends))
        track = _measured((lat1, lon1, lat2, lon2), spacing_m, max_points)
        paths = self._profiles(track, (lat1, lon1, lat2, lon2), cover)
        holes = np.flatnonzero(np.isnan(paths.height_m))
        if holes.size:
            _, first = np.unique(np.searchsorted(track.offsets, holes, side="right"), return_index=True)
            raise _missing(holes.size, *track.where(holes[first[:_NAMED]]))
        return paths

    def paths_with_holes(
        self,
        latitude_deg: float,
        longitude_deg: float,
        to_latitude_deg: Float,
        to_longitude_deg: Float,
        *,
        spacing_m: float,
        cover: Cover = "none",
    ) -> tuple[Paths, NDArray[np.bool_]]:
        """Return profiles from one place to many, and which of their points lie on land without data.

        For pictures of an area, which may leave pixels blank where a decision may not. Points without data have
        the height 0 and may enter no result; elsewhere the profiles are those of :meth:`paths`, bit for bit, and
        places, spacings and lengths that it refuses are refused.
        """
        n = to_latitude_deg.size
        ends = np.full(n, latitude_deg), np.full(n, longitude_deg), to_latitude_deg, to_longitude_deg
        paths = self._profiles(_measured(ends, spacing_m, None), ends, cover)
        holes = np.isnan(paths.height_m)
        if holes.any():
            paths.height_m[holes] = 0.0
            paths.zone[holes] = INLAND
        return paths, holes

    def frame_heights_and_zones(self, frame: Frame) -> tuple[Float, NDArray[np.int8]]:
        """Return heights, NaN on land without data, and zones (there 0) of all pixels of a frame, row by row.

        Places are interpolated along rows: within 1 mm of those that :meth:`height_m` looks up, and faster.
        """
        height, zone = np.empty(frame.side**2), np.empty(frame.side**2, dtype=np.int8)
        per_block = max(1, _BLOCK_POINTS // frame.side)
        for first in range(0, frame.side, per_block):
            stop = min(first + per_block, frame.side)
            part = slice(first * frame.side, stop * frame.side)
            height[part], zone[part] = self._along(Rows(frame, first, stop))
        return height, zone

    def _along(self, track: Track) -> tuple[Float, NDArray[np.int8]]:
        """Return heights, NaN on land without data, and zones of the points of lines."""
        height, zone = self._as_surveyed(track)
        self._flatten(height, zone)
        return height, zone

    def _as_surveyed(self, track: Track) -> tuple[Float, NDArray[np.int8]]:
        height = track.heights(self.of_kind("height"))
        zone = np.empty(height.size, dtype=np.int8)
        kernels.settle_zones(0, 1, height, track.codes(self.of_kind("coastline")), zone)
        return height, zone

    def _flatten(self, height: Float, zone: NDArray[np.int8]) -> None:
        if self.flat_m is not None:
            kernels.flatten(0, 1, self.flat_m, height, zone)

    def _profiles(self, track: GreatCircles, ends: tuple[Float, Float, Float, Float], cover: Cover) -> Paths:
        """Return profiles, NaN at points without ground."""
        if cover not in get_args(Cover):
            problem = Problem("cover", repr(cover), ", ".join(get_args(Cover)))
            raise ValidityError("no such cover of the ground", [problem])
        height, zone = self._as_surveyed(track)
        cover_m = np.zeros(height.size)
        if cover == "degurba":
            code = track.codes(self.of_kind("clutter"))
            kernels.settle_cover(0, 1, height, zone, code, heights_m(), cover_m)
        self._flatten(height, zone)
        return Paths(track.offsets, track.distance_km, height, cover_m, zone, *ends)

    def window(self, latitude_deg: float, longitude_deg: float, radius_km: float, pixel_m: float) -> Window:
        """Return the ground around a place on a square raster, see :class:`comity.terrain.window.Window`."""
        from comity.terrain.window import cut

        return cut(self, latitude_deg, longitude_deg, radius_km, pixel_m)

    def _codes(self, kind: str, lat: Float, lon: Float) -> NDArray[np.uint8]:
        code = np.zeros(lat.size, dtype=np.uint8)
        for layer in self.of_kind(kind):
            kernels.point_codes(*pixels(lat, lon, layer.place, layer.nodes), layer.cells, code)
        return code

    def heights_and_zones(self, lat: Float, lon: Float) -> tuple[Float, NDArray[np.int8]]:
        """Return heights, NaN on land without data, and zones (there 0) of places in flat arrays."""
        height, zone = np.full(lat.size, np.nan), np.empty(lat.size, dtype=np.int8)
        for whole_cell in (False, True):
            for layer in self.of_kind("height"):
                if np.isnan(height).any():
                    place = pixels(lat, lon, layer.place, layer.nodes)
                    kernels.point_heights(*place, layer.cells, whole_cell, height)
        kernels.settle_zones(0, 1, height, self._codes("coastline", lat, lon), zone)
        self._flatten(height, zone)
        return height, zone

    def _settled(self, latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> tuple[Float, NDArray[np.int8]]:
        lat, lon = _places(latitude_deg, longitude_deg)
        height, zone = self.heights_and_zones(lat, lon)
        if np.isnan(height).any():
            holes = np.flatnonzero(np.isnan(height))
            raise _missing(holes.size, lat[holes[:_NAMED]], lon[holes[:_NAMED]])
        return height, zone


def _places(latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> tuple[Float, Float]:
    """Return flat arrays of places after checking that they lie on Earth."""
    pair = np.broadcast_arrays(np.asarray(latitude_deg, np.float64), np.asarray(longitude_deg, np.float64))
    lat, lon = (np.array(a).reshape(-1) for a in pair)
    bad = np.flatnonzero(~((np.abs(lat) <= 90.0) & (np.abs(lon) <= 180.0)))
    if bad.size:
        problems = [
            Problem(
                f"place {i}",
                f"latitude {lat[i]}, longitude {lon[i]}",
                "latitude -90..90, longitude -180..180 deg",
            )
            for i in bad[:_NAMED]
        ]
        raise ValidityError(f"{bad.size} places do not lie on Earth", problems)
    return lat, lon


def _measured(
    ends: tuple[Float, Float, Float, Float], spacing_m: float, max_points: int | None
) -> GreatCircles:
    """Return tracks after checking that their ends lie on Earth and their points apart."""
    _places(ends[0], ends[1]), _places(ends[2], ends[3])
    if not spacing_m > 0.0:
        raise ValidityError("profile spacing", [Problem("spacing_m", f"{spacing_m} m", "more than 0 m")])
    return GreatCircles(*ends, spacing_m, max_points)


def _missing(count: int, lat: Float, lon: Float) -> MissingError:
    """Return the error that names the places without ground."""
    accepted = (
        "comity terrain add FILE, with a height grid (GeoTIFF, OS Terrain 50 .asc, SRTM .hgt) of this place"
    )
    problems = [
        Problem(
            f"{abs(a):.4f} {'N' if a >= 0 else 'S'}, {abs(b):.4f} {'E' if b >= 0 else 'W'}",
            "no height on land",
            accepted,
        )
        for a, b in zip(lat, lon, strict=True)
    ]
    return MissingError(f"terrain is missing at {count} point{'s' if count > 1 else ''}", problems)
