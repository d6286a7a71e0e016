"""The ground: elevation, clutter, land and sea; imports; path profiles.

>>> from comity.terrain import open_ground
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from comity.terrain.edition import Edition
    from comity.terrain.ground import Ground, open_ground
    from comity.terrain.window import Window

__all__ = ["Edition", "Ground", "Window", "open_ground"]

_HOME = {"Edition": "edition", "Ground": "ground", "Window": "window", "open_ground": "ground"}


def __getattr__(name: str) -> Any:
    """Import a public name on first use, so that the command line starts quickly."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
