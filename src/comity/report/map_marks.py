"""The marks of a map: one shape for each kind of place, and labels that keep out of each other's way."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from comity.report.elements import Markup, Words, element, number
from comity.report.svg import Point, circle, line, path, text, text_width
from comity.rules.finding import Outcome
from comity.rules.text import Text

_SECTOR_PX, _SECTOR_DEG = 22.0, 60.0
_LABEL_PX = 13.0
#: A name farther from its mark than this is led to it by a line [px].
_LEADER_PX = 24.0
Box = tuple[float, float, float, float]


def shape(kind: str, place: Point, outcome: Outcome | None, azimuths_deg: Sequence[float]) -> Markup:
    """Return the mark of one point: ``station``, ``earth_station``, ``receiver``, ``licence`` or ``sample``."""
    x, y = place
    tone = f"victim {outcome.value}" if outcome else "victim"
    if kind == "station":
        sectors = (_sector(place, azimuth) for azimuth in azimuths_deg)
        return element("g", tuple(sectors), circle(place, 4.5, "station"))
    if kind == "earth_station":
        return path([(x, y - 8), (x + 8, y), (x, y + 8), (x - 8, y)], tone, closed=True)
    if kind == "receiver":
        return path([(x, y - 8), (x + 7.5, y + 6), (x - 7.5, y + 6)], tone, closed=True)
    if kind == "sample":
        return circle(place, 5 if outcome is Outcome.FAIL else 3.5, tone.replace("victim", "sample"))
    return circle(place, 6, tone)


def link(points: Sequence[Point], outcome: Outcome | None) -> Markup:
    """Return a fixed link: a line with both of its ends."""
    tone = outcome.value if outcome else ""
    ends = (circle(points[k], 4, f"victim {tone}".strip()) for k in (0, -1))
    return element("g", path(points, "link-casing"), path(points, f"link {tone}".strip()), tuple(ends))


def beyond(place: Point, width_px: float, height_px: float, outcome: Outcome | None) -> tuple[Markup, Point]:
    """Return an arrow at the edge towards a point outside the map, and where it stands."""
    cx, cy = width_px / 2, height_px / 2
    dx, dy = place[0] - cx, place[1] - cy
    share = min((cx - 84) / abs(dx) if dx else math.inf, (cy - 34) / abs(dy) if dy else math.inf)
    x, y = cx + dx * share, cy + dy * share
    turn = math.atan2(dy, dx)
    corners = [
        (x + reach * math.cos(turn + angle), y + reach * math.sin(turn + angle))
        for reach, angle in ((11.0, 0.0), (9.0, 2.4), (4.0, math.pi), (9.0, -2.4))
    ]
    return path(corners, f"victim {outcome.value if outcome else ''}".strip(), closed=True), (x, y)


class Labels:
    """Names of places; each is put where it covers neither a mark, nor another name, nor the frame."""

    def __init__(self, width_px: float, height_px: float, taken: Sequence[Box]) -> None:
        self._width_px, self._height_px = width_px, height_px
        self._taken = list(taken)
        self._avoided: list[Box] = []
        self._wanted: list[tuple[Point, Words, Outcome | None]] = []

    def want(self, place: Point, name: Words, outcome: Outcome | None) -> None:
        """Ask for a name at ``place`` and keep the place itself free."""
        self._taken.append((place[0] - 8, place[1] - 8, 16, 16))
        if name:
            self._wanted.append((place, name, outcome))

    def avoid(self, places: Sequence[Point]) -> None:
        """Keep names off an area, given by its outline, as long as there is room elsewhere."""
        x, y = [place[0] for place in places], [place[1] for place in places]
        self._avoided.append((min(x), min(y), max(x) - min(x), max(y) - min(y)))

    def is_avoided(self, place: Point) -> bool:
        """Whether a place lies in an area that names keep off."""
        return any(a <= place[0] <= a + w and b <= place[1] <= b + h for a, b, w, h in self._avoided)

    def drawn(self) -> list[Markup]:
        """Return the names, those of broken limits placed first; a thin line leads to one that stands apart."""
        parts = []
        for place, name, outcome in sorted(self._wanted, key=lambda wish: wish[2] is not Outcome.FAIL):
            words = (name.en, name.zh) if isinstance(name, Text) else (name,)
            width = max(text_width(part, _LABEL_PX) for part in words)
            tone = "fail" if outcome is Outcome.FAIL else "strong"
            found = self._spot(place, width)
            if found is None:
                continue
            x, y, anchor, box = found
            self._taken.append(box)
            if math.dist((x, y), place) > _LEADER_PX:
                near = (
                    min(max(place[0], box[0]), box[0] + box[2]),
                    min(max(place[1], box[1]), box[1] + box[3]),
                )
                parts.append(line(place, near, "leader"))
            parts.append(text(x, y, name, f"halo {tone} {anchor}".strip()))
        return parts

    def _spot(self, place: Point, width: float) -> tuple[float, float, str, Box] | None:
        """Return where a name of ``width`` has room: as near as can be, off the site if that is possible at all."""
        spots = [(place[0] + dx, place[1] + dy, anchor) for dx, dy, anchor in _spots()]
        for avoided in (self._avoided, []):
            for x, y, anchor in spots:
                box = (x - {"": 0.0, "end": width, "middle": width / 2}[anchor], y - 11, width, 15.0)
                if self._free(box, [*self._taken, *avoided]):
                    return x, y, anchor, box
        return None

    def _free(self, box: Box, taken: Sequence[Box]) -> bool:
        x, y, width, height = box
        if x < 4 or y < 4 or x + width > self._width_px - 4 or y + height > self._height_px - 4:
            return False
        return all(x + width < a or a + w < x or y + height < b or b + h < y for a, b, w, h in taken)


def _spots() -> Iterator[tuple[float, float, str]]:
    """Yield places for a name relative to its mark [px], the nearest first."""
    yield from ((12.0, 4.5, ""), (-12.0, 4.5, "end"), (0.0, -14.0, "middle"), (0.0, 22.0, "middle"))
    for away in (28.0, 46.0, 66.0, 90.0):
        for dy in (-0.7 * away, 0.7 * away + 4.5):
            yield 0.7 * away, dy, ""
            yield -0.7 * away, dy, "end"
        yield 0.0, -away, "middle"
        yield 0.0, away + 8.0, "middle"


def _sector(place: Point, azimuth_deg: float) -> Markup:
    start, stop = (math.radians(azimuth_deg + side * _SECTOR_DEG / 2) for side in (-1, 1))
    x, y = place
    tips = [(x + _SECTOR_PX * math.sin(turn), y - _SECTOR_PX * math.cos(turn)) for turn in (start, stop)]
    arc = f"A{number(_SECTOR_PX)} {number(_SECTOR_PX)} 0 0 1"
    points = [" ".join((number(px, 1), number(py, 1))) for px, py in tips]
    d = f"M{number(x, 1)} {number(y, 1)}L{points[0]}{arc} {points[1]}Z"
    return element("path", d=d, class_="sector")
