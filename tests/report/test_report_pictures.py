"""Pictures and charts say what the numbers say."""

import itertools
import math
import re
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st
from rasterio.io import MemoryFile

sys.path.insert(0, str(Path(__file__).parent))

from report_demo import budget, margins, picture, profile

from comity.report.budget import budget_chart
from comity.report.charts import Series, bar_chart, histogram, radar_chart, stacked_bar
from comity.report.map import MapKind, MapLine, MapPicture, MapPoint, MapPolygon, draw_map, view_around
from comity.report.map_frame import MapView, Placement
from comity.report.margins import Margin, margin_chart
from comity.report.png import grey_png, palette_png, shade_png
from comity.report.profile import Profile, bulge_m, fresnel_radius_m, profile_chart
from comity.report.raster import COVERAGE_COLOURS, CoverageScale, Raster, coverage_png, hillshade, shrink
from comity.report.svg import Scale, nice_range, nice_ticks, text_width, tick_digits
from comity.rules.finding import Outcome

HOSTILE = '"><script>alert(1)</script>'


def decoded(picture: bytes) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        with MemoryFile(picture) as file, file.open() as data:
            return data.read()


def test_our_png_reads_back_by_another_decoder():
    rng = np.random.default_rng(1)
    grey = rng.integers(0, 256, (13, 7), dtype=np.uint8)
    alpha = rng.integers(0, 256, (13, 7), dtype=np.uint8)
    assert np.array_equal(decoded(grey_png(grey))[0], grey)
    assert np.array_equal(decoded(shade_png(grey, alpha)), np.stack([grey, alpha]))
    assert np.array_equal(
        decoded(palette_png(grey % 3, [(0, 0, 0, 0), (255, 0, 0, 9), (1, 2, 3, 4)]))[0], grey % 3
    )
    with pytest.raises(ValueError, match="colour"):
        palette_png(grey, [(0, 0, 0, 0)])


def test_coverage_is_clear_below_its_first_class_and_where_nothing_is_known():
    values = np.array([[np.nan, -130.0, -125.0], [-100.0, -99.9, 50.0]])
    data = decoded(coverage_png(Raster(values, 0, 0, 1), CoverageScale((-125.0, -100.0), "dBm")))
    assert data[0].tolist() == [[0, 0, 1], [2, 2, 2]]


def test_coverage_colours_keep_their_order_in_grey():
    def grey(colour):
        return sum(w * int(colour[k : k + 2], 16) for w, k in zip((0.2126, 0.7152, 0.0722), (1, 3, 5)))

    steps = [grey(colour) for colour in COVERAGE_COLOURS]
    assert all(a - b > 10 for a, b in itertools.pairwise(steps))


def test_light_falls_from_the_north_west():
    y, x = np.mgrid[0:40, 0:40] * 10.0
    to_north_west = Raster(
        x + y, 0, 0, 10.0
    )  # rows run south: higher in the south-east, so it faces north-west
    to_south_east = Raster(-(x + y), 0, 0, 10.0)
    flat = Raster(np.full((40, 40), 9.0), 0, 0, 10.0)
    assert np.allclose(hillshade(flat), 0.5)
    assert hillshade(to_north_west).min() > 0.5 > hillshade(to_south_east).max()


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(2, 10))
def test_ticks_are_round_ordered_and_inside(low, span, count):
    high = low + span
    ticks = nice_ticks(low, high, count)
    assert all(a < b for a, b in itertools.pairwise(ticks))
    assert all(low - 1e-6 * span <= tick <= high + 1e-6 * span for tick in ticks)
    assert 0 <= len(ticks) <= 2.6 * count + 1
    if len(ticks) > 1:
        step = ticks[1] - ticks[0]
        lead = step / 10 ** math.floor(math.log10(step) + 1e-6)
        assert min(abs(lead - k) for k in (1, 2, 5, 10)) < 1e-3


@given(st.integers(-9000, 9000), st.floats(0.02, 30), st.integers(2, 6))
def test_the_figure_at_a_tick_is_its_place_even_where_there_is_one_alone(low, span, count):
    ticks = nice_ticks(low / 100, low / 100 + span, count)
    assert all(float(f"{tick:.{tick_digits(ticks)}f}") == pytest.approx(tick, abs=1e-9) for tick in ticks)


