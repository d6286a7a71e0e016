"""Values as the Wireless Telegraphy Register writes them."""

from __future__ import annotations

import re

from comity.coordination._decibel import level
from comity.coordination.network import Polarisation

_SCALE = {"": 1e-6, "h": 1e-6, "hz": 1e-6, "k": 1e-3, "khz": 1e-3, "m": 1.0, "mhz": 1.0, "g": 1e3, "ghz": 1e3}
_WATT_DBM = {"w": 30.0, "kw": 60.0, "mw": 0.0}
_SIDES = {"N": 1.0, "S": -1.0, "E": 1.0, "W": -1.0}
#: Gain of a half-wave dipole [dBi]: ERP counts against it.
_DIPOLE_DB = 2.15


def normalised(header: str) -> str:
    """Return a header's letters and digits in lower case."""
    return re.sub(r"[^a-z0-9]", "", header.lower())


def number(text: str | None) -> float | None:
    """Return a number; a single ``-``, the register's sign for nothing, and anything else is ``None``."""
    try:
        value = float((text or "").strip().replace(",", ""))
    except ValueError:
        return None
    return value if abs(value) < 1e15 and "_" not in (text or "") else None


def within(text: str | None, low: float, high: float) -> float | None:
    """Return a number in [low, high], ``None`` for anything else."""
    value = number(text)
    return value if value is not None and low <= value <= high else None


def _blank(text: str | None) -> bool:
    return (text or "").strip() in ("", "-")


def megahertz(text: str, unit: str | None) -> float | None:
    """Return a frequency or width [MHz]; without a unit column it is in hertz."""
    value, scale = number(text), _SCALE.get((unit or "").strip().lower())
    return None if value is None or scale is None else round(value * scale, 6)


def decimal_degrees(
    deg: str | None, minutes: str | None, seconds: str | None, side: str | None
) -> float | None:
    """Return degrees, minutes, seconds and a side (N, S, E, W) as decimal degrees; ``None`` where a part is none.

    Minutes and seconds that are not given count as 0; a file without a column for the side is north or east.
    """
    whole = within(deg, 0.0, 180.0)
    parts = [0.0 if _blank(text) else within(text, 0.0, 60.0) for text in (minutes, seconds)]
    letter = "N" if side is None else side.strip().upper()
    if whole is None or parts[0] is None or parts[1] is None or letter not in _SIDES:
        return None
    return _SIDES[letter] * (whole + parts[0] / 60.0 + parts[1] / 3600.0)


def eirp_dbm(power: str, unit: str, kind: str) -> float | None:
    """Return an EIRP [dBm] from a power with its unit and kind (ERP or EIRP); ``None`` where one is not known.

    Older files have no column for the unit; there the kind may carry it.
    """
    value = number(power)
    words = {word for text in (unit, kind) for word in re.findall(r"[a-z]+", text.lower())}
    found: float | None = None
    if value is None:
        return None
    if "dbm" in words:
        found = value
    elif "dbw" in words:
        found = value + 30.0
    else:
        scale = [_WATT_DBM[word] for word in sorted(words & set(_WATT_DBM))]
        found = float(level(value)) + scale[0] if scale and value > 0.0 else None
    if found is None:
        return None
    return round(found + (_DIPOLE_DB if "erp" in words and "eirp" not in words else 0.0), 2)


def polarisation(text: str) -> Polarisation:
    """Return a polarisation; circular and dual are taken as slant."""
    first = text.strip().upper()[:1]
    return "vertical" if first == "V" else "horizontal" if first == "H" else "slant"
