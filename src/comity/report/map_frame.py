"""What surrounds the contents of a map: its view, latitude and longitude, scale bar and north."""

from __future__ import annotations

import math
from dataclasses import dataclass

from comity.report.elements import Markup, Words, amount, element
from comity.report.svg import Layout, Point, line, nice_ticks, path, rect, text, tick_digits
from comity.rules.text import Text

_EQUATOR_M, _FLATTENING = 6378137.0, 1 / 298.257223563
_EDGE_PX = 14.0
#: Room of the north arrow at the right edge [px].
_ARROW_PX = 40.0


@dataclass(frozen=True, slots=True)
class MapView:
    """Part of a local frame: metres east and north of an origin of known WGS 84 position.

    Parameters
    ----------
    west_m, south_m, east_m, north_m : edges [m]
    latitude_deg, longitude_deg : position of the frame's origin ``(0, 0)`` [deg]
    """

    west_m: float
    south_m: float
    east_m: float
    north_m: float
    latitude_deg: float
    longitude_deg: float

    def squared(self) -> MapView:
        """Return the view made square around its middle, as high as this one is wide or high, the larger."""
        side = max(self.east_m - self.west_m, self.north_m - self.south_m) / 2
        x, y = (self.west_m + self.east_m) / 2, (self.south_m + self.north_m) / 2
        return MapView(x - side, y - side, x + side, y + side, self.latitude_deg, self.longitude_deg)

    def metres_per_degree(self) -> tuple[float, float]:
        """Return metres east per degree of longitude, and north per degree of latitude, at the origin.

        On the WGS 84 ellipsoid; over 50 km the ticks drawn with it stray by less than a pixel.
        """
        e2 = _FLATTENING * (2 - _FLATTENING)
        phi = math.radians(self.latitude_deg)
        w2 = 1 - e2 * math.sin(phi) ** 2
        meridian_m, normal_m = _EQUATOR_M * (1 - e2) / w2**1.5, _EQUATOR_M / math.sqrt(w2)
        return math.radians(1) * normal_m * math.cos(phi), math.radians(1) * meridian_m


class Placement:
    """Places of a view's metres on a drawing of ``width_px``."""

    def __init__(self, view: MapView, width_px: float) -> None:
        self.view = view
        self.width_px = width_px
        self.px_per_m = width_px / (view.east_m - view.west_m)
        self.height_px = (view.north_m - view.south_m) * self.px_per_m
        self.centre_m = ((view.west_m + view.east_m) / 2, (view.south_m + view.north_m) / 2)

    def __call__(self, x_m: float, y_m: float) -> Point:
        """Return the place of a point [px]."""
        return (x_m - self.view.west_m) * self.px_per_m, (self.view.north_m - y_m) * self.px_per_m

    def box(self, bounds_m: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        """Return ``x, y, width, height`` [px] of west, south, east, north [m]."""
        west, south, east, north = bounds_m
        (x, y), (x2, y2) = self(west, north), self(east, south)
        return x, y, x2 - x, y2 - y


def graticule(place: Placement, layout: Layout) -> list[Markup]:
    """Return ticks and names of latitude and longitude at the edges, and crosses where they meet."""
    view = place.view
    east_m, north_m = view.metres_per_degree()
    count = 3 if layout.narrow else 5
    lons = nice_ticks(
        view.longitude_deg + view.west_m / east_m, view.longitude_deg + view.east_m / east_m, count
    )
    lats = nice_ticks(
        view.latitude_deg + view.south_m / north_m, view.latitude_deg + view.north_m / north_m, count
    )
    xs = [(place((lon - view.longitude_deg) * east_m, 0)[0], lon) for lon in lons]
    ys = [(place(0, (lat - view.latitude_deg) * north_m)[1], lat) for lat in lats]
    parts = [
        path([(x - 4, y), (x + 4, y)], "tick") + path([(x, y - 4), (x, y + 4)], "tick")
        for x, _ in xs
        for y, _ in ys
    ]
    w, h = place.width_px, place.height_px
    for x, lon in xs:
        parts.append(line((x, 0), (x, 6), "tick"))
        parts.append(line((x, h - 6), (x, h), "tick"))
        if 40 < x < w - _ARROW_PX - 30:
            parts.append(text(x, 19, _degrees(lon, "EW", tick_digits(lons)), "halo small middle"))
    for y, lat in ys:
        parts.append(line((0, y), (6, y), "tick"))
        parts.append(line((w - 6, y), (w, y), "tick"))
        if 40 < y < h - 40:
            parts.append(text(10, y + 4, _degrees(lat, "NS", tick_digits(lats)), "halo small"))
    return [Markup(part) for part in parts]


def furniture(place: Placement) -> list[Markup]:
    """Return scale bar (bottom right) and north arrow (top right)."""
    longest_m = 0.26 * place.width_px / place.px_per_m
    power = 10.0 ** math.floor(math.log10(longest_m))
    bar_m = max(factor * power for factor in (1, 2, 5) if factor * power <= longest_m)
    width = bar_m * place.px_per_m
    x, y = place.width_px - _EDGE_PX - width, place.height_px - _EDGE_PX - 7
    parts = [
        rect(x + k * width / 4, y, width / 4, 6, "scale-a" if k % 2 == 0 else "scale-b") for k in range(4)
    ]
    parts.append(rect(x, y, width, 6, "scale-edge"))
    parts.append(text(x, y - 6, "0", "halo small middle"))
    parts.append(text(x + width, y - 6, _length(bar_m), "halo small end"))
    return [*parts, _north(place.width_px - 26, 14)]


def corners(place: Placement) -> list[tuple[float, float, float, float]]:
    """Return the boxes ``x, y, width, height`` [px] that labels must leave free."""
    w, h = place.width_px, place.height_px
    return [(w - 48, 0, 48, 64), (w - 0.3 * w - 20, h - 42, 0.3 * w + 20, 42), (0, 0, w, 24), (0, 0, 74, h)]


def _north(x: float, y: float) -> Markup:
    arrow = path([(x, y), (x + 8, y + 26), (x, y + 20), (x - 8, y + 26)], "arrow", closed=True)
    return element("g", arrow, text(x, y + 41, Text("N", "北"), "halo strong middle"))


def _length(metres: float) -> Words:
    return f"{amount(metres / 1000, 0)} km" if metres >= 1000 else f"{amount(metres, 0)} m"


def _degrees(value: float, sides: str, digits: int) -> Words:
    return f"{abs(value):.{digits}f}° {sides[0] if value >= 0 else sides[1]}"