@pytest.mark.parametrize(("latitude", "longitude", "size_m"), [(57.3, -6.4, 42_000), (24.77, 121.0, 14_000)])
def test_degrees_of_a_narrow_map_stand_where_they_are_and_free_of_the_arrow(latitude, longitude, size_m):
    view = view_around([(0, 0)], latitude, longitude, least_m=size_m, aspect=1.0)
    east_m, north_m = view.metres_per_degree()
    place = Placement(view, 360)
    narrow = draw_map(MapPicture(view), "c").split("</svg>")[2]
    lons = re.findall(r'<text x="([\d.]+)" y="19"[^>]*>([\d.]+)° ([EW])<', narrow)
    lats = re.findall(r'<text x="10" y="([\d.]+)"[^>]*>([\d.]+)° ([NS])<', narrow)
    assert lons
    assert lats
    for x, degrees, side in lons:
        lon = float(degrees) * (1 if side == "E" else -1)
        assert float(x) == pytest.approx(place((lon - longitude) * east_m, 0)[0], abs=0.1)
        assert float(x) + text_width(degrees + "° E", 12) / 2 < 360 - 34  # the arrow's western edge
    for y, degrees, side in lats:
        lat = float(degrees) * (1 if side == "N" else -1)
        assert float(y) - 4 == pytest.approx(place(0, (lat - latitude) * north_m)[1], abs=0.1)


def test_names_in_capitals_are_as_wide_as_a_browser_sets_them():
    # Advance widths of Arial Bold [1/2048 em].
    arial = {
        "A": 1479,
        "C": 1479,
        "D": 1479,
        "G": 1593,
        "I": 569,
        "K": 1479,
        "L": 1251,
        "N": 1479,
        "P": 1366,
        "T": 1251,
    }
    name = "DN-PACKAGING-PLANT"
    width = 13 * sum((arial | {"-": 682})[letter] for letter in name) / 2048
    assert text_width(name, 13) == pytest.approx(width, rel=0.06)


@given(st.lists(st.floats(-1e5, 1e5), max_size=8))
def test_a_round_range_holds_its_values(values):
    low, high = nice_range(values)
    assert low < high
    slack = 1e-8 * (high - low)  # far below a pixel
    assert all(low - slack <= value <= high + slack for value in values)


def test_an_axis_without_ends_is_refused():
    for low, high in ((1.0, 1.0), (2.0, 1.0), (0.0, math.inf), (math.nan, 1.0)):
        with pytest.raises(ValueError, match="axis"):
            nice_ticks(low, high)


def test_earth_bulge_and_fresnel_radius_have_their_textbook_values():
    # 50 km over k = 4/3: d^2 / (8 a_e) = 36.76 m; 1 km at 3.5 GHz: 17.32 sqrt(d1 d2 / (f d)) = 4.63 m
    assert bulge_m(np.array([0.0, 25.0, 50.0]), 8500.0) == pytest.approx([0, 36.76, 0], abs=0.01)
    assert fresnel_radius_m(np.array([0.0, 0.5, 1.0]), 3500.0) == pytest.approx([0, 4.628, 0], abs=0.002)


def test_a_thinned_profile_keeps_its_highest_point():
    d_km = np.linspace(0, 40, 4001)
    height = np.zeros(4001)
    height[2345] = 777.0
    sharp = Profile(d_km, height, height * 0, height > 999, 10.0, 10.0, 4850.0, 8500.0, "a", "b", 2345)
    drawn = profile_chart(sharp, "c")
    assert len(drawn) < 120_000
    shown = re.search(r'class="edge-mark"', drawn)
    assert shown
    top = min(
        float(y)
        for y in re.findall(r"[ML ]\d+\.?\d* (\d+\.?\d*)", drawn.split('class="earth"')[0].split("<path")[-1])
    )
    assert top < 100  # near the upper edge of a drawing 360 high


def test_the_profile_names_both_ends_and_draws_in_both_widths():
    drawn = profile_chart(profile(), "c")
    assert drawn.count("Earth station North") == drawn.count("北區地球電臺") == 2
    assert drawn.count("<svg") == 2


def heights_px(drawn: str, kind: str) -> list[tuple[float, float]]:
    """Greatest and least height of every shape of one kind, in pixels from the top."""
    found = []
    for d in re.findall(rf'<path d="M([^"]*)" class="{kind}"', drawn):
        ys = [float(y) for y in d.replace("Z", "").split()[1::2]]
        found.append((min(ys), max(ys)))
    return found


