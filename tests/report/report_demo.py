"""A synthetic report: every place, number and party in it is invented, to look at and to test the drawing."""

from __future__ import annotations

from datetime import date

import numpy as np

from comity.report.budget import Budget, BudgetTerm, budget_chart
from comity.report.charts import Series, bar_chart, histogram, radar_chart, series_legend, stacked_bar
from comity.report.elements import Markup, join
from comity.report.map import (
    MapKind,
    MapLine,
    MapPicture,
    MapPoint,
    MapPolygon,
    coverage_legend,
    draw_map,
    map_legend,
    view_around,
)
from comity.report.margins import Margin, margin_chart
from comity.report.page import Figure, Page, Section, figure, verdict
from comity.report.profile import Profile, profile_chart, profile_legend
from comity.report.raster import CoverageScale, Raster
from comity.report.tables import ChannelRow, channel_table, finding_table, listing, pairs
from comity.rules.fact import Evidence
from comity.rules.finding import Finding, Outcome
from comity.rules.text import Text

T = Text


def ground() -> Raster:
    """Return invented hills with a coast in the west."""
    rows, columns, pixel_m = 400, 600, 30.0
    rng = np.random.default_rng(7)
    spectrum = np.fft.fft2(rng.standard_normal((rows, columns)))
    k = np.hypot(*np.meshgrid(np.fft.fftfreq(columns), np.fft.fftfreq(rows)))
    k[0, 0] = 1.0
    rough = np.real(np.fft.ifft2(spectrum / k**1.9))
    rough = (rough - rough.mean()) / rough.std()
    slope = np.linspace(-1.6, 2.4, columns)[None, :]
    height = 60 * (rough + slope) + 20
    height = np.where(height > 0, 0.6 * height + 0.004 * np.maximum(height, 0) ** 2, np.nan)
    return Raster(height, -9000.0, 6000.0, pixel_m)


def coverage(land: Raster) -> Raster:
    """Return a level that falls with distance and behind hills, not by any model."""
    rows, columns = land.values.shape
    x = land.x0_m + (np.arange(columns) + 0.5) * land.pixel_m
    y = land.y0_m - (np.arange(rows) + 0.5) * land.pixel_m
    away = np.hypot(x[None, :] - 800, y[:, None] + 300) + 30
    level = -40 - 32 * np.log10(away / 30) - 0.1 * np.nan_to_num(land.values)
    return Raster(level, land.x0_m, land.y0_m, land.pixel_m)


def picture() -> MapPicture:
    land = ground()
    site = ((500.0, -600.0), (1200.0, -500.0), (1150.0, 50.0), (450.0, -50.0))
    points = (
        MapPoint(700, -300, MapKind.STATION, T("Site A", "甲場域"), None, (30.0, 150.0, 270.0)),
        MapPoint(1000, -420, MapKind.STATION, "", None, (90.0, 210.0)),
        MapPoint(-3800, 2400, MapKind.EARTH_STATION, T("Earth station North", "北區地球電臺"), Outcome.FAIL),
        MapPoint(3300, -2300, MapKind.LICENCE, T("Licence 0042", "執照 0042"), Outcome.PASS),
        MapPoint(5200, 1700, MapKind.RECEIVER, T("Receiver Hill", "山丘接收點"), Outcome.UNKNOWN),
        MapPoint(30000, 14000, MapKind.EARTH_STATION, T("Far station", "遠方電臺"), Outcome.PASS),
    )
    links = (MapLine(((-1500.0, -3300.0), (4200.0, 3200.0)), T("Fixed link 7", "微波鏈路 7"), Outcome.WARN),)
    return MapPicture(
        view=view_around([(-5000, -3600), (6000, 3600)], 24.78, 121.0, aspect=1.5),
        ground=land,
        coverage=coverage(land),
        scale=CoverageScale((-125.0, -115.0, -105.0, -95.0, -85.0, -75.0, -65.0), "dBm"),
        polygons=(MapPolygon(site, T("Site", "場域")),),
        lines=links,
        points=points,
    )


def profile() -> Profile:
    d_km = np.linspace(0, 12.4, 401)
    hill = 95 * np.exp(-(((d_km - 8.1) / 0.9) ** 2)) + 40 * np.exp(-(((d_km - 3.2) / 1.4) ** 2))
    sea = (d_km > 5.0) & (d_km < 6.2)
    height = np.where(sea, 0.0, 12 + hill + 3 * np.sin(5 * d_km))
    cover = np.where((d_km < 2.2) | ((d_km > 9.5) & (d_km < 11.5)), 14.0, 0.0)
    cover[[0, -1]] = 0
    names = (T("Site A, cell 3", "甲場域第 3 細胞"), T("Earth station North", "北區地球電臺"))
    edge = int(np.argmax(height))
    return Profile(d_km, height, cover, sea, 18.0, 25.0, 4850.0, 8500.0, *names, edge)


