"""Short ways into a store, and the two real tiles of OS Terrain 50 that tests add."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from comity.errors import ComityError
from comity.terrain.read import read_files
from comity.terrain.store import add

TILES = Path(__file__).parents[1] / "data" / "terrain"
NG42, NG52 = TILES / "NG42.asc", TILES / "NG52.asc"


def add_files(*paths, **options):
    return [add(source, options.get("kind", "height"))[0] for source in read_files(list(paths), **options)]


def cells_of(edition, store):
    return np.load(store / edition.sha256[:16] / "cells.npy")


def problems_of(*paths, **options):
    with pytest.raises(ComityError) as caught:
        read_files(list(paths), **options)
    return [(p.place, p.message) for p in caught.value.problems]
