"""The map of a report: ground, sea, coverage, site, stations and victims, drawn without any tile server."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from comity.report import map_frame, map_marks
from comity.report.elements import Markup, Words, amount, element
from comity.report.map_frame import MapView
from comity.report.raster import CoverageScale, Raster, coverage_uri, hillshade_uri, land_uri, shrink
from comity.report.svg import Layout, Point, drawing, path, rect, responsive
from comity.rules.finding import Outcome
from comity.rules.text import Text


class MapKind(StrEnum):
    """What a point of the map is; each has its own shape."""

    STATION = "station"
    EARTH_STATION = "earth_station"
    RECEIVER = "receiver"
    LICENCE = "licence"
    SAMPLE = "sample"


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A point in the local frame: east and north of the view's origin [m].

    ``outcome`` colours a victim; ``azimuths_deg`` are the sectors of a station, clockwise from north [deg].
    """

    x_m: float
    y_m: float
    kind: MapKind
    name: Words = ""
    outcome: Outcome | None = None
    azimuths_deg: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class MapLine:
    """A fixed link, from end to end [m], or any other line."""

    points_m: tuple[Point, ...]
    name: Words = ""
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class MapPolygon:
    """An area [m]: the site, or with ``contour`` the line around something (a boundary limit, a zone)."""

    points_m: tuple[Point, ...]
    name: Words = ""
    contour: bool = False


@dataclass(frozen=True, slots=True)
class MapPicture:
    """All that is drawn, in the local frame of ``view``.

    Parameters
    ----------
    view : what part of the frame is shown
    ground : terrain height [m]; a valid cell is land, NaN is sea
    coverage, scale : level of the wanted signal, with its classes; both or neither
    polygons, lines, points : site, fixed links, stations and victims
    """

    view: MapView
    ground: Raster | None = None
    coverage: Raster | None = None
    scale: CoverageScale | None = None
    polygons: tuple[MapPolygon, ...] = ()
    lines: tuple[MapLine, ...] = ()
    points: tuple[MapPoint, ...] = ()


def draw_map(picture: MapPicture, labelled_by: str, id_: str = "map") -> Markup:
    """Return the map for wide and narrow pages; its pictures stand in the page once.

    ``id_`` must be unique in the page; words of ``picture`` are escaped.
    """
    views = responsive(lambda layout: _view(picture, layout, id_), labelled_by)
    return element("div", _pictures(picture, id_), views, class_="frame")


def coverage_legend(scale: CoverageScale, title: Words) -> Markup:
    """Return the classes of the coverage, weak to strong."""
    steps = []
    for k, (colour, opacity) in enumerate(scale.colours()):
        swatch = (
            rect(0, 0, 10, 10, "map-land"),
            element("rect", width=10, height=10, fill=colour, fill_opacity=opacity / 255),
        )
        box = element("svg", swatch, viewBox="0 0 10 10", preserveAspectRatio="none", aria_hidden="true")
        more = "≥ " if k == len(scale.edges) - 1 else ""
        steps.append(element("li", box, f"{more}{amount(scale.edges[k], 0)}"))
    head = element("li", title, f" [{scale.unit}]", class_="title")
    return element("ul", head, tuple(steps), class_="steps")


def map_legend(picture: MapPicture) -> Markup:
    """Return the shapes that this map uses and what they mean."""
    names = {
        MapKind.STATION: Text("Base station with its sectors", "基地臺與扇區方向"),
        MapKind.EARTH_STATION: Text("Satellite earth station", "衛星地球電臺"),
        MapKind.RECEIVER: Text("Protected receiver", "受保護接收點"),
        MapKind.LICENCE: Text("Other licence", "其他執照"),
        MapKind.SAMPLE: Text("Tested point", "測試點"),
    }
    used = [kind for kind in MapKind if any(point.kind is kind for point in picture.points)]
    entries: list[tuple[Markup, Text]] = [
        (map_marks.shape(kind.value, (5 if kind is MapKind.STATION else 13, 9), None, (90.0,)), names[kind])
        for kind in used
    ]
    if picture.lines:
        entries.append((map_marks.link([(2, 13), (22, 4)], None), Text("Fixed link", "固定微波鏈路")))
    corners = [(3.0, 3.0), (21.0, 3.0), (21.0, 15.0), (3.0, 15.0)]
    if any(not polygon.contour for polygon in picture.polygons):
        entries.insert(0, (path(corners, "site", closed=True), Text("Site applied for", "申請場域")))
    failed = [point.kind for point in picture.points if point.outcome is Outcome.FAIL]
    failed += [MapKind.RECEIVER for link in picture.lines if link.outcome is Outcome.FAIL]
    for kind in failed[:1]:
        mark = map_marks.shape(kind.value, (13, 9), Outcome.FAIL, ())
        entries.append((mark, Text("filled: limit not kept", "實心：超出限值")))
    items = (
        element("li", element("svg", shape, viewBox="0 0 28 18", aria_hidden="true"), name)
        for shape, name in entries
    )
    return element("ul", tuple(items), class_="legend")