def budget() -> Budget:
    terms = (
        BudgetTerm(T("Antenna discrimination", "天線鑑別度"), -8.4),
        BudgetTerm(T("Basic transmission loss (P.452-18)", "基本傳輸損失（P.452-18）"), -148.2),
        BudgetTerm(T("Building entry loss (P.2109)", "建物穿透損失（P.2109）"), -22.6),
        BudgetTerm(T("Receiving antenna gain", "接收天線增益"), 14.0),
        BudgetTerm(T("Receiver filter", "接收濾波器"), -12.0),
    )
    start = T("EIRP in 1 MHz", "每 MHz 之 EIRP")
    return Budget(start, 23.0, terms, -151.3, "dBm/MHz", -154.2, Outcome.PASS)


def findings() -> tuple[Finding, ...]:
    said = T(
        "Interference at Earth station North is −148.2 dBm/MHz, 3.1 dB above its limit of −151.3 dBm/MHz.",
        "北區地球電臺受到的干擾為 −148.2 dBm/MHz，超出限值 −151.3 dBm/MHz 達 3.1 dB。",
    )
    kept = T("Each cell radiates 23 dBm; 40 dBm are allowed.", "各細胞輻射 23 dBm，上限為 40 dBm。")
    open_ = T("The fee table is not published yet.", "收費標準尚未公布。")
    note = T("The site lies 180 m from a licence that is not synchronised.", "場域距未同步之執照 180 m。")
    return (
        Finding(
            "SYN-R1",
            Outcome.PASS,
            kept,
            "Invented Act, art. 4",
            Evidence.VERIFIED,
            "",
            23.0,
            40.0,
            "dBm",
            17.0,
        ),
        Finding(
            "SYN-R9",
            Outcome.FAIL,
            said,
            "Invented Regulations, annex 2, table 1",
            Evidence.ASSUMPTION,
            "Earth station North",
            -148.2,
            -151.3,
            "dBm/MHz",
            -3.1,
            location_spread_db=5.5,
        ),
        Finding("SYN-F1", Outcome.UNKNOWN, open_, "Invented fee order", Evidence.PENDING),
        Finding(
            "SYN-R4",
            Outcome.WARN,
            note,
            "Invented guidance, 3.2",
            Evidence.SECONDARY,
            "0042",
            180.0,
            250.0,
            "m",
            -70.0,
        ),
    )


def margins() -> tuple[Margin, ...]:
    return (
        Margin(T("Earth station North", "北區地球電臺"), -3.1, Outcome.FAIL, 5.5),
        Margin(T("Licence 0042 (downlink)", "執照 0042（下行）"), 1.2, Outcome.PASS, 5.5),
        Margin(
            T("Fixed link 7, end Hilltop, both polarisations", "微波鏈路 7，山頂端，雙極化"),
            8.9,
            Outcome.WARN,
            4.0,
        ),
        Margin(T("Receiver Hill", "山丘接收點"), 22.4, Outcome.UNKNOWN, 6.0),
        Margin(T("Far station", "遠方電臺"), 84.0, Outcome.PASS, 6.0),
    )


def demo_page(language: str = "en", theme: str = "auto") -> Page:
    """Return the page; ``language`` and ``theme`` as in :class:`Page`."""
    sections = (_map_section(), _path_section(), _margin_section(), _rule_section(), _chart_section())
    invented = T(
        "Synthetic page: every place, party and number is invented.",
        "合成頁面：所有地點、當事人與數值均屬虛構。",
    )
    said = T(
        "100 MHz may not be used at the power applied for; 19.9 dBm in the same channel would pass.",
        "以申請功率使用 100 MHz 不予核准；同頻道若降至 19.9 dBm 即可符合。",
    )
    figures = (
        Figure(T("Applied for", "申請"), T("23 dBm", "23 dBm"), "4800–4900 MHz"),
        Figure(T("Smallest margin", "最小餘裕"), "−3.1 dB", T("Earth station North", "北區地球電臺")),
        Figure(T("Would pass", "可符合"), "19.9 dBm", "100 MHz"),
        Figure(T("Decided on", "決定日期"), date(2026, 1, 5).isoformat()),
    )
    return Page(
        title=T("Dedicated 5G at Site A", "甲場域專用 5G 頻率申請"),
        kicker=T("Decision under the Invented Act", "依虛構法作成之決定"),
        summary=(verdict(Outcome.FAIL, T("Refused", "不予核准"), said, figures),),
        sections=sections,
        footer=(pairs([(T("Identity (SHA-256)", "識別碼（SHA-256）"), "00" * 32)]),),
        notice=invented,
        language=language,
        theme=theme,
    )


