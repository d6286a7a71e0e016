"""Path losses that earlier runs kept on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comity.casework.world import World

CACHE_HELP = "use and keep path losses on disk; never changes a decision"


def share(programme_id: str, world: World) -> None:
    """Let ``world`` share what its programme keeps on disk, if it keeps anything."""
    from comity.programmes import optional_part

    memory = optional_part(programme_id, "memory")
    if memory is not None:
        memory.share(world)