def test_the_bulge_stands_on_the_chord_and_water_shows_below_it():
    """A harbour at -0.5 m between quays: no trench in the colour of the bulge, and the sea can be seen."""
    d_km = np.linspace(0, 9, 181)
    sea = (d_km > 3) & (d_km < 5.5)
    height = np.where(sea, -0.5, 4.0)
    harbour = Profile(d_km, height, height * 0, sea, 30.0, 35.0, 4850.0, 8500.0, "a", "b", None)
    for drawing in profile_chart(harbour, "c").split("</svg>")[:2]:
        ((_, chord),) = set(heights_px(drawing, "bulge"))
        (zero,) = re.findall(r'y="([\d.]+)"[^>]*>0</text>', drawing)[:1]
        assert chord == pytest.approx(float(zero) - 4, abs=0.1)
        ((top, bottom),) = heights_px(drawing, "water")
        assert bottom - top >= 6
        (_, floor), *_ = heights_px(drawing, "earth")
        assert bottom <= floor


@pytest.mark.parametrize(
    "narrow", [bar_chart(["Group"], [Series("a", (3.0,))], "c"), margin_chart(margins(), "c")]
)
def test_no_axis_strikes_through_a_name_on_a_narrow_page(narrow):
    drawing = narrow.split("</svg>")[1]
    names = [float(y) for y in re.findall(r'<text x="0" y="([\d.]+)" class="halo"', drawing)]
    axis = re.findall(r'y1="([\d.]+)" x2="[\d.]+" y2="([\d.]+)" class="zero"', drawing)
    assert len(names) == len(axis) > 0
    for name in names:
        assert all(float(y1) >= name - 2 or float(y2) <= name - 10 for y1, y2 in axis)


def test_a_margin_beyond_the_chart_still_shows_its_true_figure():
    drawn = margin_chart(margins(), "c")
    assert "+84.0" in drawn
    assert "−3.1 ✕" in drawn
    assert drawn.index("−3.1") < drawn.index("+1.2") < drawn.index("+84.0")


def test_only_the_smallest_margins_are_drawn_when_there_are_many():
    many = [Margin(f"v{k}", float(k), Outcome.PASS) for k in range(40)]
    drawn = margin_chart(many[::-1], "c", most=10)
    assert "v9" in drawn
    assert "v10" not in drawn
    assert margin_chart([], "c") == ""


def test_the_waterfall_shows_every_term_result_limit_and_margin():
    drawn = budget_chart(budget(), "c")
    for figure in ("23.0", "−8.4", "−148.2", "−22.6", "+14.0", "−12.0", "−154.2 ✓", "−151.3", "+2.9 dB"):
        assert figure in drawn


def test_metres_per_degree_have_their_published_values():
    # WGS 84: one degree of latitude and of longitude at 0, 45 and 60 degrees north [m]
    for latitude, north, east in (
        (0.0, 110574.3, 111319.5),
        (45.0, 111131.8, 78846.8),
        (60.0, 111412.2, 55800.2),
    ):
        got = MapView(0, 0, 1, 1, latitude, 0).metres_per_degree()
        assert got == pytest.approx((east, north), abs=1.0)


def test_a_place_outside_the_map_is_pointed_to_with_its_distance():
    view = MapView(-1000, -1000, 1000, 1000, 24.0, 121.0)
    far = MapPoint(30000, 40000, MapKind.EARTH_STATION, "Far", Outcome.PASS)
    drawn = draw_map(MapPicture(view, points=(far,)), "c")
    assert "Far, 50.0 km away" in drawn
    assert "Far，距 50.0 km" in drawn


def test_the_scale_bar_has_the_length_it_says():
    view = MapView(0, 0, 12000, 8000, 24.0, 121.0)
    drawn = draw_map(MapPicture(view), "c")
    first = drawn.split("</svg>")[1]
    width = float(re.search(r'width="([\d.]+)" height="6" class="scale-edge"', first).group(1))
    assert "2 km" in first
    assert width == pytest.approx(2000 * Placement(view, 880).px_per_m, abs=0.01)


@given(st.floats(-80, 80), st.floats(-179, 179), st.floats(20, 900_000))
def test_a_map_of_any_size_can_be_drawn(latitude, longitude, size_m):
    view = view_around([(0, 0)], latitude, longitude, least_m=size_m)
    assert draw_map(MapPicture(view), "c").count("<svg") == 3


def test_a_view_holds_what_it_was_made_around():
    view = view_around([(-100, 5), (4000, 300)], 50, 0, least_m=10, aspect=1.5)
    assert view.west_m < -100 < 4000 < view.east_m
    assert view.south_m < 5 < 300 < view.north_m
    assert (view.east_m - view.west_m) == pytest.approx(1.5 * (view.north_m - view.south_m))


