"""Coverage as a page to read: the map with its classes, stations, scale and north, and the areas by level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.coordination.coverage import Plan
from comity.coordination.coverage_files import BLANK_SHARE, CLASSES_DBM, attributions
from comity.report.elements import Child, Words, amount, element
from comity.report.map import MapKind, MapPicture, MapPoint, coverage_legend, draw_map, map_legend
from comity.report.map_frame import MapView
from comity.report.page import Page, Section, figure, render_page
from comity.report.raster import CoverageScale, Raster
from comity.report.tables import pairs
from comity.rules.text import Text
from comity.terrain.edition import Edition
from comity.terrain.frame import Frame
from comity.terrain.geodesy import bearing_deg, distance_km
from comity.terrain.ground import Ground

_GROUND_PIXELS = 720
#: Antennas nearer to each other than this share of the radius are one mark.
_ONE_MARK = 1 / 60


@dataclass(frozen=True, slots=True)
class Antenna:
    """One transmitting antenna as the map shows it: place [deg] and bearing [deg], ``None`` for all round."""

    latitude_deg: float
    longitude_deg: float
    azimuth_deg: float | None = None


def coverage_page(
    ground: Ground,
    frame: Frame,
    level_dbm: NDArray[np.floating[Any]],
    plan: Plan,
    antennas: Sequence[Antenna],
    record: Mapping[str, Any],
    editions: Sequence[Edition],
) -> str:
    """Return the page as one HTML document.

    Parameters
    ----------
    level_dbm : (h, w) level on ``frame`` [dBm], NaN where there is none
    antennas : what radiates
    record : as of :func:`comity.coordination.coverage_files.record`
    """
    half_m = 0.5 * frame.side * frame.pixel_m
    picture = MapPicture(
        view=MapView(-half_m, -half_m, half_m, half_m, frame.latitude_deg, frame.longitude_deg),
        ground=_relief(ground, frame, half_m),
        coverage=Raster(np.asarray(level_dbm, dtype=np.float64), -half_m, half_m, frame.pixel_m),
        scale=CoverageScale(tuple(map(float, CLASSES_DBM)), "dBm"),
        points=_marks(frame, antennas, plan.radius_km * 1e3 * _ONE_MARK),
    )
    assert picture.scale is not None
    legends = (coverage_legend(picture.scale, Text("Level", "位準")), map_legend(picture))
    drawn = figure("map-caption", draw_map(picture, "map-caption"), _caption(plan, record["mode"]), *legends)
    areas: list[tuple[Words, str]] = [
        (f"≥ {amount(float(edge), 0)} dBm", f"{amount(area, 2)} km²")
        for edge, area in record["area_km2_at_or_above"].items()
    ]
    place = f"{frame.latitude_deg:.5f}, {frame.longitude_deg:.5f}"
    of = record.get("application")
    return render_page(
        Page(
            title=Text(f"Coverage of {of or 'a transmitter'}", f"{of or '發射機'}涵蓋範圍"),
            kicker=Text(f"Middle of the map: {place} (WGS 84)", f"圖中心：{place}（WGS 84）"),
            summary=_blank(record["blank_share"]),
            sections=(
                Section("map", Text("Level on the map", "位準圖"), (drawn,)),
                Section("areas", Text("Area at or above a level", "達各位準之面積"), (pairs(areas),)),
            ),
            footer=tuple(element("p", line) for line in attributions(editions)),
        )
    )


def _blank(share: float) -> tuple[Child, ...]:
    """Return what the map cannot show: below the first class and unknown look alike on it."""
    if share <= BLANK_SHARE:
        return ()
    words = Text(
        f"{share:.0%} of the circle is blank: terrain is missing there or before it.",
        f"圓內有 {share:.0%} 未計算：該處或其前方缺少地形資料。",
    )
    return (element("p", words),)


def _caption(plan: Plan, mode: str) -> Text:
    height, pixel = f"{plan.rx_height_m:g}", f"{plan.pixel_m:g}"
    time, places = f"{plan.time_percent:g}", f"{plan.location_percent:g}"
    model = {"p1812": "ITU-R P.1812-8", "p452": "ITU-R P.452-18"}[plan.model]
    share = (
        Text(f", {places} % of locations", f"、{places} % 地點") if plan.model == "p1812" else Text("", "")
    )
    return Text(
        f"Level over the whole channel, {height} m above ground, 0 dBi, {time} % of time{share.en}; {model}, {mode}; "
        f"pixels of {pixel} m over shaded relief.",
        f"整個頻道之位準：離地 {height} m、0 dBi、{time} % 時間{share.zh}；{model}（{mode}）；"
        f"像元 {pixel} m，疊於地形陰影圖。",
    )


def _relief(ground: Ground, frame: Frame, half_m: float) -> Raster:
    pixel_m = max(2.0 * half_m / _GROUND_PIXELS, frame.pixel_m)
    window = ground.window(frame.latitude_deg, frame.longitude_deg, half_m / 1e3, pixel_m)
    height = np.where(window.sea, np.nan, np.nan_to_num(window.height_m, nan=0.0))
    return Raster(height, window.transform[2], window.transform[5], window.pixel_m)


def _marks(frame: Frame, antennas: Sequence[Antenna], near_m: float) -> tuple[MapPoint, ...]:
    """Return the stations; antennas of one mast are one mark with all its sectors."""
    masts: dict[tuple[int, int], list[tuple[float, float, float | None]]] = {}
    for antenna in antennas:
        there = (frame.latitude_deg, frame.longitude_deg, antenna.latitude_deg, antenna.longitude_deg)
        away_m, turn = 1e3 * float(distance_km(*there)), np.radians(float(bearing_deg(*there)))
        x, y = float(away_m * np.sin(turn)), float(away_m * np.cos(turn))
        masts.setdefault((round(x / near_m), round(y / near_m)), []).append((x, y, antenna.azimuth_deg))
    return tuple(
        MapPoint(
            *mast[0][:2], MapKind.STATION, azimuths_deg=tuple(turn for *_, turn in mast if turn is not None)
        )
        for mast in masts.values()
    )
