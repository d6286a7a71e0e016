"""The look of a page: its colours, light and dark, and the one style sheet that uses them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

#: Colours by role; a test holds every text colour to the contrast of WCAG 2.2 AA on every ground it stands on.
LIGHT: Mapping[str, str] = {
    "paper": "#ffffff",
    "desk": "#f3f4f2",
    "panel": "#f7f8f6",
    "ink": "#15222b",
    "soft": "#4a5963",
    "faint": "#6b7780",
    "rule": "#d3d9db",
    "rule-soft": "#e6eaea",
    "brand": "#0b4a5a",
    "link": "#0a5a78",
    "focus": "#ffd43b",
    "pass": "#0b6a5d",
    "pass-tint": "#e3f2ee",
    "fail": "#ab2f16",
    "fail-tint": "#fbe9e3",
    "warn": "#7d5200",
    "warn-tint": "#fbf0d6",
    "unknown": "#4d4f86",
    "unknown-tint": "#ebebf7",
    "series-1": "#0f6f8c",
    "series-2": "#c7662b",
    "series-3": "#6a5aa8",
    "series-4": "#5d7d1f",
    "series-5": "#a33f74",
    "sky": "#f8fafa",
    "earth": "#dad3c3",
    "earth-edge": "#6d6350",
    "bulge": "#c9c1ae",
    "cover": "#86a57a",
    "water": "#a9cbdd",
    "beam": "#0f6f8c",
    "zone": "#d5e8ee",
    "map-land": "#eeebe2",
    "map-sea": "#cbdde6",
    "halo": "#ffffff",
}
DARK: Mapping[str, str] = {
    "paper": "#12191e",
    "desk": "#0c1115",
    "panel": "#19232a",
    "ink": "#e8edef",
    "soft": "#b3c0c7",
    "faint": "#94a3ab",
    "rule": "#37454e",
    "rule-soft": "#26323a",
    "brand": "#86cbdc",
    "link": "#83cbe4",
    "focus": "#ffd43b",
    "pass": "#63cdb6",
    "pass-tint": "#10302c",
    "fail": "#ff9b7d",
    "fail-tint": "#3b1c14",
    "warn": "#f0bd5a",
    "warn-tint": "#362a10",
    "unknown": "#b3b5f2",
    "unknown-tint": "#24264a",
    "series-1": "#58b4d1",
    "series-2": "#ec9a62",
    "series-3": "#ab9ee6",
    "series-4": "#a5c65f",
    "series-5": "#e58ab8",
    "sky": "#161f25",
    "earth": "#4a4538",
    "earth-edge": "#b5a98d",
    "bulge": "#36332a",
    "cover": "#5f8257",
    "water": "#2f5a70",
    "beam": "#6cc4e0",
    "zone": "#1d3842",
    "map-land": "#4a524c",
    "map-sea": "#1b3a4b",
    "halo": "#12191e",
}


@cache
def style_sheet() -> str:
    """Return the style sheet of every page; it is complete in itself."""
    light, dark = (_properties(colours) for colours in (LIGHT, DARK))
    return "\n".join(
        (
            f".page {{ {light} color-scheme: light; }}",
            # Paper is white: dark colours are for screens alone.
            f"@media screen {{ #theme-dark:checked ~ .page {{ {dark} color-scheme: dark; }} }}",
            "@media screen and (prefers-color-scheme: dark) {"
            f" #theme-auto:checked ~ .page {{ {dark} color-scheme: dark; }} }}",
            files("comity.report").joinpath("style.css").read_text(encoding="utf-8"),
        )
    )


def _properties(colours: Mapping[str, str]) -> str:
    return " ".join(f"--{role}: {colour};" for role, colour in colours.items())
