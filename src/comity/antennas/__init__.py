"""Radiation patterns: ITU-R F.1336, F.699, F.1245, S.465, 3GPP arrays, measured MSI Planet files.

Every pattern is a frozen value with one method, ``gain_dbi(azimuth_deg, elevation_deg)``, relative to boresight;
:class:`Mounted` turns and tilts it. :func:`from_spec` builds one from a TOML or JSON mapping.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from comity.antennas.f1336 import Omnidirectional, Sector
    from comity.antennas.msi import Measured, parse_msi, read_msi
    from comity.antennas.pattern import Isotropic, Mounted, Pattern, discrimination_db, off_axis_deg
    from comity.antennas.reflector import F699, F1245, S465
    from comity.antennas.spec import PATTERNS, from_spec, with_cuts
    from comity.antennas.tr37840 import Array, ArrayEnvelope, Element

_HOMES = {
    "pattern": ("Isotropic", "Mounted", "Pattern", "discrimination_db", "off_axis_deg"),
    "f1336": ("Omnidirectional", "Sector"),
    "reflector": ("F699", "F1245", "S465"),
    "tr37840": ("Array", "ArrayEnvelope", "Element"),
    "msi": ("Measured", "parse_msi", "read_msi"),
    "spec": ("PATTERNS", "from_spec", "with_cuts"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "PATTERNS",
    "Array",
    "ArrayEnvelope",
    "Element",
    "F699",
    "F1245",
    "Isotropic",
    "Measured",
    "Mounted",
    "Omnidirectional",
    "Pattern",
    "S465",
    "Sector",
    "discrimination_db",
    "from_spec",
    "off_axis_deg",
    "parse_msi",
    "read_msi",
    "with_cuts",
]


def __getattr__(name: str) -> Any:
    """Import a pattern when it is first asked for: nothing heavy loads with the package."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"comity.antennas.{_HOME_OF[name]}"), name)
