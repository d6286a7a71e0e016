"""Two drawings without a library: bars and curves on logarithmic scales, for light and dark pages."""

from __future__ import annotations

import math
from collections.abc import Sequence

STYLE = (
    "<style>text{font:13px system-ui,sans-serif;fill:#222}.s{fill:#666}.ours{fill:#1d70b8;stroke:#1d70b8}"
    ".peer{fill:#b1b4b6}.two{stroke:#d4351c;fill:#d4351c}.grid{stroke:#ddd}path{fill:none!important;stroke-width:2}"
    "@media(prefers-color-scheme:dark){text{fill:#eee}.s{fill:#aaa}.grid{stroke:#444}.peer{fill:#666}}</style>"
)


def number(value: float) -> str:
    """Return a rate as people say it."""
    for limit, unit in ((1e6, "million"), (1e3, "thousand")):
        if value >= limit:
            return f"{value / limit:.3g} {unit}"
    return f"{value:.3g}"


def bars(rows: Sequence[tuple[str, float, bool]], title: str) -> str:
    """Horizontal bars: name, value, whether it is ours."""
    low = math.floor(math.log10(min(v for _, v, _ in rows))) - 1
    high = math.ceil(math.log10(max(v for _, v, _ in rows)))
    left, width, step = 240, 420, 28
    height = 66 + step * len(rows)
    parts = [f'<text x="10" y="22" font-weight="600">{title}</text>']
    for decade in range(low, high + 1):
        x = left + width * (decade - low) / (high - low)
        parts.append(f'<line class="grid" x1="{x:.0f}" x2="{x:.0f}" y1="34" y2="{height - 28}"/>')
        parts.append(
            f'<text class="s" x="{x:.0f}" y="{height - 10}" text-anchor="middle">{number(10.0**decade)}</text>'
        )
    for i, (name, value, own) in enumerate(rows):
        y, length = 42 + step * i, width * (math.log10(value) - low) / (high - low)
        kind = "ours" if own else "peer"
        parts.append(f'<text x="{left - 8}" y="{y + 14}" text-anchor="end">{name}</text>')
        parts.append(f'<rect class="{kind}" x="{left}" y="{y}" width="{length:.1f}" height="18" rx="2"/>')
        parts.append(f'<text class="s" x="{left + length + 6:.1f}" y="{y + 14}">{number(value)}</text>')
    return _svg(left + width + 110, height, title, parts)


def curves(points: Sequence[tuple[int, float, float]], title: str, across: str) -> str:
    """Two curves over a logarithmic axis: P.452 and P.1812."""
    x0, y0, width, height = 110, 40, 480, 220
    xs = [math.log10(p[0]) for p in points]
    values = [math.log10(v) for p in points for v in p[1:]]
    low, high = math.floor(min(values)), math.ceil(max(values))

    def place(x: float, value: float) -> tuple[float, float]:
        across_ = (math.log10(x) - xs[0]) / (xs[-1] - xs[0])
        return x0 + width * across_, y0 + height * (high - math.log10(value)) / (high - low)

    parts = [f'<text x="10" y="22" font-weight="600">{title}</text>']
    for decade in range(low, high + 1):
        y = y0 + height * (high - decade) / (high - low)
        parts.append(f'<line class="grid" x1="{x0}" x2="{x0 + width}" y1="{y:.0f}" y2="{y:.0f}"/>')
        parts.append(
            f'<text class="s" x="{x0 - 8}" y="{y + 4:.0f}" text-anchor="end">{number(10.0**decade)}</text>'
        )
    for x, *_ in points:
        parts.append(
            f'<text class="s" x="{place(x, 10.0**low)[0]:.0f}" y="{y0 + height + 18}" text-anchor="middle">{x}</text>'
        )
    for column, kind, name in ((1, "ours", "P.452-18"), (2, "two", "P.1812-8")):
        line = " L".join("{:.1f} {:.1f}".format(*place(p[0], p[column])) for p in points)
        parts.append(f'<path class="{kind}" d="M{line}"/>')
        y = place(points[-1][0], points[-1][column])[1] + (column * 2 - 3) * 8 + 4
        parts.append(f'<text x="{x0 + width + 8}" y="{y:.0f}">{name}</text>')
    parts.append(
        f'<text class="s" x="{x0 + width / 2}" y="{y0 + height + 38}" text-anchor="middle">{across}</text>'
    )
    return _svg(x0 + width + 90, y0 + height + 50, title, parts)


def _svg(width: float, height: float, title: str, parts: list[str]) -> str:
    box = f'viewBox="0 0 {width:.0f} {height:.0f}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" aria-label="{title}">'
    return "\n".join([head, STYLE, *parts, "</svg>", ""])
