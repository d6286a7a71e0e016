"""Every word that reaches a page is escaped, and nothing in a page runs or leads out of it."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.report.elements import Markup, amount, clean, element, join, number
from comity.report.page import link
from comity.rules.text import Text

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; alert(1); '",
    "</style><script>alert(1)</script>",
    "<!-- ",
    "]]>",
    "&lt;script&gt;",
    "\u202eevil\u202c",
    "\x00<b>",
    "\ud800",
    "javascript:alert(1)",
)


class Reader(HTMLParser):
    """An independent reader of what was written."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.words += data

    def handle_comment(self, data):
        raise AssertionError("a comment was smuggled in")


def read(markup: str) -> Reader:
    reader = Reader()
    reader.feed(markup)
    reader.close()
    return reader


@given(st.text(alphabet=st.characters(exclude_characters="\r")))
def test_any_text_comes_back_as_the_same_text_and_no_element(words):
    inside, attribute = read(element("p", words)), read(element("p", title=words))
    assert inside.tags == attribute.tags == ["p"]
    assert inside.words == clean(words)
    assert attribute.attributes == [("title", clean(words))]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words_in_both_languages(words):
    reader = read(element("p", Text(words, words + "中"), title=words))
    assert reader.tags == ["p", "span", "span"]
    assert "\u202e" not in reader.words
    assert "\x00" not in reader.words
    element("p", words).encode("utf-8")


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "http://a.example/", "//a.example", "data:text/html,x", " https://a", "file:///"],
)
def test_an_address_leads_into_the_page_or_to_https_or_is_refused(address):
    with pytest.raises(ValueError, match="must lead"):
        element("a", "x", href=address)
    assert "href" not in link("law", address)


def test_handlers_and_running_elements_are_refused():
    for name in ("onclick", "onload", "ONERROR"):
        with pytest.raises(ValueError, match="may not appear"):
            element("p", **{name: "x"})
    for tag in ("script", "iframe", "object", "p onclick=x", "p><script", "foreignObject"):
        with pytest.raises(ValueError, match="may not appear"):
            element(tag)


def test_markup_is_not_escaped_twice_and_its_parts_are():
    inner = element("b", "a & b")
    assert element("p", inner, " < ") == "<p><b>a &amp; b</b> &lt; </p>"
    assert join(("<", inner), ">") == "&lt;&gt;<b>a &amp; b</b>"
    assert isinstance(element("p"), Markup)


def test_one_text_for_both_languages_is_written_once():
    assert element("p", Text("100 MHz", "100 MHz")) == "<p>100 MHz</p>"
    assert element("title", Text("Site", "場域")) == "<title>Site · 場域</title>"
    assert element("text", Text("Site", "場域")) == (
        '<text><tspan lang="en">Site</tspan><tspan lang="zh-Hant">場域</tspan></text>'
    )


def test_numbers_are_written_as_people_and_as_drawings_need_them():
    assert [number(v) for v in (1.0, -0.001, 2.345, 1e6)] == ["1", "0", "2.35", "1000000"]
    assert [amount(v, 1) for v in (1234.56, -3.14, -0.04, 0.0)] == ["1,234.6", "−3.1", "0.0", "0.0"]
    assert [amount(v, 1, sign=True) for v in (2.0, -2.0, 0.0)] == ["+2.0", "−2.0", "0.0"]
    assert amount(float("-inf")) == "−∞"
    with pytest.raises(ValueError, match="finite"):
        number(float("nan"))