def _map_section() -> Section:
    shown = picture()
    caption = T(
        "Wanted signal at 1.5 m above ground over shaded relief.", "離地 1.5 m 之訊號強度，疊於地形陰影圖。"
    )
    body = figure(
        "map-caption",
        draw_map(shown, "map-caption"),
        caption,
        coverage_legend(shown.scale, T("Received power", "接收功率")),
        map_legend(shown),
    )
    return Section("map", T("Where it is and whom it reaches", "位置與影響範圍"), (body,))


def _path_section() -> Section:
    caption = T(
        "The path to the victim with the smallest margin, over an earth of 8500 km effective radius.",
        "通往餘裕最小受干擾方之路徑，等效地球半徑 8500 km。",
    )
    body = figure(
        "path-caption", profile_chart(profile(), "path-caption"), caption, profile_legend(profile())
    )
    sums = T("How the level at the victim comes about.", "受干擾方接收位準之計算過程。")
    more = figure("budget-caption", budget_chart(budget(), "budget-caption"), sums)
    return Section("path", T("The worst path", "最不利路徑"), (body, more))


def _margin_section() -> Section:
    caption = T("Whiskers: one standard deviation of the model.", "橫線為模型一個標準差。")
    return Section(
        "margins",
        T("Margins", "餘裕"),
        (figure("margin-caption", margin_chart(margins(), "margin-caption"), caption),),
    )


def _rule_section() -> Section:
    rows = (
        ChannelRow(
            "4800–4900 MHz",
            Outcome.FAIL,
            T("Earth station North: −3.1 dB", "北區地球電臺：−3.1 dB"),
            19.9,
            -3.1,
        ),
        ChannelRow(
            "4840–4880 MHz",
            Outcome.PASS,
            T("All limits kept.", "均符合限值。"),
            23.0,
            0.9,
            tag=T("granted", "核配"),
        ),
    )
    assumed = [
        (
            T("−125 dBm is read as power in 100 MHz.", "−125 dBm 解讀為 100 MHz 頻寬內之功率。"),
            "limits.boundary_power_dbm",
        )
    ]
    body: tuple[Markup, ...] = (channel_table(rows), finding_table(findings()), listing(assumed))
    return Section("rules", T("Channels, rules and assumptions", "頻道、規定與假設"), body)


def _chart_section() -> Section:
    axes = (
        T("Chips", "晶片"),
        T("Health", "健康"),
        T("Mobility", "交通"),
        T("Energy", "能源"),
        T("Universities", "大學"),
        T("Ports", "港口"),
    )
    two = (
        Series(T("City A", "甲市"), (0.9, 0.4, 0.7, 0.5, 0.8, 0.2)),
        Series(T("City B", "乙市"), (0.3, 0.8, 0.6, None, 0.7, 0.9)),
    )
    drawn = join(
        (
            figure(
                "radar-caption",
                radar_chart(axes, two, "radar-caption"),
                T("Two invented cities.", "兩個虛構城市。"),
            ),
            series_legend([one.name for one in two]),
            figure(
                "bars-caption",
                bar_chart(axes, two, "bars-caption"),
                T("The same, side by side.", "並列比較。"),
            ),
            figure(
                "ranks-caption",
                histogram(["1", "2", "3", "4", "5", "–"], [61, 32, 14, 7, 3, 9], "ranks-caption"),
                T("Students by the choice they got.", "各志願錄取人數。"),
            ),
            figure(
                "shares-caption",
                stacked_bar(
                    [
                        (T("first choice", "第一志願"), 61),
                        (T("other", "其他志願"), 56),
                        (T("none", "未錄取"), 9),
                    ],
                    "shares-caption",
                ),
                T("Shares of all students.", "占全體學生比例。"),
            ),
        )
    )
    return Section("charts", T("Charts of the other programmes", "其他計畫圖表"), (drawn,))
