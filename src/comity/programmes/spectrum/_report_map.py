"""The map of a report, and the coverage behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from comity.coordination.incumbents import EarthStation, FixedLink
from comity.coordination.network import Network, Polygon, Receiver, Transmitter
from comity.programmes.spectrum._report_case import Case
from comity.programmes.spectrum.coverage import Coverage, Measure, coverage_of
from comity.programmes.spectrum.coverage_files import FINER, coverage_raster, scale_of
from comity.report.elements import Markup, amount
from comity.report.map import (
    MapKind,
    MapLine,
    MapPicture,
    MapPoint,
    MapPolygon,
    coverage_legend,
    draw_map,
    map_legend,
)
from comity.report.map_frame import MapView
from comity.report.page import figure
from comity.report.raster import Raster
from comity.rules.finding import Outcome
from comity.rules.text import Text
from comity.terrain.geodesy import bearing_deg, destination, distance_km

Place = tuple[float, float]
_LEVEL = Text("Level", "位準")
Entry = Network | EarthStation | FixedLink

#: Incumbents this near set the frame of the map [m]; those farther away are pointed to.
_FRAME_M = 15_000.0
_LEAST_HALF_M, _LEAST_SITE_M = 1_200.0, 60.0
_ASPECT = 1.5
_GROUND_PIXELS, _COVERAGE_PIXELS = 640, 120
#: Finer pixels would show the grid of the terrain, not the terrain [m].
_FINEST_M = 12.0
#: Links that a coverage may cost: with many stations its pixels grow.
_MOST_LINKS = 240_000
_MOST_FRAMING, _MOST_MARKED, _MOST_BEYOND, _MOST_SAMPLES = 20, 60, 3, 120


@dataclass(frozen=True)
class Survey:
    """The site in its surroundings.

    Parameters
    ----------
    origin : middle of the site ``(latitude, longitude)`` [deg], origin of the local frame
    half_m : half the width of the map [m]
    coverage : of the network on its channel
    """

    origin: Place
    half_m: float
    coverage: Coverage

    def metres(self, places: Iterable[Place]) -> list[tuple[float, float]]:
        """Return east and north of the origin [m] of places ``(latitude, longitude)``."""
        return metres_from(self.origin, places)


def metres_from(origin: Place, places: Iterable[Place]) -> list[tuple[float, float]]:
    """Return east and north of ``origin`` [m] by distance and bearing, as the ground's windows are laid."""
    pairs = np.array(list(places), dtype=np.float64).reshape(-1, 2)
    away_m = 1e3 * distance_km(*origin, pairs[:, 0], pairs[:, 1])
    bearing = np.radians(bearing_deg(*origin, pairs[:, 0], pairs[:, 1]))
    return list(zip((away_m * np.sin(bearing)).tolist(), (away_m * np.cos(bearing)).tolist()))


def survey_of(case: Case) -> Survey:
    """Return the surroundings that hold everybody within 15 km, with the coverage there."""
    area = case.study.candidate.area
    assert area is not None
    near = [p for entry in _entries(case)[:_MOST_FRAMING] for p in places_of(entry)]
    seen = [
        p for p in metres_from((area.latitude_deg, area.longitude_deg), near) if max(map(abs, p)) <= _FRAME_M
    ]
    return _surveyed(case, max(1.15 * _reach_m(seen), 3.0 * area.radius_m, _LEAST_HALF_M))


def _surveyed(case: Case, half_m: float) -> Survey:
    study, half_m = case.study, float(round(half_m))
    area = study.candidate.area
    assert area is not None
    origin = (area.latitude_deg, area.longitude_deg)
    pixels = min(_COVERAGE_PIXELS, int((_MOST_LINKS / len(study.candidate.transmitters)) ** 0.5))
    coverage = coverage_of(
        study.candidate,
        study.ground,
        study.policy,
        centre=origin,
        radius_km=half_m / 1000.0,
        pixel_m=2.0 * half_m / pixels,
    )
    return Survey(origin, half_m, coverage)


def _reach_m(points: Iterable[tuple[float, float]]) -> float:
    """Return half the width of a map that holds ``points`` [m]."""
    return max((max(abs(x), _ASPECT * abs(y)) for x, y in points), default=0.0)


