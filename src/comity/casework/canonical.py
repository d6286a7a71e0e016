"""Canonical JSON: the one form in which a decision is stored, hashed and compared.

Floats are rounded first, by the unit that their key names (0.01 dB, 1 mm), so that two machines whose last
bits differ write the same bytes; then the text follows RFC 8785 (JSON Canonicalization Scheme).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

import rfc8785
from pydantic import BaseModel, JsonValue

from comity.errors import ComityError
from comity.rules.text import Text

#: Decimals kept, by the unit suffix of the key; what is not listed keeps ``_DEFAULT_DECIMALS``.
_DECIMALS_BY_SUFFIX = {
    "db": 2,
    "dbm": 2,
    "dbi": 2,
    "dbd": 2,
    "m": 3,
    "km": 6,
    "hz": 0,
    "khz": 3,
    "mhz": 6,
    "us": 3,
}
#: A latitude of 1e-9 degrees is a tenth of a millimetre.
_DEFAULT_DECIMALS = 9


def decimals_of_unit(unit: str) -> int:
    """Return how many decimals a value in ``unit`` keeps: 2 for every dB unit, 3 for metres."""
    name = unit.strip().lower()
    if name.startswith("db"):
        return 2
    return _DECIMALS_BY_SUFFIX.get(name, _DEFAULT_DECIMALS)


def rounded(value: float, decimals: int) -> float:
    """Return ``value`` rounded half to even, with -0.0 as 0.0; infinities and NaN are refused."""
    if not math.isfinite(value):
        raise ComityError(f"a decision cannot hold the number {value}")
    return round(value, decimals) + 0.0


def normalise(value: Any, key: str = "") -> JsonValue:
    """Return ``value`` as plain JSON data with every float rounded.

    Parameters
    ----------
    value : JSON data, dataclass, Pydantic record, date, enumeration member or :class:`~comity.rules.text.Text`
    key : key under which the value stands; its unit suffix says how far floats are rounded
    """
    match value:
        case None | bool() | str() | Enum():
            return value.value if isinstance(value, Enum) else value
        case int():
            return int(value)
        case float():
            return rounded(float(value), _decimals_of_key(key))
        case date():
            return value.isoformat()
        case Text():
            return dict(value.as_dict())
        case BaseModel():
            return normalise(value.model_dump(), key)
        case Mapping():
            return {str(k): normalise(v, str(k)) for k, v in value.items()}
        case frozenset() | set():
            return [normalise(v, key) for v in sorted(value)]
        case Sequence():
            return [normalise(v, key) for v in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: normalise(getattr(value, f.name), f.name) for f in fields(value)}
    if hasattr(value, "tolist"):  # NumPy scalars and arrays
        return normalise(value.tolist(), key)
    raise TypeError(f"{type(value).__name__} has no canonical form (at {key!r})")


def canonical_bytes(value: Any) -> bytes:
    """Return the canonical JSON (RFC 8785, UTF-8) of :func:`normalise` of ``value``."""
    return rfc8785.dumps(normalise(value))


def sha256_of(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON of ``value`` in hexadecimal."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def _decimals_of_key(key: str) -> int:
    _, underscore, suffix = key.rpartition("_")
    return _DECIMALS_BY_SUFFIX.get(suffix, _DEFAULT_DECIMALS) if underscore else _DEFAULT_DECIMALS
