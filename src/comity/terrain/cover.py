"""From degree of urbanisation to representative clutter heights.

Neither P.452-18 nor P.1812 says what a degree-of-urbanisation class is; the table below is ours, each line an
assumption that a decision lists. Where a class lies between two ITU categories it takes the lower one: less
shielding, so more interference, the cautious side. A class holds for a cell of 1 km; where the ground itself is sea, or
lies at or below 0 m as docks and canals do, the cover is 0 (:meth:`comity.terrain.ground.Ground.paths`).
"""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from comity.rules.fact import Evidence, Fact

_CITATION = (
    "Recommendation ITU-R P.1812, Table 2 (default representative clutter heights), also used with P.452-18; "
    "classes: EC JRC, GHS-DEGURBA level 2"
)

#: code: (name of the class, ITU clutter category, representative clutter height [m])
CLASSES: dict[int, tuple[str, str, float]] = {
    0: ("unknown", "open/rural", 0.0),
    10: ("water", "water/sea", 0.0),
    11: ("very low density rural", "open/rural", 0.0),
    12: ("low density rural", "open/rural", 0.0),
    13: ("rural cluster", "open/rural", 0.0),
    21: ("suburban or peri-urban", "suburban", 10.0),
    22: ("semi-dense urban cluster", "suburban", 10.0),
    23: ("dense urban cluster", "urban/trees/forest", 15.0),
    30: ("urban centre", "urban/trees/forest", 15.0),
}


def cover_facts() -> tuple[Fact, ...]:
    """Return the table as facts of evidence ``assumption``."""
    return tuple(
        Fact(
            id=f"terrain.cover.degurba_{code}_m",
            value=height_m,
            unit="m",
            valid_from=None,
            valid_to=None,
            citation=_CITATION,
            checked=date(2026, 11, 22),
            evidence=Evidence.ASSUMPTION,
            note=f"degree of urbanisation {code} ({name}) taken as ITU category {category}",
        )
        for code, (name, category, height_m) in CLASSES.items()
    )


def heights_m() -> NDArray[np.float64]:
    """Return the representative clutter height [m] of codes 0..255; a code not in the table counts as unknown."""
    table = np.zeros(256)
    for code, (_, _, height_m) in CLASSES.items():
        table[code] = height_m
    return table
