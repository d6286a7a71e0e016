"""The register: reading it from a file, and its content as what its hash is taken of."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from comity.coordination.incumbents import Incumbents
from comity.coordination.network import Provenance
from comity.errors import Problem

#: A column that only Ofcom's Wireless Telegraphy Register has.
_WTR_COLUMN = b"Licence Number"
_LISTED = 5


def read_register(path: Path) -> Incumbents:
    """Return the register in a file: comity's own CSV or TOML, or Ofcom's WTR.csv by its header.

    Rows of WTR.csv that cannot be used protect nobody, so they are told as warnings; so is what the file lacks and
    what was assumed instead.
    """
    from comity.coordination.register_file import load_register, read_bytes
    from comity.coordination.wtr import import_wtr

    if _WTR_COLUMN not in read_bytes(path).split(b"\n", 1)[0]:
        return load_register(path)
    incumbents, problems = import_wtr(path)
    _warn(f"rows of {path} could not be used and protect nobody", problems)
    _warn(f"values of {path} are missing or contradict each other; this is assumed", incumbents.assumed)
    return incumbents


def _warn(what: str, problems: Sequence[Problem]) -> None:
    if problems:
        shown = "\n".join(problem.render() for problem in problems[:_LISTED])
        logging.getLogger(__name__).warning("%d %s:\n%s", len(problems), what, shown)


def register_rows(incumbents: Incumbents) -> list[Any]:
    """Return every entry in canonical order without its file and row number, which do not change a decision."""
    ordered, unnamed = incumbents.ordered(), Provenance()
    rows: list[Any] = [["network", replace(entry, source=unnamed)] for entry in ordered.networks]
    rows += [["earth station", replace(entry, source=unnamed)] for entry in ordered.earth_stations]
    rows += [["fixed link", replace(entry, source=unnamed)] for entry in ordered.fixed_links]
    return rows
