"""The path profile: ground over the bulging earth, antennas, line of sight and first Fresnel zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.report.elements import Markup, Words, amount, element, join
from comity.report.svg import (
    Layout,
    Point,
    Scale,
    circle,
    drawing,
    fitted,
    line,
    nice_range,
    path,
    rect,
    responsive,
    text,
    tick_digits,
)
from comity.rules.text import Text

Float = NDArray[np.float64]

_MOST_POINTS = 500
#: Depth of the strip that shows the sea [px].
_WATER_PX = 8.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 56.0, 16.0, 46.0, 46.0


@dataclass(frozen=True, slots=True)
class Profile:
    """One path as its model saw it.

    Parameters
    ----------
    distance_km : float64 (m,), from the transmitter [km], increasing
    height_m : float64 (m,), terrain above mean sea level [m]
    cover_m : float64 (m,), cover (clutter) above terrain [m]
    sea : bool (m,), where the path crosses the sea
    tx_height_m, rx_height_m : antenna centres above ground [m]
    frequency_mhz : carrier [MHz], above 0
    effective_radius_km : effective earth radius [km], above 0
    tx_name, rx_name : the two ends
    edge : index of the point that diffracts most, if any
    """

    distance_km: Float
    height_m: Float
    cover_m: Float
    sea: NDArray[np.bool_]
    tx_height_m: float
    rx_height_m: float
    frequency_mhz: float
    effective_radius_km: float
    tx_name: Words
    rx_name: Words
    edge: int | None = None


def bulge_m(distance_km: Float, effective_radius_km: float) -> Float:
    """Return how far the earth rises above the chord between both ends [m], shape as ``distance_km``."""
    d_km = distance_km[-1]
    return np.asarray(1e3 * distance_km * (d_km - distance_km) / (2 * effective_radius_km))


def fresnel_radius_m(distance_km: Float, frequency_mhz: float) -> Float:
    """Return the radius of the first Fresnel zone [m], shape as ``distance_km``."""
    d_km = distance_km[-1]
    wavelength_m = 299.792458 / frequency_mhz
    return np.asarray(np.sqrt(wavelength_m * 1e3 * distance_km * (d_km - distance_km) / d_km))


def profile_chart(profile: Profile, labelled_by: str) -> Markup:
    """Return the drawing of one path.

    Heights stand over the chord of an earth of the effective radius, so that rays are straight. The shaded lens is
    the first Fresnel zone, its core the part within 60 % of the radius that must be clear for free-space loss.
    """
    thin = _thinned(profile)
    return responsive(lambda layout: _chart(thin, layout), labelled_by)


def profile_legend(profile: Profile) -> Markup:
    """Return what the shapes of this profile mean; what it does not have is left out."""
    box = {"x": 0, "y": 1, "width": 24, "height": 15}
    core = (element("rect", class_="zone-outer", **box), element("rect", class_="zone-inner", **box))
    obstacle = path([(6, 2), (18, 2), (12, 12)], "edge-mark", closed=True)
    entries = (
        (True, element("rect", class_="earth", **box), Text("Terrain", "地形")),
        (True, element("rect", class_="bulge", **box), Text("Earth’s bulge", "地球弧面隆起")),
        (
            bool(profile.cover_m.any()),
            element("rect", class_="cover", **box),
            Text("Buildings and trees", "建物與植被"),
        ),
        (bool(profile.sea.any()), element("rect", class_="water", **box), Text("Sea", "海面")),
        (True, line((0, 9), (24, 9), "sight"), Text("Line of sight", "視線")),
        (True, element("rect", class_="zone-outer", **box), Text("First Fresnel zone", "第一菲涅耳區")),
        (True, join(core), Text("its inner 60 %", "其內側 60 %")),
        (profile.edge is not None, obstacle, Text("Main obstacle", "主要障礙")),
    )
    items = (
        element("li", element("svg", shape, viewBox="0 0 24 17", aria_hidden="true"), name)
        for there, shape, name in entries
        if there
    )
    return element("ul", tuple(items), class_="legend")


def _thinned(profile: Profile) -> Profile:
    """Keep the highest point of each bin: a thinned ridge must not look passable."""
    count = len(profile.distance_km)
    if count <= _MOST_POINTS:
        return profile
    top = profile.height_m + profile.cover_m
    bins = np.array_split(np.arange(1, count - 1), _MOST_POINTS - 2)
    kept = {0, count - 1, *(int(part[np.argmax(top[part])]) for part in bins)}
    if profile.edge is not None:
        kept.add(profile.edge)
    index = np.array(sorted(kept))
    return Profile(
        profile.distance_km[index],
        profile.height_m[index],
        profile.cover_m[index],
        profile.sea[index],
        profile.tx_height_m,
        profile.rx_height_m,
        profile.frequency_mhz,
        profile.effective_radius_km,
        profile.tx_name,
        profile.rx_name,
        None if profile.edge is None else int(np.searchsorted(index, profile.edge)),
    )


@dataclass(frozen=True, slots=True)
class _Shape:
    """The curves of one profile, as heights above the chord [m]."""

    base: Float
    ground: Float
    top: Float
    sight: Float
    radius: Float


def _shape(profile: Profile) -> _Shape:
    d_km = profile.distance_km
    base = bulge_m(d_km, profile.effective_radius_km)
    ground = base + profile.height_m
    start = profile.height_m[0] + profile.tx_height_m
    stop = profile.height_m[-1] + profile.rx_height_m
    sight = start + (stop - start) * d_km / d_km[-1]
    return _Shape(
        base, ground, ground + profile.cover_m, sight, fresnel_radius_m(d_km, profile.frequency_mhz)
    )


def _chart(profile: Profile, layout: Layout) -> Markup:
    height = 300.0 if layout.narrow else 360.0
    shape = _shape(profile)
    left = 42.0 if layout.narrow else _LEFT
    across = Scale(0.0, float(profile.distance_km[-1]), left, layout.width_px - _RIGHT)
    low, high = nice_range([*shape.top, *shape.base, *shape.sight, *(shape.sight + shape.radius)], 8)
    low = min(low, 0.0)
    high += 0.06 * (high - low)  # room for the mark of the obstacle
    if profile.sea.any():  # and for the water, which lies below its surface
        low -= (high - low) * 1.5 * _WATER_PX / (height - _BOTTOM - _TOP)
    up = Scale(low, high, height - _BOTTOM, _TOP)
    parts = [rect(left, _TOP, across.end - left, up.start - _TOP, "sky"), *_axes(across, up, layout)]
    parts += _zone(profile, shape, across, up)
    parts += _ground(profile, shape, across, up)
    parts += _ends(profile, shape, across, up, layout)
    return drawing(layout.width_px, height, parts)


def _axes(across: Scale, up: Scale, layout: Layout) -> list[Markup]:
    parts: list[Markup] = []
    ticks = up.ticks(5)
    for tick in ticks:
        parts.append(line((across.start, up(tick)), (across.end, up(tick)), "grid"))
        parts.append(text(across.start - 8, up(tick) + 4, amount(tick, tick_digits(ticks)), "soft small end"))
    ticks = across.ticks(4 if layout.narrow else 8)
    for tick in ticks:
        x = across(tick)
        parts.append(line((x, up.start), (x, up.start + 5), "axis"))
        parts.append(text(x, up.start + 19, amount(tick, tick_digits(ticks)), "soft small middle"))
    parts.append(text(across.end, up.start + 37, Text("distance [km]", "距離 [km]"), "soft small end"))
    words = Text("height [m]", "高度 [m]")
    parts.append(text(0, up.start + 37, words, "soft small"))
    return parts


def _zone(profile: Profile, shape: _Shape, across: Scale, up: Scale) -> list[Markup]:
    # A lens needs more points than a thin profile has.
    d_km = np.linspace(0.0, float(profile.distance_km[-1]), 81)
    sight = np.interp(d_km, profile.distance_km, shape.sight)
    radius = fresnel_radius_m(d_km, profile.frequency_mhz)
    outer, inner = (
        _band(d_km, sight - share * radius, sight + share * radius, across, up) for share in (1.0, 0.6)
    )
    return [path(outer, "zone-outer", closed=True), path(inner, "zone-inner", closed=True)]


def _ground(profile: Profile, shape: _Shape, across: Scale, up: Scale) -> list[Markup]:
    d_km = profile.distance_km
    floor = np.full_like(d_km, up.low)
    parts = [path(_band(d_km, shape.ground, shape.top, across, up), "cover", closed=True)]
    parts.append(path(_band(d_km, floor, shape.ground, across, up), "earth", closed=True))
    # The bulge stands on the chord; what the axis shows below the chord is ground, or water.
    bulge = np.minimum(shape.base, shape.ground)
    parts.append(path(_band(d_km, np.minimum(0.0, bulge), bulge, across, up), "bulge", closed=True))
    parts.append(path(_points(d_km, shape.ground, across, up), "earth-edge"))
    for start, stop in _runs(profile.sea):
        part = slice(start, stop)
        parts.append(
            path(
                _band(d_km[part], shape.base[part] - _water_m(up), shape.base[part], across, up),
                "water",
                closed=True,
            )
        )
    return parts


def _ends(profile: Profile, shape: _Shape, across: Scale, up: Scale, layout: Layout) -> list[Markup]:
    parts = [path(_points(profile.distance_km, shape.sight, across, up), "sight")]
    if profile.edge is not None:
        x, y = across(float(profile.distance_km[profile.edge])), up(float(shape.top[profile.edge]))
        parts.append(path([(x - 7, y - 16), (x + 7, y - 16), (x, y - 4)], "edge-mark", closed=True))
    room = (across.end - across.start) / 2 - 12
    for index, name, height_m, side in (
        (0, profile.tx_name, profile.tx_height_m, ""),
        (-1, profile.rx_name, profile.rx_height_m, "end"),
    ):
        x = across(float(profile.distance_km[index]))
        foot, head = up(float(shape.ground[index])), up(float(shape.sight[index]))
        parts.append(line((x, foot), (x, head), "mast"))
        parts.append(circle((x, head), 4.5, "mast-head"))
        parts.append(text(x, 16, fitted(name, room, 13), f"strong {side}"))
        over = amount(height_m, 1 if height_m % 1 else 0)
        words = Text(f"{over} m above ground", f"離地 {over} m")
        parts.append(text(x, 33, words, f"soft small {side}"))
    return parts


def _band(d_km: Float, lower: Float, upper: Float, across: Scale, up: Scale) -> list[Point]:
    there, back = _points(d_km, upper, across, up), _points(d_km, lower, across, up)
    return there + back[::-1]


def _points(d_km: Float, height_m: Float, across: Scale, up: Scale) -> list[Point]:
    return [(across(float(x)), up(max(float(y), up.low))) for x, y in zip(d_km, height_m, strict=True)]


def _runs(mask: NDArray[np.bool_]) -> Sequence[tuple[int, int]]:
    """Return ``(start, stop)`` of every run of two or more true points."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.astype(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2]) if b - a > 1]


def _water_m(up: Scale) -> float:
    """Return the drawn depth of the sea [m], the same in pixels on any scale."""
    return _WATER_PX * (up.high - up.low) / abs(up.end - up.start)
