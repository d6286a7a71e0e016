"""Build HTML and SVG in which everything is escaped unless this module made it.

Text in two languages becomes two elements with a ``lang`` attribute, of which the page's style sheet shows one.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterable

from comity.rules.text import Text

Words = Text | str
Attribute = Words | int | float | bool | None
LANGUAGES = ("en", "zh-Hant")

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*\Z")
_SAFE_ADDRESS = re.compile(r"(#|https://|data:image/png;base64,)")
# Characters that HTML forbids, and those that turn the direction of the text after them.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr"})
_PLAIN_TEXT = frozenset({"title", "desc", "option"})
_REFUSED = frozenset({"script", "iframe", "object", "embed", "foreignObject", "base", "form"})


class Markup(str):
    """Markup that is already safe; only this package makes it."""

    __slots__ = ()


Child = Markup | Text | str | int | None | Iterable["Child"]


def number(value: float, digits: int = 2) -> str:
    """Return ``value`` as an attribute: rounded, without trailing zeros or a negative zero.

    Raises
    ------
    ValueError
        If ``value`` is not finite: a picture of it would be silently wrong.
    """
    if not math.isfinite(value):
        raise ValueError(f"a drawing needs finite numbers, got {value}")
    shown = f"{value:.{digits}f}"
    if "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    return "0" if shown in {"-0", ""} else shown


def amount(value: float, digits: int = 2, sign: bool = False) -> str:
    """Return ``value`` for a reader: thousands apart, a true minus sign, exactly ``digits`` decimals."""
    if not math.isfinite(value):
        return "∞" if value > 0 else "−∞" if value < 0 else "–"
    shown = f"{value:,.{digits}f}"
    if not shown.strip("-0.,"):
        shown = shown.lstrip("-")
        return shown
    return shown.replace("-", "−") if value < 0 else f"+{shown}" if sign else shown


def clean(text: str) -> str:
    """Return ``text`` without characters that HTML forbids and without direction overrides."""
    return _SURROGATE.sub("\ufffd", _FORBIDDEN.sub("", text))


def escape(text: str) -> Markup:
    """Return ``text`` cleaned and escaped for element content and quoted attributes."""
    return Markup(html.escape(clean(text), quote=True))


def join(parts: Iterable[Child], separator: str = "") -> Markup:
    """Return the parts rendered one after the other."""
    return Markup(escape(separator).join(render(part) for part in parts))


def render(child: Child, inner: str = "span") -> Markup:
    """Return one child as markup; text in two languages becomes two ``inner`` elements."""
    if child is None:
        return Markup("")
    if isinstance(child, Markup):
        return child
    if isinstance(child, Text):
        return _both(child, inner)
    if isinstance(child, str):
        return escape(child)
    if isinstance(child, int):
        return Markup(int(child))
    return Markup("".join(render(part, inner) for part in child))


def element(tag: str, *children: Child, **attributes: Attribute) -> Markup:
    """Return ``<tag attributes>children</tag>``.

    Parameters
    ----------
    tag : element name, never from input
    children : markup as it is, text escaped, ``Text`` in both languages, nested sequences flattened
    attributes : ``class_`` for ``class``; ``_`` becomes ``-``; ``None`` and ``False`` leave it out, ``True``
        gives it without a value; floats are rounded to 0.01

    Raises
    ------
    ValueError
        For a name that is not one, an element that may not appear in a report, an address that is neither a
        place in this page, an ``https`` link nor a picture inside the page, or an event handler.
    """
    if not _NAME.match(tag) or tag in _REFUSED:
        raise ValueError(f"element {tag!r} may not appear in a report")
    head = "".join(_attribute(name, value) for name, value in attributes.items())
    if tag in _VOID:
        return Markup(f"<{tag}{head}>")
    if tag in _PLAIN_TEXT:
        return Markup(f"<{tag}{head}>{''.join(escape(plain(child)) for child in children)}</{tag}>")
    inner = "tspan" if tag in {"text", "tspan"} else "span"
    return Markup(f"<{tag}{head}>{''.join(render(child, inner) for child in children)}</{tag}>")


def plain(child: Child) -> str:
    """Return the words of one child for a place that takes no elements: both languages, English first."""
    if isinstance(child, Text):
        return child.en if child.en == child.zh else f"{child.en} · {child.zh}"
    if child is None:
        return ""
    if isinstance(child, str | int):
        return str(child)
    return "".join(plain(part) for part in child)


def _both(text: Text, inner: str) -> Markup:
    if text.en == text.zh:
        return escape(text.en)
    return Markup(
        f'<{inner} lang="en">{escape(text.en)}</{inner}><{inner} lang="zh-Hant">{escape(text.zh)}</{inner}>'
    )


def _attribute(name: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = name.removesuffix("_").replace("_", "-")
    if not _NAME.match(name) or name.lower().startswith("on"):
        raise ValueError(f"attribute {name!r} may not appear in a report")
    if value is True:
        return f" {name}"
    shown = number(value) if isinstance(value, int | float) else plain(value)
    if name in {"href", "src"} and not _SAFE_ADDRESS.match(shown):
        raise ValueError(f"{name} must lead into this page, to https or to an inline picture, got {shown!r}")
    return f' {name}="{escape(shown)}"'
