"""Canonical content of rule packs and its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any


def plain(value: Any) -> Any:
    """Return ``value`` with dates as ISO text and tuples as lists, ready for canonical JSON."""
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, date):
        return value.isoformat()
    return value


def content_hash(value: Any) -> str:
    """Return the SHA-256 [hex] of the canonical JSON (RFC 8785) of ``value``."""
    import rfc8785

    return hashlib.sha256(rfc8785.dumps(plain(value))).hexdigest()
