"""What a world remembers from one study to the next, and whether processes share it."""

from __future__ import annotations

from comity.casework.world import World
from comity.coordination.cache import PathLosses

_NAME = "path losses"


def path_losses(world: World) -> PathLosses:
    """Return the path losses that ``world`` remembers."""
    found: PathLosses = world.memory.setdefault(_NAME, PathLosses())
    return found


def share(world: World) -> None:
    """Let ``world`` use and add to what this user's processes keep on disk, where that is to be believed.

    No value hangs on it. Still a replay never calls this: what shows that a decision is right must not rest on
    what the decision rested on.
    """
    from comity.coordination.cache_store import open_store

    world.memory[_NAME] = PathLosses(store=open_store())