def test_no_two_labels_of_a_map_overlap():
    for drawing in draw_map(picture(), "c").split("</svg>")[1:3]:
        boxes = []
        for x, y, anchor, words in re.findall(
            r'<text x="([\d.]+)" y="([\d.]+)" class="halo (?:strong|fail) ?(end|middle)?">.*?lang="en">([^<]*)<',
            drawing,
        ):
            width = text_width(words, 13)
            left = float(x) - {"": 0, "end": width, "middle": width / 2}[anchor]
            boxes.append((left, float(y), width))
        assert len(boxes) > 3
        for (a, y1, w1), (b, y2, w2) in itertools.combinations(boxes, 2):
            assert a + w1 <= b or b + w2 <= a or abs(y1 - y2) >= 15


def test_a_narrow_map_names_every_place_and_keeps_names_off_the_site():
    """Four places whose names are half as wide as a phone, three of them around a site in the middle."""
    view = MapView(-6000, -4000, 6000, 4000, 22.55, 120.31)
    corners = ((-700.0, -600.0), (700.0, -600.0), (700.0, 600.0), (-700.0, 600.0))
    spots = [(-900, 0), (900, 100), (3800, -300), (0, 0)]
    names = [f"DN-XIAOGANG-STEEL-{k}" for k in range(4)]
    points = tuple(MapPoint(x, y, MapKind.LICENCE, name) for (x, y), name in zip(spots, names, strict=True))
    link = MapLine(((-1500.0, 1400.0), (1700.0, -1700.0)), "MW-QIJIN-LINYUAN")
    narrow = draw_map(MapPicture(view, polygons=(MapPolygon(corners),), lines=(link,), points=points), "c")
    drawing = narrow.split("</svg>")[2]
    place = Placement(view.squared(), 360)
    (left, top), (right, bottom) = place(-700, 600), place(700, -600)
    shown = re.findall(
        r'<text x="([\d.]+)" y="([\d.]+)" class="halo strong ?(end|middle)?">([^<]+)<', drawing
    )
    assert sorted(words for *_, words in shown) == sorted([*names, "MW-QIJIN-LINYUAN"])
    for x, y, anchor, words in shown:
        width = text_width(words, 13)
        start = float(x) - {"": 0, "end": width, "middle": width / 2}[anchor]
        assert start >= right or start + width <= left or float(y) - 11 >= bottom or float(y) + 4 <= top


def test_large_rasters_are_made_small_enough_for_a_page():
    big = Raster(np.zeros((3000, 2000)), 0, 0, 5.0)
    small = shrink(big)
    assert max(small.values.shape) <= 720
    assert small.bounds_m == pytest.approx(big.bounds_m, abs=5.0 * 5)


def test_hostile_names_stay_names_in_every_drawing():
    view = MapView(-1000, -1000, 1000, 1000, 24.0, 121.0)
    drawn = [
        draw_map(MapPicture(view, points=(MapPoint(0, 0, MapKind.LICENCE, HOSTILE),)), "c"),
        margin_chart([Margin(HOSTILE, 1.0, Outcome.PASS)], "c"),
        bar_chart([HOSTILE], [Series(HOSTILE, (1.0,))], "c", unit=HOSTILE),
        radar_chart([HOSTILE] * 3, [Series(HOSTILE, (1.0, 0.5, 0.2))], "c"),
        histogram([HOSTILE], [3], "c"),
        stacked_bar([(HOSTILE, 3)], "c"),
    ]
    assert not any("<script" in part for part in drawn)


def test_a_missing_value_is_shown_as_missing():
    drawn = bar_chart(["a"], [Series("s", (None,)), Series("t", (0.0,))], "c")
    assert "–</text>" in drawn


def test_charts_refuse_what_they_cannot_show():
    for bad in (
        lambda: bar_chart(["a"], [Series("s", (1.0, 2.0))], "c"),
        lambda: bar_chart(["a"], [Series(str(k), (1.0,)) for k in range(6)], "c"),
        lambda: radar_chart(["a", "b"], [Series("s", (1.0, 1.0))], "c"),
        lambda: stacked_bar([("a", -1)], "c"),
        lambda: histogram(["a"], [], "c"),
        lambda: CoverageScale((), "dBm").colours(),
    ):
        with pytest.raises(ValueError, match=r".+"):
            bad()


def test_bars_are_as_long_as_their_values():
    drawn = bar_chart(["a", "b"], [Series("s", (1.0, 3.0))], "c").split("</svg>")[0]
    one, three = (float(w) for w in re.findall(r'width="([\d.]+)" height="13" class="fill-1"', drawn))
    assert three == pytest.approx(3 * one, abs=0.02)
    assert Scale(0, 10, 100, 200)(2.5) == 125