def places_of(entry: Entry) -> list[Place]:
    """Return where an incumbent stands: the middle of a network, an earth station, both ends of a link."""
    if isinstance(entry, FixedLink):
        return [(end.latitude_deg, end.longitude_deg) for end in (entry.transmitter, entry.receiver)]
    if isinstance(entry, EarthStation):
        return [(entry.latitude_deg, entry.longitude_deg)]
    if entry.area is not None:
        return [(entry.area.latitude_deg, entry.area.longitude_deg)]
    antennas: list[Transmitter | Receiver] = [*entry.transmitters, *entry.receivers]
    return [(a.latitude_deg, a.longitude_deg) for a in antennas[:1]]


def map_figure(case: Case, survey: Survey) -> Markup:
    """Return the map with its legends."""
    picture = _picture(case, survey, *_incumbents(case, survey))
    assert picture.scale is not None
    drawn = draw_map(picture, "map-caption")
    return figure(
        "map-caption",
        drawn,
        _map_caption(case, survey.coverage.measure),
        coverage_legend(picture.scale, _LEVEL),
        map_legend(picture),
    )


def _map_caption(case: Case, measure: Measure) -> Text:
    height, gain, time = f"{measure.height_m:g}", f"{measure.gain_dbi:g}", f"{measure.time_percent:g}"
    what = Text("Level of all stations together", "全部基地臺合計位準")
    if measure.per_element:
        what = Text(
            "Level of one resource element, all stations together", "單一資源元素位準（全部基地臺合計）"
        )
    limit = Text("", "")
    if measure.limit_dbm is not None:
        value = amount(measure.limit_dbm, 0)
        limit = Text(f" The limit at the site boundary is {value} dBm.", f"場域邊界限值為 {value} dBm。")
    count = len(_entries(case))
    many = Text("", "")
    if count > _MOST_MARKED:
        many = Text(
            f" Of {count} register entries the {_MOST_MARKED} tightest are marked.",
            f"登記簿 {count} 筆中標示餘裕最小之 {_MOST_MARKED} 筆。",
        )
    return Text(
        f"{what.en}, outdoors, {height} m above ground, {gain} dBi, {time} % of time, over shaded relief; "
        f"computed as the decision was.{limit.en}{many.en}",
        f"{what.zh}：室外、離地 {height} m、{gain} dBi、{time} % 時間，疊於地形陰影圖，"
        f"計算方式與決定相同。{limit.zh}{many.zh}",
    )