def view_around(
    points_m: Iterable[Point],
    latitude_deg: float,
    longitude_deg: float,
    least_m: float = 1000.0,
    aspect: float = 1.5,
) -> MapView:
    """Return the view that holds ``points_m`` with a margin, ``aspect`` times as wide as high.

    Parameters
    ----------
    points_m : what must be seen [m]
    latitude_deg, longitude_deg : the frame's origin [deg]
    least_m : least height of the view [m]
    """
    corners = np.array(list(points_m) or [(0.0, 0.0)], dtype=float)
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    height = max(1.25 * (north - south), 1.25 * (east - west) / aspect, least_m)
    x, y = (west + east) / 2, (south + north) / 2
    half = (height * aspect / 2, height / 2)
    return MapView(x - half[0], y - half[1], x + half[0], y + half[1], latitude_deg, longitude_deg)


def _pictures(picture: MapPicture, id_: str) -> Markup:
    """Return the rasters as definitions; an ``svg`` without size shows nothing by itself."""
    unit: dict[str, float | str] = {"width": 1, "height": 1, "preserveAspectRatio": "none"}
    parts: list[Markup] = []
    if picture.ground is not None:
        land = Raster(
            np.isfinite(picture.ground.values).astype(float),
            picture.ground.x0_m,
            picture.ground.y0_m,
            picture.ground.pixel_m,
        )
        mask = element("image", href=land_uri(land), **unit)
        parts.append(element("mask", mask, id=f"{id_}-land", maskContentUnits="objectBoundingBox"))
        parts.append(element("image", id=f"{id_}-shade", href=hillshade_uri(picture.ground), **unit))
    if picture.coverage is not None and picture.scale is not None:
        address = coverage_uri(picture.coverage, picture.scale)
        parts.append(element("image", id=f"{id_}-coverage", href=address, **unit))
    definitions = element("defs", parts)
    return element(
        "svg", definitions, width=0, height=0, class_="hidden", aria_hidden="true", focusable="false"
    )


def _view(picture: MapPicture, layout: Layout, id_: str) -> Markup:
    view = picture.view
    # A phone is upright: it gets a square of the map, not a strip.
    if layout.narrow:
        view = view.squared()
    place = map_frame.Placement(view, layout.width_px)
    parts: list[Markup] = [rect(0, 0, place.width_px, place.height_px, "map-blank")]
    if picture.ground is not None:
        box = place.box(shrink(picture.ground).bounds_m)
        parts.append(rect(*box, "map-sea"))
        parts.append(rect(*box, "map-land", mask=f"url(#{id_}-land)"))
        parts.append(_placed(f"{id_}-shade", box))
    if picture.coverage is not None and picture.scale is not None:
        parts.append(_placed(f"{id_}-coverage", place.box(shrink(picture.coverage).bounds_m)))
    parts += map_frame.graticule(place, layout)
    for polygon in picture.polygons:
        kind = "contour" if polygon.contour else "site"
        parts.append(path([place(*point) for point in polygon.points_m], kind, closed=True))
    labels = map_marks.Labels(place.width_px, place.height_px, map_frame.corners(place))
    for polygon in picture.polygons:
        labels.avoid([place(*point) for point in polygon.points_m])
    for line_ in picture.lines:
        ends = [place(*point) for point in line_.points_m]
        parts.append(map_marks.link(ends, line_.outcome))
        middle = _middle(ends)
        labels.want(ends[-1] if labels.is_avoided(middle) else middle, line_.name, line_.outcome)
    parts += _points(picture.points, place, labels)
    parts += labels.drawn()
    parts += map_frame.furniture(place)
    return drawing(place.width_px, place.height_px, parts)


def _points(points: Iterable[MapPoint], place: map_frame.Placement, labels: map_marks.Labels) -> list[Markup]:
    parts = []
    # Stations last: they must lie on top of everything.
    for point in sorted(points, key=lambda point: point.kind is MapKind.STATION):
        x, y = place(point.x_m, point.y_m)
        inside = 0 <= x <= place.width_px and 0 <= y <= place.height_px
        if inside:
            parts.append(map_marks.shape(point.kind.value, (x, y), point.outcome, point.azimuths_deg))
            labels.want((x, y), point.name, point.outcome)
        else:
            arrow, where = map_marks.beyond((x, y), place.width_px, place.height_px, point.outcome)
            parts.append(arrow)
            away = amount(math.hypot(point.x_m - place.centre_m[0], point.y_m - place.centre_m[1]) / 1000, 1)
            labels.want(where, _with_distance(point.name, away), point.outcome)
    return parts


def _with_distance(name: Words, away_km: str) -> Words:
    if isinstance(name, str):
        name = Text(name, name)
    return Text(f"{name.en}, {away_km} km away", f"{name.zh}，距 {away_km} km")


def _placed(id_: str, box: tuple[float, float, float, float]) -> Markup:
    x, y, width, height = box
    return element(
        "use", href=f"#{id_}", transform=f"translate({x:.2f} {y:.2f}) scale({width:.3f} {height:.3f})"
    )


def _middle(points: list[Point]) -> Point:
    return (points[0][0] + points[-1][0]) / 2, (points[0][1] + points[-1][1]) / 2
