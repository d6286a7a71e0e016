"""Two drawings without a library: bars and curves on logarithmic scales, on a ground of their own, light or dark."""

from __future__ import annotations

import math
from collections.abc import Sequence

Points = Sequence[tuple[float, float]]

_LINES = ("ours", "two", "three", "four")
_LINE_APART = 16
STYLE = (
    "<style>text{font:13px system-ui,sans-serif;fill:#222}.s{fill:#555}.bg{fill:#fff}"
    ".ours{fill:#1d70b8;stroke:#1d70b8}.peer{fill:#b1b4b6}.grid{stroke:#ddd}"
    ".two{stroke:#d4351c;fill:#d4351c}.three{stroke:#00703c;fill:#00703c}.four{stroke:#912b88;fill:#912b88}"
    "path{fill:none!important;stroke-width:2}"
    "@media(prefers-color-scheme:dark){text{fill:#eee}.s{fill:#bbb}.bg{fill:#16191d}.grid{stroke:#3a3f45}"
    ".peer{fill:#6f777b}.ours{fill:#5694ca;stroke:#5694ca}.two{stroke:#f47738;fill:#f47738}"
    ".three{stroke:#85c26f;fill:#85c26f}.four{stroke:#d99bd3;fill:#d99bd3}}</style>"
)


def number(value: float, units: tuple[str, str] = ("million", "thousand")) -> str:
    """Return a rate as people say it."""
    for limit, unit in zip((1e6, 1e3), units, strict=True):
        if value >= limit:
            return f"{_short(value / limit)} {unit}"
    return _short(value)


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100.0 else f"{value:.3g}"


def _decade(power: int) -> str:
    """Return a power of ten as an axis shows it."""
    unit = max(0, min(2, power // 3))
    return f"{10.0 ** (power - 3 * unit):g}{('', ' k', ' M')[unit]}"


def bars(rows: Sequence[tuple[str, float, bool]], title: str) -> str:
    """Horizontal bars: name, value, whether it is ours."""
    low = math.floor(math.log10(min(v for _, v, _ in rows))) - 1
    high = math.ceil(math.log10(max(v for _, v, _ in rows)))
    left, width, step = 240, 420, 28
    height = 66 + step * len(rows)
    parts = [_title(title)]
    for decade in range(low, high + 1):
        x = left + width * (decade - low) / (high - low)
        parts.append(f'<line class="grid" x1="{x:.0f}" x2="{x:.0f}" y1="34" y2="{height - 28}"/>')
        parts.append(_text(_decade(decade), x, height - 10, "middle"))
    for i, (name, value, own) in enumerate(rows):
        y, length = 42 + step * i, width * (math.log10(value) - low) / (high - low)
        kind = "ours" if own else "peer"
        parts.append(_text(name, left - 8, y + 14, "end", ""))
        parts.append(f'<rect class="{kind}" x="{left}" y="{y}" width="{length:.1f}" height="18" rx="2"/>')
        parts.append(_text(number(value), left + length + 6, y + 14, "start"))
    return _svg(left + width + 110, height, title, parts)


def curves(series: Sequence[tuple[str, Points]], title: str, across: str) -> str:
    """Curves over a logarithmic axis: of each its name and its points; all share the abscissas of the first."""
    x0, y0, width, height = 110, 40, 480, 240
    xs = [math.log10(x) for x, _ in series[0][1]]
    values = [math.log10(v) for _, points in series for _, v in points]
    low, high = math.floor(min(values)), math.ceil(max(values) + 1e-9)

    def place(x: float, value: float) -> tuple[float, float]:
        along = (math.log10(x) - xs[0]) / (xs[-1] - xs[0] or 1.0)
        return x0 + width * along, y0 + height * (high - math.log10(value)) / (high - low)

    parts = [_title(title)]
    for decade in range(low, high + 1):
        y = place(10.0 ** xs[0], 10.0**decade)[1]
        parts.append(f'<line class="grid" x1="{x0}" x2="{x0 + width}" y1="{y:.0f}" y2="{y:.0f}"/>')
        parts.append(_text(number(10.0**decade), x0 - 8, y + 4, "end"))
    for x, _ in series[0][1]:
        parts.append(_text(f"{x:g}", place(x, 10.0**low)[0], y0 + height + 18, "middle"))
    ends = [place(*points[-1])[1] for _, points in series]
    for (name, points), kind, y in zip(series, _LINES, spread(ends), strict=False):
        line = " L".join("{:.1f} {:.1f}".format(*place(x, v)) for x, v in points)
        parts.append(f'<path class="{kind}" d="M{line}"/>')
        parts += [
            f'<circle class="{kind}" cx="{x:.1f}" cy="{v:.1f}" r="3"/>'
            for x, v in (place(*p) for p in points)
        ]
        parts.append(f'<circle class="{kind}" cx="{x0 + width + 18}" cy="{y:.1f}" r="4"/>')
        parts.append(_text(name, x0 + width + 28, y + 4, "start", ""))
    parts.append(_text(across, x0 + width / 2, y0 + height + 40, "middle"))
    return _svg(x0 + width + 170, y0 + height + 52, title, parts)


def spread(heights: Sequence[float]) -> list[float]:
    """Return places for labels at heights, in their order, none nearer to another than a line of text."""
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    placed = [float(heights[i]) for i in order]
    for i in range(1, len(placed)):
        placed[i] = max(placed[i], placed[i - 1] + _LINE_APART)
    found = [0.0] * len(placed)
    shift = (sum(placed) - sum(heights)) / max(1, len(placed))
    for i, y in zip(order, placed, strict=True):
        found[i] = y - shift
    return found


def _title(title: str) -> str:
    return f'<text x="10" y="22" font-weight="600">{title}</text>'


def _text(text: str, x: float, y: float, anchor: str, kind: str = "s") -> str:
    style = f' class="{kind}"' if kind else ""
    return f'<text{style} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'


def _svg(width: float, height: float, title: str, parts: list[str]) -> str:
    box = f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" aria-label="{title}">'
    ground = f'<rect class="bg" width="{width:.0f}" height="{height:.0f}" rx="6"/>'
    return "\n".join([head, STYLE, ground, *parts, "</svg>", ""])
