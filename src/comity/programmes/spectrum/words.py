"""Names of things that findings speak of, in both languages."""

from __future__ import annotations

from comity.rules.text import Text

VICTIMS = {
    "base": Text("base station", "基地臺"),
    "terminal": Text("terminal", "終端設備"),
    "earth_station": Text("earth station", "地球電臺"),
    "fixed_link": Text("fixed link", "固定微波鏈路"),
}
MODELS = {
    "p452": Text("ITU-R P.452-18", "ITU-R P.452-18"),
    "p1812": Text("ITU-R P.1812-8", "ITU-R P.1812-8"),
    "free_space": Text("free space", "自由空間"),
}


#: Kinds of ends that are named after their network: ``network/station``, ``network/terminals``.
_PARTS_OF_NETWORKS = ("base", "terminal")


def register_number(end: str, kind: str) -> str:
    """Return the register number that an end of a path belongs to; the number itself may hold slashes."""
    return end.rsplit("/", 1)[0] if kind in _PARTS_OF_NETWORKS else end


def channel_name(channel: tuple[float, float]) -> str:
    """Return a channel as people write it: ``3820-3860 MHz``."""
    low, high = channel
    return f"{low:g}-{high:g} MHz"


def decimal(value: float, decimals: int = 2) -> str:
    """Return a number with fixed decimals and a true minus sign."""
    return f"{value + 0.0:.{decimals}f}".replace("-", "−")


def joined(parts: list[Text]) -> Text:
    """Return several texts as one list."""
    return Text(", ".join(p.en for p in parts), "、".join(p.zh for p in parts))
