"""Revisions of everything that a coordination result depends on: they go into cache keys and provenance."""

from __future__ import annotations

from comity.propagation import p452, p525, p1812, p2108, p2109

#: Counts up when the engine itself may give another number for the same input.
ENGINE = 3

#: By model name, the edition of its Recommendation.
REVISIONS = {
    "free_space": p525.MODEL,
    "p1812": p1812.MODEL,
    "p452": p452.MODEL,
    "p2108": p2108.TERRESTRIAL_MODEL,
    "p2109": p2109.MODEL,
}
