"""A round as a graph for other programs: places and every pair that may be formed, with what each scored.

Form: GraphML 1.0 (graphml.graphdrawing.org), undirected; Gephi, yEd, igraph, networkx and R read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

from comity.matching.cities.scores import COMPONENTS
from comity.programmes.cities.programme import score_of
from comity.programmes.cities.run import RoundRun

Value = str | int | float | bool | None
#: Attributes of places and pairs: name, GraphML type.
NODE_KEYS: Mapping[str, str] = {
    "label": "string",
    "name_zh": "string",
    "country": "string",
    "kind": "string",
    "population": "long",
    "latitude_deg": "double",
    "longitude_deg": "double",
    "takes_part": "boolean",
    "paired": "boolean",
}
EDGE_KEYS: Mapping[str, str] = {
    "score": "double",
    **dict.fromkeys(COMPONENTS, "double"),
    "survival": "double",
    "in_set": "boolean",
}
#: Characters that XML 1.0 cannot hold (section 2.2).
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def graphml(run: RoundRun) -> str:
    """Return the graph of a round: its places, left out or not, and every pair that is neither barred nor forbidden.

    Unknown values are left out. Scores are in points of 100, components and survival from 0 to 1.
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    ]
    for kind, prefix, keys in (("node", "n", NODE_KEYS), ("edge", "e", EDGE_KEYS)):
        lines += [
            f'  <key id="{prefix}_{name}" for="{kind}" attr.name="{name}" attr.type="{of}"/>'
            for name, of in keys.items()
        ]
    lines.append(f'  <graph id={_quoted(run.application.reference)} edgedefault="undirected">')
    lines += _nodes(run)
    lines += _edges(run)
    return "\n".join([*lines, "  </graph>", "</graphml>", ""])


def _nodes(run: RoundRun) -> Iterator[str]:
    left_out, paired = set(run.left_out), {p for pair in run.pairs for p in pair}
    for code in sorted(run.data.participants):
        place = run.data.places[code]
        values: dict[str, Value] = {
            "label": place.name.en,
            "name_zh": place.name.zh,
            "country": place.country,
            "kind": place.kind,
            "population": place.population,
            "latitude_deg": place.latitude_deg,
            "longitude_deg": place.longitude_deg,
            "takes_part": code not in left_out,
            "paired": code in paired,
        }
        yield f"    <node id={_quoted(code)}>{_data('n', values)}</node>"


def _edges(run: RoundRun) -> Iterator[str]:
    allowed, forbidden, chosen = run.problem.allowed(), set(run.problem.forbidden), set(run.pairs)
    for i, first in enumerate(run.problem.left):
        for j, second in enumerate(run.problem.right):
            pair = (first, second)
            if pair in forbidden or not allowed[i, j]:
                continue
            values: dict[str, Value] = {"score": score_of(run, pair)}
            values |= {part: run.scores.at(first, second, part) for part in COMPONENTS}
            if (stays := run.stays(pair)) is not None:
                values["survival"] = stays
            values["in_set"] = pair in chosen
            ends = f"source={_quoted(first)} target={_quoted(second)}"
            yield f"    <edge {ends}>{_data('e', values)}</edge>"


def _data(prefix: str, values: Mapping[str, Value]) -> str:
    return "".join(
        f'<data key="{prefix}_{name}">{_text(value)}</data>'
        for name, value in values.items()
        if value is not None
    )


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.12g}"
    return escape(_NO_XML.sub("\ufffd", str(value)))


def _quoted(text: str) -> str:
    return quoteattr(_NO_XML.sub("\ufffd", text))
