"""The map of a round: each country in its own frame, pairs joined across; drawn from shipped outlines of land."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from comity.matching.cities.gazetteer import land
from comity.matching.cities.places import Place
from comity.programmes.cities.run import RoundRun
from comity.report.elements import Markup, element, number
from comity.report.map_marks import Box, Labels
from comity.report.svg import Layout, Point, circle, drawing, path, rect, responsive, text
from comity.rules.text import Text

#: A pair that stays in less than this share of the draws is drawn with a broken line.
FIRM_SHARE = 0.75
_DOT_PX, _OPEN_PX = 10.0, 4.5


@dataclass(frozen=True, slots=True)
class _Frame:
    """One country's part of the drawing: its box [px] and the degrees that fill it."""

    box: Box
    west_deg: float
    north_deg: float
    px_per_deg: float
    squeeze: float

    def __call__(self, longitude_deg: float, latitude_deg: float) -> Point:
        x = self.box[0] + (longitude_deg - self.west_deg) * self.squeeze * self.px_per_deg
        return x, self.box[1] + (self.north_deg - latitude_deg) * self.px_per_deg


def pair_map(run: RoundRun, labelled_by: str) -> Markup:
    """Return the map for wide and narrow pages; numbers are those of the table of pairs."""
    views = responsive(lambda layout: _view(run, layout), labelled_by)
    return element("div", views, class_="frame")


def map_legend() -> Markup:
    """Return what lines and dots mean."""
    share = f"{100 * FIRM_SHARE:.0f} %"
    entries = (
        (
            _link("M2 9L26 9", firm=True),
            Text(
                f"pair that stays in {share} of the draws or more, or that the round set",
                f"於 {share} 以上之抽樣中留存，或由本輪次指定",
            ),
        ),
        (_link("M2 9L26 9", firm=False), Text("pair that stays in fewer", "留存比率較低")),
        (circle((13, 9), _OPEN_PX, "sample"), Text("takes part, no partner", "參加而未獲配對")),
    )
    items = (
        element("li", element("svg", mark, viewBox="0 0 28 18", aria_hidden="true"), words)
        for mark, words in entries
    )
    return element("ul", tuple(items), class_="legend")


def _view(run: RoundRun, layout: Layout) -> Markup:
    width = layout.width_px
    if layout.narrow:
        height, gap = 760.0, 26.0
        half = (height - gap) / 2
        boxes = [(0.0, 0.0, width, half), (0.0, half + gap, width, half)]
    else:
        height, gap = 600.0, 56.0
        half = (width - gap) / 2
        boxes = [(0.0, 0.0, half, height), (half + gap, 0.0, half, height)]
    sides = (run.problem.left, run.problem.right)
    frames = [_frame([run.data.places[p] for p in side], box) for side, box in zip(sides, boxes, strict=True)]
    kind = "narrow" if layout.narrow else "wide"
    parts: list[Markup] = [rect(0, 0, width, height, "map-blank")]
    for k, (frame, country) in enumerate(zip(frames, run.application.countries, strict=True)):
        parts += _ground(frame, country, f"pairs-{kind}-{k}")
    parts += [_pair_line(run, k, frames, upright=layout.narrow) for k in range(len(run.pairs))]
    labels = Labels(width, height, [])
    parts += _dots(run, frames, labels)
    return drawing(width, height, [*parts, *labels.drawn()])


def _frame(places: Sequence[Place], box: Box) -> _Frame:
    lats, lons = [p.latitude_deg for p in places], [p.longitude_deg for p in places]
    middle = (min(lats) + max(lats)) / 2
    squeeze = math.cos(math.radians(middle))
    high = max(max(lats) - min(lats), 0.8)
    wide = max((max(lons) - min(lons)) * squeeze, 0.5)
    scale = min((box[2] - 110) / wide, (box[3] - 90) / high)
    west = (min(lons) + max(lons)) / 2 - box[2] / 2 / scale / squeeze
    return _Frame(box, west, middle + box[3] / 2 / scale, scale, squeeze)


def _ground(frame: _Frame, country: str, id_: str) -> list[Markup]:
    clip = element("clipPath", rect(*frame.box, ""), id=id_)
    rings = [path([frame(x, y) for x, y in ring], "map-land", closed=True) for ring in land(country)]
    shapes = element("g", tuple(rings), clip_path=f"url(#{id_})")
    # Without an outline nothing may look like sea.
    return [element("defs", clip), rect(*frame.box, "map-sea" if rings else "map-blank"), shapes]


def _pair_line(run: RoundRun, k: int, frames: Sequence[_Frame], *, upright: bool) -> Markup:
    (ax, ay), (bx, by) = (
        frame(run.data.places[p].longitude_deg, run.data.places[p].latitude_deg)
        for frame, p in zip(frames, run.pairs[k], strict=True)
    )
    if upright:
        middle = (ay + by) / 2
        bend = (ax, middle, bx, middle)
    else:
        middle = (ax + bx) / 2
        bend = (middle, ay, middle, by)
    numbers = " ".join(number(v, 1) for v in (*bend, bx, by))
    share = run.stays(run.pairs[k])
    return _link(f"M{number(ax, 1)} {number(ay, 1)}C{numbers}", firm=share is None or share >= FIRM_SHARE)


def _link(d: str, *, firm: bool) -> Markup:
    dashes = None if firm else "7 5"
    casing = element("path", d=d, class_="link-casing", stroke_opacity=0.7)
    return element(
        "g", casing, element("path", d=d, class_="link", stroke_dasharray=dashes, stroke_opacity=0.85)
    )


def _dots(run: RoundRun, frames: Sequence[_Frame], labels: Labels) -> list[Markup]:
    numbers: dict[str, list[int]] = {}
    for k, pair in enumerate(run.pairs, 1):
        for end in pair:
            numbers.setdefault(end, []).append(k)
    parts: list[Markup] = []
    wanted: list[tuple[bool, Point, Text]] = []
    for frame, side in zip(frames, (run.problem.left, run.problem.right), strict=True):
        for code in sorted(side, key=lambda p: p in numbers):
            place = run.data.places[code]
            spot = frame(place.longitude_deg, place.latitude_deg)
            if code in numbers:
                said = "·".join(map(str, numbers[code]))
                parts.append(circle(spot, _DOT_PX, "victim"))
                parts.append(text(spot[0], spot[1] + 4.2, said, "small middle strong"))
            else:
                parts.append(circle(spot, _OPEN_PX, "sample"))
            wanted.append((code not in numbers, spot, _short(place.name)))
    # Where there is no room for every name, those of pairs come first.
    for _, spot, words in sorted(wanted, key=lambda w: w[0]):
        labels.want(spot, words, None)
    return parts


def _short(name: Text) -> Text:
    """Return a name without what stands in brackets."""
    return Text(name.en.split(" (")[0], name.zh.split("（")[0])
