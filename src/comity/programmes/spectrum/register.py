"""The register as content: what its hash is taken of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from comity.coordination.incumbents import Incumbents
from comity.coordination.network import Provenance


def register_rows(incumbents: Incumbents) -> list[Any]:
    """Return every entry in canonical order without its file and row number, which do not change a decision."""
    ordered, unnamed = incumbents.ordered(), Provenance()
    rows: list[Any] = [["network", replace(entry, source=unnamed)] for entry in ordered.networks]
    rows += [["earth station", replace(entry, source=unnamed)] for entry in ordered.earth_stations]
    rows += [["fixed link", replace(entry, source=unnamed)] for entry in ordered.fixed_links]
    return rows