def site_figure(case: Case) -> Markup | None:
    """Return the site itself with the tested points of its boundary; nothing where the regime has no such limit."""
    level, area = case.study.boundary, case.study.candidate.area
    if level is None or area is None:
        return None
    places = [(p.latitude_deg, p.longitude_deg) for p in level.points]
    reach_m = _reach_m(metres_from((area.latitude_deg, area.longitude_deg), places))
    plan = _surveyed(case, max(1.3 * reach_m, _LEAST_SITE_M))
    tested = list(zip(plan.metres(places), level.points, strict=True))
    step = -(-len(tested) // _MOST_SAMPLES)
    shown = [pair for k, pair in enumerate(tested) if k % step == 0 or pair[1] == level.worst]
    samples = tuple(
        MapPoint(x, y, MapKind.SAMPLE, "", Outcome.PASS if p.level_dbm < level.limit_dbm else Outcome.FAIL)
        for (x, y), p in shown
    )
    # Levels are those outdoors: over a building they would be read as levels inside it.
    picture = _picture(case, plan, samples, (), with_coverage=not case.application.site.indoor)
    worst, limit = amount(level.worst.level_dbm, 2), amount(level.limit_dbm, 0)
    words = Text(
        f"The site and {len(places)} tested points of its boundary: the highest level is {worst} dBm, "
        f"each must lie below {limit} dBm.",
        f"場域與其邊界測試點 {len(places)} 處：最高位準 {worst} dBm，各點均應低於 {limit} dBm。",
    )
    legends = [map_legend(picture)]
    if picture.scale is not None:
        legends.insert(0, coverage_legend(picture.scale, _LEVEL))
    return figure("site-caption", draw_map(picture, "site-caption", id_="site-plan"), words, *legends)


def _picture(
    case: Case,
    survey: Survey,
    points: tuple[MapPoint, ...],
    lines: tuple[MapLine, ...],
    *,
    with_coverage: bool = True,
) -> MapPicture:
    half = survey.half_m
    window = case.study.ground.window(
        *survey.origin, half / 1000.0, max(2.0 * half / _GROUND_PIXELS, _FINEST_M)
    )
    height = np.where(window.sea, np.nan, np.nan_to_num(window.height_m, nan=0.0))
    return MapPicture(
        view=MapView(-half, -half / _ASPECT, half, half / _ASPECT, *survey.origin),
        ground=Raster(height, window.transform[2], window.transform[5], window.pixel_m),
        coverage=coverage_raster(survey.coverage, finer=FINER) if with_coverage else None,
        scale=scale_of(survey.coverage) if with_coverage else None,
        polygons=(MapPolygon(tuple(survey.metres(_ring(case)))),),
        lines=lines,
        points=(*points, *_stations(case, survey)),
    )


def _ring(case: Case) -> Polygon:
    """Return the site as a polygon; a circle gets 48 corners."""
    area = case.study.candidate.area
    assert area is not None
    if area.polygon:
        return area.polygon
    turn = np.arange(48) * 7.5
    lat, lon = destination(area.latitude_deg, area.longitude_deg, turn, np.full(48, area.radius_m / 1000.0))
    return tuple(zip(lat.tolist(), lon.tolist()))


def _stations(case: Case, survey: Survey) -> list[MapPoint]:
    """Return the stations; those at one place are one mark with all its sectors, the first names the site."""
    stations = case.study.candidate.transmitters
    places = survey.metres((t.latitude_deg, t.longitude_deg) for t in stations)
    step = survey.half_m / 60.0
    masts: dict[tuple[int, int], list[int]] = {}
    for k, (x, y) in enumerate(places):
        masts.setdefault((round(x / step), round(y / step)), []).append(k)
    name = case.application.site.name
    points = []
    for k, members in enumerate(masts.values()):
        x, y = places[members[0]]
        turns = tuple(stations[m].azimuth_deg for m in members if stations[m].antenna is not None)
        points.append(MapPoint(x, y, MapKind.STATION, name if k == 0 else "", None, turns))
    return points


def _entries(case: Case) -> list[Entry]:
    """Return the incumbents to be shown: those tested, tightest first, then the others of the register."""
    register = case.study.incumbents
    entries: list[Entry] = [*register.networks, *register.earth_stations, *register.fixed_links]
    rank = {name: k for k, name in enumerate(case.tightest)}
    chosen = [e for e in entries if e.id != case.application.reference and places_of(e)]
    return sorted(chosen, key=lambda e: (rank.get(e.id, len(rank)), e.id))


def _incumbents(case: Case, survey: Survey) -> tuple[tuple[MapPoint, ...], tuple[MapLine, ...]]:
    points: list[MapPoint] = []
    lines: list[MapLine] = []
    beyond = 0
    for entry in _entries(case):
        spots = survey.metres(places_of(entry))
        inside = any(abs(x) <= survey.half_m and abs(y) <= survey.half_m / _ASPECT for x, y in spots)
        path = case.tightest.get(entry.id)
        beyond += not inside
        if len(points) + len(lines) >= _MOST_MARKED or (
            not inside and (path is None or beyond > _MOST_BEYOND)
        ):
            continue
        outcome = None if path is None else case.outcome(path)
        if isinstance(entry, FixedLink) and inside:
            lines.append(MapLine(tuple(spots), entry.id, outcome))
        else:
            points.append(MapPoint(*spots[0], _kind(entry), entry.id, outcome))
    return tuple(points), tuple(lines)


def _kind(entry: Entry) -> MapKind:
    if isinstance(entry, Network):
        return MapKind.LICENCE
    return MapKind.EARTH_STATION if isinstance(entry, EarthStation) else MapKind.RECEIVER
