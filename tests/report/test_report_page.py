"""The page keeps its promises: complete in one file, both languages, both themes, usable by everyone."""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from report_demo import demo_page, findings

from comity.report.page import Page, Section, render_page
from comity.report.style import DARK, LIGHT, style_sheet
from comity.report.tables import finding_table
from comity.rules.fact import Evidence
from comity.rules.finding import Finding, Outcome
from comity.rules.text import Text

VOID = {"meta", "input", "br", "img", "hr", "link"}


@pytest.fixture(scope="module")
def html():
    return render_page(demo_page())


class Outline(HTMLParser):
    """Collect what a browser would see and check that every element is closed in its turn."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def values(self, name):
        return [attrs[name] for _, attrs in self.seen if name in attrs]


def test_every_element_is_closed_and_every_id_is_its_own(html):
    outline = Outline(html)
    assert outline.open == []
    ids = outline.values("id")
    assert len(ids) == len(set(ids))
    named = set(ids)
    assert set(outline.values("aria-labelledby")) <= named
    assert set(outline.values("for")) <= named
    assert {a[1:] for a in outline.values("href") if a.startswith("#")} <= named
    assert set(re.findall(r"url\(#([^)]*)\)", html)) <= named


def test_the_page_asks_for_nothing_and_runs_nothing(html):
    outline = Outline(html)
    policy = next(a["content"] for t, a in outline.seen if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'")
    assert "script" not in {tag for tag, _ in outline.seen}
    assert not [attrs for _, attrs in outline.seen if any(name.startswith("on") for name in attrs)]
    for tag, attrs in outline.seen:
        for name in ("src", "href", "action", "srcset", "data", "poster"):
            value = attrs.get(name)
            assert value is None or value.startswith(("#", "data:image/png;base64,")) or tag == "a"
    assert "@import" not in html
    assert re.findall(r"url\((?!#)", html) == []


def test_every_drawing_is_well_formed_xml(html):
    drawings = re.findall(r"<svg .*?</svg>", html, flags=re.S)
    assert len(drawings) > 20
    for drawing in drawings:
        ElementTree.fromstring(drawing)


def test_both_languages_stand_in_the_same_file_and_either_can_be_first(html):
    body = html[html.index("<body>") :]
    assert body.count('lang="en"') == body.count('lang="zh-Hant"') > 50
    assert html.startswith('<!doctype html>\n<html lang="en">')
    chinese = render_page(demo_page("zh-Hant", "dark"))
    assert '<html lang="zh-Hant">' in chinese
    assert re.search(r'id="language-zh" checked', chinese)
    assert re.search(r'id="theme-dark" checked', chinese)


def test_switches_come_before_the_page_that_they_change(html):
    # `#language-zh:checked ~ .page` reaches later siblings only.
    last_switch = max(m.start() for m in re.finditer(r'class="switch"', html))
    assert last_switch < html.index('class="page"')


def test_a_reader_can_skip_to_the_content_and_go_back_to_the_top(html):
    assert "Skip to the central content area" in html
    assert "回頁首" in html
    outline = Outline(html)
    main = next(attrs for tag, attrs in outline.seen if tag == "main")
    assert main["id"] == "content"
    assert outline.values("href")[0] == "#content"


def test_the_same_input_gives_the_same_bytes():
    assert render_page(demo_page()) == render_page(demo_page())


def test_a_synthetic_page_says_so_first(html):
    assert html.index("every place, party and number is invented") < html.index("<h1>")


def test_a_hostile_title_stays_a_title():
    bad = Text("</title><script>x</script>", "</h1><script>y</script>")
    page = Page(bad, bad, (), (Section("a", bad, (bad,)),), notice=bad)
    outline = Outline(render_page(page))
    assert outline.open == []
    assert "script" not in {tag for tag, _ in outline.seen}


def _luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2.2."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_contrast_formula_knows_black_on_white():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_has_the_contrast_of_wcag_aa(colours):
    grounds = ("paper", "desk", "panel", "sky")
    for text in ("ink", "soft", "link", "brand", "pass", "fail", "warn", "unknown"):
        for ground in grounds:
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    for tone in ("pass", "fail", "warn", "unknown"):
        for text in (tone, "ink"):
            assert contrast(colours[text], colours[f"{tone}-tint"]) >= 4.5, (text, tone)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_shapes_that_carry_meaning_have_the_contrast_of_wcag_aa(colours):
    for role in ("series-1", "series-2", "series-3", "series-4", "series-5", "beam", "earth-edge", "faint"):
        assert contrast(colours[role], colours["paper"]) >= 3, role


def test_every_colour_that_the_style_sheet_uses_exists_in_both_themes():
    used = set(re.findall(r"var\(--([a-z0-9-]+)\)", style_sheet()))
    assert used == set(LIGHT) == set(DARK)


def test_print_is_always_light():
    sheet = style_sheet()
    dark = [m.start() for m in re.finditer(re.escape(DARK["desk"]), sheet)]
    assert len(dark) == 2
    assert all("@media screen" in sheet[sheet.rfind("@media", 0, place) : place] for place in dark)


def test_what_stops_an_application_is_read_first():
    table = finding_table(findings())
    order = [table.index(rule) for rule in ("SYN-R9", "SYN-F1", "SYN-R4", "SYN-R1")]
    assert order == sorted(order)


def test_a_rule_row_carries_numbers_citation_and_evidence():
    table = finding_table(findings())
    for words in (
        "−148.2",
        "−151.3",
        "Invented Regulations, annex 2, table 1",
        "assumption",
        "±",
        "5.5",
        "dBm/MHz",
    ):
        assert words in table


def test_hostile_findings_stay_text():
    bad = '"><script>alert(1)</script>'
    row = Finding(bad, Outcome.FAIL, Text(bad, bad + "中"), bad, Evidence.VERIFIED, bad, bad, bad, bad, 1.0)
    outline = Outline(finding_table([row]))
    assert "script" not in {tag for tag, _ in outline.seen}
    assert outline.open == []
