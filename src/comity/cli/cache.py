"""``comity cache``: the path losses that are kept on disk."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from comity.coordination.cache_shelf import Shelf

HELP = "Show what path losses are kept on disk, and whether they are used; --clear removes them."


def command(
    clear: Annotated[bool, typer.Option("--clear", help="remove all that is kept")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Show folder, room and use of the kept path losses.

    COMITY_CACHE chooses the folder, COMITY_CACHE_MIB its room; 0 keeps none. Exit codes: 0 done, 2 a setting
    cannot be used.
    """
    from comity.coordination import cache_shelf

    removed = cache_shelf.clear() if clear else 0
    found = cache_shelf.shelf()
    if as_json:
        print(json.dumps({**found.as_dict(), "removed_files": removed}, ensure_ascii=False))
        return
    if clear:
        print(f"removed {removed} files")
    print(_as_text(found))


def _as_text(shelf: Shelf) -> str:
    mib = 1 << 20
    lines = [
        f"folder  {shelf.folder}",
        f"room    {shelf.size / mib:.1f} of {shelf.limit / mib:.0f} MiB in {shelf.files} files",
        f"        {shelf.usable_size / mib:.1f} MiB of it were computed by this version of comity",
        f"used    {'yes' if shelf.used else f'no: {shelf.reason}'}",
    ]
    return "\n".join(lines)
