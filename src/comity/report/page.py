"""The shell of every page: one file, two languages, light and dark, complete without script or network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from comity.report.elements import Child, Markup, Words, element, join, render
from comity.report.style import style_sheet
from comity.rules.finding import Outcome
from comity.rules.text import Language, Text

Theme = Literal["auto", "light", "dark"]

# A browser obeys this even where a file is opened from a disk: nothing is fetched, nothing runs.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_LANGUAGES = (("language-en", "English", "en"), ("language-zh", "中文", "zh-Hant"))
_THEMES = (
    ("theme-auto", Text("Auto", "自動"), "auto"),
    ("theme-light", Text("Light", "淺色"), "light"),
    ("theme-dark", Text("Dark", "深色"), "dark"),
)
_BRAND_LINE = Text("decisions with reasons", "附理由的決定")


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a page.

    Parameters
    ----------
    id : name inside the page, for its address (``#id``)
    title : heading
    body : what stands in it, from top to bottom
    """

    id: str
    title: Text
    body: tuple[Child, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A whole page.

    Parameters
    ----------
    title : main heading and title of the document
    kicker : small line above the heading: what kind of paper this is, and its number
    summary : what stands before the first section: verdict, key figures
    sections : the parts, listed in the contents
    footer : provenance in small print
    notice : a warning above everything (an invented example, a draft)
    language, theme : what the page shows first; the reader can switch both
    """

    title: Text
    kicker: Text
    summary: tuple[Child, ...]
    sections: tuple[Section, ...]
    footer: tuple[Child, ...] = ()
    notice: Text | None = None
    language: Language = "en"
    theme: Theme = "auto"


@dataclass(frozen=True, slots=True)
class Figure:
    """One key figure: what it is, its value and, smaller, its unit."""

    label: Words
    value: Words
    unit: Words = ""


def render_page(page: Page) -> str:
    """Return the page as one HTML document."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", page.title),
        element("style", Markup(style_sheet())),
    )
    switches = (_radios("language", _LANGUAGES, page.language), _radios("theme", _THEMES, page.theme))
    body = element(
        "body", switches, element("div", _header(), _main(page), _footer(page), class_="page", id="top")
    )
    return "<!doctype html>\n" + element("html", head, body, lang=page.language) + "\n"


def verdict(tone: Outcome, word: Text, said: Child, figures: Sequence[Figure] = ()) -> Markup:
    """Return the answer in one word with a sentence, and its key figures below."""
    said_of = element("p", said, class_="said")
    panel = element(
        "div",
        element("p", mark(tone), element("span", word), class_="word"),
        said_of,
        class_=f"verdict tone-{tone}",
    )
    return join((panel, key_figures(figures)))


def key_figures(figures: Sequence[Figure]) -> Markup:
    """Return a few large numbers beside each other."""
    if not figures:
        return Markup("")
    entries = (
        element(
            "div",
            element("dt", figure.label),
            element("dd", figure.value, " " if figure.unit else "", element("small", figure.unit)),
        )
        for figure in figures
    )
    return element("dl", tuple(entries), class_="figures")


def figure(id_: str, drawing: Child, caption: Child, *after: Child) -> Markup:
    """Return a drawing with its caption, which also names it for a screen reader; ``after`` stands below."""
    return element("figure", drawing, after, element("figcaption", caption, id=id_))


def link(words: Words, address: str) -> Markup:
    """Return a link to an ``https`` address or a place in this page; to anything else the bare words."""
    if address.startswith(("https://", "#")):
        return element("a", words, href=address, rel="noreferrer" if address[0] != "#" else None)
    return render(words)


def mark(outcome: Outcome) -> Markup:
    """Return the sign of an outcome; its shape tells it apart without colour."""
    shapes = {
        Outcome.PASS: ("M10 1a9 9 0 1 0 0 18a9 9 0 1 0 0-18Z", "M5.8 10.4l2.9 2.9l5.6-6.3"),
        Outcome.FAIL: ("M6 1h8l5 5v8l-5 5h-8l-5-5v-8Z", "M6.8 6.8l6.4 6.4M13.2 6.8l-6.4 6.4"),
        Outcome.WARN: ("M10 1.2L19.6 18.4H.4Z", "M10 7.6v4.8M10 15.3v.1"),
        Outcome.UNKNOWN: (
            "M5 1h10a4 4 0 0 1 4 4v10a4 4 0 0 1-4 4h-10a4 4 0 0 1-4-4v-10a4 4 0 0 1 4-4Z",
            "M7 7.4a3 3 0 1 1 4.2 2.8q-1.2.6-1.2 2M10 15.3v.1",
        ),
    }
    ground, sign = shapes[outcome]
    return element(
        "svg",
        element("path", d=ground, class_="mark"),
        element("path", d=sign, class_="mark-line"),
        viewBox="0 0 20 20",
        aria_hidden="true",
        focusable="false",
    )


def _radios(name: str, choices: Sequence[tuple[str, Words, str]], chosen: str) -> Markup:
    return join(
        element(
            "input",
            type="radio",
            class_="switch",
            name=name,
            id=id_,
            checked=value == chosen,
            autocomplete="off",
            aria_labelledby=f"{id_}-label",
        )
        for id_, _, value in choices
    )


def _header() -> Markup:
    skip = Text("Skip to the central content area", "跳到中央內容區塊")
    labels = (
        tuple(element("label", words, for_=id_, id=f"{id_}-label") for id_, words, _ in choices)
        for choices in (_LANGUAGES, _THEMES)
    )
    return join(
        (
            element("a", skip, href="#content", class_="skip"),
            element(
                "header",
                element("div", "comity", element("small", _BRAND_LINE), class_="brand"),
                element("div", tuple(element("div", group) for group in labels), class_="switches"),
                class_="bar",
            ),
        )
    )


def _main(page: Page) -> Markup:
    entries = (element("li", link(part.title, f"#{part.id}")) for part in page.sections)
    contents = element(
        "nav", element("ul", tuple(entries)), class_="contents", aria_labelledby="contents-name"
    )
    name = element("span", Text("Contents", "目錄"), class_="hidden", id="contents-name")
    return element(
        "main",
        element("p", page.notice, class_="notice") if page.notice else None,
        element("p", page.kicker, class_="kicker"),
        element("h1", page.title),
        page.summary,
        (name, contents) if page.sections else None,
        tuple(_section(part) for part in page.sections),
        class_="sheet",
        id="content",
        tabindex=-1,
    )


def _section(part: Section) -> Markup:
    up = element("p", link(Text("Go top", "回頁首"), "#top"), class_="top")
    return element("section", element("h2", part.title, id=f"{part.id}-title"), part.body, up, id=part.id)


def _footer(page: Page) -> Markup:
    return element("footer", page.footer, class_="foot")
